"""The coordinator's members: invited, at work, given another role, gone."""

from itertools import count

from playwright.sync_api import expect

from .conftest import sign_in
from .steps import OWN_PASSWORD, sets_password

MEMBERS = "/desk/members/mirmakhmudov/"
NAME = "Сатыбалдиев Уланбек"
numbers = count(1)


def test_she_invites_changes_a_role_and_ends_a_membership(coordinator, come, language):
    email = f"ulan{next(numbers)}@example.org"
    coordinator.opens(MEMBERS)
    coordinator.follows("Invite")
    coordinator.writes("full name", NAME)
    coordinator.writes("e-mail", email)
    coordinator.selects("Partner", "Мирмахмудов")
    coordinator.selects("role", coordinator.say("member"))
    coordinator.page.locator(f"[name=language][value={language}]").check()
    coordinator.presses("Invite")
    link = coordinator.field("The link").input_value()

    ulan = come(language)
    sets_password(ulan, link)
    sign_in(ulan, email, OWN_PASSWORD)
    ulan.sees("Waits for you")
    assert ulan.page.goto(link).status == 404

    coordinator.opens(MEMBERS)
    coordinator.goes(coordinator.page.get_by_role("link", name=NAME).last)
    coordinator.chooses("intake person")
    coordinator.presses("Change the role")
    coordinator.sees("The role is changed.")
    ulan.opens("/desk/")
    expect(ulan.page.get_by_role("complementary")).to_contain_text(
        ulan.say("intake person"), ignore_case=True
    )

    coordinator.goes(coordinator.page.get_by_role("link", name=NAME).last)
    coordinator.unfolds("End the membership")
    coordinator.presses("End it now")
    coordinator.sees("The membership has ended.")
    assert ulan.opens("/desk/concerns/").status == 403
