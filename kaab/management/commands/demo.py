import os
import secrets

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from centers.models import Center, User
from kaab.demo import load

PASSWORD_FILE = "demo_password"  # noqa: S105  # nosec B105


class Command(BaseCommand):
    help = "Fill an empty database with the demo centres, and print their sign-ins."

    def add_arguments(self, parser):
        parser.add_argument(
            "--sign-ins", action="store_true", help="only print the sign-ins"
        )

    def handle(self, *args, **options):
        if not options["sign_ins"]:
            fill()
        password = keep_password()
        for person in load.sign_ins():
            self.stdout.write(f"  {person['email']:<26} {person['role']}")
        self.stdout.write(f"  password: {password}")
        for name in load.FOLLOWED:
            self.stdout.write(f"  a resident's code: {load.code_of(name)}")
        self.stdout.write("  Second factors are off, in the demo alone.")


@transaction.atomic
def fill():
    """Load the demo. Raises CommandError where the database holds anything real."""
    if Center.objects.exists() or User.objects.exists():
        raise CommandError("This database is not empty: the demo wants one of its own.")
    load.everything()


def keep_password():
    """Return the demo's password; give it to the people who have another one.

    It is DEMO_PASSWORD, or a random one kept beside the keys so that it can be printed
    at every start.
    """
    path = settings.VAR_DIR / PASSWORD_FILE
    wanted = os.environ.get("DEMO_PASSWORD", "")
    if not wanted and path.exists():
        wanted = path.read_text().strip()
    wanted = wanted or secrets.token_urlsafe(9)
    people = User.objects.filter(
        email__in=[person["email"] for person in load.sign_ins()],
        memberships__center__is_demo=True,
    ).distinct()
    if any(not person.check_password(wanted) for person in people[:1]):
        for person in people:
            person.set_password(wanted)
            person.save(update_fields=["password"])
    path.write_text(wanted + "\n")
    path.chmod(0o600)
    return wanted
