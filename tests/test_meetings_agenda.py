"""An agenda: in the order it was put in, and it gives nobody away."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from concerns.actions import set_level
from concerns.models import Concern
from concerns.workflow import ENDED, Level, Status
from meetings import actions
from meetings.models import AgendaItem

from .factories import (
    POLICE,
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
from .planning import act, agenda, decide, held_meeting, public_page, registered

pytestmark = pytest.mark.django_db


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
    decide(meeting, cholpon, text_ky="Чечим бар")

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
        act(actions.begin, meeting, elmira)


def test_what_is_too_long_is_not_cut_in_silence(center, elmira):
    # A browser cuts what is pasted at the limit that a page gives it.
    meeting = make_meeting(center)
    browser = signed_in(elmira)
    page = browser.get(meeting.get_desk_url()).content.decode()
    path = reverse("desk:add_topic", args=[meeting.reference])
    words = "а" * 300

    answer = browser.post(
        path, {"version": meeting.version, "topic_ky": words, "topic_ru": "б"}
    )

    form = answer.context["topic_form"]
    assert "topic_ky" in page
    assert "maxlength" not in page
    assert "300" in str(form.errors["topic_ky"])
    assert form["topic_ky"].value() == words
