"""The secretary at the council's computer: from a new concern to the joint meeting."""

from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

from .conftest import CENTER
from .steps import SECRET, files, opens_concern, registers

TEXTS = {
    "ky": ("Дүкөндүн жанында мушташуу", "Кечинде жаштар чогулуп, чыр чыгат."),
    "ru": ("Драки у магазина", "По вечерам собирается молодёжь, бывают драки."),
}
NAMES = {"ky": "Kyrgyz", "ru": "Russian"}
TOPICS = {"ky": "Кечки күзөттүн тартиби", "ru": "Порядок вечернего дежурства"}
VENUES = {"ky": "Борбордун имараты", "ru": "Здание центра"}
OFFICER = "Асанбеков Нурлан Эркинович"


def publishes(council, receipt):
    opens_concern(council, receipt)
    council.follows("Public text")
    for language, (title, summary) in TEXTS.items():
        council.writes(f"Title in {NAMES[language]}", f"{title} {receipt.number}")
        council.writes(f"Summary in {NAMES[language]}", summary)
    council.presses("Approve and publish")
    council.sees("The text is approved.")


def schedules(council):
    council.opens("/desk/meetings/")
    council.follows("Schedule a meeting")
    council.writes("Date", str(date.today() + timedelta(days=20)))
    council.writes("Time", "15:00")
    for language, venue in VENUES.items():
        council.writes(f"Venue in {NAMES[language]}", venue)
    council.presses("Schedule")
    council.sees("The meeting is scheduled; now its agenda.")


def adds_concern(council, receipt):
    act = council.form("concern")
    council.selects("Concern", receipt.number, act)
    council.presses("Add", act)
    council.sees("It is on the agenda.")


def adds_topic(council):
    act = council.form("topic")
    for language, topic in TOPICS.items():
        council.writes(f"Topic in {NAMES[language]}", topic, act)
    council.presses("Add", act)
    council.sees("It is on the agenda.")


@pytest.fixture
def receipt(come, language):
    """What Aida got; she allowed a summary."""
    aida = come(language)
    return files(aida, may_publish=True)


def test_she_registers_publishes_and_hands_over(council, come, receipt, language):
    registers(council, receipt)
    publishes(council, receipt)
    opens_concern(council, receipt)
    council.follows("Give to")
    council.page.get_by_label("Милиция:").check()
    council.selects("Person", OFFICER)
    council.presses("Give to")
    council.sees("It is handed over.")

    for reader in ("ky", "ru"):
        title, summary = TEXTS[reader]
        visitor = come(reader)
        visitor.opens(f"{CENTER}concerns/")
        visitor.page.get_by_role("link", name=f"{title} {receipt.number}").click()
        visitor.reads(summary)
        visitor.sees_status("Registered")


def test_she_calls_a_joint_meeting_on_it(council, come, receipt, language):
    registers(council, receipt)
    publishes(council, receipt)
    schedules(council)
    adds_concern(council, receipt)
    adds_topic(council)
    council.page.get_by_role("button", name=council.say("Up")).click()
    council.sees("The order is changed.")
    council.presses("Publish")
    council.sees("The notice and the agenda are published.")

    council.follows("The public page")
    items = council.page.locator("main ol > li")
    expect(items.nth(0)).to_contain_text(TOPICS[language])
    expect(items.nth(1)).to_contain_text(TEXTS[language][0])

    visitor = come(language)
    visitor.opens(f"{CENTER}concerns/{receipt.reference}/")
    visitor.sees("It stands on the agenda of this meeting.")


def test_a_confidential_concern_is_not_offered_for_an_agenda(council, come, language):
    secret = files(come(language), category=SECRET)
    schedules(council)

    act = council.form("concern")

    options = act.locator("option").all_inner_texts()
    assert len(options) > 1
    assert not any(secret.number in option for option in options)
