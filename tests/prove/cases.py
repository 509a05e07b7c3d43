"""Two centres with every concern that can be, and who finds which in which list."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from types import SimpleNamespace

from django.utils import timezone

from concerns.search import fold
from meetings.models import AgendaItem

from ..factories import (
    COUNCIL,
    give,
    make_category,
    make_concern,
    make_meeting,
    make_place,
    make_published_meeting,
    make_user,
    partner_of,
)
from ..oracle import (
    COORDINATOR,
    CUSTODIAN,
    HERE,
    INTAKE,
    MEMBER,
    THERE,
    Facts,
    everything,
    has_hands,
    is_assigned,
    is_public,
    make_people,
    reads_the_summary,
    reads_the_words,
    services_of,
)

STATUSES = [
    *("received", "registered", "needs_info", "in_progress", "forwarded"),
    *("resolved", "closed", "declined", "duplicate", "withdrawn"),
]
ENDED = {"closed", "declined", "duplicate", "withdrawn"}
WAITING = {"received", "registered", "in_progress"}
# Days until the next deadline: few of them near, no count is cut off.
TERMS = [None, -3, 40, 60, 90, None, 7, 8, 60, -1, 30, 35, 2, 50, 55, None, 75]


@dataclass(frozen=True)
class Case:
    """A concern: what decides who reads it, and what it is looked for by."""

    number: int
    facts: Facts
    status: str
    term: int | None
    category: str
    village: str
    published_at: datetime | None
    resolved_at: datetime | None

    @property
    def reference(self):
        return f"{50_000_000 + self.number}"

    @property
    def mark(self):
        return f"{self.number:04}"

    @property
    def group(self):
        """Of a few concerns one word is told, so that a search finds all of them."""
        return f"{self.number // 20:03}"

    @property
    def month(self):
        return f"{timezone.localtime(self.published_at):%Y-%m}"


# What the lists are for, said once more


def registers(name, case):
    return any(
        s.role in (COORDINATOR, INTAKE, CUSTODIAN)
        or (s.kind, s.role) == (COUNCIL, MEMBER)
        for s in services_of(name)
        if s.where == case.facts.where
    )


def reads(name, case):
    return reads_the_words(name, case.facts)


def knows(name, case):
    return reads(name, case) or reads_the_summary(name, case.facts)


def waits_for(name, case):
    return (
        reads(name, case)
        and case.status in WAITING
        and not case.facts.is_quarantined
        and (not has_hands(case.facts) or is_assigned(name, case.facts))
        and (case.status != "received" or registers(name, case))
    )


def stands_in(name, case, state):
    """Tell whether a person finds a concern in a list of the desk."""
    is_checked = case.facts.is_quarantined == (state == "quarantine")
    is_ended = (case.status in ENDED) == (state == "ended")
    if not (reads(name, case) and is_checked and is_ended):
        return False
    return {
        **dict.fromkeys(["", "ended", "quarantine"], True),
        "waiting": waits_for(name, case),
        "overdue": case.term is not None and case.term < 0,
        "week": case.term is not None and 0 <= case.term <= 7,
        "mine": is_assigned(name, case.facts),
    }.get(state, case.status == state)


# The world


def some():
    """Return everything that may be, of what is to be checked a part.

    What is public comes more than once: it fills more than a page.
    """
    facts = list(everything())
    checked = [one for one in facts if not one.is_quarantined]
    public = [one for one in checked if is_public(one)]
    return checked + public * 2 + [one for one in facts if one.is_quarantined][::9]


def make_life(center, other_center):
    """Make all that can be, and meetings that discuss all of it."""
    centers = {HERE: center, THERE: other_center}
    for one in centers.values():
        one.villages.add(make_place(parent=one.aimak))
    life = SimpleNamespace(
        cases=[],
        centers=centers,
        people=make_people(centers),
        categories=[make_category(), make_category()],
        villages={
            where: list(one.villages.order_by("code")) for where, one in centers.items()
        },
        by=make_user(),
        now=timezone.now(),
    )
    concerns = [raise_concern(life, *row) for row in enumerate(some())]
    life.meetings = {
        where: hold_meetings(life, one, [c for c in concerns if c.center == one])
        for where, one in centers.items()
    }
    return life


def raise_concern(life, number, facts):
    center = life.centers[facts.where]
    first = center.concerns.first()
    # A duplicate has a lead.
    status = STATUSES[(number * 3 + number // 10) % 10] if first else "received"
    days = {"published": -40 * (number % 2), "to be published": 1}.get(facts.approval)
    case = Case(
        number=number,
        facts=facts,
        status=status,
        term=TERMS[number % len(TERMS)],
        category=life.categories[number % 2].code,
        village=life.villages[facts.where][number % 3 % 2].code,
        published_at=None if days is None else life.now + timedelta(days=days),
        resolved_at=life.now - timedelta(hours=number) if status == "closed" else None,
    )
    words = f"сөзү{case.mark}х маек{case.group}х"
    concern = make_concern(
        center,
        life.categories[number % 2],
        reference=case.reference,
        level=facts.level,
        in_custody=facts.in_custody,
        hidden_from_police=facts.from_police,
        hidden_from_council=facts.from_council,
        status=status,
        lead=first if status == "duplicate" else None,
        due_on=case.term and timezone.localdate() + timedelta(days=case.term),
        is_quarantined=facts.is_quarantined,
        village=life.villages[facts.where][number % 3 % 2],
        text=words,
        words_text=fold(words),
        resolved_at=case.resolved_at,
        published_at=case.published_at,
        **summary_of(case, life),
    )
    if facts.partner:
        give(concern, facts.partner)
    if facts.person:
        person = life.people[facts.person]
        share = facts.share and partner_of(center, facts.share)
        hand = concern.assignments.create(
            user=person, partner=share or None, by=life.by
        )
        hand.ended_at = life.now if facts.is_over else None
        hand.save()
    life.cases.append(case)
    return concern


def summary_of(case, life):
    if case.facts.approval == "none":
        return {}
    title = f"аталыш{case.mark}х тема{case.group}х"
    return {
        **dict.fromkeys(["title_ky", "title_ru", "summary_ky", "summary_ru"], title),
        "search_text": fold(title),
        "approved_at": life.now,
        "approved_by": life.by,
    }


def hold_meetings(life, center, concerns):
    """Hold meetings of each kind, with every concern on the agenda."""
    past = {"status": "held", "starts_at": life.now - timedelta(days=1)}
    made = {
        "draft": make_meeting(center),
        "open": make_published_meeting(center),
        "closed": make_published_meeting(center, is_open=False),
        "cancelled": make_published_meeting(center, status="cancelled"),
        "held": make_published_meeting(center, **past),
        "old": make_published_meeting(
            center, status="held", starts_at=life.now - timedelta(days=99)
        ),
    }
    AgendaItem.objects.bulk_create(
        AgendaItem(meeting=meeting, concern=concern, order=order)
        for meeting in made.values()
        for order, concern in enumerate(concerns, start=1)
    )
    return made
