"""Where one is signed in: seen by its person, ended at once, and from nowhere known."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.urls import reverse

from centers.models import JournalEntry, SignIn
from centers.sessions import open_sessions
from concerns.workflow import Status

from .factories import PASSWORD, again, make_concern, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.once]

PHONE = "Mozilla/5.0 (Linux; Android 10) AppleWebKit/537.36 Chrome/130 Mobile"
COMPUTER = "Mozilla/5.0 (X11; Linux x86_64) Chrome/130"
NEW_PASSWORD = "жаңы сырсөз болсун эми"


def at_work(user, agent=COMPUTER):
    """Return a browser in which a person has opened the desk."""
    browser = signed_in(user, headers={"user-agent": agent})
    browser.get(reverse("desk:today"))
    return browser


def is_in(browser):
    return browser.get(reverse("desk:today")).status_code == 200


def sessions_on(browser):
    return browser.get(reverse("mfa_index")).context["sessions"]


def test_every_session_is_listed_the_present_one_first(bakyt):
    phone, computer = at_work(bakyt, PHONE), at_work(bakyt)

    listed = sessions_on(phone)

    assert [one["is_current"] for one in listed] == [True, False]
    assert [one["on_phone"] for one in listed] == [True, False]
    assert sessions_on(computer)[0]["on_phone"] is False


def test_a_session_is_listed_before_its_first_page(bakyt):
    bakyt.authenticator_set.all().delete()
    sleeping = Client()
    login = {"login": bakyt.email, "password": PASSWORD}
    sleeping.post(reverse("account_login"), login)
    assert SignIn.objects.filter(user=bakyt).count() == 1

    signed_in(bakyt).post(reverse("end_session"))

    assert not Session.objects.filter(pk=sleeping.session.session_key).exists()


def test_nobody_elses_session_is_listed(bakyt, ruslan):
    at_work(ruslan)

    assert len(sessions_on(at_work(bakyt))) == 1


def test_a_session_is_listed_once_however_often_it_is_used(bakyt):
    browser = at_work(bakyt)

    for _ in range(3):
        browser.get(reverse("desk:today"))

    assert SignIn.objects.count() == 1


def test_a_session_that_was_left_idle_is_not_listed(bakyt):
    idle = at_work(bakyt)
    session = idle.session
    session["seen"] -= 30 * 60 + 1
    session.save()

    assert len(sessions_on(at_work(bakyt))) == 1


def test_signing_out_takes_the_session_off_the_list(bakyt):
    browser = at_work(bakyt)

    browser.post(reverse("account_logout"))

    assert not SignIn.objects.exists()


# Ending


def end(browser, **fields):
    return browser.post(reverse("end_session"), fields)


def test_one_session_is_ended_and_its_next_request_is_to_sign_in(bakyt):
    lost, own = at_work(bakyt, PHONE), at_work(bakyt)
    other = at_work(bakyt)
    [reference] = [s["reference"] for s in sessions_on(own) if s["on_phone"]]

    end(own, session=reference)

    response = lost.get(reverse("desk:today"))
    assert response["Location"].startswith(reverse("account_login"))
    assert is_in(own)
    assert is_in(other)


def test_all_others_are_ended_and_this_one_stays(bakyt):
    lost, own = [at_work(bakyt) for _ in range(3)], at_work(bakyt)

    end(own)

    assert [is_in(browser) for browser in lost] == [False] * 3
    assert is_in(own)


def test_nobody_ends_the_session_of_another(bakyt, ruslan):
    other = at_work(ruslan)
    reference = sessions_on(other)[0]["reference"]

    end(at_work(bakyt), session=reference)
    end(at_work(bakyt))

    assert is_in(other)


def test_what_was_being_sent_from_an_ended_session_is_not_done(bakyt):
    lost, own = at_work(bakyt), at_work(bakyt)
    end(own)

    response = lost.post(reverse("mfa_index"), {"language": "ru"})

    assert response.status_code == 302
    assert again(bakyt).language == "ky"


def test_ending_is_journalled_and_doing_nothing_is_not(bakyt):
    at_work(bakyt)
    own = at_work(bakyt)

    end(own)
    end(own)
    end(own, session="99999999")

    assert JournalEntry.objects.get(kind="sessions_ended").by_id == bakyt.pk


# A new password


def change_password(browser):
    words = {
        "oldpassword": PASSWORD,
        "password1": NEW_PASSWORD,
        "password2": NEW_PASSWORD,
    }
    return browser.post(reverse("account_change_password"), words)


def test_a_new_password_ends_all_other_sessions(bakyt):
    lost, own = at_work(bakyt), at_work(bakyt)

    change_password(own)

    assert again(bakyt).check_password(NEW_PASSWORD)
    assert not is_in(lost)
    assert is_in(own)
    assert [one["is_current"] for one in sessions_on(own)] == [True]


def test_a_new_password_is_journalled_without_it(bakyt):
    change_password(at_work(bakyt))

    line = JournalEntry.objects.get(kind="password_changed")
    assert (line.by_id, line.detail) == (bakyt.pk, {})


@pytest.mark.parametrize("password", ["0770080050 0770", "+996770080050"])
def test_the_phone_is_no_password(password, bakyt):
    bakyt.phone = "+996770080050"
    bakyt.save()
    words = {"oldpassword": PASSWORD, "password1": password, "password2": password}

    response = at_work(bakyt).post(reverse("account_change_password"), words)

    assert set(response.context["form"].errors) == {"password1"}


# What is kept


def test_neither_address_nor_browser_is_kept(bakyt):
    at_work(bakyt, PHONE)
    [session] = Session.objects.all()

    kept = str(SignIn.objects.values().get()) + str(session.get_decoded())

    assert "Mozilla" not in kept
    assert "Android" not in kept
    assert "127.0.0.1" not in kept


def test_who_follows_by_a_code_is_not_on_any_list(client):
    client.get(reverse("follow:enter"))

    assert not SignIn.objects.exists()


def test_sweeping_old_sessions_sweeps_their_list(bakyt, django_assert_num_queries):
    at_work(bakyt)

    Session.objects.all().delete()

    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM centers_signin")
        assert cursor.fetchone() == (0,)


def test_the_list_asks_one_question(bakyt, django_assert_num_queries):
    for _ in range(5):
        at_work(bakyt)

    with django_assert_num_queries(1):
        assert len(open_sessions(bakyt, None)) == 5


# The account's other pages


def test_the_account_closes_when_it_is_left(bakyt):
    browser = at_work(bakyt)
    session = browser.session
    session["seen"] -= 30 * 60 + 1
    session.save()

    response = browser.get(reverse("mfa_index"))

    assert response["Location"].startswith(reverse("account_login"))
    assert not SignIn.objects.exists()


def test_no_page_of_an_account_is_kept_by_the_browser(bakyt):
    browser = at_work(bakyt)

    for name in ("mfa_index", "account_change_password", "account_reset_password"):
        assert "no-store" in browser.get(reverse(name))["Cache-Control"]


def test_a_guest_gets_no_cookie_of_a_session_there():
    browser = Client()

    browser.get(reverse("account_inactive"))

    assert "sessionid" not in browser.cookies


@pytest.mark.parametrize("language", ["ky", "ru"])
def test_one_chooses_the_language_of_ones_letters(language, bakyt):
    response = at_work(bakyt).post(reverse("mfa_index"), {"language": language})

    assert response["Location"] == reverse("mfa_index")
    assert again(bakyt).language == language


def test_a_letter_comes_in_its_readers_language(bakyt, mailoutbox):
    bakyt.language = "ru"
    bakyt.save()

    Client().post(reverse("account_reset_password"), {"email": bakyt.email})

    assert "Новый пароль" in mailoutbox[0].subject
    assert "/ru/account/password/reset/" in mailoutbox[0].body


@pytest.mark.parametrize(
    "path",
    [
        "/desk/centers/{center}/problems/new/",
        "/ru/desk/centers/{center}/templates/new/",
        "/desk/center/{center}/publish/",
        "/desk/concerns/{concern}/move/",
        "/desk/concerns/{concern}/code/confirm/",
        "/desk/concerns/new/{center}/",
        "/ru/desk/concerns/filters/save/",
        "/desk/concerns/assign/",
        "/desk/meetings/new/{center}/",
        "/desk/meetings/propose/{concern}/back/",
    ],
)
def test_who_was_idle_is_led_back_to_a_page_that_is_there(path, center, cholpon):
    concern = make_concern(center, status=Status.REGISTERED)
    path = path.format(center=center.slug, concern=concern.reference)
    words = "Бир топ сөз жазып койгом, жоголбосун"

    answer = Client().post(path, {"text": words})

    page = answer.content.decode()
    assert words in page
    link = re.search(r'href="([^"]*next=[^"]*)"', page)[1]
    [place] = parse_qs(urlsplit(link).query)["next"]
    back = signed_in(cholpon).get(place, follow=True)
    assert (back.status_code, place) == (200, path)
