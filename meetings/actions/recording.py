"""What is recorded while a meeting goes on, and after it: who came, what was said."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from centers.models import Membership
from concerns import actions as concern_actions
from concerns.models import Concern
from concerns.workflow import Level, Status

from ..models import Action, ActionChange, AgendaItem, Attendance, Decision, Meeting
from ..protocol.content import guests_of
from .execution import tell_reporters
from .lock import (
    hold_item,
    hold_row,
    need_record_open,
    need_seen,
    save,
    save_item,
    says,
)

Outcome = AgendaItem.Status
HEARD = ["heard_ky", "heard_ru", "discussed_ky", "discussed_ru"]


@transaction.atomic
def begin(*, meeting, by, version, at=None):
    """Note that a meeting has begun, now or at another moment.

    Raises ValidationError before its day, and for a draft.
    """
    meeting = hold_row(meeting, by)
    if meeting.is_running and meeting.version == version + 1:
        return meeting  # pressed twice
    need_seen(meeting, version)
    if not meeting.is_planned:
        raise ValidationError(_("Only a planned meeting can be held."))
    if not meeting.has_begun:
        raise ValidationError(_("It has not begun yet."))
    if not meeting.is_published:
        # What is decided at it could never be read.
        raise ValidationError(_("Publish it first: a draft is seen by nobody."))
    meeting.status = Meeting.Status.HELD
    now = timezone.now()
    # Who notes it the day after means the hour that was announced.
    meeting.began_at = at or (meeting.starts_at if meeting.is_over else now)
    save(meeting, "status", "began_at")
    return meeting


@transaction.atomic
def end(*, meeting, by, version, began_at=None, ended_at=None, attendance=None):
    """Note when a meeting began and ended: from now on it is read what was decided.

    With `attendance`, which is what `attend` takes, who came is noted with it. Said
    anew, it corrects the hours. Raises ValidationError where the end is before the
    beginning or has not come yet.
    """
    meeting = hold_row(meeting, by)
    if (
        ended_at
        and (began_at, ended_at) == (meeting.began_at, meeting.ended_at)
        and (attendance is None or is_noted(meeting, **attendance))
    ):
        return meeting  # pressed twice
    need_seen(meeting, version)
    need_record_open(meeting)
    is_first = not meeting.has_ended
    meeting.began_at = began_at or meeting.began_at
    meeting.ended_at = ended_at or timezone.now()
    if meeting.ended_at < meeting.began_at:
        raise ValidationError({"ended": _("It cannot end before it begins.")})
    if meeting.ended_at > timezone.now():
        raise ValidationError({"ended": _("This time has not come yet.")})
    save(meeting, "began_at", "ended_at")
    if attendance:
        note_came(meeting, **attendance)
    else:
        note_absent(meeting)
    if is_first:
        judged = ActionChange.objects.filter(meeting=meeting).values("action")
        decided = Q(decision__item__meeting=meeting)
        tell_reporters(Action.objects.filter(decided | Q(pk__in=judged)))
    return meeting


def note_absent(meeting):
    """Write down whoever was a member and of whom nothing was said as absent."""
    known = meeting.attendances.values("membership")
    Attendance.objects.bulk_create(
        Attendance(meeting=meeting, membership=membership)
        for membership in members_at(meeting).exclude(pk__in=known)
        if was_expected(membership, meeting)
    )


def was_expected(membership, meeting):
    """Tell whether a member was one at a meeting; who came later is not absent."""
    return membership.started_at <= (meeting.ended_at or timezone.now())


def members_at(meeting):
    """Return who may have come to a meeting: the members, and who left since.

    Who became one later may be ticked too: the portal may know him later than the
    centre does.
    """
    left = Q(ended_at__gt=meeting.began_at)
    return of_partners(
        Membership.objects.filter(Q(ended_at=None) | left, center=meeting.center)
    )


def members(center):
    """Return the live memberships of the three partners, in their order."""
    return of_partners(Membership.objects.live().filter(center=center))


def of_partners(memberships):
    return (
        memberships.exclude(partner__kind="supporter")
        .select_related("user", "partner")
        .order_by("partner__order", "partner", "user__full_name", "pk")
    )


@transaction.atomic
def attend(*, meeting, by, version, came, numbers, guests=()):
    """
    Record who came.

    `came` are the memberships that took part, `guests` those of the invited; `numbers`
    says how many residents came, by sex and age band. Of the residents nothing else is
    kept.
    """
    meeting = hold_row(meeting, by)
    attendance = {"came": came, "numbers": numbers, "guests": guests}
    if meeting.version == version + 1 and is_noted(meeting, **attendance):
        return meeting  # pressed twice
    need_seen(meeting, version)
    need_record_open(meeting)
    note_came(meeting, **attendance)
    save(meeting)
    return meeting


def note_came(meeting, *, came, numbers, guests=()):
    came = {membership.pk for membership in came}
    # Who left before it stays as he was noted.
    for membership in members_at(meeting):
        has_come = membership.pk in came
        if has_come or was_expected(membership, meeting):
            meeting.attendances.update_or_create(
                membership=membership, defaults={"came": has_come}
            )
        else:
            meeting.attendances.filter(membership=membership).delete()
    for (sex, band), number in numbers.items():
        if number:
            meeting.turnouts.update_or_create(
                sex=sex, band=band, defaults={"number": number}
            )
        else:
            meeting.turnouts.filter(sex=sex, band=band).delete()
    invited = meeting.invited.guests()
    invited.update(came=False)
    invited.filter(pk__in=[guest.pk for guest in guests]).update(came=True)


def is_noted(meeting, *, came, numbers, guests=()):
    """Tell whether exactly this is noted already of who came."""
    came = {membership.pk for membership in came}
    guests = {guest.pk for guest in guests}
    attended = meeting.attendances.filter(came=True, membership__in=members_at(meeting))
    noted = set(attended.values_list("membership", flat=True))
    noted_guests = {one.pk for one in meeting.invited.guests() if one.came}
    counted = {(row.sex, row.band): row.number for row in meeting.turnouts.all()}
    said = {cell: number for cell, number in numbers.items() if number}
    return (noted, noted_guests, counted) == (came, guests, said)


@transaction.atomic
def record(
    *,
    meeting,
    place,
    by,
    version,
    outcome=Outcome.OPEN,
    text_ky="",
    text_ru="",
    way=Decision.Way.CONSENSUS,
    votes_for=None,
    votes_against=None,
    votes_abstained=None,
    target="",
    note="",
    concern_version=None,
    **words,
):
    """
    Record an agenda item: what was heard and discussed, and what became of it.

    With a `target` its concern is moved to that status, with a note to the reporter, in
    the same transaction: both stand or neither. Pressed twice it is once. Raises Stale
    where the item, or the concern, was changed meanwhile; ValidationError where a
    decision has no words, and where one that somebody acts upon would be taken back;
    what moving a concern raises.
    """
    item = hold_item(meeting, place, by)
    said = {field: words.get(field, "") for field in HEARD} | {"status": outcome}
    decided = {
        "text_ky": text_ky,
        "text_ru": text_ru,
        "way": way,
        "votes_for": votes_for,
        "votes_against": votes_against,
        "votes_abstained": votes_abstained,
    }
    if item.version == version + 1 and is_recorded(item, said, decided, target):
        return item
    need_seen(item, version)
    need_record_open(item.meeting)
    for field, text in said.items():
        setattr(item, field, text)
    if outcome == Outcome.DECIDED:
        keep_decision(item, by, decided)
    elif decision := getattr(item, "decision", None):
        if decision.actions.exists():
            raise ValidationError(
                {"outcome": _("Somebody acts upon this decision: it stays.")}
            )
        decision.delete()
    save_item(item, *said)
    if target:
        move_concern(item, target, note, by, concern_version)
    return item


def is_recorded(item, said, decided, target):
    """Tell whether exactly this is recorded already: somebody pressed twice."""
    decision = getattr(item, "decision", None)
    is_decided = said["status"] == Outcome.DECIDED
    return (
        says(item, **said)
        and (says(decision, **decided) if decision else not is_decided)
        and (not target or item.concern.status == target)
    )


def keep_decision(item, by, fields):
    if not (fields["text_ky"] or fields["text_ru"]):
        raise ValidationError({"text_ky": _("Write what was decided.")})
    votes = [fields[name] for name in fields if name.startswith("votes_")]
    if fields["way"] == Decision.Way.VOTE:
        if None in votes:
            raise ValidationError({"votes_for": _("Write all three numbers.")})
        need_taken(item.meeting, fields)
    else:
        fields |= dict.fromkeys(["votes_for", "votes_against", "votes_abstained"])
    decision, is_new = Decision.objects.update_or_create(
        item=item, defaults=fields, create_defaults=fields | {"by": by}
    )
    raised = item.concern_id or (None if item.is_closed else item.about_id)
    if is_new and raised:
        decision.answers.add(raised)


def need_taken(meeting, votes):
    """Raise ValidationError where a vote took no decision, or more voted than came."""
    if votes["votes_against"] >= votes["votes_for"]:
        reason = _(
            "The decision was not taken: no more were for it than against. Choose "
            "another outcome, and write how it was voted where it was discussed."
        )
        raise ValidationError({"votes_against": reason})
    # Who serves two partners has one voice.
    came = meeting.attendances.filter(came=True).values("membership__user").distinct()
    came = came.count() + len(guests_of(meeting))
    came += sum(row.number for row in meeting.turnouts.all())
    voted = sum(votes[name] for name in votes if name.startswith("votes_"))
    # Who came may be noted later than what was decided.
    if 0 < came < voted:
        reason = _(
            "So many came, by what is noted: %(number)s. More votes are counted."
        )
        raise ValidationError({"votes_for": reason % {"number": came}})


def move_concern(item, target, note, by, version):
    concern = item.concern
    if target == Status.CLOSED:
        concern_actions.confirm_at_meeting(
            concern=concern, by=by, version=version, note=note
        )
    else:
        concern_actions.move(
            concern=concern, target=target, by=by, version=version, note=note
        )


@transaction.atomic
def answer(*, meeting, place, by, version, concerns):
    """Say which concerns a decision answers besides the one of its item.

    Raises ValidationError where nothing is decided, for a closed item, and for a
    concern that can stand on no agenda.
    """
    item = hold_item(meeting, place, by)
    need_record_open(item.meeting)
    if item.is_closed:
        raise ValidationError(_("What is decided behind closed doors answers none."))
    decision = getattr(item, "decision", None)
    if decision is None:
        raise ValidationError(_("Record the decision first."))
    known = Concern.objects.known_to(by).filter(center=item.meeting.center)
    known = known.exclude(status=Status.RECEIVED).exclude(level=Level.CONFIDENTIAL)
    # Those that this person may not know of stay as they are.
    unknown = decision.answers.exclude(pk__in=known.values("pk"))
    chosen = known.filter(pk__in=[concern.pk for concern in concerns])
    own = [item.concern] if item.concern_id else []
    answered = {*unknown, *chosen, *own}
    if item.version == version + 1 and answered == {*decision.answers.all()}:
        return decision  # pressed twice
    need_seen(item, version)
    joined = answered.difference(decision.answers.all())
    decision.answers.set(answered)
    save_item(item)
    if item.meeting.has_ended:
        tell_reporters(decision.actions.all(), pk__in=[one.pk for one in joined])
    return decision
