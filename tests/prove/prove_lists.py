"""Lists, counts, searches and feeds, held against the rules written a second time.

Of each page, to everybody who may come, the references and the words that stand on it
are compared with what the oracle says of every concern that can be.
"""

import re
from collections import Counter
from datetime import timedelta
from io import BytesIO
from itertools import pairwise

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from concerns.models import Concern
from kaab import desk
from meetings import waiting
from meetings.models import Action, AgendaItem

from ..factories import COUNCIL, POLICE, RESIDENTS, make_center, signed_in
from ..minutes import put_up
from ..oracle import (
    CONFIDENTIAL,
    HERE,
    PEOPLE,
    THERE,
    is_public,
    reads_the_summary,
)
from ..test_meetings_protocol_files import text_of_pdf, text_of_word
from .cases import (
    ENDED,
    READ_BY_ALL,
    READ_BY_MEMBERS,
    STATUSES,
    has_to_do,
    knows,
    make_life,
    plans,
    reads,
    reads_of,
    registers,
    serves,
    stands_in,
    stands_on,
    takes_part,
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

    def finds(self, path, at="/desk/concerns/", what=r'href="{at}(\d{{8}})/"', **query):
        """Return the references in a list, in all its pages, in their order."""
        found, page = [], 1
        while page:
            answer, html = self.opens(path, **query, page=page)
            assert answer.status_code == 200, (path, query)
            found += re.findall(what.format(at=at), html)
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


OPEN_MEETINGS = {"open", "cancelled", "held", "running", "old"}


def named_publicly(life, where, *kinds):
    """Return the titles and the numbers by which agendas name their concerns."""
    titles, numbers = set(), set()
    for case in life.cases:
        stands = any(stands_on(life, case, kind) for kind in kinds)
        if case.facts.where != where or not stands:
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
            (200, *named_publicly(life, where, kind))
            if kind in OPEN_MEETINGS
            else (404, set(), set())
        )
        assert (page.status_code, *named_in(html)) == expected, kind
        assert (event.status_code, *named_in(ics)) == expected, kind

    _answer, feed = stranger.opens(f"/{slug}/meetings.ics")
    told = {kind for kind in meetings if f"UID:{meetings[kind].reference}@" in feed}
    # What is long over no calendar asks for.
    assert told == OPEN_MEETINGS - {"old"}
    assert named_in(feed) == named_publicly(life, where, *told)


@everyone
def test_a_meeting_of_the_desk_links_what_one_may_open(who, life):
    reader = Reader(life, who)

    for where, meetings in life.meetings.items():
        for kind, meeting in meetings.items():
            answer, html = reader.opens(meeting.get_desk_url())
            may = (plans if kind == "draft" else takes_part)(who, where)
            refusal = 302 if who == "anonymous" else 404
            assert answer.status_code == (200 if may else refusal), (where, kind)
            linked = set(re.findall(r'href="/desk/concerns/(\d{8})/"', html))
            assert linked == references(
                case
                for case in life.cases
                if may
                and case.facts.where == where
                and stands_on(life, case, kind)
                and knows(who, case)
            )
            # While it goes on, what is decided is read by those who write it down.
            told = kind in READ_BY_MEMBERS or plans(who, where)
            assert decided_in(html) == {
                one.mark
                for one in life.promises
                if may and told and (one.where, one.kind) == (where, kind)
                if not one.is_confidential
            }


# What was decided, and who does what


def decided_in(html):
    return set(re.findall(r"чечим(\d{4})х", html))


def marks(promises):
    return {one.mark for one in promises}


@in_both_centers
def test_a_meetings_page_tells_what_was_decided_in_public(where, life):
    stranger, slug = Reader(life), life.centers[where].slug

    for kind in OPEN_MEETINGS:
        _page, html = stranger.opens(
            f"/{slug}/meetings/{life.meetings[where][kind].reference}/"
        )
        assert decided_in(html) == {
            one.mark
            for one in life.promises
            if one.is_public and (one.where, one.kind) == (where, kind)
        }, kind


PLAN_STATES = {
    "": lambda one: True,
    "overdue": lambda one: one.is_overdue,
    "open": lambda one: one.status == "open",
    "done": lambda one: one.finished is not None,
    "confirmed": lambda one: one.status == "confirmed",
    "not_done": lambda one: one.status == "not_done",
}


def figures_of(promises):
    """Return what the plan counts of these: all, on time, late, and so on."""
    done = [one for one in promises if one.finished is not None]
    late = [one for one in done if one.finished > one.term]
    of = Counter(one.status for one in promises)
    overdue = sum(one.is_overdue for one in promises)
    return [
        *(len(promises), len(done) - len(late), len(late), of["confirmed"]),
        *(of["open"] - overdue, overdue, of["not_done"]),
    ]


@in_both_centers
def test_the_plan_holds_and_counts_what_was_promised_in_public(where, life, proved):
    stranger, path = Reader(life), f"/{life.centers[where].slug}/plan"
    public = [one for one in life.promises if one.is_public and one.where == where]
    today = timezone.localdate()

    def year_of(one):
        return (today + timedelta(days=one.term)).year

    choices = [("", "", "")]
    choices += [("", "", state) for state in PLAN_STATES]
    choices += [("", side, "") for side in (COUNCIL, POLICE, RESIDENTS)]
    choices += [(f"{year}", POLICE, "open") for year in {*map(year_of, public)}]
    for year, side, state in choices:
        query = {"year": year, "side": side, "state": state}
        chosen = [
            one
            for one in public
            if year in ("", f"{year_of(one)}") and side in ("", one.side)
        ]
        fitting = marks(filter(PLAN_STATES[state], chosen))
        found = stranger.finds(f"{path}/", what=r"иш(\d{{4}})х", **query)
        assert set(found) == fitting, query
        _answer, html = stranger.opens(f"{path}/", **query)
        assert list(map(int, re.findall(r"<dd>(\d+)</dd>", html))) == (
            figures_of(chosen) if chosen else []
        )
        sheet = stranger.browser.get(f"{path}.xlsx", query)
        text = "".join(strings_of(sheet.content))
        assert set(re.findall(r"иш(\d{4})х", text)) == fitting, query
        assert set(re.findall(r"аталыш(\d{4})х", text)) <= stranger.titles
    proved("R6", f"{where}: {len(public)} of {len(life.promises)} promises public")


def strings_of(xlsx):
    rows = load_workbook(BytesIO(xlsx)).active.iter_rows(values_only=True)
    return [value for row in rows for value in row if isinstance(value, str)]


@members
def test_the_list_of_actions_holds_what_one_may_read_and_no_more(who, life, proved):
    reader, held = Reader(life, who), 0
    read = [one for one in life.promises if reads_of(who, one)]

    for state in ("", "overdue", "open", "done", "confirmed", "not_done"):
        for whose in ("", "mine"):
            found = reader.finds(
                "/desk/actions/", at="/desk/actions/", state=state, whose=whose
            )
            assert set(found) == {
                one.reference
                for one in read
                if not whose or one.person == who or serves(who, one)
                if state in ("", one.status) or (state == "overdue" and one.is_overdue)
            }, (state, whose)
            held += len(found)
    proved("R6", f"{who}: {held} in lists of actions")


@members
def test_the_first_screen_names_the_ten_actions_that_wait_for_one(who, life):
    _answer, html = Reader(life, who).opens("/desk/")

    due = [
        one
        for one in life.promises
        if has_to_do(who, one) and one.status == "open" and one.term <= 7
    ]
    due.sort(key=lambda one: one.term)
    shown = re.findall(r'href="/desk/actions/(\d{8})/"', html)
    assert shown == [one.reference for one in due[:10]]


@members
def test_what_waits_for_an_agenda_is_shown_to_those_who_plan(who, life, monkeypatch):
    monkeypatch.setattr(waiting, "SHOWN", len(life.cases))
    # What stands on an agenda to come does not wait.
    AgendaItem.objects.filter(meeting__status="planned").delete()
    reader = Reader(life, who)

    for where, meetings in life.meetings.items():
        answer, html = reader.opens(meetings["open"].get_desk_url())
        may = plans(who, where)
        assert answer.status_code == (200 if takes_part(who, where) else 404)
        assert set(re.findall(r'value="action\.(\d{8})"', html)) == {
            one.reference
            for one in life.promises
            if may and one.where == where and reads_of(who, one)
            if one.is_overdue or one.status == "not_done"
        }
        assert set(re.findall(r'value="concern\.(\d{8})"', html)) == references(
            case
            for case in life.cases
            if may and case.facts.where == where and knows(who, case)
            if case.facts.level != CONFIDENTIAL
            if case.status not in {*ENDED, "received"}
            if case.term is not None and case.term < 0
        )


def test_whoever_raised_a_concern_is_told_what_was_promised_to_her(life):
    ours = {one.case.reference: one for one in life.promises if one.case}
    number = 0
    for where in life.centers:
        cases = [case for case in life.cases if case.facts.where == where]
        for before, case in pairwise([None, *cases]):
            # What was decided on another's concern, she reads where everyone does.
            expected = (
                {ours[case.reference]} if told_of(ours[case.reference]) else set()
            )
            if before and ours[before.reference].is_public:
                expected.add(ours[before.reference])
            concern = Concern.objects.get(reference=case.reference)
            told = Action.objects.promised(concern).values_list("reference", flat=True)
            assert set(told) == references(expected), case
            number += len(expected)
    assert number


def told_of(promise):
    return promise.kind in READ_BY_ALL and not promise.is_closed


# The protocol


@in_both_centers
def test_a_protocol_says_to_everyone_what_is_public_and_no_more(where, life):
    meeting, slug = life.meetings[where]["held"], life.centers[where].slug
    version = put_up(meeting, life.people[PLANNER[where]])
    version.frozen_at = timezone.now()
    version.save()
    decided = [one for one in life.promises if (one.where, one.kind) == (where, "held")]
    stranger, path = Reader(life), f"/{slug}/meetings/{meeting.reference}/protocol"

    _answer, html = stranger.opens(f"{path}/")
    word = stranger.browser.get(f"{path}.docx").content
    pdf = stranger.browser.get(f"{path}.pdf").content

    for text in (html, text_of_word(word), text_of_pdf(pdf)):
        text = "".join(text.split())
        assert decided_in(text) == marks(one for one in decided if one.is_public)
        titles, numbers = named_publicly(life, where, "held")
        assert set(re.findall(r"аталыш(\d{4})х", text)) == titles
        assert numbers <= set(re.findall(r"5\d{3}-\d{4}", text))


PLANNER = {HERE: "council coordinator", THERE: "coordinator elsewhere"}


@everyone
def test_a_draft_of_a_protocol_is_read_by_members_whole_but_for_what_is_confidential(
    who, life
):
    reader = Reader(life, who)

    for where, meetings in life.meetings.items():
        answer, html = reader.opens(f"{meetings['shut'].get_desk_url()}protocol/")
        refusal = 302 if who == "anonymous" else 404
        may = takes_part(who, where)
        assert answer.status_code == (200 if may else refusal)
        assert decided_in(html) == {
            one.mark
            for one in life.promises
            if may and (one.where, one.kind) == (where, "shut")
            if not one.is_confidential
        }
