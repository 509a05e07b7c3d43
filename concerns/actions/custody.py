"""Who must not read a concern: its level, and what the custodian alone reads."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from centers import journal
from centers.models import Role
from centers.permissions import COUNCIL, POLICE, Permission

from ..models import Assignment, Change, Involved
from ..workflow import Level, is_stricter
from .lock import MoveNotAllowed, lock, need, save
from .merging import hold_repeats, part
from .numbers import draw_number

CUSTODY = [
    *("in_custody", "hidden_from_police", "hidden_from_council"),
    *("journal_number", "journal_year", "partner"),
]
NAMES_POLICE = {Involved.POLICE, Involved.BOTH}
NAMES_COUNCIL = {Involved.COUNCIL, Involved.BOTH}


@transaction.atomic
def release(*, concern, by, version, reason):
    """Give a concern that the custodian need not keep back to the coordinator.

    The custodian alone may, with a reason that the history keeps; it stays confidential
    until somebody lowers its level, and hidden from a side that the reporter herself
    named: so she was promised. Raises ValidationError where its category itself hides
    it (change the category first) and where no coordinator could read it then.
    """
    concern = lock(concern, by, version)
    need(by, Permission.KEEP_CUSTODY, concern)
    if not concern.in_custody:
        raise MoveNotAllowed
    if concern.category.is_hidden:
        raise ValidationError(
            _("This category is always read by the custodian: change it first.")
        )
    if not reason:
        raise ValidationError({"reason": _("Say why it is given back.")})
    concern.hidden_from_police = concern.involved in NAMES_POLICE
    concern.hidden_from_council = concern.involved in NAMES_COUNCIL
    sides = [side for side in (POLICE, COUNCIL) if concern.is_hidden_from(side)]
    if not concern.center.has(Role.COORDINATOR, not_of=sides):
        raise ValidationError(
            _("The reporter named the coordinator's side: it stays with you.")
        )
    concern.in_custody = False
    renumber(concern)
    concern.partner = None
    end_assignments(concern)
    end_consents(concern)
    Change.objects.create(
        concern=concern,
        kind=Change.Kind.CUSTODY,
        old="in",
        new="out",
        note=reason,
        by=by,
    )
    save(concern, *CUSTODY)
    journal.record(
        center=concern.center,
        kind=journal.Kind.CUSTODY_RELEASED,
        by=by,
        subject=concern.reference,
    )
    return concern


@transaction.atomic
def hand_over(*, concern, by, version, side, reason):
    """Give to the custodian what turns out to be about the police or the council.

    `side` is an Involved: police, council or both. Whoever handles it may, and reads it
    no more if it is his own side. Raises ValidationError without a reason, which the
    custodian reads, and in a centre without a custodian.
    """
    concern = lock(concern, by, version)
    need(by, Permission.HANDLE_CONCERN, concern)
    if not reason:
        raise ValidationError({"reason": _("Say why the custodian should read it.")})
    if not concern.center.has_custodian():
        raise ValidationError(
            _("The centre has no custodian to read it: name one first.")
        )
    into_custody(
        concern,
        from_police=side in NAMES_POLICE,
        from_council=side in NAMES_COUNCIL,
        by=by,
        reason=reason,
    )
    save(concern)
    return concern


def into_custody(concern, *, from_police, from_council, by, reason=""):
    """Hand a concern to the custodian: from the next request on its side is blind.

    `by` is None for the reporter. Raises ValidationError in a centre without a
    custodian, where nobody could read it.
    """
    if (
        concern.in_custody
        and concern.hidden_from_police >= from_police
        and concern.hidden_from_council >= from_council
    ):
        return
    if not concern.center.has_custodian():
        raise ValidationError(
            {"category": _("The centre has no custodian to read it: name one first.")}
        )
    hold_repeats(concern)
    was_kept = concern.in_custody
    if not was_kept:
        concern.in_custody = True
        renumber(concern)
        # What others allowed or vouched for counts no more.
        end_consents(concern)
    concern.hidden_from_police |= from_police
    concern.hidden_from_council |= from_council
    concern.partner = None
    end_assignments(concern)
    put_level(concern, Level.CONFIDENTIAL, by, "", also=CUSTODY)
    Change.objects.create(
        concern=concern,
        kind=Change.Kind.CUSTODY,
        old="in" if was_kept else "",
        new="in",
        note=reason,
        side=side_of(by),
        by=by,
    )
    journal.record(
        center=concern.center,
        kind=journal.Kind.CUSTODY_TAKEN,
        by=by,
        subject=concern.reference,
    )


def renumber(concern):
    if concern.journal_year:
        draw_number(concern)


def end_consents(concern):
    """End what waits for a second person's word on a concern, and what it allowed."""
    end_wishes(concern)
    concern.code_requests.open().update(expires_at=timezone.now())


def end_wishes(concern):
    """Leave nobody a wish to know who filed it, nor the consent to one."""
    wishes = concern.identity_requests
    wishes.filter(answered_at=None).update(answered_at=timezone.now())
    wishes.granted().update(is_granted=False)


def end_assignments(concern):
    Assignment.objects.filter(concern=concern, ended_at=None).update(
        ended_at=timezone.now()
    )


def put_level(concern, level, by, reason, also=()):
    """Put a level; `also` are fields of the concern that are saved with it."""
    was, concern.level = concern.level, level
    if level != Level.PUBLIC:
        concern.published_at = None
    concern.save(update_fields=["level", "published_at", *also])
    part(concern)
    if level == was:
        return
    change = Change.objects.create(
        concern=concern,
        kind=Change.Kind.LEVEL,
        old=was,
        new=level,
        note=reason,
        side=side_of(by),
        by=by,
    )
    is_raised = is_stricter(level, than=was)
    journal.record(
        center=concern.center,
        kind=journal.Kind.LEVEL_RAISED if is_raised else journal.Kind.LEVEL_LOWERED,
        by=by,
        subject=concern.reference,
        detail={"level": str(level), "change": change.pk},
    )


def side_of(by):
    return Change.Side.STAFF if by else Change.Side.REPORTER
