"""How minutes become the protocol: put up, approved by three sides, amended.

From the moment it is put up nothing is recorded, until it is withdrawn or amended
(`need_record_open`).
"""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from centers import journal
from centers.models import Center
from centers.permissions import Permission, can

from ..expecting import own_sides
from ..models import SIDES, Approval, Protocol
from ..protocol.content import draft, mark_of, mark_of_reason
from .lock import Stale, hold_row, hold_seen


def sides_of(user, center):
    """Return the sides for which a person may approve, in their order."""
    mine = own_sides(user)
    return [side for side in SIDES if (center.pk, side) in mine]


@transaction.atomic
def put_up(*, meeting, by, mark):
    """Freeze what was recorded as the next version, for the partners to approve.

    `mark` is that of the content that the person saw. Pressed twice it is one version.
    Raises Stale where something else was recorded meanwhile, ValidationError before the
    end of the meeting and where an approved protocol is not to be amended.
    """
    meeting = hold_row(meeting, by)
    if not meeting.has_ended:
        raise ValidationError(_("Note first when the meeting ended."))
    protocol = getattr(meeting, "protocol", None)
    last = protocol.last if protocol else None
    if last and last.is_up:
        if mark_of(last.content) == mark:
            return last
        raise Stale
    if last and not protocol.is_amended:
        raise ValidationError(_("It is approved: write first why it is amended."))
    content = draft(meeting)
    if mark_of(content) != mark:
        raise Stale
    protocol = protocol or numbered(meeting)
    number = protocol.versions.aggregate(last=Max("version"))["last"] or 0
    return protocol.versions.create(
        version=number + 1,
        content=content,
        reason_ky=protocol.reason_ky,
        reason_ru=protocol.reason_ru,
        made_by=by,
    )


def numbered(meeting):
    """Create the protocol of a meeting, with the next number of its centre and year."""
    # The centre's row is the gate: two meetings must not draw one number.
    Center.objects.select_for_update(no_key=True).get(pk=meeting.center_id)
    year = timezone.localdate(meeting.began_at).year
    others = Protocol.objects.filter(center=meeting.center, year=year)
    last = others.aggregate(last=Max("number"))["last"] or 0
    return Protocol.objects.create(
        meeting=meeting, center=meeting.center, year=year, number=last + 1
    )


def hold_version(meeting, by, number):
    """Return the version that is up for approval, if it is the one that was seen."""
    meeting = hold_seen(meeting, by)
    protocol = getattr(meeting, "protocol", None)
    version = protocol and protocol.versions.filter(version=number).first()
    if version is None:
        raise Stale
    version.protocol = protocol
    protocol.meeting = meeting
    return version


@transaction.atomic
def approve(*, meeting, version, side, by):
    """Approve the version of a number for one's own side, by name.

    The third approval freezes it for good. Raises PermissionDenied for another side
    than one's own, Stale where it is no longer up, ValidationError where the side, or
    this person for another side, has approved it already.
    """
    version = hold_version(meeting, by, version)
    center = version.protocol.meeting.center
    if side not in sides_of(by, center):
        raise PermissionDenied
    given = {one.side: one for one in version.approvals.all()}
    if side in given and given[side].by_id == by.pk and not version.is_withdrawn:
        return given[side]
    if not version.is_up:
        raise Stale
    if side in given:
        raise ValidationError(_("Somebody approved it for this side already."))
    if by.pk in {one.by_id for one in given.values()}:
        raise ValidationError(
            _("You approved it for another side: three people approve it.")
        )
    approval = Approval.objects.create(
        version=version, side=side, name=by.full_name, by=by
    )
    if len(given) + 1 == len(SIDES):
        freeze(version, by)
    return approval


def freeze(version, by):
    version.frozen_at = timezone.now()
    version.save(update_fields=["frozen_at"])
    protocol = version.protocol
    protocol.reason_ky = protocol.reason_ru = ""
    protocol.save(update_fields=["reason_ky", "reason_ru"])
    write_down(version, journal.Kind.PROTOCOL_APPROVED, by)


def write_down(version, kind, by):
    protocol = version.protocol
    journal.record(
        center=protocol.meeting.center,
        kind=kind,
        by=by,
        subject=protocol.meeting.reference,
        detail={"number": protocol.number, "version": version.version},
    )


@transaction.atomic
def decline(*, meeting, version, words, by):
    """Withdraw the version that is up, because of a mistake; recording opens again.

    Whoever may approve it may do that, and whoever records.
    """
    version = hold_version(meeting, by, version)
    center = version.protocol.meeting.center
    if not (sides_of(by, center) or can(by, Permission.SCHEDULE_MEETING, center)):
        raise PermissionDenied
    if version.is_withdrawn and (version.withdrawn_by, version.words) == (by, words):
        return version
    if not version.is_up:
        raise Stale
    if not words:
        raise ValidationError({"words": _("Write what is wrong in it.")})
    version.withdraw(by, words)
    return version


@transaction.atomic
def amend(*, meeting, version, reason_ky, reason_ru, by, seen=""):
    """Open the record of an approved protocol anew, with a reason that everyone reads.

    The approved version stays until another takes its place. Until the next is put up,
    the reason may be corrected: `seen` is the mark of the one that was read, if any.
    Raises Stale where another stands.
    """
    hold_row(meeting, by)
    version = hold_version(meeting, by, version)
    protocol = version.protocol
    if not (reason_ky and reason_ru):
        raise ValidationError({"reason_ky": _("Write why it is amended.")})
    if (protocol.reason_ky, protocol.reason_ru) == (reason_ky, reason_ru):
        return protocol
    if not version.is_approved or protocol.last != version:
        raise Stale
    if mark_of_reason(protocol) != seen:
        raise Stale
    protocol.reason_ky, protocol.reason_ru = reason_ky, reason_ru
    protocol.save(update_fields=["reason_ky", "reason_ru"])
    write_down(version, journal.Kind.PROTOCOL_AMENDED, by)
    return protocol
