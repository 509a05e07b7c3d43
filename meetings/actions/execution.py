"""Who does what by when, and what became of it: open → done → confirmed.

Each function writes the history that it makes (`ActionChange`).
"""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from centers.permissions import Permission, ask_anew, can, memberships_of
from concerns.actions.filing import check_words
from concerns.actions.news import tell
from concerns.models import Concern

from ..models import Action, ActionChange, Goal
from .lock import (
    Stale,
    hold_item,
    hold_row,
    need_record_open,
    need_seen,
    save_item,
    says,
)

Status, Side, Kind = Action.Status, ActionChange.Side, ActionChange.Kind
EXECUTOR, MEETING, REPORTER = "executor", Side.MEETING, Side.REPORTER


@dataclass(frozen=True)
class Step:
    source: str
    target: str
    # Whoever is responsible, a meeting, or the person whose concern it answers
    actors: frozenset
    needs_words: bool = False


STEPS = [
    Step(Status.OPEN, Status.DONE, frozenset({EXECUTOR}), needs_words=True),
    Step(Status.OPEN, Status.NOT_DONE, frozenset({EXECUTOR, MEETING}), True),
    Step(Status.DONE, Status.CONFIRMED, frozenset({MEETING, REPORTER})),
    Step(Status.DONE, Status.OPEN, frozenset({EXECUTOR, MEETING, REPORTER}), True),
    Step(Status.NOT_DONE, Status.OPEN, frozenset({EXECUTOR, MEETING}), True),
    # Of what another reporter confirmed; what a meeting confirmed stands.
    Step(Status.CONFIRMED, Status.OPEN, frozenset({MEETING, REPORTER}), True),
]


def steps_from(status, actor):
    """Return the steps that an actor may take from a status."""
    return [step for step in STEPS if step.source == status and actor in step.actors]


@transaction.atomic
def add_action(
    *,
    meeting,
    place,
    by,
    version,
    partner,
    due_on,
    text_ky,
    text_ru,
    person=None,
    co_executors=(),
    goal=None,
    **words,
):
    """Record who does what by when, as was decided on the item at a place.

    Pressed twice, or again after "back", it is one. Raises ValidationError where
    nothing is decided, for a partner or a person who cannot do it, for a goal that is
    not of the centre's plan, and where the same was recorded with other particulars.
    """
    item = hold_item(meeting, place, by)
    need_record_open(item.meeting)
    if not hasattr(item, "decision"):
        raise ValidationError(_("Record the decision first."))
    check_executors(item.meeting.center, partner, person, co_executors)
    who_and_what = {"partner": partner, "text_ky": text_ky, "text_ru": text_ru}
    same = item.decision.actions.filter(due_on=due_on, **who_and_what).first()
    others = set(co_executors) - {partner}
    rest = {"person": person, "goal": goal} | words
    if same and says(same, **rest) and set(same.co_executors.all()) == others:
        return same
    need_seen(item, version)
    if same:
        raise ValidationError(_("This is recorded already, with other particulars."))
    action = Action.objects.create(
        decision=item.decision,
        due_on=due_on,
        **who_and_what,
        **rest | {"goal": goal and hold_goal(goal, item.meeting.center)},
    )
    action.co_executors.set(others)
    save_item(item)
    if item.meeting.has_ended:
        tell_reporters(Action.objects.filter(pk=action.pk))
    return action


@transaction.atomic
def correct_action(*, meeting, place, reference, by, version, **fields):
    """Correct what was recorded of an action while the record of its meeting is open.

    `fields` are those of `add_action`; of an action of which something was said already
    the words alone. A person and a goal that it has stay, though he have left, and it
    been taken out. Raises ValidationError as that does, and Action.DoesNotExist.
    """
    item = hold_item(meeting, place, by)
    need_record_open(item.meeting)
    action = hold_recorded(item, reference)
    is_whole = "partner" in fields
    others = set(fields.pop("co_executors", ())) - {fields.get("partner")}
    is_same = not is_whole or others == {*action.co_executors.all()}
    if action.version == version + 1 and is_same and says(action, **fields):
        return action  # pressed twice
    need_seen(action, version)
    if is_whole:
        need_untouched(action)
        partner, person, goal = fields["partner"], fields["person"], fields.get("goal")
        is_named = (partner, person) == (action.partner, action.person)
        check_executors(
            item.meeting.center, partner, None if is_named else person, others
        )
        if goal and goal != action.goal:
            fields["goal"] = hold_goal(goal, item.meeting.center)
        action.co_executors.set(others)
    for name, value in fields.items():
        setattr(action, name, value)
    action.version += 1
    action.save(update_fields=["version", *fields])
    return action


@transaction.atomic
def strike_action(*, meeting, place, reference, by, version):
    """Delete an action that was recorded by mistake, while nothing was said of it.

    Struck out already, it stays so. Raises ValidationError once something was said.
    """
    item = hold_item(meeting, place, by)
    need_record_open(item.meeting)
    try:
        action = hold_recorded(item, reference)
    except Action.DoesNotExist:
        return
    need_seen(action, version)
    need_untouched(action)
    if action.agenda_items.exists():
        raise ValidationError(_("It stands on the agenda of another meeting."))
    action.delete()


def hold_recorded(item, reference):
    """Return an action that was recorded on an item, held."""
    recorded = Action.objects.filter(decision__item=item)
    return recorded.select_for_update(of=["self"], no_key=True).get(reference=reference)


def need_untouched(action):
    if action.changes.exists():
        raise ValidationError(
            _("Something was said of it already: write on its page that it is wrong.")
        )


def check_executors(center, partner, person, co_executors):
    if partner.center_id != center.pk or partner.is_supporter:
        raise ValidationError({"partner": _("This partner cannot do it.")})
    if any(other.center_id != center.pk for other in co_executors):
        raise ValidationError({"co_executors": _("This partner cannot do it.")})
    if person and not partner.memberships.live().filter(user=person).exists():
        raise ValidationError({"person": _("Choose a member of this partner.")})


def executes(by, action):
    """Tell whether a person acts for the responsible side, or keeps its actions.

    The members of the responsible partner who handle concerns, whoever of them is
    named, and those who plan the meetings, who write down what they are told. Who has
    left that partner does not, though he be named still.
    """
    center = action.partner.center
    if keeps(by, action):
        return True
    return can(by, Permission.HANDLE_CONCERN, center) and any(
        membership.partner_id == action.partner_id for membership in memberships_of(by)
    )


def keeps(by, action):
    """Tell whether a person keeps the meetings of the centre that decided an action."""
    return can(by, Permission.SCHEDULE_MEETING, action.partner.center)


def is_second_press(by, action, kind, **said):
    """Tell whether what a person says of an action is there: the last line of its kind.

    `said` are the words of the line, and to which status, day or person it leads.
    """
    last = action.changes.filter(kind=kind).last()
    return bool(last and last.by_id == by.pk and says(last, **said))


def hold_action(action, by):
    """Return the action as it stands now, held, for whoever acts on it."""
    Action.objects.select_for_update(no_key=True).filter(pk=action.pk).first()
    # What a person may see and do may have changed while he waited.
    ask_anew(by)
    action = (
        Action.objects.visible_to(by)
        .select_related("partner__center", "decision__item__meeting")
        .get(pk=action.pk)
    )
    if not executes(by, action):
        raise PermissionDenied
    return action


def lock_action(action, by, version):
    """Return the action, held, if it still is as it was seen."""
    action = hold_action(action, by)
    need_seen(action, version)
    return action


def note_change(action, kind, *, side=Side.STAFF, by=None, **fields):
    language = (get_language() or "ky")[:2]
    line = ActionChange.objects.create(
        action=action, kind=kind, side=side, by=by, language=language, **fields
    )
    meeting = fields.get("meeting")
    # What a meeting says is read, and told, when it has ended.
    is_read = meeting is None or meeting.has_ended
    if side != Side.REPORTER and kind in ActionChange.TOLD and is_read:
        tell_reporters(Action.objects.filter(pk=action.pk))
    return line


def tell_reporters(recorded, **which):
    """Let those who asked for letters know that actions answer what they raised.

    `which` says of which concerns, all of them if nothing is said.
    """
    promised = recorded.promised(OuterRef("pk"))
    asking = Concern.objects.filter(
        Exists(promised), news_address__isnull=False, **which
    )
    tell(*asking.without_words())


def put(action, target, side, by=None, note="", finished_on=None, **where):
    """Assign an action's status: nowhere else is it done. The table was asked."""
    step = next(s for s in STEPS if (s.source, s.target) == (action.status, target))
    if step.needs_words and not note:
        raise ValidationError({"note": _("Write a word about it.")})
    note_change(
        action,
        Kind.STATUS,
        side=side,
        by=by,
        old=action.status,
        new=target,
        note=note,
        **where,
    )
    if target == Status.DONE:
        action.finished_on = finished_on or timezone.localdate()
    elif target != Status.CONFIRMED:
        action.finished_on = None
    action.status = target
    action.version += 1
    action.save(update_fields=["status", "finished_on", "version"])
    return action


def need_step(action, target, actor):
    if target not in {step.target for step in steps_from(action.status, actor)}:
        raise ValidationError(_("This was changed meanwhile: look once more."))


def need_open(action):
    if not action.is_open:
        raise ValidationError(_("This was changed meanwhile: look once more."))


def need_words(note):
    if not note:
        raise ValidationError({"note": _("Write a word about it.")})


@transaction.atomic
def step(*, action, by, version, target, note="", finished_on=None):
    """Whoever is responsible says what became of an action.

    `finished_on` is the day on which it was done, today if none is given. Raises Stale,
    PermissionDenied, and ValidationError where words are missing or it is not his step.
    """
    action = lock_action(action, by, version)
    need_step(action, target, EXECUTOR)
    if finished_on and finished_on > timezone.localdate():
        raise ValidationError({"finished_on": _("This day has not come yet.")})
    decided_at = action.decision.item.meeting.starts_at
    if finished_on and finished_on < timezone.localdate(decided_at):
        raise ValidationError({"finished_on": _("This day was before the meeting.")})
    return put(action, target, Side.STAFF, by, note, finished_on)


@transaction.atomic
def judge(*, action, meeting, by, version, target, note=""):
    """A meeting that goes on, or was not yet approved, confirms it or sends it back.

    Raises PermissionDenied for who keeps no meetings, ValidationError for a meeting of
    another centre, one that has not begun, and one that is not later than the one that
    decided it.
    """
    meeting = hold_row(meeting, by)
    need_record_open(meeting)
    action = lock_action(action, by, version)
    decided_at = action.decision.item.meeting
    if decided_at.center_id != meeting.center_id:
        raise ValidationError(_("Another centre's meeting decided it."))
    if decided_at.starts_at >= meeting.starts_at:
        raise ValidationError(_("The next meeting says whether it was done."))
    need_step(action, target, MEETING)
    return put(action, target, Side.MEETING, by, note, meeting=meeting)


@transaction.atomic
def note_progress(*, action, by, version, note):
    """Write down how far an action has come, for the reporters of its concerns too."""
    action = lock_action(action, by, version)
    need_open(action)
    need_words(note)
    action.version += 1
    action.save(update_fields=["version"])
    return note_change(action, Kind.PROGRESS, by=by, note=note)


@transaction.atomic
def put_off(*, action, by, version, due_on, note):
    """Give an action another day, with the reason; those who keep the meetings do."""
    action = lock_action(action, by, version)
    if not keeps(by, action):
        raise PermissionDenied
    need_open(action)
    need_words(note)
    if due_on <= action.due_on:
        raise ValidationError({"due_on": _("Choose a later day.")})
    days = {"old": action.due_on.isoformat(), "new": due_on.isoformat()}
    note_change(action, Kind.TERM, by=by, note=note, **days)
    action.due_on = due_on
    action.version += 1
    action.save(update_fields=["due_on", "version"])
    return action


def name_of(person):
    return person.full_name if person else ""


@transaction.atomic
def give_to(*, action, by, version, person):
    """Name another person of the responsible partner, or none."""
    action = lock_action(action, by, version)
    need_open(action)
    check_executors(action.partner.center, action.partner, person, ())
    if action.person_id == (person and person.pk):
        return action
    names = {"old": name_of(action.person), "new": name_of(person)}
    note_change(action, Kind.PERSON, by=by, **names)
    action.person = person
    action.version += 1
    action.save(update_fields=["person", "version"])
    return action


@transaction.atomic
def say_as_reporter(*, action, concern, is_done, words=""):
    """The person whose concern it answers says whether it was done.

    The code has opened the concern. Pressed twice, it is said once. After another
    reporter's "yes" her "no" takes it up again; a meeting's yes stands. Raises Stale
    where it is not said to be done (any more), ValidationError where "no" has no words
    or her code stands among them, Action.DoesNotExist for one not promised to her.
    """
    if not is_done and not words:
        raise ValidationError({"words": _("Write what is not done.")})
    check_words(concern, words=words)
    Action.objects.select_for_update(no_key=True).filter(pk=action.pk).first()
    action = Action.objects.promised(concern).with_last_said().get(pk=action.pk)
    target = Status.CONFIRMED if is_done else Status.OPEN
    last = action.last_step
    said = (Side.REPORTER, concern.pk, target, words)
    if last and (last.side, last.concern_id, last.new, last.note) == said:
        return action
    if target not in {step.target for step in steps_from(action.status, REPORTER)}:
        raise Stale
    if not action.waits_for(concern):
        raise Stale
    return put(action, target, Side.REPORTER, note=words, concern=concern)


@transaction.atomic
def serve_goal(*, action, by, version, goal):
    """Say which goal of the centre's plan an action serves, or none.

    Those who keep the meetings do, whatever has become of it. Raises ValidationError
    for a goal of another centre, and for one that was taken out.
    """
    action = lock_action(action, by, version)
    if not keeps(by, action):
        raise PermissionDenied
    if action.goal_id == (goal and goal.pk):
        return action
    goal = goal and hold_goal(goal, action.partner.center)
    note_change(action, Kind.GOAL, by=by, new=goal.name if goal else "")
    action.goal = goal
    action.version += 1
    action.save(update_fields=["goal", "version"])
    return action


def hold_goal(goal, center):
    """Return a goal of a centre, held: it may have been taken out meanwhile."""
    if goal.plan.center_id != center.pk:
        raise ValidationError({"goal": _("It is a goal of another centre.")})
    goals = Goal.objects.standing().select_related("plan").filter(pk=goal.pk)
    goal = goals.select_for_update(of=["self"], no_key=True).first()
    if goal is None:
        raise ValidationError({"goal": _("There is no such goal.")})
    return goal
