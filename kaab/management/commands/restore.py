from io import StringIO
from pathlib import Path

from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.management import BaseCommand, call_command
from django.utils.translation import gettext as _
from django.utils.translation import override

from kaab.backups.archive import restore


class Command(BaseCommand):
    help = (
        "Put back a backup where nothing is yet, prove that it is what it was, and"
        " bring it to this version of the portal."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--identity", type=Path, required=True, metavar="KEYFILE")

    @override("ru")
    def handle(self, *, file, identity, **options):
        made_at = restore(file, identity)
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
        # No backup holds any; a cache outside the database may.
        Session.objects.all().delete()
        cache.clear()
        ends = StringIO()
        call_command("verify_journal", stdout=ends)
        self.stdout.write(
            _("Restored as it was on %(moment)s.")
            % {"moment": f"{made_at:%d.%m.%Y %H:%M}"}
        )
        self.stdout.write(_("Ends of the journal:"))
        self.stdout.write(ends.getvalue())
