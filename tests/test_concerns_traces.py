"""What filing leaves on a phone and in its addresses: nothing."""

import re
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from .filing import code_in, send_quietly, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cheap_codes")]


def title_of(response):
    page = response.content.decode()
    return unescape(re.search("<title>(.*?)</title>", page, re.S)[1].strip())


# Addresses that tell nothing


def test_a_confidential_category_has_no_address_of_its_own(aida, center, violence):
    response = aida.get(reverse("concerns:new", args=[center.slug, violence.code]))

    assert response.status_code == 302
    assert response["Location"] == reverse("concerns:choose", args=[center.slug])


def test_a_confidential_category_stands_in_no_address(aida, center, violence):
    path = reverse("concerns:choose", args=[center.slug])

    form = aida.post(path, {"category": violence.code}, follow=True)
    address = form.request["PATH_INFO"]
    key = form.context["form"]["key"].value()
    receipt = aida.post(address, words(category=violence.code, key=key), follow=True)

    assert code_in(receipt)
    assert address == reverse("concerns:form", args=[center.slug])
    assert receipt.request["PATH_INFO"] == reverse(
        "concerns:receipt", args=[center.slug]
    )


def test_back_after_leaving_shows_neither_words_nor_category_nor_code(center, violence):
    phone = Client(enforce_csrf_checks=True)
    choose = reverse("concerns:choose", args=[center.slug])
    form = phone.post(choose, {"category": violence.code}, follow=True)
    sent = words(
        category=violence.code,
        text="Күйөөм мени дагы сабады.",
        key=form.context["form"]["key"].value(),
        csrfmiddlewaretoken=form.context["csrf_token"],
    )
    address = form.request["PATH_INFO"]
    code = code_in(phone.post(address, sent, follow=True))
    phone.post(reverse("home:leave"))

    again = [
        phone.get(reverse("concerns:receipt", args=[center.slug]), follow=True),
        phone.get(address, follow=True),
        phone.post(address, sent, follow=True),
    ]

    shown = " ".join(page.content.decode() for page in again)
    assert code
    assert code.split()[0] not in shown
    assert sent["text"] not in shown
    assert f"<h1>{violence.name}" not in shown


def choose(client, center, category, **headers):
    path = reverse("concerns:choose", args=[center.slug])
    return client.post(path, {"category": category.code}, headers=headers)


def test_a_choice_is_forgotten_after_a_quarter_of_an_hour(aida, center, violence):
    choose(aida, center, violence)
    session = aida.session
    session["chosen"] = session["chosen"] | {
        "at": session["chosen"]["at"] - 15 * 60 - 1
    }
    session.save()

    response = aida.get(reverse("concerns:form", args=[center.slug]))

    assert response["Location"] == reverse("concerns:choose", args=[center.slug])
    assert "chosen" not in aida.session


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://testserver:1"]
)
def test_no_other_site_chooses_for_her(origin, aida, center, violence):
    response = choose(aida, center, violence, origin=origin)

    assert response.status_code == 403
    assert "chosen" not in aida.session


def test_her_own_browser_says_where_she_chose(aida, center, violence):
    response = choose(aida, center, violence, origin="http://testserver")

    assert response.status_code == 302


@pytest.mark.parametrize("code", ["", "nothing", "\0", "к" * 100])
def test_an_unknown_category_is_not_found(code, aida, center):
    path = reverse("concerns:choose", args=[center.slug])

    assert aida.post(path, {"category": code}).status_code == 404


@pytest.fixture(params=["form", "receipt", "mistakes"])
def page_of_a_filing(request, aida, center, violence):
    path = reverse("concerns:form", args=[center.slug])
    choose = reverse("concerns:choose", args=[center.slug])
    name, sent = {
        "form": (choose, {"category": violence.code}),
        "receipt": (path, words(category=violence.code)),
        "mistakes": (path, words(category=violence.code, text="")),
    }[request.param]
    return aida.post(name, sent, follow=True)


def test_no_page_of_a_filing_is_kept_by_the_phone(page_of_a_filing):
    assert "no-store" in page_of_a_filing["Cache-Control"]
    assert page_of_a_filing["X-Robots-Tag"] == "noindex"


def test_no_title_of_a_filing_says_what_it_is_about(page_of_a_filing, violence):
    title = title_of(page_of_a_filing)

    assert violence.name_ky not in title
    assert not re.search(r"\d", title)


def test_every_page_of_a_filing_has_the_quick_exit(page_of_a_filing):
    assert f'action="{reverse("home:leave")}"' in page_of_a_filing.content.decode()


def test_no_cookie_of_a_filing_outlives_the_browser(page_of_a_filing):
    assert [cookie["max-age"] for cookie in page_of_a_filing.cookies.values()] == [""]
    assert [cookie["expires"] for cookie in page_of_a_filing.cookies.values()] == [""]


def test_the_receipt_repeats_nothing_that_was_told(aida, center, violence):
    response = send_quietly(aida, center, violence, text="Эрим урат.", landmark="Арал")

    page = response.content.decode()
    assert "Эрим урат." not in page
    assert violence.name_ky not in page


def test_choosing_a_category_sets_no_cookie(aida, center, lighting):
    response = aida.get(reverse("concerns:choose", args=[center.slug]))

    assert response.status_code == 200
    assert not response.cookies
