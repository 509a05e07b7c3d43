"""A meeting while it goes on: what was said and decided, by two at once."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from concerns import actions as concern_actions
from concerns.models import Concern
from concerns.workflow import Level, Status
from meetings import actions
from meetings.actions import Stale
from meetings.models import AgendaItem, Decision

from .factories import (
    POLICE,
    give,
    make_action,
    make_approved,
    make_concern,
    make_decision,
    make_topic,
    put_action_on_agenda,
    put_on_agenda,
    signed_in,
)
from .planning import (
    decide,
    held_meeting,
    promise,
    public_page,
    record,
    running_meeting,
)

pytestmark = pytest.mark.django_db

VOTES = ["votes_for", "votes_against", "votes_abstained"]


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


def test_who_takes_a_decision_back_is_not_asked_who_does_it(center, elmira):
    meeting = running_meeting(center)
    make_decision(make_topic(meeting, status="decided"))
    path = reverse("desk:run_item", args=[meeting.reference, 1])

    answer = signed_in(elmira).post(
        path, {"version": 0, "outcome": "noted", "act": "on", "concern_version": ""}
    )

    assert answer["Location"] == path


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
    with pytest.raises(Stale):
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


HALF = {"outcome": "decided", "way": "vote", "text_ky": "Чечим", "text_ru": "Решение"}


@pytest.mark.parametrize(
    "votes",
    [
        {"votes_for": 5},
        {"votes_for": 5, "way": "consensus"},
        dict(zip(VOTES, (5, 7, 0), strict=True)),
    ],
)
def test_half_a_count_is_kept_as_no_decision(votes, center, elmira):
    meeting = running_meeting(center)
    make_topic(meeting)
    words = HALF | votes | {"heard_ky": "Угулду", "draft": "1"}

    answer = post(elmira, "run_item", meeting.reference, 1, version=0, **words)

    item = meeting.items.get()
    assert answer.json() == {"version": 1, "whole": False}
    assert (item.heard_ky, item.status) == ("Угулду", "open")
    assert not Decision.objects.exists()


def test_a_count_that_is_corrected_stays_until_it_is_whole_again(center, elmira):
    meeting = running_meeting(center)
    make_topic(meeting)
    decide(meeting, elmira, way="vote", **dict(zip(VOTES, (9, 1, 0), strict=True)))
    words = HALF | {"text_ky": "Башка сөз", "votes_against": 1, "draft": "1"}

    answer = post(elmira, "run_item", meeting.reference, 1, version=1, **words)

    decision = Decision.objects.get()
    assert answer.json()["whole"] is False
    assert decision.text_ky == "Башка сөз"
    assert decision.way == "vote"
    assert [getattr(decision, name) for name in VOTES] == [9, 1, 0]


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


def test_what_is_decided_behind_closed_doors_answers_no_concern(center, elmira):
    meeting, other = running_meeting(center), make_approved(center)
    decision = make_decision(make_topic(meeting, status="decided", is_closed=True))
    where = meeting.reference, 1

    page = signed_in(elmira).get(reverse("desk:run_item", args=where)).content.decode()
    sent = post(elmira, "run_answers", *where, version=0, concerns=other.reference)

    assert reverse("desk:run_answers", args=where) not in page
    assert sent.status_code == 404
    with pytest.raises(ValidationError):
        actions.answer(meeting=meeting, place=1, by=elmira, version=0, concerns=[other])
    assert not decision.answers.exists()


def test_what_is_decided_on_an_action_answers_whom_it_goes_back_to(center, elmira):
    concern = make_approved(center)
    late, meeting = promise(center, concern), running_meeting(center)
    put_action_on_agenda(meeting, late)

    decide(meeting, elmira)

    assert list(Decision.objects.last().answers.all()) == [concern]


def test_pressed_twice_the_same_concerns_are_answered(center, elmira):
    meeting, other = running_meeting(center), make_approved(center)
    make_decision(make_topic(meeting, status="decided"))
    sent = {"version": 0, "concerns": other.reference}

    answers = [
        post(elmira, "run_answers", meeting.reference, 1, **sent) for _ in range(2)
    ]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert meeting.items.get().version == 1


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
    words = {"version": 0, "outcome": "noted", "heard_ky": "Угулган сөз"}
    wordless = post(elmira, "run_item", *place, version=0, outcome="noted")
    sent = post(elmira, "run_item", *place, **words)
    kept = post(elmira, "run_item", *place, **words, draft="1")

    assert [page.status_code, wordless.status_code] == [404, 404]
    assert [sent.status_code, kept.status_code] == [409, 409]
    # What was typed is given back where it can be copied from.
    assert "Угулган сөз" in sent.content.decode()
    assert not meeting.items.get().heard_ky
    run = browser.get(reverse("desk:run", args=place[:1])).content.decode()
    assert concern.number not in run
