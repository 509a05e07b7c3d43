"""Signing in by e-mail or phone: journalled, limited, and nobody is told who exists."""

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse

from centers.models import JournalEntry, User

from .factories import PASSWORD, again, make_user
from .members import lines
from .pages import without_tokens

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture(autouse=True)
def _nothing_counted_yet():
    cache.clear()


def sign_in(login, password=PASSWORD, client=None, **extra):
    client = client or Client(**extra)
    fields = {"login": login, "password": password}
    return client.post(reverse("account_login"), fields)


def without_second_factor(user):
    user.authenticator_set.all().delete()
    return again(user)


# By a phone


PHONE = "+996770080050"
SPELLINGS = [
    "0770 080 050",
    "+996 770 08 00 50",
    "770080050",
    "996770080050",
    "0(770) 08-00-50",
]


@pytest.fixture
def gulnara():
    """Has a phone, and no e-mail address."""
    return make_user(email=None, phone=PHONE, full_name="Абдыраева Гүлнара")


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_phone_signs_in_however_it_is_written(spelling, gulnara):
    response = sign_in(spelling)

    assert response["Location"] == reverse("mfa_authenticate")


def test_who_has_both_signs_in_by_either(bakyt):
    User.objects.filter(pk=bakyt.pk).update(phone=PHONE)

    answers = {sign_in(login)["Location"] for login in (bakyt.email, *SPELLINGS)}

    assert answers == {reverse("mfa_authenticate")}


@pytest.mark.parametrize("login", ["  Bakyt@Example.ORG ", "bakyt@example.org"])
def test_an_address_signs_in_in_any_letters(login):
    make_user(email="bakyt@example.org")

    assert sign_in(login)["Location"] == reverse("mfa_authenticate")


def test_a_phone_with_the_wrong_password_opens_nothing(gulnara):
    response = sign_in(SPELLINGS[0], "башка сырсөз болду")

    assert response.status_code == 200
    assert lines("sign_in_failed").get().detail == {"user": gulnara.pk}


@pytest.mark.parametrize(
    "login", ["0770080051", "102", "0770 08 00 5O", "саламатсызбы", "ⅵ@", "@", "+", "٧"]
)
def test_what_is_nobodys_name_opens_nothing(login, gulnara):
    response = sign_in(login)

    assert response.status_code == 200
    assert response.context["form"].errors


# Nobody is told who exists


def refusal(login):
    response = sign_in(login, "башка сырсөз болду")
    page = without_tokens(response).replace(login.encode(), b"")
    return response.status_code, page


@pytest.mark.parametrize(
    "stranger", ["nobody@example.org", "0555 123 456", "эч ким", "0770 08 00 5O"]
)
@pytest.mark.parametrize("known", ["bakyt@example.org", "0770 080 050"])
def test_a_wrong_password_and_a_wrong_name_get_the_same_answer(known, stranger):
    make_user(email="bakyt@example.org", phone=PHONE)

    assert refusal(known) == refusal(stranger)


def test_of_nobody_a_password_is_hashed_all_the_same(gulnara, monkeypatch):
    hashed = []
    monkeypatch.setattr(User, "set_password", lambda user, word: hashed.append(word))

    sign_in("0555 123 456")

    assert hashed == [PASSWORD]


@pytest.mark.parametrize("email", ["nobody@example.org", "bakyt@example.org"])
def test_who_forgot_her_password_learns_nothing_of_others(email, mailoutbox):
    make_user(email="bakyt@example.org")

    response = Client().post(reverse("account_reset_password"), {"email": email})

    assert response["Location"] == reverse("account_reset_password_done")
    assert len(mailoutbox) == (email == "bakyt@example.org")


def test_the_letter_leads_to_the_portal_whatever_name_it_was_asked_by(mailoutbox):
    make_user(email="bakyt@example.org")

    Client().post(
        reverse("account_reset_password"),
        {"email": "bakyt@example.org"},
        headers={"host": "localhost:6666"},
    )

    assert "localhost:6666" not in mailoutbox[0].body
    assert f"{settings.SITE_URL}/account/password/reset/" in mailoutbox[0].body


# Journalled


def test_a_sign_in_is_journalled_once_it_is_complete(bakyt):
    without_second_factor(bakyt)

    sign_in(bakyt.email)

    line = lines("signed_in").get()
    assert (line.center_id, line.by_id) == (0, bakyt.pk)


def test_a_password_alone_is_no_sign_in(bakyt):
    response = sign_in(bakyt.email)

    assert response["Location"] == reverse("mfa_authenticate")
    assert not lines("signed_in").exists()


def test_a_wrong_password_is_journalled_and_names_no_one_as_its_author(bakyt):
    sign_in(bakyt.email.upper(), "башка сырсөз болду")

    line = lines("sign_in_failed").get()
    assert (line.by_id, line.detail) == (None, {"user": bakyt.pk})


def test_a_wrong_second_factor_is_journalled(bakyt):
    client = Client()
    sign_in(bakyt.email, client=client)

    client.post(reverse("mfa_authenticate"), {"code": "000000"})

    line = lines("sign_in_failed").get()
    assert line.detail == {"user": bakyt.pk, "factor": "second"}


def test_an_address_of_nobody_leaves_no_line(center):
    sign_in("nobody@example.org")

    assert not JournalEntry.objects.exists()


# Limited


def from_address(settings, address):
    settings.CLIENT_ADDRESS_HEADER = "HTTP_X_REAL_IP"
    return {"headers": {"x-real-ip": address}}


def test_one_networks_mistakes_shut_nobody_elsewhere_out(bakyt, settings):
    without_second_factor(bakyt)
    stranger = from_address(settings, "203.0.113.7")
    for number in range(21):
        refused = sign_in(f"nobody{number}@example.org", **stranger)
    assert refused.context["form"].errors

    response = sign_in(bakyt.email, **from_address(settings, "198.51.100.9"))

    assert response["Location"] == reverse("desk:today")
    assert sign_in(bakyt.email, **stranger).status_code == 200


def test_guessing_at_one_account_shuts_its_owner_out_nowhere_else(bakyt, settings):
    without_second_factor(bakyt)
    stranger = from_address(settings, "203.0.113.7")
    for _ in range(6):
        sign_in(bakyt.email, "башка сырсөз болду", **stranger)

    assert sign_in(bakyt.email, **stranger).status_code == 200
    response = sign_in(bakyt.email, **from_address(settings, "198.51.100.9"))
    assert response["Location"] == reverse("desk:today")


def test_guesses_at_one_phone_count_together_however_it_is_written(gulnara, settings):
    without_second_factor(gulnara)
    stranger = from_address(settings, "203.0.113.7")
    for spelling in SPELLINGS:
        sign_in(spelling, "башка сырсөз болду", **stranger)

    assert sign_in(PHONE, **stranger).status_code == 200
    response = sign_in(PHONE, **from_address(settings, "198.51.100.9"))
    assert response["Location"] == reverse("desk:today")


def test_no_address_is_kept_to_count_by(bakyt, settings):
    sign_in(bakyt.email, **from_address(settings, "203.0.113.7"))

    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM cache")
        keys = str(cursor.fetchall())
    assert "login" in keys
    assert "203.0.113" not in keys
    assert "127.0.0.1" not in keys
