"""When and where a meeting is, and whether it is."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from centers import journal
from centers.models import Center
from centers.permissions import Permission, ask_anew, need

from .. import emails
from ..models import Meeting
from .inviting import forget_answers, invite_members
from .lock import hold_row, lock, need_seen, save, says, tell

VENUE = {"venue_ky", "venue_ru", "village"}


@transaction.atomic
def schedule(*, center, by, **plan):
    """Create a meeting, a draft until its notice is published.

    Pressed twice, it is the draft that was made, of which nothing else is said yet.
    """
    Center.objects.select_for_update(no_key=True).get(pk=center.pk)
    ask_anew(by)
    need(by, Permission.SCHEDULE_MEETING, center)
    drafts = Meeting.objects.filter(
        center=center, status=Meeting.Status.PLANNED, published_at=None, version=0
    )
    return drafts.filter(**plan).first() or Meeting.objects.create(
        center=center, **plan
    )


@transaction.atomic
def replan(*, meeting, by, version, **plan):
    """Change when, where and what kind a planned meeting is.

    Where a published one is moved, its page says from when or from where, and the
    members are told.
    """
    meeting = hold_row(meeting, by)
    if meeting.version == version + 1 and says(meeting, **plan):
        return meeting  # pressed twice
    need_seen(meeting, version)
    if not meeting.is_planned:
        raise ValidationError(_("Only a planned meeting can be changed."))
    old = {field: getattr(meeting, field) for field in plan}
    places = place_in_both(meeting)
    changed = {field for field in plan if plan[field] != old[field]}
    former = {}
    if meeting.is_published and "starts_at" in changed:
        former["former_starts_at"] = old["starts_at"]
    if meeting.is_published and VENUE & changed:
        former |= places
    for field, value in (plan | former).items():
        setattr(meeting, field, value)
    save(meeting, *plan, *former, for_calendars=bool(changed))
    if former:
        invite_members(meeting, by)
        if "former_starts_at" in former:
            forget_answers(meeting, by)
            # Nobody was reminded of the protocol of what is still to come.
            meeting.reminders.all().delete()
        tell(emails.moved, meeting, by)
    return meeting


def place_in_both(meeting):
    """Return where a meeting is to be, as the fields that say where it was."""
    places = {}
    for language in ("ky", "ru"):
        with override(language):
            places[f"former_venue_{language}"] = meeting.place
    return places


@transaction.atomic
def publish(*, meeting, by, version):
    """Publish the notice and the agenda; what is already published stays so."""
    meeting = hold_row(meeting, by)
    if meeting.is_published and meeting.version == version + 1:
        return meeting  # pressed twice
    need_seen(meeting, version)
    if not meeting.is_published:
        meeting.published_at, meeting.published_by = timezone.now(), by
        save(meeting, "published_at", "published_by", for_calendars=True)
        journal.record(
            center=meeting.center,
            kind=journal.Kind.PUBLISHED,
            by=by,
            subject=meeting.reference,
            detail={"what": "meeting"},
        )
        invite_members(meeting, by)
        tell(emails.published, meeting, by)
    return meeting


@transaction.atomic
def cancel(*, meeting, by, version, reason_ky, reason_ru):
    """Cancel a planned meeting, with a reason that everybody sees."""
    meeting = hold_row(meeting, by)
    reason = {"reason_ky": reason_ky, "reason_ru": reason_ru}
    if meeting.is_cancelled and says(meeting, **reason):
        return meeting  # pressed twice
    need_seen(meeting, version)
    if not meeting.is_planned:
        raise ValidationError(_("Only a planned meeting can be cancelled."))
    meeting.status = Meeting.Status.CANCELLED
    meeting.reason_ky, meeting.reason_ru = reason_ky, reason_ru
    save(meeting, "status", "reason_ky", "reason_ru", for_calendars=True)
    if meeting.is_published:
        invite_members(meeting, by)
        tell(emails.cancelled, meeting, by)
    return meeting


@transaction.atomic
def discard(*, meeting, by, version):
    """Delete a draft, of which nobody else was told. Raises ValidationError."""
    meeting = lock(meeting, by, version)
    if meeting.is_published:
        raise ValidationError(_("It was published: cancel it, so that people know."))
    meeting.delete()
