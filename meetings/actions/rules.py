"""The rules by which a centre meets, as its coordinator sets them."""

from django.db import transaction

from centers.models import Center
from centers.permissions import Permission, ask_anew, need

from ..models import Rules
from .lock import need_seen, says


@transaction.atomic
def set_rules(*, center, by, version, **fields):
    """Set by which rules a centre meets. What is planned already stays as it is.

    Raises Stale where somebody was faster, PermissionDenied for who may not edit the
    centre.
    """
    # There may be no row of rules yet that could be held.
    Center.objects.select_for_update(no_key=True).get(pk=center.pk)
    ask_anew(by)
    need(by, Permission.EDIT_CENTER, center)
    rules = Rules.objects.filter(center=center).first() or Rules(center=center)
    if rules.version == version + 1 and says(rules, **fields):
        return rules  # pressed twice
    need_seen(rules, version)
    for name, value in fields.items():
        setattr(rules, name, value)
    rules.version += 1
    rules.save()
    return rules
