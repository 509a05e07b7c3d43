"""The poster: read with a reader that is not ours, by its letters and its picture."""

import io
import re

import pytest
from django.urls import reverse
from pypdf import PdfReader

from centers import poster
from centers.models import DutyNumber

from . import papers
from .factories import make_center, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.once]

# Points: A4 and A5 as their standard gives them in millimetres.
SIZES = {"a4": (595, 842), "a5": (420, 595)}
LETTERS = "ңҢөӨүҮ"


@pytest.fixture
def center(settings):
    settings.SITE_URL = "https://portal.example.org"
    center = make_center(
        slug="mirmakhmudov",
        name_ky="ӨҢҮР өзөн өңүр борбору",
        name_ru="Центр Мирмахмудов, ОПЦ",
    )
    DutyNumber.objects.create(
        center=center,
        number="0770 080 050",
        name_ky="Айыл өкмөтү",
        name_ru="Айыл окмоту",
        checked_on="2026-11-01",
    )
    return center


def page_of(center, size="a4"):
    [page] = PdfReader(io.BytesIO(poster.poster(center, size))).pages
    return page


def fonts_of(page):
    return [font.get_object() for font in page["/Resources"]["/Font"].values()]


def test_a_centre_without_a_name_in_one_language_has_one_too(center):
    center.name_ru = ""
    center.save()

    assert "ӨҢҮР" in page_of(center).extract_text()


@pytest.mark.parametrize("size", SIZES)
def test_it_is_one_page_of_its_size(size, center):
    page = page_of(center, size)

    assert (round(page.mediabox.width), round(page.mediabox.height)) == SIZES[size]


@pytest.mark.parametrize("size", SIZES)
def test_one_family_of_letters_stands_in_the_file(size, center):
    fonts = fonts_of(page_of(center, size))

    names = {re.sub(r"^/[A-Z]{6}\+", "", font["/BaseFont"]) for font in fonts}
    assert {name.partition("-")[0] for name in names} == {"DejaVuSans"}
    assert all("/FontFile2" in font["/FontDescriptor"] for font in fonts)


@pytest.mark.parametrize("size", SIZES)
def test_every_letter_can_be_read_out_of_it(size, center):
    text = " ".join(page_of(center, size).extract_text().split())

    assert all(letter in text for letter in LETTERS)
    for words in (
        center.name_ky,
        center.name_ru,
        "Айыл өкмөтү",
        "0770 080 050",
        "portal.example.org/mirmakhmudov",
        *("102", "103", "101", "112"),
    ):
        assert words in text


def modules_of(page):
    """Return the black squares that are drawn, as rows and columns of the code."""
    content = page.get_contents().get_data().decode("latin-1")
    squares = [
        tuple(map(float, match))
        for match in re.findall(
            r"(?:n )?([\d.]+) ([\d.]+) ([\d.]+) ([\d.]+) re f", content
        )
    ]
    side = squares[0][2]
    left = min(x for x, _y, _w, _h in squares)
    top = max(y for _x, y, _w, _h in squares)
    return {(round((top - y) / side), round((x - left) / side)) for x, y, *_ in squares}


def test_the_code_that_is_drawn_says_the_centres_address(center):
    rows = poster.code_of("https://portal.example.org/mirmakhmudov/")

    assert modules_of(page_of(center)) == {
        (row, column)
        for row, modules in enumerate(rows)
        for column, is_black in enumerate(modules)
        if is_black
    }


def test_nothing_on_it_has_a_colour(center):
    content = page_of(center).get_contents().get_data().decode("latin-1")

    colours = re.findall(r"([\d.]+) ([\d.]+) ([\d.]+) (?:rg|RG)\b", content)
    assert {tuple(map(float, colour)) for colour in colours} <= {(0, 0, 0)}


def test_a_centre_with_long_names_and_many_numbers_stays_on_its_page(center):
    center.name_ky = center.name_ru = "Өзгөрүү " * 24
    for place in range(6):
        DutyNumber.objects.create(
            center=center,
            number=f"0770 080 05{place}",
            name_ky="Милициянын участкалык ыкчам кызматкери " * 3,
            name_ru="Участковый инспектор милиции " * 3,
            checked_on="2026-11-01",
            order=place,
        )

    sheet = poster.Sheet(poster.Canvas(io.BytesIO()), center)
    sheet.draw()

    assert sheet.y > poster.MARGIN / 2


def test_one_long_word_is_no_wider_than_the_page(center):
    center.name_ky = "Ө" * 120

    text = page_of(center).extract_text()

    assert "Ө" * 120 in text


def test_the_same_poster_is_the_same_file(center):
    assert poster.poster(center, "a4") == poster.poster(center, "a4")


@pytest.mark.parametrize("who", ["cholpon", "bakyt", "nurlan", "olga"])
@pytest.mark.parametrize("size", SIZES)
def test_whoever_serves_the_centre_prints_it(who, size, center, request):
    user = request.getfixturevalue(who)

    response = signed_in(user).get(reverse(f"desk:poster_{size}", args=[center.slug]))

    assert response["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF-")


def test_the_page_shows_the_address_and_both_sizes(center, cholpon):
    html = signed_in(cholpon).get(reverse("desk:poster", args=[center.slug]))

    text = html.content.decode()
    assert "https://portal.example.org/mirmakhmudov/" in text
    assert all(
        reverse(f"desk:poster_{size}", args=[center.slug]) in text for size in SIZES
    )


@pytest.mark.paper
@pytest.mark.once
@pytest.mark.parametrize("size", SIZES)
def test_another_reader_finds_each_of_its_letters_in_the_file(size, center):
    content = poster.poster(center, size)

    fonts = papers.fonts_of(content)
    assert fonts
    assert all(font.is_embedded and font.is_readable for font in fonts)
    assert "ӨҢҮР өзөн өңүр борбору" in papers.text_of(content)
