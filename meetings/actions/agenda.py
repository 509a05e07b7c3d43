"""What stands on an agenda, and in which order."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from concerns.models import Concern
from concerns.workflow import Status

from ..models import AgendaItem
from .lock import item_at, lock, save


def refusal(concern):
    """Return why a concern can stand on no agenda, or None."""
    if concern.is_confidential:
        return _("A confidential concern is never put on an agenda.")
    if concern.status == Status.RECEIVED:
        return _("Register it first.")
    if not concern.is_open:
        return _("This concern has ended.")
    return None


@transaction.atomic
def add_concern(*, meeting, concern, by, version):
    """Put a concern on the agenda: a public one by its title, a restricted by number.

    Raises ValidationError for a confidential or an ended one, and for one that is on
    the agenda already; Concern.DoesNotExist for one that this person may not know of.
    """
    meeting = lock(meeting, by, version)
    concern = Concern.objects.known_to(by).get(center=meeting.center, pk=concern.pk)
    if reason := refusal(concern):
        raise ValidationError({"concern": reason})
    if meeting.items.filter(concern=concern).exists():
        raise ValidationError({"concern": _("It is on this agenda already.")})
    return add(meeting, concern=concern)


@transaction.atomic
def add_topic(*, meeting, topic_ky, topic_ru, by, version, is_closed=False):
    """Put a free topic on the agenda; of a closed one only the members read."""
    meeting = lock(meeting, by, version)
    return add(meeting, topic_ky=topic_ky, topic_ru=topic_ru, is_closed=is_closed)


@transaction.atomic
def set_closed(*, meeting, place, is_closed, by, version):
    """Close the item at a place to all but the members, or open it.

    It may be done after the meeting too. Raises ValidationError for a concern, which is
    shown by its own level.
    """
    meeting = lock(meeting, by, version)
    item = item_at(meeting, place)
    if item.concern:
        raise ValidationError(_("A concern is shown by its own level."))
    item.is_closed = is_closed
    item.save(update_fields=["is_closed"])
    save(meeting)


def need_agenda_open(meeting):
    if not meeting.is_planned:
        raise ValidationError(_("The agenda of this meeting is closed."))


def add(meeting, **fields):
    need_agenda_open(meeting)
    last = meeting.items.aggregate(last=Max("order"))["last"] or 0
    item = AgendaItem.objects.create(meeting=meeting, order=last + 1, **fields)
    save(meeting)
    return item


@transaction.atomic
def shift(*, meeting, place, by, version, up):
    """Move the item at a place one place up or down."""
    meeting = lock(meeting, by, version)
    need_agenda_open(meeting)
    item = item_at(meeting, place)
    items = meeting.items.shown()
    if up:
        other = items.filter(order__lt=place).last()
    else:
        other = items.filter(order__gt=place).first()
    if other is None:
        raise ValidationError(_("There is no place further that way."))
    item.order, other.order = other.order, item.order
    AgendaItem.objects.bulk_update([item, other], ["order"])
    save(meeting)


@transaction.atomic
def remove(*, meeting, place, by, version):
    """Take the item at a place off the agenda of a meeting to come."""
    meeting = lock(meeting, by, version)
    need_agenda_open(meeting)
    item_at(meeting, place).delete()
    save(meeting)
