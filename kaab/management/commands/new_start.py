from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import override

from centers import actions, emails
from centers.models import User


class Command(BaseCommand):
    help = (
        "Print a link, for 72 hours and one use, by which a person sets a new password,"
        " then a new second factor: for those whom no coordinator may let in again."
    )

    def add_arguments(self, parser):
        parser.add_argument("login", metavar="EMAIL_OR_PHONE")

    @override("ru")
    def handle(self, *args, **options):
        user = User.objects.find(options["login"])
        if user is None or not user.is_active:
            raise CommandError(_("Nobody signs in by this."))
        link, token = actions.give_new_start(user=user)
        self.stdout.write(
            _("The link of %(name)s, for 72 hours and for one use:") % {"name": user}
        )
        self.stdout.write(emails.return_link(link, token))
