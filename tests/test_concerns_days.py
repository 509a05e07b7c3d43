"""What the history says of a concern, and by which day it is answered."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DataError, connection
from django.utils import timezone

from centers.workdays import add_working_days
from concerns import actions
from concerns.models import Change, Concern
from concerns.workflow import (
    Level,
)

from .factories import make_category, make_center, make_concern
from .test_concerns_workflow import (
    WORDS,
    S,
    concern_in,
    move,
    register,
    status_of,
)

pytestmark = pytest.mark.django_db


# History


def test_the_history_says_who_when_from_what_to_what_and_why(center, bakyt):
    concern = concern_in(S.IN_PROGRESS, center)
    before = timezone.now()

    change = move(concern, S.RESOLVED, bakyt, note="Чырак коюлду.")

    assert (change.old, change.new) == (S.IN_PROGRESS, S.RESOLVED)
    assert (change.by, change.side) == (bakyt, Change.Side.STAFF)
    assert change.note == "Чырак коюлду."
    assert before <= change.created_at <= timezone.now()


def test_a_move_that_cannot_be_kept_leaves_no_history(center, bakyt):
    concern = concern_in(S.REGISTERED, center)
    _, largest = connection.ops.integer_field_range("PositiveIntegerField")
    Concern.objects.filter(pk=concern.pk).update(version=largest)
    concern.refresh_from_db()

    with pytest.raises((DataError, OverflowError)):
        move(concern, S.IN_PROGRESS, bakyt)

    assert status_of(concern) == S.REGISTERED
    assert concern.changes.count() == 1


def test_the_reporters_moves_are_hers_in_the_history():
    concern = concern_in(S.RESOLVED)

    change = actions.reopen(concern=concern, reason="Дагы эле караңгы.")

    assert (change.side, change.by) == (Change.Side.REPORTER, None)
    assert change.note == "Дагы эле караңгы."


def test_what_time_closed_is_times_own_in_the_history():
    concern = concern_in(S.RESOLVED, resolved_at=timezone.now() - timedelta(days=31))

    actions.close_by_time()

    change = concern.changes.get(new=S.CLOSED)
    assert (change.side, change.by) == (Change.Side.CLOCK, None)


def test_time_leaves_what_was_solved_less_than_thirty_days_ago():
    concern = concern_in(S.RESOLVED, resolved_at=timezone.now() - timedelta(days=29))

    assert actions.close_by_time() == 0
    assert status_of(concern) == S.RESOLVED


# Terms: the days of October 2026 hold no holiday


MONDAY = datetime(2026, 10, 5, 4, 0, tzinfo=UTC)


def set_term(center, days):
    center.terms.create(kind="report", working_days=days, holds_from=date(2020, 1, 1))


def test_a_registered_concern_is_answered_within_fourteen_working_days(center, elmira):
    concern = make_concern(center, created_at=MONDAY)

    register(concern, elmira)

    concern.refresh_from_db()
    assert concern.due_on == date(2026, 10, 23)


def test_a_centre_sets_its_own_term_for_reports(elmira, center):
    set_term(center, 5)
    concern = make_concern(center, created_at=MONDAY)

    register(concern, elmira)

    concern.refresh_from_db()
    assert concern.due_on == date(2026, 10, 12)


def test_the_law_sets_the_term_of_an_appeal_whatever_the_centre_says(elmira, center):
    set_term(center, 5)
    concern = make_concern(center, created_at=MONDAY, kind=Concern.Kind.APPEAL)

    register(concern, elmira)

    concern.refresh_from_db()
    assert concern.due_on == date(2026, 10, 23)


@pytest.mark.parametrize("target", [S.RESOLVED, S.DECLINED])
def test_what_needs_nothing_more_is_due_no_more(target, center, bakyt):
    concern = concern_in(S.IN_PROGRESS, center, due_on=date(2026, 10, 23))

    move(concern, target, bakyt, **WORDS)

    concern.refresh_from_db()
    assert concern.due_on is None


def test_what_is_put_on_again_is_due_again():
    concern = concern_in(S.RESOLVED, created_at=MONDAY)

    actions.reopen(concern=concern, reason="Дагы эле караңгы.")

    concern.refresh_from_db()
    today = timezone.localdate()
    assert concern.due_on == add_working_days(today, 14)


def test_the_moment_of_the_solution_is_kept_until_it_is_put_on_again(center, bakyt):
    concern = concern_in(S.IN_PROGRESS, center)
    move(concern, S.RESOLVED, bakyt, **WORDS)
    concern.refresh_from_db()
    solved_at = concern.resolved_at

    actions.confirm(concern=concern)

    concern.refresh_from_db()
    assert concern.resolved_at == solved_at is not None


# Registering


def test_registering_gives_the_next_number_of_the_year(center, elmira):
    first, second = make_concern(center), make_concern(center)

    register(first, elmira)
    register(second, elmira)

    numbers = Concern.objects.order_by("journal_number").values_list(
        "journal_year", "journal_number"
    )
    year = timezone.localdate().year
    assert list(numbers) == [(year, 1), (year, 2)]


def test_each_centre_counts_for_itself(center, elmira, daniyar):
    other = make_concern(daniyar.memberships.get().center)
    mine = make_concern(center)

    register(other, daniyar)
    register(mine, elmira)

    mine.refresh_from_db()
    assert mine.journal_number == 1


def test_registering_does_not_lower_the_level(center, elmira):
    concern = make_concern(center, make_category(Level.RESTRICTED))

    register(concern, elmira, level=Level.PUBLIC)

    concern.refresh_from_db()
    assert concern.level == Level.RESTRICTED


def test_two_who_register_at_once_draw_two_numbers(center, cholpon, together):
    concerns = together(lambda: [make_concern(center) for _ in range(6)])[0]
    left = iter(concerns)

    together(lambda: register(next(left), cholpon), threads=6)

    [numbers] = together(
        lambda: sorted(Concern.objects.values_list("journal_number", flat=True))
    )
    assert numbers == [1, 2, 3, 4, 5, 6]


def test_a_concern_of_nowhere_in_particular_is_no_ones_to_register(cholpon):
    concern = make_concern(make_center())

    with pytest.raises(Concern.DoesNotExist):
        register(concern, cholpon)
