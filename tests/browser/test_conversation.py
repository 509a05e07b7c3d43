"""The conversation from a question to "yes, and safer"; then the code is ended."""

from .steps import files, follows, moves, opens_concern, registers

QUESTION = "Бул качан болду, саат канчада?"
ANSWER = "Кечээ кечки сегизде."
DONE = "Кечинде күзөт коюлду, айнек салынды."
REASON = "Күзөт бар, бирок айнек салына элек."


def says(resident, solved, reason="", safer=""):
    resident.chooses(solved)
    if reason:
        resident.writes("What is not solved?", reason)
    if safer:
        resident.chooses(safer, context="safer")
    resident.presses("Send the answer")


def test_they_talk_until_it_is_solved_and_she_ends_the_code(aida, coordinator):
    receipt = files(aida)
    registers(coordinator, receipt)
    moves(coordinator, receipt, "Clarification needed", QUESTION)

    follows(aida, receipt.code)
    aida.reads(QUESTION)
    assert aida.page.get_by_text(aida.say("new", context="line"), exact=True).count()
    aida.writes("Your message", ANSWER)
    aida.presses("Send the answer")
    aida.sees_status("In progress")

    coordinator.opens("/desk/concerns/?state=unread")
    coordinator.reads(receipt.number)
    opens_concern(coordinator, receipt)
    coordinator.reads(ANSWER)
    coordinator.opens("/desk/concerns/?state=unread")
    coordinator.sees_not(receipt.number)

    moves(coordinator, receipt, "Resolved", DONE)
    follows(aida, receipt.code)
    aida.reads(DONE)
    says(aida, "Partly")
    aida.sees("Write what is not solved.")
    says(aida, "Partly", REASON)
    aida.sees_status("In progress")

    moves(coordinator, receipt, "Resolved", DONE)
    coordinator.reads(REASON)
    coordinator.sees("Partly")
    follows(aida, receipt.code)
    says(aida, "Yes, it is solved", safer="Yes")
    aida.sees_status("Closed")
    opens_concern(coordinator, receipt)
    coordinator.sees("Feels safer")

    aida.unfolds("End the code")
    aida.chooses("I am sure: my code is to open nothing any more")
    aida.presses("End the code")
    aida.is_at("Your code has ended")
    follows(aida, receipt.code)
    aida.sees("No report opens with this code. Please check the digits.")


def test_the_other_language_keeps_what_she_chose_and_wrote(aida, coordinator):
    receipt = files(aida)
    registers(coordinator, receipt)
    moves(coordinator, receipt, "In progress", "")
    moves(coordinator, receipt, "Resolved", DONE)
    follows(aida, receipt.code)
    aida.chooses("Partly")
    aida.writes("What is not solved?", REASON)
    aida.writes("Your message", ANSWER)

    other = {"ky": "Русский", "ru": "Кыргызча"}[aida.language]
    aida.goes(aida.page.get_by_role("button", name=other, exact=True))

    assert aida.page.locator("[name=solved][value=partly]").is_checked()
    assert aida.page.locator("[name=reason]").input_value() == REASON
    assert aida.page.locator("[name=answer-text]").input_value() == ANSWER
