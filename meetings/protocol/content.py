"""What was recorded of a meeting, as plain data in both languages.

It is the whole of a protocol: what is frozen is this, and what is shown comes from it.
"""

import hashlib
import json
from itertools import groupby

from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _

from ..models import Action, AgendaItem, ProtocolVersion
from ..models.invited import GUESTS_KEPT

LANGUAGES = ("ky", "ru")


def pair(thing, field):
    return {code: getattr(thing, f"{field}_{code}") or "" for code in LANGUAGES}


def agenda(meeting):
    """Return the items that are shown, with what was recorded on them."""
    return list(with_record(meeting.items.shown()))


def with_record(items):
    """Bring what was decided on items, and who does what, as it was decided."""
    actions = Action.objects.with_people().as_decided()
    actions = Prefetch("decision__actions", actions)
    return items.select_related("decision").prefetch_related(actions)


def draft(meeting, items=None):
    """Return what the protocol of a meeting would say now.

    What is confidential by now stands nowhere in it. Residents are a number. `items` is
    its agenda, if it was asked for already.
    """
    items = agenda(meeting) if items is None else items
    return {
        "center": pair(meeting.center, "name"),
        "kind": meeting.kind,
        "village": pair(meeting.village, "name") if meeting.village else None,
        "venue": pair(meeting, "venue"),
        "began_at": meeting.began_at.isoformat(),
        "ended_at": meeting.ended_at.isoformat(),
        "partners": present(meeting),
        "guests": guests_of(meeting),
        "residents": sum(meeting.turnouts.values_list("number", flat=True)),
        "items": [drafted(item) for item in items],
    }


def guests_of(meeting):
    """Return who of the guests came, by reference: their names are forgotten one day.

    Where nobody knows them any more, what was approved says how many they were.
    """
    guests = list(meeting.invited.guests())
    if guests or meeting.starts_at > timezone.now() - GUESTS_KEPT:
        return [one.reference for one in guests if one.came]
    approved = ProtocolVersion.objects.approved().filter(protocol__meeting=meeting)
    last = approved.last()
    return last.content.get("guests", []) if last else []


def present(meeting):
    """Return, for each partner, who of its members came and who did not, by name."""
    attendances = meeting.attendances.select_related(
        "membership__user", "membership__partner"
    ).order_by("membership__partner__order", "membership__partner")
    partners = []
    for partner, group in groupby(attendances, lambda one: one.membership.partner):
        # Who has two roles of one partner is one person; two of one name are two.
        came, missed = {}, {}
        for one in group:
            user = one.membership.user
            (came if one.came else missed)[user.pk] = user.full_name
        missed = {pk: name for pk, name in missed.items() if pk not in came}
        partners.append(
            {
                "side": partner.kind,
                "name": pair(partner, "name"),
                "came": sorted(came.values()),
                "missed": sorted(missed.values()),
            }
        )
    return partners


def drafted(item):
    concern, decision = item.concern, getattr(item, "decision", None)
    return {
        "place": item.order,
        "concern": concern.number if concern else "",
        # A title that everyone reads; without one the number alone is said.
        "title": pair(concern, "title") if concern and concern.is_published else None,
        "topic": pair(item.action, "text") if item.action else pair(item, "topic"),
        # Everyone reads only what was public already, and still is.
        "is_public": item.is_public,
        "is_closed": item.is_closed,
        "status": item.status,
        "heard": pair(item, "heard"),
        "discussed": pair(item, "discussed"),
        "decision": decided(decision) if decision else None,
        "actions": [promised(one) for one in decision.actions.all()]
        if decision
        else [],
    }


def decided(decision):
    return {
        "text": pair(decision, "text"),
        "votes": [
            decision.votes_for,
            decision.votes_against,
            decision.votes_abstained,
        ]
        if decision.is_voted
        else None,
    }


def promised(action):
    """Return an action as it was decided, whatever its term and person are by now."""
    person = action.person.full_name if action.person else ""
    return {
        "text": pair(action, "text"),
        # Who answers for it, and those who do it with him
        "partners": [
            pair(partner, "name")
            for partner in (action.partner, *action.co_executors.all())
        ],
        "person": person if action.first_person is None else action.first_person,
        "due_on": action.first_due_on or action.due_on.isoformat(),
        "funding": pair(action, "funding"),
        "indicator": pair(action, "indicator"),
    }


def mark_of(content):
    """Return what changes with any word of a content: whoever froze it saw this one."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def mark_of_reason(protocol):
    """Return what changes with any word of why it is amended; nothing if it is not."""
    reason = [protocol.reason_ky, protocol.reason_ru]
    return mark_of(reason) if protocol.is_amended else ""


def missing(content):
    """Return, in words, what a reader of a protocol would look for in vain."""
    said = []
    if not any(partner["came"] for partner in content["partners"]):
        said.append(_("Nobody is marked as present."))
    for number, item in enumerate(content["items"], start=1):
        if item["status"] == AgendaItem.Status.OPEN:
            said.append(
                _("Item %(number)s: it is not recorded what became of it.")
                % {"number": number}
            )
        if item["decision"]:
            said += lacking(
                item["decision"]["text"],
                number,
                _("Item %(number)s: the decision has no text in Kyrgyz."),
                _("Item %(number)s: the decision has no text in Russian."),
            )
        for action in item["actions"]:
            said += lacking(
                action["text"],
                number,
                _("Item %(number)s: an action has no text in Kyrgyz."),
                _("Item %(number)s: an action has no text in Russian."),
            )
    # Once, however many actions lack it.
    return list(dict.fromkeys(said))


def lacking(text, number, *complaints):
    return [
        complaint % {"number": number}
        for language, complaint in zip(LANGUAGES, complaints, strict=True)
        if not text[language]
    ]
