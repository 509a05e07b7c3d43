from django.core.management import BaseCommand, CommandError
from django.db import connection

from centers.journal import chains, first_fault, is_guarded
from centers.models import JournalHead


class Command(BaseCommand):
    help = (
        "Prove that no line of the journal was changed. Note the printed ends outside "
        "this machine: who rewrites a whole chain cannot rewrite your note."
    )

    def handle(self, **options):
        faults = [str(fault) for fault in map(first_fault, chains()) if fault]
        if not is_guarded(connection):
            faults.append(
                "the database does not guard the journal: run manage.py migrate"
            )
        if faults:
            raise CommandError("\n".join(faults))

        for head in JournalHead.objects.order_by("center_id"):
            self.stdout.write(f"{head.center_id} {head.number} {head.hash}")
