"""Two centres with every concern that can be, and who finds which in which list."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from types import SimpleNamespace

from django.utils import timezone

from concerns.search import fold
from meetings.models import Action, AgendaItem, Decision

from ..factories import (
    COUNCIL,
    POLICE,
    RESIDENTS,
    give,
    make_category,
    make_concern,
    make_meeting,
    make_place,
    make_published_meeting,
    make_topic,
    make_user,
    partner_of,
)
from ..oracle import (
    CONFIDENTIAL,
    COORDINATOR,
    CUSTODIAN,
    HERE,
    INTAKE,
    MEMBER,
    OBSERVER,
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


# What meetings decided

# The kinds of meetings at which it was decided: who reads it, and from when on.
DECIDED_AT = ["held", "shut", "old", "running"]
READ_BY_ALL, READ_BY_MEMBERS = {"held", "old"}, {"held", "shut", "old"}
# Whose it is: a partner's, and who is named, though he may not serve it any more.
DOES = [
    (COUNCIL, None),
    (COUNCIL, "council member"),
    (POLICE, "officer"),
    (POLICE, "officer of before, now of the community"),
    (RESIDENTS, "community member"),
    (COUNCIL, "coordinator of before"),
    (RESIDENTS, None),
]
DUE_IN = [-9, 3, 20, 400, 7, 8, 0, -1, 50, 60, 90]


@dataclass(frozen=True)
class Promise:
    """An action that was decided on a concern, or on a topic open or closed."""

    number: int
    case: Case | None
    where: str
    kind: str
    is_closed: bool = False

    @property
    def reference(self):
        return f"{70_000_000 + self.number}"

    @property
    def mark(self):
        return f"{self.number:04}"

    @property
    def side(self):
        return DOES[self.number % len(DOES)][0]

    @property
    def person(self):
        return DOES[self.number % len(DOES)][1]

    @property
    def term(self):
        return DUE_IN[self.number % len(DUE_IN)]

    @property
    def status(self):
        return ("open", "done", "open", "confirmed", "not_done")[self.number % 5]

    @property
    def finished(self):
        """The day on which it was done: as many before its term as after it."""
        is_done = self.status in ("done", "confirmed")
        return self.term + self.number % 3 - 1 if is_done else None

    @property
    def is_overdue(self):
        return self.status == "open" and self.term < 0

    @property
    def is_confidential(self):
        return self.case is not None and self.case.facts.level == CONFIDENTIAL

    @property
    def is_public(self):
        return (
            self.kind in READ_BY_ALL
            and not self.is_closed
            and (self.case is None or is_public(self.case.facts))
        )


def stands_on(life, case, kind):
    """Tell whether a concern is still shown on the agenda of a meeting of its centre.

    What was taken back is so where something was decided on it.
    """
    is_decided = (case.number, kind) in life.decided
    return case.facts.level != CONFIDENTIAL and (
        case.status != "withdrawn" or is_decided
    )


def takes_part(name, where):
    return any(s.role != OBSERVER for s in services_of(name) if s.where == where)


def plans(name, where):
    return any(
        s.role == COORDINATOR or (s.kind, s.role) == (COUNCIL, MEMBER)
        for s in services_of(name)
        if s.where == where
    )


def serves(name, promise):
    """Tell whether a person serves the partner that promised it."""
    return any(
        (s.where, s.kind) == (promise.where, promise.side) for s in services_of(name)
    )


def reads_of(name, promise):
    return (
        takes_part(name, promise.where)
        and promise.kind in READ_BY_MEMBERS
        and not promise.is_confidential
    )


def has_to_do(name, promise):
    """Tell whether it waits for a person: named, or nobody who serves there is."""
    is_mine = promise.person == name or not serves(promise.person, promise)
    return reads_of(name, promise) and serves(name, promise) and is_mine


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
        promises=[],
        decided=set(),
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
    for where in centers:
        decide(life, where)
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
        "shut": make_published_meeting(center, is_open=False, **past),
        "running": make_published_meeting(center, ended_at=None, **past),
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


def decide(life, where):
    """Decide one thing on each concern, at one meeting or another, and on topics."""
    meetings = life.meetings[where]
    cases = [case for case in life.cases if case.facts.where == where]
    promises = [
        Promise(c.number, c, where, DECIDED_AT[(c.number + c.number // 4) % 4])
        for c in cases
    ]
    first = 9000 if life.promises else 8000
    promises += [
        Promise(first + number, None, where, kind, is_closed=number % 2 == 1)
        for number, kind in enumerate(DECIDED_AT * 4)
    ]
    items = {
        (item.meeting_id, item.concern.reference): item
        for item in AgendaItem.objects.filter(meeting__in=meetings.values())
        .exclude(concern=None)
        .select_related("concern")
    }
    partners = {kind: partner_of(life.centers[where], kind) for kind, _ in DOES}
    today = timezone.localdate()
    decisions, actions = [], []
    for one in promises:
        meeting = meetings[one.kind]
        if one.case:
            item = items[meeting.pk, one.case.reference]
        else:
            item = make_topic(meeting, is_closed=one.is_closed)
        item.status = "decided"
        text = f"чечим{one.mark}х"
        decision = Decision(item=item, text_ky=text, text_ru=text, by=life.by)
        decisions.append(decision)
        text = f"иш{one.mark}х"
        done = one.finished
        actions.append(
            Action(
                decision=decision,
                reference=one.reference,
                text_ky=text,
                text_ru=text,
                partner=partners[one.side],
                person=life.people[one.person] if one.person else None,
                due_on=today + timedelta(days=one.term),
                status=one.status,
                finished_on=None if done is None else today + timedelta(days=done),
            )
        )
    AgendaItem.objects.bulk_update([one.item for one in decisions], ["status"])
    Decision.objects.bulk_create(decisions)
    Action.objects.bulk_create(actions)
    # Each answers its own concern, and the one after it.
    concerns = [decision.item.concern for decision in decisions[: len(cases)]]
    answers = Decision.answers.through
    answers.objects.bulk_create(
        answers(decision=decision, concern=concern)
        for shift in (0, 1)
        for decision, concern in zip(decisions, concerns[shift:], strict=False)
    )
    life.promises += promises
    life.decided |= {(one.case.number, one.kind) for one in promises if one.case}
