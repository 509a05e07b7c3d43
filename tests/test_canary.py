"""
What is hidden appears in no byte that those it is hidden from can fetch.

A canary stands in every text of a concern: its words, its history, its messages, its
reporter's name, what was decided on it, its lines in the journal. Then everybody opens
every page that an address or a link leads to and presses every button there is, in both
languages.
"""

from collections import deque
from copy import deepcopy
from datetime import timedelta
from urllib.parse import unquote_to_bytes, urljoin, urlsplit

import pytest
from django.apps import apps
from django.db import models, transaction
from django.test import Client
from django.urls import resolve, reverse
from django.utils import timezone

from centers import journal
from centers.models import User
from concerns import actions
from concerns.models import (
    Assignment,
    Change,
    Concern,
    Group,
    Involved,
    Mention,
    NewsAddress,
    Photo,
    Problem,
    PublicPhoto,
)
from concerns.workflow import Level, Status
from meetings import actions as meeting_actions
from meetings.models import (
    Action,
    ActionChange,
    ActionPhoto,
    Decision,
    Goal,
    Meeting,
    Protocol,
)
from meetings.protocol.content import draft, drafted, with_record

from .factories import (
    COUNCIL,
    POLICE,
    RESIDENTS,
    key_number,
    make_approved,
    make_category,
    make_concern,
    make_hidden_category,
    make_identity,
    make_meeting,
    make_member,
    make_message,
    make_photo,
    make_proposal,
    make_public_photo,
    make_public_text,
    make_published_meeting,
    make_work_photo,
    numbers,
    partner_of,
    put_action_on_agenda,
    put_on_agenda,
    signed_in,
)
from .matrix import ACCOUNTS, MATRIX, PEOPLE, STAFF, path_of_account
from .pages import Page, submissions, without_tokens
from .planning import promise
from .plans import YEAR, signed_plan

pytestmark = [
    *(pytest.mark.django_db, pytest.mark.usefixtures("cheap_codes")),
    pytest.mark.sweep,
]

# Who may find the canary of which concern; nobody else ever

MAY_FIND = {
    "hidden from the police": {"custodian"},
    "hidden from the council": {"custodian"},
    "confidential": {"coordinator", "intake"},
    "elsewhere": {"stranger", "both"},
}

# What is said and shown of an action is no part of a concern.
OF_AN_ACTION = {"meetings.ActionChange", "meetings.ActionPhoto"}

# Every text there is: those that get the canary, and those that hold nobody's words

SINGS = {
    "concerns.Concern": {
        *("text", "landmark", "words_text", "crime_number", "crime_place"),
        "search_text",
        *("title", "title_ky", "title_ru", "summary", "summary_ky", "summary_ru"),
        *("outcome", "outcome_ky", "outcome_ru"),
    },
    "concerns.Identity": {"name", "phone", "address"},
    "concerns.IdentityRequest": {"reason"},
    "concerns.Message": {"text"},
    "concerns.Answer": {"question", "value"},
    "concerns.NewsAddress": {"email"},
    "concerns.CodeRequest": set(),
    "concerns.Change": {"note", "body", "crime_number", "crime_place"},
    "concerns.Photo": {"digest"},
    "concerns.PublicText": {
        *("title_ky", "title_ru", "summary_ky", "summary_ru"),
        *("outcome_ky", "outcome_ru"),
    },
    "meetings.Proposal": {"words"},
    "meetings.ActionChange": {"note"},
    "meetings.ActionPhoto": {"alt", "alt_ky", "alt_ru", "digest"},
}
WORDLESS = {
    "concerns.Concern": {
        *("reference", "kind", "channel", "level", "status", "language", "involved"),
        *("key_hash", "code_key_id", "code_hash", "feels_safer"),
    },
    "concerns.Identity": {"consent_version"},
    "concerns.IdentityRequest": set(),
    "concerns.Message": set(),
    "concerns.Change": {"kind", "old", "new", "side", "solved"},
    "concerns.Answer": set(),
    "concerns.NewsAddress": {"token"},
    "concerns.CodeRequest": {"recognised"},
    "concerns.Photo": {"name"},
    "concerns.PublicText": set(),
    "meetings.Proposal": set(),
    "meetings.ActionChange": {"kind", "old", "new", "side", "language"},
    "meetings.ActionPhoto": {"name", "taken"},
}


@pytest.mark.parametrize("label", SINGS)
def test_no_text_of_a_concern_is_left_without_a_canary(label):
    fields = {
        field.name
        for field in apps.get_model(label)._meta.get_fields()
        if isinstance(field, models.CharField | models.TextField)
    }

    assert fields == SINGS[label] | WORDLESS[label]


def test_no_model_that_belongs_to_a_concern_is_forgotten():
    parts = {
        relation.related_model._meta.label for relation in Concern._meta.related_objects
    }

    assert parts == {
        *(SINGS.keys() - {"concerns.Concern", *OF_AN_ACTION}),
        "concerns.Concern",  # those that repeat it
        "concerns.Assignment",
        "concerns.Group",
        "meetings.AgendaItem",
        "meetings.Decision",
    }


# Planting


def plant(center, canary, category, by):
    """Make a concern that was worked on, with the canary in every text of it."""
    public_words = {
        f"{name}_{language}": canary
        for name in ("title", "summary", "outcome")
        for language in ("ky", "ru")
    }
    concern = make_concern(
        center,
        category,
        status=Status.IN_PROGRESS,
        text=canary,
        landmark=canary,
        crime_number=canary,
        crime_place=canary,
        search_text=canary.lower(),
        words_text=canary.lower(),
        village=center.villages.get(),
        due_on=timezone.localdate(),
        journal_year=2026,
        journal_number=next(numbers),
        **public_words,
    )
    make_identity(concern, name=canary, phone=canary, address=canary)
    make_message(concern, text=canary)
    make_message(concern, by=by, text=canary)
    make_photo(concern, canary.encode(), digest=canary)
    concern.answers.create(order=1, question=canary, value=canary)
    concern.code_requests.create(recognised="details", by=by)
    concern.identity_requests.create(by=by, reason=canary)
    NewsAddress.objects.create(concern=concern, email=f"{canary}@example.org")
    make_public_text(concern, by=by, **public_words)
    make_public_photo(concern, by=by, content=canary.encode())
    for kind in Change.Kind:
        change = Change.objects.create(
            concern=concern,
            kind=kind,
            new=timezone.localdate().isoformat() if kind == Change.Kind.TERM else "",
            note=canary,
            body=canary,
            crime_number=canary,
            crime_place=canary,
        )
    # The last is a note. Whom it named may be blind to it by now.
    Mention.objects.bulk_create(
        Mention(note=change, user=user) for user in User.objects.all()
    )
    for kind in journal.Kind:
        journal.record(
            center=center,
            kind=kind,
            by=by,
            subject=concern.reference,
            detail={"reason": canary},
        )
    return concern


def discuss(concern, canary, by):
    """Put it on agendas, where it may have stood before it was hidden."""
    center = concern.center
    for status in (Meeting.Status.HELD, Meeting.Status.PLANNED):
        meeting = make_published_meeting(center, status=status)
        item = put_on_agenda(meeting, concern)
        for field in ("heard", "discussed"):
            setattr(item, f"{field}_ky", canary)
            setattr(item, f"{field}_ru", canary)
        item.save()
        decision = Decision.objects.create(
            item=item, text_ky=canary, text_ru=canary, by=by
        )
        decision.answers.add(concern)
        action = Action.objects.create(
            decision=decision,
            **{
                f"{field}_{language}": canary
                for field in ("text", "funding", "indicator")
                for language in ("ky", "ru")
            },
            partner=partner_of(center, COUNCIL),
            due_on=timezone.localdate() - timedelta(days=1),
        )
        for kind in ActionChange.Kind:
            action.changes.create(kind=kind, note=canary, by=by, concern=concern)
        sung = {"alt_ky": canary, "alt_ru": canary, "content": canary.encode()}
        make_work_photo(action, by=by, is_cleared=True, digest=canary, **sung)
        if meeting.is_held:
            write_down(decision.item, canary, by)
            held, decided = meeting, action
    # What became of it is asked at the next meeting.
    put_action_on_agenda(meeting, decided)
    # What all members read answers it too: but not to all of them.
    action = promise(center, meeting=held)
    action.decision.answers.add(concern)
    ActionChange.objects.create(
        action=action, kind="status", side="reporter", note=canary, concern=concern
    )


def write_down(item, canary, by):
    """Have it in a protocol, approved and up, that was frozen before it was hidden."""
    meeting, now = item.meeting, timezone.now()
    meeting.starts_at = meeting.began_at = now - timedelta(hours=2)
    meeting.ended_at = now
    meeting.save()
    [recorded] = with_record(meeting.items.filter(pk=item.pk))
    frozen = drafted(recorded) | {"title": {"ky": canary, "ru": canary}}
    content = draft(meeting) | {"items": [frozen]}
    protocol = Protocol.objects.create(
        meeting=meeting, center=meeting.center, year=2026, number=next(numbers)
    )
    for version, frozen_at in enumerate([now, now, None], start=1):
        protocol.versions.create(
            version=version, content=content, made_by=by, frozen_at=frozen_at
        )


@pytest.fixture
def staff(request):
    return {name: request.getfixturevalue(STAFF[name]) for name in STAFF}


@pytest.fixture
def planted(center, other_center, staff):
    """Return (concern, canary) of each kind, and an own concern that repeats it."""
    by = staff["coordinator"]
    categories = {
        "hidden from the police": make_hidden_category(POLICE),
        "hidden from the council": make_hidden_category(COUNCIL),
        "confidential": make_category(Level.CONFIDENTIAL),
    }
    planted = {}
    problem = Problem.objects.create(center=center, title_ky="Көйгөй", by=by)
    for number, (name, category) in enumerate(categories.items()):
        canary = f"CANARY-{number}d0c5{number}"
        concern = plant(center, canary, category, by)
        discuss(concern, canary, by)
        concern.repeat = make_approved(center, status=Status.DUPLICATE, lead=concern)
        # An officer and a clerk had it in hand, until it was hidden from them.
        for person in (staff["police"], staff["council"]):
            make_proposal(concern, person, words=canary)
            Assignment.objects.create(
                concern=concern, user=person, by=by, ended_at=timezone.now()
            )
        # It stood among others of a problem, whose title names none of them.
        Group.objects.create(concern=concern, problem=problem)
        planted[name] = concern, canary
    # What was decided on it served the year's plan, which names none of it.
    goal = signed_plan(center, by, source=problem)
    Action.objects.update(goal=goal)
    make_member(other_center, RESIDENTS)
    foreign = plant(other_center, "CANARY-9d0c59", make_category(), by)
    put_on_agenda(make_meeting(other_center), foreign)
    return planted | {"elsewhere": (foreign, "CANARY-9d0c59")}


def signs(concern, canary):
    """Return the bytes by which one would know of a concern."""
    return [
        text.lower().encode() for text in (canary, concern.reference, concern.number)
    ]


# Crawling


def addresses(center, other_center, planted):
    """Return every address there is, of everything that somebody could try."""
    slugs = [center.slug, other_center.slug]
    concerns = [concern.reference for concern, _canary in planted.values()]
    meetings = list(Meeting.objects.values_list("reference", flat=True))
    held = Meeting.objects.filter(status="held").values_list("reference", flat=True)
    promised = list(Action.objects.values_list("reference", flat=True))
    works = list(ActionPhoto.objects.values_list("action__reference", "name"))
    members = [
        (membership.center.slug, membership.reference)
        for place in (center, other_center)
        for membership in place.memberships.all()
    ]
    photos = list(Photo.objects.values_list("concern__reference", "name"))
    goals = list(Goal.objects.values_list("reference", flat=True))
    things = {
        "": [()],
        "rest": [("help/",)],
        "guide": [("police",), ("custodian",)],
        "center": [(slug,) for slug in slugs],
        "category": [(center.slug, "other")],
        "concern": [(reference,) for reference in concerns],
        "photo": photos,
        "protocol": [(reference,) for reference in meetings],
        "version of it": [(reference, 1) for reference in meetings],
        "minutes": [(slug, ref) for slug in slugs for ref in meetings],
        "approved version": [(slug, ref, 1) for slug in slugs for ref in meetings],
        "year's plan": [(slug, YEAR) for slug in slugs],
        "goal": [(slug, YEAR, goal) for slug in slugs for goal in goals],
        "version of a plan": [(slug, YEAR, 1) for slug in slugs],
        "name of a photo": [(name,) for _reference, name in photos],
        "cleared photo": [
            (slug, reference, name)
            for slug in slugs
            for reference, name in PublicPhoto.objects.values_list(
                "photo__concern__reference", "name"
            )
        ],
        "text": [(reference, 1) for reference in concerns],
        "problem": list(Problem.objects.values_list("center__slug", "reference")),
        "published": [(slug, ref) for slug in slugs for ref in concerns],
        "meeting": [(reference,) for reference in meetings],
        "action": [(reference,) for reference in promised],
        "photo of work": works,
        "cleared photo of work": [(slug, *work) for slug in slugs for work in works],
        "calendar": [("x" * 43,)],
        "published action": [(slug, ref) for slug in slugs for ref in promised],
        "act on an action": [(reference, "done") for reference in promised],
        "what a meeting judges": [(held[0], action) for action in promised],
        "promise": [(reference,) for reference in promised],
        "running meeting": [(reference,) for reference in meetings],
        "item": [(reference, 1) for reference in meetings],
        "recorded action": [(held[0], 1, action) for action in promised],
        "guest": [(reference, "99999999") for reference in meetings],
        "personal link": [("99999999:x",)],
        "agenda item": [(reference, 1) for reference in meetings],
        "notice": [(slug, ref) for slug in slugs for ref in meetings],
        "member": members,
        "invitation": [("x" * 43,)],
        "way back": [("x" * 43,)],
        "link": [(slug, "0" * 16) for slug in slugs],
        "version": [(slug, 1) for slug in slugs],
        "form of a centre": [(slug, "other") for slug in slugs],
        "letter": [("x" * 32,)],
        "ready text": [(slug, "99999999") for slug in slugs],
    }
    paths = [
        reverse(name, args=args) for name in MATRIX for args in things[MATRIX[name].of]
    ]
    paths += [path_of_account(name) for name in ACCOUNTS]
    # Every page leads to itself in the other language.
    return paths[::2] + [f"/ru{path}" for path in paths[1::2]]


def asked(browser, method, path, fields=None):
    """Ask, follow to where it leads, and leave everything as it was."""
    cookies = deepcopy(browser.cookies)
    with transaction.atomic():
        response = getattr(browser, method)(path, fields, follow=True)
        transaction.set_rollback(True)
    browser.cookies = cookies
    return response


def crawl(browser, starts, within=""):
    """
    Yield (what was done, where, answer) for every page, link and button in reach.

    Links are followed that lead `within` a side of the portal, in either language.
    """
    queue, done = deque(starts), set()
    while queue:
        path = queue.popleft()
        if path in done:
            continue
        done.add(path)
        response = asked(browser, "get", path)
        yield path, path, response
        if not response["Content-Type"].startswith("text/html"):
            continue
        page = Page(response)
        here = response.redirect_chain[-1][0] if response.redirect_chain else path
        links = [ours(urljoin(here, link)) for link in page.links if is_ours(link)]
        queue.extend(one for one in links if one.removeprefix("/ru").startswith(within))
        for form in page.forms:
            action = urljoin(here, form["action"])
            # A form of one kind is pressed once, in whichever language it came.
            name = resolve(urlsplit(action).path).view_name
            same = name, *form["fields"], *form["buttons"]
            if name == "home:leave" or same in done:
                continue
            done.add(same)
            for fields in submissions(form):
                answer = asked(browser, form["method"], action, fields)
                yield (action, fields), action, answer


# To them the desk says one thing, whatever they ask for (tests/matrix.py).
NEVER_AT_THE_DESK = {*PEOPLE[:2], "ended", "superuser"}


def once_each(paths):
    """Return one address of each page of the desk, and all the others."""
    pages = {}
    for path in paths:
        page = resolve(path.removeprefix("/ru")).view_name if "/desk/" in path else path
        pages.setdefault(page, path)
    return list(pages.values())


def is_ours(link):
    address = urlsplit(link)
    # "next" repeats the address that was asked for.
    is_new = not link.startswith("#") and "next=" not in address.query
    return is_new and not address.netloc and not address.scheme


def ours(link):
    return urlsplit(link)._replace(fragment="").geturl()


def answered(response, path):
    """Return all that came back, without the address that was asked for."""
    answer = response.content + str(response.redirect_chain).encode()
    # A calendar's lines are folded, be it in the middle of a number.
    answer = answer.replace(b"\r\n ", b"")
    # A page leads to itself in the other language.
    own = path.removeprefix("/ru").encode()
    return unquote_to_bytes(answer).replace(own, b"").lower()


@pytest.fixture
def browser_of(staff, planted, center):
    def browser_of(person):
        if person in staff:
            return signed_in(staff[person], raise_request_exception=False)
        browser = Client(raise_request_exception=False)
        if person == "resident":
            concern, _canary = planted["hidden from the police"]
            opened = browser.post("/follow/", {"c": concern.repeat.code})
            assert opened["Location"] == "/follow/concern/"
        return browser

    return browser_of


# Of those from whom something is hidden two go everywhere at each run, the others when
# proved.
GO_AT_EACH_RUN = {"resident", "police"}


@pytest.mark.parametrize(
    "person",
    [
        pytest.param(one, marks=[] if one in GO_AT_EACH_RUN else [pytest.mark.proof])
        for one in PEOPLE
    ],
)
def test_nobody_finds_what_is_hidden_from_him(
    person, planted, browser_of, center, other_center
):
    starts = addresses(center, other_center, planted)
    if person in NEVER_AT_THE_DESK:
        starts = once_each(starts)
    found, broken, number = {}, [], 0
    # Each opens every address there is. Where the public ones lead from there, visitor
    # and resident go: they are the same for everyone (test_kaab_home).
    within = ("/desk/", "/account/") if person in STAFF else ""

    for what, path, response in crawl(browser_of(person), starts, within):
        number += 1
        broken += [what] if response.status_code >= 500 else []
        body = answered(response, path)
        for name, (concern, canary) in planted.items():
            if any(sign in body for sign in signs(concern, canary)):
                found.setdefault(name, []).append(what)

    allowed = {name for name in MAY_FIND if person in MAY_FIND[name]}
    assert broken == []
    assert {
        name: places[:3] for name, places in found.items() if name not in allowed
    } == {}
    # The crawl is worth something only if it finds what may be found.
    assert found.keys() == allowed
    assert number > 60


# Not even by what is missing


def a_page_each(person, center):
    """Return every list and every public page as a person sees it."""
    browser = signed_in(person)
    lists = ["today", "concerns", "summaries", "meetings"]
    paths = [reverse(f"desk:{name}") for name in lists]
    paths += [
        f"{reverse('desk:concerns')}?state={state}"
        for state in ("", "overdue", "mine", "quarantine", "ended", *Status)
    ]
    paths += [reverse("desk:members", args=[center.slug])]
    paths += [
        reverse(f"{app}:list", args=[center.slug]) for app in ("concerns", "meetings")
    ]
    paths += [center.get_absolute_url(), "/"]
    return {path: without_tokens(browser.get(path)) for path in paths}


@pytest.fixture
def working_center(center, cholpon, bakyt):
    """A centre with work on every list."""
    for status in (Status.RECEIVED, Status.REGISTERED, Status.IN_PROGRESS):
        make_approved(center, status=status, due_on=timezone.localdate())
    make_concern(center, is_quarantined=True)
    make_published_meeting(center)
    return center


def test_no_letter_to_the_members_sings(
    planted, center, staff, mailoutbox, django_capture_on_commit_callbacks
):
    for meeting in Meeting.objects.filter(center=center, status="planned"):
        done = {"meeting": meeting, "by": staff["council"]}
        with django_capture_on_commit_callbacks(execute=True):
            meeting_actions.replan(**done, version=0, starts_at=in_a_week())
            meeting_actions.cancel(**done, version=1, reason_ky="а", reason_ru="б")

    letters = " ".join(f"{m.subject} {m.body}" for m in mailoutbox).lower().encode()
    sung = [sign for found in planted.values() for sign in signs(*found)]
    assert letters
    assert [sign for sign in sung if sign in letters] == []


def in_a_week():
    return timezone.now() + timedelta(days=7)


@pytest.mark.parametrize(
    "who",
    ["bakyt", "ruslan", "cholpon", "elmira", "farida", "nurlan", "olga", "daniyar"],
)
@pytest.mark.parametrize("side", [POLICE, COUNCIL])
def test_a_complaint_changes_no_byte_for_those_who_may_not_know_of_it(
    side, who, working_center, jamila, request
):
    person = request.getfixturevalue(who)
    category = make_hidden_category(side)
    before = a_page_each(person, working_center)

    concern, _code, _is_new = actions.file(
        center=working_center,
        category=category,
        key=key_number(next(numbers)),
        words={"text": "Арыз", "involved": Involved.NO},
        language="ky",
    )
    actions.register(
        concern=concern,
        category=concern.category,
        level=Level.CONFIDENTIAL,
        by=jamila,
        version=0,
    )

    assert a_page_each(person, working_center) == before


@pytest.mark.parametrize("who", ["bakyt", "elmira", "cholpon", "daniyar"])
def test_a_hidden_number_typed_into_a_form_is_answered_as_one_that_is_not_there(
    who, center, request, jamila
):
    person = request.getfixturevalue(who)
    place = person.memberships.get().center
    hidden = make_concern(center, make_hidden_category(POLICE, COUNCIL))
    own = make_concern(place, status=Status.REGISTERED)

    def name_the_lead(number):
        return signed_in(person).post(
            reverse("desk:move", args=[own.reference]),
            {"version": 0, "target": "duplicate", "lead": number, "note": "а"},
        )

    answer, other = name_the_lead(hidden.reference), name_the_lead("99999999")

    assert answer.status_code == other.status_code == 422
    assert without_tokens(answer).replace(hidden.reference.encode(), b"") == (
        without_tokens(other).replace(b"99999999", b"")
    )


@pytest.mark.parametrize("who", ["bakyt", "elmira", "cholpon", "daniyar"])
def test_searching_for_a_hidden_number_finds_what_searching_for_none_finds(
    who, center, request
):
    browser = signed_in(request.getfixturevalue(who))
    hidden = make_concern(center, make_hidden_category(POLICE, COUNCIL))

    def search(number):
        path = f"{reverse('desk:concerns')}?q={number}"
        return without_tokens(browser.get(path)).replace(number.encode(), b"")

    assert search(hidden.reference) == search("99999999")


def test_a_number_is_drawn_and_not_counted(center):
    references = [Concern._meta.get_field("reference").default() for _ in range(50)]

    steps = {int(b) - int(a) for a, b in zip(references, references[1:], strict=False)}
    assert len(steps) == 49
