"""Bring the database to where the portal can start: quick, and repeatable."""

import os
from io import StringIO

from django.core.management import BaseCommand, CommandError, call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from centers.models import Center, User
from kaab.backups.contents import last_migrations, unknown
from kaab.backups.soundness import need_sound_file
from kaab.console import Message, gettext_noop

NEWER = gettext_noop(
    "The database was used by a newer program, and this one would damage it: it does"
    " not start. Install the newer program again, or restore the backup that was made"
    " before the upgrade (the guide: “Upgrade, and go back”)."
)


class Command(BaseCommand):
    help = (
        "Migrate, load the reference data, fill an empty database of its own with the"
        " demo, do the day's work. What is done already is left alone."
    )

    def handle(self, **options):
        need_sound_file()
        need_known_database()
        quiet = {"verbosity": 0, "stdout": StringIO()}
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.stdout.write("Preparing the database ...")
            call_command("migrate", interactive=False, **quiet)
        call_command("createcachetable", **quiet)
        call_command("load_reference", **quiet)
        if demo_is_wanted():
            call_command("demo", **quiet)
        call_command("daily", **quiet)
        if Center.objects.filter(is_demo=True).exists():
            call_command("demo", sign_ins=True)


def need_known_database():
    """Raise CommandError, in both languages, if a newer program has used this one."""
    if unknown(last_migrations(connection)):
        raise CommandError(f"\n\n{Message(NEWER).in_both_languages()}")


def demo_is_wanted():
    """Somebody else's database is filled only when asked for, ours unless refused."""
    is_own = "DATABASE_URL" not in os.environ
    if os.environ.get("DEMO", "1" if is_own else "0") != "1":
        return False
    return not (Center.objects.exists() or User.objects.exists())
