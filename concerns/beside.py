"""The short lists beside a concern's words, all by one question to the database.

Who has it in hand, its photos, what the form's questions got, whom its notes name,
which ready texts fit it and which bodies it may be forwarded to: each alone is a few
rows, and each would cost a trip.
"""

from collections import defaultdict
from functools import reduce
from operator import attrgetter
from typing import NamedTuple

from django.db.models import CharField, DateTimeField, F, IntegerField, Value
from django.db.models.functions import Cast, Coalesce
from django.utils.translation import get_language

from centers.models import OutsideBody, Partner, User

from .models import Answer, Assignment, Mention, Photo, TextTemplate

HAND, PHOTO, ANSWER, MENTION = "hand", "photo", "answer", "mention"
TEXT, BODY = "text", "body"


class Row(NamedTuple):
    kind: str
    key: str
    name: str
    more: str
    number: int
    at: object


def row(things, kind, *, key=None, name=None, more=None, number=None, at=None):
    """Say of each thing what a row keeps; nothing where there is nothing to say."""
    nothing = Value("", CharField())
    columns = {
        "row_kind": Value(kind, CharField()),
        "row_key": Cast(key, CharField()) if key else nothing,
        "row_name": Cast(name, CharField()) if name else nothing,
        "row_more": Cast(more, CharField()) if more else nothing,
        "row_number": Cast(number or Value(0), IntegerField()),
        "row_at": F(at) if at else Cast(Value(None), DateTimeField()),
    }
    return things.order_by().annotate(**columns).values_list(*columns)


def translated(field):
    language = get_language()
    other = "ru" if language == "ky" else "ky"
    return Coalesce(f"{field}_{language}", f"{field}_{other}")


def ask(concern):
    side = Coalesce("partner__kind", "concern__partner__kind")
    parts = [
        row(
            concern.assignments.live(),
            HAND,
            name=F("user__full_name"),
            more=side,
            number=F("user_id"),
        ),
        row(concern.photos.all(), PHOTO, key=F("name"), at="created_at"),
        row(
            concern.answers.all(),
            ANSWER,
            name=F("question"),
            more=F("value"),
            number=F("order"),
        ),
        row(
            Mention.objects.filter(note__concern=concern),
            MENTION,
            name=F("user__full_name"),
            number=F("note_id"),
        ),
        row(
            TextTemplate.objects.offered(concern).rewrite(False),
            TEXT,
            key=F("reference"),
            name=translated("title"),
            more=F("use"),
            number=F("pk"),
        ),
        row(
            OutsideBody.objects.rewrite(False),
            BODY,
            name=translated("name"),
            number=F("order"),
        ),
    ]
    # Where names are translated, only a query not rewritten keeps its columns' order.
    return reduce(lambda one, other: one.union(other, all=True), parts)


def beside(concern):
    """Return those lists by name, asked once for a concern that a page holds."""
    if not hasattr(concern, "beside"):
        rows = defaultdict(list)
        for values in ask(concern):
            rows[values[0]].append(Row(*values))
        concern.beside = rows
        concern.hands = hands(concern, sorted(rows[HAND], key=attrgetter("name")))
    return concern.beside


def hands(concern, rows):
    return [
        Assignment(
            concern=concern,
            user=User(pk=one.number, full_name=one.name),
            partner=Partner(kind=one.more),
        )
        for one in rows
    ]


def photos(concern):
    rows = sorted(beside(concern)[PHOTO], key=attrgetter("at", "key"))
    return [Photo(name=one.key, created_at=one.at) for one in rows]


def answers(concern):
    """Return what was answered to the questions of the form, in their order."""
    rows = sorted(beside(concern)[ANSWER], key=attrgetter("number"))
    return [Answer(question=one.name, value=one.more) for one in rows]


def mentioned(concern):
    """Return the names of whom each note names, by the note's key."""
    names = defaultdict(list)
    for one in sorted(beside(concern)[MENTION], key=attrgetter("name")):
        names[one.number].append(one.name)
    return names


def texts(concern):
    """Return (reference, use, title) of the ready texts that fit, in their order."""
    rows = sorted(beside(concern)[TEXT], key=attrgetter("number"))
    return [(one.key, one.more, one.name) for one in rows]


def bodies(concern):
    """Return the names of the outside bodies that the portal knows."""
    return [one.name for one in sorted(beside(concern)[BODY], key=attrgetter("number"))]
