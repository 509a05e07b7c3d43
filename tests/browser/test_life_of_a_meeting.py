"""A meeting from a member's wish to the paper that everybody reads, by all its people.

Without script: what it does besides is walked in `test_meeting`.
"""

from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

from .checks import problems
from .conftest import CENTER
from .steps import files, follows, has_its_hour, registers
from .test_council import OFFICER, TEXTS, WHY, adds_topic, publishes, schedules
from .test_meeting import DECIDED, TASKS, notes_who_came, records, says_who_does_it

GUEST = "Сатыбалдиева Гүлзат"
PROGRESS = "Чырак сатып алынды, эртең коюлат."
DONE = "Чырак коюлду, кечинде көчө жарык."


@pytest.fixture
def community(staff, language, script):
    return staff("community", language, java_script_enabled=script)


@pytest.fixture
def receipt(aida, council):
    """What Aida got for a concern that is registered and published."""
    receipt = files(aida, may_publish=True)
    registers(council, receipt)
    publishes(council, receipt)
    return receipt


# Before it


def proposes(community, receipt):
    community.opens("/desk/concerns/summaries/")
    title = f"{TEXTS[community.language][0]} {receipt.number}"
    community.goes(community.page.get_by_role("link", name=title))
    community.follows("Propose for a meeting")
    community.writes("Why it should be discussed", WHY)
    community.presses("Propose")
    community.sees("You have proposed it for the next agenda.")


def calls_a_meeting(council, receipt):
    """Draft its agenda of what waits, publish it, and return its address."""
    schedules(council)
    wish = council.page.locator("#waiting label", has_text=receipt.number)
    expect(wish).to_contain_text(WHY)
    wish.get_by_role("checkbox").check()
    council.presses("Put on the agenda")
    adds_topic(council)
    council.presses("Publish")
    council.sees("The notice and the agenda are published.")
    return council.path.removeprefix("/ru")


def invites(council):
    """Invite a guest who has a phone alone, and return the link to send to her."""
    council.follows("Who is invited")
    act = council.form("guest")
    council.writes("Full name", GUEST, act)
    council.writes("Phone number", "0770 080 050", act)
    council.presses("Invite", act)
    return row_of_guest(council).locator(".soft").inner_text()


def row_of_guest(council):
    return council.page.locator("ul.rows > li", has_text=GUEST)


def answers(guest, link):
    guest.page.goto(link)
    guest.reads(GUEST)
    guest.chooses("Yes, I will come", context="answer")
    guest.chooses("Transport there and back")
    answer = guest.say("Answer", context="to do")
    guest.goes(guest.page.get_by_role("button", name=answer, exact=True))
    guest.sees("Thank you, your answer is kept.")


def sees_who_comes(council):
    council.page.reload()
    row = row_of_guest(council)
    expect(row).to_contain_text(council.say("Will come", context="invitation"))
    expect(row).to_contain_text(council.say("transport"))


# While it goes on


def runs(council, path):
    """Note who came, what was decided, who does it, and that it ended."""
    council.opens(path)
    council.presses("The meeting has begun")
    notes_who_came(council)
    council.follows("Go on with the agenda")
    council.field("Move the concern itself").select_option("in_progress")
    records(council)
    says_who_does_it(council, OFFICER, date.today() + timedelta(days=3))
    council.goes(council.page.locator("aside ol a").nth(1))
    council.chooses("Taken note of, nothing to decide")
    council.presses("Save")
    council.follows("Who came, and the end of the meeting")
    council.presses("Note the end")
    council.sees("The end is noted: what was decided is read now.")


# What became of it


def does_it(officer):
    """Find on his phone what he promised, say how far it is, and that it is done."""
    officer.opens("/desk/")
    officer.sees("What you promised")
    officer.goes(officer.page.get_by_role("link", name=TASKS[officer.language]).first)
    act = officer.form("progress")
    officer.writes("What is done so far", PROGRESS, act)
    officer.presses("Write how far it has come", act)
    officer.sees("It is written down.")
    act = officer.form("done")
    officer.writes("What was done", DONE, act)
    officer.presses("It is done", act)
    officer.sees("It is noted as done: a meeting or the reporter confirms it.")


def confirms(aida, receipt):
    follows(aida, receipt.code)
    aida.sees_status("In progress")
    aida.reads(TASKS[aida.language])
    for words in (PROGRESS, DONE):
        aida.reads(words)
    form = aida.page.locator("#promised + ul .slip")
    aida.chooses("Yes", form, context="done")
    aida.presses("Send the answer", form)
    expect(aida.page.locator("#promised + ul .slip")).to_have_count(0)
    aida.reads(aida.say("done and confirmed", context="action").capitalize())


# The paper of it


def puts_up(council, path):
    council.opens(path)
    council.follows("Make the protocol")
    council.sees("Draft")
    council.presses("Put it up for approval")
    council.sees("It is up for approval: each of the three partners reads it now.")


def approves(member, path):
    member.opens(f"{path}protocol/")
    member.reads(DECIDED[member.language])
    button = member.page.locator("form[action$='/approve/'] button")
    member.goes(button)
    member.sees("You have approved the protocol.")


def reads_all(visitor, path, receipt):
    """Read, as anybody, the protocol, its files, the plan and what became of it."""
    reference = path.strip("/").rpartition("/")[2]
    visitor.opens(f"{CENTER}meetings/{reference}/")
    visitor.follows("Protocol of the meeting")
    visitor.reads(DECIDED[visitor.language])
    expect(visitor.page.get_by_text(OFFICER)).to_have_count(0)
    for link, beginning in (("As PDF", b"%PDF-"), ("As a Word file", b"PK")):
        href = visitor.page.get_by_role("link", name=visitor.say(link))
        address = visitor.portal.url + href.get_attribute("href")
        assert visitor.context.request.get(address).body().startswith(beginning)
    visitor.opens(f"{CENTER}plan/?state=confirmed")
    title = f"{TEXTS[visitor.language][0]} {receipt.number}"
    row = visitor.page.locator("#found > ul > li", has_text=title)
    expect(row).to_contain_text(TASKS[visitor.language])
    visitor.goes(row.get_by_role("link", name=title))
    visitor.sees("At the meetings")
    visitor.reads(DECIDED[visitor.language])


def test_a_wish_becomes_a_decision_that_is_done_confirmed_and_on_paper(
    aida, community, council, officer, come, receipt, language, script, portal
):
    proposes(community, receipt)
    path = calls_a_meeting(council, receipt)
    link = invites(council)
    guest = come(language, java_script_enabled=script)
    answers(guest, link)
    looker = come(language)
    looker.page.goto(link)
    assert problems(looker, on_phones=True) == []
    sees_who_comes(council)

    has_its_hour(portal, path)
    runs(council, path)

    does_it(officer)
    follows(looker, receipt.code)
    assert problems(looker, on_phones=True) == []
    confirms(aida, receipt)

    puts_up(council, path)
    for member in (council, officer, community):
        approves(member, path)
    reads_all(come(language, java_script_enabled=script), path, receipt)
