import pytest
from django.template import Context, Template
from django.utils.translation import override

from centers.collation import alphabetical
from centers.models import Center, Place

from .factories import make_place

pytestmark = pytest.mark.once

TEMPLATE = Template(
    "{% load centers %}{{ center|words:'name' }}|{{ center|paragraphs:'story' }}|"
    "{{ place|village }}"
)


def shown(language, center=None, place=None):
    with override(language):
        context = {"center": center or Center(), "place": place}
        return TEMPLATE.render(Context(context)).split("|")


def test_words_in_the_language_of_the_page_stand_as_they_are():
    name, _, _ = shown("ru", Center(name_ky="Борбор", name_ru="Центр"))

    assert name == "Центр"


@pytest.mark.parametrize(
    ("language", "other"), [("ky", "ru"), ("ru", "ky")], ids=["ky", "ru"]
)
def test_words_of_the_other_language_say_so(language, other):
    name, _, _ = shown(language, Center(**{f"name_{other}": "Центр"}))

    assert name == f'<span lang="{other}">Центр</span>'


def test_nothing_is_shown_where_nothing_was_written():
    assert shown("ky") == ["", "", ""]


def test_what_looks_like_a_tag_is_only_words():
    bad = "<script>"

    name, story, village = shown(
        "ky",
        Center(name_ru=bad, story_ru=bad),
        Place(name_ru=bad),
    )

    assert name == '<span lang="ru">&lt;script&gt;</span>'
    assert story.endswith('<p lang="ru">&lt;script&gt;</p>')
    assert village == '<span lang="ru">&lt;script&gt;</span> айылы'


def test_an_empty_line_parts_two_paragraphs():
    _, story, _ = shown("ky", Center(story_ky="Бир.\r\n\r\nЭки,\nүч.\n\n"))

    assert story == "<p>Бир.</p>\n<p>Эки,\nүч.</p>"


@pytest.mark.parametrize(
    ("language", "said"), [("ky", "Барын айылы"), ("ru", "село Барын")]
)
def test_a_village_is_called_as_its_people_call_it(language, said):
    place = Place(name_ky="Барын", name_ru="Барын")

    _, _, village = shown(language, place=place)

    assert village == said


@pytest.mark.django_db
@pytest.mark.parametrize("nothing", ["", None])
def test_a_place_without_a_name_here_stands_under_the_one_that_is_shown(nothing):
    for name_ky, name_ru in [("Арал", "Арал"), ("Барын", nothing), ("Жээк", "Берег")]:
        make_place(name_ky=name_ky, name_ru=name_ru)

    with override("ru"):
        names = [place.name for place in Place.objects.order_by(alphabetical())]

    assert names == ["Арал", "Барын", "Берег"]
