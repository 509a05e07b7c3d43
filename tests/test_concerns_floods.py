"""Floods: what is suspect is kept apart, and has its code all the same."""

import re

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from concerns import actions
from concerns.models import Concern

from .factories import make_concern
from .filing import code_in, send, signed_key

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cheap_codes")]


# Floods


def suspects():
    return list(Concern.objects.order_by("pk").values_list("is_quarantined", flat=True))


def test_what_fills_the_field_that_nobody_sees_is_kept_apart(aida, center, lighting):
    response = send(aida, center, lighting, website="http://spam.example")

    assert response.status_code == 200
    assert code_in(response)
    assert suspects() == [True]


def test_what_comes_faster_than_a_hand_writes_is_kept_apart(aida, center, lighting):
    send(aida, center, lighting, key=signed_key(age=1))

    assert suspects() == [True]


def test_the_sixth_of_one_network_in_ten_minutes_is_kept_apart_and_has_a_code(
    aida, center, lighting
):
    responses = [send(aida, center, lighting) for _ in range(6)]

    assert {response.status_code for response in responses} == {200}
    assert suspects() == [False] * 5 + [True]
    assert code_in(responses[-1])


def test_another_network_is_not_kept_apart_for_it(aida, center, lighting):
    for _ in range(6):
        send(aida, center, lighting)

    send(Client(REMOTE_ADDR="203.0.113.7"), center, lighting)

    assert suspects()[-1] is False


def test_the_thirty_first_of_a_centre_in_an_hour_is_kept_apart(center, lighting):
    for number in range(31):
        send(Client(REMOTE_ADDR=f"10.0.{number}.1"), center, lighting)

    assert suspects() == [False] * 30 + [True]


def test_registering_takes_a_concern_out_of_quarantine(center, elmira):
    concern = make_concern(center, is_quarantined=True)

    actions.register(
        concern=concern,
        category=concern.category,
        level=concern.level,
        by=elmira,
        version=0,
    )

    assert suspects() == [False]


def test_no_address_of_a_filing_is_kept(center, lighting):
    phone = Client(REMOTE_ADDR="203.0.113.77", HTTP_USER_AGENT="MarkedPhone/1.0")

    send(phone, center, lighting)

    assert "203.0.113" not in everything_kept()
    assert "MarkedPhone" not in everything_kept()


def everything_kept():
    return str([list(model.objects.values()) for model in apps.get_models()])


def test_aidas_phone_offers_her_name_to_nobody(aida, center, lighting):
    address = reverse("concerns:new", args=[center.slug, lighting.code])

    page = aida.get(address).content.decode()

    assert set(re.findall(r'autocomplete="([^"]*)"', page)) == {"off"}
