"""A meeting: planned, published, held; and an agenda that gives nobody away."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from centers.models import JournalEntry
from concerns.actions import set_level
from concerns.models import Concern
from concerns.workflow import ENDED, Level, Status
from meetings import actions
from meetings.actions import Stale
from meetings.models import AgendaItem, Meeting

from .factories import (
    POLICE,
    a_working_day,
    give,
    make_approved,
    make_category,
    make_concern,
    make_hidden_category,
    make_meeting,
    make_published_meeting,
    make_topic,
    put_on_agenda,
    signed_in,
)

pytestmark = pytest.mark.django_db


def act(action, meeting, by, **words):
    meeting.refresh_from_db()
    return action(meeting=meeting, by=by, version=meeting.version, **words)


def registered(center, category=None, **fields):
    return make_concern(center, category, status=Status.REGISTERED, **fields)


def agenda(meeting):
    return [item.topic_ky or item.concern.reference for item in meeting.items.shown()]


def public_page(meeting):
    return Client().get(meeting.get_absolute_url())


def held_meeting(center, **fields):
    return make_published_meeting(
        center,
        status=Meeting.Status.HELD,
        starts_at=timezone.now() - timedelta(hours=2),
        **fields,
    )


# Planning


PLAN = {"kind": "joint", "venue_ky": "Айыл өкмөтү", "venue_ru": "Айыл окмоту"}


@pytest.mark.parametrize("who", ["cholpon", "elmira"])
def test_coordinator_and_council_schedule_a_meeting(who, center, request):
    tomorrow = timezone.now() + timedelta(days=1)

    meeting = actions.schedule(
        center=center, by=request.getfixturevalue(who), starts_at=tomorrow, **PLAN
    )

    assert meeting.is_planned
    assert not meeting.is_published


@pytest.mark.parametrize(
    "who",
    ["bakyt", "nurlan", "farida", "jamila", "olga", "daniyar", "emil", "sultan"],
)
def test_others_schedule_none(who, center, request):
    with pytest.raises(PermissionDenied):
        actions.schedule(
            center=center,
            by=request.getfixturevalue(who),
            starts_at=timezone.now(),
            **PLAN,
        )


ACTS = {
    "replan": lambda **seen: actions.replan(minutes=30, **seen),
    "publish": actions.publish,
    "cancel": lambda **seen: actions.cancel(reason_ky="а", reason_ru="б", **seen),
    "hold": actions.hold,
    "topic": lambda **seen: actions.add_topic(topic_ky="а", topic_ru="б", **seen),
    "concern": lambda **seen: actions.add_concern(
        concern=registered(seen["meeting"].center), **seen
    ),
    "shift": lambda **seen: actions.shift(place=2, up=True, **seen),
    "remove": lambda **seen: actions.remove(place=1, **seen),
    "decide": lambda **seen: actions.decide(place=1, text_ky="а", text_ru="б", **seen),
    "close": lambda **seen: actions.set_closed(place=1, is_closed=True, **seen),
}
every_act = pytest.mark.parametrize("name", ACTS)


@every_act
def test_who_saw_an_older_version_is_told_and_changes_nothing(name, center, elmira):
    meeting = make_meeting(center, version=2)

    with pytest.raises(Stale):
        ACTS[name](meeting=meeting, by=elmira, version=1)

    meeting.refresh_from_db()
    assert (meeting.version, meeting.items.count()) == (2, 0)


@every_act
def test_who_only_takes_part_changes_nothing(name, center, bakyt):
    meeting = make_published_meeting(center)

    with pytest.raises(PermissionDenied):
        ACTS[name](meeting=meeting, by=bakyt, version=0)


@every_act
def test_for_a_stranger_the_meeting_does_not_exist(name, center, daniyar):
    meeting = make_published_meeting(center)

    with pytest.raises(Meeting.DoesNotExist):
        ACTS[name](meeting=meeting, by=daniyar, version=0)


def test_a_planned_meeting_is_moved_to_another_day(center, elmira):
    meeting = make_meeting(center)
    later = meeting.starts_at + timedelta(days=7)

    act(actions.replan, meeting, elmira, starts_at=later)

    meeting.refresh_from_db()
    assert (meeting.starts_at, meeting.version) == (later, 1)


@pytest.mark.parametrize("status", ["held", "cancelled"])
@pytest.mark.parametrize("name", ["replan", "cancel", "hold", "topic", "remove"])
def test_what_was_held_or_cancelled_is_planned_no_more(name, status, center, elmira):
    meeting = make_meeting(
        center, status=status, starts_at=timezone.now() - timedelta(days=1)
    )
    make_topic(meeting)

    with pytest.raises(ValidationError):
        act(ACTS[name], meeting, elmira)


# Who sees it


def test_a_draft_is_seen_by_those_who_plan(center, elmira, bakyt, nurlan):
    meeting = make_meeting(center)

    assert Meeting.objects.visible_to(elmira).get() == meeting
    assert not Meeting.objects.visible_to(bakyt).exists()
    assert not Meeting.objects.visible_to(nurlan).exists()
    assert public_page(meeting).status_code == 404


def test_publishing_shows_it_to_everyone(center, elmira, bakyt):
    meeting = make_meeting(center)

    act(actions.publish, meeting, elmira)

    assert Meeting.objects.visible_to(bakyt).exists()
    assert public_page(meeting).status_code == 200


def test_publishing_is_journalled(center, elmira):
    meeting = make_meeting(center)

    act(actions.publish, meeting, elmira)

    line = JournalEntry.objects.get(kind="published")
    assert (line.by_id, line.subject) == (elmira.pk, meeting.reference)


def test_publishing_twice_is_publishing_once(center, elmira):
    meeting = make_meeting(center)
    act(actions.publish, meeting, elmira)
    meeting.refresh_from_db()
    first = meeting.published_at

    act(actions.publish, meeting, elmira)

    meeting.refresh_from_db()
    assert meeting.published_at == first
    assert JournalEntry.objects.count() == 1


def test_a_closed_meeting_is_for_the_members(center, elmira, bakyt, nurlan, olga):
    meeting = make_published_meeting(center, is_open=False)

    assert Meeting.objects.visible_to(bakyt).exists()
    assert Meeting.objects.visible_to(nurlan).exists()
    assert not Meeting.objects.visible_to(olga).exists()
    assert public_page(meeting).status_code == 404
    assert meeting.number not in (
        Client().get(reverse("meetings:list", args=[center.slug])).content.decode()
    )


def test_a_meeting_of_another_centre_is_not_found_under_this_ones_address(
    center, other_center
):
    meeting = make_published_meeting(other_center)

    response = Client().get(
        reverse("meetings:detail", args=[center.slug, meeting.reference])
    )

    assert response.status_code == 404


def test_a_cancelled_meeting_says_why(center, elmira):
    meeting = make_published_meeting(center)

    act(
        actions.cancel,
        meeting,
        elmira,
        reason_ky="Жол жабык",
        reason_ru="Дорога закрыта",
    )

    page = public_page(meeting).content.decode()
    assert "Жол жабык" in page


# The agenda


def test_a_public_concern_stands_on_the_agenda_by_its_title(center, elmira):
    meeting = make_published_meeting(center)
    concern = make_approved(center, title_ky="Чырак күйбөйт")

    act(actions.add_concern, meeting, elmira, concern=concern)

    page = public_page(meeting).content.decode()
    assert "Чырак күйбөйт" in page
    assert concern.get_absolute_url() in page


def test_a_published_concern_says_where_it_will_be_discussed(center, elmira):
    meeting = make_published_meeting(center)
    concern = make_approved(center)

    act(actions.add_concern, meeting, elmira, concern=concern)

    page = Client().get(concern.get_absolute_url()).content.decode()
    assert meeting.get_absolute_url() in page


def test_public_pages_leave_the_residents_words_in_the_database(
    center, elmira, django_assert_max_num_queries
):
    meeting = make_published_meeting(center)
    concern = make_approved(center)
    act(actions.add_concern, meeting, elmira, concern=concern)

    with django_assert_max_num_queries(30) as asked:
        Client().get(meeting.get_absolute_url())
        Client().get(concern.get_absolute_url())

    questions = " ".join(query["sql"] for query in asked)
    assert '"concerns_concern"."reference"' in questions
    assert '"concerns_concern"."text"' not in questions
    assert '"concerns_concern"."landmark"' not in questions


def test_a_concern_does_not_tell_of_a_meeting_that_is_not_published(center, elmira):
    meeting = make_meeting(center)
    concern = make_approved(center)

    act(actions.add_concern, meeting, elmira, concern=concern)

    page = Client().get(concern.get_absolute_url()).content.decode()
    assert meeting.reference not in page


def restricted_with_words(center):
    return make_approved(
        center,
        make_category(Level.RESTRICTED, name_ky="Мүлк уурдоо"),
        title_ky="Жашыруун аталыш",
        summary_ky="Жашыруун мазмун",
        text="Жашыруун сөз",
        landmark="Жашыруун жер",
    )


def test_a_restricted_concern_stands_on_the_agenda_by_its_number_alone(center, elmira):
    meeting = make_published_meeting(center)
    concern = restricted_with_words(center)

    act(actions.add_concern, meeting, elmira, concern=concern)

    page = public_page(meeting).content.decode()
    assert concern.number in page
    assert "Жашыруун" not in page
    assert "Мүлк уурдоо" not in page


def test_a_restricted_concern_has_no_public_page_to_link_to(center, elmira):
    meeting = make_published_meeting(center)
    concern = restricted_with_words(center)
    act(actions.add_concern, meeting, elmira, concern=concern)

    assert concern.get_absolute_url() not in public_page(meeting).content.decode()
    assert Client().get(concern.get_absolute_url()).status_code == 404


def test_a_public_concern_whose_words_are_not_approved_stands_by_its_number(
    center, elmira
):
    meeting = make_published_meeting(center)
    concern = registered(center, title_ky="Долбоор аталыш", text="Жашыруун сөз")

    act(actions.add_concern, meeting, elmira, concern=concern)

    page = public_page(meeting).content.decode()
    assert concern.number in page
    assert "Долбоор" not in page
    assert "Жашыруун" not in page


def test_a_confidential_concern_is_never_put_on_an_agenda(center, cholpon):
    meeting = make_meeting(center)
    concern = registered(center, make_category(Level.CONFIDENTIAL))

    with pytest.raises(ValidationError) as refused:
        act(actions.add_concern, meeting, cholpon, concern=concern)

    assert set(refused.value.message_dict) == {"concern"}
    assert not AgendaItem.objects.exists()


def test_a_concern_in_custody_does_not_exist_for_those_who_plan(center, cholpon):
    meeting = make_meeting(center)
    concern = registered(center, make_hidden_category(POLICE))

    with pytest.raises(Concern.DoesNotExist):
        act(actions.add_concern, meeting, cholpon, concern=concern)


def test_what_becomes_confidential_leaves_the_agenda_for_everyone(center, cholpon):
    meeting = make_published_meeting(center)
    concern = make_approved(center)
    put_on_agenda(meeting, concern)

    set_level(concern=concern, level=Level.CONFIDENTIAL, by=cholpon, version=0)

    desk = signed_in(cholpon).get(meeting.get_desk_url()).content.decode()
    assert concern.number not in public_page(meeting).content.decode()
    assert concern.number not in desk


def test_a_decision_goes_with_what_became_confidential(center, cholpon):
    meeting = held_meeting(center)
    concern = make_approved(center)
    put_on_agenda(meeting, concern)
    act(
        actions.decide, meeting, cholpon, place=1, text_ky="Чечим бар", text_ru="Решено"
    )

    set_level(concern=concern, level=Level.CONFIDENTIAL, by=cholpon, version=0)

    assert "Чечим бар" not in public_page(meeting).content.decode()


def test_a_concern_of_another_centre_is_not_put_on_the_agenda(
    center, other_center, cholpon
):
    meeting = make_meeting(center)
    concern = make_approved(other_center)

    with pytest.raises(Concern.DoesNotExist):
        act(actions.add_concern, meeting, cholpon, concern=concern)


def test_what_another_side_handles_is_put_there_by_its_summary(center, elmira):
    meeting = make_meeting(center)
    concern = give(make_approved(center), POLICE)

    act(actions.add_concern, meeting, elmira, concern=concern)

    assert agenda(meeting) == [concern.reference]


def test_what_another_side_handles_without_a_summary_is_not_known_here(center, elmira):
    meeting = make_meeting(center)
    concern = give(registered(center), POLICE)

    with pytest.raises(Concern.DoesNotExist):
        act(actions.add_concern, meeting, elmira, concern=concern)


def test_what_nobody_has_registered_is_not_put_on_an_agenda(center, elmira):
    meeting = make_meeting(center)

    with pytest.raises(ValidationError) as refused:
        act(actions.add_concern, meeting, elmira, concern=make_concern(center))

    assert set(refused.value.message_dict) == {"concern"}


@pytest.mark.parametrize("status", sorted(ENDED))
def test_what_has_ended_is_not_put_on_an_agenda(status, center, elmira):
    meeting = make_meeting(center)
    lead = make_concern(center) if status == Status.DUPLICATE else None
    concern = make_concern(center, status=status, lead=lead)

    with pytest.raises(ValidationError) as refused:
        act(actions.add_concern, meeting, elmira, concern=concern)

    assert set(refused.value.message_dict) == {"concern"}


def test_a_concern_stands_on_an_agenda_once(center, elmira):
    meeting = make_meeting(center)
    concern = registered(center)
    act(actions.add_concern, meeting, elmira, concern=concern)

    with pytest.raises(ValidationError) as refused:
        act(actions.add_concern, meeting, elmira, concern=concern)

    assert set(refused.value.message_dict) == {"concern"}


def test_items_keep_the_order_in_which_they_were_put(center, elmira):
    meeting = make_meeting(center)

    for topic in ("а", "б", "в"):
        act(actions.add_topic, meeting, elmira, topic_ky=topic, topic_ru=topic)

    assert agenda(meeting) == ["а", "б", "в"]


@pytest.fixture
def three_topics(center):
    meeting = make_meeting(center)
    for topic in ("а", "б", "в"):
        make_topic(meeting, topic_ky=topic)
    return meeting


@pytest.mark.parametrize(
    ("place", "up", "order"),
    [(2, True, "бав"), (2, False, "авб"), (3, True, "авб"), (1, False, "бав")],
)
def test_an_item_moves_one_place(place, up, order, three_topics, elmira):
    act(actions.shift, three_topics, elmira, place=place, up=up)

    assert agenda(three_topics) == list(order)


@pytest.mark.parametrize(
    ("place", "up"), [(1, True), (3, False), (0, False), (4, True), (99, True)]
)
def test_an_item_does_not_move_past_the_ends(place, up, three_topics, elmira):
    with pytest.raises(ValidationError):
        act(actions.shift, three_topics, elmira, place=place, up=up)

    assert agenda(three_topics) == ["а", "б", "в"]


def test_an_item_is_taken_off(three_topics, elmira):
    act(actions.remove, three_topics, elmira, place=2)

    assert agenda(three_topics) == ["а", "в"]


def test_no_item_takes_the_place_of_one_that_has_disappeared(center, cholpon):
    meeting = make_meeting(center)
    make_topic(meeting, topic_ky="а")
    put_on_agenda(meeting, make_concern(center, level=Level.CONFIDENTIAL))
    make_topic(meeting, topic_ky="б")

    with pytest.raises(ValidationError):
        act(actions.remove, meeting, cholpon, place=2)
    act(actions.shift, meeting, cholpon, place=3, up=True)

    assert agenda(meeting) == ["б", "а"]


def test_a_draft_is_not_held(center, elmira):
    meeting = make_meeting(center, starts_at=timezone.now() - timedelta(hours=1))

    with pytest.raises(ValidationError):
        act(actions.hold, meeting, elmira)


# Holding and deciding


def test_a_meeting_is_held_when_it_has_begun(center, elmira):
    meeting = make_published_meeting(
        center, starts_at=timezone.now() - timedelta(minutes=1)
    )

    act(actions.hold, meeting, elmira)

    meeting.refresh_from_db()
    assert meeting.is_held


def test_a_meeting_to_come_was_not_held(center, elmira):
    with pytest.raises(ValidationError):
        act(actions.hold, make_meeting(center), elmira)


def decide(meeting, by, place=1):
    return act(
        actions.decide,
        meeting,
        by,
        place=place,
        text_ky="Чырак коюлсун.",
        text_ru="Поставить фонарь.",
    )


def test_a_decision_is_recorded_and_read_by_everyone(center, elmira):
    meeting = held_meeting(center)
    make_topic(meeting)

    decision = decide(meeting, elmira)

    assert decision.item.status == AgendaItem.Status.DECIDED
    assert "Чырак коюлсун." in public_page(meeting).content.decode()


def test_a_decision_stands_beside_its_concern_too(center, elmira):
    meeting = held_meeting(center)
    concern = make_approved(center)
    put_on_agenda(meeting, concern)

    decide(meeting, elmira)

    page = Client().get(concern.get_absolute_url()).content.decode()
    assert "Чырак коюлсун." in page


def test_a_decision_recorded_anew_replaces_the_first(center, elmira):
    meeting = held_meeting(center)
    make_topic(meeting)
    decide(meeting, elmira)

    act(actions.decide, meeting, elmira, place=1, text_ky="Жок.", text_ru="Нет.")

    assert meeting.items.get().decision.text_ky == "Жок."


def test_nothing_is_decided_before_the_meeting(three_topics, elmira):
    with pytest.raises(ValidationError):
        decide(three_topics, elmira)


@pytest.mark.parametrize("place", [0, 2, 99])
def test_nothing_is_decided_on_what_is_not_there(place, center, elmira):
    meeting = held_meeting(center)
    make_topic(meeting)

    with pytest.raises(ValidationError):
        decide(meeting, elmira, place)


# The secretary's pages


def post(user, name, *args, **fields):
    return signed_in(user).post(reverse(f"desk:{name}", args=args), fields)


def form(**fields):
    return {
        "kind": "joint",
        "day": f"{a_working_day():%Y-%m-%d}",
        "hour": "14:30",
        "minutes": "90",
        "venue_ky": "Айыл өкмөтү",
        "venue_ru": "Айыл окмоту",
        "is_open": "on",
    } | fields


def test_a_meeting_is_scheduled_by_day_and_hour_of_the_place(center, elmira):
    response = post(elmira, "new_meeting", center.slug, **form())

    meeting = Meeting.objects.get()
    starts_at = timezone.localtime(meeting.starts_at)
    assert response["Location"] == meeting.get_desk_url()
    assert starts_at.date() == a_working_day()
    assert (starts_at.hour, starts_at.minute) == (14, 30)
    assert meeting.is_open


def test_a_meeting_may_be_closed(center, elmira):
    fields = form()
    del fields["is_open"]

    post(elmira, "new_meeting", center.slug, **fields)

    assert not Meeting.objects.get().is_open


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", "party"),
        ("day", ""),
        ("day", "31.02.2027"),
        ("day", "2020-01-01"),
        ("hour", "25:00"),
        ("hour", "\0"),
        ("minutes", "14"),
        ("minutes", "601"),
        ("minutes", "-1"),
        ("venue_ky", ""),
        ("venue_ru", "к" * 201),
    ],
)
def test_a_meeting_with_a_mistake_is_given_back(field, value, center, elmira):
    response = post(elmira, "new_meeting", center.slug, **form(**{field: value}))

    assert response.status_code == 422
    assert set(response.context["form"].errors) == {field}
    assert not Meeting.objects.exists()


def test_who_may_not_schedule_is_told_so(center, bakyt):
    assert post(bakyt, "new_meeting", center.slug, **form()).status_code == 403


def test_for_a_stranger_there_is_nothing_to_schedule(center, daniyar):
    assert post(daniyar, "new_meeting", center.slug, **form()).status_code == 404


def test_a_stale_change_shows_the_new_state_and_keeps_the_words(center, elmira):
    meeting = make_meeting(center, version=5)

    response = post(
        elmira,
        "edit_meeting",
        meeting.reference,
        **form(version=4, venue_ky="Менин жайым"),
    )

    assert response.status_code == 409
    assert "Менин жайым" in response.content.decode()
    assert response.context["form"]["version"].value() == 5


def test_a_stale_change_keeps_the_day_the_hour_and_that_it_is_closed(center, elmira):
    meeting = make_meeting(center, version=5)
    fields = form(version=4, hour="09:15")
    del fields["is_open"]

    response = post(elmira, "edit_meeting", meeting.reference, **fields)

    kept = response.context["form"]
    assert (kept["day"].value(), kept["hour"].value()) == (fields["day"], "09:15")
    assert not kept["is_open"].value()


def test_a_stale_topic_keeps_its_words(center, elmira):
    meeting = make_meeting(center, version=5)

    response = post(
        elmira,
        "add_topic",
        meeting.reference,
        version=4,
        topic_ky="Менин маселем",
        topic_ru="Мой вопрос",
    )

    assert response.status_code == 409
    assert "Менин маселем" in response.content.decode()
    assert not meeting.items.exists()


def test_a_draft_of_a_meeting_can_be_changed(center, elmira):
    meeting = make_meeting(center)

    response = post(
        elmira, "edit_meeting", meeting.reference, **form(version=0, minutes="60")
    )

    meeting.refresh_from_db()
    assert response["Location"] == meeting.get_desk_url()
    assert meeting.minutes == 60


@pytest.mark.parametrize("reference", ["", "00000000", "\0", "к", "1" * 100])
def test_a_concern_that_is_not_there_is_refused(reference, center, elmira):
    meeting = make_meeting(center)

    response = post(
        elmira, "add_concern", meeting.reference, version=0, concern=reference
    )

    assert response.status_code == 422
    assert not meeting.items.exists()


def test_a_confidential_concern_is_refused_by_the_form_too(center, cholpon):
    meeting = make_meeting(center)
    concern = registered(center, make_category(Level.CONFIDENTIAL))

    response = post(
        cholpon, "add_concern", meeting.reference, version=0, concern=concern.reference
    )

    assert response.status_code == 422
    assert concern.number not in response.content.decode()


def test_the_order_of_a_meeting_that_was_held_stands(three_topics, elmira):
    Meeting.objects.update(status=Meeting.Status.HELD)

    with pytest.raises(ValidationError):
        act(actions.shift, three_topics, elmira, place=1, up=False)


@pytest.mark.parametrize(
    ("do", "order"), [("up", "бав"), ("down", "авб"), ("remove", "ав")]
)
def test_the_agenda_is_arranged_by_buttons(do, order, three_topics, elmira):
    post(elmira, "arrange", three_topics.reference, version=0, place=2, do=do)

    assert agenda(three_topics) == list(order)


@pytest.mark.parametrize("place", ["", "-1", "9", "\0", "x"])
def test_a_place_that_is_not_there_changes_nothing(place, three_topics, elmira):
    response = post(
        elmira, "arrange", three_topics.reference, version=0, place=place, do="up"
    )

    assert response.status_code == 422
    assert agenda(three_topics) == ["а", "б", "в"]


def test_a_button_that_is_not_there_changes_nothing(three_topics, elmira):
    response = post(
        elmira, "arrange", three_topics.reference, version=0, place=2, do="burn"
    )

    assert response.status_code == 422
    assert agenda(three_topics) == ["а", "б", "в"]


def test_publish_hold_and_decide_by_buttons(center, elmira):
    meeting = make_meeting(center, starts_at=timezone.now() - timedelta(hours=1))
    make_topic(meeting)

    post(elmira, "publish_meeting", meeting.reference, version=0)
    post(elmira, "hold_meeting", meeting.reference, version=1)
    post(
        elmira,
        "decide",
        meeting.reference,
        version=2,
        place=1,
        text_ky="Чырак коюлсун.",
        text_ru="Поставить фонарь.",
    )

    meeting.refresh_from_db()
    assert meeting.is_held
    assert "Чырак коюлсун." in public_page(meeting).content.decode()


def test_a_decision_without_words_is_asked_again(center, elmira):
    meeting = held_meeting(center)
    make_topic(meeting)

    response = post(
        elmira,
        "decide",
        meeting.reference,
        version=0,
        place=1,
        text_ky="Чырак",
        text_ru="",
    )

    assert response.status_code == 422
    assert "Чырак" in response.content.decode()


def test_a_cancelled_meeting_needs_a_reason_in_both_languages(center, elmira):
    meeting = make_published_meeting(center)

    response = post(
        elmira,
        "cancel_meeting",
        meeting.reference,
        version=0,
        reason_ky="Жол жабык",
        reason_ru="",
    )

    meeting.refresh_from_db()
    assert response.status_code == 422
    assert meeting.is_planned
