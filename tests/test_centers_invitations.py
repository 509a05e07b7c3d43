"""An invitation: sent once, accepted once, by the person who was invited."""

import re
from contextlib import suppress
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from centers import actions
from centers.actions import InvitationUsed
from centers.models import Invitation, Membership, Role, User
from centers.models.person import hash_token
from centers.permissions import GRANTS

from .factories import (
    COUNCIL,
    PASSWORD,
    POLICE,
    RESIDENTS,
    SUPPORTER,
    again,
    make_membership,
    partner_of,
    signed_in,
)
from .members import invite, lines, page_of, set_password

pytestmark = pytest.mark.django_db


# Inviting


def test_an_invitation_goes_out_in_the_invited_persons_language(
    center, cholpon, mailoutbox, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        _invitation, token = invite(center, cholpon, language="ru")

    [letter] = mailoutbox
    assert letter.to == ["erlan@example.org"]
    assert f"/ru{page_of(token)}" in letter.body
    assert re.search("[а-я]", letter.subject)


def test_no_letter_goes_out_when_the_invitation_fails(
    center, cholpon, mailoutbox, django_capture_on_commit_callbacks
):
    with (
        django_capture_on_commit_callbacks(execute=True),
        pytest.raises(ValidationError),
    ):
        invite(center, cholpon, POLICE, Role.CUSTODIAN)

    assert mailoutbox == []


def test_of_the_token_only_a_hash_is_kept(center, cholpon):
    _invitation, token = invite(center, cholpon)

    row = Invitation.objects.values().get()
    assert token not in str(row)
    assert row["token_hash"] == hash_token(token)


def test_two_invitations_never_have_one_token(center, cholpon):
    tokens = {invite(center, cholpon, email=f"{n}@example.org")[1] for n in range(5)}

    assert len(tokens) == 5
    assert min(map(len, tokens)) >= 43


def test_an_invitation_is_journalled_without_a_name(center, cholpon):
    invite(center, cholpon)

    line = lines("member_invited").get()
    assert line.by_id == cholpon.pk
    assert "Эрлан" not in str(line.detail)
    assert "example.org" not in str(line.detail)


@pytest.mark.parametrize(
    "who", ["elmira", "bakyt", "farida", "jamila", "nurlan", "olga", "daniyar", "emil"]
)
def test_only_the_coordinator_invites(who, center, request):
    with pytest.raises(PermissionDenied):
        invite(center, request.getfixturevalue(who))

    assert not Invitation.objects.exists()


def test_nobody_is_invited_to_a_partner_of_another_centre(
    center, other_center, cholpon
):
    with pytest.raises(PermissionDenied):
        actions.invite(
            center=center,
            partner=partner_of(other_center, POLICE),
            role=Role.MEMBER,
            full_name="Эрлан",
            email="erlan@example.org",
            language="ky",
            by=cholpon,
        )


IMPOSSIBLE = [
    (kind, role)
    for kind in (RESIDENTS, COUNCIL, POLICE, SUPPORTER)
    for role in Role
    if (kind, role) not in GRANTS
]


@pytest.mark.parametrize(("kind", "role"), IMPOSSIBLE)
def test_a_role_that_does_not_fit_the_side_is_refused(kind, role, center, cholpon):
    with pytest.raises(ValidationError) as refused:
        invite(center, cholpon, kind, role)

    assert set(refused.value.message_dict) == {"role"}


@pytest.mark.parametrize(
    ("kind", "role"),
    [
        (POLICE, Role.COORDINATOR),
        (POLICE, Role.CUSTODIAN),
        (COUNCIL, Role.CUSTODIAN),
        (SUPPORTER, Role.MEMBER),
        (SUPPORTER, Role.COORDINATOR),
    ],
)
def test_neither_police_nor_council_keep_custody_nor_do_supporters_work(kind, role):
    assert (kind, role) not in GRANTS


def test_who_has_the_role_already_is_not_invited_to_it(center, cholpon, bakyt):
    with pytest.raises(ValidationError) as refused:
        invite(center, cholpon, email=bakyt.email.upper())

    assert set(refused.value.message_dict) == {"email"}


# Accepting


def test_the_invited_person_sets_a_password_and_is_a_member(center, cholpon, client):
    _invitation, token = invite(center, cholpon)

    response = set_password(client, token)

    user = User.objects.get(email="erlan@example.org")
    assert response["Location"] == reverse("account_login")
    assert user.check_password(PASSWORD)
    assert user.full_name == "Асылбек уулу Эрлан"
    assert not user.is_staff
    assert user.memberships.get().partner.kind == POLICE


def test_the_address_counts_as_verified_by_its_link(center, cholpon, client):
    _invitation, token = invite(center, cholpon)

    set_password(client, token)

    assert EmailAddress.objects.get().verified


def test_accepting_is_journalled(center, cholpon, client):
    _invitation, token = invite(center, cholpon)

    set_password(client, token)

    membership = Membership.objects.get(user__email="erlan@example.org")
    assert lines("invitation_used").get().subject == membership.reference
    assert lines("role_given").get().by_id == cholpon.pk


def test_a_link_works_once(center, cholpon, client):
    _invitation, token = invite(center, cholpon)
    set_password(client, token)

    response = set_password(Client(), token, "башка бирөөнүн сырсөзү")

    assert response.status_code == 404
    assert User.objects.get(email="erlan@example.org").check_password(PASSWORD)


def test_a_link_works_for_seventy_two_hours(center, cholpon, client):
    invitation, token = invite(center, cholpon)
    term = invitation.expires_at - invitation.created_at

    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    assert abs(term - timedelta(hours=72)) < timedelta(seconds=1)
    assert client.get(page_of(token)).status_code == 404
    assert set_password(client, token).status_code == 404


def test_a_token_never_issued_answers_as_one_that_was_used(center, cholpon, client):
    _invitation, token = invite(center, cholpon)
    set_password(client, token)

    used = Client().get(page_of(token))
    unknown = Client().get(page_of("x" * 43))

    assert used.status_code == unknown.status_code == 404
    assert used.content.replace(token.encode(), b"") == unknown.content.replace(
        b"x" * 43, b""
    )


def test_two_who_press_at_once_make_one_member(center, cholpon, together):
    [token] = together(lambda: invite(center, cholpon)[1])

    def press():
        try:
            actions.accept(token=token, password=PASSWORD)
        except InvitationUsed:
            return "used"
        return "accepted"

    answers = together(press, threads=4)

    assert sorted(answers) == ["accepted"] + ["used"] * 3


def test_of_two_who_accept_at_once_one_becomes_the_custodian(center, cholpon, together):
    def invite_two():
        emails = [f"{name}@example.org" for name in ("asan", "usen")]
        return [
            invite(center, cholpon, RESIDENTS, Role.CUSTODIAN, email=email)[1]
            for email in emails
        ]

    [tokens] = together(invite_two)

    def press():
        with suppress(InvitationUsed, ValidationError):
            actions.accept(token=tokens.pop(), password=PASSWORD)

    together(press, threads=2)

    [custodians] = together(
        lambda: Membership.objects.live().filter(role=Role.CUSTODIAN).count()
    )
    assert custodians == 1


@pytest.mark.parametrize(
    ("password", "second"),
    [
        ("short", None),
        ("123456789012", None),
        ("erlan@example.org", None),
        (PASSWORD, "башка сырсөз болду"),
        ("", None),
        ("к" * 257, None),
        ("password1234", None),
    ],
    ids=["short", "digits", "address", "two", "empty", "long", "common"],
)
def test_a_bad_password_is_refused_and_the_link_still_works(
    password, second, center, cholpon, client
):
    _invitation, token = invite(center, cholpon)

    response = set_password(client, token, password, second)

    assert response.status_code == 422
    assert not User.objects.filter(email="erlan@example.org").exists()
    assert set_password(client, token).status_code == 302


def test_a_password_is_never_given_back_to_the_page(center, cholpon, client):
    _invitation, token = invite(center, cholpon)

    response = set_password(client, token, PASSWORD, "башка сырсөз болду")

    assert PASSWORD not in response.content.decode()


def test_the_page_of_an_invitation_is_kept_nowhere(center, cholpon, client):
    _invitation, token = invite(center, cholpon)

    response = client.get(page_of(token))

    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("token", ["%00", "..%2F", "к" * 60, "a" * 500])
def test_a_mangled_link_is_not_found(token, client, db):
    assert client.get(f"/account/invitation/{token}/").status_code == 404


# With an account already


def test_a_person_with_an_account_joins_a_second_centre(
    center, other_center, daniyar, cholpon
):
    _invitation, token = invite(center, cholpon, COUNCIL, email=daniyar.email)

    response = signed_in(daniyar).post(page_of(token))

    served = set(daniyar.memberships.live().values_list("center__slug", flat=True))
    assert response["Location"] == reverse("desk:today")
    assert served == {center.slug, other_center.slug}


def test_joining_changes_no_password(center, daniyar, cholpon):
    daniyar.set_password(PASSWORD)
    daniyar.save()
    _invitation, token = invite(center, cholpon, COUNCIL, email=daniyar.email)

    set_password(signed_in(daniyar), token, "жаңы сырсөз болсун")

    assert again(daniyar).check_password(PASSWORD)


def test_who_has_an_account_signs_in_before_joining(center, daniyar, cholpon, client):
    _invitation, token = invite(center, cholpon, COUNCIL, email=daniyar.email)

    response = set_password(client, token)

    assert response.status_code == 403
    assert Invitation.objects.get().used_at is None


def test_an_invitation_is_for_the_person_invited_and_nobody_else(
    center, daniyar, cholpon, elmira
):
    _invitation, token = invite(center, cholpon, COUNCIL, email=daniyar.email)

    response = signed_in(elmira).post(page_of(token))

    assert response.status_code == 403
    assert Invitation.objects.get().used_at is None


def test_who_is_invited_again_has_one_link_that_works(center, cholpon, client):
    _first, one = invite(center, cholpon)
    _second, two = invite(center, cholpon, full_name="Асылбек уулу Эрлан")

    assert client.get(page_of(one)).status_code == 404
    assert client.get(page_of(two)).status_code == 200


def test_an_invitation_elsewhere_stays(center, other_center, cholpon, daniyar, client):
    _first, one = invite(center, cholpon)
    invite(other_center, daniyar)

    assert client.get(page_of(one)).status_code == 200


def test_joining_for_a_role_one_has_meanwhile_leads_to_the_desk(
    center, cholpon, daniyar
):
    _invitation, token = invite(center, cholpon, COUNCIL, email=daniyar.email)
    make_membership(center, COUNCIL, user=daniyar)

    response = signed_in(daniyar).post(page_of(token))

    assert response["Location"] == reverse("desk:today")
    assert daniyar.memberships.filter(center=center).count() == 1


def withdraw(user, invitation, **options):
    args = [invitation.center.slug, invitation.mark]
    path = reverse("desk:withdraw_invitation", args=args)
    return signed_in(user).post(path, **options)


def test_a_link_that_is_taken_back_opens_nothing(center, cholpon, client):
    invitation, token = invite(center, cholpon)

    withdraw(cholpon, invitation)

    assert client.get(page_of(token)).status_code == 404
    assert lines("invitation_withdrawn").get().by_id == cholpon.pk


def test_only_the_coordinator_takes_a_link_back(center, cholpon, elmira, client):
    invitation, token = invite(center, cholpon)

    assert withdraw(elmira, invitation).status_code == 403
    assert client.get(page_of(token)).status_code == 200


def test_who_takes_a_link_back_twice_is_told_the_same(center, cholpon, elmira):
    invitation, _token = invite(center, cholpon)

    answers = [withdraw(cholpon, invitation, follow=True) for _ in range(2)]

    for answer in answers:
        assert "Шилтеме эми эч нерсени ачпайт" in answer.content.decode()
    assert lines("invitation_withdrawn").count() == 1
    assert withdraw(elmira, invitation).status_code == 403


def test_a_link_that_was_used_meanwhile_is_not_said_to_be_taken_back(center, cholpon):
    invitation, token = invite(center, cholpon)
    actions.accept(token=token, password=PASSWORD)

    answer = withdraw(cholpon, invitation, follow=True).content.decode()

    assert "Шилтеме эми эч нерсени ачпайт" not in answer
    assert "Бул шилтеме колдонулган" in answer
    assert not lines("invitation_withdrawn").exists()


def test_part_of_a_mark_takes_nothing_back(center, cholpon, client):
    tokens = [invite(center, cholpon, email=f"{n}@example.org")[1] for n in range(20)]
    path = reverse("desk:withdraw_invitation", args=[center.slug, "0"])

    answers = {
        signed_in(cholpon).post(path.replace("/0/", f"/{mark}/")).status_code
        for mark in "0123456789abcdef"
    }

    assert answers == {404}
    assert client.get(page_of(tokens[0])).status_code == 200
