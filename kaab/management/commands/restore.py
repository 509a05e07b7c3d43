from io import StringIO
from pathlib import Path

from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.management import BaseCommand, call_command

from kaab.backups.archive import restore


class Command(BaseCommand):
    help = (
        "Put back a backup where nothing is yet, prove that it is what it was, and"
        " bring it to this version of the portal."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--identity", type=Path, required=True, metavar="KEYFILE")

    def handle(self, *, file, identity, **options):
        made_at = restore(file, identity)
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
        # No backup holds any; a cache outside the database may.
        Session.objects.all().delete()
        cache.clear()
        ends = StringIO()
        call_command("verify_journal", stdout=ends)
        self.stdout.write(f"Restored as it was on {made_at:%Y-%m-%d at %H:%M}.")
        self.stdout.write("Ends of the journal, to compare with your note:")
        self.stdout.write(ends.getvalue())
