"""The only functions that change a meeting and its agenda."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from centers import journal
from centers.permissions import Permission, can
from concerns.models import Concern
from concerns.workflow import Status

from . import emails
from .models import Action, AgendaItem, Decision, Meeting, Proposal


class Stale(Exception):
    """Somebody changed the meeting meanwhile."""


def need(by, center):
    if not can(by, Permission.SCHEDULE_MEETING, center):
        raise PermissionDenied


def lock(meeting, by, version):
    """Return the meeting as it stands now, held until the transaction ends."""
    meeting = (
        Meeting.objects.visible_to(by)
        .select_related("center")
        .select_for_update(of=["self"])
        .get(pk=meeting.pk)
    )
    need(by, meeting.center)
    if meeting.version != version:
        raise Stale
    return meeting


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


@transaction.atomic
def schedule(*, center, by, **plan):
    """Create a meeting, a draft until its notice is published."""
    need(by, center)
    return Meeting.objects.create(center=center, **plan)


VENUE = {"venue_ky", "venue_ru"}


@transaction.atomic
def replan(*, meeting, by, version, **plan):
    """Change when, where and what kind a planned meeting is.

    Where a published one is moved, its page says from when or from where, and the
    members are told.
    """
    meeting = lock(meeting, by, version)
    if not meeting.is_planned:
        raise ValidationError(_("Only a planned meeting can be changed."))
    old = {field: getattr(meeting, field) for field in plan}
    changed = {field for field in plan if plan[field] != old[field]}
    former = {}
    if meeting.is_published and "starts_at" in changed:
        former["former_starts_at"] = old["starts_at"]
    if meeting.is_published and VENUE & changed:
        former |= {f"former_{field}": getattr(meeting, field) for field in VENUE}
    for field, value in (plan | former).items():
        setattr(meeting, field, value)
    save(meeting, *plan, *former, for_calendars=bool(changed))
    if former:
        tell(emails.moved, meeting, by)
    return meeting


@transaction.atomic
def publish(*, meeting, by, version):
    """Publish the notice and the agenda; what is already published stays so."""
    meeting = lock(meeting, by, version)
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
        tell(emails.published, meeting, by)
    return meeting


@transaction.atomic
def cancel(*, meeting, by, version, reason_ky, reason_ru):
    """Cancel a planned meeting, with a reason that everybody sees."""
    meeting = lock(meeting, by, version)
    if not meeting.is_planned:
        raise ValidationError(_("Only a planned meeting can be cancelled."))
    meeting.status = Meeting.Status.CANCELLED
    meeting.reason_ky, meeting.reason_ru = reason_ky, reason_ru
    save(meeting, "status", "reason_ky", "reason_ru", for_calendars=True)
    if meeting.is_published:
        tell(emails.cancelled, meeting, by)
    return meeting


@transaction.atomic
def discard(*, meeting, by, version):
    """Delete a draft, of which nobody else was told. Raises ValidationError."""
    meeting = lock(meeting, by, version)
    if meeting.is_published:
        raise ValidationError(_("It was published: cancel it, so that people know."))
    meeting.delete()


@transaction.atomic
def hold(*, meeting, by, version):
    """Note that a meeting took place. Raises ValidationError before it begins."""
    meeting = lock(meeting, by, version)
    if not meeting.is_planned:
        raise ValidationError(_("Only a planned meeting can be held."))
    if not meeting.has_begun:
        raise ValidationError(_("It has not begun yet."))
    if not meeting.is_published:
        # What is decided at it could never be read.
        raise ValidationError(_("Publish it first: a draft is seen by nobody."))
    meeting.status = Meeting.Status.HELD
    save(meeting, "status")
    return meeting


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
def propose(*, concern, words, by):
    """Propose a concern for the next agenda; proposed again, it has the new words.

    Raises ValidationError for one that can stand on no agenda, or stands on one that
    this person may see; Concern.DoesNotExist for one that he may not know of.
    """
    concern = Concern.objects.known_to(by).select_related("center").get(pk=concern.pk)
    if not can(by, Permission.READ_SUMMARIES, concern.center):
        raise PermissionDenied
    if reason := refusal(concern):
        raise ValidationError(reason)
    if Meeting.objects.visible_to(by).with_concern(concern).exists():
        raise ValidationError(_("It stands on an agenda already."))
    proposal, _is_new = Proposal.objects.update_or_create(
        concern=concern,
        by=by,
        defaults={"words": words, "created_at": timezone.now()},
    )
    return proposal


@transaction.atomic
def take_back(*, concern, by):
    """Take back one's own proposal of a concern, if there is one."""
    Proposal.objects.filter(concern=concern, by=by).delete()


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


def item_at(meeting, place):
    """Return the item at a place: its own, which no other takes when one disappears."""
    item = meeting.items.shown().filter(order=place).first()
    if item is None:
        raise ValidationError(_("There is no such item."))
    return item


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


@transaction.atomic
def decide(*, meeting, place, text_ky, text_ru, by, version):
    """Record what the meeting decided on the item at a place."""
    meeting = lock(meeting, by, version)
    if not meeting.is_held:
        raise ValidationError(_("A decision is recorded when the meeting was held."))
    item = item_at(meeting, place)
    decision, _created = Decision.objects.update_or_create(
        item=item, defaults={"text_ky": text_ky, "text_ru": text_ru, "by": by}
    )
    item.status = AgendaItem.Status.DECIDED
    item.save(update_fields=["status"])
    save(meeting)
    return decision


@transaction.atomic
def postpone(*, meeting, place, by, version):
    """Note that the meeting left the item at a place to another meeting."""
    meeting = lock(meeting, by, version)
    if not meeting.is_held:
        raise ValidationError(_("An item is postponed when the meeting was held."))
    item = item_at(meeting, place)
    if hasattr(item, "decision"):
        raise ValidationError(_("It was decided: change the decision instead."))
    item.status = AgendaItem.Status.POSTPONED
    item.save(update_fields=["status"])
    save(meeting)
    return item


@transaction.atomic
def add_action(*, meeting, place, partner, due_on, text_ky, text_ru, by, version):
    """Record who does what by when, as was decided on the item at a place."""
    meeting = lock(meeting, by, version)
    item = item_at(meeting, place)
    if not hasattr(item, "decision"):
        raise ValidationError(_("Record the decision first."))
    if partner.center_id != meeting.center_id:
        raise ValidationError({"partner": _("This partner cannot do it.")})
    # Pressed twice, or again after "back", it is one.
    action, _is_new = Action.objects.get_or_create(
        decision=item.decision,
        partner=partner,
        due_on=due_on,
        text_ky=text_ky,
        text_ru=text_ru,
    )
    save(meeting)
    return action
