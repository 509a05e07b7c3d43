"""The coordinator's members: invited, at work, given another role, gone."""

import time
from itertools import count
from re import findall

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.utils.crypto import get_random_string
from playwright.sync_api import expect

from ..portal import Portal, own_database
from .conftest import DEMO, sign_in
from .visitor import DESKTOP, Visitor

MEMBERS = "/desk/members/mirmakhmudov/"
NAME = "Сатыбалдиев Уланбек"
PASSWORD = "боз торгой кечинде сайрайт"
AIMAK = "41706242856000"
numbers = count(1)


def sets_password(person, link):
    person.page.goto(link)
    person.is_at("You are invited")
    person.writes("Password", PASSWORD)
    person.writes("The same password again", PASSWORD)
    person.presses("Set the password")
    person.is_at("Staff sign-in")
    person.sees("Your account is ready: please sign in.")


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
    sign_in(ulan, email, PASSWORD)
    ulan.sees("Waits for you")
    assert ulan.page.goto(link).status == 404

    coordinator.opens(MEMBERS)
    coordinator.page.get_by_role("link", name=NAME).last.click()
    coordinator.chooses("intake person")
    coordinator.presses("Change the role")
    coordinator.sees("The role is changed.")
    ulan.opens("/desk/")
    expect(ulan.page.get_by_role("complementary")).to_contain_text(
        ulan.say("intake person"), ignore_case=True
    )

    coordinator.page.get_by_role("link", name=NAME).last.click()
    coordinator.unfolds("End the membership")
    coordinator.presses("End it now")
    coordinator.sees("The membership has ended.")
    assert ulan.opens("/desk/concerns/").status == 403


@pytest.fixture(scope="module")
def village(tmp_path_factory):
    """A portal without the demo, as a real village opens it."""
    with (
        own_database() as environment,
        Portal(
            tmp_path_factory.mktemp("village"), **environment | DEMO | {"DEMO": "0"}
        ) as village,
    ):
        yield village


def opens_center(village, language, email):
    """Open a centre with the command; return its coordinator's link."""
    output = village.manage(
        "open_center",
        f"{language}-{get_random_string(6, 'abcdef')}",
        f"--aimak={AIMAK}",
        "--name-ky=Мирмахмудов",
        "--name-ru=Мирмахмудов",
        f"--coordinator={NAME}",
        f"--email={email}",
        f"--language={language}",
    )
    return findall(r"http\S+", output)[-1]


def six_digits(secret):
    """Return what her app shows, early enough in its half minute to be typed."""
    while time.time() % 30 > 22:
        time.sleep(0.5)
    return totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30))


def types(person, code):
    person.page.locator("[name=code]").fill(code)
    person.presses("Sign in")


def test_a_real_centre_opens_to_a_second_factor_only(new_context, village, language):
    email = f"{get_random_string(8)}@example.org"
    link = opens_center(village, language, email)
    person = Visitor(new_context(**DESKTOP), village, language)
    sets_password(person, link)

    sign_in(person, email, PASSWORD)
    person.is_at("Confirm that it is you")
    person.page.locator("[name=password]").fill(PASSWORD)
    person.presses("Confirm")
    person.is_at("Switch on the second step")
    person.opens("/desk/concerns/")
    person.is_at("Switch on the second step")
    secret = person.page.locator("code").inner_text()
    person.page.locator("[name=code]").fill(six_digits(secret))
    person.presses("Switch on")
    person.is_at("Recovery codes")
    codes = person.page.locator("main code").all_inner_texts()
    person.follows("To the desk")
    person.sees("Nothing waits for you now. Thank you for your work.")

    person.presses("Sign out")
    sign_in(person, email, PASSWORD)
    person.is_at("Second step of signing in")
    person.opens("/desk/")
    person.is_at("Second step of signing in")
    digits = six_digits(secret)
    types(person, digits)
    person.sees("Waits for you")

    person.presses("Sign out")
    sign_in(person, email, PASSWORD)
    types(person, digits)
    person.is_at("Second step of signing in")
    types(person, codes[0])
    person.sees("Waits for you")
    assert person.mishaps == []
