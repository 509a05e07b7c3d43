"""What a code opens, for how long, and what it leaves behind: nothing."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from centers.models import Limit
from concerns import actions, codes
from concerns.models import Concern
from concerns.workflow import Level, Status

from .factories import (
    key_number,
    make_approved,
    make_category,
    make_concern,
    make_message,
    numbers,
)
from .pages import without_tokens

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cheap_codes")]

ENTER, CONCERN = "/follow/", "/follow/concern/"
MESSAGE, ANSWER = "/follow/concern/message/", "/follow/concern/answer/"
WITHDRAW = "/follow/concern/withdraw/"
S = Status


def enter(client, code):
    return client.post(ENTER, {"c": code})


def follow(client, concern):
    """Open a concern by its code, as its reporter does."""
    assert enter(client, concern.code).status_code == 302
    return concern


def read(client):
    response = client.get(CONCERN)
    assert response.status_code == 200
    return response.content.decode()


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
    assert response["Location"] == f"{ENTER}?closed"
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


# Words both ways


def write(client, text):
    return client.post(MESSAGE, {"answer-text": text})


def test_the_reporter_reads_what_the_centre_wrote(aida, center, bakyt):
    concern = make_concern(center, status=S.IN_PROGRESS)
    make_message(concern, by=bakyt, text="Эртең барабыз.")

    follow(aida, concern)

    page = read(aida)
    assert "Эртең барабыз." in page
    assert bakyt.full_name not in page


def test_the_reporter_reads_why_it_was_moved(aida, center, bakyt):
    concern = make_concern(center, status=S.IN_PROGRESS)
    actions.move(
        concern=concern, target=S.RESOLVED, by=bakyt, version=0, note="Чырак коюлду."
    )

    follow(aida, concern)

    assert "Чырак коюлду." in read(aida)


def test_the_reporter_does_not_read_the_reasons_kept_among_the_staff(
    aida, center, cholpon
):
    concern = make_concern(center, level=Level.RESTRICTED)
    actions.set_level(
        concern=concern, level=Level.PUBLIC, by=cholpon, version=0, reason="Ички себеп"
    )

    follow(aida, concern)

    assert "Ички себеп" not in read(aida)


def test_a_message_reaches_the_centre(aida):
    concern = follow(aida, make_concern())

    response = write(aida, "Дагы бир нерсе.")

    message = concern.messages.get()
    assert response["Location"] == f"{CONCERN}?sent"
    assert (message.text, message.from_reporter) == ("Дагы бир нерсе.", True)


def test_a_message_sent_twice_is_one(aida):
    concern = follow(aida, make_concern())

    write(aida, "Дагы бир нерсе.")
    write(aida, "Дагы бир нерсе.")

    assert concern.messages.count() == 1


def test_a_message_answers_the_question_and_the_work_goes_on(aida):
    concern = follow(aida, make_concern(status=S.NEEDS_INFO))

    write(aida, "Мектептин жанында.")

    concern.refresh_from_db()
    assert concern.status == S.IN_PROGRESS


@pytest.mark.parametrize("text", ["", "  ", "к" * 4001, "бир\0эки"])
def test_a_message_that_cannot_be_taken_is_given_back(text, aida):
    concern = follow(aida, make_concern())

    response = write(aida, text)

    assert response.status_code == 422
    assert set(response.context["answer_form"].errors) == {"text"}
    assert text.strip().partition("\0")[0] in response.content.decode()
    assert not concern.messages.exists()


@pytest.mark.parametrize("shown", [str, codes.grouped], ids=["digits", "fours"])
def test_who_writes_her_own_code_into_a_message_is_asked_again(shown, aida):
    concern = follow(aida, make_concern())

    response = write(aida, f"Менин кодум {shown(concern.code)}, караңыз.")

    assert response.status_code == 422
    assert not concern.messages.exists()


def test_sixteen_other_digits_are_no_code_of_hers(aida):
    concern = follow(aida, make_concern())

    write(aida, "Карта: 4169 5853 0000 1111, бул алдамчыныкы.")

    assert concern.messages.count() == 1


def test_more_than_twenty_messages_an_hour_are_asked_to_wait_and_given_back(aida):
    concern = follow(aida, make_concern())
    for number in range(20):
        write(aida, f"Кат {number}")

    response = write(aida, "Жыйырма биринчи кат")

    assert response.status_code == 429
    assert "Retry-After" in response
    assert "Жыйырма биринчи кат" in response.content.decode()
    assert concern.messages.count() == 20


# Solved?


def test_the_reporter_says_it_is_solved(aida):
    concern = follow(aida, make_concern(status=S.RESOLVED))

    aida.post(ANSWER, {"solved": "yes"})

    concern.refresh_from_db()
    assert concern.status == S.CLOSED


def test_saying_so_twice_is_saying_so_once(aida):
    concern = follow(aida, make_concern(status=S.RESOLVED))

    aida.post(ANSWER, {"solved": "yes"})
    response = aida.post(ANSWER, {"solved": "yes"})

    assert response["Location"] == f"{CONCERN}?sent"
    assert concern.changes.filter(new=S.CLOSED).count() == 1


def test_the_reporter_says_it_is_not_and_the_work_goes_on(aida):
    concern = follow(aida, make_concern(status=S.RESOLVED))

    aida.post(ANSWER, {"solved": "no", "reason": "Дагы эле караңгы."})

    concern.refresh_from_db()
    assert concern.status == S.IN_PROGRESS
    assert "Дагы эле караңгы." in read(aida)


def test_a_no_without_a_word_is_asked_again(aida):
    concern = follow(aida, make_concern(status=S.RESOLVED))

    response = aida.post(ANSWER, {"solved": "no", "reason": ""})

    concern.refresh_from_db()
    assert response.status_code == 422
    assert set(response.context["solved_form"].errors) == {"reason"}
    assert concern.status == S.RESOLVED


def test_a_no_that_comes_too_late_is_told_so_and_given_back(aida):
    concern = follow(aida, make_concern(status=S.RESOLVED))
    actions.confirm(concern=concern)

    response = aida.post(ANSWER, {"solved": "no", "reason": "Дагы эле караңгы."})

    concern.refresh_from_db()
    assert response.status_code == 409
    assert concern.status == S.CLOSED
    assert "Дагы эле караңгы." in response.content.decode()


@pytest.mark.parametrize("status", [status for status in S if status != S.RESOLVED])
def test_nobody_is_asked_whether_it_is_solved_before_it_is(status, aida):
    lead = make_concern() if status == S.DUPLICATE else None
    follow(aida, make_concern(status=status, lead=lead))

    assert not aida.get(CONCERN).context["may_confirm"]


# Taking it back


def test_the_reporter_takes_it_back_and_the_code_ends(aida):
    concern = follow(aida, make_concern())

    response = aida.post(
        WITHDRAW, {"withdraw-reason": "Коркуп турам.", "withdraw-is_sure": "on"}
    )

    concern.refresh_from_db()
    assert response.status_code == 200
    assert concern.status == S.WITHDRAWN
    assert concern.code_ended_at is not None
    assert enter(aida, concern.code).status_code == 422


def test_taking_it_back_takes_it_off_the_public_pages(aida):
    concern = follow(aida, make_approved())

    aida.post(WITHDRAW, {"withdraw-is_sure": "on"})

    assert not Concern.objects.public().exists()
    assert aida.get(concern.get_absolute_url()).status_code == 404


def test_of_two_presses_at_once_the_second_is_led_out(aida):
    concern = follow(aida, make_concern())
    others = iter([lambda: actions.withdraw(concern=concern)])

    def other_first(execute, sql, *args):
        # Between the reading of this press and its act the other one is done.
        if sql.startswith("SAVEPOINT"):
            for press in others:
                press()
        return execute(sql, *args)

    with connection.execute_wrapper(other_first):
        answer = aida.post(WITHDRAW, {"withdraw-is_sure": "on"})

    assert answer.headers["Location"] == f"{ENTER}?closed"
    assert concern.changes.filter(new=Status.WITHDRAWN).count() == 1


def test_nobody_takes_it_back_by_a_slip_of_the_finger(aida):
    concern = follow(aida, make_concern())

    response = aida.post(WITHDRAW, {"withdraw-reason": "Коркуп турам."})

    concern.refresh_from_db()
    assert response.status_code == 422
    assert concern.status == S.RECEIVED
    assert "Коркуп турам." in response.content.decode()


def test_what_was_forwarded_cannot_be_taken_back_and_says_so(aida):
    concern = follow(aida, make_concern(status=S.FORWARDED))

    response = aida.post(WITHDRAW, {"withdraw-is_sure": "on"})

    concern.refresh_from_db()
    assert response.status_code == 409
    assert concern.status == S.FORWARDED
    assert enter(aida, concern.code).status_code == 302


# What others reported


def test_who_reported_the_same_follows_the_lead(aida, center):
    lead = make_approved(center)
    follow(aida, make_concern(center, status=S.DUPLICATE, lead=lead))

    assert lead.get_absolute_url() in read(aida)


@pytest.mark.parametrize("level", Level)
def test_of_a_lead_that_is_not_public_nothing_is_shown(level, aida, center):
    lead = make_concern(center, make_category(level), title_ky="Купуя аталыш")
    follow(aida, make_concern(center, status=S.DUPLICATE, lead=lead))

    page = read(aida)
    assert lead.reference not in page
    assert lead.number not in page
    assert "Купуя аталыш" not in page


def test_the_page_says_by_when(aida):
    due_on = timezone.localdate() + timedelta(days=3)
    follow(aida, make_concern(due_on=due_on))

    assert f"{due_on.year}-жылдын {due_on.day}-" in read(aida)


def test_a_message_comes_along_into_the_other_language_unsent_and_unjudged(aida):
    concern = follow(aida, make_concern())

    for typed in ("Жооп жазып ", ""):
        fields = {"answer-text": typed, "language": "ru"}
        answer = aida.post(f"/ru{MESSAGE}", fields)

        page = answer.content.decode()
        assert answer.status_code == 200
        assert "Написать в центр" in page
        assert typed in page
        assert "Ошибка" not in page
    assert not concern.messages.exists()
    assert f'formaction="/ru{MESSAGE}"' in read(aida)


def test_whoever_follows_nothing_switches_no_language(aida):
    answer = aida.post(f"/ru{MESSAGE}", {"answer-text": "Сөз", "language": "ru"})

    assert answer["Location"] == f"/ru{ENTER}?closed"
