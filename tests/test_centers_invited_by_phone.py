"""An invitation to a phone: one person, one live link, and the same rules."""

import re

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from centers import actions
from centers.models import Invitation, Role, User

from .factories import (
    COUNCIL,
    PASSWORD,
    POLICE,
    make_member,
    make_user,
    partner_of,
    signed_in,
)

pytestmark = pytest.mark.django_db

PHONE = "+996770080050"
WRITTEN = "0770 080 050"
EMAIL = "gulnara@example.org"


def invite(center, by, kind=POLICE, **fields):
    fields = {"full_name": "Абдыраева Гүлнара", "language": "ky"} | fields
    return actions.invite(
        center=center,
        partner=partner_of(center, kind),
        role=Role.MEMBER,
        by=by,
        **fields,
    )


def page_of(token):
    return reverse("accept_invitation", args=[token])


def set_password(token):
    words = {"password1": PASSWORD, "password2": PASSWORD}
    return Client().post(page_of(token), words)


def test_by_a_phone_alone_one_becomes_a_member_and_signs_in(center, cholpon):
    _invitation, token = invite(center, cholpon, phone=WRITTEN)
    set_password(token)
    browser = Client()

    browser.post(reverse("account_login"), {"login": PHONE, "password": PASSWORD})

    user = User.objects.get(phone=PHONE)
    assert (user.email, user.memberships.get().partner.kind) == (None, POLICE)
    assert not user.emailaddress_set.exists()
    assert browser.session["_auth_user_id"] == str(user.pk)


def test_with_both_one_has_both(center, cholpon):
    _invitation, token = invite(center, cholpon, phone=WRITTEN, email=EMAIL)

    set_password(token)

    assert User.objects.get(phone=PHONE).email == EMAIL


def test_no_letter_goes_to_a_phone(
    center, cholpon, mailoutbox, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        invite(center, cholpon, phone=WRITTEN)

    assert mailoutbox == []


def test_nobody_is_invited_by_nothing(center, cholpon):
    with pytest.raises(ValidationError):
        invite(center, cholpon)

    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.create(
            center=center, partner=partner_of(center, POLICE), role=Role.MEMBER
        )


def test_who_has_the_role_already_is_not_invited_to_it(center, cholpon):
    make_member(center, POLICE, email=None, phone=PHONE)

    with pytest.raises(ValidationError) as refused:
        invite(center, cholpon, phone=WRITTEN)

    assert set(refused.value.message_dict) == {"phone"}


def test_nor_under_a_name_he_has_beside_a_new_one(center, cholpon):
    make_member(center, POLICE, email=EMAIL, phone=PHONE)

    with pytest.raises(ValidationError):
        invite(center, cholpon, phone=WRITTEN, email="new@example.org")


def test_who_is_invited_again_has_one_link_that_works(center, cholpon):
    _first, one = invite(center, cholpon, phone=WRITTEN)
    _second, two = invite(center, cholpon, phone=PHONE, email=EMAIL)
    _third, three = invite(center, cholpon, email=EMAIL)

    answers = [Client().get(page_of(token)).status_code for token in (one, two, three)]

    assert answers == [404, 404, 200]


def test_two_invited_by_phone_keep_each_a_link(center, cholpon):
    _first, one = invite(center, cholpon, phone=WRITTEN)
    _second, two = invite(center, cholpon, phone="0555 123 456")

    answers = [Client().get(page_of(token)).status_code for token in (one, two)]

    assert answers == [200, 200]


def test_who_left_does_not_come_back_by_a_link_to_her_phone(center, cholpon):
    user = make_member(center, COUNCIL, email=None, phone=PHONE)
    _invitation, token = invite(center, cholpon, phone=WRITTEN)

    actions.end_membership(membership=user.memberships.get(), by=cholpon)

    assert Client().get(page_of(token)).status_code == 404


def test_an_end_leaves_the_links_of_others(center, cholpon):
    """Who has no e-mail must not be taken for all who have none."""
    user = make_member(center, COUNCIL, email=None, phone=PHONE)
    _invitation, token = invite(center, cholpon, phone="0555 123 456")

    actions.end_membership(membership=user.memberships.get(), by=cholpon)

    assert Client().get(page_of(token)).status_code == 200


def test_a_person_with_an_account_joins_by_her_phone(center, cholpon):
    user = make_user(email=None, phone=PHONE)
    _invitation, token = invite(center, cholpon, phone=WRITTEN)
    assert set_password(token).status_code == 403

    response = signed_in(user).post(page_of(token))

    assert response["Location"] == reverse("desk:today")
    assert user.memberships.get().center == center


def test_joining_adds_no_name_to_an_account(center, cholpon):
    """Else a coordinator could write her own phone under somebody's account."""
    user = make_user(email=EMAIL)
    _invitation, token = invite(center, cholpon, email=EMAIL, phone=WRITTEN)

    signed_in(user).post(page_of(token))

    assert User.objects.get(pk=user.pk).phone is None


def test_an_invitation_to_a_phone_is_for_nobody_else(center, cholpon, elmira):
    make_user(email=None, phone=PHONE)
    _invitation, token = invite(center, cholpon, phone=WRITTEN)

    with pytest.raises(PermissionDenied):
        actions.accept(token=token, user=elmira)


# The form


def send(center, by, **fields):
    fields = {
        "full_name": "Абдыраева Гүлнара",
        "email": "",
        "phone": "",
        "role": "member",
        "language": "ky",
        "partner": partner_of(center, POLICE).pk,
    } | fields
    return signed_in(by).post(reverse("desk:invite", args=[center.slug]), fields)


@pytest.mark.parametrize("fields", [{"phone": WRITTEN}, {"email": EMAIL}])
def test_one_of_both_is_enough_and_the_link_is_always_shown(fields, center, cholpon):
    page = send(center, cholpon, **fields).content.decode()

    assert re.search(r"/account/invitation/[\w-]{43}/", page)


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({}, {"email"}),
        ({"phone": "102"}, {"phone"}),
        ({"phone": "0770 08 00 5O", "email": EMAIL}, {"phone"}),
        ({"phone": WRITTEN, "email": "эмес"}, {"email"}),
        ({"email": "эмес"}, {"email"}),
    ],
)
def test_a_mistake_is_given_back_once(fields, wrong, center, cholpon):
    response = send(center, cholpon, **fields)

    assert response.status_code == 422
    assert set(response.context["form"].errors) == wrong
    assert not Invitation.objects.exists()


def test_whom_a_phone_invites_stands_among_the_invited(center, cholpon):
    invite(center, cholpon, phone=WRITTEN)

    page = signed_in(cholpon).get(reverse("desk:members", args=[center.slug]))

    assert "+996 770 080 050" in page.content.decode()


def test_the_page_of_an_invitation_names_the_phone(center, cholpon):
    _invitation, token = invite(center, cholpon, phone=WRITTEN)

    assert "+996 770 080 050" in Client().get(page_of(token)).content.decode()


# The command


def open_center(*options):
    call_command("load_reference", verbosity=0)
    return call_command(
        "open_center",
        "nookat",
        "--aimak=41706242856000",
        "--name-ky=Ноокат",
        "--name-ru=Ноокат",
        "--coordinator=Абдыраева Гүлнара",
        *options,
    )


def test_a_centre_opens_for_a_coordinator_with_a_phone(capsys):
    open_center(f"--phone={WRITTEN}")

    link = re.search(r"/account/invitation/[\w-]{43}/", capsys.readouterr().out)[0]
    assert Client().get(link).status_code == 200
    assert Invitation.objects.get().phone == PHONE


@pytest.mark.parametrize(
    "options", [[], ["--phone=102"], ["--phone=abc"], ["--email=эмес"]]
)
def test_it_opens_for_nobody_without(options):
    with pytest.raises(CommandError):
        open_center(*options)

    assert not Invitation.objects.exists()
