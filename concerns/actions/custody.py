from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from centers import journal
from centers.permissions import Permission

from ..models import Assignment, Change
from .lock import lock, need, save


@transaction.atomic
def release(*, concern, by, version, reason):
    """Give a concern that hides from nobody after all back to the coordinator.

    The custodian alone may, with a reason that the journal keeps; it stays confidential
    until somebody lowers its level. Raises ValidationError where its category itself
    hides it: change the category first.
    """
    concern = lock(concern, by, version)
    need(by, Permission.KEEP_CUSTODY, concern)
    if concern.category.is_hidden:
        raise ValidationError(
            _("This category is always read by the custodian: change it first.")
        )
    if not reason:
        raise ValidationError({"reason": _("Say why it is given back.")})
    concern.in_custody = False
    concern.hidden_from_police = concern.hidden_from_council = False
    concern.journal_number = concern.journal_year = None
    concern.partner = None
    Assignment.objects.live().filter(concern=concern).update(ended_at=timezone.now())
    Change.objects.create(
        concern=concern, kind=Change.Kind.CUSTODY, new="out", note=reason, by=by
    )
    save(
        concern,
        "in_custody",
        "hidden_from_police",
        "hidden_from_council",
        "journal_number",
        "journal_year",
        "partner",
    )
    journal.record(
        center=concern.center,
        kind=journal.Kind.CUSTODY_RELEASED,
        by=by,
        subject=concern.reference,
    )
    return concern
