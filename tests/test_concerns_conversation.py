"""What each side of the conversation sees as new, and what is said of "solved"."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from concerns import actions
from concerns.models import Concern
from concerns.workflow import Status

from .factories import (
    POLICE,
    give,
    make_approved,
    make_category,
    make_concern,
    make_hidden_category,
    make_identity,
    make_message,
    signed_in,
)
from .pages import without_tokens

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cheap_codes")]

CONCERN, ANSWER = "/follow/concern/", "/follow/concern/answer/"
MESSAGE = "/follow/concern/message/"
NEW, NEW_MESSAGE = ">жаңы</span>", "Жаңы кат</span>"
S = Status


def follow(client, concern):
    assert client.post("/follow/", {"c": concern.code}).status_code == 302
    return concern


def read(client, path=CONCERN):
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def news_of(client):
    return read(client).count(NEW)


@pytest.fixture
def concern(center):
    return make_concern(center, status=S.IN_PROGRESS)


@pytest.fixture
def solved(center):
    return make_concern(center, status=S.RESOLVED, resolved_at=timezone.now())


# What is new to her


def test_she_sees_which_lines_are_new_since_she_looked(concern, cholpon, aida):
    make_message(concern, by=cholpon, text="Эски")
    read(follow_again(aida, concern))
    make_message(concern, by=cholpon, text="Жаңы")

    assert news_of(follow_again(aida, concern)) == 1
    assert news_of(follow_again(aida, concern)) == 0


def follow_again(client, concern):
    follow(client, concern)
    return client


def test_what_is_new_stays_so_while_her_page_is_open(concern, cholpon, aida):
    make_message(concern, by=cholpon)
    follow(aida, concern)

    assert [news_of(aida), news_of(aida)] == [1, 1]
    assert aida.get(f"/ru{CONCERN}").content.decode().count(">новое</span>") == 1


def test_a_move_of_the_staff_is_new_to_her(concern, cholpon, aida):
    read(follow_again(aida, concern))
    actions.move(
        concern=concern, target=S.RESOLVED, note="Жасалды.", by=cholpon, version=0
    )

    assert news_of(follow_again(aida, concern)) == 1


def test_nothing_of_her_own_is_new_to_her(concern, aida):
    follow(aida, concern)
    aida.post(MESSAGE, {"answer-text": "Салам"})

    assert news_of(aida) == 0


def test_looking_leaves_nothing_on_her_phone(concern, aida):
    follow(aida, concern)

    read(aida)

    assert {cookie["max-age"] for cookie in aida.cookies.values()} == {""}
    assert {cookie["expires"] for cookie in aida.cookies.values()} == {""}


# What is new to the staff


def unread(concern):
    return Concern.objects.get(pk=concern.pk).unread_since is not None


@pytest.mark.parametrize(
    "write",
    [
        lambda concern: actions.answer(concern=concern, text="Салам"),
        lambda concern: actions.reopen(concern=concern, reason="Чечилген жок"),
        lambda concern: actions.confirm(concern=concern, words="Бирок коркутту"),
        lambda concern: actions.confirm(concern=concern, safer="no"),
    ],
    ids=["answer", "reopen", "yes with a word", "yes, and no safer"],
)
def test_what_the_reporter_writes_is_unread(write, solved):
    write(solved)

    assert unread(solved)


def test_a_bare_yes_leaves_nothing_to_read(solved):
    actions.confirm(concern=solved, safer="yes")

    assert not unread(solved)


def test_why_she_takes_it_back_is_unread_until_somebody_opens_it(concern, cholpon):
    actions.withdraw(concern=concern, reason="Ал мени коркутту")
    desk, unread_ones = signed_in(cholpon), "/desk/concerns/?state=unread"

    assert concern.number in read(desk, unread_ones)
    assert NEW in read(desk, concern.get_desk_url())
    assert concern.number not in read(desk, unread_ones)


def test_taken_back_without_a_word_nothing_is_unread(concern):
    actions.withdraw(concern=concern)

    assert not unread(concern)


def test_a_photo_of_hers_is_unread_too(concern, aida, monkeypatch):
    monkeypatch.setattr(
        "concerns.actions.photos.draw",
        lambda file: type("D", (), {"large": b"1", "small": b"2"} | SIZE),
    )

    actions.add_photo(concern=concern, file=None)

    assert unread(concern)


SIZE = {"width": 1, "height": 1}


def test_the_queue_and_the_history_mark_what_nobody_has_opened(concern, cholpon):
    actions.answer(concern=concern, text="Салам")
    desk = signed_in(cholpon)

    assert NEW_MESSAGE in read(desk, "/desk/concerns/")
    assert NEW_MESSAGE in read(desk, "/desk/")
    assert NEW in read(desk, concern.get_desk_url())
    assert NEW not in read(desk, concern.get_desk_url())
    assert NEW_MESSAGE not in read(desk, "/desk/concerns/")


def test_only_what_came_since_is_marked(concern, cholpon):
    make_message(concern, text="Эски")
    actions.answer(concern=concern, text="Жаңы")

    page = read(signed_in(cholpon), concern.get_desk_url())

    assert page.count(NEW) == 1


def test_a_state_of_the_queue_names_the_unread_the_ended_too(center, cholpon):
    closed = make_concern(center, status=S.CLOSED)
    other = make_concern(center, status=S.IN_PROGRESS)
    actions.answer(concern=closed, text="Кайра башталды.")

    page = read(signed_in(cholpon), "/desk/concerns/?state=unread")

    assert closed.number in page
    assert other.number not in page


def test_another_than_who_handles_it_does_not_take_the_mark_away(
    concern, cholpon, bakyt, ruslan
):
    give(concern, POLICE, bakyt)
    actions.answer(concern=concern, text="Салам")

    for other in (cholpon, ruslan):
        read(signed_in(other), concern.get_desk_url())
    assert unread(concern)

    read(signed_in(bakyt), concern.get_desk_url())
    assert not unread(concern)


def test_where_nobody_has_it_in_hand_his_side_takes_the_mark_away(concern, bakyt):
    give(concern, POLICE)
    actions.answer(concern=concern, text="Салам")

    read(signed_in(bakyt), concern.get_desk_url())

    assert not unread(concern)


def test_who_writes_back_has_read_it(concern, cholpon, bakyt):
    give(concern, POLICE, bakyt)
    actions.answer(concern=concern, text="Салам")

    actions.send_message(concern=concern, text="Окудум.", by=cholpon, version=1)

    assert not unread(concern)


def test_who_moves_it_without_opening_it_does_not_take_the_mark_away(
    concern, center, cholpon
):
    lead = make_concern(center, concern.category, status=S.IN_PROGRESS)
    actions.answer(concern=concern, text="Салам")
    concern.refresh_from_db()

    signed_in(cholpon).post(
        reverse("desk:similar", args=[lead.reference]), {"repeat": concern.seen}
    )

    concern.refresh_from_db()
    assert concern.status == S.DUPLICATE
    assert unread(concern)


def test_what_a_meeting_closes_stays_unread(solved, cholpon):
    actions.answer(concern=solved, text="Жок, чечилген жок")
    solved.refresh_from_db()

    actions.confirm_at_meeting(concern=solved, by=cholpon, version=solved.version)

    assert unread(solved)


@pytest.mark.parametrize("earlier", [False, True])
def test_who_writes_without_knowing_of_her_message_is_shown_it_first(
    earlier, concern, cholpon, bakyt
):
    give(concern, POLICE, bakyt)
    if earlier:
        actions.answer(concern=concern, text="Салам")
    version = Concern.objects.get(pk=concern.pk).version
    actions.answer(concern=concern, text="Алар азыр келишти")

    response = signed_in(cholpon).post(
        reverse("desk:message", args=[concern.reference]),
        {"text": "Эмне болду?", "version": version},
    )

    page = response.content.decode()
    assert response.status_code == 409
    assert "Алар азыр келишти" in page
    assert "Эмне болду?</textarea>" in page
    assert unread(concern)


def test_opening_outdates_nobodys_form(concern, cholpon):
    actions.answer(concern=concern, text="Салам")
    before = Concern.objects.get(pk=concern.pk).version

    read(signed_in(cholpon), concern.get_desk_url())

    assert Concern.objects.get(pk=concern.pk).version == before


def test_a_message_of_a_hidden_concern_marks_nothing_for_its_side(center, bakyt):
    desk, path = signed_in(bakyt), "/desk/concerns/?state=unread"
    category = make_hidden_category(POLICE)
    before = without_tokens(desk.get(path))
    hidden = make_concern(center, category, status=S.IN_PROGRESS)

    actions.answer(concern=hidden, text="Салам")

    assert without_tokens(desk.get(path)) == before


@pytest.mark.parametrize("is_unread", [True, False])
def test_the_page_asks_eight_queries_at_most(is_unread, concern, cholpon):
    give(concern, POLICE)
    desk = signed_in(cholpon)
    desk.get("/desk/")
    if is_unread:
        # One more, once: that it was opened.
        actions.answer(concern=concern, text="Салам")
    else:
        concern.answers.create(order=1, question="Канча?", value="3")

    with CaptureQueriesContext(connection) as asked:
        read(desk, concern.get_desk_url())

    assert len(asked) <= 8


# Solved?


def say(client, **fields):
    return client.post(ANSWER, fields)


def test_solved_in_part_goes_back_into_work_and_says_so(solved, cholpon, aida):
    follow(aida, solved)

    say(aida, solved="partly", reason="Бир чырак күйбөйт.")

    solved.refresh_from_db()
    assert solved.status == S.IN_PROGRESS
    assert solved.changes.last().solved == "partly"
    assert "Жарым-жартылай" in read(aida)
    assert "Жарым-жартылай" in read(signed_in(cholpon), solved.get_desk_url())


@pytest.mark.parametrize("answer", ["partly", "no"])
def test_what_is_not_whole_needs_a_word_and_keeps_what_was_chosen(answer, solved, aida):
    follow(aida, solved)

    response = say(aida, solved=answer, safer="unsure", **{"answer-text": "Рахмат"})

    page = response.content.decode()
    assert response.status_code == 422
    assert set(response.context["solved_form"].errors) == {"reason"}
    assert page.count(" checked") == 2
    assert "Рахмат" in page
    assert solved.changes.count() == 1


def test_an_answer_without_a_choice_is_asked_again(solved, aida):
    follow(aida, solved)

    response = say(aida, reason="Бир чырак күйбөйт.")

    assert set(response.context["solved_form"].errors) == {"solved"}
    assert "Бир чырак күйбөйт." in response.content.decode()


@pytest.mark.parametrize("safer", ["yes", "no", "unsure"])
def test_whether_she_feels_safer_is_kept_and_shown_to_those_who_handle_it(
    safer, solved, cholpon, aida
):
    follow(aida, solved)

    say(aida, solved="yes", safer=safer)

    solved.refresh_from_db()
    assert (solved.status, solved.feels_safer) == (S.CLOSED, safer)
    assert "Коопсузураак сезеби" in read(signed_in(cholpon), solved.get_desk_url())


def test_nobody_has_to_say_whether_she_feels_safer(solved, aida):
    follow(aida, solved)

    say(aida, solved="yes")

    solved.refresh_from_db()
    assert (solved.status, solved.feels_safer) == (S.CLOSED, "")


def test_a_word_with_the_yes_is_kept_too(solved, aida):
    follow(aida, solved)

    say(aida, solved="yes", reason="Чоң рахмат!")

    assert solved.changes.last().note == "Чоң рахмат!"


@pytest.mark.parametrize("words", ["", "Чоң рахмат!"])
def test_a_yes_that_comes_after_others_closed_it_is_kept(words, solved, cholpon, aida):
    follow(aida, solved)
    actions.confirm_at_meeting(concern=solved, by=cholpon, version=solved.version)

    for _press in range(2):
        sent = say(aida, solved="yes", reason=words, safer="no")

    solved.refresh_from_db()
    line = solved.changes.exclude(solved="").get()
    assert sent["Location"] == f"{CONCERN}?sent"
    assert (solved.status, solved.feels_safer) == (S.CLOSED, "no")
    assert (line.old, line.new, line.solved, line.note) == (
        *(S.CLOSED, S.CLOSED),
        *("yes", words),
    )
    assert unread(solved)


def test_that_she_feels_no_safer_may_be_said_after_her_yes(solved, aida):
    follow(aida, solved)
    say(aida, solved="yes")

    sent = say(aida, solved="yes", safer="no")

    solved.refresh_from_db()
    assert sent["Location"] == f"{CONCERN}?sent"
    assert solved.feels_safer == "no"
    assert solved.changes.exclude(solved="").count() == 1
    assert unread(solved)


def test_a_yes_after_it_was_closed_stands_on_no_public_page(center, cholpon):
    concern = make_approved(center, by=cholpon, status=S.CLOSED)
    concern.changes.create(old=S.RESOLVED, new=S.CLOSED)
    page = Client().get(concern.get_absolute_url()).content

    actions.agree(concern=concern, words="Рахмат", safer="no")

    assert Client().get(concern.get_absolute_url()).content == page


@pytest.mark.parametrize("answer", ["yes", "partly", "no"])
def test_said_twice_in_a_row_it_is_sent_and_said_once(answer, solved, aida):
    follow(aida, solved)

    for _press in range(2):
        sent = say(aida, solved=answer, reason="Бир чырак күйбөйт.", safer="no")

    assert sent["Location"] == f"{CONCERN}?sent"
    assert solved.changes.exclude(solved="").count() == 1


def test_what_she_says_otherwise_the_second_time_is_given_back(solved, aida):
    follow(aida, solved)
    say(aida, solved="no", reason="Бир чырак күйбөйт.")

    response = say(aida, solved="no", reason="Эки чырак күйбөйт.")

    assert response.status_code == 409
    assert "Эки чырак күйбөйт.</textarea>" in response.content.decode()


def test_closed_meanwhile_nothing_that_she_typed_is_lost(solved, aida):
    follow(aida, solved)
    Concern.objects.filter(pk=solved.pk).update(status=S.CLOSED)
    left = {"answer-text": "Рахмат.", "news-email": "aida@example.org"}

    response = say(aida, solved="no", reason="Чырак күйбөйт.", **left)

    page = response.content.decode()
    assert response.status_code == 409
    assert "Рахмат.\n\nЧырак күйбөйт.</textarea>" in page
    assert 'value="aida@example.org"' in page


def test_her_code_in_the_words_is_refused(solved, aida):
    follow(aida, solved)

    for answer in ("yes", "partly", "no"):
        response = say(aida, solved=answer, reason=f"Кодум {solved.code}")
        assert response.status_code == 422

    assert solved.changes.count() == 1


def test_the_other_language_keeps_what_is_typed_in_both_forms(solved, aida):
    follow(aida, solved)

    page = aida.post(
        f"/ru{MESSAGE}",
        {
            "language": "ru",
            "solved": "partly",
            "safer": "no",
            "reason": "Бир чырак",
            "answer-text": "Рахмат",
        },
    ).content.decode()

    assert "Бир чырак" in page
    assert "Рахмат" in page
    assert page.count(" checked") == 2


def test_a_message_leaves_the_other_answer_as_it_was_typed(solved, aida):
    follow(aida, solved)

    page = aida.post(
        MESSAGE, {"answer-text": "Рахмат", "solved": "partly", "reason": "Бир чырак"}
    ).content.decode()

    assert solved.messages.get().text == "Рахмат"
    assert "Бир чырак</textarea>" in page
    assert "Жиберилди" in page or 'role="status"' in page


def test_an_answer_leaves_the_message_as_it_was_typed(solved, aida):
    follow(aida, solved)

    page = say(aida, solved="yes", **{"answer-text": "Дагы бир сөз"}).content.decode()

    assert "Дагы бир сөз</textarea>" in page


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("news/", {"news-email": "aida@example.org"}),
        ("news/", {"news-email": "aida"}),
        ("news/", {"stop": ""}),
        ("forget/", {}),
    ],
    ids=["address", "wrong address", "no letters", "identity"],
)
def test_the_small_buttons_leave_the_message_as_it_was_typed(
    path, fields, concern, aida
):
    make_identity(concern)
    follow(aida, concern)

    response = aida.post(f"{CONCERN}{path}", fields | {"answer-text": "Дагы бир сөз"})

    assert "Дагы бир сөз</textarea>" in response.content.decode()
    assert not concern.messages.exists()


@pytest.mark.parametrize("status", [S.IN_PROGRESS, S.NEEDS_INFO, S.RESOLVED])
def test_the_small_fields_and_buttons_are_sent_with_the_message(status, center, aida):
    concern = make_concern(center, status=status, resolved_at=timezone.now())
    concern.changes.create(new=status, note="Качан?")
    make_identity(concern)
    follow(aida, concern)

    page = read(aida)

    small = re.findall(r'<(?:input|button)[^>]* form="answer"[^>]*>', page)
    sent = "".join(small)
    assert page.count('id="answer"') == 1
    for part in ('name="photo"', 'name="news-email"', "/photos/", "/news/", "/forget/"):
        assert part in sent


def test_what_the_centre_asked_is_answered_and_the_question_is_gone(concern, aida):
    concern.changes.create(new=S.NEEDS_INFO, note="Качан?")
    Concern.objects.filter(pk=concern.pk).update(status=S.NEEDS_INFO)
    follow(aida, concern)
    assert read(aida).count("Качан?") == 2

    aida.post(MESSAGE, {"answer-text": "Кечээ"})

    concern.refresh_from_db()
    assert concern.status == S.IN_PROGRESS
    assert read(aida).count("Качан?") == 1
    assert unread(concern)


def test_what_she_says_of_it_stands_on_no_public_page(center, cholpon, aida):
    concern = make_concern(
        center,
        make_category(),
        status=S.RESOLVED,
        approved_at=timezone.now(),
        approved_by=cholpon,
        published_at=timezone.now(),
        title_ky="Чырак",
    )
    follow(aida, concern)
    say(aida, solved="partly", reason="Экөө күйбөйт", safer="no")

    page = Client().get(concern.get_absolute_url()).content.decode()

    assert "Жарым-жартылай" not in page
    assert "Экөө күйбөйт" not in page
