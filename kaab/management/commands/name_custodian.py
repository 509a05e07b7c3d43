from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import override

from centers import actions, emails
from centers.models import Center, Partner, Role

from .open_center import sign_in_names


class Command(BaseCommand):
    help = (
        "Print a link by which a resident becomes a custodian of a centre that has one"
        " already. A coordinator names the first alone: complaints may be about her."
    )
    side, role = Partner.Kind.RESIDENTS, Role.CUSTODIAN

    def add_arguments(self, parser):
        parser.add_argument("slug", help="the centre's address, e.g. mirmakhmudov")
        parser.add_argument("full_name", metavar="FULL_NAME")
        parser.add_argument("--email", default="")
        parser.add_argument("--phone", default="", help="too, or instead")
        parser.add_argument("--language", choices=["ky", "ru"], default="ky")

    @override("ru")
    def handle(self, *args, **options):
        center = Center.objects.filter(slug=options["slug"]).first()
        if center is None:
            raise CommandError(_("No such centre."))
        if self.role == Role.CUSTODIAN and not center.has(Role.CUSTODIAN):
            raise CommandError(
                _(
                    "The first custodian is named by the coordinator, on the page of"
                    " members: only who comes after is named here."
                )
            )
        try:
            invitation, token = actions.invite(
                center=center,
                partner=center.partners.get(kind=self.side),
                role=self.role,
                full_name=options["full_name"],
                language=options["language"],
                by=None,
                **sign_in_names(options),
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        self.stdout.write(
            _("The link of %(name)s, for 72 hours and for one use:")
            % {"name": f"{invitation.full_name} ({self.role.label})"}
        )
        self.stdout.write(emails.invitation_link(invitation, token))
