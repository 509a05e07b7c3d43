"""The custodian: what comes to her, what she gives back, and how it is numbered."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from centers.models import JournalEntry, Role
from concerns import actions
from concerns.models import Concern, Involved
from concerns.workflow import Level, Status

from .factories import (
    COUNCIL,
    POLICE,
    RESIDENTS,
    give,
    make_approved,
    make_concern,
    make_hidden_category,
    make_member,
    signed_in,
)
from .staff import register, sees

pytestmark = pytest.mark.django_db

CONFIDENTIAL = Level.CONFIDENTIAL


# Custody


def test_a_category_that_hides_takes_the_concern_into_custody(
    center, elmira, bakyt, cholpon, jamila
):
    concern = make_concern(center)

    register(concern, make_hidden_category(POLICE), elmira)

    assert sees(jamila, concern)
    assert not sees(bakyt, concern)
    assert not sees(elmira, concern)
    assert not sees(cholpon, concern)


def test_going_into_custody_ends_every_assignment(center, cholpon, bakyt, jamila):
    concern = give(make_concern(center), POLICE, bakyt)

    actions.categorise(
        concern=concern, category=make_hidden_category(COUNCIL), by=cholpon, version=0
    )

    concern.refresh_from_db()
    assert concern.partner is None
    assert not concern.assignments.live().exists()
    assert not sees(bakyt, concern)


def test_in_custody_another_category_hides_from_its_side_too(center, jamila, elmira):
    concern = make_concern(center, make_hidden_category(POLICE))
    give(concern, COUNCIL, elmira, by=jamila)

    actions.categorise(
        concern=concern, category=make_hidden_category(COUNCIL), by=jamila, version=0
    )

    concern.refresh_from_db()
    assert concern.hidden_from_police
    assert concern.hidden_from_council
    assert not sees(elmira, concern)
    assert not concern.assignments.live().exists()


def test_in_custody_a_number_of_its_series_is_kept(center, jamila):
    concern = make_concern(center, make_hidden_category(POLICE))
    register(concern, concern.category, jamila)
    concern.refresh_from_db()

    actions.categorise(
        concern=concern,
        category=make_hidden_category(COUNCIL),
        by=jamila,
        version=concern.version,
    )

    concern.refresh_from_db()
    assert concern.journal_number == 1


def test_going_into_custody_takes_the_summary_off_the_public_pages(
    center, cholpon, jamila
):
    concern = make_approved(center)

    actions.categorise(
        concern=concern, category=make_hidden_category(POLICE), by=cholpon, version=0
    )

    assert not Concern.objects.public().exists()


def test_where_nobody_keeps_custody_nothing_is_put_there_to_be_lost(center, elmira):
    concern = make_concern(center)

    with pytest.raises(ValidationError) as refused:
        register(concern, make_hidden_category(POLICE), elmira)

    assert set(refused.value.message_dict) == {"category"}
    assert sees(elmira, concern)


def release(concern, by, reason="Кызматкер жөнүндө эмес экен."):
    return actions.release(
        concern=concern, by=by, version=concern.version, reason=reason
    )


def test_the_custodian_gives_back_what_hides_from_nobody(
    center, jamila, cholpon, bakyt
):
    concern = make_concern(
        center, level=CONFIDENTIAL, in_custody=True, hidden_from_police=True
    )

    release(concern, jamila)

    concern.refresh_from_db()
    assert sees(cholpon, concern)
    assert not sees(jamila, concern)
    assert concern.level == CONFIDENTIAL
    assert JournalEntry.objects.filter(kind="custody_released").exists()


def test_what_is_not_in_custody_is_not_given_back(center, jamila, cholpon):
    concern = make_concern(center, level=CONFIDENTIAL, status=Status.REGISTERED)
    give(concern, RESIDENTS, jamila, by=cholpon)

    with pytest.raises(actions.MoveNotAllowed):
        release(concern, jamila)

    assert not JournalEntry.objects.filter(kind="custody_released").exists()


def test_giving_back_needs_a_reason(center, jamila):
    concern = make_concern(center, level=CONFIDENTIAL, in_custody=True)

    with pytest.raises(ValidationError) as refused:
        release(concern, jamila, reason="")

    assert set(refused.value.message_dict) == {"reason"}


def test_what_its_category_hides_is_not_given_back(center, jamila):
    concern = make_concern(center, make_hidden_category(POLICE))

    with pytest.raises(ValidationError):
        release(concern, jamila)

    concern.refresh_from_db()
    assert concern.in_custody


def test_what_is_given_back_stays_hidden_from_the_side_that_the_reporter_named(
    center, jamila, cholpon, bakyt
):
    police_intake = make_member(center, POLICE, Role.INTAKE)
    concern = make_concern(
        center,
        level=CONFIDENTIAL,
        in_custody=True,
        hidden_from_police=True,
        involved=Involved.POLICE,
    )

    release(concern, jamila)

    assert sees(cholpon, concern)
    assert not sees(police_intake, concern)
    assert not sees(bakyt, concern)


def test_what_hides_from_a_side_is_not_made_less_than_confidential(center, cholpon):
    concern = make_concern(center, level=CONFIDENTIAL, hidden_from_police=True)

    with pytest.raises(ValidationError) as refused:
        actions.set_level(
            concern=concern, level=Level.PUBLIC, by=cholpon, version=0, reason="Себеп"
        )

    assert set(refused.value.message_dict) == {"level"}


@pytest.mark.parametrize("involved", [Involved.COUNCIL, Involved.BOTH])
def test_what_no_coordinator_could_read_stays_with_the_custodian(
    involved, center, jamila, cholpon
):
    concern = make_concern(
        center,
        level=CONFIDENTIAL,
        in_custody=True,
        hidden_from_council=True,
        involved=involved,
    )

    with pytest.raises(ValidationError):
        release(concern, jamila)

    concern.refresh_from_db()
    assert concern.in_custody


def test_a_coordinator_of_the_residents_takes_back_what_names_the_council(
    center, jamila, elmira
):
    coordinator = make_member(center, RESIDENTS, Role.COORDINATOR)
    concern = make_concern(
        center,
        level=CONFIDENTIAL,
        in_custody=True,
        hidden_from_council=True,
        involved=Involved.COUNCIL,
    )

    release(concern, jamila)

    assert sees(coordinator, concern)
    assert not sees(elmira, concern)


def test_who_would_rather_not_say_is_read_first_and_then_given_back_to_all(
    center, jamila, farida
):
    concern = make_concern(
        center,
        level=CONFIDENTIAL,
        in_custody=True,
        hidden_from_police=True,
        hidden_from_council=True,
        involved=Involved.UNSAID,
    )
    make_member(center, COUNCIL, Role.COORDINATOR)

    release(concern, jamila)

    assert sees(farida, concern)


def test_what_is_given_back_gets_a_number_of_the_coordinators(center, jamila, cholpon):
    common = make_concern(center)
    register(common, common.category, cholpon)
    hidden = make_concern(center, level=CONFIDENTIAL, in_custody=True)
    register(hidden, hidden.category, jamila)
    hidden.refresh_from_db()
    assert hidden.journal_number == 1

    release(hidden, jamila)

    hidden.refresh_from_db()
    assert hidden.journal_number == 2


@pytest.fixture
def about_the_council(center):
    return make_concern(
        center,
        level=CONFIDENTIAL,
        in_custody=True,
        hidden_from_council=True,
        involved=Involved.COUNCIL,
    )


@pytest.fixture
def resident(center):
    """A coordinator who is of the residents."""
    return make_member(center, RESIDENTS, Role.COORDINATOR)


def release_and_register(concern, custodian, coordinator):
    release(concern, custodian)
    register(concern, concern.category, coordinator)


def register_and_release(concern, custodian, coordinator):
    register(concern, concern.category, custodian)
    concern.refresh_from_db()
    release(concern, custodian)


@pytest.mark.parametrize("give_back", [register_and_release, release_and_register])
def test_what_is_given_back_and_stays_hidden_leaves_no_gap(
    give_back, center, about_the_council, cholpon, jamila, resident
):
    first, second = (make_concern(center) for _ in range(2))
    register(first, first.category, cholpon)

    give_back(about_the_council, jamila, resident)
    register(second, second.category, cholpon)

    second.refresh_from_db()
    about_the_council.refresh_from_db()
    assert second.journal_number == 2
    assert about_the_council.registered_at
    assert about_the_council.journal_number is None


def test_who_reads_it_finds_it_in_the_register_without_a_number(
    center, about_the_council, cholpon, jamila, resident
):
    first = make_concern(center)
    register(first, first.category, cholpon)
    register_and_release(about_the_council, jamila, resident)

    hers, residents = (
        signed_in(user).get(reverse("desk:journal", args=[center.slug]))
        for user in (cholpon, resident)
    )

    assert about_the_council.number not in hers.content.decode()
    assert [row[0][1] for row in hers.context["entries"]] == [1]
    assert about_the_council.number in residents.content.decode()
    assert [row[0][1] for row in residents.context["entries"]] == [1, None]
    assert '<th scope="row">—</th>' in residents.content.decode()


def test_back_in_custody_it_has_a_number_of_that_series_again(
    about_the_council, jamila, resident
):
    register_and_release(about_the_council, jamila, resident)

    actions.hand_over(
        concern=about_the_council,
        by=resident,
        version=Concern.objects.get().version,
        side=Involved.COUNCIL,
        reason="Айыл өкмөтү жөнүндө",
    )

    assert Concern.objects.get().journal_number == 1


def test_whom_the_custodian_asked_to_handle_it_does_not_give_it_back(
    center, jamila, elmira
):
    concern = make_concern(
        center, level=CONFIDENTIAL, in_custody=True, hidden_from_police=True
    )
    give(concern, COUNCIL, elmira, by=jamila)

    with pytest.raises(PermissionDenied):
        release(concern, elmira)


def test_custody_and_coordinator_count_their_numbers_apart(center, cholpon, jamila):
    hidden = make_concern(center, make_hidden_category(POLICE))
    common = make_concern(center)

    register(hidden, hidden.category, jamila)
    register(common, common.category, cholpon)

    assert list(Concern.objects.values_list("journal_number", flat=True)) == [1, 1]


@pytest.mark.parametrize("who", ["elmira", "bakyt", "farida"])
def test_the_number_in_the_journal_is_the_coordinators_alone(
    who, center, cholpon, request
):
    concern = make_concern(
        center, status=Status.REGISTERED, journal_number=77077, journal_year=2026
    )

    def page_of(user):
        return signed_in(user).get(concern.get_desk_url()).content.decode()

    assert "77077" in page_of(cholpon)
    assert "77077" not in page_of(request.getfixturevalue(who))


def test_what_goes_into_custody_at_registration_leaves_no_gap(center, elmira, jamila):
    first, hidden, second = (make_concern(center) for _ in range(3))

    register(first, first.category, elmira)
    register(hidden, make_hidden_category(POLICE), elmira)
    register(second, second.category, elmira)

    second.refresh_from_db()
    assert second.journal_number == 2
