"""Handing over: to whom a concern may be given, and who reads it from then on."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from centers.actions import change_role, end_membership
from centers.models import Role
from concerns import actions
from concerns.models import Concern
from concerns.workflow import Level, Status

from .factories import (
    COUNCIL,
    POLICE,
    RESIDENTS,
    again,
    give,
    make_category,
    make_concern,
    make_hidden_category,
    make_membership,
    partner_of,
)
from .staff import sees

pytestmark = pytest.mark.django_db

INTAKE = Role.INTAKE
CONFIDENTIAL = Level.CONFIDENTIAL


# Handing over


def assign(concern, kind, by, person=None):
    Concern.objects.filter(pk=concern.pk).update(status=Status.REGISTERED)
    return actions.assign(
        concern=concern,
        partner=partner_of(concern.center, kind),
        person=person,
        by=by,
        version=concern.version,
    )


def test_once_assigned_it_is_the_partners_and_the_coordinators(
    center, cholpon, elmira, bakyt, ruslan
):
    concern = make_concern(center)

    assign(concern, POLICE, elmira, bakyt)

    assert sees(bakyt, concern)
    assert sees(ruslan, concern)
    assert sees(cholpon, concern)
    assert not sees(elmira, concern)


def test_what_is_not_registered_yet_is_given_to_nobody(center, elmira):
    concern = make_concern(center)

    with pytest.raises(ValidationError):
        actions.assign(
            concern=concern, partner=partner_of(center, COUNCIL), by=elmira, version=0
        )


def test_what_has_ended_is_given_to_nobody(center, elmira):
    concern = make_concern(center, status=Status.WITHDRAWN)

    with pytest.raises(actions.MoveNotAllowed):
        actions.assign(
            concern=concern, partner=partner_of(center, COUNCIL), by=elmira, version=0
        )


def waiting_for(user):
    return list(Concern.objects.visible_to(user).to_act_on(user))


def test_what_a_leaver_had_in_hand_waits_for_his_side_again(
    center, cholpon, bakyt, ruslan
):
    concern = make_concern(center)
    assign(concern, POLICE, cholpon, bakyt)
    assert waiting_for(ruslan) == []

    end_membership(membership=bakyt.memberships.get(), by=cholpon)

    assert waiting_for(again(ruslan)) == [concern]
    assert waiting_for(again(cholpon)) == [concern]


def test_who_comes_back_finds_nothing_confidential_of_before(center, cholpon, bakyt):
    concern = make_concern(center, make_category(CONFIDENTIAL))
    assign(concern, POLICE, cholpon, bakyt)
    end_membership(membership=bakyt.memberships.get(), by=cholpon)

    make_membership(center, POLICE, user=bakyt, started_at=timezone.now())

    assert not sees(again(bakyt), concern)


def test_another_role_leaves_him_what_he_has_in_hand(center, cholpon, bakyt):
    concern = make_concern(center, make_category(CONFIDENTIAL))
    assign(concern, POLICE, cholpon, bakyt)

    change_role(membership=bakyt.memberships.get(), role=INTAKE, by=cholpon)

    assert sees(again(bakyt), concern)


def test_a_confidential_concern_is_given_to_a_person(center, farida):
    concern = make_concern(center, make_category(CONFIDENTIAL))

    with pytest.raises(ValidationError) as refused:
        assign(concern, POLICE, farida)

    assert set(refused.value.message_dict) == {"person"}


def test_a_confidential_concern_is_that_persons_alone(
    center, farida, cholpon, bakyt, ruslan
):
    concern = make_concern(center, make_category(CONFIDENTIAL))

    assign(concern, POLICE, farida, bakyt)

    assert sees(bakyt, concern)
    assert sees(cholpon, concern)
    assert not sees(ruslan, concern)
    assert not sees(farida, concern)


def test_what_is_hidden_from_a_side_is_not_given_to_it(center, jamila, bakyt):
    concern = make_concern(center, make_hidden_category(POLICE))

    with pytest.raises(ValidationError) as refused:
        assign(concern, POLICE, jamila, bakyt)

    assert set(refused.value.message_dict) == {"partner"}


def test_what_is_hidden_from_the_police_is_not_given_to_an_officer_of_elsewhere(
    center, jamila, temir
):
    concern = make_concern(center, make_hidden_category(POLICE))

    with pytest.raises(ValidationError) as refused:
        assign(concern, COUNCIL, jamila, temir)

    assert set(refused.value.message_dict) == {"person"}


@pytest.mark.parametrize("who", ["daniyar", "olga", "emil", "sultan", "elmira"])
def test_only_a_member_of_the_partner_handles_it_for_the_partner(
    who, center, cholpon, request
):
    concern = make_concern(center)

    with pytest.raises(ValidationError) as refused:
        assign(concern, POLICE, cholpon, request.getfixturevalue(who))

    assert set(refused.value.message_dict) == {"person"}


def test_an_officer_takes_what_nobody_handles(center, bakyt):
    concern = make_concern(center)

    assign(concern, POLICE, bakyt, bakyt)

    concern.refresh_from_db()
    assert concern.partner.kind == POLICE


def test_an_officer_gives_nothing_to_another(center, bakyt, ruslan):
    concern = make_concern(center)

    with pytest.raises(PermissionDenied):
        assign(concern, POLICE, bakyt, ruslan)


def test_an_officer_does_not_take_what_another_side_handles(center, cholpon, bakyt):
    concern = give(make_concern(center), POLICE)

    with pytest.raises(PermissionDenied):
        assign(concern, POLICE, bakyt, bakyt)


def test_a_membership_that_ends_takes_its_concerns_with_it(center, bakyt):
    concern = give(make_concern(center, make_category(CONFIDENTIAL)), POLICE, bakyt)

    bakyt.memberships.update(ended_at=timezone.now())
    make_membership(center, RESIDENTS, user=bakyt)

    assert not sees(bakyt, concern)


def test_who_joins_the_police_anywhere_is_blind_to_complaints_about_it(
    center, other_center, jamila
):
    concern = make_concern(center, make_hidden_category(POLICE))
    assert sees(jamila, concern)

    make_membership(other_center, POLICE, user=jamila)

    assert not sees(jamila, concern)
