"""Without a mouse or a finger: Tab, the arrows, Enter and Space do everything."""

from playwright.sync_api import expect

from .conftest import CENTER
from .steps import CATEGORY, WORDS, files, reads_receipt, registers

IN_VIEW = """element => {
  const box = element.getBoundingClientRect();
  const top = document.elementFromPoint(box.x + box.width / 2, box.y + 2);
  return element === document.activeElement && box.bottom <= innerHeight + 1
    && box.top >= -1 && (element.contains(top) || top.contains(element));
}"""


def tabs_to(person, target):
    """Press Tab until a thing has the focus; it must then be seen, not covered."""
    for _ in range(120):
        person.page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):
            assert target.evaluate(IN_VIEW) or target.bounding_box()["height"] > 500
            return
    raise AssertionError(f"Tab never comes to {target}")


def enters(person, target):
    tabs_to(person, target)
    person.page.keyboard.press("Enter")


def link(person, words):
    return person.page.get_by_role("link", name=person.say(words), exact=True).first


def test_she_files_with_the_keyboard_alone(aida):
    aida.opens(CENTER)
    aida.page.keyboard.press("Tab")
    expect(link(aida, "Skip to the content")).to_be_focused()
    aida.page.keyboard.press("Enter")
    expect(aida.page.locator("main")).to_be_focused()
    enters(aida, link(aida, "Report a concern"))
    aida.is_at("What worries you?")
    way = aida.page.locator(f"a[href$='/{CATEGORY}/']")
    enters(aida, aida.page.locator("details", has=way).locator("summary"))
    enters(aida, way)
    # Where something of this category is known already, that comes first.
    aida.page.wait_for_url("**/concerns/new/*/")
    if link(aida, "None of these: write mine").count():
        enters(aida, link(aida, "None of these: write mine"))

    tabs_to(aida, aida.field("What happened?"))
    aida.page.keyboard.type("Айнек сындырышты.")
    no = aida.page.get_by_label(aida.say("No", context="involved"), exact=True)
    tabs_to(aida, no)
    aida.page.keyboard.press("Space")
    expect(no).to_be_checked()
    enters(aida, aida.button("Send"))

    reads_receipt(aida)


def test_she_is_led_from_a_mistake_to_its_field(aida):
    aida.opens(f"{CENTER}concerns/new/{CATEGORY}/?new")
    aida.writes("What happened?", WORDS)
    enters(aida, aida.button("Send"))

    expect(aida.page.get_by_role("alert")).to_be_focused()
    aida.page.keyboard.press("Tab")
    aida.page.keyboard.press("Enter")

    no = aida.page.get_by_label(aida.say("No", context="involved"), exact=True)
    expect(no).to_be_focused()
    expect(aida.field("What happened?")).to_have_value(WORDS)


def test_he_moves_a_concern_with_the_keyboard_alone(
    come, officer, coordinator, language
):
    receipt = files(come(language))
    registers(coordinator, receipt)

    officer.opens("/desk/")
    enters(officer, link(officer, "All that is open"))
    tabs_to(officer, officer.field("Number or public title"))
    officer.page.keyboard.type(receipt.number)
    officer.page.keyboard.press("Enter")
    enters(officer, link(officer, "Change the status"))
    act = officer.page.locator("#move")
    tabs_to(officer, act.get_by_role("radio").first)
    officer.page.keyboard.press("Space")
    tabs_to(officer, officer.field("Words to the reporter", act))
    officer.page.keyboard.type("Иш башталды.")
    enters(officer, officer.button("Change", act))

    officer.sees_status("In progress")


# The keys of the desk, which only a script knows


def test_he_works_through_his_list_by_single_keys(come, staff, coordinator, language):
    receipt = files(come(language))
    registers(coordinator, receipt)
    officer = staff("officer", language)
    press = officer.page.keyboard.press
    links = officer.page.locator(".queue tbody th a")

    officer.opens("/desk/")
    press("KeyC")
    officer.is_at("Concerns")
    officer.page.wait_for_load_state()
    press("KeyJ")
    press("KeyJ")
    expect(links.nth(1)).to_be_focused()
    press("KeyK")
    expect(links.first).to_be_focused()
    press("Slash")
    officer.page.keyboard.type("tcm")
    expect(officer.field("Number or public title")).to_have_value("tcm")
    press("Escape")
    press("KeyT")
    officer.is_at("Today")

    officer.opens(f"/desk/concerns/{receipt.reference}/")
    press("KeyS")
    expect(officer.page.locator("#move :focus")).to_have_count(1)


def test_she_ticks_and_gives_by_single_keys(staff, language):
    coordinator = staff("coordinator", language)
    coordinator.opens("/desk/concerns/")
    press = coordinator.page.keyboard.press

    press("KeyJ")
    press("KeyX")
    expect(coordinator.page.locator(".queue [type=checkbox]").first).to_be_checked()
    press("KeyG")
    to = coordinator.field("Give those that are ticked to")
    expect(to).to_be_focused()


def test_the_question_mark_of_a_russian_keyboard_opens_the_keys(staff, language):
    officer = staff("officer", language)
    officer.opens("/desk/")
    typed = {"key": "?", "code": "Digit7", "shiftKey": True, "bubbles": True}

    officer.page.locator("body").dispatch_event("keydown", typed)

    officer.is_at("Keys")


def test_who_switches_the_keys_off_is_left_alone(staff, language):
    officer = staff("officer", language)
    officer.opens("/desk/")
    officer.page.keyboard.press("Shift+Slash")
    officer.is_at("Keys")
    officer.presses("Switch off")

    officer.page.keyboard.press("KeyC")
    officer.is_at("Keys")
    officer.presses("Switch on")
