"""When something is wrong she is told what, and not a word of hers is lost."""

import pytest
from playwright.sync_api import expect

from .conftest import CENTER
from .steps import (
    CATEGORY,
    SECRET,
    WORDS,
    opens_form,
    reads_receipt,
    takes_her_time,
    writes_form,
)


def test_a_mistake_is_named_above_and_beside_its_field(aida):
    aida.opens(f"{CENTER}concerns/new/{CATEGORY}/?new")
    writes_form(aida, WORDS)
    aida.writes("Phone number", "12")
    aida.writes("Full name", "Айгүл")

    aida.presses("Send")

    summary = aida.page.get_by_role("alert")
    expect(summary.get_by_role("heading")).to_have_text(aida.say("Please correct this"))
    expect(summary.get_by_role("link")).to_have_count(2)
    assert aida.page.title().startswith(aida.say("Error:"))
    for words, typed in (("Phone number", "12"), ("Full name", "Айгүл")):
        expect(aida.field(words)).to_have_value(typed)
    expect(aida.field("What happened?")).to_have_value(WORDS)
    phone = aida.field("Phone number")
    expect(phone).to_have_attribute("aria-invalid", "true")
    message = phone.get_attribute("aria-describedby").split()[-1]
    expect(aida.page.locator(f"[id={message}]")).to_have_text(
        aida.say("Write the number like 0770 080 050.")
    )

    aida.writes("Phone number", "0770 080 050")
    aida.chooses("I consent to the collection and processing of my personal data")
    aida.presses("Send")
    reads_receipt(aida)


@pytest.mark.parametrize("category", [CATEGORY, SECRET])
def test_an_expired_form_gives_her_words_back_one_press_from_sent(aida, category):
    opens_form(aida, category)
    writes_form(aida, WORDS)
    aida.context.clear_cookies()

    aida.presses("Send")

    aida.sees("This page was open for too long")
    aida.reads(WORDS)
    takes_her_time(aida)
    again = aida.page.get_by_role("button").filter(has_text=aida.say("Send again"))
    aida.goes(again)
    reads_receipt(aida)


@pytest.mark.parametrize("category", [CATEGORY, SECRET])
def test_switching_the_language_in_the_middle_keeps_what_is_typed(
    aida, language, category
):
    opens_form(aida, category)
    writes_form(aida, WORDS)
    aida.chooses("Yesterday")
    aida.writes("Phone number", "12")

    aida.language = {"ky": "ru", "ru": "ky"}[language]
    name = {"ky": "Кыргызча", "ru": "Русский"}[aida.language]
    aida.goes(aida.page.get_by_role("button", name=name))

    expect(aida.field("What happened?")).to_have_value(WORDS)
    expect(aida.field("Phone number")).to_have_value("12")
    expect(aida.page.get_by_label(aida.say("Yesterday"), exact=True)).to_be_checked()
    aida.sees_not("Please correct this")
    aida.writes("Phone number", "")
    aida.presses("Send")
    reads_receipt(aida)


def test_enter_in_a_field_sends_and_does_not_switch_the_language(aida, language):
    opens_form(aida)
    writes_form(aida, WORDS)

    aida.field("Landmark").press("Enter")

    reads_receipt(aida)


def test_a_wrong_code_is_told_from_a_mistyped_one(aida):
    aida.opens("/follow/")
    aida.writes("The 16 digits of your code", "1234")
    aida.presses("Open my report")
    aida.sees("A code has 16 digits; please check what you typed.")

    aida.writes("The 16 digits of your code", "0000 0000 0000 0000")
    aida.presses("Open my report")
    aida.sees("No report opens with this code. Please check the digits.")
