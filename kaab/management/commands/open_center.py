from django import forms
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override
from phonenumber_field.formfields import PhoneNumberField

from centers import actions, emails, journal
from centers.models import Center, Partner, Place, Role

PARTNERS = [
    (Partner.Kind.RESIDENTS, "Тургундар", "Жители"),
    (Partner.Kind.COUNCIL, "Айыл өкмөтү", "Айыл окмоту"),
    (Partner.Kind.POLICE, "Милиция", "Милиция"),
]


class Command(BaseCommand):
    help = (
        "Open a centre in an aiyl aimak: its page, its three partners, and a link with "
        "which the first coordinator sets a password. Needs load_reference first."
    )

    def add_arguments(self, parser):
        parser.add_argument("slug", help="the centre's address, e.g. mirmakhmudov")
        parser.add_argument("--aimak", required=True, help="SOATE code, 14 digits")
        parser.add_argument("--name-ky", required=True)
        parser.add_argument("--name-ru", required=True)
        parser.add_argument("--coordinator", required=True, metavar="FULL_NAME")
        parser.add_argument("--email", default="", help="the coordinator's")
        parser.add_argument("--phone", default="", help="hers too, or instead")
        parser.add_argument("--language", choices=["ky", "ru"], default="ky")

    @override("ru")
    @transaction.atomic
    def handle(self, *args, **options):
        if Center.objects.filter(is_demo=True).exists():
            raise CommandError(_("This database holds the demo: use another one."))
        aimak = Place.objects.filter(code=options["aimak"], level="aimak").first()
        if aimak is None:
            raise CommandError(_("No such aiyl aimak; run load_reference first."))
        names = sign_in_names(options)
        center = open_center(
            slug=options["slug"],
            aimak=aimak,
            name_ky=options["name_ky"],
            name_ru=options["name_ru"],
        )
        council = center.partners.get(kind=Partner.Kind.COUNCIL)
        invitation, token = actions.invite(
            center=center,
            partner=council,
            role=Role.COORDINATOR,
            full_name=options["coordinator"],
            language=options["language"],
            by=None,
            **names,
        )
        self.stdout.write(
            _("The centre is open: %(address)s") % {"address": f"/{center.slug}/"}
        )
        self.stdout.write(
            _("The link of %(name)s, for 72 hours and for one use:")
            % {"name": invitation.full_name}
        )
        self.stdout.write(emails.invitation_link(invitation, token))


def sign_in_names(options):
    """Return a person's e-mail and phone, of which one may be empty."""
    fields = {"email": forms.EmailField, "phone": PhoneNumberField}
    try:
        names = {
            name: field(required=False).clean(options[name])
            for name, field in fields.items()
        }
    except ValidationError as error:
        raise CommandError(" ".join(error.messages)) from None
    if not any(names.values()):
        raise CommandError(
            _("People sign in by --email or --phone: give one, or both.")
        )
    return names


def open_center(*, slug, aimak, partners=PARTNERS, **fields):
    """Create a centre that serves an aimak's villages, with its three partners."""
    center = Center(slug=slug, aimak=aimak, **fields)
    try:
        center.full_clean()
    except ValidationError as error:
        raise CommandError(f"/{slug}/: {' '.join(error.messages)}") from None
    center.save()
    center.villages.set(Place.objects.filter(parent=aimak, level="village"))
    for order, (kind, name_ky, name_ru) in enumerate(partners, start=1):
        Partner.objects.create(
            center=center, kind=kind, name_ky=name_ky, name_ru=name_ru, order=order
        )
    journal.record(center=center, kind=journal.Kind.CENTER_OPENED, by=None)
    return center
