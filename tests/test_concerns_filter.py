from datetime import datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from concerns.forms import ConcernFilterForm
from concerns.models import Concern
from concerns.workflow import Level, Status

from .factories import make_approved, make_category, make_center, make_concern

pytestmark = pytest.mark.django_db


@pytest.fixture
def center():
    return make_center()


def found(center, **wanted):
    form = ConcernFilterForm(wanted, center=center)
    return set(form.apply(Concern.objects.public().filter(center=center)))


def test_without_a_wish_everything_is_found(center):
    concern = make_approved(center)

    assert found(center) == {concern}


def test_the_public_page_lists_what_was_published_and_no_more(center, client):
    concern = make_approved(center)
    make_approved(center, make_category(Level.RESTRICTED))
    make_approved(center, published_at=None)
    make_approved(center, published_at=timezone.now() + timedelta(days=1))
    make_concern(center)

    page = client.get(reverse("concerns:list", args=[center.slug]))

    assert page.context["concerns"] == [concern]


@pytest.mark.parametrize("typed", ["көчө жарыгы", "КОЧО", "  жарыгы "])
def test_words_are_found_however_they_are_typed(typed, center):
    concern = make_approved(center, title_ky="Мектептин жанында көчө жарыгы жок")
    make_approved(center)

    assert found(center, q=typed) == {concern}


def test_each_wish_narrows_what_is_found(center):
    village = center.villages.get()
    lights = make_category()
    concern = make_approved(center, lights, village=village, status=Status.RESOLVED)
    make_approved(center, lights, village=village)
    make_approved(center, lights, status=Status.RESOLVED)
    make_approved(center, village=village, status=Status.RESOLVED)

    wanted = {"category": lights.code, "village": village.code, "status": "resolved"}
    assert found(center, **wanted) == {concern}


def test_a_month_is_that_of_bishkek(center):
    first = timezone.make_aware(datetime(timezone.localdate().year, 1, 1))
    this_year = make_approved(center, published_at=first)
    make_approved(center, published_at=first - timedelta(seconds=1))

    month = f"{first.year}-01"
    assert found(center, month=month) == {this_year}


@pytest.mark.parametrize(
    "wish",
    [{"month": "2026-13"}, {"category": "secret"}, {"village": "0"}, {"status": "x"}],
    ids=lambda wish: next(iter(wish)),
)
def test_a_wish_that_cannot_be_is_told_and_hides_nothing(wish, center, client):
    concern = make_approved(center)

    page = client.get(f"/{center.slug}/concerns/", wish)

    assert page.status_code == 200
    assert page.context["form"].errors
    assert page.context["concerns"] == [concern]


def test_a_hidden_category_is_not_among_the_wishes(center):
    make_category("confidential", code="secret")

    form = ConcernFilterForm(center=center)

    assert not form.fields["category"].queryset.filter(code="secret")


def test_the_next_page_keeps_the_wishes(center, client):
    lights = make_category()
    for _ in range(21):
        make_approved(center, lights)

    page = client.get(f"/{center.slug}/concerns/", {"category": lights.code})

    assert f"?category={lights.code}&amp;page=2" in page.content.decode()


def test_who_finds_nothing_is_shown_the_way_back(center, client):
    make_approved(center)

    page = client.get(f"/{center.slug}/concerns/", {"q": "жок нерсе"})

    assert page.context["concerns"] == []
    assert f'<a href="/{center.slug}/concerns/">' in page.content.decode()


@pytest.mark.parametrize("number", [1, 20])
def test_a_list_asks_four_things_however_long(
    number, center, client, django_assert_num_queries
):
    for _ in range(number):
        make_approved(center, village=center.villages.get())

    # The centre, the choices of the two lists, the concerns.
    with django_assert_num_queries(4):
        client.get(f"/{center.slug}/concerns/")


def test_a_list_leaves_the_residents_words_in_the_database(
    center, client, django_assert_num_queries
):
    make_approved(center)

    with django_assert_num_queries(4) as asked:
        client.get(f"/{center.slug}/concerns/")

    assert not [query for query in asked if '"concerns_concern"."text"' in query["sql"]]
