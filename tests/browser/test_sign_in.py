"""The first sign-in of a real centre, and those after it: by an app, by a sheet."""

import time
from itertools import count
from re import findall

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.utils.crypto import get_random_string
from playwright.sync_api import expect

from ..portal import Portal, own_database
from .checks import problems
from .conftest import DEMO, sign_in
from .steps import OWN_PASSWORD, sets_password
from .visitor import DESKTOP, PHONE, Visitor

AIMAK = "41706242856000"
NAME = "Сатыбалдиев Уланбек"
numbers = count(100)


@pytest.fixture(scope="module")
def village(tmp_path_factory, shared):
    """A portal without the demo, as a real village opens it."""
    with own_database() as environment:
        words = environment | DEMO | {"DEMO": "0"}
        village = Portal(tmp_path_factory.mktemp("village"), **words)
        village.prepare_once(shared)
        with village:
            yield village


@pytest.fixture
def person(new_context, village, language):
    """Somebody who needs no script."""
    visitor = Visitor(
        new_context(java_script_enabled=False, **DESKTOP), village, language
    )
    yield visitor
    assert visitor.mishaps == []


def opens_center(village, language, login):
    """Open a centre with the command; return its coordinator's link."""
    output = village.manage(
        "open_center",
        f"{language}-{get_random_string(6, 'abcdef')}",
        f"--aimak={AIMAK}",
        "--name-ky=Мирмахмудов",
        "--name-ru=Мирмахмудов",
        f"--coordinator={NAME}",
        f"--{'email' if '@' in login else 'phone'}={login}",
        f"--language={language}",
    )
    return findall(r"http\S+", output)[-1]


def six_digits(secret):
    """Return what an app shows, early enough in its half minute to be typed."""
    while time.time() % 30 > 22:
        time.sleep(0.5)
    return totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30))


def types(person, code):
    person.page.locator("[name=code]").fill(code)
    person.presses("Sign in")


def ticks_sheet(person):
    """Copy the codes of the sheet on the screen, put it in force, return the codes."""
    person.is_at("Sheet of one-time codes")
    codes = person.page.locator("main code").all_inner_texts()
    person.chooses("I have printed or copied the sheet")
    person.presses("Put the sheet in force")
    person.sees("The sheet is in force. Keep it where nobody looks.")
    return codes


def first_sign_in(village, person, login):
    sets_password(person, opens_center(village, person.language, login))
    sign_in(person, login, OWN_PASSWORD)
    person.is_at("Second step of signing in")
    person.opens("/desk/concerns/")
    person.is_at("Second step of signing in")


def test_by_an_app(village, person):
    login = f"{get_random_string(8)}@example.org"
    first_sign_in(village, person, login)
    person.follows("Set up an app")
    secret = person.page.locator("main code").inner_text()
    digits = six_digits(secret)
    person.page.locator("[name=code]").fill(digits)
    person.presses("Switch on")
    person.is_at("Sheet of one-time codes")
    person.opens("/desk/concerns/")
    codes = ticks_sheet(person)
    person.sees("Nothing waits for you now. Thank you for your work.")

    person.presses("Sign out")
    sign_in(person, login, OWN_PASSWORD)
    types(person, digits)
    person.is_at("Second step of signing in")
    person.opens("/desk/")
    person.is_at("Second step of signing in")
    types(person, codes[0])
    person.sees("Waits for you")


def test_by_a_phone_and_a_printed_sheet(village, person):
    phone = f"0770 080 {next(numbers)}"
    first_sign_in(village, person, phone)
    person.follows("Make the sheet")
    sheet = person.page.locator("section.sheet")
    person.page.emulate_media(media="print")
    expect(sheet).to_be_visible()
    expect(person.button("Put the sheet in force")).to_be_hidden()
    paper = person.page.pdf(prefer_css_page_size=True)
    assert len(findall(rb"/Type /Page\b", paper)) == 1
    person.page.emulate_media(media="screen")
    person.presses("Put the sheet in force")
    person.sees("Please correct this")
    codes = ticks_sheet(person)
    assert len(set(codes)) == 20

    for code in codes[:2]:
        person.presses("Sign out")
        sign_in(person, phone.replace(" ", ""), OWN_PASSWORD)
        types(person, code)
        person.sees("Waits for you")
    person.presses("Sign out")
    sign_in(person, phone, OWN_PASSWORD)
    types(person, codes[0])
    person.is_at("Second step of signing in")


def test_a_lost_sheet_and_a_lost_phone(village, person, new_context, language):
    phone = f"0770 080 {next(numbers)}"
    first_sign_in(village, person, phone)
    person.follows("Make the sheet")
    ticks_sheet(person)

    link = findall(r"http\S+", village.manage("new_start", phone))[-1]
    other = Visitor(new_context(**PHONE), village, language)
    other.page.goto(link)
    other.is_at("New start")
    other.writes("Password", OWN_PASSWORD[::-1])
    other.writes("The same password again", OWN_PASSWORD[::-1])
    other.presses("Set the password")
    other.sees("The new password is set: please sign in.")
    sign_in(other, phone, OWN_PASSWORD[::-1])
    other.is_at("Second step of signing in")

    person.opens("/desk/")
    person.is_at("Staff sign-in")
    assert other.mishaps == []


def test_who_finds_a_strange_session_ends_it(village, person, new_context, language):
    phone = f"0770 080 {next(numbers)}"
    first_sign_in(village, person, phone)
    person.follows("Make the sheet")
    codes = ticks_sheet(person)
    agent = "Mozilla/5.0 (Linux; Android 10; K) Chrome/130 Mobile Safari/537.36"
    stranger = Visitor(new_context(user_agent=agent, **PHONE), village, language)
    sign_in(stranger, phone, OWN_PASSWORD)
    types(stranger, codes[0])
    stranger.sees("Waits for you")

    person.opens("/account/")
    row = person.page.get_by_role("row", name=person.say("a phone"))
    person.presses("End this one", row)
    person.sees("It has ended: who is there has to sign in again.")

    stranger.opens("/desk/")
    stranger.is_at("Staff sign-in")


@pytest.mark.parametrize(
    "options",
    [
        pytest.param(PHONE, id="phone"),
        pytest.param(DESKTOP, id="desktop", marks=pytest.mark.proof),
    ],
)
def test_every_page_of_the_way_withstands(options, village, new_context, language):
    person = Visitor(new_context(**options), village, language)
    phone = f"0770 080 {next(numbers)}"
    first_sign_in(village, person, phone)
    found = {"choose": problems(person, on_phones=False)}
    for page in ("app", "sheet"):
        person.opens(f"/account/2fa/{page}/")
        found[page] = problems(person, on_phones=False)
    codes = ticks_sheet(person)
    person.opens("/account/")
    found["account"] = problems(person, on_phones=False)
    person.presses("Sign out")
    sign_in(person, phone, OWN_PASSWORD)
    found["code"] = problems(person, on_phones=False)
    types(person, codes[0])
    person.sees("Waits for you")
    link = findall(r"http\S+", village.manage("new_start", phone))[-1]
    person.page.goto(link)
    found["way back"] = problems(person, on_phones=False)

    assert {page: wrong for page, wrong in found.items() if wrong} == {}
