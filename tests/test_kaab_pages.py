"""The pages that explain, and what browsers ask for by themselves."""

import json
import re
import struct
from datetime import date
from html import unescape
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse

from centers.models import Term
from kaab.explained import GUIDES

from .factories import make_approved, signed_in
from .test_kaab_home import PUBLIC, every_public_page, read, village_life

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("cheap_codes"),
    pytest.mark.once,
]

__all__ = ["village_life"]

WITH_PREFIX = ["", "/ru"]
in_both_languages = pytest.mark.parametrize("prefix", WITH_PREFIX)


# How it works


@pytest.mark.parametrize("path", ["/", "/mirmakhmudov/", "/help/"])
def test_how_it_works_is_one_press_away(path, center):
    assert 'href="/about/"' in read(path)


@in_both_languages
def test_the_terms_are_those_of_the_installation(prefix, settings):
    long_ago = date(2020, 1, 1)
    Term.objects.create(kind="registration", working_days=3, holds_from=long_ago)
    Term.objects.create(kind="appeal", working_days=17, holds_from=long_ago)
    settings.CLOSE_AFTER_DAYS = 41

    page = read(f"{prefix}/about/")

    words = ["3 жумуш", "17 жумуш", "41 күн"]
    russian = ["3 рабочих дня", "17 рабочих", "41 день"]
    assert all(term in page for term in (russian if prefix else words))


# Help for each role


GUIDED = {
    "nurlan": "community",
    "elmira": "council",
    "bakyt": "police",
    "cholpon": "coordinator",
    "farida": "intake",
    "jamila": "custodian",
    "olga": "observer",
}


def test_there_is_help_for_every_role():
    assert sorted(GUIDED.values()) == sorted(GUIDES)


@pytest.mark.parametrize("who", GUIDED)
def test_the_desk_leads_to_the_help_for_ones_own_role(who, request):
    browser = signed_in(request.getfixturevalue(who))

    assert f'href="/help/{GUIDED[who]}/"' in read("/desk/", browser)


def test_who_serves_nowhere_is_led_to_the_residents_help(sultan):
    assert 'href="/help/"' in read("/desk/", signed_in(sultan))


def test_who_serves_on_two_sides_gets_the_help_for_one_of_them(temir):
    assert 'href="/help/council/"' in read("/desk/", signed_in(temir))


@in_both_languages
@pytest.mark.parametrize("role", GUIDES)
def test_a_guide_says_what_to_do_what_not_and_what_when(role, prefix):
    page = read(f"{prefix}/help/{role}/")

    headings = re.findall(r"<h2>(.*?)</h2>", page)
    assert len(headings) == 6
    # Every other one is a press away, and so is the residents'.
    others = {f"{prefix}/help/{name}/" for name in GUIDES if name != role}
    assert others <= set(re.findall(r'href="([^"]+)"', page))
    assert f'href="{prefix}/help/"' in page


@in_both_languages
def test_the_residents_help_is_their_own(prefix):
    response = Client().get(f"{prefix}/help/resident/")

    assert response["Location"] == f"{prefix}/help/"


def test_there_is_no_help_for_a_role_that_is_none():
    assert Client().get("/help/mayor/").status_code == 404


# What everybody is promised


@in_both_languages
def test_the_page_on_privacy_begins_with_the_short_of_it(prefix):
    page = read(f"{prefix}/privacy/")

    assert page.index('id="short"') < page.index("<h2>")


@pytest.mark.parametrize(
    "law", ["№ 58", "№ 67", "№ 759", "№ 60", settings.CONSENT_VERSION]
)
def test_it_names_the_laws_and_its_version(law):
    assert law in read("/privacy/")


# A shared link


def meta(page, name):
    return unescape(re.search(rf'property="{name}" content="([^"]*)"', page)[1])


@every_public_page
def test_a_shared_link_shows_the_title_of_its_page_and_a_picture(path, village_life):
    page = read(path)

    language = "ru" if path.startswith("/ru/") else "ky"
    picture = f"{settings.SITE_URL}/static/share-{language}.png"
    assert meta(page, "og:title") == unescape(
        re.search("<title>(.*?)</title>", page)[1]
    )
    assert meta(page, "og:image") == picture
    assert meta(page, "og:description")


def size_of(png):
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    return struct.unpack(">II", png[16:24])


@pytest.mark.parametrize("language", ["ky", "ru"])
def test_the_picture_is_of_the_size_that_is_shown_and_small(language):
    png = Path(finders.find(f"share-{language}.png")).read_bytes()

    assert size_of(png) == (1200, 630)
    assert len(png) < 80_000


@every_public_page
def test_a_public_page_names_itself_in_each_language(path, village_life):
    page = read(path)

    unprefixed = path.removeprefix("/ru")
    assert dict(
        re.findall(r'<link rel="alternate" hreflang="([\w-]+)" href="([^"]+)"', page)
    ) == {
        "ky": f"{settings.SITE_URL}{unprefixed}",
        "ru": f"{settings.SITE_URL}/ru{unprefixed}",
        "x-default": f"{settings.SITE_URL}{unprefixed}",
    }


@in_both_languages
@pytest.mark.parametrize(
    "path",
    [
        "/follow/",
        "/login/",
        "/mirmakhmudov/concerns/new/street_lighting/",
        "/mirmakhmudov/concerns/new/form/",
        "/nowhere/",
    ],
)
def test_a_page_that_leaves_no_trace_offers_nothing_to_share(path, prefix, center):
    make_approved(center).category.__class__.objects.update(code="street_lighting")

    page = Client().get(f"{prefix}{path}", follow=True).content.decode()

    if "concerns/new/form" not in path:
        assert "og:" not in page
        assert 'rel="alternate"' not in page
    assert 'rel="manifest"' not in page


# Among a phone's apps


@in_both_languages
def test_the_manifest_speaks_the_language_of_its_address(prefix):
    response = Client().get(f"{prefix}/manifest.webmanifest")

    about = json.loads(response.content)
    assert response["Content-Type"] == "application/manifest+json"
    assert about["lang"] == ("ru" if prefix else "ky")
    assert about["short_name"] == ("ОПЦ" if prefix else "КААБ")
    assert about["start_url"] == f"{prefix}/"
    assert about["display"] == "standalone"


def test_its_icons_are_there_in_the_sizes_it_names():
    icons = json.loads(Client().get("/manifest.webmanifest").content)["icons"]

    for icon in icons:
        name = icon["src"].removeprefix(settings.STATIC_URL)
        width, height = size_of(Path(finders.find(name)).read_bytes())
        assert icon["sizes"] == f"{width}x{height}"
        assert "maskable" in icon["purpose"]
    assert {icon["sizes"] for icon in icons} == {"192x192", "512x512"}


def test_its_colours_are_those_of_the_pages():
    about = json.loads(Client().get("/manifest.webmanifest").content)

    assert f"--pine:{about['theme_color']}" in settings.INLINE_STYLE
    assert f"--paper:{about['background_color']}" in settings.INLINE_STYLE


def test_a_page_may_have_a_manifest_from_here_alone():
    policy = Client().get("/help/")["Content-Security-Policy"]

    assert "manifest-src 'self'" in policy


def test_it_is_offered_where_it_is_explained_and_costs_nobody_else_a_request(
    village_life,
):
    offering = [path for path in PUBLIC if 'rel="manifest"' in read(path)]

    assert offering == ["/help/"]


@pytest.mark.parametrize("name", ["favicon.ico", "apple-touch-icon.png"])
def test_what_browsers_ask_for_at_the_root_is_small_and_kept_for_a_week(name):
    response = Client().get(f"/{name}")

    body = b"".join(response.streaming_content)
    assert response.status_code == 200
    assert response["Content-Type"].startswith("image/")
    assert response["Cache-Control"] == "max-age=604800, public"
    assert not response.cookies
    assert len(body) < 6_000


def test_every_public_page_is_named_in_the_tests_of_public_pages(center):
    names = ["about", "help", "privacy", "accessibility", "directory"]

    assert {reverse(f"home:{name}") for name in names} <= set(PUBLIC)
