"""Lists, counts, searches and feeds, held against the rules written a second time.

Of each page, to everybody who may come, the references and the words that stand on it
are compared with what the oracle says of every concern that can be.
"""

import re

import pytest
from django.db import transaction
from django.test import Client

from kaab import desk

from ..factories import COUNCIL, make_center, signed_in
from ..oracle import (
    CONFIDENTIAL,
    COORDINATOR,
    HERE,
    MEMBER,
    OBSERVER,
    PEOPLE,
    THERE,
    is_public,
    reads_the_summary,
    services_of,
)
from .cases import (
    ENDED,
    STATUSES,
    knows,
    make_life,
    reads,
    registers,
    stands_in,
    waits_for,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def life(django_db_setup, django_db_blocker):
    """Make it once: of what a test writes beside it nothing is left after the test."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_life(make_center(), make_center())
        transaction.set_rollback(True)


# What pages show


class Reader:
    """Somebody's browser: no page of it may say what its person may not read."""

    def __init__(self, life, name="anonymous"):
        is_known = name != "anonymous"
        self.browser = signed_in(life.people[name]) if is_known else Client()
        self.words = {case.mark for case in life.cases if reads(name, case)}
        self.titles = {
            case.mark
            for case in life.cases
            if is_public(case.facts) or knows(name, case)
        }

    def opens(self, path, **query):
        answer = self.browser.get(path, query)
        html = answer.content.decode()
        assert set(re.findall(r"сөзү(\d{4})х", html)) <= self.words
        assert set(re.findall(r"аталыш(\d{4})х", html)) <= self.titles
        return answer, html

    def finds(self, path, at="/desk/concerns/", **query):
        """Return the references in a list, in all its pages, in their order."""
        found, page = [], 1
        while page:
            answer, html = self.opens(path, **query, page=page)
            assert answer.status_code == 200, (path, query)
            found += re.findall(rf'href="{at}(\d{{8}})/"', html)
            page = page + 1 if 'rel="next"' in html else None
        assert len(found) == len(set(found))
        return found


def references(cases):
    return {case.reference for case in cases}


def public_in(life, where):
    return [c for c in life.cases if c.facts.where == where and is_public(c.facts)]


# Whom the desk's guard lets pass nowhere.
SHUT_OUT = {"coordinator of before", "disabled coordinator", "person without a role"}
everyone = pytest.mark.parametrize(
    "who", [who for who in PEOPLE if who not in SHUT_OUT]
)
NO_WORK = SHUT_OUT | {"observer", "superuser", "anonymous"}
members = pytest.mark.parametrize("who", [who for who in PEOPLE if who not in NO_WORK])
in_both_centers = pytest.mark.parametrize("where", [HERE, THERE])
STATES = [
    *("", "waiting", "overdue", "week", "mine", "quarantine", "ended"),
    *(status for status in STATUSES if status not in ENDED),
]


@members
def test_each_list_of_the_desk_holds_what_one_may_read_and_no_more(who, life, proved):
    reader, held = Reader(life, who), 0

    for state in STATES:
        found = reader.finds("/desk/concerns/", state=state)
        fitting = references(c for c in life.cases if stands_in(who, c, state))
        assert set(found) == fitting, state
        held += len(found)
    summaries = reader.finds("/desk/concerns/summaries/")

    assert set(summaries) == references(
        case for case in life.cases if reads_the_summary(who, case.facts)
    )
    proved("R6", f"{who}: {held} and {len(summaries)} in lists")


@members
def test_the_first_screen_counts_what_the_lists_hold(who, life, monkeypatch):
    # Whoever serves on two sides reads more than the screen counts one by one.
    monkeypatch.setattr(desk, "COUNTED", len(life.cases))
    _answer, html = Reader(life, who).opens("/desk/")

    shown = dict(re.findall(r'\?state=(\w+)"><b>(\d+)</b>', html))
    # What is to be checked is the work of who registers.
    own = [c for c in life.cases if not c.facts.is_quarantined or registers(who, c)]
    counts = {
        state: str(sum(stands_in(who, case, state) for case in own))
        for state in ("waiting", "overdue", "week", "quarantine")
    }
    # Of nothing to check nothing is said.
    assert {"quarantine": "0"} | shown == counts
    listed = re.findall(r'<th scope="row"><a href="/desk/concerns/(\d{8})/"', html)
    assert len(listed) == min(20, int(counts["waiting"]))
    assert set(listed) <= references(c for c in life.cases if waits_for(who, c))
    # And what others did lately.
    said = set(re.findall(r"/desk/concerns/(\d{8})/", html))
    assert said <= references(c for c in life.cases if reads(who, c))


@members
def test_a_search_finds_by_words_what_one_reads_and_by_titles_what_one_knows(who, life):
    reader = Reader(life, who)

    for group in {case.group for case in life.cases}:
        by_words = reader.finds("/desk/search/", q=f"МАЕК{group}Х")
        by_title = reader.finds("/desk/search/", q=f"тема{group}х")
        listed = reader.finds("/desk/concerns/", q=f"ТЕМА{group}х")

        cases = [case for case in life.cases if case.group == group]
        titled = [case for case in cases if case.facts.approval != "none"]
        assert set(by_words) == references(c for c in cases if reads(who, c))
        assert set(by_title) == references(c for c in titled if knows(who, c))
        assert set(listed) == references(c for c in titled if stands_in(who, c, ""))


@everyone
def test_a_number_leads_who_may_read_it_and_does_not_exist_for_others(who, life):
    reader = Reader(life, who)
    stranger, outsider = who == "anonymous", who in NO_WORK

    # Not the same ones for everybody.
    for case in life.cases[list(PEOPLE).index(who) % 7 :: 7]:
        opened, _html = reader.opens(f"/desk/concerns/{case.reference}/")
        asked, _html = reader.opens("/desk/concerns/", q=case.reference)

        may_open = 200 if knows(who, case) else 404
        may_find = 403 if outsider else 302 if reads(who, case) else 200
        assert opened.status_code == (302 if stranger else may_open), case
        assert asked.status_code == (302 if stranger else may_find), case


# What everyone reads


@in_both_centers
def test_the_public_list_holds_what_was_published_and_no_more(where, life, proved):
    stranger, center = Reader(life), life.centers[where]
    path = f"/{center.slug}/concerns/"
    public = public_in(life, where)

    def found(**query):
        return set(stranger.finds(path, at=path, **query))

    def those(**fields):
        [(name, value)] = fields.items()
        return references(case for case in public if getattr(case, name) == value)

    assert found() == references(public)
    for status in set(STATUSES) - {"withdrawn"}:
        assert found(status=status) == those(status=status)
    for village in life.villages[where]:
        assert found(village=village.code) == those(village=village.code)
    for category in life.categories:
        assert found(category=category.code) == those(category=category.code)
    for month in {case.month for case in public}:
        assert found(month=month) == those(month=month)
    for group in {case.group for case in life.cases}:
        assert found(q=f"ТЕМА{group}х") == those(group=group)
        assert found(q=f"маек{group}х") == set()
    for case in [*public, *life.cases[::5]]:
        is_here = case in public
        assert found(q=case.reference) == ({case.reference} if is_here else set())
        answer, _html = stranger.opens(f"{path}{case.reference}/")
        assert answer.status_code == (200 if is_here else 404), case
    proved("R6", f"{where}: {len(public)} of {len(life.cases)} public")


@in_both_centers
def test_the_centres_page_shows_the_last_three_that_were_solved(where, life):
    path = f"/{life.centers[where].slug}/"

    solved = Reader(life).finds(path, at=f"{path}concerns/")

    closed = [case for case in public_in(life, where) if case.status == "closed"]
    closed.sort(key=lambda case: case.resolved_at, reverse=True)
    assert len(closed) > 3
    assert solved == [case.reference for case in closed[:3]]


def test_the_map_of_the_site_names_what_is_public_and_no_more(life):
    stranger = Reader(life)

    _answer, everything = stranger.opens("/sitemap.xml")
    _answer, one = stranger.opens("/sitemap.xml", center=life.centers[HERE].slug)

    here, there = (references(public_in(life, where)) for where in (HERE, THERE))
    assert set(re.findall(r"/concerns/(\d{8})/", everything)) == here | there
    assert set(re.findall(r"/concerns/(\d{8})/", one)) == here
    assert set(re.findall(r"/meetings/(\d{8})/", everything)) == {
        meeting.reference
        for made in life.meetings.values()
        for kind, meeting in made.items()
        if kind in OPEN_MEETINGS
    }


OPEN_MEETINGS = {"open", "cancelled", "held", "old"}


def named_publicly(life, where):
    """Return the titles and the numbers by which an agenda names its concerns."""
    titles, numbers = set(), set()
    for case in life.cases:
        if case.facts.where != where or case.facts.level == CONFIDENTIAL:
            continue
        if is_public(case.facts):
            titles.add(case.mark)
        else:
            numbers.add(f"{case.reference[:4]}-{case.reference[4:]}")
    return titles, numbers


def named_in(text):
    text = text.replace("\r\n ", "")  # A calendar folds its lines.
    titles = set(re.findall(r"аталыш(\d{4})х", text))
    return titles, set(re.findall(r"\b5\d{3}-\d{4}\b", text))


@in_both_centers
def test_an_agenda_says_titles_that_are_public_and_numbers_of_what_is_not(where, life):
    stranger, slug = Reader(life), life.centers[where].slug
    meetings = life.meetings[where]

    for kind, meeting in meetings.items():
        path = f"/{slug}/meetings/{meeting.reference}"
        page, html = stranger.opens(f"{path}/")
        event, ics = stranger.opens(f"{path}.ics")
        expected = (
            (200, *named_publicly(life, where))
            if kind in OPEN_MEETINGS
            else (404, set(), set())
        )
        assert (page.status_code, *named_in(html)) == expected, kind
        assert (event.status_code, *named_in(ics)) == expected, kind

    _answer, feed = stranger.opens(f"/{slug}/meetings.ics")
    told = {kind for kind in meetings if f"UID:{meetings[kind].reference}@" in feed}
    # What is long over no calendar asks for.
    assert told == OPEN_MEETINGS - {"old"}
    assert named_in(feed) == named_publicly(life, where)


@everyone
def test_a_meeting_of_the_desk_links_what_one_may_open(who, life):
    reader = Reader(life, who)

    for where, meetings in life.meetings.items():
        here = [s for s in services_of(who) if s.where == where]
        takes_part = any(s.role != OBSERVER for s in here)
        plans = any(
            s.role == COORDINATOR or (s.kind, s.role) == (COUNCIL, MEMBER) for s in here
        )
        for kind, meeting in meetings.items():
            answer, html = reader.opens(meeting.get_desk_url())
            may = plans if kind == "draft" else takes_part
            refusal = 302 if who == "anonymous" else 404
            assert answer.status_code == (200 if may else refusal), (where, kind)
            linked = set(re.findall(r'href="/desk/concerns/(\d{8})/"', html))
            assert linked == references(
                case
                for case in life.cases
                if may
                and case.facts.where == where
                and case.facts.level != CONFIDENTIAL
                and knows(who, case)
            )
