"""A resident on a cheap phone: from the centre's page to "yes, it is solved"."""

from playwright.sync_api import expect

from .conftest import CENTER
from .steps import (
    CATEGORY,
    WORDS,
    chooses_category,
    files,
    follows,
    moves,
    reads_receipt,
    registers,
    writes_form,
)

QUESTION = "Бул качан болду, саат канчада?"
ANSWER = "Кечээ кечки сегизде."
DONE = "Кечинде күзөт коюлду, айнек салынды."
REASON = "Бүгүн кечинде кайра мушташышты."


def test_she_files_answers_and_says_whether_it_is_solved(aida, coordinator):
    aida.opens(CENTER)
    aida.follows("Report a concern")
    aida.is_at("What worries you?")
    aida.goes(chooses_category(aida, CATEGORY))
    aida.sees("Is it one of these?")
    aida.follows("None of these: write mine")
    aida.sees("In danger? Call at once")
    writes_form(aida, WORDS)
    aida.presses("Send")
    receipt = reads_receipt(aida)
    aida.presses("Open the page of my report")
    aida.sees_status("Received")

    registers(coordinator, receipt)
    follows(aida, receipt.code)
    aida.sees_status("Registered")

    moves(coordinator, receipt, "Clarification needed", QUESTION)
    follows(aida, receipt.code)
    aida.sees_status("Clarification needed")
    aida.reads(QUESTION)
    aida.writes("Your message", ANSWER)
    aida.presses("Send the answer")
    aida.sees_status("In progress")
    aida.reads(ANSWER)

    moves(coordinator, receipt, "Resolved", DONE)
    coordinator.reads(ANSWER)
    follows(aida, receipt.code)
    aida.sees_status("Resolved")
    aida.reads(DONE)
    aida.chooses("No, it is not solved")
    aida.writes("What is not solved?", REASON)
    aida.presses("Send the answer")
    aida.sees_status("In progress")

    moves(coordinator, receipt, "Resolved", DONE)
    coordinator.reads(REASON)
    follows(aida, receipt.code)
    aida.chooses("Yes, it is solved")
    aida.presses("Send the answer")
    aida.sees_status("Closed")


def test_her_receipt_can_be_printed(aida):
    receipt = files(aida)

    aida.page.emulate_media(media="print")

    aida.reads(receipt.number)
    code = aida.page.locator(".code")
    expect(code).to_be_visible()
    expect(code).to_have_css("color", "rgb(0, 0, 0)")
    expect(aida.button("Leave this site quickly")).to_be_hidden()
    expect(aida.button("Open the page of my report")).to_be_hidden()


def test_a_code_is_read_however_it_is_typed(aida):
    receipt = files(aida)

    follows(aida, receipt.code.replace(" ", "-").replace("0", "О"))

    aida.sees_status("Received")
