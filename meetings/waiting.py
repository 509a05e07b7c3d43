"""What waits to be put on an agenda, as far as a person may know of it, and why."""

from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from concerns.models import Concern
from concerns.models.concern import FEWEST_SHOWN
from concerns.workflow import Level, Status

from .models import Action, ActionChange, AgendaItem, Meeting, Proposal

# Of one reason; a longer list is read by nobody.
SHOWN = 30
MOST_SUPPORTED = 10
POSTPONED = AgendaItem.Status.POSTPONED


@dataclass
class Waiting:
    """A thing that waits: what its box carries, what it is called, and why it waits."""

    key: str
    name: str
    number: str = ""
    address: str = ""
    reasons: list = field(default_factory=list)
    wishes: list = field(default_factory=list)
    is_closed: bool = False


@dataclass
class Group:
    """What waits for one reason, the first ones of it."""

    name: str
    things: list

    @property
    def shown(self):
        return self.things[:SHOWN]

    @property
    def left_out(self):
        return len(self.things) - len(self.shown)


def concerns_for(center, user):
    """Return the concerns that can stand on an agenda, for who may know of them.

    Each with the outcome of the last meeting held on it (`last_outcome`), and whether
    it stands on an agenda to come (`is_on_agenda`).
    """
    coming = AgendaItem.objects.to_come(user).filter(concern=OuterRef("pk"))
    return (
        Concern.objects.known_to(user)
        .filter(center=center)
        .open()
        .exclude(status=Status.RECEIVED)
        .exclude(level=Level.CONFIDENTIAL)
        .annotate(
            last_outcome=outcome(user, concern=OuterRef("pk")),
            is_on_agenda=Exists(coming),
        )
    )


def outcome(user, **of):
    """Return what became of a thing at the last meeting held on it."""
    held = AgendaItem.objects.filter(
        meeting__status=Meeting.Status.HELD,
        meeting__in=Meeting.objects.visible_to(user),
        **of,
    )
    return Subquery(held.order_by("-meeting__starts_at", "-pk").values("status")[:1])


def topics_for(center, user):
    """Return the free topics left to another meeting that none has taken up since."""
    taken_up = Q(meeting__status=Meeting.Status.HELD) | Q(
        meeting__in=Meeting.objects.visible_to(user).awaited()
    )
    carried = AgendaItem.objects.filter(taken_up, carried_from=OuterRef("pk"))
    return AgendaItem.objects.visible_to(user).filter(
        ~Exists(carried),
        meeting__center=center,
        meeting__status=Meeting.Status.HELD,
        concern=None,
        action=None,
        status=POSTPONED,
    )


def actions_for(center, user):
    """Return the actions that are late, not done or left to another meeting.

    None of them stands on an agenda to come. What is not done waits until a meeting has
    dealt with it.
    """
    coming = AgendaItem.objects.to_come(user).filter(action=OuterRef("pk"))
    changes = ActionChange.objects.filter(
        action=OuterRef("pk"), kind=ActionChange.Kind.STATUS
    ).order_by("-created_at", "-pk")
    late = Q(due_on__lt=timezone.localdate()) | Q(last_outcome=POSTPONED)
    return (
        Action.objects.visible_to(user)
        .annotate(
            last_outcome=outcome(user, action=OuterRef("pk")),
            changed_on=Subquery(changes.values("created_at__date")[:1]),
        )
        .filter(
            late & Q(status=Action.Status.OPEN)
            | Q(status=Action.Status.NOT_DONE)
            & (~Exists(dealt_with(user)) | Q(last_outcome=POSTPONED)),
            ~Exists(coming),
            decision__item__meeting__center=center,
        )
    )


def dealt_with(user):
    """Return the items by which a meeting dealt with an action since it is as it is.

    `changed_on` is the day of the action's last change of status. What came out at a
    meeting may be written down on its evening.
    """
    return AgendaItem.objects.filter(
        meeting__ended_at__date__gte=OuterRef("changed_on"),
        action=OuterRef("pk"),
        status__in=[AgendaItem.Status.DECIDED, AgendaItem.Status.NOTED],
        meeting__status=Meeting.Status.HELD,
        meeting__in=Meeting.objects.visible_to(user),
    )


def proposed(center, user):
    """Return the concerns proposed for an agenda, each with its proposals; most first.

    Among those proposed as often, what has waited longest stands first.
    """
    concerns = {}
    proposals = Proposal.objects.waiting_for(user).filter(concern__center=center)
    proposals = proposals.select_related("concern__category", "by")
    for proposal in proposals.defer("concern__text", "concern__landmark"):
        concern = concerns.setdefault(proposal.concern_id, proposal.concern)
        concern.wishes = [*getattr(concern, "wishes", []), proposal]
    return sorted(concerns.values(), key=lambda concern: -len(concern.wishes))


def groups(center, user, *, items, concerns, topics, wished):
    """Return what waits, in groups by the first reason of each thing.

    What stands among the `items` of an agenda does not wait for it, though its day may
    be past. `concerns` and `topics` are rows of `concerns_for` and `topics_for`,
    `wished` of `proposed`: the page that shows them has asked for them already. The
    actions are asked for here.
    """
    on_it = {item.concern_id for item in items}
    wished = [concern for concern in wished if concern.pk not in on_it]
    left_here = {item.carried_from_id for item in items}
    topics = [topic for topic in topics if topic.pk not in left_here]
    things = {concern.pk: of_concern(concern) for concern in wished}
    free = [c for c in concerns if not (c.is_on_agenda or c.pk in on_it)]
    late = [c for c in free if c.due_on and c.due_on < timezone.localdate()]
    left = [c for c in free if c.last_outcome == POSTPONED]
    known = sorted(free, key=lambda concern: -concern.supporters)
    supported = [c for c in known if c.supporters >= FEWEST_SHOWN][:MOST_SUPPORTED]
    reasons = [
        (late, lambda c: _("Overdue since %(day)s") % {"day": day(c.due_on)}),
        (left, lambda c: _("Left to another meeting")),
        (supported, lambda c: _("It worries residents: %(n)s") % {"n": c.supporters}),
    ]
    for some, reason in reasons:
        for concern in some:
            thing = things.setdefault(concern.pk, of_concern(concern))
            thing.reasons.append(reason(concern))
    late_actions = actions_for(center, user).select_related("partner")
    acted_on = {item.action_id for item in items}
    late_actions = [action for action in late_actions if action.pk not in acted_on]
    groups = [
        (_("Proposed by members"), [c.pk for c in wished]),
        (_("Left to another meeting"), [c.pk for c in left]),
        (_("Overdue concerns"), [c.pk for c in late]),
        (_("What worries residents most"), [c.pk for c in supported]),
    ]
    found, taken = [], set()
    for name, keys in groups:
        own = [key for key in keys if key not in taken]
        taken.update(own)
        found.append(Group(name, [things[key] for key in own]))
    found[1].things.extend(of_topic(topic) for topic in topics)
    found.insert(
        3, Group(_("Actions not finished"), list(map(of_action, late_actions)))
    )
    return [group for group in found if group.things]


def of_concern(concern):
    return Waiting(
        key=f"concern.{concern.reference}",
        number=concern.number,
        name=concern.title or str(concern.category),
        address=concern.get_desk_url(),
        wishes=getattr(concern, "wishes", []),
    )


def of_topic(item):
    starts_at = timezone.localtime(item.meeting.starts_at)
    return Waiting(
        key=f"topic.{item.meeting.reference}.{item.order}",
        name=item.topic,
        address=item.meeting.get_desk_url(),
        reasons=[_("Left over from %(day)s") % {"day": day(starts_at)}],
        is_closed=item.is_members_alone,
    )


def of_action(action):
    if action.is_overdue:
        reason = _("Overdue since %(day)s") % {"day": day(action.due_on)}
    elif action.is_open:
        reason = _("Left to another meeting")
    else:
        reason = _("Not done")
    return Waiting(
        key=f"action.{action.reference}",
        name=action.text,
        address=action.get_desk_url(),
        reasons=[str(action.partner), reason],
    )


def day(moment):
    return date_format(moment, "SHORT_DATE_FORMAT")
