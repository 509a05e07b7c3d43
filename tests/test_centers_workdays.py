from datetime import date, timedelta

import pytest

from centers.models import SpecialDay
from centers.workdays import add_working_days, is_working_day

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("filed", "term", "due"),
    [
        (date(2026, 4, 27), 14, date(2026, 5, 25)),  # the long break of May
        (date(2026, 12, 15), 14, date(2027, 1, 11)),  # the New Year's break
        (date(2026, 11, 20), 1, date(2026, 11, 23)),  # a Friday
        (date(2026, 11, 21), 1, date(2026, 11, 23)),  # a Saturday
        (date(2026, 11, 23), 0, date(2026, 11, 23)),
    ],
)
def test_a_term_ends_on_a_working_day_of_kyrgyzstan(filed, term, due):
    assert add_working_days(filed, term) == due


def ends_on(day):
    """Tell whether a term of one day that begins on the eve ends on a day."""
    return add_working_days(day - timedelta(days=1), 1) == day


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 11, 23), True),
        (date(2026, 11, 22), False),
        (date(2026, 8, 31), False),  # Independence Day, a Monday
        (date(2017, 12, 30), True),  # a Saturday worked for a day off in January
    ],
)
def test_the_calendar_is_that_of_kyrgyzstan(day, works):
    assert ends_on(day) is works


@pytest.mark.parametrize(
    ("day", "works"), [(date(2026, 11, 23), False), (date(2026, 11, 22), True)]
)
def test_a_moved_day_beats_the_calendar(day, works):
    SpecialDay.objects.create(day=day, is_working=works)

    assert ends_on(day) is works


def test_a_holiday_declared_within_a_term_prolongs_it():
    SpecialDay.objects.create(day=date(2026, 11, 24), is_working=False)

    assert add_working_days(date(2026, 11, 23), 1) == date(2026, 11, 25)


def test_a_working_saturday_within_a_term_shortens_it():
    SpecialDay.objects.create(day=date(2026, 11, 21), is_working=True)

    assert add_working_days(date(2026, 11, 20), 1) == date(2026, 11, 21)


@pytest.mark.parametrize("term", [1, 60])
def test_a_term_of_any_length_is_one_query(django_assert_num_queries, term):
    with django_assert_num_queries(1):
        add_working_days(date(2026, 11, 23), term)


@pytest.mark.parametrize(
    ("day", "is_working"),
    [
        (date(2026, 11, 20), True),
        (date(2026, 11, 21), False),  # a Saturday
        (date(2026, 3, 21), False),  # Nooruz
        (date(2027, 1, 7), False),  # the New Year's break
    ],
)
def test_a_day_is_a_working_day_or_not(day, is_working):
    assert is_working_day(day) is is_working


@pytest.mark.parametrize("is_working", [True, False])
def test_the_government_has_the_last_word_on_a_day(is_working):
    SpecialDay.objects.create(day=date(2026, 11, 20), is_working=is_working)
    SpecialDay.objects.create(day=date(2026, 11, 21), is_working=is_working)

    assert is_working_day(date(2026, 11, 20)) is is_working
    assert is_working_day(date(2026, 11, 21)) is is_working
