"""The pages of one's own account: what each answers, and to whom."""

import pytest
from django.test import Client
from django.urls import reverse

from .factories import signed_in
from .matrix import ACCOUNTS, ask, path_of_account

pytestmark = [pytest.mark.django_db, pytest.mark.sweep]


@pytest.mark.parametrize("name", ACCOUNTS)
def test_an_account_page_answers_as_the_table_says(name, cholpon):
    path = path_of_account(name)

    answers = tuple(
        ask(browser, method, path).status_code
        for browser in (Client(), signed_in(cholpon))
        for method in ("get", "post")
    )

    assert answers == ACCOUNTS[name]


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
@pytest.mark.parametrize("name", ACCOUNTS)
def test_an_account_page_does_nothing_by_another_method(name, method, cholpon):
    browser = signed_in(cholpon, enforce_csrf_checks=True)

    response = getattr(browser, method)(path_of_account(name))

    assert response.status_code in (302, 403, 405)


@pytest.mark.parametrize(
    "name", [name for name, answers in ACCOUNTS.items() if answers[3] == 200]
)
def test_no_account_is_changed_for_a_form_on_another_site(name, cholpon):
    browser = signed_in(cholpon, enforce_csrf_checks=True)

    assert browser.post(path_of_account(name)).status_code == 403


def test_nobody_is_signed_out_by_a_link(cholpon):
    browser = signed_in(cholpon)

    browser.get(reverse("account_logout"))

    assert browser.get(reverse("desk:today")).status_code == 200
