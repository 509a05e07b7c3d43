"""A letter that says only that there is news: to whom, when, and never more."""

import re

import pytest
from django.test import Client

from concerns import actions, codes
from concerns.models import Concern, NewsAddress
from concerns.workflow import Status

from .factories import (
    make_approved,
    make_category,
    make_center,
    make_concern,
    signed_in,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cheap_codes")]

NEWS, CONCERN = "/follow/concern/news/", "/follow/concern/"
EMAIL = "aida@example.org"
S = Status


@pytest.fixture
def concern(center):
    return make_concern(center, status=S.IN_PROGRESS, text="Купуя сөз")


@pytest.fixture
def letters(mailoutbox, django_capture_on_commit_callbacks):
    def letters(act, **kwargs):
        mailoutbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            act(**kwargs)
        return list(mailoutbox)

    return letters


def wants_news(client, concern, email=EMAIL):
    client.post("/follow/", {"c": concern.code})
    return client.post(NEWS, {"news-email": email})


def write(letters, concern, by, text="Жооп"):
    concern.refresh_from_db()
    return letters(
        actions.send_message,
        concern=concern,
        text=text,
        by=by,
        version=concern.version,
    )


def test_a_message_of_the_staff_is_told(concern, cholpon, aida, letters):
    wants_news(aida, concern)

    [letter] = write(letters, concern, cholpon)

    assert letter.to == [EMAIL]
    assert letter.subject == "Жаңылык бар"


def test_the_letter_says_that_there_is_news_and_nothing_else(
    concern, cholpon, aida, letters, settings
):
    settings.NEWS_FROM = "info@example.kg"
    wants_news(aida, concern)

    [letter] = write(letters, concern, cholpon, text="Жооп сөзү")

    said = str(letter.message()) + letter.subject + letter.body
    assert letter.from_email == "info@example.kg"
    for secret in (
        *("Жооп сөзү", "Купуя", concern.code, concern.number, concern.reference),
        *(concern.center.name, concern.center.slug, concern.category.code),
        *(concern.category.name, "КААБ", "милиция", cholpon.full_name),
    ):
        assert secret not in said


def test_the_letter_is_in_the_language_of_the_concern(center, cholpon, aida, letters):
    concern = make_concern(center, status=S.IN_PROGRESS, language="ru")
    wants_news(aida, concern)

    [letter] = write(letters, concern, cholpon)

    assert letter.subject == "Есть новость"
    assert "/ru/follow/news/" in letter.body


def test_a_move_of_the_staff_is_told(concern, cholpon, aida, letters):
    wants_news(aida, concern)

    sent = letters(
        actions.move,
        concern=concern,
        target=S.RESOLVED,
        note="Жасалды.",
        by=cholpon,
        version=0,
    )

    assert len(sent) == 1


def test_what_she_does_herself_is_no_news_to_her(concern, aida, letters):
    wants_news(aida, concern)

    assert letters(actions.answer, concern=concern, text="Салам") == []


def test_there_is_one_letter_until_she_has_looked(concern, cholpon, aida, letters):
    wants_news(aida, concern)

    assert len(write(letters, concern, cholpon, "Бир")) == 1
    assert write(letters, concern, cholpon, "Эки") == []
    aida.get(CONCERN)
    assert len(write(letters, concern, cholpon, "Үч")) == 1


def test_nobody_is_told_who_left_no_address(concern, cholpon, letters):
    assert write(letters, concern, cholpon) == []


def test_a_letter_that_cannot_go_out_undoes_nothing(
    concern, cholpon, aida, settings, letters
):
    wants_news(aida, concern)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_PORT = 1

    write(letters, concern, cholpon)

    assert concern.messages.count() == 1


# The address


@pytest.mark.parametrize("email", ["", "aida", "a@b", "x" * 300 + "@example.org"])
def test_what_is_no_address_is_said_beside_the_field_and_kept(email, concern, aida):
    response = wants_news(aida, concern, email)

    assert response.status_code == 422
    assert set(response.context["news_form"].errors) == {"email"}
    assert f'value="{email}"' in response.content.decode() or not email
    assert not NewsAddress.objects.exists()


def test_the_address_is_shown_to_nobody_herself_included(concern, cholpon, aida):
    wants_news(aida, concern)

    assert EMAIL not in aida.get(CONCERN).content.decode()
    page = signed_in(cholpon).get(concern.get_desk_url()).content.decode()
    assert EMAIL not in page


def test_she_forgets_it_by_one_press(concern, aida):
    wants_news(aida, concern)

    aida.post(NEWS, {"stop": ""})

    assert not NewsAddress.objects.exists()


def test_another_address_takes_the_place_of_the_first(concern, aida):
    wants_news(aida, concern)
    wants_news(aida, concern, "other@example.org")

    assert NewsAddress.objects.get().email == "other@example.org"


def test_pressed_four_times_at_once_one_address_is_kept(together):
    [concern] = together(lambda: make_concern(make_center(), status=S.IN_PROGRESS))

    def press():
        actions.keep_address(concern=concern, email=EMAIL)

    together(press, threads=4)

    [kept] = together(lambda: list(NewsAddress.objects.values_list("email", flat=True)))
    assert kept == [EMAIL]


def code_is_changed(concern):
    Concern.objects.filter(pk=concern.pk).update(is_code_known=True)
    key, key_id = codes.new_key(), codes.current_key_id()
    actions.take_own_code(concern=concern, key=key, key_id=key_id)


@pytest.mark.parametrize("leave", [actions.withdraw, actions.end_code, code_is_changed])
def test_an_address_that_comes_after_the_code_is_not_kept(leave, concern):
    opened = Concern.objects.get(pk=concern.pk)
    leave(concern=concern)

    actions.keep_address(concern=opened, email=EMAIL)

    assert not NewsAddress.objects.exists()


@pytest.mark.parametrize("leave", [actions.withdraw, actions.end_code])
def test_the_address_goes_with_the_code(leave, concern, aida):
    wants_news(aida, concern)

    leave(concern=concern)

    assert not NewsAddress.objects.exists()


def test_where_no_letters_go_out_none_are_offered(concern, aida, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"

    response = wants_news(aida, concern)

    assert response.status_code == 422
    assert NEWS not in aida.get(CONCERN).content.decode()
    assert not NewsAddress.objects.exists()


def test_without_a_code_no_address_is_taken(aida):
    response = aida.post(NEWS, {"news-email": EMAIL})

    assert response.status_code == 302
    assert not NewsAddress.objects.exists()


def test_addresses_are_not_taken_without_end(concern, aida):
    answers = [wants_news(aida, concern).status_code for _ in range(21)]

    assert answers == [302] * 20 + [422]


# No more of them


def path_in(letter):
    return re.search(r"/(ru/)?follow/news/[\w-]+/", letter.body)[0]


def test_opening_the_link_ends_nothing_and_its_button_does(
    concern, cholpon, aida, letters
):
    wants_news(aida, concern)
    [letter] = write(letters, concern, cholpon)
    strict = Client(enforce_csrf_checks=True)

    opened = strict.get(path_in(letter))
    assert NewsAddress.objects.exists()
    assert not opened.cookies

    assert strict.post(path_in(letter)).status_code == 200
    assert not NewsAddress.objects.exists()
    assert write(letters, concern, cholpon, "Дагы") == []


def test_the_mailboxs_own_button_needs_no_token(concern, cholpon, aida, letters):
    wants_news(aida, concern)
    [letter] = write(letters, concern, cholpon)
    headers = letter.message()

    path = headers["List-Unsubscribe"].strip("<>").partition("8000")[2]
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    Client(enforce_csrf_checks=True).post(path, {"List-Unsubscribe": "One-Click"})

    assert not NewsAddress.objects.exists()


def test_an_unknown_token_is_answered_like_a_known_one(concern, cholpon, aida, letters):
    wants_news(aida, concern)
    [letter] = write(letters, concern, cholpon)
    unknown = "/follow/news/" + "x" * 32 + "/"

    for method in ("get", "post"):
        known, other = (
            getattr(Client(), method)(path) for path in (path_in(letter), unknown)
        )
        assert known.status_code == other.status_code == 200
        switch = [path_in(letter).encode(), unknown.encode()]
        assert known.content.replace(switch[0], b"") == (
            other.content.replace(switch[1], b"")
        )


def test_the_token_is_drawn_anew_for_each_address(concern, aida):
    tokens = set()
    for _ in range(5):
        wants_news(aida, concern)
        tokens.add(NewsAddress.objects.get().token)

    assert len(tokens) == 5
    assert min(map(len, tokens)) >= 32


def test_what_is_published_of_it_is_no_news_by_letter(center, cholpon, aida, letters):
    concern = make_approved(center, make_category(), by=cholpon)
    wants_news(aida, concern)

    sent = letters(
        actions.unpublish, concern=concern, by=cholpon, version=concern.version
    )

    assert sent == []
