"""More time for an answer: once, with a reason that the reporter reads."""

from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from centers.permissions import Permission

from ..models import Change
from ..workflow import OWED, Status
from .lock import MoveNotAllowed, lock, need, save
from .news import tell, tell_joined


@transaction.atomic
def extend(*, concern, until, reason, by, version):
    """Put the day of the answer off, once, and tell the reporter why.

    At most EXTENSION_DAYS calendar days after the day it was due. Registering is never
    put off. Raises MoveNotAllowed where no answer is owed, ValidationError without a
    reason, for another day, and the second time.
    """
    concern = lock(concern, by, version)
    need(by, Permission.HANDLE_CONCERN, concern)
    if concern.status not in OWED - {Status.RECEIVED}:
        raise MoveNotAllowed
    if concern.extended_to:
        raise ValidationError(_("The term was extended already; once is all there is."))
    if not reason:
        raise ValidationError({"reason": _("Tell the reporter why it takes longer.")})
    last = last_day(concern)
    if not concern.due_on < until <= last:
        raise ValidationError(
            {
                "until": _("Choose a day after %(first)s and not after %(last)s.")
                % {
                    "first": f"{concern.due_on:%d.%m.%Y}",
                    "last": f"{last:%d.%m.%Y}",
                }
            }
        )
    change = Change.objects.create(
        concern=concern,
        kind=Change.Kind.TERM,
        old=concern.due_on.isoformat(),
        new=until.isoformat(),
        note=reason,
        by=by,
    )
    concern.due_on = concern.extended_to = until
    save(concern, "due_on", "extended_to")
    tell(concern)
    tell_joined(concern)
    return change


def last_day(concern):
    """Return the last day to which an answer may be put off."""
    return concern.due_on + timedelta(days=settings.EXTENSION_DAYS)
