"""Known already? What is in work is shown first, and "it worries me too" is counted."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from concerns.models import Category, Concern
from concerns.workflow import Level, Status

from .factories import (
    make_approved,
    make_category,
    make_concern,
    make_place,
    signed_in,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cheap_codes")]

BUTTON = "Мени да тынчсыздандырат"
S = Status


@pytest.fixture
def category():
    return make_category(code="lighting")


@pytest.fixture
def concern(center, category):
    return make_approved(center, category, village=center.villages.get())


def path_of(center, query=""):
    return f"/{center.slug}/concerns/new/lighting/{query}"


def is_form(response):
    assert response.status_code == 200
    return 'id="filing"' in response.content.decode()


def press(concern, browser=None, **extra):
    browser = browser or Client()
    return browser.post(concern.get_absolute_url() + "support/", **extra)


def number(concern):
    return Concern.objects.get(pk=concern.pk).supporters


# Shown first


def test_what_is_in_work_is_shown_before_the_form(center, concern, aida):
    response = aida.get(path_of(center))

    page = response.content.decode()
    assert not is_form(response)
    assert concern.title_ky in page
    assert concern.get_absolute_url() in page
    assert BUTTON in page


def test_none_of_these_leads_to_the_form(center, concern, aida):
    assert is_form(aida.get(path_of(center, "?new")))


def test_where_nothing_is_known_the_form_comes_at_once(center, category, aida):
    assert is_form(aida.get(path_of(center)))


@pytest.mark.parametrize(
    "make",
    [
        lambda center, category: make_approved(center, category, status=S.CLOSED),
        lambda center, category: make_concern(center, category),
        lambda center, category: make_approved(center, make_category()),
        lambda center, category: make_approved(None, category),
        lambda center, category: make_approved(
            center, category, level=Level.RESTRICTED
        ),
    ],
    ids=["ended", "unpublished", "another category", "elsewhere", "restricted"],
)
def test_what_is_not_open_and_public_here_is_not_shown(make, center, category, aida):
    make(center, category)

    assert is_form(aida.get(path_of(center)))


def test_the_newest_ten_are_shown(center, category, aida):
    now = timezone.now()
    for days in range(12):
        make_approved(
            center,
            category,
            title_ky=f"Чырак-{days:02}",
            published_at=now - timedelta(days=days),
        )

    page = aida.get(path_of(center)).content.decode()

    shown = [f"Чырак-{days:02}" for days in range(12) if f"Чырак-{days:02}" in page]
    assert shown == [f"Чырак-{days:02}" for days in range(10)]
    assert page.index("Чырак-00") < page.index("Чырак-09")


def test_a_village_narrows_them_and_comes_along_into_the_form(center, concern, aida):
    other = make_place(parent=center.aimak)
    center.villages.add(other)
    code = concern.village.code

    page = aida.get(path_of(center, f"?village={code}")).content.decode()
    assert concern.title_ky in page
    assert f"?new&amp;village={code}" in page

    for query in (f"?new&village={other.code}", f"?village={other.code}"):
        form = aida.get(path_of(center, query))
        assert is_form(form)
        assert f'value="{other.code}" selected' in form.content.decode()


@pytest.mark.parametrize("village", ["nowhere", "%00", "1" * 300])
def test_a_village_that_is_none_hides_nothing(village, center, concern, aida):
    page = aida.get(path_of(center, f"?village={village}")).content.decode()

    assert concern.title_ky in page


def test_the_page_sets_no_cookie(center, concern, aida):
    assert not aida.get(path_of(center)).cookies


def test_the_words_are_never_on_it(center, category, aida):
    make_approved(center, category, text="Купуя сөз")

    assert "Купуя сөз" not in aida.get(path_of(center)).content.decode()


# Counted


def test_a_press_is_counted_once_a_browser(concern, aida):
    first, second = press(concern, aida), press(concern, aida)

    assert number(concern) == 1
    assert "Эсепке алынды" in first.content.decode()
    assert first.content == second.content


def test_another_browser_is_another_person(concern):
    press(concern)
    press(concern)

    assert number(concern) == 2


def test_one_network_is_not_a_whole_village_in_a_day(concern):
    for _ in range(25):
        press(concern)

    assert number(concern) == 20


def test_a_press_leaves_a_cookie_that_dies_with_the_browser(concern, aida):
    press(concern, aida)

    assert {cookie["max-age"] for cookie in aida.cookies.values()} == {""}


def test_a_press_needs_no_token_and_comes_from_here(concern):
    strict = Client(enforce_csrf_checks=True)

    assert press(concern, strict).status_code == 200
    foreign = press(concern, headers={"origin": "https://evil.example"})
    assert foreign.status_code == 403
    assert number(concern) == 1


def test_a_press_outdates_nobodys_form(concern):
    press(concern)

    assert Concern.objects.get(pk=concern.pk).version == concern.version


def not_to_be_supported(center):
    quiet = make_category(may_be_supported=False)
    return {
        "ended": make_approved(center, status=S.CLOSED),
        "not published": make_concern(center),
        "confidential": make_concern(center, make_category(Level.CONFIDENTIAL)),
        "restricted": make_approved(center, make_category(Level.RESTRICTED)),
        "of a category that none supports": make_approved(center, quiet),
    }


@pytest.mark.parametrize(
    "name",
    [
        *("ended", "not published", "confidential", "restricted"),
        "of a category that none supports",
    ],
)
def test_nothing_else_is_counted(name, center):
    concern = not_to_be_supported(center)[name]

    assert press(concern).status_code == 404
    assert number(concern) == 0


def test_its_page_has_no_button_where_none_is_counted(center, aida):
    concern = not_to_be_supported(center)["of a category that none supports"]

    assert BUTTON not in aida.get(concern.get_absolute_url()).content.decode()


@pytest.mark.parametrize("level", [Level.RESTRICTED, Level.CONFIDENTIAL])
def test_the_database_lets_only_public_categories_be_supported(level):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_category(level, may_be_supported=True)


@pytest.mark.once
def test_of_the_real_categories_none_that_divides_people_is_supported():
    call_command("load_reference", verbosity=0)

    from_file = Category.objects.filter(may_be_supported=True)
    assert set(from_file.values_list("level", flat=True)) == {Level.PUBLIC}
    assert not from_file.filter(
        code__in=["interethnic", "religious_dispute", "border", "extremism"]
    )


# Shown


@pytest.mark.parametrize(
    ("supporters", "is_shown"), [(0, False), (4, False), (5, True)]
)
def test_everyone_reads_the_number_from_five_on(
    supporters, is_shown, center, concern, aida
):
    Concern.objects.update(supporters=supporters)

    for path in (concern.get_absolute_url(), path_of(center)):
        page = aida.get(path).content.decode()
        assert ("Колдогондор" in page) == is_shown
        assert (f"Колдогондор: {supporters}" in page) == is_shown


@pytest.mark.parametrize("supporters", [0, 1, 7])
def test_the_staff_always_read_it(supporters, concern, cholpon):
    Concern.objects.update(supporters=supporters)

    page = signed_in(cholpon).get(concern.get_desk_url()).content.decode()

    assert f"<dd>{supporters}</dd>" in page


def test_a_public_page_with_the_button_is_the_same_for_everyone(concern):
    browser = Client()
    press(concern, browser)

    pages = [
        Client().get(concern.get_absolute_url()),
        browser.get(concern.get_absolute_url()),
    ]

    assert pages[0].content == pages[1].content
    assert not pages[0].cookies
    assert "csrfmiddlewaretoken" not in pages[0].content.decode()


def test_opening_the_buttons_address_leads_to_the_concern(concern, aida):
    response = aida.get(concern.get_absolute_url() + "support/")

    assert response["Location"] == concern.get_absolute_url()
    assert number(concern) == 0
