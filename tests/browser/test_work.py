"""Work on concerns: several hands, a note, a ready text, a merge, many at once."""

import re

import pytest
from playwright.sync_api import expect

from .steps import files, finds_concern, opens_concern, registers

pytestmark = pytest.mark.scripted

WORDS = "Көчөдөн көргөн бар, сүйлөшүп көрөлү."


def hands_over(coordinator, receipt):
    """Give it to all of the police that the page names; return how many they are."""
    opens_concern(coordinator, receipt)
    coordinator.follows("Give to")
    coordinator.page.get_by_label("Милиция:").check()
    boxes = coordinator.page.locator("[name=person]")
    police = [
        box
        for box in boxes.all()
        if coordinator.say("police") in box.locator("xpath=..").inner_text()
    ][:2]
    for box in police:
        box.check()
    coordinator.presses("Give to")
    coordinator.sees_start_of("Given to: %(whom)s.", "whom")
    return len(police)


def test_a_coordinator_works_on_a_concern(coordinator, come, language):
    # Of a category of their own, among which they stand on the first page.
    first, second = (files(come(language), category="road_safety") for _ in range(2))
    registers(coordinator, first)
    registers(coordinator, second)

    assert hands_over(coordinator, first) >= 1

    coordinator.follows("Write an internal note")
    coordinator.writes("Note", WORDS)
    coordinator.page.locator("[name=people]").first.check()
    coordinator.presses("Write an internal note")
    coordinator.reads(WORDS)

    act = coordinator.form("move")
    coordinator.field("Ready text", act).select_option(index=1)
    coordinator.presses("Insert the text", act)
    expect(coordinator.field("Words to the reporter")).to_have_value(
        re.compile("Саламатсызбы|Здравствуйте")
    )

    coordinator.opens(f"/desk/concerns/{first.reference}/similar/")
    coordinator.page.locator(f"[name=repeat][value^='{second.reference}.']").check()
    coordinator.presses("Those that are ticked repeat it")
    opens_concern(coordinator, second)
    coordinator.sees_status("Merged with a similar one")
    coordinator.opens(f"/desk/concerns/{first.reference}/similar/")
    coordinator.goes(
        coordinator.page.locator(f"[name=undo][value^='{second.reference}.']")
    )
    opens_concern(coordinator, second)
    coordinator.sees_status("Registered")

    coordinator.opens(
        "/desk/concerns/?state=registered&partner=nobody&category=road_safety"
    )
    coordinator.page.locator(f"[name=row][value^='{second.reference}.']").check()
    coordinator.page.locator("[name=to]").select_option(index=1)
    coordinator.presses("Give to")
    coordinator.sees_start_of("Given to %(whom)s: %(numbers)s.", "whom")
    finds_concern_given(coordinator, second)


def finds_concern_given(coordinator, receipt):
    coordinator.opens("/desk/")
    finds_concern(coordinator, receipt)
    expect(coordinator.page.locator("dl.facts")).not_to_contain_text("—")
