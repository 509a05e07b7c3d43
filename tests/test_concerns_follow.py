"""What a code opens, for how long, and what it leaves behind: nothing."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from centers.models import Limit
from concerns import actions, codes
from concerns.models import Concern
from concerns.workflow import Status

from .factories import key_number, make_concern, numbers
from .following import ANSWER, CONCERN, ENTER, MESSAGE, WITHDRAW, enter, follow, read
from .pages import without_tokens

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cheap_codes")]

S = Status


def never_issued():
    """Return a well-formed code that opens nothing."""
    return codes.derive(key_number(next(numbers)))


# What opens


def test_a_code_opens_its_concern_and_no_other(aida):
    make_concern(text="Башка бирөөнүкү")
    mine = make_concern(text="Меники")

    follow(aida, mine)

    page = read(aida)
    assert "Меники" in page
    assert mine.number in page
    assert "Башка бирөөнүкү" not in page


@pytest.mark.parametrize(
    "typed",
    [
        lambda code: code,
        codes.grouped,
        lambda code: codes.grouped(code).replace(" ", "-"),
        lambda code: f"  {codes.grouped(code)}.",
        lambda code: code.replace("0", "О").replace("3", "З"),
        lambda code: code.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")),
    ],
    ids=["digits", "fours", "dashes", "blanks", "cyrillic", "arabic"],
)
def test_a_code_opens_however_it_is_typed(typed, aida):
    concern = make_concern()

    response = enter(aida, typed(concern.code))

    assert response["Location"] == CONCERN


def test_the_address_is_the_same_for_everybody(aida):
    concern = make_concern()

    response = enter(aida, concern.code)

    assert response["Location"] == CONCERN
    assert concern.code not in str(response.headers)
    assert concern.reference not in str(response.headers)


def test_a_code_made_with_an_earlier_secret_still_opens(aida, settings):
    concern = make_concern()

    settings.CODE_KEYS = ["a new secret", *settings.CODE_KEYS]

    assert enter(aida, concern.code).status_code == 302


def test_opening_changes_the_key_of_the_session(aida):
    follow(aida, make_concern())
    first = aida.session.session_key

    follow(aida, make_concern())

    assert aida.session.session_key != first


def test_the_session_keeps_neither_the_code_nor_the_words(aida):
    concern = follow(aida, make_concern(text="Меники"))

    kept = str(dict(aida.session))
    assert concern.code not in kept
    assert "Меники" not in kept


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_code_in_an_address_opens_nothing(method, aida):
    concern = make_concern()

    getattr(aida, method)(f"{ENTER}?c={concern.code}")

    assert aida.get(CONCERN).status_code == 302


# What does not


def ended():
    concern = make_concern()
    actions.withdraw(concern=concern)
    return concern.code


def of_a_lost_secret():
    concern = make_concern()
    Concern.objects.update(code_key_id="gone")
    return concern.code


@pytest.mark.parametrize("code", [ended, of_a_lost_secret], ids=["ended", "lost"])
def test_a_code_that_ended_answers_as_one_never_issued(code):
    response = enter(Client(), code())
    other = enter(Client(), never_issued())

    assert response.status_code == other.status_code == 422
    assert without_tokens(response) == without_tokens(other)
    assert response.headers.keys() == other.headers.keys()


def test_a_wrong_code_is_not_echoed(aida):
    code = never_issued()

    page = enter(aida, code).content.decode()

    assert code not in page
    assert codes.grouped(code) not in page


@pytest.mark.parametrize(
    "typed",
    ["", "1234", "0" * 15, "1" * 100, "код", "\0", "<b>", "12 34 56 78 90 12 34"],
)
def test_what_cannot_be_a_code_is_said_beside_the_field(typed, aida):
    response = enter(aida, typed)

    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"c"}


def test_a_typing_mistake_costs_no_attempt(aida):
    concern = make_concern()
    mistyped = f"{concern.code[:-1]}{(int(concern.code[-1]) + 1) % 10}"
    for _ in range(20):
        enter(aida, mistyped)

    assert enter(aida, concern.code).status_code == 302


# Guessing


def test_after_ten_wrong_codes_one_has_to_wait(aida):
    answers = [enter(aida, never_issued()).status_code for _ in range(11)]

    assert answers == [422] * 10 + [429]


def test_the_page_that_asks_to_wait_says_how_long(aida):
    for _ in range(10):
        enter(aida, never_issued())

    response = enter(aida, never_issued())

    assert response["Retry-After"] == "600"
    assert "no-store" in response["Cache-Control"]


def test_who_waits_does_not_get_in_with_a_right_guess_either(aida):
    concern = make_concern()
    for _ in range(10):
        enter(aida, never_issued())

    assert enter(aida, concern.code).status_code == 429


def test_after_ten_minutes_one_may_try_again(aida):
    concern = make_concern()
    for _ in range(11):
        enter(aida, never_issued())

    Limit.objects.update(expires_at=timezone.now())

    assert enter(aida, concern.code).status_code == 302


def test_another_network_does_not_wait(aida):
    concern = make_concern()
    for _ in range(11):
        enter(aida, never_issued())

    assert enter(Client(REMOTE_ADDR="203.0.113.7"), concern.code).status_code == 302


def test_right_codes_are_not_counted(aida):
    concern = make_concern()

    answers = {enter(aida, concern.code).status_code for _ in range(12)}

    assert answers == {302}


def test_even_what_cannot_be_a_code_is_slowed_down_at_last(aida):
    answers = [enter(aida, "1234").status_code for _ in range(61)]

    assert answers == [422] * 60 + [429]


def test_who_follows_already_goes_on_while_others_of_the_network_wait(aida):
    follow(aida, make_concern())
    stranger = Client()
    for _ in range(11):
        enter(stranger, never_issued())

    assert aida.get(CONCERN).status_code == 200


# For how long


def age(client, *, seen=0, since=0):
    """Let so many seconds pass since the concern was last seen, and since it opened."""
    session = client.session
    session["followed"] = session["followed"] | {
        "seen": session["followed"]["seen"] - seen,
        "since": session["followed"]["since"] - since,
    }
    session.save()


def is_open(client):
    return client.get(CONCERN).status_code == 200


MINUTE = 60


def test_it_is_still_open_after_a_quarter_of_an_hour_less_a_minute(aida):
    follow(aida, make_concern())

    age(aida, seen=14 * MINUTE, since=14 * MINUTE)

    assert is_open(aida)


def test_it_closes_after_a_quarter_of_an_hour_without_use(aida):
    follow(aida, make_concern())

    age(aida, seen=15 * MINUTE + 1, since=15 * MINUTE + 1)

    assert not is_open(aida)


def test_use_keeps_it_open(aida):
    follow(aida, make_concern())
    age(aida, seen=14 * MINUTE, since=14 * MINUTE)
    read(aida)

    age(aida, seen=14 * MINUTE, since=14 * MINUTE)

    assert is_open(aida)


def test_it_closes_after_an_hour_whatever_the_use(aida):
    follow(aida, make_concern())

    age(aida, since=60 * MINUTE + 1)

    assert not is_open(aida)


def test_what_closed_by_itself_says_so(aida):
    follow(aida, make_concern())
    age(aida, seen=15 * MINUTE + 1)

    response = aida.get(CONCERN, follow=True)

    assert response.redirect_chain == [(f"{ENTER}?closed", 302)]
    assert response.context["was_closed"]


def test_what_closed_stays_closed(aida):
    follow(aida, make_concern())
    age(aida, seen=15 * MINUTE + 1)
    aida.get(CONCERN)

    assert "followed" not in aida.session


@pytest.mark.parametrize("path", [MESSAGE, ANSWER, WITHDRAW])
def test_without_a_code_nothing_can_be_done(path, aida):
    concern = make_concern(status=S.RESOLVED)

    response = aida.post(path, {"answer-text": "Салам", "solved": "yes"})

    concern.refresh_from_db()
    assert response["Location"] == f"{ENTER}?closed=unsent"
    # She is told that her words went nowhere.
    assert "жөнөтүлгөн жок" in aida.get(response["Location"]).content.decode()
    assert concern.status == S.RESOLVED
    assert not concern.messages.exists()


def test_leaving_ends_it_at_once(aida):
    follow(aida, make_concern())

    response = aida.post(reverse("home:leave"))

    assert response.status_code == 303
    assert "storage" in response["Clear-Site-Data"]
    assert not is_open(aida)


def test_leaving_goes_to_a_page_that_has_nothing_to_do_with_it(aida, settings):
    response = aida.post(reverse("home:leave"))

    assert response["Location"] == settings.LEAVE_URL
    assert "no-store" in response["Cache-Control"]


def test_leaving_needs_nothing_but_the_button():
    strict = Client(enforce_csrf_checks=True)

    assert strict.post(reverse("home:leave")).status_code == 303


def test_a_code_that_ends_elsewhere_ends_here(aida):
    concern = follow(aida, make_concern())

    actions.withdraw(concern=concern)

    assert not is_open(aida)


# No trace


@pytest.fixture(params=["enter", "wrong", "wait", "concern", "mistake", "withdrawn"])
def page_behind_the_code(request, aida):
    concern = make_concern(status=S.IN_PROGRESS)
    if request.param == "enter":
        return aida.get(ENTER)
    if request.param == "wrong":
        return enter(aida, never_issued())
    if request.param == "wait":
        return [enter(aida, never_issued()) for _ in range(11)][-1]
    follow(aida, concern)
    if request.param == "concern":
        return aida.get(CONCERN)
    if request.param == "mistake":
        return aida.post(MESSAGE, {"answer-text": ""})
    return aida.post(WITHDRAW, {"withdraw-is_sure": "on"})


def test_no_page_behind_the_code_is_kept(page_behind_the_code):
    assert "no-store" in page_behind_the_code["Cache-Control"]
    assert page_behind_the_code["X-Robots-Tag"] == "noindex"
    assert "ETag" not in page_behind_the_code


def test_no_title_behind_the_code_tells_anything(page_behind_the_code, client):
    def title(response):
        title = re.search(rb"<title>(.*?)</title>", response.content, re.S)[1]
        return title.decode().strip().removeprefix("Ката: ")

    assert title(page_behind_the_code) == title(client.get(ENTER))


def test_every_page_behind_the_code_has_the_quick_exit(page_behind_the_code):
    exit_button = f'action="{reverse("home:leave")}"'

    assert exit_button in page_behind_the_code.content.decode()


def test_no_cookie_behind_the_code_outlives_the_browser(aida):
    follow(aida, make_concern())

    assert {cookie["max-age"] for cookie in aida.cookies.values()} == {""}
    assert {cookie["expires"] for cookie in aida.cookies.values()} == {""}


def test_no_script_of_a_page_can_read_the_session(aida):
    follow(aida, make_concern())

    assert all(cookie["httponly"] for cookie in aida.cookies.values())
    assert {cookie["samesite"] for cookie in aida.cookies.values()} == {"Lax"}
