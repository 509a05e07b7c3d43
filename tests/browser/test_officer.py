"""A police officer with a phone in the field."""

from playwright.sync_api import expect

from .conftest import sign_in
from .steps import files, finds_concern, follows, moves, opens_concern, registers

WORDS = "Жаштар менен сүйлөштүк, кечинде күзөт коюлду."


def deadlines(visitor):
    """Return how many days each row of the first table leaves, in its order."""
    return visitor.page.locator("tbody").first.evaluate(
        """body => [...body.rows].map(row => {
          const late = row.querySelector(".overdue");
          const cell = late || row.querySelector("strong") || row.cells[1];
          const days = Number(cell.textContent.match(/[0-9]+/) || 0);
          return late ? -days : days;
        })"""
    )


def test_he_signs_in_and_moves_what_is_due_first(come, coordinator, language, script):
    aida = come(language, java_script_enabled=script)
    receipt = files(aida)
    registers(coordinator, receipt)
    officer = come(language, java_script_enabled=script)

    officer.opens("/desk/")
    assert officer.path.startswith(f"{officer.prefix}/login/")
    sign_in(officer, "officer@example.org")
    expect(officer.page).to_have_url(f"{officer.portal.url}{officer.prefix}/desk/")
    assert deadlines(officer) == sorted(deadlines(officer))
    finds_concern(officer, receipt)
    act = officer.form("move")
    officer.chooses("In progress", act, context="status")
    officer.writes("Words to the reporter", WORDS, act)
    officer.presses("Change", act)
    officer.sees_status("In progress")

    follows(aida, receipt.code)
    aida.sees_status("In progress")
    aida.reads(WORDS)


def test_what_a_colleague_moved_meanwhile_is_shown_and_his_words_are_kept(
    come, officer, coordinator, language
):
    receipt = files(come(language))
    registers(coordinator, receipt)
    opens_concern(officer, receipt)
    act = officer.form("move")
    officer.chooses("Declined, with reason", act, context="status")
    officer.writes("Words to the reporter", WORDS, act)

    moves(coordinator, receipt, "In progress", "Иш башталды.")
    officer.presses("Change", act)

    officer.sees(
        "Somebody changed it while you were writing. Nothing of yours is saved yet."
    )
    officer.sees_status("In progress")
    expect(officer.field("Words to the reporter")).to_have_value(WORDS)
    officer.presses("Change", act)
    officer.sees_status("Declined, with reason")


def test_a_move_without_its_words_says_what_is_missing(
    come, officer, coordinator, language
):
    receipt = files(come(language))
    registers(coordinator, receipt)
    opens_concern(officer, receipt)
    act = officer.form("move")
    officer.chooses("Declined, with reason", act, context="status")

    officer.presses("Change", act)

    officer.sees("Write a word to the reporter.")
    officer.sees_status("Registered")
    expect(officer.page.get_by_role("alert").get_by_role("link")).to_be_visible()
