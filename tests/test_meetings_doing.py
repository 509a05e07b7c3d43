"""What was promised at a meeting: done, put off, given on, confirmed by a later one."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from centers.models import Role
from concerns.workflow import Status
from meetings import actions
from meetings.actions import Stale
from meetings.models import Action
from meetings.views.doing import to_judge

from .factories import (
    COUNCIL,
    POLICE,
    RESIDENTS,
    again,
    make_concern,
    make_membership,
    partner_of,
    signed_in,
)
from .planning import (
    ended_meeting,
    held_meeting,
    promise,
    put,
    today,
)

pytestmark = pytest.mark.django_db

DONE, OPEN, CONFIRMED, NOT_DONE = "done", "open", "confirmed", "not_done"
LIST = "/desk/actions/"


def do(act, action, by, **words):
    action.refresh_from_db()
    return act(action=action, by=by, version=action.version, **words)


def said(action):
    return [(line.kind, line.old, line.new, line.note) for line in action.changes.all()]


def path_of(action, name=""):
    if name:
        return reverse("desk:act_on", args=[action.reference, name])
    return action.get_desk_url()


def page_of(person, path):
    response = signed_in(person).get(path)
    assert response.status_code == 200
    return response.content.decode()


# The steps


@pytest.mark.parametrize("source", Action.Status)
@pytest.mark.parametrize("target", Action.Status)
@pytest.mark.parametrize("actor", [actions.EXECUTOR, actions.MEETING, actions.REPORTER])
def test_an_action_takes_the_steps_of_the_table_and_no_other(
    source, target, actor, center, elmira
):
    concern = make_concern(center, status=Status.IN_PROGRESS)
    action = put(promise(center, concern), source)
    later = held_meeting(center)
    is_allowed = target in {s.target for s in actions.steps_from(source, actor)}
    if (actor, source) == (actions.REPORTER, CONFIRMED):
        # Only of what another reporter confirmed: see test_meetings_promises.
        is_allowed = False
    by = {
        actions.EXECUTOR: lambda: do(
            actions.step, action, elmira, target=target, note="сөз"
        ),
        actions.MEETING: lambda: do(
            actions.judge, action, elmira, meeting=later, target=target, note="сөз"
        ),
        actions.REPORTER: lambda: actions.say_as_reporter(
            action=action, concern=concern, is_done=target == CONFIRMED, words="сөз"
        ),
    }
    if actor == actions.REPORTER and target not in (CONFIRMED, OPEN):
        # She is asked nothing else.
        assert not is_allowed
        return

    if is_allowed:
        by[actor]()
    else:
        with pytest.raises((ValidationError, Stale)):
            by[actor]()

    action.refresh_from_db()
    assert action.status == (target if is_allowed else source)
    assert action.changes.count() == is_allowed


def test_what_is_done_has_its_day_its_words_and_its_author(center, nurlan):
    action = promise(center, partner=partner_of(center, RESIDENTS))

    do(
        actions.step,
        action,
        nurlan,
        target=DONE,
        note="Чырак күйөт",
        finished_on=today(-1),
    )

    action.refresh_from_db()
    assert action.finished_on == today(-1)
    assert said(action) == [("status", "open", "done", "Чырак күйөт")]
    assert action.changes.get().by == nurlan


def test_what_is_taken_up_again_has_no_day_any_more(center, elmira):
    action = put(promise(center), DONE)

    do(actions.step, action, elmira, target=OPEN, note="Кайра өчтү")

    action.refresh_from_db()
    assert action.finished_on is None


@pytest.mark.parametrize(("source", "target"), [(OPEN, DONE), (OPEN, NOT_DONE)])
def test_a_step_without_a_word_is_none(source, target, center, elmira):
    action = put(promise(center), source)

    with pytest.raises(ValidationError) as refused:
        do(actions.step, action, elmira, target=target)

    assert refused.value.message_dict.keys() == {"note"}
    assert not action.changes.exists()


def test_nothing_is_done_on_a_day_to_come(center, elmira):
    action = promise(center)

    with pytest.raises(ValidationError) as refused:
        do(actions.step, action, elmira, target=DONE, note="а", finished_on=today(1))

    assert refused.value.message_dict.keys() == {"finished_on"}


# Who


@pytest.mark.parametrize("who", ["cholpon", "elmira", "bakyt", "ruslan"])
def test_the_responsible_side_and_those_who_keep_meetings_act(who, center, request):
    action = promise(center, partner=partner_of(center, POLICE))

    do(actions.note_progress, action, request.getfixturevalue(who), note="Жүрүп жатат")

    assert said(action) == [("progress", "", "", "Жүрүп жатат")]


@pytest.mark.parametrize("who", ["nurlan", "jamila"])
def test_other_members_read_and_do_nothing(who, center, request):
    person = request.getfixturevalue(who)
    action = promise(center, partner=partner_of(center, POLICE))

    with pytest.raises(PermissionDenied):
        do(actions.note_progress, action, person, note="а")

    assert "desk/actions" not in "".join(
        line
        for line in page_of(person, path_of(action)).splitlines()
        if "<form" in line
    )
    assert signed_in(person).post(path_of(action, "progress")).status_code == 403


@pytest.mark.parametrize("who", ["olga", "daniyar", "sultan"])
def test_whoever_may_not_know_of_it_finds_what_does_not_exist(who, center, request):
    browser = signed_in(request.getfixturevalue(who))
    action = promise(center)
    missing = reverse("desk:action", args=["99999999"])

    answer, other = browser.get(path_of(action)), browser.get(missing)

    assert answer.status_code == other.status_code == 404
    assert browser.post(path_of(action, "done")).status_code == 404
    with pytest.raises(Action.DoesNotExist):
        do(actions.step, action, request.getfixturevalue(who), target=DONE, note="а")


def test_who_left_the_partner_does_not_act_though_named(center, bakyt):
    action = promise(center, partner=partner_of(center, POLICE), person=bakyt)
    bakyt.memberships.update(ended_at=timezone.now())
    make_membership(center, RESIDENTS, user=bakyt)

    with pytest.raises(PermissionDenied):
        do(actions.note_progress, action, again(bakyt), note="а")


def test_who_left_is_shown_as_such(center, elmira, bakyt):
    action = promise(center, partner=partner_of(center, POLICE), person=bakyt)
    paths = [path_of(action), LIST]
    before = [page_of(elmira, path) for path in paths]

    bakyt.memberships.update(ended_at=timezone.now())

    after = [page_of(elmira, path) for path in paths]
    shown = f"{bakyt.full_name} ({gettext('left the centre')})"
    assert [shown in page for page in before] == [False, False]
    assert [shown in page for page in after] == [True, True]
    assert all(bakyt.full_name in page for page in before)


# The moment


ACTS = {
    "step": lambda **seen: actions.step(target=DONE, note="сөз", **seen),
    "progress": lambda **seen: actions.note_progress(note="сөз", **seen),
    "term": lambda **seen: actions.put_off(due_on=today(9), note="сөз", **seen),
    "person": lambda **seen: actions.give_to(person=None, **seen),
    "judge": lambda **seen: actions.judge(
        meeting=held_meeting(seen["action"].partner.center),
        target=CONFIRMED,
        **seen,
    ),
}


@pytest.mark.parametrize("name", ACTS)
def test_who_saw_an_older_version_is_told_and_changes_nothing(name, center, elmira):
    action = put(promise(center), DONE if name == "judge" else OPEN, version=2)

    with pytest.raises(Stale):
        ACTS[name](action=action, by=elmira, version=1)

    assert not action.changes.exists()


@pytest.mark.parametrize("name", ["progress", "term", "person"])
@pytest.mark.parametrize("status", [DONE, CONFIRMED, NOT_DONE])
def test_what_runs_no_more_is_not_put_off_nor_given_on(name, status, center, elmira):
    action = put(promise(center), status)

    with pytest.raises(ValidationError):
        do(ACTS[name], action, elmira)

    assert not action.changes.exists()


# Another day, another person


def test_those_who_keep_the_meetings_give_it_another_day(center, elmira):
    action = promise(center, due_on=today(1))

    do(actions.put_off, action, elmira, due_on=today(5), note="Кар жаады")

    action.refresh_from_db()
    days = today(1).isoformat(), today(5).isoformat()
    assert action.due_on == today(5)
    assert said(action) == [("term", *days, "Кар жаады")]


def test_who_does_it_gives_himself_no_other_day(center, bakyt):
    action = promise(center, partner=partner_of(center, POLICE), person=bakyt)

    with pytest.raises(PermissionDenied):
        do(actions.put_off, action, bakyt, due_on=today(5), note="а")

    page = page_of(bakyt, path_of(action))
    assert path_of(action, "progress") in page
    assert path_of(action, "term") not in page
    assert signed_in(bakyt).post(path_of(action, "term")).status_code == 403


@pytest.mark.parametrize("days", [0, -1])
def test_another_day_is_a_later_one(days, center, elmira):
    action = promise(center)

    with pytest.raises(ValidationError) as refused:
        do(actions.put_off, action, elmira, due_on=today(days), note="а")

    assert refused.value.message_dict.keys() == {"due_on"}


def test_another_person_is_one_of_the_same_side(center, bakyt, ruslan, nurlan):
    action = promise(center, partner=partner_of(center, POLICE), person=bakyt)

    do(actions.give_to, action, bakyt, person=ruslan)

    assert said(action) == [("person", bakyt.full_name, ruslan.full_name, "")]
    with pytest.raises(ValidationError):
        do(actions.give_to, action, bakyt, person=nurlan)


def test_the_longest_name_stands_in_the_history(center, elmira):
    longest = "Ы" * 120
    member = make_membership(center, COUNCIL)
    type(member.user).objects.filter(pk=member.user_id).update(full_name=longest)
    action = promise(center)

    do(actions.give_to, action, elmira, person=again(member.user))

    assert action.changes.get().new == longest


def test_given_to_whom_it_has_already_it_has_no_new_line(center, elmira):
    action = promise(center, person=elmira)

    do(actions.give_to, action, elmira, person=elmira)

    assert not action.changes.exists()


# At a later meeting


def test_a_later_meeting_confirms_it_or_sends_it_back(center, elmira):
    accepted, refused = (put(promise(center), DONE) for _ in range(2))
    later = held_meeting(center)

    do(actions.judge, accepted, elmira, meeting=later, target=CONFIRMED)
    do(actions.judge, refused, elmira, meeting=later, target=OPEN, note="Жарык жок")

    assert said(accepted) == [("status", "done", "confirmed", "")]
    assert said(refused) == [("status", "done", "open", "Жарык жок")]
    assert refused.changes.get().meeting == later


def test_what_is_sent_back_says_what_is_missing(center, elmira):
    action = put(promise(center), DONE)

    with pytest.raises(ValidationError) as refused:
        do(actions.judge, action, elmira, meeting=held_meeting(center), target=OPEN)

    assert refused.value.message_dict.keys() == {"note"}


def test_the_meeting_that_decided_it_does_not_confirm_it(center, elmira):
    action = put(promise(center), DONE)
    meeting = action.decision.item.meeting
    earlier = ended_meeting(center, starts_at=meeting.starts_at - timedelta(days=7))

    for one in (meeting, earlier):
        with pytest.raises(ValidationError):
            do(actions.judge, action, elmira, meeting=one, target=CONFIRMED)


def test_another_centres_meeting_does_not_confirm_it(center, other_center, cholpon):
    make_membership(other_center, COUNCIL, Role.COORDINATOR, user=cholpon)
    action = put(promise(center), DONE)

    with pytest.raises(ValidationError):
        do(
            actions.judge,
            action,
            cholpon,
            meeting=held_meeting(other_center),
            target=CONFIRMED,
        )


@pytest.mark.parametrize("who", ["bakyt", "nurlan"])
def test_who_keeps_no_meetings_writes_no_judgement(who, center, request):
    person = request.getfixturevalue(who)
    action = put(promise(center, partner=partner_of(center, POLICE)), DONE)
    later = held_meeting(center)
    path = reverse("desk:judge", args=[later.reference, action.reference])

    with pytest.raises(PermissionDenied):
        do(actions.judge, action, person, meeting=later, target=CONFIRMED)

    assert signed_in(person).post(path).status_code == 403


def test_a_meeting_is_shown_what_is_said_to_be_done_before_it(
    center, other_center, elmira
):
    waiting = put(promise(center), DONE)
    promise(center)
    put(promise(center), CONFIRMED)
    put(promise(other_center), DONE)
    later = held_meeting(center)
    put(promise(center, meeting=later), DONE)

    assert to_judge(later, elmira) == [waiting]


def judged(browser, action, meeting, **said):
    path = reverse("desk:judge", args=[meeting.reference, action.reference])
    return browser.post(path, {"version": action.version} | said)


def test_the_judgement_of_a_meeting_is_written_on_a_page(center, elmira):
    action, later = put(promise(center), DONE), held_meeting(center)
    browser = signed_in(elmira)

    empty = judged(browser, action, later)
    wordless = judged(browser, action, later, target=OPEN)
    answers = [judged(browser, action, later, target=CONFIRMED) for _ in range(2)]

    assert [empty.status_code, wordless.status_code] == [422, 422]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0]["Location"] == reverse("desk:run", args=[later.reference])
    assert said(action) == [("status", "done", "confirmed", "")]


def test_what_changed_before_it_was_judged_keeps_the_words(center, elmira):
    action, later = put(promise(center), DONE), held_meeting(center)
    browser = signed_in(elmira)
    do(actions.step, action, elmira, target=OPEN, note="Кайра")
    action.version = 0

    answer = judged(browser, action, later, target=OPEN, note="Чырак жок бойдон")

    assert answer.status_code == 409
    assert "Чырак жок бойдон" in answer.content.decode()


def test_what_another_says_of_it_in_other_words_is_not_called_sent(center, elmira):
    action, later = put(promise(center), DONE), held_meeting(center)
    browser = signed_in(elmira)
    judged(browser, action, later, target=OPEN, note="Үчүнчү чырак күйбөйт")

    answer = judged(browser, action, later, target=OPEN, note="Төртүнчү дагы")

    assert answer.status_code == 409
    assert "Төртүнчү дагы" in answer.content.decode()


def test_nothing_was_done_before_it_was_decided(center, elmira):
    action = promise(center)
    day = action.decision.item.meeting.starts_at.date() - timedelta(days=2)

    with pytest.raises(ValidationError):
        do(actions.step, action, elmira, target=DONE, note="а", finished_on=day)
