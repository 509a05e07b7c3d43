"""What stands before the form and in it: what is known already, what is asked."""

import pytest
from playwright.sync_api import expect

from .conftest import CENTER, DESKTOP
from .steps import reads_receipt, takes_her_time

ASKED = {"ky": "Жайыттын кайсы жеринде?", "ru": "В какой части пастбища?"}


@pytest.fixture
def aida(come, language):
    return come(language, java_script_enabled=False)


def supporters(aida):
    [[total]] = aida.portal.ask("SELECT SUM(supporters) FROM concerns_concern")
    return total


def test_she_finds_that_it_is_known_and_says_that_it_worries_her(aida):
    aida.opens(f"{CENTER}concerns/")
    supported = aida.page.locator("main li").filter(
        has=aida.page.locator(".status.in_progress, .status.registered")
    )
    aida.goes(supported.get_by_role("link").first)
    title = aida.page.get_by_role("heading", level=1).inner_text()
    aida.presses("It worries me too")
    aida.is_at("Counted")
    aida.follows("What is being done about it")
    expect(aida.page.get_by_role("heading", level=1)).to_have_text(title)

    # Pressed again it counts no more, and leads on as the first time.
    counted = supporters(aida)
    aida.presses("It worries me too")
    aida.is_at("Counted")
    assert supporters(aida) == counted > 0


def test_before_the_form_stands_what_is_known(aida):
    aida.opens(f"{CENTER}concerns/new/street_lighting/")
    aida.sees("Is it one of these?")
    aida.follows("None of these: write mine")
    expect(aida.field("What happened?")).to_be_visible()


def test_the_form_asks_what_the_centre_wants_to_know(aida, staff, language):
    coordinator = staff("coordinator", language, java_script_enabled=False, **DESKTOP)
    coordinator.opens("/desk/center/mirmakhmudov/questions/pasture/")
    rows = coordinator.page.locator("[name$=-text_ky]")
    row = rows.last.get_attribute("name").removesuffix("-text_ky")
    coordinator.page.locator(f"[name={row}-kind]").select_option("line")
    for code, text in ASKED.items():
        coordinator.page.locator(f"[name={row}-text_{code}]").fill(text)
    coordinator.presses("Save")
    coordinator.sees("Saved. The form asks these from now on.")

    aida.opens(f"{CENTER}concerns/new/pasture/?new")
    aida.writes("What happened?", "Кошуна айылдын малы биздин жайытта жүрөт.")
    aida.page.get_by_label(ASKED[language]).first.fill("Көл жакта")
    aida.chooses("No", context="involved")
    takes_her_time(aida)
    aida.presses("Send")
    receipt = reads_receipt(aida)

    coordinator.opens(f"/desk/concerns/{receipt.reference}/")
    coordinator.reads(ASKED[language])
    coordinator.reads("Көл жакта")
