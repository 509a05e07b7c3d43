"""What the reporter does with the code: answers, confirms, asks again, leaves."""

from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from centers import journal

from ..models import Change, Concern, Message, Safer
from ..workflow import Actor, Status, find_move
from .filing import check_words
from .lock import MoveNotAllowed, hold, save
from .merging import part
from .news import forget_address
from .status import put_status

REPORTER, Solved = Change.Side.REPORTER, Change.Solved


def go(concern, target, note="", solved="", fields=()):
    if find_move(concern.status, target, {Actor.REPORTER}) is None:
        raise MoveNotAllowed
    return put_status(
        concern, target, side=REPORTER, note=note, solved=solved, fields=fields
    )


def mark_unread(concern, at):
    """Note that the staff have something of the reporter's to read, since a moment.

    A form that was opened before it is outdated: who fills it in has not read this.
    """
    concern.unread_since = concern.unread_since or at
    save(concern, "unread_since")


def note_opening(*, concern, by):
    """What the reporter wrote is read once one of those who answer her opens it.

    Call it before what she wrote is fetched: what comes later is unread again.
    """
    if concern.unread_since and concern.is_answered_by(by):
        Concern.objects.filter(pk=concern.pk).update(unread_since=None)


@transaction.atomic
def answer(*, concern, text):
    """Add a message; one that answers the centre's question puts the work on again.

    A second press of the same text is the same message. Raises ValidationError when
    empty.
    """
    if not text:
        raise ValidationError({"text": _("Write your message.")})
    check_words(concern, text=text)
    concern = hold(concern)
    last = concern.messages.last()
    if last and last.text == text and is_second_press(concern, last):
        return last
    message = Message.objects.create(concern=concern, from_reporter=True, text=text)
    mark_unread(concern, message.created_at)
    if concern.status == Status.NEEDS_INFO:
        go(concern, Status.IN_PROGRESS)
    return message


def is_second_press(concern, last):
    """Tell whether the reporter sends the last message once more, unanswered.

    "Yes" to the next question is another answer, and so is what she writes another day.
    """
    age = timezone.now() - last.created_at
    later = concern.changes.told().filter(created_at__gt=last.created_at)
    return (
        last.from_reporter
        and concern.status != Status.NEEDS_INFO
        and age < timedelta(seconds=settings.FOLLOW_IDLE_SECONDS)
        and not later.exclude(side=REPORTER).exists()
    )


@transaction.atomic
def confirm(*, concern, words="", safer=""):
    """The reporter says it is solved, and perhaps whether she feels safer."""
    check_words(concern, reason=words)
    concern = hold(concern)
    concern.feels_safer = safer
    change = go(concern, Status.CLOSED, words, Solved.YES, ["feels_safer"])
    note_yes(concern, change)
    return change


@transaction.atomic
def agree(*, concern, words="", safer=""):
    """The reporter says it is solved, once others have closed it; nothing moves.

    Said already it is not said again, but whether she feels safer may be. Raises
    MoveNotAllowed where it is not closed, and for other words than hers that are there.
    """
    check_words(concern, reason=words)
    concern = hold(concern)
    last = concern.changes.filter(kind=Change.Kind.STATUS).last()
    is_new_word = last.solved and words not in ("", last.note)
    if concern.status != Status.CLOSED or is_new_word:
        raise MoveNotAllowed
    if last.solved:
        if safer not in ("", concern.feels_safer):
            concern.feels_safer = safer
            save(concern, "feels_safer")
            note_yes(concern, last)
        return last
    change = Change.objects.create(
        concern=concern,
        old=Status.CLOSED,
        new=Status.CLOSED,
        side=REPORTER,
        solved=Solved.YES,
        note=words,
    )
    concern.feels_safer = safer
    save(concern, "feels_safer")
    note_yes(concern, change)
    return change


def note_yes(concern, change):
    # "Solved, and I feel no safer" is to be read too, though nothing is left to do.
    if change.note or concern.feels_safer == Safer.NO:
        mark_unread(concern, change.created_at)


@transaction.atomic
def reopen(*, concern, reason, solved=Solved.NO, safer=""):
    """The reporter says it is not solved, or only partly, and why; the work goes on."""
    if not reason:
        raise ValidationError({"reason": _("Write what is not solved.")})
    check_words(concern, reason=reason)
    concern = hold(concern)
    concern.feels_safer = safer
    change = go(concern, Status.IN_PROGRESS, reason, solved, ["feels_safer"])
    mark_unread(concern, change.created_at)
    return change


@transaction.atomic
def withdraw(*, concern, reason=""):
    """The reporter takes it back: it is public no more, and the code ends."""
    check_words(concern, reason=reason)
    concern = hold(concern)
    change = go(concern, Status.WITHDRAWN, reason)
    if reason:
        mark_unread(concern, change.created_at)
    concern.code_ended_at = timezone.now()
    concern.may_publish, concern.published_at = False, None
    concern.save(update_fields=["code_ended_at", "may_publish", "published_at"])
    forget_address(concern=concern)
    # Whoever makes her take it back does not silence the others with it.
    part(concern)
    return change


@transaction.atomic
def end_code(*, concern):
    """The reporter wants her code to open nothing; her report stays as it is."""
    concern = hold(concern)
    if concern.code_ended_at:
        raise MoveNotAllowed
    concern.code_ended_at = timezone.now()
    save(concern, "code_ended_at")
    forget_address(concern=concern)
    change = Change.objects.create(
        concern=concern, kind=Change.Kind.CODE, new="ended", side=REPORTER
    )
    journal.record(
        center=concern.center,
        kind=journal.Kind.CODE_ENDED,
        by=None,
        subject=concern.reference,
    )
    return change
