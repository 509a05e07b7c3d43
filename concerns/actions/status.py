"""The one place where a status is put, and the days by which an answer is due."""

from datetime import date

from django.utils import timezone

from centers.models import Term
from centers.terms import terms_on
from centers.workdays import add_working_days

from ..models import Change
from ..workflow import DONE, ENDED, OWED, Status
from .lock import save
from .news import tell, tell_joined
from .numbers import draw_number

# What was only joined to another has the term that it had.
ANEW = DONE - {Status.DUPLICATE}


def put_status(
    concern,
    target,
    *,
    by=None,
    side=Change.Side.STAFF,
    note="",
    body="",
    crime_number="",
    solved="",
    crime_place="",
    identity_passed=None,
    fields=(),
    at=None,
):
    """Assign a status: nowhere else is it done. The caller has asked the table."""
    now = at or timezone.now()
    if concern.status in ANEW:
        concern.extended_to = None
    change = Change.objects.create(
        concern=concern,
        old=concern.status,
        new=target,
        note=note,
        body=body,
        crime_number=crime_number,
        solved=solved,
        crime_place=crime_place,
        identity_passed=identity_passed,
        side=side,
        by=by,
        created_at=now,
    )
    if by:
        concern.is_quarantined = False
    if target == Status.REGISTERED and not concern.registered_at:
        if not concern.journal_year:
            draw_number(concern)
        concern.registered_at = now
    concern.status = target
    if target == Status.RESOLVED:
        concern.resolved_at = now
    elif target != Status.CLOSED:
        concern.resolved_at = None
    concern.ended_at = now if target in ENDED else None
    concern.due_on = answer_by(concern) if target in OWED else None
    save(
        concern,
        *("status", "resolved_at", "ended_at", "due_on", "extended_to"),
        *("is_quarantined", "journal_year", "journal_number", "registered_at"),
        *fields,
    )
    if side != Change.Side.REPORTER:
        tell(concern)
    tell_joined(concern)
    return change


def answer_by(concern):
    """Return the day by which an answer is due.

    Counted from the last taking up anew, or from filing; never before the day to which
    it was put off.
    """
    anew = concern.changes.filter(kind=Change.Kind.STATUS, old__in=ANEW).last()
    since = anew.created_at if anew else concern.created_at
    return max(term_from(concern, since), concern.extended_to or date.min)


def term_from(concern, moment):
    """Return the last day of the term of an answer that begins at a moment."""
    day = timezone.localdate(moment)
    # A concern's kinds have the names of the terms of their answers.
    return add_working_days(day, terms_on(day, concern.center)[concern.kind])


def day_of_answer(concern, target=None):
    """Return the day by which the reporter is answered, or None where nobody owes it.

    With a `target`, as it will be once the concern has that status. What waits to be
    registered is due earlier; what is taken up again has a new day.
    """
    if (target or concern.status) not in OWED:
        return None
    if concern.status in ANEW:
        return term_from(concern, timezone.now())
    if concern.status in (Status.RECEIVED, Status.DUPLICATE):
        return answer_by(concern)
    return concern.due_on


def register_by(center, day):
    """Return the day by which what a centre receives on a day is to be registered."""
    days = terms_on(day, center)[Term.Kind.REGISTRATION]
    return add_working_days(day, days)
