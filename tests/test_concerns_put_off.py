"""A public text that comes later, and what is kept of each."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from centers.models import JournalEntry
from concerns import actions
from concerns.differences import differences
from concerns.models import Concern, PublicText
from concerns.workflow import Level

from .factories import (
    make_approved,
    make_category,
    make_concern,
    make_published_meeting,
    put_on_agenda,
    signed_in,
)
from .test_concerns_publication import (
    WORDS,
    approve,
    concern,
    errors_of,
    is_public,
    send,
)

__all__ = ["concern"]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cheap_codes")]


# Put off


def tomorrow():
    return timezone.localdate() + timedelta(days=1)


@pytest.mark.parametrize("page", ["", "publish/"])
def test_the_day_on_which_it_comes_ends_in_no_two_full_stops(concern, cholpon, page):
    send(cholpon, concern, publish_on=tomorrow().isoformat())
    path = f"/ru/desk/concerns/{concern.reference}/{page}"

    text = signed_in(cholpon).get(path).content.decode()

    assert "г. появится на сайте." in text
    assert "г.." not in text


def test_a_box_for_concerns_is_no_box_for_the_post():
    with translation.override("ru"):
        assert str(Concern.Channel.BOX.label) == "ящик для обращений"


PUBLIC_PLACES = [
    "/mirmakhmudov/",
    "/mirmakhmudov/concerns/",
    "/mirmakhmudov/concerns/?q=чырак",
    "/sitemap.xml",
    "/mirmakhmudov/meetings.ics",
]


def test_put_off_it_is_nowhere_until_its_day(concern, cholpon):
    meeting = make_published_meeting(concern.center)
    put_on_agenda(meeting, concern)

    send(cholpon, concern, publish_on=tomorrow())

    pages = [*PUBLIC_PLACES, meeting.get_absolute_url()]
    found = [
        path
        for path in pages
        if WORDS["title_ky"] in (page := Client().get(path).content.decode())
        or f"/concerns/{concern.reference}/" in page
    ]
    assert found == []
    assert Client().get(concern.get_absolute_url()).status_code == 404


def test_put_off_it_is_approved_for_the_members(concern, cholpon, nurlan):
    send(cholpon, concern, publish_on=tomorrow())

    assert Concern.objects.summarised_to(nurlan).filter(pk=concern.pk).exists()


def test_on_the_morning_of_its_day_it_is_there(concern, cholpon):
    send(cholpon, concern, publish_on=tomorrow())

    concern.refresh_from_db()
    local = timezone.localtime(concern.published_at)
    assert (local.date(), local.hour, local.minute) == (tomorrow(), 0, 0)
    Concern.objects.update(published_at=timezone.now())
    assert Client().get(concern.get_absolute_url()).status_code == 200


def test_the_desk_says_when_it_comes(concern, cholpon):
    send(cholpon, concern, publish_on=tomorrow())

    browser = signed_in(cholpon)
    said = "сайтка чыга турган күнү"
    for path in (
        reverse("desk:publish", args=[concern.reference]),
        concern.get_desk_url(),
    ):
        assert said in browser.get(path).content.decode()


def test_put_off_it_can_be_taken_back(concern, cholpon):
    send(cholpon, concern, publish_on=tomorrow())

    response = send(cholpon, concern, "unpublish")

    concern.refresh_from_db()
    assert response.status_code == 302
    assert (concern.published_at, concern.approved_at) == (None, None)


def test_put_off_it_can_be_brought_forward(concern, cholpon):
    send(cholpon, concern, publish_on=tomorrow())

    send(cholpon, concern, publish_on="")

    assert is_public(concern)


def test_what_is_on_the_site_is_not_put_off_any_more(concern, cholpon):
    send(cholpon, concern)

    response = send(cholpon, concern, publish_on=tomorrow())

    assert response.status_code == 302
    assert is_public(concern)


@pytest.mark.parametrize("days", [-1, 400])
def test_a_day_that_is_past_or_far_away_is_refused(days, concern, cholpon):
    day = timezone.localdate() + timedelta(days=days)

    response = send(cholpon, concern, publish_on=day)

    assert errors_of(response).keys() == {"publish_on"}


def test_today_is_at_once(concern, cholpon):
    send(cholpon, concern, publish_on=timezone.localdate())

    assert is_public(concern)


def test_a_restricted_one_is_asked_for_no_day(center, cholpon):
    concern = make_concern(center, make_category(Level.RESTRICTED))

    form = signed_in(cholpon).get(reverse("desk:publish", args=[concern.reference]))

    assert "publish_on" not in form.context["form"].fields


@pytest.mark.parametrize("level", [Level.RESTRICTED, Level.CONFIDENTIAL])
def test_put_off_and_raised_it_never_comes(level, concern, cholpon):
    send(cholpon, concern, publish_on=tomorrow())
    concern.refresh_from_db()

    actions.set_level(concern=concern, level=level, by=cholpon, version=concern.version)

    concern.refresh_from_db()
    assert concern.published_at is None


# Kept


def test_each_approved_text_is_kept_with_who_and_when(concern, cholpon, elmira):
    approve(concern, cholpon)
    approve(concern, elmira, title_ky="Чырак күйдү")

    kept = concern.public_texts.values_list("number", "title_ky", "by")
    assert list(kept) == [
        (1, "Чырак күйбөйт", cholpon.pk),
        (2, "Чырак күйдү", elmira.pk),
    ]


def test_what_was_approved_before_texts_were_kept_is_kept_at_the_next(center, cholpon):
    concern = make_approved(center, title_ky="Мурунку")

    approve(concern, cholpon)

    assert list(concern.public_texts.values_list("number", "title_ky")) == [
        (1, "Мурунку"),
        (2, "Чырак күйбөйт"),
    ]


def test_a_second_press_keeps_no_second_text(concern, cholpon):
    version = concern.version
    send(cholpon, concern)

    response = send(cholpon, concern, version=version)

    assert response.status_code == 302
    assert PublicText.objects.count() == 1


def test_a_draft_saved_by_a_second_press_is_said_to_be_there(concern, cholpon):
    version = concern.version
    send(cholpon, concern, "save")

    assert send(cholpon, concern, "save", version=version).status_code == 302


@pytest.mark.parametrize("other", [{"title_ky": "Чырак"}, {"do": "save"}])
def test_what_is_not_the_same_is_no_second_press(other, concern, cholpon, elmira):
    """Nor are the same words where the last word was somebody else's."""
    version = concern.version
    send(cholpon, concern)

    response = send(cholpon, concern, version=version, **other)

    assert response.status_code == 409
    assert send(elmira, concern, version=version).status_code == 409


@pytest.mark.parametrize("typed", ["ы" * 121, "Башка аталыш"])
def test_taken_back_at_once_whatever_else_is_typed_and_that_is_kept(
    typed, concern, cholpon
):
    approve(concern, cholpon)

    response = send(cholpon, concern, "unpublish", title_ky=typed, publish_on="x")

    assert response.status_code == 200
    assert not is_public(concern)
    assert typed in response.content.decode()
    assert Concern.objects.get().title_ky == WORDS["title_ky"]
    # Sent again from there, it is no conflict.
    form = response.context["form"]
    assert form["version"].value() == Concern.objects.get().version


def test_taken_back_by_two_presses_it_is_taken_back(concern, cholpon):
    approve(concern, cholpon)
    version = Concern.objects.get().version

    send(cholpon, concern, "unpublish")
    second = send(cholpon, concern, "unpublish", version=version)

    assert second.status_code == 302
    assert concern.changes.filter(new="unpublished").count() == 1


def test_approved_anew_meanwhile_it_is_taken_back_by_nobody_who_has_not_seen_it(
    concern, cholpon, elmira
):
    approve(concern, cholpon)
    version = Concern.objects.get().version
    approve(concern, elmira, title_ky="Жаңы")

    response = send(cholpon, concern, "unpublish", version=version)

    assert response.status_code == 409
    assert is_public(concern)


def test_taken_back_its_texts_are_still_kept(concern, cholpon):
    approve(concern, cholpon)

    send(cholpon, concern, "unpublish")

    assert concern.public_texts.count() == 1


def test_a_text_is_shown_beside_the_one_before(concern, cholpon):
    approve(concern, cholpon)
    approve(concern, cholpon, title_ky="Чырак азыр күйөт")

    path = reverse("desk:public_text", args=[concern.reference, 2])
    html = signed_in(cholpon).get(path).content.decode()

    assert "Чырак <del>күйбөйт</del><ins>азыр күйөт</ins>" in html


def test_an_earlier_text_is_on_no_public_page(concern, cholpon):
    approve(concern, cholpon, title_ky="Илгерки сөз")
    approve(concern, cholpon)

    page = Client().get(concern.get_absolute_url()).content.decode()

    assert "Илгерки" not in page


def test_the_journal_says_which_text_was_published(concern, cholpon):
    approve(concern, cholpon)
    approve(concern, cholpon)

    entries = JournalEntry.objects.filter(subject=concern.reference, kind="published")
    assert [entry.detail["text"] for entry in entries.order_by("number")] == [1, 2]


@pytest.mark.parametrize(
    ("earlier", "later", "parts"),
    [
        ("", "", []),
        ("", "жаңы", [("new", "жаңы")]),
        ("эски", "", [("gone", "эски")]),
        ("бир эки", "бир эки", [("same", "бир эки")]),
        (
            "бир эки үч",
            "бир төрт үч",
            [("same", "бир "), ("gone", "эки "), ("new", "төрт "), ("same", "үч")],
        ),
    ],
)
def test_two_texts_differ_by_words(earlier, later, parts):
    assert list(differences(earlier, later)) == parts
