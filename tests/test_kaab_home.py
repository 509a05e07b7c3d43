"""The doors of the portal, and the headers of every public page."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.core.cache import caches
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from concerns.workflow import Level, Status

from .factories import (
    SUPPORTER,
    make_approved,
    make_category,
    make_center,
    make_concern,
    make_meeting,
    make_place,
    make_published_meeting,
    partner_of,
    signed_in,
)

pytestmark = pytest.mark.django_db

PUBLIC = [
    "/",
    "/about/",
    "/help/",
    "/help/council/",
    "/privacy/",
    "/accessibility/",
    "/mirmakhmudov/",
    "/mirmakhmudov/concerns/",
    "/mirmakhmudov/concerns/new/",
    "/mirmakhmudov/concerns/11111111/",
    "/mirmakhmudov/meetings/",
    "/mirmakhmudov/meetings/22222222/",
]
in_both_languages = pytest.mark.parametrize(
    "path", PUBLIC + [f"/ru{path}" for path in PUBLIC]
)


def every_public_page(test):
    return pytest.mark.once(in_both_languages(test))


@pytest.fixture
def village_life(center, other_center):
    """A centre with something on each of its public pages."""
    make_approved(center, reference="11111111")
    make_published_meeting(center, reference="22222222")
    return center


def read(path, client=None):
    response = (client or Client()).get(path)
    assert response.status_code == 200
    return response.content.decode()


# The directory


def test_the_one_centre_is_the_home_page(center):
    page = read("/")

    assert "Мирмахмудов" in page
    assert reverse("concerns:choose", args=[center.slug]) in page


def test_of_several_centres_one_finds_ones_own_by_its_villages(center, other_center):
    page = read("/")

    assert center.get_absolute_url() in page
    assert other_center.get_absolute_url() in page
    assert center.villages.get().name in page


def test_the_home_page_stands_before_any_centre_is_opened():
    assert "Борбор" in read("/")


@pytest.fixture
def many_centers():
    oblast = make_place("oblast", name_ky="Ош облусу", name_ru="Ошская область")
    district = make_place("raion", parent=oblast, code="41706242000000")
    centers = [make_center() for _ in range(31)]
    for center in centers:
        center.aimak.parent = district
        center.aimak.save()
    centers[30].villages.add(make_place(name_ky="Кара-Көктү", name_ru="Кара-Кокту"))
    return centers


def centers_on(page):
    return set(re.findall(r'href="(/center-\d+/)"', page))


def test_many_centres_are_found_by_district(many_centers):
    page = read("/")

    assert centers_on(page) == set()
    assert "Ош облусу" in page
    assert len(centers_on(read("/?in=41706242000000"))) == 31


@pytest.mark.parametrize("query", ["Кара-Көктү", "кара-кокту", "КӨКТҮ", "  кокту "])
def test_a_village_is_found_however_it_is_typed(query, many_centers):
    page = read(f"/?q={query}")

    assert centers_on(page) == {many_centers[30].get_absolute_url()}


@pytest.mark.parametrize("query", ["Ноокат", "ноокат", "Nookat"])
def test_of_a_few_centres_too_one_is_found_by_its_district(query, center, other_center):
    raion = make_place("raion", name_ky="Ноокат району", name_ru="Ноокатский район")
    center.aimak.parent = raion
    center.aimak.save()

    page = read(f"/?q={query}")

    assert f'href="{center.get_absolute_url()}"' in page
    assert f'href="{other_center.get_absolute_url()}"' not in page


def test_a_village_that_is_not_there_is_said_not_to_be(many_centers):
    page = read("/?q=Атлантида")

    assert centers_on(page) == set()
    assert 'role="status"' in page


# A centre


def test_a_centre_shows_what_it_solved(center):
    concern = make_approved(
        center, status=Status.CLOSED, resolved_at=timezone.now(), title_ky="Чырак күйдү"
    )

    page = read(center.get_absolute_url())

    assert "Чырак күйдү" in page
    assert concern.get_absolute_url() in page


def test_a_centre_shows_its_next_open_meeting_and_no_other(center):
    soon = make_published_meeting(center, venue_ky="Клуб")
    make_published_meeting(
        center, venue_ky="Мектеп", starts_at=timezone.now() + timedelta(days=9)
    )
    make_published_meeting(center, venue_ky="Кабинет", is_open=False)
    make_meeting(center, venue_ky="Долбоор")

    page = read(center.get_absolute_url())

    assert soon.get_absolute_url() in page
    assert "Клуб" in page
    assert not re.search("Мектеп|Кабинет|Долбоор", page)


def test_a_centre_thanks_its_supporters(center):
    supporter = partner_of(center, SUPPORTER)
    supporter.name_ky = "Saferworld"
    supporter.save()

    assert "Saferworld" in read(center.get_absolute_url())


def test_a_centre_names_its_villages_and_hours(center):
    center.hours_ky = "Дүйшөмбү–жума, 9–17"
    center.save()

    page = read(center.get_absolute_url())

    assert center.villages.get().name_ky in page
    assert "Дүйшөмбү–жума, 9–17" in page


def test_what_stands_in_one_language_only_says_which(center):
    center.hours_ky, center.hours_ru = "Дүйшөмбү–жума", ""
    center.save()

    page = read("/ru/mirmakhmudov/")

    assert re.search(r'lang="ky"[^>]*>Дүйшөмбү–жума', page)


def test_every_page_of_a_demo_says_that_its_data_are_invented(center):
    assert 'class="demo"' not in read("/mirmakhmudov/")

    center.is_demo = True
    center.save()

    assert 'class="demo"' in read("/mirmakhmudov/")


# Languages


@every_public_page
def test_every_page_leads_to_itself_in_the_other_language(path, village_life):
    page = read(path)
    unprefixed = path.removeprefix("/ru")

    assert f'href="{unprefixed}" lang="ky"' in page
    assert f'href="/ru{unprefixed}" lang="ru"' in page


@every_public_page
def test_every_page_names_its_language(path, village_life):
    language = "ru" if path.startswith("/ru/") else "ky"

    assert f'<html lang="{language}">' in read(path)


def test_the_language_of_the_browser_changes_nothing(village_life):
    russian = Client(headers={"accept-language": "ru"})

    assert read("/help/", russian) == read("/help/")


@pytest.mark.parametrize("prefix", ["ky", "kg"])
@pytest.mark.parametrize("rest", ["", "help/", "mirmakhmudov/concerns/"])
def test_who_types_the_language_before_the_address_gets_there(prefix, rest, center):
    response = Client().get(f"/{prefix}/{rest}")

    assert response["Location"] == f"/{rest}"


@pytest.mark.parametrize(
    "rest", ["/evil.example", "//evil.example/", "%2Fevil.example"]
)
def test_no_address_of_ours_leads_to_another_site(rest, db):
    response = Client().get(f"/ky/{rest}")

    assert urlsplit(response["Location"]).netloc == ""
    assert not response["Location"].startswith("//")


# What a public page carries


@every_public_page
def test_a_public_page_sets_no_cookie_and_may_be_kept_a_while(path, village_life):
    response = Client().get(path)

    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")
    directives = set(response["Cache-Control"].split(", "))
    assert directives == {"public", "max-age=30"}


@pytest.fixture
def copies(settings):
    """Keep copies of public pages, as the portal does when it is served."""
    copies = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    settings.CACHES = settings.CACHES | {"pages": copies}
    yield
    caches["pages"].clear()


def test_guests_get_a_copy_without_a_question_to_the_database(
    copies, village_life, django_assert_num_queries
):
    for language in ("", "/ru"):
        path = f"{language}/mirmakhmudov/concerns/"
        first = read(path)

        with django_assert_num_queries(0):
            assert read(path) == first


def test_staff_see_at_once_what_they_published(copies, village_life, cholpon):
    path = "/mirmakhmudov/concerns/"
    read(path)

    concern = make_approved(village_life)

    assert concern.title_ky not in read(path)
    assert concern.title_ky in read(path, signed_in(cholpon))


@every_public_page
def test_a_public_page_is_not_sent_again_to_who_has_it(path, village_life):
    first = Client().get(path)

    second = Client().get(path, headers={"if-none-match": first["ETag"]})

    assert second.status_code == 304
    assert second.content == b""


@every_public_page
@pytest.mark.parametrize("who", ["cholpon", "daniyar"])
def test_a_public_page_is_the_same_to_everyone(path, who, village_life, request):
    browser = signed_in(request.getfixturevalue(who))

    assert browser.get(path).content == Client().get(path).content


@every_public_page
def test_a_public_page_may_load_nothing_and_be_framed_by_nobody(path, village_life):
    response = Client().get(path)

    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "base-uri 'none'" in policy
    assert "unsafe" not in policy
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"


@every_public_page
def test_a_public_page_asks_for_nothing_but_itself(path, village_life):
    page = read(path)

    assert not re.search(r"<script|<link[^>]+stylesheet|<img|<iframe|@import", page)
    assert not re.search(r'(?:src|action)="(?:https?:)?//', page)
    assert " style=" not in page


@every_public_page
def test_a_public_page_names_the_emergency_numbers(path, village_life):
    page = read(path)

    assert all(f'href="tel:{number}"' in page for number in (101, 102, 103, 112))


@every_public_page
def test_a_head_request_is_answered_as_its_page_without_a_body(path, village_life):
    response = Client().head(path)

    assert response.status_code == 200
    assert response.content == b""


def test_the_machine_is_told_that_the_portal_lives_and_is_ready():
    assert read("/healthz") == "ok"
    assert read("/readyz").startswith("ok\n")


# Unpublishing works


def test_what_is_taken_back_is_gone_at_the_next_request(center):
    concern = make_approved(center)
    etag = Client().get(concern.get_absolute_url())["ETag"]
    type(concern).objects.update(published_at=None)

    response = Client().get(concern.get_absolute_url(), headers={"if-none-match": etag})

    assert response.status_code == 404


def test_what_is_never_published_stands_on_no_public_page(village_life):
    make_concern(
        village_life,
        make_category(Level.CONFIDENTIAL),
        text="Жашыруун сөз",
        status=Status.RESOLVED,
        resolved_at=timezone.now(),
    )

    pages = "".join(read(path) for path in PUBLIC)

    assert "Жашыруун сөз" not in pages


@pytest.mark.parametrize("page", ["concerns", "meetings"])
def test_behind_the_last_page_there_is_none(page, village_life):
    path = f"/mirmakhmudov/{page}/"

    assert Client().get(path).status_code == 200
    assert Client().get(f"{path}?page=2").status_code == 404


def test_a_place_is_found_however_its_parts_are_joined(village_life):
    village = make_place(name_ky="Көгүчкөн-Булак", name_ru="Кёгючкён-Булак")
    village_life.villages.add(village)

    assert "Мирмахмудов" in read("/?q=көгүчкөн булак")


def test_what_was_solved_but_not_published_is_not_on_the_centres_page(center):
    solved = {"status": Status.CLOSED, "resolved_at": timezone.now()}
    published = make_approved(center, **solved)
    restricted = make_approved(center, make_category(Level.RESTRICTED), **solved)
    unwritten = make_concern(center, **solved)

    page = read(center.get_absolute_url())

    assert published.reference in page
    assert restricted.reference not in page
    assert unwritten.reference not in page
