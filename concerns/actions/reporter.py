"""What the reporter does with the code: answers, confirms, asks again, withdraws."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ..models import Change, Concern, Message
from ..workflow import Actor, Status, find_move
from .filing import check_words
from .handling import put_status
from .lock import MoveNotAllowed

REPORTER = Change.Side.REPORTER


def hold(concern):
    return (
        Concern.objects.select_related("center", "category")
        .select_for_update(of=["self"])
        .get(pk=concern.pk)
    )


def go(concern, target, note=""):
    if find_move(concern.status, target, {Actor.REPORTER}) is None:
        raise MoveNotAllowed
    return put_status(concern, target, side=REPORTER, note=note)


@transaction.atomic
def answer(*, concern, text):
    """Add a message; one that answers the centre's question puts the work on again.

    The same text sent twice in a row is one message. Raises ValidationError when empty.
    """
    if not text:
        raise ValidationError({"text": _("Write your message.")})
    check_words(concern, text=text)
    concern = hold(concern)
    last = concern.messages.last()
    if last and last.from_reporter and last.text == text:
        return last
    message = Message.objects.create(concern=concern, from_reporter=True, text=text)
    if concern.status == Status.NEEDS_INFO:
        go(concern, Status.IN_PROGRESS)
    return message


@transaction.atomic
def confirm(*, concern):
    """The reporter says it is solved."""
    return go(hold(concern), Status.CLOSED)


@transaction.atomic
def reopen(*, concern, reason):
    """The reporter says it is not solved, and why; the work goes on."""
    if not reason:
        raise ValidationError({"reason": _("Write what is not solved.")})
    check_words(concern, reason=reason)
    return go(hold(concern), Status.IN_PROGRESS, reason)


@transaction.atomic
def withdraw(*, concern, reason=""):
    """The reporter takes it back: it is public no more, and the code ends."""
    check_words(concern, reason=reason)
    concern = hold(concern)
    change = go(concern, Status.WITHDRAWN, reason)
    concern.code_ended_at = timezone.now()
    concern.may_publish, concern.published_at = False, None
    concern.save(update_fields=["code_ended_at", "may_publish", "published_at"])
    return change
