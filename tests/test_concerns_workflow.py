"""Every pair of statuses as concerns/workflow.py has it: the actions are the judge."""

from collections import deque
from contextlib import suppress
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from concerns import actions
from concerns.actions import MoveNotAllowed, Stale
from concerns.forms import MoveForm
from concerns.models import Change, Concern
from concerns.workflow import (
    ENDED,
    MOVES,
    OPEN,
    WAITING,
    Actor,
    Level,
    Need,
    Status,
    find_move,
    moves_from,
)

from .factories import make_category, make_concern

pytestmark = pytest.mark.django_db

A, S = Actor, Status
STAFF = {"cholpon": {A.REGISTRAR, A.HANDLER}, "bakyt": {A.HANDLER}}
WORDS = {"note": "Себеби ушул.", "body": "Прокуратура", "crime_number": "02-115"}
REGISTRATION = (S.RECEIVED, S.REGISTERED)

every_source = pytest.mark.parametrize("source", Status)
every_target = pytest.mark.parametrize("target", Status)


def table(actors, *, is_crime=False):
    """Return the pairs that the table opens to any of the actors."""
    return {
        (move.source, move.target)
        for move in MOVES
        if move.actor in actors and (move.open_to_crimes or not is_crime)
    }


def concern_in(status, center=None, **fields):
    lead = make_concern(center) if status == S.DUPLICATE else None
    return make_concern(center, status=status, lead=lead, **fields)


def move(concern, target, by, **words):
    return actions.move(
        concern=concern, target=target, by=by, version=concern.version, **words
    )


def register(concern, by, **words):
    words = {"category": concern.category, "level": concern.level} | words
    return actions.register(concern=concern, by=by, version=concern.version, **words)


def status_of(concern):
    return Concern.objects.get(pk=concern.pk).status


def result(act):
    """Do something and return "done", or the name of what refused it."""
    try:
        act()
    except (MoveNotAllowed, PermissionDenied, Stale) as refusal:
        return type(refusal).__name__
    return "done"


# The table itself


def test_no_actor_has_two_moves_between_the_same_two_statuses():
    moves = [(move.source, move.target, move.actor) for move in MOVES]

    assert len(moves) == len(set(moves))


def test_every_status_but_withdrawn_can_be_left_or_is_an_end():
    left = {move.source for move in MOVES}

    assert set(Status) - left == {S.WITHDRAWN}
    assert set(Status) == ENDED | OPEN
    assert not ENDED & (OPEN | WAITING)


def test_every_status_can_be_reached():
    assert {move.target for move in MOVES} | {S.RECEIVED} == set(Status)


def test_solved_is_closed_by_the_reporter_the_meeting_or_time_and_never_by_staff():
    closing = {move.actor for move in MOVES if move.target == S.CLOSED}

    assert closing == {A.REPORTER, A.MEETING, A.CLOCK}


def test_the_first_status_is_left_to_registrars_and_the_reporter():
    assert {move.actor for move in MOVES if move.source == S.RECEIVED} == {
        A.REGISTRAR,
        A.REPORTER,
    }


def test_declining_and_asking_always_need_words():
    wordless = [
        move
        for move in MOVES
        if move.target in (S.DECLINED, S.NEEDS_INFO) and Need.WORDS not in move.needs
    ]

    assert wordless == []


def test_asking_the_table_finds_the_move_of_the_actor_asked_for():
    answered = find_move(S.NEEDS_INFO, S.IN_PROGRESS, {A.REPORTER})

    assert answered.needs == {Need.WORDS}
    assert find_move(S.NEEDS_INFO, S.IN_PROGRESS, {A.CLOCK}) is None
    assert moves_from(S.RESOLVED, {A.CLOCK}) == [
        find_move(S.RESOLVED, S.CLOSED, {A.CLOCK})
    ]


# Every pair


@every_target
@every_source
@pytest.mark.parametrize("who", STAFF)
def test_staff_make_the_moves_of_the_table_and_no_other(
    who, source, target, center, request
):
    by = request.getfixturevalue(who)
    concern = concern_in(source, center)
    is_open = (source, target) in table(STAFF[who]) - {REGISTRATION}

    answer = result(
        lambda: move(concern, target, by, lead=make_concern(center), **WORDS)
    )

    assert answer == ("done" if is_open else "MoveNotAllowed")
    assert status_of(concern) == (target if is_open else source)
    assert concern.changes.filter(old=source, new=target).count() == is_open


@every_source
def test_a_crime_is_never_solved_as_a_mere_concern(source, center, bakyt):
    theft = make_category(is_crime=True)
    concern = concern_in(source, center, category=theft)

    answer = result(lambda: move(concern, S.RESOLVED, bakyt, **WORDS))

    assert answer == "MoveNotAllowed"
    assert status_of(concern) == source


def test_what_got_a_crime_number_is_a_crime_whatever_its_category(center, bakyt):
    concern = concern_in(S.IN_PROGRESS, center, crime_number="02-115")

    with pytest.raises(MoveNotAllowed):
        move(concern, S.RESOLVED, bakyt, **WORDS)


@every_source
def test_a_registrar_registers_what_was_received_and_nothing_else(
    source, center, elmira
):
    concern = concern_in(source, center)

    answer = result(lambda: register(concern, elmira))

    assert answer == ("done" if source == S.RECEIVED else "MoveNotAllowed")


def test_an_officer_does_not_register(center, bakyt):
    concern = make_concern(center)

    with pytest.raises(PermissionDenied):
        register(concern, bakyt)


REPORTER = {
    "confirm": (S.CLOSED, lambda concern: actions.confirm(concern=concern)),
    "withdraw": (S.WITHDRAWN, lambda concern: actions.withdraw(concern=concern)),
    "reopen": (
        S.IN_PROGRESS,
        lambda concern: actions.reopen(concern=concern, reason="Дагы эле караңгы."),
    ),
}


@every_source
@pytest.mark.parametrize("act", REPORTER)
def test_the_reporter_makes_the_moves_of_the_table_and_no_other(act, source):
    concern = concern_in(source)
    target, do = REPORTER[act]
    is_open = (source, target) in table({A.REPORTER})

    answer = result(lambda: do(concern))

    assert answer == ("done" if is_open else "MoveNotAllowed")
    assert status_of(concern) == (target if is_open else source)


@every_source
def test_a_message_answers_a_question_and_moves_nothing_else(source):
    concern = concern_in(source)

    actions.answer(concern=concern, text="Мектептин жанында.")

    expected = S.IN_PROGRESS if source == S.NEEDS_INFO else source
    assert status_of(concern) == expected


@every_source
def test_time_closes_what_was_solved_and_nothing_else(source):
    long_ago = timezone.now() - timedelta(days=31)
    concern = concern_in(source, resolved_at=long_ago)

    actions.close_by_time()

    expected = S.CLOSED if source == S.RESOLVED else source
    assert status_of(concern) == expected


def test_a_stranger_moves_nothing_for_it_does_not_exist_for_him(center, daniyar):
    concern = concern_in(S.REGISTERED, center)

    with pytest.raises(Concern.DoesNotExist):
        move(concern, S.IN_PROGRESS, daniyar)


# What must be said


def refusal(concern, target, by, **words):
    with pytest.raises(ValidationError) as caught:
        move(concern, target, by, **words)
    return set(caught.value.message_dict)


FIELD_OF = {Need.WORDS: "note", Need.BODY: "body", Need.LEAD: "lead"}


@pytest.mark.parametrize(
    "step",
    [step for step in MOVES if step.needs and step.actor in STAFF["cholpon"]],
    ids=lambda step: f"{step.source}-{step.target}-{step.actor}",
)
def test_a_move_without_what_it_needs_is_refused_field_by_field(step, center, cholpon):
    concern = concern_in(step.source, center)

    missing = refusal(concern, step.target, cholpon)

    assert missing == {FIELD_OF[need] for need in step.needs - {Need.NUMBER}}
    assert status_of(concern) == step.source


def test_forwarding_a_crime_needs_its_number(center, bakyt):
    theft = make_category(is_crime=True)
    concern = concern_in(S.REGISTERED, center, category=theft)

    missing = refusal(concern, S.FORWARDED, bakyt, note="Иш козголду.", body="РОВД")

    assert missing == {"crime_number"}


def test_forwarding_a_crime_keeps_its_number(center, bakyt):
    theft = make_category(is_crime=True)
    concern = concern_in(S.REGISTERED, center, category=theft)

    change = move(concern, S.FORWARDED, bakyt, **WORDS)

    concern.refresh_from_db()
    assert concern.crime_number == change.crime_number == "02-115"
    assert change.body == "Прокуратура"


def test_the_number_of_a_crime_is_asked_once(center, bakyt):
    theft = make_category(is_crime=True)
    concern = concern_in(S.IN_PROGRESS, center, category=theft, crime_number="02-115")

    move(concern, S.FORWARDED, bakyt, note="Кайра жиберилди.", body="Прокуратура")

    concern.refresh_from_db()
    assert concern.crime_number == "02-115"


def test_a_repeat_names_the_concern_that_everyone_follows(center, cholpon):
    lead = make_concern(center)
    concern = make_concern(center)

    move(concern, S.DUPLICATE, cholpon, lead=lead)

    concern.refresh_from_db()
    assert concern.lead == lead


def test_what_repeats_another_is_no_lead(center, cholpon):
    concern, lead = make_concern(center), concern_in(S.DUPLICATE, center)

    with pytest.raises(ValidationError) as refused:
        move(concern, S.DUPLICATE, cholpon, lead=lead)

    assert set(refused.value.message_dict) == {"lead"}


def test_what_others_repeat_takes_them_along(center, cholpon):
    first, lead, other = (make_concern(center) for _ in range(3))
    move(first, S.DUPLICATE, cholpon, lead=lead)

    move(lead, S.DUPLICATE, cholpon, lead=other)

    first.refresh_from_db()
    assert first.lead == other


@pytest.mark.parametrize("status", sorted(ENDED))
def test_what_has_ended_leads_nobody(status, center, cholpon):
    concern, lead = make_concern(center), concern_in(status, center)

    with pytest.raises(ValidationError) as refused:
        move(concern, S.DUPLICATE, cholpon, lead=lead)

    assert set(refused.value.message_dict) == {"lead"}


def test_a_crime_repeats_no_other_matter(center, cholpon):
    theft = make_concern(center, make_category(is_crime=True))
    lamp = make_concern(center)

    with pytest.raises(ValidationError):
        move(theft, S.DUPLICATE, cholpon, lead=lamp)

    move(lamp, S.DUPLICATE, cholpon, lead=theft)


@pytest.fixture
def in_custody(center):
    """A concern of which the coordinator does not know."""
    level = {"level": Level.CONFIDENTIAL}
    return make_concern(center, hidden_from_police=True, in_custody=True, **level)


def test_a_lead_is_one_that_whoever_names_it_may_read(center, cholpon, in_custody):
    concern = make_concern(center, level=Level.CONFIDENTIAL)

    with pytest.raises(ValidationError) as refused:
        move(concern, S.DUPLICATE, cholpon, lead=in_custody)

    assert set(refused.value.message_dict) == {"lead"}


def test_the_form_knows_no_lead_that_one_may_not_read(center, cholpon, in_custody):
    concern = make_concern(center, level=Level.CONFIDENTIAL)
    fields = {"version": 0, "target": S.DUPLICATE, "lead": in_custody.reference}

    form = MoveForm(fields, concern=concern, by=cholpon)

    assert set(form.errors) == {"lead"}


def test_a_lead_is_of_the_same_centre(center, cholpon):
    with pytest.raises(ValidationError):
        move(make_concern(center), S.DUPLICATE, cholpon, lead=make_concern())


def test_two_are_not_made_to_repeat_each_other_at_once(center, cholpon, together):
    def make_pairs():
        one, other = make_concern(center), make_concern(center)
        return deque([(one, other), (other, one)])

    [pairs] = together(make_pairs)

    def press():
        concern, lead = pairs.popleft()
        with suppress(ValidationError):
            move(concern, S.DUPLICATE, cholpon, lead=lead)

    together(press, threads=2)

    [repeats] = together(lambda: Concern.objects.filter(status=S.DUPLICATE).count())
    assert repeats == 1


@pytest.mark.parametrize("status", [S.DECLINED, S.DUPLICATE])
def test_what_is_registered_after_all_has_a_number_and_is_checked(
    status, center, cholpon
):
    concern = concern_in(status, center, is_quarantined=True)

    move(concern, S.REGISTERED, cholpon, **WORDS)

    concern.refresh_from_db()
    assert concern.journal_number == 1
    assert concern.registered_at
    assert not concern.is_quarantined


def test_what_was_raised_by_hand_is_not_lowered_by_changing_the_category(
    center, cholpon, elmira
):
    concern = make_concern(center, status=S.REGISTERED)
    other = make_category(Level.RESTRICTED, code="other")
    category = concern.category
    actions.set_level(concern=concern, level=Level.RESTRICTED, by=elmira, version=0)

    for version, new in enumerate([other, category], start=1):
        actions.categorise(concern=concern, category=new, by=elmira, version=version)

    concern.refresh_from_db()
    assert concern.level == Level.RESTRICTED


def test_nothing_is_written_to_who_took_it_back(center, cholpon):
    concern = make_concern(center, status=S.WITHDRAWN)

    with pytest.raises(actions.MoveNotAllowed):
        actions.send_message(concern=concern, text="Сөз", by=cholpon, version=0)


def test_a_lead_typed_for_another_move_is_not_kept(center, cholpon):
    concern = concern_in(S.IN_PROGRESS, center)

    move(concern, S.DECLINED, cholpon, lead=make_concern(center), **WORDS)

    concern.refresh_from_db()
    assert concern.lead is None


def test_what_is_no_repeat_after_all_leads_itself_again(center, cholpon):
    concern = concern_in(S.DUPLICATE, center)

    move(concern, S.REGISTERED, cholpon)

    concern.refresh_from_db()
    assert concern.lead is None


def test_the_reporters_no_needs_a_reason():
    concern = concern_in(S.RESOLVED)

    with pytest.raises(ValidationError) as caught:
        actions.reopen(concern=concern, reason="")

    assert set(caught.value.message_dict) == {"reason"}
    assert status_of(concern) == S.RESOLVED


# Two at once


def test_who_saw_an_older_version_is_told_and_changes_nothing(center, bakyt, ruslan):
    concern = concern_in(S.REGISTERED, center)
    seen_by_both = Concern.objects.get(pk=concern.pk)
    move(concern, S.IN_PROGRESS, bakyt)

    with pytest.raises(Stale):
        move(seen_by_both, S.DECLINED, ruslan, note="Бул бизге тиешелүү эмес.")

    assert status_of(concern) == S.IN_PROGRESS
    assert not concern.changes.filter(new=S.DECLINED).exists()


@pytest.mark.parametrize(
    "act",
    [
        lambda **seen: actions.move(target=S.IN_PROGRESS, **seen),
        lambda **seen: actions.set_level(level=Level.RESTRICTED, **seen),
        lambda **seen: actions.send_message(text="Салам", **seen),
        lambda **seen: actions.save_summary(title_ky="Чырак", **seen),
        lambda **seen: actions.unpublish(**seen),
        lambda **seen: actions.categorise(category=seen["concern"].category, **seen),
        lambda **seen: actions.assign(
            partner=seen["concern"].center.partners.get(kind="police"), **seen
        ),
    ],
    ids=["move", "level", "message", "draft", "unpublish", "category", "assign"],
)
def test_every_act_of_the_staff_asks_for_the_version_seen(act, center, cholpon):
    concern = concern_in(S.REGISTERED, center, version=3)

    with pytest.raises(Stale):
        act(concern=concern, by=cholpon, version=2)


def test_of_twenty_who_move_it_at_once_one_wins(center, cholpon, together):
    [concern] = together(lambda: concern_in(S.REGISTERED, center))

    answers = together(
        lambda: result(lambda: move(concern, S.IN_PROGRESS, cholpon)), threads=20
    )

    [left] = together(lambda: Concern.objects.get(pk=concern.pk))
    [moves] = together(
        lambda: Change.objects.filter(concern=concern, new=S.IN_PROGRESS).count()
    )
    assert sorted(answers) == ["Stale"] * 19 + ["done"]
    assert (left.status, left.version, moves) == (S.IN_PROGRESS, 1, 1)
