"""The first screen of everybody who serves a centre, and the search of the desk."""

from datetime import datetime, timedelta
from itertools import islice
from typing import NamedTuple

from django.conf import settings
from django.db.models import CharField, F, Q, Value
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from centers.models import Membership, Place
from centers.permissions import (
    Permission,
    centers_where,
    memberships_of,
)
from centers.references import dashed, undashed
from concerns.forms.queue import WEEK
from concerns.models import (
    Category,
    CodeRequest,
    Concern,
    IdentityRequest,
    Mention,
)
from concerns.models.category import LEVEL_NAMES
from concerns.models.concern import STATUS_NAMES
from concerns.models.history import lately
from concerns.search import fold
from meetings.expecting import to_care_for
from meetings.models import Action, AgendaItem, Meeting
from meetings.models.decision import SOON

from .backups.state import is_disk_low, is_late, last_backup
from .context import is_demo
from .styleguide import StyleForm

SHOWN = 20
# Where a second person gives his word: on who filed it, and on a new code.
ASKED_AT = {-2: "desk:concern", -1: "desk:code"}
NEWS = 12
MEETINGS = 8
PROTOCOLS = 8
ACTIONS = 10
# Beyond this a number is not counted: nobody's morning is shorter or longer for it.
COUNTED = 100
# How many of the newest items of agendas, and of the members, a search looks through.
SEARCHED = 1000


@require_safe
def today(request):
    """What waits, what is late, what comes this week, what others did lately."""
    user = request.user
    readable = Concern.objects.visible_to(user)
    waiting = list(readable.to_act_on(user).in_rows()[:COUNTED])
    near = Q(is_quarantined=True) | Q(due_on__lte=timezone.localdate() + WEEK)
    mentions, wanted, terms = mentions_and(readable.open().filter(near), readable, user)
    meetings = to_care_for(user).select_related("center")[: MEETINGS + PROTOCOLS]
    return render(
        request,
        "desk/today.html",
        {
            "memberships": memberships_of(user),
            "has_work": bool(centers_where(user, Permission.READ_SUMMARIES)),
            "waiting": waiting[:SHOWN],
            "mentions": mentions,
            "asked": wanted,
            "figures": figures(user, len(waiting), terms),
            "without_custodian": without_custodian(user),
            "upkeep": upkeep(request),
            "news": news(readable, user),
            "actions": Action.objects.visible_to(user)
            .waiting_for(user)
            .due_within(SOON)[:ACTIONS],
            "protocols": [meeting for meeting in meetings if meeting.is_held],
            "meetings": [meeting for meeting in meetings if meeting.is_planned],
        },
    )


class Mentioned(NamedTuple):
    reference: str
    by: str
    at: datetime

    @property
    def number(self):
        return dashed(self.reference)


def mentions_and(near, readable, user):
    """Return what names a person or waits for his word, and the terms of what is near.

    All by one question.

    A term is a day, whether a machine sent it, and the centre. What machines sent comes
    last, and hides no deadline.
    """
    # Rewritten for translated names, the columns would lose their order.
    near = near.order_by().rewrite(False)
    term = line(near, Value(1), "", Value("", CharField()), "created_at")
    named = line(
        Mention.objects.filter(
            user=user, seen_at=None, note__concern__in=readable.values("pk")
        ),
        Value(0),
        "note__concern__",
        F("note__by__full_name"),
        "note__created_at",
    )
    wishes, codes = (
        line(
            concerns.order_by().rewrite(False),
            Value(kind),
            "",
            Value("", CharField()),
            "created_at",
        )
        for kind, concerns in zip(ASKED_AT, asked(readable, user), strict=True)
    )
    rows = term.union(named, wishes, codes, all=True)
    rows = rows.order_by("line_term", "line_sent", "line_day")[: COUNTED + SHOWN]
    mentions, wanted, terms = [], [], []
    for kind, is_quarantined, due_on, center, *said in rows:
        if kind == 1:
            terms.append((due_on, is_quarantined, center))
        elif kind == 0:
            mentions.append(Mentioned(*said))
        else:
            address = reverse(ASKED_AT[kind], args=[said[0]])
            wanted.append((dashed(said[0]), address, kind))
    return mentions[:SHOWN], wanted[:SHOWN], terms[:COUNTED]


def asked(readable, user):
    """Return what waits for a person's word as the second: wishes, and new codes."""
    wishes = IdentityRequest.objects.waiting().exclude(by=user)
    led = Q(in_custody=True, center__in=centers_where(user, Permission.KEEP_CUSTODY))
    led |= Q(
        in_custody=False, center__in=centers_where(user, Permission.MANAGE_MEMBERS)
    )
    codes = CodeRequest.objects.open().exclude(by=user)
    handled = Q(center__in=centers_where(user, Permission.HANDLE_CONCERN))
    return (
        readable.filter(led, pk__in=wishes.values("concern")),
        readable.filter(handled, pk__in=codes.values("concern")),
    )


def line(things, is_term, concern, by, at):
    columns = {
        "line_term": is_term,
        "line_sent": F(f"{concern}is_quarantined"),
        "line_day": F(f"{concern}due_on"),
        "line_center": F(f"{concern}center_id"),
        "line_reference": F(f"{concern}reference"),
        "line_by": by,
        "line_at": F(at),
    }
    return things.annotate(**columns).values_list(*columns)


def without_custodian(user):
    """Return the centres of a coordinator that must refuse complaints until then."""
    managed = centers_where(user, Permission.MANAGE_MEMBERS)
    return {
        membership.center
        for membership in memberships_of(user)
        if membership.center_id in managed and not membership.has_custodian
    }


def upkeep(request):
    """Return what the installation lacks, for those who can have it mended."""
    user = request.user
    manages = user.is_superuser or centers_where(user, Permission.MANAGE_MEMBERS)
    if not manages or (is_demo(request) and not settings.BACKUP_RECIPIENTS):
        return {}
    return {
        "is_backup_late": is_late(),
        "last_backup": last_backup(),
        "is_disk_low": is_disk_low(),
    }


def figures(user, waiting, terms):
    """Return what the first screen counts, each number to be shown as a link."""
    today = timezone.localdate()
    registrar = centers_where(user, Permission.REGISTER_CONCERN)
    counts = {"waiting": waiting, "overdue": 0, "week": 0, "quarantine": 0}
    for due_on, is_quarantined, center in terms:
        if is_quarantined:
            counts["quarantine"] += center in registrar
        else:
            counts["overdue" if due_on < today else "week"] += 1
    more = "+" if max(waiting, len(terms)) == COUNTED else ""
    return {state: f"{count}{more}" for state, count in counts.items()}


def news(readable, user):
    """Return what others did since yesterday to what this person may read."""
    yesterday = timezone.localtime() - timedelta(days=1)
    since = yesterday.replace(hour=0, minute=0, second=0, microsecond=0)
    return lately(readable, by_others_than=user, since=since, most=NEWS)


@require_safe
def search(request):
    """Look for a number, a word or a name through everything this person may see."""
    query = request.GET.get("q", "").strip()[:100]
    words = fold(query.replace("\0", ""))
    found = find(request.user, words) if words else {}
    return render(request, "desk/search.html", {"query": query} | found)


def find(user, words):
    number = undashed(words)
    served = Place.objects.filter(
        served_by__in=centers_where(user, Permission.READ_SUMMARIES)
    )
    said = Q(search_text__contains=words)
    said |= Q(category__in=named(Category.objects, words))
    said |= Q(village__in=named(served, words))
    if number.isdecimal() and len(number) == 8:
        said |= Q(reference=number)
    readable = Concern.objects.visible_to(user)
    concerns = readable.filter(said | Q(words_text__contains=words))
    summaries = (
        Concern.objects.summarised_to(user)
        .filter(said)
        .exclude(pk__in=readable.values("pk"))
    )
    return {
        "concerns": list(concerns.in_rows().order_by("-created_at")[:SHOWN]),
        "summaries": list(summaries.in_rows().order_by("-approved_at")[:SHOWN]),
        "items": find_items(user, words),
        "members": find_members(user, words),
    }


def named(things, words):
    """Return the keys of the things in whose name, in either language, words stand."""
    names = things.values_list("pk", "name_ky", "name_ru")
    return [pk for pk, *of in names if words in fold(" ".join(filter(None, of)))]


def find_items(user, words):
    """Return the items of agendas in whose topic the words stand, newest first."""
    items = (
        AgendaItem.objects.visible_to(user)
        .filter(concern=None)
        .select_related("meeting")
        .order_by("-meeting__starts_at")[:SEARCHED]
    )
    hits = (i for i in items if words in fold(f"{i.topic_ky or ''} {i.topic_ru or ''}"))
    return list(islice(hits, SHOWN))


def find_members(user, words):
    """Return the members of a person's centres in whose name the words stand."""
    members = (
        Membership.objects.live()
        .filter(center__in=centers_where(user, Permission.READ_SUMMARIES))
        .select_related("user", "center", "partner")
    )[:SEARCHED]
    return [m for m in members if words in fold(m.user.full_name)][:SHOWN]


@require_safe
def styleguide(request):
    """Every widget, state, tag, message and table that a page is made of."""
    return render(
        request,
        "desk/styleguide.html",
        {
            "form": StyleForm(initial={"line": gettext("A line of text")}),
            "wrong": StyleForm({}, auto_id="wrong_%s"),
            "statuses": STATUS_NAMES,
            "levels": LEVEL_NAMES,
            "meeting_states": Meeting.Status.choices,
            "item_states": AgendaItem.Status.choices,
            "action_states": Action.Status.choices,
            "message_levels": ["", "success", "warning"],
        },
    )
