from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import transaction

from centers import limits
from centers.models import Browser
from concerns.actions import close_by_time, erase_old, sweep_photos
from kaab.backups.databases import empty_log
from meetings.actions import (
    draft_by_rhythm,
    end_calendars_of_the_gone,
    erase_answers,
    forget_guests,
    remind,
    remind_of_protocols,
    sweep_action_photos,
)


class Command(BaseCommand):
    help = "Do what a day brings; to be run once a day, and harmless when run again."

    def handle(self, *args, **options):
        closed = close_by_time()
        drafted = draft_by_rhythm()
        erased = erase_old()
        erase_answers()
        forget_guests()
        end_calendars_of_the_gone()
        remind_of_protocols()
        limits.sweep()
        call_command("clearsessions")
        sweep_photos()
        sweep_action_photos()
        Browser.objects.forgotten().delete()
        transaction.on_commit(empty_log)
        reminded = remind()
        self.stdout.write(f"{closed} concerns closed: solved, and nobody objected")
        self.stdout.write(f"{reminded} actions reminded of: due soon, or overdue")
        self.stdout.write(f"{drafted} meetings drafted by the rhythm of their centres")
        self.stdout.write(
            f"erased: who filed {erased.identities}, photos {erased.photos}, "
            f"words {erased.words}; codes ended {erased.codes}"
        )
