"""The terms that a centre sets itself."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from .. import journal
from ..models import Center, Term
from ..permissions import Permission, ask_anew, need


@transaction.atomic
def set_report_term(*, center, working_days, holds_from, by):
    """Set within how many working days a centre answers reports, from a day on.

    Never for what is filed already: who filed was told another term. Set for the same
    day once more, it takes the place of what was set. Raises ValidationError for a day
    that is past, PermissionDenied for who may not edit the centre.
    """
    Center.objects.select_for_update(no_key=True).get(pk=center.pk)
    ask_anew(by)
    need(by, Permission.EDIT_CENTER, center)
    if holds_from <= timezone.localdate():
        raise ValidationError(
            {"holds_from": _("From tomorrow at the earliest: today's were promised.")}
        )
    term, _is_new = Term.objects.update_or_create(
        center=center,
        kind=Term.Kind.REPORT,
        holds_from=holds_from,
        defaults={"working_days": working_days, "by": by},
    )
    journal.record(
        center=center,
        kind=journal.Kind.TERM_SET,
        by=by,
        detail={"working_days": working_days, "holds_from": holds_from.isoformat()},
    )
    return term
