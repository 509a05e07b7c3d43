"""The admin is for those who install the portal, and shows no person."""

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from .factories import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.sweep]


def admin_paths():
    index = reverse("admin:index")
    lists = [
        reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        for model in admin.site._registry
    ]
    return [index, *lists, *(f"{path}add/" for path in lists)]


@pytest.mark.parametrize("who", [None, "cholpon", "jamila", "daniyar", "emil"])
def test_the_admin_is_for_superusers(who, request):
    browser = signed_in(request.getfixturevalue(who)) if who else Client()

    answers = {browser.get(path).status_code for path in admin_paths()}

    assert answers <= {302, 403}


def test_a_superuser_without_a_second_factor_is_sent_to_set_one_up(sultan):
    sultan.authenticator_set.all().delete()

    response = signed_in(sultan).get(reverse("admin:index"))

    assert response["Location"] == reverse("second_factor")


def test_a_superuser_gets_in(sultan):
    assert signed_in(sultan).get(reverse("admin:index")).status_code == 200


def test_the_admin_shows_what_an_installation_is_made_of_and_no_person():
    registered = {model._meta.label for model in admin.site._registry}

    assert registered == {
        "centers.Center",
        "centers.OutsideBody",
        "centers.Place",
        "centers.SpecialDay",
        "centers.Term",
        "concerns.Category",
        "concerns.CategoryGroup",
    }
