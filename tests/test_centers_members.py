"""Who belongs to a centre: invited once, accepted once, out at once."""

import re
from collections import deque
from contextlib import suppress
from datetime import timedelta
from io import StringIO

import pytest
from allauth.account.models import EmailAddress
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from centers import actions
from centers.actions import InvitationUsed
from centers.models import Invitation, JournalEntry, Membership, Role, User
from centers.models.person import hash_token
from centers.permissions import GRANTS, Permission, can
from concerns.models import Concern

from .factories import (
    COUNCIL,
    PASSWORD,
    POLICE,
    RESIDENTS,
    SUPPORTER,
    again,
    give,
    make_center,
    make_concern,
    make_member,
    make_membership,
    make_user,
    partner_of,
    signed_in,
)

pytestmark = pytest.mark.django_db


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


def lines(kind):
    return JournalEntry.objects.filter(kind=kind)


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


def withdraw(user, invitation):
    args = [invitation.center.slug, invitation.mark]
    return signed_in(user).post(reverse("desk:withdraw_invitation", args=args))


def test_a_link_that_is_taken_back_opens_nothing(center, cholpon, client):
    invitation, token = invite(center, cholpon)

    withdraw(cholpon, invitation)

    assert client.get(page_of(token)).status_code == 404
    assert lines("invitation_withdrawn").get().by_id == cholpon.pk


def test_only_the_coordinator_takes_a_link_back(center, cholpon, elmira, client):
    invitation, token = invite(center, cholpon)

    assert withdraw(elmira, invitation).status_code == 403
    assert client.get(page_of(token)).status_code == 200


def test_part_of_a_mark_takes_nothing_back(center, cholpon, client):
    tokens = [invite(center, cholpon, email=f"{n}@example.org")[1] for n in range(20)]
    path = reverse("desk:withdraw_invitation", args=[center.slug, "0"])

    answers = {
        signed_in(cholpon).post(path.replace("/0/", f"/{mark}/")).status_code
        for mark in "0123456789abcdef"
    }

    assert answers == {404}
    assert client.get(page_of(tokens[0])).status_code == 200


# Signing in is provable


def sign_in(client, user, password=PASSWORD):
    return client.post(
        reverse("account_login"), {"login": user.email, "password": password}
    )


def test_a_sign_in_is_journalled_for_the_installation(cholpon, client):
    cholpon.authenticator_set.all().delete()

    sign_in(client, cholpon)

    line = lines("signed_in").get()
    assert (line.center_id, line.by_id) == (0, cholpon.pk)


def test_a_wrong_password_is_journalled_without_a_word_of_it(cholpon, client):
    sign_in(client, cholpon, "менин жашыруун сөзүм")

    line = lines("sign_in_failed").get()
    assert line.detail == {"user": cholpon.pk}


def test_a_stranger_at_the_door_leaves_no_line(db, client):
    client.post(
        reverse("account_login"), {"login": "nobody@example.org", "password": "x" * 12}
    )

    assert not lines("sign_in_failed").exists()


def test_a_stranger_who_guesses_shuts_nobody_else_out(cholpon):
    cholpon.authenticator_set.all().delete()
    stranger = Client(REMOTE_ADDR="203.0.113.7")
    for _ in range(8):
        sign_in(stranger, cholpon, "менин жашыруун сөзүм")

    response = sign_in(Client(REMOTE_ADDR="198.51.100.1"), cholpon)

    assert response.status_code == 302


# Roles


def membership_of(user):
    return user.memberships.live().get()


def test_the_coordinator_gives_another_role(center, cholpon, elmira):
    actions.change_role(membership=membership_of(elmira), role=Role.INTAKE, by=cholpon)

    assert membership_of(elmira).role == Role.INTAKE
    assert elmira.memberships.count() == 2
    assert can(again(elmira), Permission.READ_CONFIDENTIAL, center)


def test_another_role_keeps_the_position(center, cholpon, elmira):
    elmira.memberships.update(position_ky="адис", position_ru="специалист")

    actions.change_role(membership=membership_of(elmira), role=Role.INTAKE, by=cholpon)

    membership = membership_of(elmira)
    assert (membership.position_ky, membership.position_ru) == ("адис", "специалист")


def test_a_change_of_role_is_journalled_both_ways(cholpon, elmira):
    actions.change_role(membership=membership_of(elmira), role=Role.INTAKE, by=cholpon)

    assert lines("role_given").get().detail["role"] == "intake"
    assert lines("role_ended").get().detail["role"] == "member"


def test_a_role_that_does_not_fit_leaves_the_old_one(cholpon, bakyt):
    with pytest.raises(ValidationError):
        actions.change_role(
            membership=membership_of(bakyt), role=Role.CUSTODIAN, by=cholpon
        )

    assert membership_of(bakyt).role == Role.MEMBER


@pytest.mark.parametrize("who", ["elmira", "bakyt", "daniyar", "nurlan", "sultan"])
def test_only_the_coordinator_changes_roles(who, ruslan, request):
    with pytest.raises(PermissionDenied):
        actions.change_role(
            membership=membership_of(ruslan),
            role=Role.INTAKE,
            by=request.getfixturevalue(who),
        )


# Ending


def test_a_membership_ends_at_once(center, cholpon, bakyt):
    concern = give(make_concern(center), POLICE, bakyt)
    browser = signed_in(bakyt)
    page = reverse("desk:concern", args=[concern.reference])
    assert browser.get(page).status_code == 200

    actions.end_membership(membership=membership_of(bakyt), by=cholpon)

    assert browser.get(page).status_code == 403
    assert not Concern.objects.visible_to(again(bakyt)).exists()


def test_an_end_is_journalled(cholpon, bakyt):
    membership = membership_of(bakyt)

    actions.end_membership(membership=membership, by=cholpon)

    line = lines("role_ended").get()
    assert (line.by_id, line.subject) == (cholpon.pk, membership.reference)
    assert line.detail == {"role": "member", "user": bakyt.pk}


def test_the_last_coordinator_stays(cholpon):
    with pytest.raises(ValidationError):
        actions.end_membership(membership=membership_of(cholpon), by=cholpon)

    assert membership_of(cholpon).role == Role.COORDINATOR


def test_the_last_coordinator_gets_no_other_role_either(cholpon):
    with pytest.raises(ValidationError):
        actions.change_role(
            membership=membership_of(cholpon), role=Role.MEMBER, by=cholpon
        )

    assert membership_of(cholpon).role == Role.COORDINATOR


def test_the_last_custodian_stays_so_that_complaints_are_read(jamila, cholpon):
    with pytest.raises(ValidationError):
        actions.end_membership(membership=membership_of(jamila), by=cholpon)

    assert membership_of(jamila).role == Role.CUSTODIAN


def test_a_custodian_who_cannot_read_is_no_successor(center, jamila, cholpon):
    blind = make_membership(center, RESIDENTS, Role.CUSTODIAN)
    make_membership(make_center(), POLICE, user=blind.user)

    with pytest.raises(ValidationError):
        actions.end_membership(membership=membership_of(jamila), by=cholpon)

    assert membership_of(jamila).role == Role.CUSTODIAN


def test_the_coordinator_keeps_no_custody_of_complaints_about_herself(center):
    residents = partner_of(center, RESIDENTS)
    user = make_member(center, RESIDENTS, Role.COORDINATOR)

    with pytest.raises(ValidationError):
        actions.give_role(
            center=center, partner=residents, user=user, role=Role.CUSTODIAN, by=None
        )


def test_a_coordinator_chooses_no_second_reader_of_complaints(
    center, jamila, nurlan, cholpon
):
    with pytest.raises(ValidationError):
        invite(center, cholpon, RESIDENTS, Role.CUSTODIAN)
    with pytest.raises(ValidationError):
        actions.change_role(
            membership=membership_of(nurlan), role=Role.CUSTODIAN, by=cholpon
        )

    assert not lines("role_given").exists()
    assert not center.invitations.exists()


def test_of_two_invited_as_the_first_custodian_one_comes(center, cholpon):
    tokens = [
        invite(center, cholpon, RESIDENTS, Role.CUSTODIAN, email=email)[1]
        for email in ("first@example.org", "second@example.org")
    ]
    actions.accept(token=tokens[0], password=PASSWORD)

    with pytest.raises(InvitationUsed):
        actions.accept(token=tokens[1], password=PASSWORD)


def test_whoever_runs_the_portal_names_another_custodian(center, jamila):
    out = StringIO()
    who = ["mirmakhmudov", "Эргешова Гүлнара", "--phone", "0770 080 051"]

    call_command("name_custodian", *who, stdout=out)
    token = out.getvalue().split()[-1].rstrip("/").rsplit("/", 1)[-1]
    actions.accept(token=token, password=PASSWORD)

    custodians = center.memberships.live().filter(role=Role.CUSTODIAN)
    assert custodians.count() == 2


def test_whoever_runs_the_portal_names_a_coordinator_where_nobody_is_left(center):
    out = StringIO()
    who = ["mirmakhmudov", "Токтосунова Айгүл", "--phone", "0770 080 051"]

    call_command("name_coordinator", *who, stdout=out)
    token = out.getvalue().split()[-1].rstrip("/").rsplit("/", 1)[-1]
    actions.accept(token=token, password=PASSWORD)

    [coordinator] = center.memberships.live()
    assert (coordinator.role, coordinator.partner.kind) == (Role.COORDINATOR, COUNCIL)


@pytest.mark.parametrize(
    "who", [["nowhere", "А", "--phone", "0770080051"], ["mirmakhmudov", "А"]]
)
def test_a_custodian_of_nowhere_or_without_a_name_is_not_named(who, center):
    with pytest.raises(CommandError):
        call_command("name_custodian", *who)


@pytest.mark.usefixtures("center")
def test_whoever_runs_the_portal_does_not_name_the_first_custodian():
    who = ["mirmakhmudov", "Эргешова Гүлнара", "--phone", "0770 080 051"]

    with pytest.raises(CommandError, match="назначает координатор"):
        call_command("name_custodian", *who)


def test_a_custodian_with_a_successor_may_go(center, jamila, cholpon):
    make_membership(center, RESIDENTS, Role.CUSTODIAN)

    actions.end_membership(membership=membership_of(jamila), by=cholpon)

    assert not jamila.memberships.live().exists()


def test_a_coordinator_with_a_colleague_may_go(center, cholpon):
    make_membership(center, RESIDENTS, Role.COORDINATOR)

    actions.end_membership(membership=membership_of(cholpon), by=cholpon)

    assert not cholpon.memberships.live().exists()


def test_two_coordinators_do_not_end_each_other_at_once(center, cholpon, together):
    def make_colleagues():
        other = make_membership(center, COUNCIL, Role.COORDINATOR)
        make_membership(center, COUNCIL, Role.COORDINATOR)
        own = cholpon.memberships.get()
        return deque([(own, other.user), (other, cholpon)])

    [presses] = together(make_colleagues)

    def press():
        membership, by = presses.popleft()
        with suppress(PermissionDenied, ValidationError):
            actions.end_membership(membership=membership, by=by)

    together(press, threads=2)

    [coordinators] = together(
        lambda: Membership.objects.live().filter(role=Role.COORDINATOR).count()
    )
    assert coordinators == 2


def test_a_coordinator_elsewhere_is_no_colleague(cholpon, daniyar):
    with pytest.raises(ValidationError):
        actions.end_membership(membership=membership_of(cholpon), by=cholpon)

    assert can(
        again(daniyar), Permission.MANAGE_MEMBERS, daniyar.memberships.get().center
    )


@pytest.mark.parametrize("who", ["elmira", "bakyt", "daniyar", "nurlan", "sultan"])
def test_only_the_coordinator_ends_a_membership(who, ruslan, request):
    with pytest.raises(PermissionDenied):
        actions.end_membership(
            membership=membership_of(ruslan), by=request.getfixturevalue(who)
        )


def test_who_left_does_not_come_back_by_a_link_still_on_its_way(
    center, cholpon, elmira
):
    _invitation, token = invite(
        center, cholpon, COUNCIL, Role.INTAKE, email=elmira.email
    )
    actions.end_membership(membership=membership_of(elmira), by=cholpon)

    response = signed_in(elmira).post(page_of(token))

    assert response.status_code == 404
    assert not elmira.memberships.live().exists()


def test_a_dismissed_coordinators_invitations_open_nothing(center, cholpon, client):
    colleague = make_membership(center, RESIDENTS, Role.COORDINATOR).user
    _invitation, token = invite(center, cholpon, COUNCIL, Role.COORDINATOR)
    actions.end_membership(membership=membership_of(cholpon), by=colleague)

    response = set_password(client, token)

    assert response.status_code == 404
    assert not User.objects.filter(email="erlan@example.org").exists()


def test_who_left_may_come_back(center, cholpon, bakyt, client):
    actions.end_membership(membership=membership_of(bakyt), by=cholpon)
    _invitation, token = invite(center, cholpon, email=bakyt.email)

    signed_in(bakyt).post(page_of(token))

    assert membership_of(bakyt).role == Role.MEMBER


# The pages


def members_page(center, name="members", *more):
    return reverse(f"desk:{name}", args=[center.slug, *more])


INVITED = {
    "full_name": "Асылбек уулу Эрлан",
    "email": "erlan@example.org",
    "role": "member",
    "position": "",
    "language": "ky",
}


def test_the_coordinator_is_shown_the_link_once(center, cholpon):
    partner = partner_of(center, POLICE)
    browser = signed_in(cholpon)

    response = browser.post(
        members_page(center, "invite"), INVITED | {"partner": partner.pk}
    )

    link = re.search(r"/account/invitation/[\w-]{43}/", response.content.decode())[0]
    assert Client().get(link).status_code == 200
    assert link not in browser.get(members_page(center)).content.decode()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("full_name", ""),
        ("full_name", "к" * 121),
        ("email", "эмес"),
        ("role", "king"),
        ("language", "en"),
        ("partner", "0"),
    ],
)
def test_an_invitation_with_a_mistake_is_given_back(field, value, center, cholpon):
    fields = INVITED | {"partner": partner_of(center, POLICE).pk, field: value}

    response = signed_in(cholpon).post(members_page(center, "invite"), fields)

    assert response.status_code == 422
    assert set(response.context["form"].errors) == {field}
    assert not Invitation.objects.exists()


def test_a_partner_of_another_centre_is_not_offered(center, other_center, cholpon):
    fields = INVITED | {"partner": partner_of(other_center, POLICE).pk}

    response = signed_in(cholpon).post(members_page(center, "invite"), fields)

    assert set(response.context["form"].errors) == {"partner"}


def test_the_role_is_changed_on_the_members_own_page(center, cholpon, elmira):
    reference = membership_of(elmira).reference

    response = signed_in(cholpon).post(
        members_page(center, "member", reference), {"role": "intake"}
    )

    assert response["Location"] == members_page(center)
    assert membership_of(elmira).role == Role.INTAKE


def test_a_membership_is_ended_by_a_button(center, cholpon, elmira):
    reference = membership_of(elmira).reference

    response = signed_in(cholpon).post(
        members_page(center, "end_membership", reference)
    )

    assert response["Location"] == members_page(center)
    assert not elmira.memberships.live().exists()


@pytest.mark.parametrize("act", ["member", "end_membership", "give_new_start"])
def test_who_acts_on_a_membership_that_ended_meanwhile_is_told(
    act, center, cholpon, elmira
):
    membership = membership_of(elmira)
    actions.end_membership(membership=membership, by=cholpon)

    response = signed_in(cholpon).post(
        members_page(center, act, membership.reference), {"role": "intake"}, follow=True
    )

    assert response.redirect_chain == [(members_page(center), 302)]
    assert "Башка бирөө озуп кетти" in response.content.decode()
    assert not elmira.memberships.live().exists()


def test_the_last_coordinators_button_says_why_not(center, cholpon):
    reference = membership_of(cholpon).reference

    response = signed_in(cholpon).post(
        members_page(center, "end_membership", reference), follow=True
    )

    assert response.status_code == 200
    assert re.search(r'class="notice error"', response.content.decode())
    assert membership_of(cholpon)


def test_a_member_sees_who_belongs_to_the_centre_and_no_invitation(
    center, bakyt, cholpon, emil
):
    invite(center, cholpon)

    page = signed_in(bakyt).get(members_page(center)).content.decode()

    assert cholpon.full_name in page
    assert emil.full_name not in page
    assert "Эрлан" not in page


# Whoever is disabled


def test_a_disabled_person_is_out_at_once(center, cholpon):
    browser = signed_in(cholpon)
    User.objects.filter(pk=cholpon.pk).update(is_active=False)

    response = browser.get(members_page(center))

    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))


def test_a_person_without_a_second_factor_is_sent_to_set_one_up(center):
    user = make_user()
    user.authenticator_set.all().delete()
    make_membership(center, COUNCIL, user=user)

    response = signed_in(user).get(members_page(center))

    assert response["Location"] == reverse("second_factor")


def test_the_people_of_the_demo_need_none(center):
    center.is_demo = True
    center.save()
    user = make_user()
    user.authenticator_set.all().delete()
    make_membership(center, COUNCIL, user=user)

    assert signed_in(user).get(members_page(center)).status_code == 200


def test_a_demo_role_does_not_free_from_it_in_a_real_centre(center, other_center):
    other_center.is_demo = True
    other_center.save()
    user = make_user()
    user.authenticator_set.all().delete()
    make_membership(center, COUNCIL, user=user)
    make_membership(other_center, COUNCIL, user=user)

    response = signed_in(user).get(members_page(center))

    assert response["Location"] == reverse("second_factor")


def age_session(client, **seconds):
    session = client.session
    for name, passed in seconds.items():
        session[name] = session[name] - passed
    session.save()


@pytest.mark.parametrize(
    "passed", [{"seen": 30 * 60 + 1}, {"since": 12 * 3600 + 1}], ids=["idle", "long"]
)
def test_the_desk_closes_when_it_is_left_and_after_a_day(passed, center, cholpon):
    browser = signed_in(cholpon)
    browser.get(members_page(center))

    age_session(browser, **passed)

    response = browser.get(members_page(center))
    assert response["Location"].startswith(reverse("account_login"))
    assert "_auth_user_id" not in browser.session
