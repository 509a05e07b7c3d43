"""Whoever takes the phone after her finds no words, no code, not even the matter."""

import re
from contextlib import suppress
from urllib.parse import quote_plus

import pytest
from playwright.sync_api import Error, expect

from .conftest import CENTER
from .steps import (
    CATEGORY,
    SECRET,
    SECRET_WORDS,
    WORDS,
    files,
    follows,
    opens_form,
    reads_receipt,
    writes_form,
)
from .visitor import NEUTRAL, PHONE, Visitor

NAME = "Асанова Айгүл"


def number_of_concerns(portal):
    [[number]] = portal.ask("SELECT count(*) FROM concerns_concern")
    return number


def texts_behind(page, steps):
    """Go back so many times; return what was shown on the way, fields included."""
    shown = []
    for _ in range(steps):
        # A page that came by POST is not shown again without asking her.
        with suppress(Error):
            page.go_back()
        fields = page.locator("input, textarea").evaluate_all(
            "fields => fields.map(field => field.value)"
        )
        shown += [page.locator("body").inner_text(), *fields]
    return "\n".join(shown)


@pytest.mark.parametrize("category", [CATEGORY, SECRET])
def test_addresses_and_titles_say_nothing_of_the_matter(aida, category):
    aida.opens(f"{CENTER}concerns/new/")
    neutral = aida.page.title()
    seen = []
    aida.page.on("domcontentloaded", lambda page: seen.append(page.title()))

    receipt = files(aida, category=category)
    aida.presses("Open the page of my report")
    aida.sees_status("Received")

    assert {*seen, aida.page.title()} == {neutral}
    assert aida.path == f"{aida.prefix}/follow/concern/"
    addresses = " ".join(aida.requests)
    assert SECRET not in addresses
    assert receipt.reference not in addresses
    assert not re.search(r"\d{4}\D?\d{4}\D?\d{4}", addresses)


def test_taking_it_back_ends_the_code(aida):
    receipt = files(aida, SECRET_WORDS, SECRET)
    follows(aida, receipt.code)
    aida.unfolds("Take the report back")
    aida.chooses("Take it back; my code will stop working")
    aida.presses("Take it back")
    aida.is_at("Your report has been taken back")

    follows(aida, receipt.code)

    aida.sees("No report opens with this code. Please check the digits.")


@pytest.mark.parametrize("category", [CATEGORY, SECRET])
def test_pressing_twice_and_sending_again_is_one_concern(aida, portal, category):
    before = number_of_concerns(portal)
    opens_form(aida, category)
    writes_form(aida, WORDS)

    aida.button("Send").dblclick()
    receipt = reads_receipt(aida)
    aida.page.reload()

    assert reads_receipt(aida) == receipt
    assert number_of_concerns(portal) == before + 1


@pytest.mark.parametrize("category", [CATEGORY, SECRET])
def test_going_back_after_sending_shows_none_of_it(come, language, category):
    aida = come(language)
    opens_form(aida, category)
    aida.writes("Full name", NAME)
    aida.writes("Address", NAME)
    aida.writes("Phone number", "0770 080 050")
    aida.chooses("I consent to the collection and processing of my personal data")
    writes_form(aida, WORDS)
    aida.presses("Send")
    receipt = reads_receipt(aida)

    behind = texts_behind(aida.page, 3)

    assert WORDS not in behind
    assert NAME not in behind
    assert "0770" not in behind
    assert receipt.code not in behind


def leaves(aida):
    # No server answers there, so no page is waited for.
    aida.button("Leave this site quickly").click()
    expect(aida.page).to_have_url(NEUTRAL)


@pytest.mark.parametrize("category", [CATEGORY, SECRET])
def test_what_she_only_typed_is_gone_when_she_leaves(come, language, category):
    aida = come(language)
    opens_form(aida, category)
    aida.writes("Full name", NAME)
    aida.writes("What happened?", SECRET_WORDS)
    leaves(aida)

    behind = texts_behind(aida.page, 5)

    assert SECRET_WORDS not in behind
    assert NAME not in behind


@pytest.mark.parametrize("category", [CATEGORY, SECRET])
def test_what_she_sent_is_gone_when_she_leaves(come, language, category):
    aida = come(language)
    opens_form(aida, category)
    aida.writes("What happened?", SECRET_WORDS)
    aida.presses("Send")
    aida.sees("Please correct this")
    writes_form(aida, SECRET_WORDS)
    aida.presses("Send")
    receipt = reads_receipt(aida)
    follows(aida, receipt.code)
    aida.sees_status("Received")
    aida.writes("Your message", SECRET_WORDS)
    aida.presses("Send")
    aida.sees("You wrote")
    leaves(aida)

    # Going back, the browser may send a form once more; a person would be asked first.
    behind = texts_behind(aida.page, 9)

    assert SECRET_WORDS not in behind
    assert receipt.code not in " ".join(behind.split())
    assert receipt.number not in behind


def test_leaving_quickly_closes_the_page_of_her_report(aida):
    receipt = files(aida, SECRET_WORDS, SECRET)
    follows(aida, receipt.code)
    aida.sees_status("Received")

    leaves(aida)
    aida.opens("/follow/concern/")

    aida.is_at("Check the status of your concern")
    assert SECRET_WORDS not in aida.page.content()
    assert receipt.code not in aida.page.content()


def test_no_cookie_outlives_the_browser(aida):
    receipt = files(aida)
    follows(aida, receipt.code)
    aida.sees_status("Received")

    cookies = aida.context.cookies()

    assert {cookie["name"] for cookie in cookies} == {"csrftoken", "sessionid"}
    assert {cookie["expires"] for cookie in cookies} == {-1}
    assert {cookie["httpOnly"] for cookie in cookies} == {True}


def test_the_browsers_own_folder_holds_no_trace(
    browser_type, browser_type_launch_args, portal, tmp_path
):
    # Without compression, so that a page kept in the cache is found as it reads.
    context = browser_type.launch_persistent_context(
        tmp_path,
        **browser_type_launch_args,
        **PHONE,
        extra_http_headers={"Accept-Encoding": "identity"},
    )
    aida = Visitor(context, portal, "ky")
    center = aida.opens(CENTER).text().split("<h1>")[1].split("<")[0]
    receipt = files(aida, SECRET_WORDS, SECRET)
    follows(aida, receipt.code)
    aida.sees_status("Received")
    aida.writes("Your message", SECRET_WORDS)
    aida.presses("Send")
    aida.sees("You wrote")
    leaves(aida)
    context.close()

    kept = [file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()]

    def is_kept(text):
        """Tell whether a text is found as it reads, as it is sent, or in 16 bits."""
        forms = text.encode(), quote_plus(text).encode(), text.encode("utf-16-le")
        return any(form in file for form in forms for file in kept)

    assert is_kept(center)
    assert not is_kept(SECRET_WORDS.split(",")[0])
    assert not is_kept(receipt.code)
    assert not is_kept(receipt.code.replace(" ", ""))
    assert not is_kept(SECRET)
