"""Holding a meeting while it is changed, and putting the change down."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from centers.permissions import Permission, ask_anew, need

from ..models import Meeting


class Stale(Exception):
    """Somebody changed the meeting meanwhile, or threw its draft away."""


def hold_seen(meeting, by):
    """Return a meeting that a person may open, held until the transaction ends.

    What he may is asked anew. Raises Stale where it is there no more, or not for him.
    """
    seen = Meeting.objects.visible_to(by).select_related("center")
    meeting = seen.select_for_update(of=["self"]).filter(pk=meeting.pk).first()
    if meeting is None:
        raise Stale
    ask_anew(by)
    return meeting


def hold_row(meeting, by):
    """Return the meeting as it stands now, held until the transaction ends."""
    meeting = hold_seen(meeting, by)
    need(by, Permission.SCHEDULE_MEETING, meeting.center)
    return meeting


def lock(meeting, by, version):
    """Return the meeting, held, if it still is as the person saw it."""
    meeting = hold_row(meeting, by)
    need_seen(meeting, version)
    return meeting


def need_seen(row, version):
    """Raise Stale where a meeting, or an item, is no longer as the person saw it."""
    if row.version != version:
        raise Stale


def hold_item(meeting, place, by):
    """Return an agenda item as it stands now, held with its meeting.

    An item has a version of its own, so that two may record two of them at once.
    """
    meeting = hold_row(meeting, by)
    item = item_at(meeting, place)
    item.meeting = meeting
    return item


def says(row, **fields):
    """Tell whether it is this that is written there: nothing is as good as no word."""
    return all((getattr(row, name) or "") == (fields[name] or "") for name in fields)


def item_at(meeting, place):
    """Return the item at a place: its own, which no other takes when one disappears."""
    item = meeting.items.shown().filter(order=place).first()
    if item is None:
        raise ValidationError(_("There is no such item."))
    return item


def save_item(item, *fields):
    item.version += 1
    item.save(update_fields=["version", *fields])


def save(meeting, *fields, for_calendars=False):
    meeting.version += 1
    meeting.sequence += for_calendars
    meeting.changed_at = timezone.now()
    meeting.save(update_fields=["version", "sequence", "changed_at", *fields])


def tell(letter, meeting, by):
    # Not a partial: Django asks what fails here for its name.
    def send():
        letter(meeting, by)

    # Once the act stands, so that no mail server undoes it.
    transaction.on_commit(send, robust=True)


def need_record_open(meeting):
    """Raise ValidationError where nothing may be recorded on a meeting."""
    if not meeting.is_held:
        raise ValidationError(_("It is recorded once the meeting has begun."))
    if held := meeting.held_by:
        if held.is_up:
            raise ValidationError(
                _("The protocol is up for approval: withdraw it first.")
            )
        raise ValidationError(
            _("The protocol is approved: write first why it is amended.")
        )
