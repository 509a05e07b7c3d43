"""Who belongs to a centre: given a role, given another, and out at once."""

import re
from collections import deque
from contextlib import suppress
from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from centers import actions
from centers.actions import InvitationUsed
from centers.models import Invitation, Membership, Role, User
from centers.permissions import Permission, can
from concerns.models import Concern

from .factories import (
    COUNCIL,
    PASSWORD,
    POLICE,
    RESIDENTS,
    again,
    give,
    make_center,
    make_concern,
    make_member,
    make_membership,
    partner_of,
    signed_in,
)
from .members import invite, lines, members_page, page_of, set_password

pytestmark = pytest.mark.django_db


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
