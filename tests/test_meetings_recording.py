"""A meeting while it goes on: what was said and decided, by two at once."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from concerns import actions as concern_actions
from concerns.models import Concern
from concerns.workflow import Level, Status
from meetings import actions
from meetings.actions import Stale
from meetings.models import AgendaItem, Decision, Meeting

from .factories import (
    COUNCIL,
    POLICE,
    SUPPORTER,
    give,
    make_action,
    make_approved,
    make_concern,
    make_decision,
    make_topic,
    partner_of,
    put_on_agenda,
    signed_in,
)
from .planning import decide, held_meeting, public_page, record, running_meeting
from .plans import signed_plan

pytestmark = pytest.mark.django_db


def post(user, name, *where, **fields):
    return signed_in(user).post(reverse(f"desk:{name}", args=where), fields)


# What was said


WORDS = {
    "heard_ky": "Участкалык уктурду",
    "heard_ru": "Участковый доложил",
    "discussed_ky": "Көчө караңгы",
    "discussed_ru": "Улица тёмная",
}


def test_what_was_heard_and_discussed_is_kept(center, elmira):
    meeting = running_meeting(center)
    make_topic(meeting)

    item = record(meeting, elmira, **WORDS)

    item.refresh_from_db()
    assert {name: getattr(item, name) for name in WORDS} == WORDS
    assert item.status == AgendaItem.Status.OPEN


@pytest.mark.parametrize("outcome", ["noted", "postponed"])
def test_an_item_may_end_without_a_decision(outcome, center, elmira):
    meeting = running_meeting(center)
    make_topic(meeting)

    assert record(meeting, elmira, outcome=outcome).status == outcome


def test_a_decision_needs_words_in_one_language_at_least(center, elmira):
    meeting = running_meeting(center)
    make_topic(meeting)

    with pytest.raises(ValidationError):
        decide(meeting, elmira, text_ky="", text_ru="")
    decide(meeting, elmira, text_ky="", text_ru="Поставить фонарь.")

    assert "Поставить фонарь." in meeting.items.get().decision.text_ru


def test_a_vote_is_three_numbers(center, elmira):
    meeting = running_meeting(center)
    make_topic(meeting)

    with pytest.raises(ValidationError):
        decide(meeting, elmira, way="vote", votes_for=5)
    votes = {"votes_for": 5, "votes_against": 1, "votes_abstained": 0}
    decide(meeting, elmira, way="vote", **votes)

    decision = Decision.objects.get()
    assert {name: getattr(decision, name) for name in votes} == votes


def test_numbers_beside_a_consensus_were_not_meant(center, elmira):
    meeting = running_meeting(center)
    make_topic(meeting)

    decide(meeting, elmira, votes_for=5)

    assert Decision.objects.get().votes_for is None


def test_how_it_was_decided_is_read_by_everyone(center, elmira):
    meeting = held_meeting(center)
    make_topic(meeting)
    decide(
        *(meeting, elmira),
        **{"way": "vote", "votes_for": 5, "votes_against": 2, "votes_abstained": 1},
    )

    assert "Макул: 5, каршы: 2, калыс калды: 1" in public_page(meeting).content.decode()


def test_a_decision_stands_beside_its_concern_too(center, elmira, client):
    meeting = held_meeting(center)
    concern = make_approved(center)
    put_on_agenda(meeting, concern)

    decide(meeting, elmira, text_ky="Чырак коюлсун.")

    page = client.get(concern.get_absolute_url()).content.decode()
    assert "Чырак коюлсун." in page


def test_a_decision_recorded_anew_replaces_the_first(center, elmira):
    meeting = held_meeting(center)
    make_topic(meeting)
    decide(meeting, elmira)

    decide(meeting, elmira, text_ky="Жок.")

    assert Decision.objects.get().text_ky == "Жок."


def test_a_decision_taken_back_is_gone(center, elmira):
    meeting = running_meeting(center)
    make_topic(meeting)
    decide(meeting, elmira)

    record(meeting, elmira, outcome="postponed")

    assert not Decision.objects.exists()


def test_a_decision_that_somebody_acts_upon_stays(center, elmira):
    meeting = running_meeting(center)
    make_action(make_decision(make_topic(meeting, status="decided")))

    with pytest.raises(ValidationError):
        record(meeting, elmira, outcome="noted")

    assert Decision.objects.exists()


def test_nothing_is_recorded_before_the_meeting(three_topics, elmira):
    with pytest.raises(ValidationError):
        decide(three_topics, elmira)


@pytest.mark.parametrize("place", [0, 2, 99])
def test_nothing_is_recorded_on_what_is_not_there(place, center, elmira):
    meeting = running_meeting(center)
    make_topic(meeting)

    with pytest.raises(ValidationError):
        actions.record(meeting=meeting, place=place, by=elmira, version=0)


def test_who_only_takes_part_records_nothing(center, bakyt, daniyar):
    meeting = running_meeting(center)
    make_topic(meeting)

    with pytest.raises(PermissionDenied):
        decide(meeting, bakyt)
    with pytest.raises(Meeting.DoesNotExist):
        decide(meeting, daniyar)


# Two at once


def test_two_record_two_items_at_once(center, cholpon, elmira):
    meeting = running_meeting(center)
    make_topic(meeting), make_topic(meeting)

    actions.record(meeting=meeting, place=1, by=elmira, version=0, heard_ky="Бир")
    actions.record(meeting=meeting, place=2, by=cholpon, version=0, heard_ky="Эки")

    heard = list(meeting.items.values_list("heard_ky", flat=True))
    assert heard == ["Бир", "Эки"]


def test_two_on_one_item_never_overwrite_each_other(center, cholpon, elmira):
    meeting = running_meeting(center)
    make_topic(meeting)
    actions.record(meeting=meeting, place=1, by=elmira, version=0, heard_ky="Бир")

    with pytest.raises(Stale):
        actions.record(meeting=meeting, place=1, by=cholpon, version=0, heard_ky="Эки")

    assert meeting.items.get().heard_ky == "Бир"


def test_who_was_slower_sees_both_and_may_send_again(center, cholpon, elmira):
    meeting = running_meeting(center)
    make_topic(meeting)
    record(meeting, elmira, heard_ky="Эмнени Элмира жазды")
    where = (meeting.reference, 1)
    hers = {"outcome": "open", "heard_ky": "Эмнени Чолпон жазды"}

    answer = post(cholpon, "run_item", *where, version=0, **hers)
    page = answer.content.decode()
    version = answer.context["form"]["version"].value()
    again = post(cholpon, "run_item", *where, version=version, **hers)

    assert answer.status_code == 409
    assert "Эмнени Элмира жазды" in page and "Эмнени Чолпон жазды" in page
    assert again.status_code == 302
    assert meeting.items.get().heard_ky == "Эмнени Чолпон жазды"


# As it is typed


def test_what_is_typed_is_kept_by_itself(center, elmira):
    meeting = running_meeting(center)
    make_topic(meeting)
    words = {"outcome": "open", "heard_ky": "Сөз ортосунда", "draft": "1"}

    answer = post(elmira, "run_item", meeting.reference, 1, version=0, **words)

    assert answer.json() == {"version": 1, "whole": True}
    assert meeting.items.get().heard_ky == "Сөз ортосунда"


@pytest.mark.parametrize("outcome", ["open", "noted", "postponed"])
def test_a_decision_typed_before_its_outcome_is_not_called_kept(
    outcome, center, elmira
):
    meeting = running_meeting(center)
    make_topic(meeting)
    words = {"outcome": outcome, "text_ky": "Чечим", "text_ru": "Решение"}
    where = meeting.reference, 1

    typed = post(elmira, "run_item", *where, version=0, **words, draft="1")
    saved = post(elmira, "run_item", *where, version=1, **words)

    assert typed.json() == {"version": 1, "whole": False}
    assert saved.status_code == 422
    assert set(saved.context["form"].errors) == {"outcome"}
    assert saved.context["form"]["text_ky"].value() == "Чечим"


def test_a_wrong_press_takes_no_decision_back_by_itself(center, elmira):
    meeting = running_meeting(center)
    make_topic(meeting)
    decide(meeting, elmira, text_ky="Чечим")
    other = make_approved(center, status=Status.REGISTERED)
    Decision.objects.get().answers.add(other)
    words = {"outcome": "postponed", "heard_ky": "Угулду", "text_ky": "Чечим"}

    post(elmira, "run_item", meeting.reference, 1, version=1, **words, draft="1")

    item = meeting.items.get()
    assert (item.status, item.heard_ky) == ("decided", "Угулду")
    assert list(item.decision.answers.all()) == [other]


def test_a_word_to_the_reporter_without_a_move_is_not_lost(on_agenda, elmira):
    meeting, concern = on_agenda
    sent = {"version": 0, "concern_version": concern.version, "outcome": "noted"}

    answer = post(
        *(elmira, "run_item", meeting.reference, 1), **sent, target="", note="Сөз"
    )

    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"target"}
    assert answer.context["form"]["note"].value() == "Сөз"


def test_a_move_that_cannot_be_any_more_is_refused_and_its_words_stay(
    on_agenda, elmira, bakyt
):
    meeting, concern = on_agenda
    give(concern, POLICE, bakyt)
    sent = {"version": 0, "concern_version": 0, "outcome": "noted"}

    answer = post(
        *(elmira, "run_item", meeting.reference, 1),
        **sent,
        target=Status.RESOLVED,
        note="Сөз",
    )

    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"target"}
    assert answer.context["form"]["note"].value() == "Сөз"
    assert meeting.items.get().status == "open"


def test_a_decision_only_begun_does_not_lose_the_rest(center, elmira):
    meeting = running_meeting(center)
    make_topic(meeting)
    words = {"outcome": "decided", "heard_ky": "Угулду", "draft": "1"}

    answer = post(elmira, "run_item", meeting.reference, 1, version=0, **words)

    item = meeting.items.get()
    assert answer.status_code == 200
    assert (item.heard_ky, item.status) == ("Угулду", "open")


def test_what_is_sent_by_itself_moves_no_concern(center, elmira):
    meeting = running_meeting(center)
    concern = make_concern(center, status=Status.REGISTERED)
    put_on_agenda(meeting, concern)
    words = {"outcome": "open", "target": "in_progress", "draft": "1"}

    post(
        *(elmira, "run_item", meeting.reference, 1),
        **{"version": 0, "concern_version": concern.version} | words,
    )

    concern.refresh_from_db()
    assert concern.status == Status.REGISTERED


def test_by_itself_nothing_of_another_is_overwritten(center, cholpon, elmira):
    meeting = running_meeting(center)
    make_topic(meeting)
    record(meeting, elmira, heard_ky="Бир")
    words = {"outcome": "open", "heard_ky": "Эки", "draft": "1"}

    answer = post(cholpon, "run_item", meeting.reference, 1, version=0, **words)

    assert answer.status_code == 409
    assert meeting.items.get().heard_ky == "Бир"


# The concern itself


@pytest.fixture
def on_agenda(center):
    """A concern in work, on the agenda of a meeting that goes on."""
    meeting = running_meeting(center)
    concern = make_concern(center, status=Status.IN_PROGRESS)
    put_on_agenda(meeting, concern)
    return meeting, concern


def test_a_decision_moves_its_concern_and_tells_the_reporter(on_agenda, elmira):
    meeting, concern = on_agenda

    decide(
        *(meeting, elmira),
        **{"target": Status.RESOLVED, "note": "Чырак коюлду", "concern_version": 0},
    )

    concern.refresh_from_db()
    change = concern.changes.last()
    assert (concern.status, change.note) == (Status.RESOLVED, "Чырак коюлду")


def test_a_move_refused_leaves_no_decision(on_agenda, elmira):
    meeting, concern = on_agenda

    with pytest.raises(ValidationError):
        decide(meeting, elmira, target=Status.RESOLVED, note="", concern_version=0)

    assert not Decision.objects.exists()
    assert meeting.items.get().version == 0


def test_a_concern_changed_meanwhile_leaves_no_decision(on_agenda, elmira, cholpon):
    meeting, concern = on_agenda
    concern_actions.set_level(
        concern=concern, level=Level.RESTRICTED, by=cholpon, version=0
    )

    answer = post(
        *(elmira, "run_item", meeting.reference, 1),
        **{
            "version": 0,
            "concern_version": 0,
            "outcome": "decided",
            "text_ky": "Чечим",
        },
        **{"target": "resolved", "note": "Чечилди"},
    )

    assert answer.status_code == 409
    assert "Чечилди" in answer.content.decode()
    assert not Decision.objects.exists()


def test_saved_twice_at_once_it_is_recorded_once(on_agenda, elmira):
    meeting, concern = on_agenda
    sent = {
        "version": 0,
        "heard_ky": "Угулду",
        "outcome": "decided",
        "text_ky": "Чечим",
        "text_ru": "Решение",
        "way": "consensus",
        "target": Status.RESOLVED,
        "concern_version": concern.version,
        "note": "Сөз",
    }

    answers = [post(elmira, "run_item", meeting.reference, 1, **sent) for _ in range(2)]

    concern.refresh_from_db()
    assert [answer.status_code for answer in answers] == [302, 302]
    assert concern.changes.filter(new=Status.RESOLVED).count() == 1
    assert meeting.items.get().version == 1


def test_the_meeting_confirms_what_another_side_has_solved(center, elmira, bakyt):
    meeting = running_meeting(center)
    concern = make_approved(center, status=Status.RESOLVED)
    give(concern, POLICE, bakyt)
    put_on_agenda(meeting, concern)
    assert not Concern.objects.visible_to(elmira).exists()

    decide(meeting, elmira, target=Status.CLOSED, concern_version=concern.version)

    concern.refresh_from_db()
    assert concern.status == Status.CLOSED
    assert concern.changes.last().side == "meeting"


def test_who_may_not_read_a_concern_moves_it_no_other_way(center, elmira, bakyt):
    meeting = running_meeting(center)
    concern = make_approved(center, status=Status.IN_PROGRESS)
    give(concern, POLICE, bakyt)
    put_on_agenda(meeting, concern)

    page = signed_in(elmira).get(reverse("desk:run_item", args=[meeting.reference, 1]))

    assert "target" not in page.context["form"].fields
    with pytest.raises(Concern.DoesNotExist):
        decide(meeting, elmira, target=Status.RESOLVED, note="а", concern_version=0)


def test_a_decision_answers_its_own_concern_and_others(center, elmira):
    meeting = running_meeting(center)
    own, other = (make_approved(center, status=Status.REGISTERED) for _ in range(2))
    put_on_agenda(meeting, own)
    decide(meeting, elmira)

    answer = post(
        *(elmira, "run_answers", meeting.reference, 1),
        **{"version": 1, "concerns": other.reference},
    )

    assert answer.status_code == 302
    assert set(Decision.objects.get().answers.all()) == {own, other}


def test_a_decision_answers_no_concern_that_one_may_not_know_of(center, elmira):
    theirs = make_concern(center, status=Status.REGISTERED)
    give(theirs, POLICE)
    meeting = running_meeting(center)
    make_decision(make_topic(meeting))
    answers = elmira, "run_answers", meeting.reference, 1

    page = signed_in(elmira).get(reverse("desk:run_answers", args=answers[2:]))
    sent = post(*answers, version=0, concerns=[theirs.reference])
    actions.answer(meeting=meeting, place=1, by=elmira, version=0, concerns=[theirs])

    assert theirs.number not in page.content.decode()
    assert sent.status_code == 422
    assert not Decision.objects.get().answers.exists()


def test_a_decision_answers_no_confidential_concern(center, cholpon):
    meeting = running_meeting(center)
    make_topic(meeting)
    decide(meeting, cholpon)
    hidden = make_concern(center, level=Level.CONFIDENTIAL, status=Status.REGISTERED)

    answer = post(
        *(cholpon, "run_answers", meeting.reference, 1),
        **{"version": 1, "concerns": hidden.reference},
    )

    assert answer.status_code == 422
    assert not Decision.objects.get().answers.exists()


def becomes_confidential(concern, by):
    concern_actions.set_level(
        concern=concern, level=Level.CONFIDENTIAL, by=by, version=0
    )


def is_taken_back(concern, by):
    concern_actions.withdraw(concern=concern)


@pytest.mark.parametrize("change", [becomes_confidential, is_taken_back])
def test_what_may_not_be_discussed_any_more_is_recorded_no_more(
    change, on_agenda, cholpon, elmira
):
    meeting, concern = on_agenda
    browser, place = signed_in(elmira), [meeting.reference, 1]
    change(concern, cholpon)

    page = browser.get(reverse("desk:run_item", args=place))
    words = {"version": 0, "outcome": "noted", "heard_ky": "Сөз"}
    sent = post(elmira, "run_item", *place, **words)

    assert [page.status_code, sent.status_code] == [404, 404]
    assert not meeting.items.get().heard_ky
    run = browser.get(reverse("desk:run", args=place[:1])).content.decode()
    assert concern.number not in run


# Who does what


def who_does_what(center, **fields):
    return {
        "version": 0,
        "text_ky": "Чыракты алмаштыруу",
        "text_ru": "Заменить фонарь",
        "partner": partner_of(center, COUNCIL).pk,
        "due_on": f"{timezone.localdate() + timedelta(days=10):%Y-%m-%d}",
    } | fields


@pytest.fixture
def decided(center):
    """A meeting with one item, decided."""
    meeting = running_meeting(center)
    make_decision(make_topic(meeting, status="decided"))
    return meeting


def test_it_is_recorded_who_does_what_by_when_and_paid_by_whom(center, decided, elmira):
    police = partner_of(center, POLICE)

    answer = post(
        *(elmira, "add_action", decided.reference, 1),
        **who_does_what(
            center,
            person=elmira.pk,
            co_executors=police.pk,
            funding_ky="Жергиликтүү бюджет",
            indicator_ky="Чырак күйөт",
        ),
    )

    action = Decision.objects.get().actions.get()
    assert answer.status_code == 302
    assert (action.person, list(action.co_executors.all())) == (elmira, [police])
    assert (action.funding_ky, action.indicator_ky) == (
        "Жергиликтүү бюджет",
        "Чырак күйөт",
    )
    assert action.due_on == timezone.localdate() + timedelta(days=10)


def test_sent_twice_it_is_one(center, decided, elmira):
    for version in (0, 1):
        fields = who_does_what(center, version=version)
        post(elmira, "add_action", decided.reference, 1, **fields)

    assert Decision.objects.get().actions.count() == 1


def test_the_same_with_other_particulars_is_refused_and_kept(center, decided, elmira):
    post(elmira, "add_action", decided.reference, 1, **who_does_what(center))
    fields = who_does_what(center, version=1, funding_ky="Бюджет")

    answer = post(elmira, "add_action", decided.reference, 1, **fields)

    assert answer.status_code == 422
    assert answer.context["action_form"]["funding_ky"].value() == "Бюджет"
    assert not Decision.objects.get().actions.get().funding_ky


def test_it_is_recorded_which_goal_it_serves(center, decided, elmira, cholpon):
    goal = signed_plan(center, cholpon)
    fields = who_does_what(center, goal=goal.reference)

    post(elmira, "add_action", decided.reference, 1, **fields)

    assert Decision.objects.get().actions.get().goal == goal


def test_a_goal_of_another_centre_is_served_by_nobody(
    center, other_center, decided, elmira, cholpon, daniyar
):
    signed_plan(center, cholpon)
    fields = who_does_what(center, goal=signed_plan(other_center, daniyar).reference)

    answer = post(elmira, "add_action", decided.reference, 1, **fields)

    assert set(answer.context["action_form"].errors) == {"goal"}
    assert not Decision.objects.get().actions.exists()


def test_where_there_is_no_plan_no_goal_is_asked_for(decided, elmira):
    page = signed_in(elmira).get(reverse("desk:run_item", args=[decided.reference, 1]))

    assert "goal" not in page.context["action_form"].fields


@pytest.mark.parametrize("days", [-2, 800])
def test_a_term_lies_after_the_meeting_and_in_sight(days, center, decided, elmira):
    due_on = timezone.localdate() + timedelta(days=days)
    fields = who_does_what(center, due_on=f"{due_on:%d.%m.%Y}")

    answer = post(elmira, "add_action", decided.reference, 1, **fields)

    form = answer.context["action_form"]
    assert answer.status_code == 422
    assert form["text_ky"].value() == fields["text_ky"]
    assert set(form.errors) == {"due_on"}


def test_another_centres_partner_does_nothing_here(
    center, other_center, decided, elmira
):
    fields = who_does_what(center, partner=partner_of(other_center, COUNCIL).pk)

    answer = post(elmira, "add_action", decided.reference, 1, **fields)

    assert answer.status_code == 422
    assert not Decision.objects.get().actions.exists()


@pytest.mark.parametrize("others", ["9" * 30, "x", "0"])
def test_a_co_executor_that_there_is_not_is_refused(others, center, decided, elmira):
    fields = who_does_what(center, co_executors=others)

    answer = post(elmira, "add_action", decided.reference, 1, **fields)

    assert answer.status_code == 422
    assert set(answer.context["action_form"].errors) == {"co_executors"}


def test_a_person_acts_for_his_own_partner(center, decided, elmira, bakyt):
    fields = who_does_what(center, person=bakyt.pk)

    answer = post(elmira, "add_action", decided.reference, 1, **fields)

    assert answer.status_code == 422
    assert set(answer.context["action_form"].errors) == {"person"}


def test_nothing_is_done_before_it_is_decided(center, elmira):
    meeting = running_meeting(center)
    make_topic(meeting)

    answer = post(elmira, "add_action", meeting.reference, 1, **who_does_what(center))

    assert answer.status_code == 404


def test_a_supporter_is_given_nothing_to_do(center, decided, elmira, olga):
    page = signed_in(elmira).get(reverse("desk:run_item", args=[decided.reference, 1]))

    names = [
        name for _value, name in page.context["action_form"].fields["partner"].choices
    ]
    assert partner_of(center, SUPPORTER).name not in names
