"""How long an item of an agenda takes, and who presents it."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from centers.actions import end_membership
from meetings import actions

from .factories import (
    make_concern,
    make_meeting,
    make_published_meeting,
    make_topic,
    signed_in,
)
from .planning import act, public_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting(center):
    return make_meeting(center)


def page(user, meeting):
    return signed_in(user).get(meeting.get_desk_url()).content.decode()


def plan(user, meeting, place=1, **fields):
    meeting.refresh_from_db()
    path = reverse("desk:plan_item", args=[meeting.reference, place])
    item = meeting.items.get(order=place)
    words = {"topic_ky": item.topic_ky, "topic_ru": item.topic_ru}
    seen = {"version": meeting.version} | (words if item.is_topic else {})
    return signed_in(user).post(path, seen | fields)


def test_an_item_gets_its_minutes_and_who_presents_it(meeting, elmira, bakyt):
    item = make_topic(meeting)

    answer = plan(elmira, meeting, minutes="20", presenter=membership(bakyt))

    item.refresh_from_db()
    assert answer["Location"] == f"{meeting.get_desk_url()}#item-1"
    assert (item.minutes, item.presenter) == (20, bakyt)
    assert bakyt.full_name in page(elmira, meeting)


def test_a_topic_is_worded_anew(meeting, elmira):
    item = make_topic(meeting, topic_ky="Жарык", topic_ru="Свет", minutes=20)

    plan(elmira, meeting, minutes="20", topic_ky="Көчө жарыгы", topic_ru="Свет улиц")

    item.refresh_from_db()
    assert (item.topic_ky, item.topic_ru) == ("Көчө жарыгы", "Свет улиц")
    assert item.minutes == 20


def test_each_item_is_offered_its_own(meeting, elmira, bakyt):
    make_topic(meeting, topic_ky="Жарык", minutes=20)
    make_topic(meeting, topic_ky="Иттер", presenter=bakyt)

    context = signed_in(elmira).get(meeting.get_desk_url()).context

    names = ["topic_ky", "minutes", "presenter"]
    offered = [[item.form[name].value() for name in names] for item in context["items"]]
    assert offered == [["Жарык", 20, ""], ["Иттер", None, membership(bakyt)]]
    assert context["topic_form"]["topic_ky"].value() is None


def test_a_topic_keeps_words(meeting, elmira):
    item = make_topic(meeting, topic_ky="Жарык", topic_ru="Свет")

    answer = plan(elmira, meeting, topic_ky="", topic_ru="Свет улиц")

    item.refresh_from_db()
    assert set(answer.context["plan_form"].errors) == {"topic_ky"}
    assert answer.context["plan_form"]["topic_ru"].value() == "Свет улиц"
    assert item.topic_ru == "Свет"


def test_a_concern_and_an_action_are_called_as_they_are(center, meeting, elmira):
    concern = make_concern(center, status="in_progress")
    meeting.items.create(concern=concern, order=1)

    form = signed_in(elmira).get(meeting.get_desk_url()).context["items"][0].form
    plan(elmira, meeting, topic_ky="а", topic_ru="а")

    assert {"topic_ky", "topic_ru"}.isdisjoint(form.fields)
    assert not meeting.items.get().topic


def test_words_of_one_item_are_not_offered_for_another(meeting, elmira):
    make_topic(meeting, topic_ky="Жарык", topic_ru="Свет")
    make_topic(meeting, topic_ky="Иттер", topic_ru="Собаки")
    browser = signed_in(elmira)
    seen = browser.get(meeting.get_desk_url()).context["items"][0].form
    act(actions.shift, meeting, elmira, place=1, up=False)

    sent = {name: seen[name].value() for name in ("about", "version")}
    typed = {"topic_ky": "Көчө жарыгы", "topic_ru": "Свет улиц"}
    path = reverse("desk:plan_item", args=[meeting.reference, 1])
    answer = browser.post(path, sent | typed)

    assert answer.status_code == 409
    assert "Көчө жарыгы" in answer.context["words"]
    offered = [item.form["topic_ky"].value() for item in answer.context["items"]]
    assert offered == ["Иттер", "Жарык"]


def membership(user):
    return user.memberships.get().reference


def test_who_presents_it_and_left_is_shown_as_such(meeting, elmira, bakyt, cholpon):
    make_topic(meeting, presenter=bakyt)
    shown = f"{bakyt.full_name} ({_('left the centre')})"
    before = page(elmira, meeting)

    end_membership(membership=bakyt.memberships.get(), by=cholpon)

    assert shown not in before
    assert shown in page(elmira, meeting)
    # Whoever plans it says anew who presents it.
    assert plan(elmira, meeting, minutes="5", presenter="").status_code == 302
    assert bakyt.full_name not in page(elmira, meeting)


def test_both_may_be_taken_away_again(meeting, elmira, bakyt):
    item = make_topic(meeting, minutes=20, presenter=bakyt)

    plan(elmira, meeting, minutes="", presenter="")

    item.refresh_from_db()
    assert (item.minutes, item.presenter) == (None, None)


@pytest.mark.parametrize("minutes", ["0", "241", "-1", "x", "9" * 30])
def test_minutes_out_of_range_are_a_mistake_beside_the_field(minutes, meeting, elmira):
    make_topic(meeting)

    answer = plan(elmira, meeting, minutes=minutes)

    assert answer.status_code == 422
    assert set(answer.context["plan_form"].errors) == {"minutes"}
    assert answer.context["items"][0].form is answer.context["plan_form"]


@pytest.mark.parametrize("who", ["olga", "daniyar", "emil"])
def test_only_a_member_of_the_centre_presents(who, meeting, elmira, request):
    make_topic(meeting)
    stranger = request.getfixturevalue(who)

    answer = plan(elmira, meeting, presenter=membership(stranger))

    assert answer.status_code == 422
    with pytest.raises(ValidationError):
        act(actions.plan_item, meeting, elmira, place=1, presenter=stranger)


def test_who_only_takes_part_plans_no_item(center, bakyt):
    meeting = make_published_meeting(center)
    make_topic(meeting)

    with pytest.raises(PermissionDenied):
        act(actions.plan_item, meeting, bakyt, place=1, minutes=5)


def test_what_was_typed_too_late_is_kept(meeting, elmira):
    make_topic(meeting)
    make_topic(meeting)
    path = reverse("desk:plan_item", args=[meeting.reference, 2])
    plan(elmira, meeting, minutes="10")

    typed = {"topic_ky": "Арык", "topic_ru": "Арык", "minutes": "35"}
    answer = signed_in(elmira).post(path, {"version": 0} | typed)

    assert answer.status_code == 409
    assert answer.context["items"][1].form["topic_ky"].value() == "Арык"
    assert answer.context["items"][1].form["minutes"].value() == "35"


@pytest.mark.parametrize(("minutes", "over"), [(30, 0), (90, 60)])
def test_the_minutes_are_added_up_and_too_many_are_said_so(
    minutes, over, center, elmira
):
    meeting = make_meeting(center, minutes=60)
    make_topic(meeting, minutes=minutes)
    make_topic(meeting, minutes=30)

    context = signed_in(elmira).get(meeting.get_desk_url()).context

    assert (context["minutes"], context["minutes_over"]) == (minutes + 30, over)


def test_everyone_reads_the_minutes_and_nobody_who_presents(center, bakyt):
    meeting = make_published_meeting(center)
    make_topic(meeting, minutes=25, presenter=bakyt)

    shown = public_page(meeting).content.decode()

    assert "25" in shown
    assert bakyt.full_name not in shown


def test_the_database_keeps_the_minutes_in_range(meeting):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_topic(meeting, minutes=241)
