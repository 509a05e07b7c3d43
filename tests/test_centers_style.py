"""The style inside a page: the rules for what it holds, allowed by their hash."""

import re

import pytest
from django.conf import settings
from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client

from centers import style

from .test_kaab_home import PUBLIC, copies, village_life

pytestmark = pytest.mark.once

__all__ = ["copies", "village_life"]

FRAME = '<body><main class="facts"><p class="soft words">A &lt;h1&gt; &quot;.go</main>'


def test_a_page_carries_the_rules_for_its_elements_and_their_classes():
    carried = style.style_for(FRAME)

    assert ".words{" in carried
    assert "main{" in carried
    assert ".facts{" in carried
    assert "\nh1{" not in carried
    assert ".timeline" not in carried
    # Its class is there, but nothing of what this one asks for inside.
    assert ".facts dt" not in carried


def test_of_a_rule_for_many_things_only_those_stay_that_are_there():
    assert ".top,main,.foot" in settings.INLINE_STYLE

    assert "\nmain{max-width" in style.style_for(FRAME)


def test_what_concerns_colours_paper_and_the_keyboard_always_stays():
    carried = style.style_for("<p>")

    for line in settings.INLINE_STYLE.splitlines():
        if line.startswith(("@media (prefers", "@media print", ":root", ":focus")):
            assert line in carried


def test_what_concerns_a_narrow_screen_stays_where_it_meets_something():
    medium = "@media (max-width:39.99rem){thead{"

    assert medium not in style.style_for("<p>")
    assert medium in style.style_for("<td>")


def test_a_state_that_comes_later_keeps_its_rule():
    carried = style.style_for('<details><summary class="group"><a><input>')

    assert "[open]>.group::after{" in carried
    assert "[aria-invalid=true]{" in carried
    assert ".group::after" in carried


def test_each_line_of_the_style_is_one_rule():
    for line in settings.INLINE_STYLE.splitlines():
        assert not line or line.startswith("@media") or line.count("{") == 1


def test_what_carries_no_style_is_left_as_it_is(rf):
    for response in (HttpResponse(b"<p>"), StreamingHttpResponse([b"<p>"])):
        before = response.headers.copy()

        after = style.fitted(lambda _request, it=response: it)(rf.get("/"))

        assert after is response
        assert after.headers == before


@pytest.mark.django_db
@pytest.mark.usefixtures("village_life")
@pytest.mark.parametrize("path", [*PUBLIC, "/nowhere/", "/follow/", "/leave/"])
def test_the_policy_of_a_page_allows_its_own_style_and_no_other(path):
    response = Client().get(path)

    [carried] = re.findall(r"<style>(.*?)</style>", response.content.decode(), re.S)
    policy = response["Content-Security-Policy"]
    assert re.findall(r"'sha256-[^']+'", policy) == [style.source_of(carried)]
    assert int(response["Content-Length"]) == len(response.content)
    assert len(carried) < 0.75 * len(settings.INLINE_STYLE)


@pytest.mark.django_db
@pytest.mark.usefixtures("village_life", "copies")
def test_a_copy_carries_the_style_of_the_page_that_it_is_of():
    first, copy = (Client().get("/mirmakhmudov/") for _ in range(2))

    assert copy.content == first.content
    assert copy["Content-Security-Policy"] == first["Content-Security-Policy"]
