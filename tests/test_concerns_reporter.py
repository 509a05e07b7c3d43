"""What its reporter does with a concern: writes, answers, takes it back."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from concerns import actions, codes
from concerns.models import Concern
from concerns.workflow import Level, Status

from .factories import make_approved, make_category, make_concern, make_message
from .following import ANSWER, CONCERN, ENTER, MESSAGE, WITHDRAW, enter, follow, read

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cheap_codes")]

S = Status


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


def test_the_same_word_answers_the_next_question_too(aida, center, bakyt):
    concern = follow(aida, make_concern(center, status=S.NEEDS_INFO))
    write(aida, "Ооба")
    concern.refresh_from_db()
    actions.move(
        concern=concern,
        target=S.NEEDS_INFO,
        by=bakyt,
        version=concern.version,
        note="Балдар барбы?",
    )

    for _press in range(2):
        write(aida, "Ооба")

    concern.refresh_from_db()
    assert concern.messages.count() == 2
    assert concern.status == S.IN_PROGRESS


def test_the_same_words_after_a_move_are_another_message(aida):
    concern = follow(aida, make_concern())
    write(aida, "Дагы караңгы.")
    concern.changes.create(new=S.IN_PROGRESS)

    write(aida, "Дагы караңгы.")

    assert concern.messages.count() == 2


def test_the_same_words_an_hour_later_are_another_message(aida):
    concern = follow(aida, make_concern())
    write(aida, "Дагы караңгы.")
    concern.messages.update(created_at=timezone.now() - timedelta(hours=1))

    write(aida, "Дагы караңгы.")

    assert concern.messages.count() == 2


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


def test_a_second_press_reads_that_it_is_taken_back(aida):
    concern = follow(aida, make_concern())

    for _press in range(2):
        answer = aida.post(WITHDRAW, {"withdraw-is_sure": "on"})

    assert answer.status_code == 200
    assert "Билдирүүңүз кайтарылып алынды" in answer.content.decode()
    assert concern.changes.filter(new=Status.WITHDRAWN).count() == 1


def test_what_is_kept_for_a_second_press_opens_nothing_and_ends(aida, settings):
    """Another act is not called done by it, nor a concern that she opened since."""
    sure = {"withdraw-is_sure": "on", "end-is_sure": "on"}
    concern = follow(aida, make_concern())
    aida.post(WITHDRAW, sure)

    assert concern.reference not in str(dict(aida.session))
    assert aida.get(CONCERN).status_code == 302
    assert aida.post("/follow/concern/end/", sure).status_code == 302
    settings.FOLLOW_IDLE_SECONDS = -1
    assert aida.post(WITHDRAW, sure)["Location"] == f"{ENTER}?closed=unsent"
    follow(aida, make_concern())
    assert "gone" not in aida.session


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

    assert answer["Location"] == f"/ru{ENTER}?closed=unsent"


def test_an_answer_chosen_beside_a_message_is_said_not_to_be_sent(aida):
    concern = make_concern(status=S.RESOLVED)
    follow(aida, concern)

    page = aida.post(MESSAGE, {"answer-text": "Салам", "solved": "partly"})

    concern.refresh_from_db()
    assert concern.status == S.RESOLVED
    assert "азырынча жөнөтүлгөн жок" in page.content.decode()
