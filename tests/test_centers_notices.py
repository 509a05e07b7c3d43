"""Whoever signs in under somebody's name, or changes how, cannot do it unseen."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from centers import actions
from centers.models import Browser
from centers.second_factor import new_seed

from .factories import COUNCIL, PASSWORD, make_member, make_membership

pytestmark = [pytest.mark.django_db, pytest.mark.once]

COMPUTER = "Mozilla/5.0 (X11; Linux x86_64) Chrome/130"
PHONE = "Mozilla/5.0 (Linux; Android 10; K) Chrome/130 Mobile"


@pytest.fixture
def person(center):
    """A member who needs no second step: of the demo, like the whole centre."""
    center.is_demo = True
    center.save(update_fields=["is_demo"])
    person = make_member(center, COUNCIL, language="ru")
    person.authenticator_set.all().delete()
    return person


def signs_in(user, agent=COMPUTER):
    """Sign in with a browser, and return the first page of the desk."""
    browser = Client(headers={"user-agent": agent})
    login = {"login": user.email or str(user.phone), "password": PASSWORD}
    answer = browser.post(reverse("account_login"), login, follow=True)
    return answer.content.decode()


@pytest.fixture
def letters(mailoutbox, django_capture_on_commit_callbacks):
    """Give a function that runs an act and returns the letters which it sent."""

    def letters(act, *args, **kwargs):
        mailoutbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            act(*args, **kwargs)
        return list(mailoutbox)

    return letters


# The last sign-in, at the desk


def test_the_first_sign_in_tells_of_none_before(person):
    assert "акыркы кирүүңүз" not in signs_in(person)


def test_the_desk_tells_when_and_on_what_one_signed_in_before(person):
    signs_in(person, PHONE)
    person.browsers.update(last_at="2026-11-25T17:40:00+06:00")

    page = signs_in(person)

    assert "25.11.2026 17:40, телефондон" in page


def test_of_several_the_last_is_told(person):
    signs_in(person, PHONE)
    signs_in(person)

    assert "компьютерден" in signs_in(person, PHONE)


# A browser that was never used, by letter


def test_the_first_browser_is_nobody_s_news(person, letters):
    assert letters(signs_in, person) == []


def test_a_browser_used_before_is_none_either(person, letters):
    signs_in(person)

    assert letters(signs_in, person) == []


def test_a_browser_that_updated_itself_is_the_same(person, letters):
    signs_in(person)

    assert letters(signs_in, person, COMPUTER.replace("130", "131.0.6778")) == []


def test_another_browser_is_told_of_in_the_person_s_language(person, letters):
    signs_in(person)

    [letter] = letters(signs_in, person, PHONE)

    assert letter.to == [person.email]
    assert letter.subject == "Новый вход на портал общественно-профилактических центров"
    assert "телефон" in letter.body
    assert "/ru/account/" in letter.body


def test_who_has_no_address_is_told_at_the_desk_alone(center, person, letters):
    person.email, person.phone = None, "+996770080051"
    person.save()
    signs_in(person)

    assert letters(signs_in, person, PHONE) == []


def test_nothing_of_a_browser_is_kept_that_could_be_read(person):
    signs_in(person)

    row = Browser.objects.values_list().get()

    assert not any("Linux" in str(value) or "127.0.0" in str(value) for value in row)


def test_browsers_that_two_people_share_tell_nothing_of_it(center, person):
    other = make_member(center, COUNCIL)
    other.authenticator_set.all().delete()

    signs_in(person)
    signs_in(other)

    assert Browser.objects.values("mark").distinct().count() == 2


def test_a_browser_unused_for_a_year_is_forgotten(person):
    signs_in(person, PHONE)
    person.browsers.update(last_at=timezone.now() - timedelta(days=366))
    signs_in(person)

    call_command("daily", verbosity=0)

    assert [browser.on_phone for browser in person.browsers.all()] == [False]


# What opens the account, by letter


def test_of_a_changed_password_a_letter_tells(person, letters):
    [letter] = letters(actions.change_password, user=person, password="башка сырсөз")

    assert "Пароль вашего аккаунта изменён." in letter.body


def test_of_a_second_step_that_is_set_or_taken_away_a_letter_tells(person, letters):
    [sheet] = letters(actions.put_sheet_in_force, user=person, seed=new_seed())
    [gone] = letters(actions.switch_off, user=person)

    assert "настроен второй шаг входа" in sheet.body
    assert "убран второй шаг входа" in gone.body


def test_of_a_link_that_was_given_and_used_letters_tell(center, cholpon, letters):
    member = make_membership(center, COUNCIL)
    tokens = []

    def give():
        _link, token = actions.give_link(
            membership=member, is_new_start=False, by=cholpon
        )
        tokens.append(token)

    [given] = letters(give)
    [used] = letters(actions.come_back, token=tokens[0], password=PASSWORD)

    assert "жаңы сырсөз коюуга" in given.body
    assert "жаңы сырсөз коюлду" in used.body
    assert given.to == used.to == [member.user.email]
