"""The frame of a page: small, from nowhere else, and standing when little else does."""

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

pytestmark = pytest.mark.once

STYLES = sorted(Path(settings.BASE_DIR, "static").glob("*.css"))
TEMPLATES = sorted(Path(settings.BASE_DIR, "templates").rglob("*.html"))
ALONE = ["500.html", "503.html", "403_csrf.html"]
WORDS = "Мектепке баруучу жолдо жарык жок.\r\nКечкисин <b>караңгы</b>."


def name(path):
    return str(path.relative_to(settings.BASE_DIR))


def test_the_style_inside_every_public_page_is_small():
    assert len(settings.INLINE_STYLE) < 10_450
    assert len(gzip.compress(settings.INLINE_STYLE.encode())) < 3_350


@pytest.mark.parametrize("path", STYLES, ids=name)
def test_a_style_loads_nothing(path):
    assert re.findall(r"@import|url\(|https?:", path.read_text()) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_a_template_has_nothing_that_the_policy_refuses(path):
    refused = r"\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)|(?:src|href)=\"(?:https?:)?//"

    assert re.findall(refused, path.read_text()) == []


@pytest.mark.parametrize("template", ALONE)
def test_a_page_for_bad_times_speaks_both_languages_without_anything(template):
    html = render_to_string(template, {"action": "/follow/"})

    assert '<section lang="ky">' in html
    assert '<section lang="ru">' in html
    assert len(set(re.findall(r"<h[12]>(.*?)</h[12]>", html))) == 2


@pytest.mark.parametrize("template", ["503.html", "403_csrf.html"])
def test_typed_words_are_given_back_to_be_sent_again(template):
    kept = [("text", WORDS), ("village", "020")]

    html = render_to_string(template, {"kept": kept, "action": "/mirmakhmudov/x/"})

    assert '<form method="post" action="/mirmakhmudov/x/">' in html
    assert '<input type="hidden" name="village" value="020">' in html
    assert html.count("Кечкисин &lt;b&gt;караңгы&lt;/b&gt;.") == 2


def test_a_page_for_bad_times_says_the_same_whatever_language_was_asked_for():
    def said():
        # Above it stands the way out, in the language of the address.
        return render_to_string("500.html").partition("<main>")[2]

    with translation.override("ru"):
        russian = said()

    assert russian == said()
