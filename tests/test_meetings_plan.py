"""The joint plan that everyone reads: what was promised, and what came of it."""

from datetime import datetime, timedelta
from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from concerns.actions import set_level
from concerns.workflow import Level
from meetings.models import Action, Meeting

from .factories import (
    COUNCIL,
    POLICE,
    make_action,
    make_approved,
    make_category,
    make_concern,
    make_decision,
    make_topic,
    partner_of,
    put_on_agenda,
)
from .planning import held_meeting, running_meeting

pytestmark = pytest.mark.django_db

YESTERDAY = timezone.localdate() - timedelta(days=1)
TOMORROW = timezone.localdate() + timedelta(days=1)


def promised(center, *, item=None, **fields):
    item = item or make_topic(held_meeting(center))
    return make_action(make_decision(item), **fields)


def plan(center, **chosen):
    return Client().get(reverse("meetings:plan", args=[center.slug]), chosen)


def planned(center, **chosen):
    return list(plan(center, **chosen).context["actions"])


def test_everyone_reads_who_does_what_by_when_and_why(center):
    concern = make_approved(center, title_ky="Көчө караңгы")
    item = put_on_agenda(held_meeting(center), concern)
    action = promised(center, item=item, due_on=TOMORROW, indicator_ky="Чырак күйөт")
    action.decision.answers.add(concern)

    page = plan(center).content.decode()

    for said in (
        *(action.text_ky, "Көчө караңгы", "Чырак күйөт"),
        *(partner_of(center, COUNCIL).name, concern.get_absolute_url()),
        item.meeting.get_absolute_url(),
    ):
        assert said in page


def test_nobody_is_named_in_it(center, elmira):
    promised(center, person=elmira)

    assert elmira.full_name not in plan(center).content.decode()


def test_what_is_late_says_so_and_stands_first(center):
    done = promised(center, status="done", due_on=YESTERDAY, finished_on=YESTERDAY)
    coming, late = promised(center, due_on=TOMORROW), promised(center, due_on=YESTERDAY)

    assert planned(center) == [late, coming, done]
    assert "Мөөнөтү өттү" in plan(center).content.decode()


def test_it_counts_what_was_done_on_time_and_what_late(center):
    promised(center, status="done", due_on=YESTERDAY, finished_on=YESTERDAY)
    promised(center, status="confirmed", due_on=TOMORROW, finished_on=YESTERDAY)
    promised(center, status="done", due_on=YESTERDAY, finished_on=TOMORROW)
    promised(center, due_on=YESTERDAY)
    promised(center, due_on=TOMORROW)
    promised(center, status="not_done", due_on=YESTERDAY)

    assert plan(center).context["figures"] == {
        "all": 6,
        "on_time": 2,
        "late": 1,
        "confirmed": 1,
        "overdue": 1,
        "running": 1,
        "not_done": 1,
    }


def test_it_is_narrowed_by_year_side_and_state(center):
    of_council = promised(center, due_on=YESTERDAY.replace(year=2020))
    of_police = promised(center, due_on=YESTERDAY, partner=partner_of(center, POLICE))

    assert planned(center, year=2020) == [of_council]
    assert planned(center, side="police") == [of_police]
    assert planned(center, state="overdue") == [of_council, of_police]
    assert planned(center, state="confirmed") == []
    assert planned(center, year="x", side="y", state="z") == [of_council, of_police]


def not_to_be_read(center):
    """Yield actions that everyone must not read of, by what keeps them apart."""
    closed = make_topic(held_meeting(center), is_closed=True)
    yield "closed item", promised(center, item=closed)
    meeting = make_topic(held_meeting(center, is_open=False))
    yield "closed meeting", promised(center, item=meeting)
    running = make_topic(running_meeting(center))
    yield "meeting that goes on", promised(center, item=running)
    restricted = make_approved(center, make_category(Level.RESTRICTED))
    item = put_on_agenda(held_meeting(center), restricted)
    yield "restricted concern", promised(center, item=item)
    unpublished = put_on_agenda(held_meeting(center), make_concern(center))
    yield "unpublished concern", promised(center, item=unpublished)


def test_what_is_not_public_is_not_in_it(center):
    kept_apart = dict(not_to_be_read(center))

    assert planned(center) == []
    assert plan(center).context["figures"]["all"] == 0
    assert len(kept_apart) == Action.objects.count() == 5


def test_what_is_not_public_has_no_page(center):
    for why, action in not_to_be_read(center):
        answer = Client().get(action.get_absolute_url())

        assert answer.status_code == 404, why


def test_of_what_it_answers_it_names_what_is_public_alone(center):
    action = promised(center)
    hidden = make_approved(center, title_ky="Сырын сактайт", published_at=None)
    action.decision.answers.add(hidden)

    assert "Сырын сактайт" not in plan(center).content.decode()


def test_what_became_confidential_is_gone_from_it(center, cholpon):
    concern = make_approved(center)
    promised(center, item=put_on_agenda(held_meeting(center), concern))
    assert len(planned(center)) == 1

    set_level(concern=concern, level=Level.CONFIDENTIAL, by=cholpon, version=0)

    assert planned(center) == []


def test_what_another_centre_promised_stands_in_its_own_plan(center, other_center):
    promised(other_center)

    assert planned(center) == []


def test_an_empty_plan_says_so(center):
    assert "Азырынча эч нерсе пландалган жок" in plan(center).content.decode()


def test_it_is_downloaded_for_excel_with_words_that_compute_nothing(center):
    action = promised(center, text_ky="=1+1", due_on=YESTERDAY)

    answer = Client().get(reverse("meetings:plan_sheet", args=[center.slug]))

    sheet = load_workbook(BytesIO(answer.content)).active
    names, row = sheet.iter_rows()
    assert len(names) == len(row)
    assert (row[8].value, row[8].data_type) == ("=1+1", "s")
    assert row[12].value.date() == action.due_on
    assert row[14].value == "мөөнөтү өттү"


@pytest.mark.parametrize("number", [1, 120])
def test_a_long_plan_asks_as_much_as_a_short_one(
    number, center, django_assert_max_num_queries
):
    for _ in range(number):
        concern = make_approved(center)
        item = put_on_agenda(held_meeting(center), concern)
        action = promised(center, item=item)
        action.decision.answers.add(concern)
        action.co_executors.add(partner_of(center, POLICE))

    with django_assert_max_num_queries(8):
        page = plan(center)

    assert page.context["figures"]["all"] == number
    assert page.context["next"] == (2 if number > 20 else None)


def test_a_meeting_before_dawn_is_of_its_own_day_in_excel(center):
    meeting = held_meeting(center)
    dawn = timezone.localtime().replace(hour=1, minute=0)
    Meeting.objects.update(starts_at=dawn)
    promised(center, item=make_topic(meeting))

    answer = Client().get(reverse("meetings:plan_sheet", args=[center.slug]))

    _names, row = load_workbook(BytesIO(answer.content)).active.values
    assert dawn.date() in [one.date() for one in row if isinstance(one, datetime)]
