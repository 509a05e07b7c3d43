"""The secretary at the council's computer: from a new concern to the joint meeting."""

from datetime import date, timedelta
from itertools import count

import pytest
from playwright.sync_api import expect

from centers.workdays import calendar

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
WHY = "Балдар мектептен караңгыда кайтат."
days = (date.today() + timedelta(days=number) for number in count(100))


def a_free_day():
    """Return a working day on which no test has called a meeting yet."""
    return next(day for day in days if calendar(day.year).is_working_day(day))


def publishes(council, receipt):
    opens_concern(council, receipt)
    council.follows("Public text")
    for language, (title, summary) in TEXTS.items():
        council.writes(f"Title in {NAMES[language]}", f"{title} {receipt.number}")
        council.writes(f"Summary in {NAMES[language]}", summary)
    council.presses("Approve and publish")
    council.sees("The text is approved.")


def plans(council, day):
    council.opens("/desk/meetings/")
    council.follows("Schedule a meeting")
    council.writes("Date", str(day))
    council.writes("Time", "15:00")
    for language, venue in VENUES.items():
        council.writes(f"Venue in {NAMES[language]}", venue)
    council.presses("Schedule")


def schedules(council):
    plans(council, a_free_day())
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
    council.page.get_by_label(OFFICER).check()
    council.presses("Give to")
    council.sees_start_of("Given to: %(whom)s.", "whom")

    for reader in ("ky", "ru"):
        title, summary = TEXTS[reader]
        visitor = come(reader)
        # Of the whole list a guest may still be shown a copy of before.
        visitor.opens(f"{CENTER}concerns/?q={receipt.number}")
        visitor.goes(visitor.page.get_by_role("link", name=f"{title} {receipt.number}"))
        visitor.reads(summary)
        visitor.sees_status("Registered")


def test_she_calls_a_joint_meeting_on_it(council, come, receipt, language):
    registers(council, receipt)
    publishes(council, receipt)
    schedules(council)
    adds_concern(council, receipt)
    adds_topic(council)
    council.page.get_by_role("button", name=council.say("Up")).press("Enter")
    council.sees("The order is changed.")
    assert council.path.endswith("#item-1")
    council.presses("Publish")
    council.sees("The notice and the agenda are published.")
    prints_a_notice(council)

    council.follows("The public page")
    prints_a_notice(council)
    items = council.page.locator("main ol > li")
    expect(items.nth(0)).to_contain_text(TOPICS[language])
    expect(items.nth(1)).to_contain_text(TEXTS[language][0])

    visitor = come(language)
    visitor.opens(f"{CENTER}concerns/{receipt.reference}/")
    visitor.sees("It stands on the agenda of this meeting.")


def prints_a_notice(council):
    council.page.emulate_media(media="print")
    for on_paper in (VENUES[council.language], TOPICS[council.language]):
        council.reads(on_paper)
    for not_on_paper in council.page.locator("nav, button, .button, summary").all():
        expect(not_on_paper).to_be_hidden()
    council.page.emulate_media(media="screen")


def test_she_is_warned_of_another_meeting_and_loses_no_word(council, language):
    day = a_free_day()
    plans(council, day)
    council.sees("The meeting is scheduled; now its agenda.")

    plans(council, day)

    council.sees("The centre has another meeting at this time:")
    for reader, venue in VENUES.items():
        expect(council.field(f"Venue in {NAMES[reader]}")).to_have_value(venue)
    council.presses("Schedule all the same")
    council.sees("The meeting is scheduled; now its agenda.")


def test_she_puts_on_the_agenda_what_a_member_proposed(
    council, staff, receipt, language, script
):
    registers(council, receipt)
    publishes(council, receipt)
    member = staff("community", language, java_script_enabled=script)
    member.opens("/desk/concerns/summaries/")
    title = f"{TEXTS[language][0]} {receipt.number}"
    member.goes(member.page.get_by_role("link", name=title))
    proposes(member)
    member.presses("Take my proposal back")
    member.sees("Your proposal is taken back.")
    proposes(member, WHY)

    schedules(council)
    wish = council.page.locator("#waiting label", has_text=receipt.number)
    expect(wish).to_contain_text(member.page.locator(".who").inner_text())
    expect(wish).to_contain_text(WHY)
    wish.get_by_role("checkbox").check()
    council.presses("Put on the agenda")

    expect(council.page.locator(".agenda > li")).to_contain_text(title)
    expect(council.page.get_by_text(WHY)).to_have_count(0)
    council.presses("Publish")
    member.opens(f"/desk/meetings/propose/{receipt.reference}/")
    member.sees("It stands on the agenda of this meeting.")


def proposes(member, words=""):
    if not words:
        member.follows("Propose for a meeting")
    member.writes("Why it should be discussed", words)
    member.presses("Propose")
    member.sees("You have proposed it for the next agenda.")


def test_a_confidential_concern_is_not_offered_for_an_agenda(council, come, language):
    secret = files(come(language), category=SECRET)
    schedules(council)

    act = council.form("concern")

    options = act.locator("option").all_inner_texts()
    assert len(options) > 1
    assert not any(secret.number in option for option in options)
