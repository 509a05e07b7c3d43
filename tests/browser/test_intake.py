"""What comes on paper, what is handed to the custodian, and what takes longer."""

from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

from .conftest import CENTER, DESKTOP, sign_in
from .steps import CATEGORY, Receipt, files, follows, opens_concern, registers

LETTER = "Кат менен: көпүрөнүн тосмосу сынган, балдар кулап кетиши мүмкүн."
REASON = "Кошумча барып келүү керек болду."


@pytest.fixture
def by_hand(staff, language):
    """Give a function that brings one of the staff to a computer without script."""
    return lambda name: staff(name, language, java_script_enabled=False, **DESKTOP)


def takes_in(council):
    """Write a letter down; return its receipt, printed for who brought it."""
    council.opens("/desk/concerns/")
    council.follows("Write down a report")
    council.page.locator("[name=category]").select_option(CATEGORY)
    council.presses("Go on")
    council.writes("What the person wrote or said", LETTER)
    council.chooses("No", context="involved")
    council.chooses("Yes, print it with the code", context="receipt")
    council.page.locator(f"[name=language][value={council.language}]").check()
    council.presses("Keep")
    code = council.page.locator(".code").inner_text()
    number = council.page.get_by_role("heading", level=1).inner_text()
    return Receipt(" ".join(code.split()), number.split("№")[1].strip())


def reads_letter(resident):
    resident.unfolds("Show what I wrote")
    resident.reads(LETTER)


def test_who_brings_a_letter_follows_it_by_a_code_of_her_own(by_hand, come, language):
    receipt = takes_in(by_hand("council"))
    aida = come(language, java_script_enabled=False)

    follows(aida, receipt.code)
    reads_letter(aida)
    aida.follows("Give me another code")
    own = " ".join(aida.page.locator(".code").inner_text().split())
    aida.presses("I have written it down")
    reads_letter(aida)

    other = come(language, java_script_enabled=False)
    follows(other, receipt.code)
    expect(other.page.get_by_text(LETTER)).to_have_count(0)
    follows(other, own)
    reads_letter(other)


def test_what_is_about_an_officer_is_gone_from_his_screen(by_hand, come, language):
    receipt = files(come(language, java_script_enabled=False))
    coordinator, officer = by_hand("coordinator"), by_hand("officer")
    registers(coordinator, receipt)
    path = f"/desk/concerns/{receipt.reference}/"
    assert officer.opens(path).status == 200

    opens_concern(coordinator, receipt)
    coordinator.follows("It is about the police or the council")
    coordinator.chooses("Somebody of the police", context="about")
    coordinator.writes("Why the custodian should read it", "Уруп жиберген дейт.")
    coordinator.presses("Hand to the custodian")
    coordinator.sees("From now on the custodian alone reads it.")

    assert officer.opens(path).status == 404
    assert coordinator.opens(path).status == 404
    custodian = by_hand("custodian")
    assert custodian.opens(path).status == 200


def test_who_filed_it_is_shown_once_after_a_reason(come, language):
    aida = come(language, java_script_enabled=False)
    aida.opens(f"{CENTER}concerns/new/{CATEGORY}/?new")
    aida.writes("What happened?", LETTER)
    aida.chooses("No", context="involved")
    aida.writes("Full name", "Асанова Айда")
    aida.writes("Phone number", "0770 000 050")
    aida.writes("Address", "Арал, 5")
    aida.page.locator("[name=consent]").check()
    aida.presses("Send")
    number = aida.page.get_by_text("№").first.inner_text().split("№")[1].strip()
    # Who has just signed in: a look at who filed it asks for the password again.
    coordinator = come(language, java_script_enabled=False, **DESKTOP)
    sign_in(coordinator, "coordinator@example.org")

    opens_concern(coordinator, Receipt("", number))
    expect(coordinator.page.get_by_text("Асанова Айда")).to_have_count(0)
    act = coordinator.form("identity")
    coordinator.writes("Why do you need to know who filed it?", "Чалуу үчүн.", act)
    coordinator.presses("Show", act)
    coordinator.reads("Асанова Айда")
    opens_concern(coordinator, Receipt("", number))
    expect(coordinator.page.get_by_text("Асанова Айда")).to_have_count(0)


def test_the_term_of_the_centre_and_of_one_concern(by_hand, come, language):
    coordinator = by_hand("coordinator")
    coordinator.opens("/desk/center/mirmakhmudov/terms/")
    coordinator.page.locator("[name=working_days]").fill("20")
    later = date.today() + timedelta(days=40 if language == "ky" else 50)
    coordinator.page.locator("[name=holds_from]").fill(f"{later}")
    coordinator.presses("Set")
    coordinator.sees("The term is set.")

    aida = come(language, java_script_enabled=False)
    receipt = files(aida)
    registers(coordinator, receipt)
    coordinator.follows("Extend the term")
    day = coordinator.page.locator("[name$=until]")
    day.fill(day.get_attribute("min"))
    coordinator.writes("Why it takes longer", REASON)
    coordinator.presses("Extend the term")
    coordinator.sees("The term is extended, and the reporter reads why.")
    follows(aida, receipt.code)
    aida.reads(REASON)
