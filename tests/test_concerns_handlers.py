"""A concern in several hands: who is added, who is taken off, and who reads it then."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from centers.actions import end_membership
from centers.models import Role
from concerns import actions
from concerns.models import Assignment, Change
from concerns.workflow import Level, Status

from .factories import (
    COUNCIL,
    POLICE,
    RESIDENTS,
    give,
    make_category,
    make_concern,
    make_hidden_category,
    make_member,
    make_membership,
    partner_of,
    signed_in,
)
from .staff import sees

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cheap_codes")]


@pytest.fixture
def concern(center):
    return make_concern(center, status=Status.REGISTERED)


@pytest.fixture
def secret(center):
    category = make_category(Level.CONFIDENTIAL)
    return make_concern(center, category, status=Status.REGISTERED)


@pytest.fixture
def hidden(center):
    return make_concern(center, make_hidden_category(POLICE), status=Status.REGISTERED)


def assign(concern, kind, by, *people, version=None):
    concern.refresh_from_db()
    return actions.assign(
        concern=concern,
        partner=partner_of(concern.center, kind),
        people=people,
        by=by,
        version=concern.version if version is None else version,
    )


def handlers(concern):
    return {hand.user for hand in concern.assignments.live()}


def lines(concern):
    changes = concern.changes.filter(kind=Change.Kind.ASSIGNMENT)
    return [(line.new, line.person) for line in changes]


# Added and taken off


def test_a_concern_is_given_to_several_people(concern, cholpon, bakyt, ruslan):
    assign(concern, POLICE, cholpon, bakyt, ruslan)

    assert handlers(concern) == {bakyt, ruslan}
    assert lines(concern) == [("", bakyt), ("", ruslan)]


def test_taking_somebody_off_keeps_the_others(concern, cholpon, bakyt, ruslan):
    assign(concern, POLICE, cholpon, bakyt, ruslan)
    first = concern.assignments.get(user=bakyt).created_at

    assign(concern, POLICE, cholpon, bakyt)

    assert handlers(concern) == {bakyt}
    assert concern.assignments.get(user=bakyt).created_at == first
    assert lines(concern)[2:] == [("removed", ruslan)]


def test_giving_it_to_the_same_people_again_writes_no_history(concern, cholpon, bakyt):
    assign(concern, POLICE, cholpon, bakyt)

    assign(concern, POLICE, cholpon, bakyt)

    assert len(lines(concern)) == 1


def test_given_to_another_side_it_leaves_the_hands_of_before(
    concern, cholpon, elmira, bakyt
):
    assign(concern, POLICE, cholpon, bakyt)

    assign(concern, COUNCIL, cholpon, elmira)

    assert handlers(concern) == {elmira}
    assert lines(concern)[1:] == [("removed", bakyt), ("", elmira)]
    assert not sees(bakyt, concern)


def test_with_nobody_named_it_is_the_sides(concern, cholpon, bakyt, ruslan):
    assign(concern, POLICE, cholpon, bakyt)

    assign(concern, POLICE, cholpon)

    assert handlers(concern) == set()
    assert sees(bakyt, concern)
    assert sees(ruslan, concern)


def test_of_two_who_give_it_at_once_one_wins(concern, cholpon, elmira, bakyt, ruslan):
    assign(concern, POLICE, cholpon, bakyt)

    with pytest.raises(actions.Stale):
        assign(concern, POLICE, cholpon, ruslan, version=0)

    assert handlers(concern) == {bakyt}


def test_an_officer_takes_it_for_himself_alone(concern, bakyt, ruslan):
    with pytest.raises(PermissionDenied):
        assign(concern, POLICE, bakyt, bakyt, ruslan)


def test_of_what_is_not_confidential_all_are_of_one_side(
    concern, cholpon, elmira, bakyt
):
    with pytest.raises(ValidationError) as refused:
        assign(concern, POLICE, cholpon, bakyt, elmira)

    assert elmira.full_name in str(refused.value)
    assert handlers(concern) == set()


# Shares of other sides


def test_a_confidential_one_is_shared_by_people_of_several_sides(
    secret, cholpon, bakyt, nurlan, elmira, ruslan, farida
):
    assign(secret, POLICE, cholpon, bakyt, nurlan)

    assert handlers(secret) == {bakyt, nurlan}
    assert sees(bakyt, secret)
    assert sees(nurlan, secret)
    assert [sees(user, secret) for user in (elmira, ruslan, farida)] == [False] * 3


def test_a_share_of_another_side_ends_with_his_service_there(
    secret, cholpon, bakyt, nurlan
):
    assign(secret, POLICE, cholpon, bakyt, nurlan)

    end_membership(membership=nurlan.memberships.get(), by=cholpon)

    assert not sees(nurlan, secret)
    assert handlers(secret) == {bakyt}


def test_who_comes_back_to_his_side_has_no_share_of_before(
    center, secret, cholpon, bakyt, nurlan
):
    assign(secret, POLICE, cholpon, bakyt, nurlan)
    end_membership(membership=nurlan.memberships.get(), by=cholpon)

    make_membership(center, RESIDENTS, user=nurlan, started_at=timezone.now())

    assert not sees(nurlan, secret)


def test_who_changes_sides_takes_no_share_along(center, secret, cholpon, bakyt, nurlan):
    make_membership(center, COUNCIL, user=nurlan)
    assign(secret, POLICE, cholpon, bakyt, nurlan)
    share = secret.assignments.get(user=nurlan)

    nurlan.memberships.filter(partner=share.partner).update(ended_at=timezone.now())

    assert not sees(nurlan, secret)


def test_a_share_for_a_side_of_another_centre_opens_nothing(
    secret, other_center, cholpon, bakyt, daniyar
):
    assign(secret, POLICE, cholpon, bakyt)
    foreign = partner_of(other_center, COUNCIL)
    Assignment.objects.create(concern=secret, user=daniyar, by=bakyt, partner=foreign)

    with pytest.raises(ValidationError):
        assign(secret, POLICE, cholpon, bakyt, daniyar)


def test_the_custodian_gives_it_to_people_of_any_side_that_it_is_not_about(
    hidden, jamila, nurlan, elmira, cholpon
):
    assign(hidden, COUNCIL, jamila, elmira, nurlan)

    assert sees(elmira, hidden)
    assert sees(nurlan, hidden)
    assert not sees(cholpon, hidden)


@pytest.mark.parametrize("who", ["bakyt", "temir", "daniyar", "olga", "emil", "sultan"])
def test_nobody_of_the_side_that_it_is_about_gets_a_share(
    who, hidden, jamila, elmira, request
):
    person = request.getfixturevalue(who)

    with pytest.raises(ValidationError):
        assign(hidden, COUNCIL, jamila, elmira, person)

    assert handlers(hidden) == set()
    assert not sees(person, hidden)


def test_a_share_is_worth_nothing_once_his_side_is_hidden_from(
    secret, cholpon, bakyt, nurlan, jamila
):
    assign(secret, COUNCIL, cholpon, cholpon, bakyt)

    secret.refresh_from_db()
    actions.categorise(
        concern=secret,
        category=make_hidden_category(POLICE),
        by=cholpon,
        version=secret.version,
    )

    assert handlers(secret) == set()
    assert [sees(user, secret) for user in (bakyt, cholpon, jamila)] == (
        [False, False, True]
    )


def test_given_to_the_side_of_a_share_it_stays_in_the_same_hands(
    secret, cholpon, bakyt, nurlan
):
    assign(secret, POLICE, cholpon, bakyt, nurlan)

    assign(secret, RESIDENTS, cholpon, bakyt, nurlan)

    assert handlers(secret) == {bakyt, nurlan}
    assert lines(secret)[2:] == [("", None)]
    secret.refresh_from_db()
    assert {hand.side.kind for hand in secret.assignments.live()} == (
        {POLICE, RESIDENTS}
    )


def test_after_a_new_start_he_is_named_anew_or_reads_nothing(
    hidden, jamila, elmira, nurlan
):
    assign(hidden, COUNCIL, jamila, elmira, nurlan)
    elmira.new_start_at = timezone.now()
    elmira.save()

    ticked = form_of(hidden, jamila)["person"].value()
    assign(hidden, RESIDENTS, jamila, nurlan)

    assert ticked == [nurlan.pk]
    assert not sees(elmira, hidden)


# The page


def form_of(concern, by):
    path = reverse("desk:assign", args=[concern.reference])
    return signed_in(by).get(path).context["form"]


def send(concern, by, **fields):
    concern.refresh_from_db()
    return signed_in(by).post(
        reverse("desk:assign", args=[concern.reference]),
        {"version": concern.version} | fields,
    )


def test_those_who_have_it_are_ticked_on_the_page(concern, cholpon, bakyt, ruslan):
    assign(concern, POLICE, cholpon, bakyt, ruslan)

    assert set(form_of(concern, cholpon)["person"].value()) == {bakyt.pk, ruslan.pk}


def test_ticking_two_people_gives_it_to_both(concern, cholpon, bakyt, ruslan):
    police = partner_of(concern.center, POLICE)

    answer = send(concern, cholpon, partner=police.pk, person=[bakyt.pk, ruslan.pk])

    assert answer.status_code == 302
    assert handlers(concern) == {bakyt, ruslan}


def test_people_of_two_sides_are_refused_beside_the_field_and_kept(
    concern, cholpon, bakyt, elmira
):
    police = partner_of(concern.center, POLICE)
    ticked = [bakyt.pk, elmira.pk]

    answer = send(concern, cholpon, partner=police.pk, person=ticked)

    form = answer.context["form"]
    assert answer.status_code == 422
    assert elmira.full_name in str(form.errors["person"])
    assert form["person"].value() == [str(pk) for pk in ticked]


def test_whoever_was_slower_keeps_his_ticks(concern, cholpon, bakyt, ruslan):
    police = partner_of(concern.center, POLICE)
    assign(concern, POLICE, cholpon, bakyt)

    answer = signed_in(cholpon).post(
        reverse("desk:assign", args=[concern.reference]),
        {"version": 0, "partner": police.pk, "person": [bakyt.pk, ruslan.pk]},
    )

    assert answer.status_code == 409
    ticked = answer.context["form"]["person"].value()
    assert {int(pk) for pk in ticked} == {bakyt.pk, ruslan.pk}


def test_the_page_of_a_concern_names_each_hand_with_its_side(
    secret, cholpon, bakyt, nurlan
):
    assign(secret, POLICE, cholpon, bakyt, nurlan)

    page = signed_in(cholpon).get(secret.get_desk_url()).content.decode()

    assert f"{bakyt}, милиция; {nurlan}, тургундар" in page


def test_who_leads_among_others_of_his_side_may_not_be_an_observer(
    center, concern, cholpon
):
    observer = make_member(center, COUNCIL, Role.OBSERVER)

    with pytest.raises(ValidationError):
        assign(give(concern, COUNCIL), COUNCIL, cholpon, observer)


def test_a_side_chosen_against_the_people_ticked_is_refused(
    center, concern, cholpon, bakyt, elmira
):
    assign(concern, COUNCIL, cholpon, elmira)
    concern.refresh_from_db()

    answer = send(
        concern, cholpon, partner=partner_of(center, POLICE).pk, person=[elmira.pk]
    )

    assert answer.status_code == 422
    assert handlers(concern) == {elmira}


def test_it_is_said_to_whom_it_was_given(concern, cholpon, bakyt):
    police = partner_of(concern.center, POLICE)
    answer = send(concern, cholpon, partner=police.pk, person=[bakyt.pk])

    page = signed_in(cholpon).get(answer["Location"]).content.decode()
    assert bakyt.full_name in page
