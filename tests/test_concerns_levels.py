"""Levels: raised by whoever handles a concern, lowered for a reason and by few."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from centers.models import JournalEntry
from concerns.models import Change, Concern
from concerns.workflow import Level

from .factories import make_approved, make_category, make_concern
from .staff import register, sees, set_level

pytestmark = pytest.mark.django_db

PUBLIC, RESTRICTED, CONFIDENTIAL = Level


# Levels


@pytest.mark.parametrize("who", ["cholpon", "elmira", "bakyt", "farida"])
def test_whoever_handles_a_concern_raises_its_level(who, center, request):
    concern = make_concern(center)

    set_level(concern, CONFIDENTIAL, request.getfixturevalue(who))

    concern.refresh_from_db()
    assert concern.level == CONFIDENTIAL


def test_raising_the_level_takes_the_concern_from_those_it_is_not_for(
    center, elmira, bakyt
):
    concern = make_concern(center)

    set_level(concern, CONFIDENTIAL, elmira)

    assert not sees(bakyt, concern)
    assert not sees(elmira, concern)


def test_raising_the_level_takes_the_summary_off_the_public_pages(center, bakyt):
    concern = make_approved(center)

    set_level(concern, RESTRICTED, bakyt)

    assert not Concern.objects.public().exists()


def test_a_level_lowered_again_does_not_publish_by_itself(center, cholpon):
    concern = make_approved(center)
    set_level(concern, RESTRICTED, cholpon)

    set_level(concern, PUBLIC, cholpon, reason="Эч кимге коркунуч жок.")

    assert not Concern.objects.public().exists()


@pytest.mark.parametrize("who", ["elmira", "bakyt"])
def test_who_only_handles_a_concern_does_not_lower_its_level(who, center, request):
    concern = make_concern(center, level=RESTRICTED)

    with pytest.raises(PermissionDenied):
        set_level(concern, PUBLIC, request.getfixturevalue(who), reason="Ачык болсун.")


def test_an_intake_person_does_not_lower_a_level(center, farida):
    concern = make_concern(center, level=CONFIDENTIAL)

    with pytest.raises(PermissionDenied):
        set_level(concern, RESTRICTED, farida, reason="Ачык болсун.")


def test_lowering_a_level_needs_a_reason(center, cholpon):
    concern = make_concern(center, level=RESTRICTED)

    with pytest.raises(ValidationError) as refused:
        set_level(concern, PUBLIC, cholpon)

    assert set(refused.value.message_dict) == {"reason"}


def test_the_journal_knows_who_lowered_a_level_and_why(center, cholpon):
    concern = make_concern(center, level=RESTRICTED)

    set_level(concern, PUBLIC, cholpon, reason="Арыз ээси макул.")

    line = JournalEntry.objects.get(kind="level_lowered")
    assert (line.by_id, line.subject) == (cholpon.pk, concern.reference)
    assert line.detail["level"] == "public"
    assert Change.objects.get(pk=line.detail["change"]).note == "Арыз ээси макул."


def test_a_level_is_never_lowered_below_its_categorys(center, cholpon):
    concern = make_concern(center, make_category(RESTRICTED), level=CONFIDENTIAL)

    with pytest.raises(ValidationError) as refused:
        set_level(concern, PUBLIC, cholpon, reason="Ачык болсун.")

    assert set(refused.value.message_dict) == {"level"}


def test_in_custody_it_stays_confidential(center, jamila):
    concern = make_concern(center, level=CONFIDENTIAL, in_custody=True)

    with pytest.raises(ValidationError) as refused:
        set_level(concern, PUBLIC, jamila, reason="Ачык болсун.")

    assert set(refused.value.message_dict) == {"level"}


# "Other"


@pytest.fixture
def other():
    return make_category(RESTRICTED, code="other")


@pytest.mark.parametrize("level", Level)
def test_other_takes_the_level_of_the_category_chosen_at_registration(
    level, other, center, cholpon
):
    concern = make_concern(center, other)

    register(concern, make_category(level), cholpon)

    concern.refresh_from_db()
    assert concern.level == level


def test_other_that_was_made_confidential_by_hand_is_not_opened_by_a_category(
    other, center, cholpon, farida
):
    concern = make_concern(center, other)
    set_level(concern, CONFIDENTIAL, cholpon)

    register(concern, make_category(PUBLIC), farida)

    concern.refresh_from_db()
    assert concern.level == CONFIDENTIAL


def test_a_category_of_a_lower_level_does_not_lower_a_concern(center, elmira):
    concern = make_concern(center, make_category(RESTRICTED))

    register(concern, make_category(PUBLIC), elmira)

    concern.refresh_from_db()
    assert concern.level == RESTRICTED
