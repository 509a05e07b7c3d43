"""A protocol as its reader sees it: a title and blocks, of words and nothing else.

Page, PDF and Word file are three ways to set the same paper. Every paper asks anew what
may be shown: what became confidential since it was frozen is left out, and the public
one names nobody.
"""

import re
from datetime import datetime
from typing import NamedTuple

from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext, pgettext

from centers.models import Partner

from ..models import SIDES, AgendaItem, Meeting
from ..models.agenda import review_of
from .content import LANGUAGES, pair

Status = AgendaItem.Status
FEW = 5
# What XML cannot hold, and no reader sees
UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")


class Line(NamedTuple):
    """Words, and the language in which they are written."""

    text: str
    lang: str


def paper(meeting, content, language, *, is_public, version=None, items=None):
    """Return the paper of a content, in a language, for the members or for everyone.

    Without a version it is a draft. Asks for the approvals, and for the agenda as it
    stands now, unless `items` is that already.
    """
    # Of a closed meeting nothing is public, whoever asks for it.
    if is_public and not (meeting.is_open and version and version.is_approved):
        raise ValueError("This is for the members alone.")
    with translation.override(language):
        now = meeting.items.shown() if items is None else items
        guests = [] if is_public else guests_of(meeting, content)
        return Writer(content, language, is_public, version, now, guests).written()


class Writer:
    def __init__(self, content, language, is_public, version, now, guests):
        self.content, self.version, self.guests = content, version, guests
        self.language, self.is_public = language, is_public
        self.now = {item.order: item for item in now}
        self.blocks = []

    def written(self):
        self.facts()
        self.reason()
        self.present()
        self.agenda()
        for number, item in enumerate(self.content["items"], start=1):
            self.item(number, item)
        self.signatures()
        return {
            "lang": self.language,
            "title": self.title(),
            "center": self.of(self.content["center"]),
            "blocks": self.blocks,
        }

    # What the blocks are made of

    def own(self, text):
        """Return words of the portal, names and numbers among them."""
        return Line(clean(text), self.language)

    def of(self, pair):
        """Return a text in the paper's language, or in the other where it has none."""
        for code in (self.language, *LANGUAGES):
            if text := pair[code]:
                return Line(clean(text), code)
        return self.own("")

    def add(self, kind, **fields):
        self.blocks.append({"kind": kind, **fields})

    def heading(self, text, level=2):
        line = text if isinstance(text, Line) else self.own(text)
        self.add("heading", level=level, line=line)

    def part(self, label, line):
        """Add a text under its label, in its paragraphs; nothing where it has none."""
        lines = [
            Line(text, line.lang) for text in line.text.split("\n") if text.strip()
        ]
        if lines:
            self.add("part", label=label, lines=lines)

    def table(self, label, head, rows, is_signed=False):
        """Add rows: each cell with its head, of a line or of several with labels."""
        rows = [list(zip(head, map(self.cell, row), strict=True)) for row in rows]
        if rows:
            self.add("table", label=label, head=head, rows=rows, is_signed=is_signed)

    def cell(self, lines):
        lines = [("", lines)] if isinstance(lines, Line) else lines
        return [(label, line) for label, line in lines if line.text]

    def join(self, pairs):
        """Return several names as one line."""
        lines = [self.of(pair) for pair in pairs]
        text = ", ".join(dict.fromkeys(line.text for line in lines))
        return Line(text, lines[0].lang) if lines else self.own("")

    # The paper, from above

    def title(self):
        if self.version is None:
            return clean(gettext("Draft of the protocol"))
        return clean(
            gettext("Protocol of the meeting № %(number)s")
            % {"number": self.version.protocol.number}
        )

    def facts(self):
        began_at, ended_at = (
            timezone.localtime(datetime.fromisoformat(self.content[name]))
            for name in ("began_at", "ended_at")
        )
        kind = Meeting.Kind(self.content["kind"]).label
        rows = [
            (gettext("Day"), self.own(date_format(began_at, "DATE_FORMAT"))),
            (
                pgettext("protocol", "Began"),
                self.own(date_format(began_at, "TIME_FORMAT")),
            ),
            (pgettext("protocol", "Ended"), self.own(self.ended(began_at, ended_at))),
            (pgettext("protocol", "Venue"), self.place()),
            (gettext("Kind of meeting"), self.own(capfirst(str(kind)))),
        ]
        if self.version:
            rows.append((gettext("Version"), self.own(self.version.version)))
            rows.append(self.state())
        self.add("facts", rows=rows)

    def reason(self):
        """Say why a version took the place of another, as it says to everyone."""
        if self.version:
            why = pair(self.version, "reason")
            self.part(gettext("Amended, because:"), self.of(why))

    def place(self):
        """Return the village where one is named, and the venue."""
        venue = self.of(self.content["venue"])
        # What was frozen earlier does not have it.
        if not (village := self.content.get("village")):
            return venue
        name = gettext("{name} village").format(name=self.of(village).text)
        return venue._replace(text=f"{name}, {venue.text}")

    def state(self):
        """Return how far it came: printed, a version tells nothing of it otherwise."""
        if self.version.is_approved:
            day = timezone.localtime(self.version.frozen_at)
            shown = date_format(day, "DATE_FORMAT")
            return gettext("Approved on"), self.own(shown)
        if self.version.is_withdrawn:
            shown = pgettext("protocol", "Withdrawn")
        else:
            shown = gettext("Up for approval")
        return pgettext("protocol", "Status"), self.own(shown)

    def ended(self, began_at, ended_at):
        is_same_day = began_at.date() == ended_at.date()
        return date_format(
            ended_at, "TIME_FORMAT" if is_same_day else "DATETIME_FORMAT"
        )

    def present(self):
        self.heading(pgettext("meeting", "Present"))
        head = [gettext("Partner"), gettext("Took part")]
        if self.is_public:
            rows = [
                [self.of(one["name"]), self.own(len(one["came"]))]
                for one in self.content["partners"]
            ]
        else:
            head.append(gettext("Absent"))
            rows = [
                [
                    self.of(one["name"]),
                    self.own(", ".join(one["came"])),
                    self.own(", ".join(one["missed"])),
                ]
                for one in self.content["partners"]
            ]
        if number := len(self.content.get("guests", ())):
            # Later they are forgotten, and a number remains.
            came = ", ".join(self.guests) or number
            row = [self.own(gettext("Invited guests")), self.own(came), self.own("")]
            rows.append(row[: len(head)])
        self.table("", head, rows)
        number = self.content["residents"]
        said = gettext("fewer than 5") if 0 < number < FEW else number
        self.part(gettext("Residents who came:"), self.own(said))

    def agenda(self):
        self.heading(gettext("Agenda"))
        lines = [self.name(item) for item in self.content["items"]]
        self.add("list", lines=lines)

    def is_withdrawn(self, item):
        return item["place"] not in self.now

    def is_whole(self, item):
        """Tell whether more than its name is shown to whom this paper is for.

        To everyone only what was public when it was frozen, and is still.
        """
        if self.is_withdrawn(item):
            return False
        return not self.is_public or self.is_everyones(item)

    def is_everyones(self, item):
        return item["is_public"] and self.now[item["place"]].is_public

    def is_closed(self, item):
        return item["is_closed"] or self.now[item["place"]].is_closed

    def is_titled(self, item):
        return bool(item["title"]) and self.now[item["place"]].concern.is_published

    def name(self, item):
        if self.is_withdrawn(item):
            return self.own(gettext("Item withdrawn"))
        if item["concern"]:
            if self.is_titled(item):
                # Its title of today: one that gave somebody away was put right.
                concern = self.now[item["place"]].concern
                return self.of({c: getattr(concern, f"title_{c}") for c in LANGUAGES})
            number = {"number": item["concern"]}
            return self.own(gettext("Concern № %(number)s") % number)
        if self.is_public and self.is_closed(item):
            return self.own(gettext("Closed item"))
        if self.is_public and not self.is_everyones(item):
            return self.own(gettext("An earlier action"))
        name = self.of(item["topic"])
        if self.now[item["place"]].action_id:
            return name._replace(text=review_of(name.text))
        return name

    def item(self, number, item):
        name = self.name(item)
        self.heading(Line(f"{number}. {name.text}", name.lang), 3)
        if not self.is_whole(item):
            return
        if self.is_closed(item):
            self.part("", self.own(gettext("Only the members of the centre read it.")))
        self.part(pgettext("protocol", "Heard:"), self.of(item["heard"]))
        self.part(pgettext("protocol", "Discussed:"), self.of(item["discussed"]))
        if decision := item["decision"]:
            self.part(pgettext("protocol", "Decided:"), self.of(decision["text"]))
            self.part("", self.own(self.way(decision["votes"])))
        elif item["status"] == Status.POSTPONED:
            self.part("", self.own(gettext("Postponed to another meeting")))
        elif item["status"] == Status.NOTED:
            self.part("", self.own(gettext("Taken note of")))
        head = [gettext("What to do"), gettext("Who does it"), gettext("By when")]
        rows = [
            [self.what(one), self.who(one), self.own(self.day(one["due_on"]))]
            for one in item["actions"]
        ]
        self.table(pgettext("protocol", "Actions:"), head, rows)

    def way(self, votes):
        if votes is None:
            return gettext("By consensus")
        return gettext(
            "For: %(for)s, against: %(against)s, abstained: %(abstained)s"
        ) % dict(zip(("for", "against", "abstained"), votes, strict=True))

    def what(self, action):
        lines = [("", self.of(action["text"]))]
        for name, label in (
            ("funding", gettext("Source of funding")),
            ("indicator", gettext("Sign of success")),
        ):
            # What was frozen earlier does not have it.
            if name in action:
                lines.append((f"{label}:", self.of(action[name])))
        return lines

    def who(self, action):
        responsible, *others = map(self.of, action["partners"])
        if action["person"] and not self.is_public:
            person = clean(action["person"])
            responsible = responsible._replace(text=f"{responsible.text}; {person}")
        with_him = [(gettext("co-executor:"), other) for other in others]
        return [("", responsible), *with_him]

    def day(self, text):
        return date_format(datetime.fromisoformat(text), "SHORT_DATE_FORMAT")

    def signatures(self):
        self.heading(gettext("Approval by the partners"))
        given = {one.side: one for one in self.approvals()}
        head = [gettext("Partner"), gettext("Name"), gettext("Approved on")]
        head.append(gettext("Signature"))
        rows = []
        for side in SIDES:
            approval = given.get(side)
            day = timezone.localtime(approval.at) if approval else None
            rows.append(
                [
                    self.partner(side),
                    self.own(approval.name if approval else ""),
                    self.own(date_format(day, "SHORT_DATE_FORMAT") if day else ""),
                    self.own(""),
                ]
            )
        if self.is_public:
            head, rows = [head[0], head[2]], [[row[0], row[2]] for row in rows]
        self.table("", head, rows, is_signed=not self.is_public)

    def approvals(self):
        return self.version.approvals.all() if self.version else []

    def partner(self, side):
        names = [o["name"] for o in self.content["partners"] if o["side"] == side]
        if names:
            return self.join(names)
        return self.own(capfirst(str(Partner.Kind(side).label)))


def guests_of(meeting, content):
    """Return the names of the guests who came; none where one of them is forgotten."""
    came = content.get("guests")
    guests = meeting.invited.guests().filter(reference__in=came) if came else []
    names = [guest.full_name for guest in guests]
    return names if came and len(names) == len(came) else []


def clean(text):
    return UNSEEN.sub("", str(text).replace("\r\n", "\n").replace("\t", " "))


def locale_of(language):
    """Return a language as office programs call it."""
    return {"ky": "ky-KG", "ru": "ru-RU"}[language]
