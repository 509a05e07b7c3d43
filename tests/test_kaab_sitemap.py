"""What search engines are told: where to look, where not, and nothing of a secret."""

import re
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from concerns.workflow import Level
from kaab import machines

from .factories import (
    POLICE,
    make_approved,
    make_category,
    make_center,
    make_concern,
    make_hidden_category,
    make_meeting,
    make_published_meeting,
    make_user,
)
from .test_kaab_home import PUBLIC, village_life

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cheap_codes")]

__all__ = ["village_life"]

SITE = settings.SITE_URL
NAMESPACES = {
    "map": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "xhtml": "http://www.w3.org/1999/xhtml",
}


def tree(path="/sitemap.xml"):
    response = Client().get(path)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/xml"
    # Our own file, made a line ago.
    return ElementTree.fromstring(response.content)  # noqa: S314


def listed(path="/sitemap.xml"):
    """Return the addresses that a site map names, without the site's own."""
    return [
        place.text.removeprefix(SITE)
        for place in tree(path).findall(".//map:loc", NAMESPACES)
    ]


def test_it_names_every_public_page_in_both_languages(village_life):
    found = listed()

    wanted = {path for path in PUBLIC if "/concerns/new/" not in path}
    assert wanted | {f"/ru{path}" for path in wanted} <= set(found)
    assert len(found) == len(set(found))


def test_every_address_of_it_opens(village_life):
    answers = {path: Client().get(path).status_code for path in listed()}

    assert set(answers.values()) == {200}


def test_each_page_is_named_with_what_it_is_in_the_other_language(village_life):
    page = next(
        url
        for url in tree().findall("map:url", NAMESPACES)
        if url.find("map:loc", NAMESPACES).text == f"{SITE}/ru/mirmakhmudov/"
    )

    assert {
        link.get("hreflang"): link.get("href")
        for link in page.findall("xhtml:link", NAMESPACES)
    } == {
        "ky": f"{SITE}/mirmakhmudov/",
        "ru": f"{SITE}/ru/mirmakhmudov/",
        "x-default": f"{SITE}/mirmakhmudov/",
    }


@pytest.mark.parametrize("query", ["", "?center=mirmakhmudov"])
def test_it_names_nothing_that_is_not_public(query, center):
    secrets = [
        make_concern(center),
        make_concern(center, make_category(Level.CONFIDENTIAL)),
        make_concern(center, make_hidden_category(POLICE)),
        make_approved(center, make_category(Level.RESTRICTED)),
        make_approved(center, published_at=None),
        make_meeting(center),
        make_published_meeting(center, is_open=False),
    ]

    said = " ".join(listed(f"/sitemap.xml{query}"))

    assert [one for one in secrets if one.reference in said] == []


def test_what_is_taken_back_is_gone_from_it_at_the_next_request(center):
    concern = make_approved(center)
    assert concern.get_absolute_url() in listed()

    type(concern).objects.update(published_at=None)

    assert concern.get_absolute_url() not in listed()


def test_it_asks_as_much_for_many_pages_as_for_one_and_counts_nothing(village_life):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            tree()
        assert not [q for q in queries if "COUNT(" in q["sql"].upper()]
        return len(queries)

    few, by = asked(), make_user()
    for _ in range(20):
        make_approved(village_life, by=by)
        make_published_meeting(village_life, by=by)
        make_center()

    assert asked() == few <= 3


def test_of_too_many_pages_each_centre_has_a_file_of_its_own(
    village_life, other_center, monkeypatch
):
    everything = set(listed())
    monkeypatch.setattr(machines, "LIMIT", 15)

    files = listed()

    assert files == [
        "/sitemap.xml?center=",
        "/sitemap.xml?center=aral",
        "/sitemap.xml?center=mirmakhmudov",
    ]
    assert {path for file in files for path in listed(file)} == everything


def test_a_file_never_names_more_than_it_may(village_life, monkeypatch):
    for _ in range(5):
        make_approved(village_life)
    monkeypatch.setattr(machines, "LIMIT", 4)

    assert len(listed("/sitemap.xml?center=mirmakhmudov")) == 4 * 2


@pytest.mark.parametrize("slug", ["nowhere", "%00", "mirmakhmudov%00", "' OR 1"])
def test_a_centre_that_is_none_has_no_file(slug):
    assert Client().get(f"/sitemap.xml?center={slug}").status_code == 404


# What robots are kept from


@pytest.fixture
def rules():
    return Client().get("/robots.txt").content.decode()


def test_robots_are_shown_the_map(rules):
    assert f"Sitemap: {SITE}/sitemap.xml" in rules


@pytest.mark.parametrize(
    "path",
    [
        "/desk/",
        "/desk/concerns/",
        "/account/2fa/",
        "/admin/",
        "/follow/",
        "/follow/concern/",
        "/login/",
        "/mirmakhmudov/concerns/new/",
        "/mirmakhmudov/concerns/new/street_lighting/",
    ],
)
@pytest.mark.parametrize("prefix", ["", "/ru"])
def test_robots_are_kept_from_what_is_no_ones_business(path, prefix, rules):
    assert is_refused(prefix + path, rules)


def test_robots_may_read_what_the_map_names(rules, village_life):
    assert [path for path in listed() if is_refused(path, rules)] == []


def is_refused(path, rules):
    """Read the rules as RFC 9309 says: from the beginning, a star being anything."""
    patterns = re.findall("Disallow: (.*)", rules)
    return any(
        re.match(re.escape(pattern).replace(r"\*", ".*"), path) for pattern in patterns
    )
