"""The members of a centre: how one is invited and let in, and where that is written."""

from django.urls import reverse

from centers import actions
from centers.models import JournalEntry, Role

from .factories import PASSWORD, POLICE, partner_of


def invite(center, by, kind=POLICE, role=Role.MEMBER, **fields):
    fields = {
        "full_name": "Асылбек уулу Эрлан",
        "email": "erlan@example.org",
        "language": "ky",
    } | fields
    return actions.invite(
        center=center, partner=partner_of(center, kind), role=role, by=by, **fields
    )


def page_of(token):
    return reverse("accept_invitation", args=[token])


def set_password(client, token, password=PASSWORD, second=None):
    return client.post(
        page_of(token), {"password1": password, "password2": second or password}
    )


def members_page(center, name="members", *more):
    return reverse(f"desk:{name}", args=[center.slug, *more])


def lines(kind):
    return JournalEntry.objects.filter(kind=kind)
