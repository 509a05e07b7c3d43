"""Within how many working days an answer is due, and how it is put off."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from centers.actions import set_report_term
from centers.models import JournalEntry, Term
from centers.terms import FIRST, terms_on
from centers.workdays import add_working_days
from concerns import actions
from concerns.actions import MoveNotAllowed
from concerns.actions.status import answer_by, day_of_answer
from concerns.models import Concern
from concerns.workflow import Status
from kaab.demo.clock import clock

from .factories import make_category, make_center, make_concern, signed_in
from .filing import PERSON, send, signed_key

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cheap_codes")]

DAY = date(2026, 11, 27)
LONG_AGO = timezone.now() - timedelta(days=60)


def tomorrow():
    return timezone.localdate() + timedelta(days=1)


# What holds when


def test_without_a_word_of_anybody_the_laws_terms_hold():
    assert terms_on(DAY) == FIRST == {"registration": 1, "appeal": 14, "report": 14}


def test_a_term_holds_from_its_day_on():
    Term.objects.create(kind="appeal", working_days=10, holds_from=DAY)

    assert terms_on(DAY - timedelta(days=1))["appeal"] == 14
    assert terms_on(DAY)["appeal"] == 10


def test_the_last_term_set_is_the_one_that_holds():
    for days, day in [(10, DAY), (7, DAY - timedelta(days=9))]:
        Term.objects.create(kind="appeal", working_days=days, holds_from=day)

    assert terms_on(DAY)["appeal"] == 10


def test_a_centres_own_term_goes_before_the_common_one():
    center, other = make_center(), make_center()
    center.terms.create(kind="report", working_days=5, holds_from=date(2020, 1, 1))
    Term.objects.create(kind="report", working_days=20, holds_from=DAY)

    assert terms_on(DAY, center)["report"] == 5
    assert terms_on(DAY, other)["report"] == 20


def test_what_was_filed_under_a_term_keeps_it(center):
    concern = make_concern(center, created_at=timezone.now() - timedelta(days=3))
    before = answer_by(concern)

    center.terms.create(kind="report", working_days=3, holds_from=timezone.localdate())

    assert answer_by(concern) == before


def file_and_register(browser, center, by):
    """File a report where reports are answered late, and register it."""
    center.terms.create(kind="report", working_days=30, holds_from=date(2020, 1, 1))
    category, key = make_category(), signed_key()
    send(browser, center, category, key=key)
    concern = Concern.objects.get()
    actions.register(
        concern=concern,
        category=category,
        level=concern.level,
        by=by,
        version=concern.version,
    )
    return Concern.objects.get(), category, key


def test_a_report_that_becomes_an_appeal_is_answered_by_the_laws_day(
    center, cholpon, aida
):
    concern, category, key = file_and_register(aida, center, cholpon)
    late = concern.due_on

    receipt = send(aida, center, category, key=key, **PERSON)

    concern.refresh_from_db()
    assert concern.kind == Concern.Kind.APPEAL
    assert concern.due_on == receipt.context["answer_by"] == answer_by(concern) < late


def test_put_off_it_stays_put_off_when_it_becomes_an_appeal(center, cholpon, aida):
    concern, category, key = file_and_register(aida, center, cholpon)
    until = concern.due_on + timedelta(days=5)
    actions.extend(
        concern=concern,
        until=until,
        reason="Тетик күтөбүз",
        by=cholpon,
        version=concern.version,
    )

    send(aida, center, category, key=key, **PERSON)

    assert Concern.objects.get().due_on == until


def test_no_centre_sets_a_term_of_the_law(center):
    with pytest.raises(IntegrityError), transaction.atomic():
        center.terms.create(kind="appeal", working_days=99, holds_from=DAY)


# Set by the coordinator


def test_the_coordinator_sets_the_answer_to_a_report(center, cholpon):
    browser = signed_in(cholpon)
    address = reverse("desk:terms", args=[center.slug])

    browser.post(address, {"working_days": "7", "holds_from": f"{tomorrow():%d.%m.%Y}"})

    assert terms_on(tomorrow(), center)["report"] == 7
    assert terms_on(timezone.localdate(), center)["report"] == 14
    assert "7 жумуш күнү" in browser.get(address).content.decode()
    assert JournalEntry.objects.last().kind == "term_set"


def test_the_same_day_set_anew_replaces_what_was_set(center, cholpon):
    for days in (7, 8):
        set_report_term(
            center=center, working_days=days, holds_from=tomorrow(), by=cholpon
        )

    assert center.terms.get().working_days == 8


def test_what_was_promised_today_is_kept(center, cholpon):
    with pytest.raises(ValidationError):
        set_report_term(
            center=center,
            working_days=7,
            holds_from=timezone.localdate(),
            by=cholpon,
        )


def test_nobody_else_sets_it(center, elmira):
    with pytest.raises(PermissionDenied):
        set_report_term(center=center, working_days=7, holds_from=tomorrow(), by=elmira)


@pytest.mark.parametrize("days", ["0", "61", "-1", "x", ""])
def test_a_term_that_is_none_is_refused_beside_the_field(days, center, cholpon):
    page = signed_in(cholpon).post(
        reverse("desk:terms", args=[center.slug]),
        {"working_days": days, "holds_from": tomorrow().isoformat()},
    )

    assert page.status_code == 422
    assert not Term.objects.exists()


# Put off


@pytest.fixture
def owed(center):
    return make_concern(
        center,
        status=Status.IN_PROGRESS,
        due_on=timezone.localdate() + timedelta(days=2),
    )


def extend(concern, by, days=10, reason="Облустан жооп күтөбүз"):
    return actions.extend(
        concern=concern,
        by=by,
        version=Concern.objects.get(pk=concern.pk).version,
        until=concern.due_on + timedelta(days=days),
        reason=reason,
    )


def test_the_reporter_reads_until_when_and_why(owed, cholpon, client):
    extend(owed, cholpon)

    client.post(reverse("follow:enter"), {"c": owed.code})
    page = client.get(reverse("follow:concern")).content.decode()

    assert "Облустан жооп күтөбүз" in page
    assert "Жооптун мөөнөтү узартылды" in page


def test_a_term_is_extended_once(owed, cholpon):
    extend(owed, cholpon)
    owed.refresh_from_db()

    with pytest.raises(ValidationError):
        extend(owed, cholpon)


@pytest.mark.parametrize("days", [0, -1, 31])
def test_it_is_extended_by_a_month_at_most_and_never_shortened(days, owed, cholpon):
    with pytest.raises(ValidationError):
        extend(owed, cholpon, days)


def test_it_is_not_extended_without_a_word_to_the_reporter(owed, cholpon):
    with pytest.raises(ValidationError):
        extend(owed, cholpon, reason="")


@pytest.mark.parametrize("status", [Status.RECEIVED, Status.RESOLVED, Status.CLOSED])
def test_where_no_answer_is_owed_nothing_is_extended(status, center, cholpon):
    concern = make_concern(center, status=status, due_on=timezone.localdate())

    with pytest.raises(MoveNotAllowed):
        extend(concern, cholpon)


def test_a_move_does_not_take_the_time_back(owed, cholpon):
    extend(owed, cholpon, days=25)
    until = Concern.objects.get(pk=owed.pk).due_on

    actions.move(
        concern=owed,
        target=Status.NEEDS_INFO,
        by=cholpon,
        version=1,
        note="Кайсы жерде?",
    )

    assert Concern.objects.get(pk=owed.pk).due_on == until


def test_taken_up_anew_it_has_a_term_anew(owed, cholpon):
    extend(owed, cholpon, days=25)
    actions.move(
        concern=owed, target=Status.RESOLVED, by=cholpon, version=1, note="Бүттү"
    )

    actions.reopen(concern=owed, reason="Дагы эле")

    owed.refresh_from_db()
    assert owed.extended_to is None
    assert owed.due_on == add_working_days(timezone.localdate(), 14)


def move(concern, target, by, **fields):
    concern.refresh_from_db()
    actions.move(
        concern=concern,
        target=target,
        by=by,
        version=concern.version,
        note="Дагы карайбыз",
        **fields,
    )
    concern.refresh_from_db()
    return concern.due_on


def test_the_term_that_began_anew_outlives_a_question_and_its_answer(center, cholpon):
    with clock() as hands:
        hands.told = datetime(2026, 9, 7, 12, tzinfo=UTC)
        concern = make_concern(center, status=Status.RESOLVED)
        hands.told = datetime(2026, 10, 5, 12, tzinfo=UTC)
        actions.reopen(concern=concern, reason="Дагы эле")
        hands.told = datetime(2026, 10, 6, 12, tzinfo=UTC)
        asked = move(concern, Status.NEEDS_INFO, cholpon)
        promised = day_of_answer(concern)
        actions.answer(concern=concern, text="Мектептин жанында")

    concern.refresh_from_db()
    assert concern.due_on == asked == promised == date(2026, 10, 23)


@pytest.mark.parametrize(
    ("done", "anew"),
    [
        (Status.DECLINED, Status.REGISTERED),
        (Status.CLOSED, Status.IN_PROGRESS),
        (Status.FORWARDED, Status.IN_PROGRESS),
    ],
)
def test_whatever_it_was_done_by_the_term_that_began_anew_holds(
    done, anew, center, cholpon
):
    concern = make_concern(center, status=done, created_at=LONG_AGO)

    began = move(concern, anew, cholpon)

    assert began == move(concern, Status.NEEDS_INFO, cholpon)
    assert began == add_working_days(timezone.localdate(), 14)


def test_a_merge_that_is_undone_leaves_the_term_that_began_anew(center, cholpon):
    lead = make_concern(center, status=Status.IN_PROGRESS)
    concern = make_concern(
        center, lead.category, status=Status.CLOSED, created_at=LONG_AGO
    )
    began = move(concern, Status.IN_PROGRESS, cholpon)
    move(concern, Status.DUPLICATE, cholpon, lead=lead)
    promised = day_of_answer(concern, Status.REGISTERED)

    assert move(concern, Status.REGISTERED, cholpon) == promised == began


def test_taken_up_anew_it_becomes_an_appeal_with_the_term_from_then(
    center, cholpon, aida
):
    concern, category, key = file_and_register(aida, center, cholpon)
    Concern.objects.filter(pk=concern.pk).update(created_at=LONG_AGO)
    move(concern, Status.DECLINED, cholpon)
    move(concern, Status.REGISTERED, cholpon)

    send(aida, center, category, key=key, **PERSON)

    concern.refresh_from_db()
    assert concern.kind == Concern.Kind.APPEAL
    assert concern.due_on == add_working_days(timezone.localdate(), 14)


def test_of_a_press_pressed_twice_the_second_is_told_that_it_is_done(owed, cholpon):
    browser, until = signed_in(cholpon), owed.due_on + timedelta(days=5)
    path = reverse("desk:extend", args=[owed.reference])
    sent = {"version": 0, "until": f"{until:%d.%m.%Y}", "reason": "Тетик күтөбүз"}

    first, second = browser.post(path, sent), browser.post(path, sent)

    assert (first.status_code, second.status_code) == (302, 302)
    assert owed.changes.filter(kind="term").count() == 1


def test_it_is_extended_on_a_page_of_its_own(owed, cholpon):
    browser = signed_in(cholpon)
    address = reverse("desk:extend", args=[owed.reference])
    until = owed.due_on + timedelta(days=5)

    form = browser.get(address)
    done = browser.post(
        address,
        {"version": 0, "until": f"{until:%d.%m.%Y}", "reason": "Тетик күтөбүз"},
    )
    second = browser.get(address)

    last = owed.due_on + timedelta(days=30)
    assert f"эң кеч: {last:%d.%m.%Y}" in form.content.decode()
    assert done.headers["Location"] == second.headers["Location"]
    assert Concern.objects.get(pk=owed.pk).due_on == until
