"""A meeting from its beginning to its end, at the secretary's computer."""

from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

from .checks import problems
from .steps import files, has_its_hour, registers
from .test_council import adds_concern, adds_topic, publishes, schedules

pytestmark = pytest.mark.scripted

HEARD = {"ky": "Участкалык инспектор уктурду.", "ru": "Доложил участковый инспектор."}
DECIDED = {"ky": "Дүкөндүн жанына чырак коюлсун.", "ru": "Поставить фонарь у магазина."}
TASKS = {"ky": "Чырак коюу", "ru": "Поставить фонарь"}
NAMES = {"ky": "Kyrgyz", "ru": "Russian"}


@pytest.fixture
def meeting(council, come, language, portal):
    """A joint meeting on Aida's concern, the hour of which has come."""
    receipt = files(come(language), may_publish=True)
    registers(council, receipt)
    publishes(council, receipt)
    schedules(council)
    adds_concern(council, receipt)
    adds_topic(council)
    council.presses("Publish")
    council.sees("The notice and the agenda are published.")
    path = council.path
    has_its_hour(portal, path)
    return path.removeprefix("/ru"), receipt


def notes_who_came(council):
    council.page.get_by_label("Асанбеков Нурлан Эркинович").check()
    council.page.locator("[name='women_29-59']").fill("14")
    council.presses("Note who came")
    council.sees("It is noted who came.")
    expect(council.page.locator("aside .facts")).to_contain_text("14")
    # The names of the three partners are long.
    assert problems(council, on_phones=False) == []


def records(council):
    for language, words in HEARD.items():
        council.writes(f"Heard, in {NAMES[language]}", words)
    council.chooses("Decided")
    for language, words in DECIDED.items():
        council.writes(f"Decision in {NAMES[language]}", words)
    council.chooses("By vote")
    for votes, number in (("for", 9), ("against", 1), ("abstained", 0)):
        council.page.locator(f"[name=votes_{votes}]").fill(str(number))
    council.presses("Save")
    council.sees("It is recorded.")


def notes_the_end(council):
    """Note the end of a meeting whose last question was not dealt with."""
    council.presses("Note the end")
    council.presses("Note the end all the same")


def says_who_does_it(council, person="", due_on=None):
    due_on = due_on or date.today() + timedelta(days=30)
    council.presses("Save, and add who does what")
    for language, words in TASKS.items():
        council.writes(f"What to do, in {NAMES[language]}", words)
    if person:
        council.selects("Who does it", "Милиция")
        council.selects("Responsible person", person)
    else:
        council.page.locator("[name=partner]").select_option(index=1)
    council.writes("By when", str(due_on))
    council.presses("Add")
    council.sees("It is recorded who does it.")


def test_a_meeting_is_recorded_on_one_screen_and_read_when_it_has_ended(
    council, come, language, meeting
):
    path, receipt = meeting
    council.opens(path)
    council.presses("The meeting has begun")
    council.sees("Now record who came and what was decided.")
    notes_who_came(council)
    council.follows("Go on with the agenda")
    records(council)
    says_who_does_it(council)

    aida = come(language)
    aida.opens(f"/mirmakhmudov/concerns/{receipt.reference}/")
    expect(aida.page.get_by_text(DECIDED[language])).to_have_count(0)

    council.follows("Who came, and the end of the meeting")
    notes_the_end(council)
    council.sees("The end is noted: what was decided is read now.")
    # Of her own page a guest may still be shown a copy of before.
    council.follows("The public page")
    aida.opens(council.path.removeprefix("/ru"))
    aida.reads(DECIDED[language])
    aida.reads(TASKS[language])


@pytest.mark.parametrize("script", [True], ids=["script"])
def test_what_is_typed_is_kept_by_itself_and_survives_a_lost_line_and_the_end(
    council, meeting, script
):
    path, _receipt = meeting
    council.opens(path)
    council.presses("The meeting has begun")
    council.follows("Go on with the agenda")
    heard = council.field("Heard, in Kyrgyz")

    heard.fill("Биринчи сөз")
    council.sees("Kept.", context="typed")
    council.page.reload()
    expect(heard).to_have_value("Биринчи сөз")

    council.context.set_offline(True)
    heard.fill("Экинчи сөз")
    council.sees("Not sent yet: kept in this browser.")
    council.mishaps.clear()
    council.context.set_offline(False)
    council.page.reload()
    expect(heard).to_have_value("Экинчи сөз")
    council.sees("Kept.", context="typed")

    council.context.set_offline(True)
    heard.fill("Үчүнчү сөз")
    council.sees("Not sent yet: kept in this browser.")
    council.mishaps.clear()
    council.context.set_offline(False)
    council.follows("Who came, and the end of the meeting")
    notes_the_end(council)
    notice = council.page.locator("[data-unsent]")
    expect(notice).to_contain_text("Үчүнчү сөз")
    notice.get_by_role("link").click()
    expect(heard).to_have_value("Экинчи сөз")
    expect(notice).to_contain_text(council.say("Heard, in Kyrgyz"))
    expect(notice).to_contain_text("Үчүнчү сөз")
    council.button("Forget these words").click()
    expect(notice).to_be_hidden()
    council.page.reload()
    expect(notice).to_be_hidden()
