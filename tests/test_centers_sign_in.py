"""Signing in: journalled, limited, and nobody else is shut out by it."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse

from centers.models import JournalEntry

from .factories import PASSWORD, again

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_counted_yet():
    cache.clear()


def sign_in(email, password=PASSWORD, client=None, **extra):
    client = client or Client(**extra)
    fields = {"login": email, "password": password}
    return client.post(reverse("account_login"), fields)


def lines(kind):
    return JournalEntry.objects.filter(kind=kind)


def without_second_factor(user):
    user.authenticator_set.all().delete()
    return again(user)


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
    bakyt.authenticator_set.update(data={"secret": "JBSWY3DPEHPK3PXP"})
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


def test_no_address_is_kept_to_count_by(bakyt, settings):
    sign_in(bakyt.email, **from_address(settings, "203.0.113.7"))

    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM cache")
        keys = str(cursor.fetchall())
    assert "login" in keys
    assert "203.0.113" not in keys
    assert "127.0.0.1" not in keys
