"""What stands on an agenda, and in which order."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, Q
from django.utils.translation import gettext as _

from concerns.models import Concern
from concerns.workflow import Status

from ..models import Action, AgendaItem, Meeting
from ..waiting import topics_for
from .lock import hold_row, item_at, lock, need_record_open, need_seen, save, says
from .recording import members


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
    meeting = hold_row(meeting, by)
    topic = {"topic_ky": topic_ky, "topic_ru": topic_ru, "is_closed": is_closed}
    last = meeting.items.filter(order=last_place(meeting), **topic).first()
    if last and meeting.version == version + 1:
        return last  # pressed twice
    need_seen(meeting, version)
    return add(meeting, **topic)


@transaction.atomic
def add_waiting(*, meeting, things, by, version):
    """Put on the agenda, all at once, what waits for one.

    `things` are the keys of what was ticked (`waiting.Waiting.key`). Returns what is to
    be said of those that cannot stand there any more; the others are added. Of what a
    person may not know of no more is said than of what there is not. Raises
    ValidationError where nothing can be added.
    """
    meeting = lock(meeting, by, version)
    need_agenda_open(meeting)
    found = {**concerns_at(meeting, things, by), **topics_at(meeting, things, by)}
    found |= actions_at(meeting, things, by)
    coming = AgendaItem.objects.filter(
        # A draft whose day is past is none to come, and has an agenda all the same.
        Q(meeting=meeting) | Q(pk__in=AgendaItem.objects.to_come(by)),
        meeting__center=meeting.center,
    )
    stands = set(coming.values_list("concern", "action")) - {(None, None)}
    fields, refused = [], []
    for key in dict.fromkeys(things):
        name, reason, added = found.get(key) or (
            "",
            _("It does not wait any more."),
            {},
        )
        if (added.get("concern_id"), added.get("action_id")) in stands:
            reason = _("It stands on an agenda already.")
        if reason:
            refused.append(" ".join(filter(None, [name, reason])))
        else:
            fields.append(added)
    if not fields:
        raise ValidationError(refused or _("Tick what is to stand on the agenda."))
    last = last_place(meeting)
    AgendaItem.objects.bulk_create(
        AgendaItem(meeting=meeting, order=place, **added)
        for place, added in enumerate(fields, start=last + 1)
    )
    save(meeting)
    return refused


def parts_of(things, kind):
    """Return what the keys of one kind name, each part of a key by itself."""
    keys = (key.split(".") for key in things)
    return [rest for first, *rest in keys if first == kind]


def concerns_at(meeting, things, by):
    """Return, by the key of each concern: its number, why it cannot stand, fields."""
    references = [rest[0] for rest in parts_of(things, "concern")]
    concerns = Concern.objects.known_to(by).filter(
        center=meeting.center, reference__in=references
    )
    concerns = {concern.pk: concern for concern in concerns}
    left = left_over(by, concern__in=concerns)
    left = {item.concern_id: item.pk for item in left}
    return {
        f"concern.{concern.reference}": (
            concern.number,
            refusal(concern),
            {"concern_id": pk, "carried_from_id": left.get(pk)},
        )
        for pk, concern in concerns.items()
    }


def topics_at(meeting, things, by):
    """Return the same for each topic that was left to another meeting."""
    places = parts_of(things, "topic")
    topics = topics_for(meeting.center, by).filter(
        meeting__reference__in=[rest[0] for rest in places]
    )
    topics = topics.exclude(carried_to__meeting=meeting)
    return {
        f"topic.{item.meeting.reference}.{item.order}": (
            "",
            None,
            {
                "topic_ky": item.topic_ky,
                "topic_ru": item.topic_ru,
                "is_closed": item.is_members_alone,
                "carried_from_id": item.pk,
            },
        )
        for item in topics.select_related("meeting")
    }


def actions_at(meeting, things, by):
    """Return the same for each action; where it comes from a closed item, so is it."""
    references = [rest[0] for rest in parts_of(things, "action")]
    actions = Action.objects.visible_to(by).filter(
        decision__item__meeting__center=meeting.center, reference__in=references
    )
    actions = {a.pk: a for a in actions.select_related("decision__item__meeting")}
    left = {item.action_id: item.pk for item in left_over(by, action__in=actions)}
    done = {Action.Status.DONE, Action.Status.CONFIRMED}
    return {
        f"action.{action.reference}": (
            action.text,
            _("It is done.") if action.status in done else None,
            {
                "action_id": pk,
                "about_id": comes_from(action).concern_id
                or comes_from(action).about_id,
                "is_closed": is_from_closed(action),
                "carried_from_id": left.get(pk),
            },
        )
        for pk, action in actions.items()
    }


def left_over(by, **of):
    """Return the items of some things that were left to another meeting, last last."""
    items = AgendaItem.objects.visible_to(by).filter(
        meeting__status=Meeting.Status.HELD, status=AgendaItem.Status.POSTPONED, **of
    )
    return items.order_by("meeting__starts_at", "pk")


def comes_from(action):
    return action.decision.item


def is_from_closed(action):
    return comes_from(action).is_members_alone


@transaction.atomic
def plan_item(*, meeting, place, by, version, minutes=None, presenter=None, **topic):
    """Say how long the item at a place is to take, and who presents it.

    Of a free topic its words too, `topic_ky` and `topic_ru`. Raises ValidationError for
    who is no member of the centre.
    """
    meeting = hold_row(meeting, by)
    changed = {"minutes": minutes, "presenter": presenter} | topic
    if meeting.version == version + 1 and is_at(meeting, place, **changed):
        return item_at(meeting, place)  # pressed twice
    need_seen(meeting, version)
    need_agenda_open(meeting)
    item = item_at(meeting, place)
    if presenter and not members(meeting.center).filter(user=presenter).exists():
        raise ValidationError({"presenter": _("Choose a member of the centre.")})
    for name, value in changed.items():
        setattr(item, name, value)
    item.save(update_fields=changed)
    save(meeting)
    return item


@transaction.atomic
def set_closed(*, meeting, place, is_closed, by, version):
    """Close the item at a place to all but the members, or open it.

    It may be done after the meeting too, until its protocol is up for approval;
    whatever goes back to it is closed with it. Raises ValidationError for a concern,
    which is shown by its own level, and where an action would be opened that comes from
    a closed item.
    """
    meeting = hold_row(meeting, by)
    if meeting.version == version + 1 and is_at(meeting, place, is_closed=is_closed):
        return  # pressed twice
    need_seen(meeting, version)
    if meeting.is_held:
        need_record_open(meeting)
    item = item_at(meeting, place)
    if item.concern:
        raise ValidationError(_("A concern is shown by its own level."))
    if item.action and not is_closed and is_from_closed(item.action):
        raise ValidationError(_("It was decided behind closed doors, and stays so."))
    item.is_closed = is_closed
    item.save(update_fields=["is_closed"])
    if is_closed:
        close_what_follows([item.pk])
    save(meeting)


def close_what_follows(closed):
    """Close what carries on closed items, or asks what became of their actions."""
    while closed:
        following = AgendaItem.objects.filter(
            Q(carried_from__in=closed) | Q(action__decision__item__in=closed),
            is_closed=False,
            concern=None,
        )
        closed = list(following.values_list("pk", flat=True))
        AgendaItem.objects.filter(pk__in=closed).update(is_closed=True)


def is_at(meeting, place, **said):
    """Tell whether there is an item at a place, and this is what it says already."""
    item = meeting.items.filter(order=place).first()
    return bool(item) and says(item, **said)


def need_agenda_open(meeting):
    if not meeting.is_planned:
        raise ValidationError(_("The agenda of this meeting is closed."))


def add(meeting, **fields):
    need_agenda_open(meeting)
    place = last_place(meeting) + 1
    item = AgendaItem.objects.create(meeting=meeting, order=place, **fields)
    save(meeting)
    return item


def last_place(meeting):
    return meeting.items.aggregate(last=Max("order"))["last"] or 0


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
