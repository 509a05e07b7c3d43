"""Filing a concern: once, whatever happens on the way, and no word is lost."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from concerns import actions, codes
from concerns.actions.filing import ReceiptExpired
from concerns.models import Change, Concern, Identity, Involved
from concerns.workflow import Level, Status
from kaab.demo.clock import clock

from .factories import (
    POLICE,
    key_number,
    make_concern,
    make_hidden_category,
    numbers,
)
from .filing import PERSON, code_in, send, send_quietly, signed_key

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cheap_codes")]


# One concern, one code


def test_a_filed_concern_gives_a_code_that_opens_it(aida, center, lighting):
    response = send(aida, center, lighting)

    concern = Concern.objects.get()
    assert response.status_code == 200
    assert Concern.objects.find(codes.normalise(code_in(response))) == concern
    assert concern.text == "Мектептин жанында чырак күйбөйт."
    assert (concern.center, concern.category) == (center, lighting)
    assert (concern.status, concern.version) == (Status.RECEIVED, 0)


def test_the_code_stands_nowhere_in_the_database(aida, center, lighting):
    response = send(aida, center, lighting)

    row = str(Concern.objects.values().get())
    code = code_in(response)
    assert code.replace(" ", "") not in row
    assert code not in row


def test_the_history_begins_with_the_reporter(aida, center, lighting):
    send(aida, center, lighting)

    change = Change.objects.get()
    assert (change.new, change.side, change.by) == (
        Status.RECEIVED,
        Change.Side.REPORTER,
        None,
    )


def test_a_concern_is_to_be_registered_within_a_working_day(center, lighting):
    concern, _code, _is_new = actions.file(
        center=center,
        category=lighting,
        key=key_number(next(numbers)),
        words={"text": "Чырак", "involved": Involved.NO},
        language="ky",
    )

    assert concern.due_on > timezone.localdate(concern.created_at)


def test_a_number_that_is_taken_is_drawn_again(center, lighting, monkeypatch):
    draws = iter([7, 7, 8])
    monkeypatch.setattr("secrets.randbelow", lambda below: next(draws))
    filing = {
        "center": center,
        "category": lighting,
        "words": {"text": "Чырак", "involved": Involved.NO},
        "language": "ky",
    }

    first, *_receipt = actions.file(key=key_number(next(numbers)), **filing)
    second, *_receipt = actions.file(key=key_number(next(numbers)), **filing)

    assert (first.reference, second.reference) == ("10000007", "10000008")


def test_sending_twice_gives_one_concern_and_the_same_receipt(aida, center, lighting):
    key = signed_key()
    first = send(aida, center, lighting, key=key)

    second = send(aida, center, lighting, key=key)

    assert (first.status_code, second.status_code) == (200, 200)
    assert code_in(first) == code_in(second) != ""
    assert Concern.objects.count() == 1
    assert not Concern.objects.get().messages.exists()


def test_the_receipt_comes_again_on_another_phone_with_the_same_form(
    aida, center, lighting
):
    key = signed_key()
    first = send(aida, center, lighting, key=key)

    second = send(Client(), center, lighting, key=key)

    assert code_in(first) == code_in(second)


def test_pressed_twelve_times_at_once_it_is_one_concern(center, lighting, together):
    key = key_number(next(numbers))

    def press():
        concern, code, is_new = actions.file(
            center=center,
            category=lighting,
            key=key,
            words={"text": "Чырак", "involved": Involved.NO},
            language="ky",
        )
        return concern.pk, code, is_new

    answers = together(press, threads=12)

    assert len({(pk, code) for pk, code, _is_new in answers}) == 1
    assert sorted(is_new for *_rest, is_new in answers) == [False] * 11 + [True]


def test_words_changed_before_the_second_sending_are_added(aida, center, lighting):
    key = signed_key()
    send(aida, center, lighting, key=key, text="Чырак күйбөйт.")

    send(aida, center, lighting, key=key, text="Чырак экинчи жума күйбөйт.")
    send(aida, center, lighting, key=key, text="Чырак экинчи жума күйбөйт.")

    concern = Concern.objects.get()
    message = concern.messages.get()
    assert concern.text == "Чырак күйбөйт."
    assert message.text == "Чырак экинчи жума күйбөйт."
    assert message.from_reporter


@pytest.mark.usefixtures("jamila")
def test_sending_the_same_again_does_not_disturb_the_staff(aida, center, lighting):
    key = signed_key()
    send(aida, center, lighting, key=key, involved="police", may_publish="on", **PERSON)

    send(aida, center, lighting, key=key, involved="police", may_publish="on", **PERSON)

    assert Concern.objects.get().version == 0


def test_the_last_word_on_publication_is_the_reporters(aida, center, lighting):
    key = signed_key()
    send(aida, center, lighting, key=key, may_publish="on")

    send(aida, center, lighting, key=key)

    assert not Concern.objects.get().may_publish


def test_where_and_when_are_as_she_said_the_last_time(aida, center, lighting):
    key, village = signed_key(), center.villages.get()
    send(aida, center, lighting, key=key, landmark="Мектеп", when="today")

    corrected = {"landmark": "Дүкөн", "village": village.code, "when": "yesterday"}
    send(aida, center, lighting, key=key, may_publish="on", **corrected)

    concern = Concern.objects.get()
    assert (concern.landmark, concern.village) == ("Дүкөн", village)
    assert concern.happened_on == timezone.localdate() - timedelta(days=1)
    assert concern.may_publish
    assert "дукон" in concern.words_text


def test_a_day_in_a_word_stays_that_day_when_it_is_sent_again_after_midnight(
    aida, center, lighting
):
    key = signed_key()
    evening = timezone.localtime().replace(hour=23, minute=55)
    with clock() as hands:
        hands.told = evening
        send(aida, center, lighting, key=key, when="today")
        hands.told = evening + timedelta(minutes=10)

        send(aida, center, lighting, key=key, when="today")

    assert Concern.objects.get().happened_on == evening.date()


def test_a_day_in_a_word_is_told_by_no_concern_but_her_own(aida, center, lighting):
    long_ago = timezone.now() - timedelta(days=10)
    make_concern(center, lighting, created_at=long_ago)

    send(aida, center, lighting, when="today")

    assert Concern.objects.get(happened_on=timezone.localdate())


@pytest.mark.parametrize("field", ["text", "landmark"])
def test_her_code_in_what_she_sends_again_is_refused(field, aida, center, lighting):
    key = signed_key()
    code = code_in(send(aida, center, lighting, key=key))

    words = {field: f"Менин кодум 5 {code}"}
    response = send(aida, center, lighting, key=key, **words)

    assert response.status_code == 422
    concern = Concern.objects.get()
    assert not concern.messages.exists()
    assert not concern.landmark


def test_what_is_sent_again_and_again_waits(aida, center, lighting):
    key = signed_key()
    texts = [f"Чырак күйбөйт {number}" for number in range(22)]

    answers = [send(aida, center, lighting, key=key, text=text) for text in texts]

    assert answers[-1].status_code == 429
    assert texts[-1] in answers[-1].content.decode()
    assert Concern.objects.get().messages.count() == 20


def test_what_was_hidden_once_is_not_opened_by_a_second_sending(
    aida, center, lighting, jamila
):
    key = signed_key()
    send(aida, center, lighting, key=key, involved="police")

    send(aida, center, lighting, key=key, involved="no")

    assert Concern.objects.get().hidden_from_police


@pytest.mark.usefixtures("jamila")
def test_who_says_only_at_the_second_sending_that_the_police_is_involved_is_hidden_too(
    aida, center, lighting, bakyt
):
    key = signed_key()
    send(aida, center, lighting, key=key)

    send(aida, center, lighting, key=key, involved="police")

    concern = Concern.objects.get()
    assert concern.in_custody
    assert concern.level == Level.CONFIDENTIAL
    assert not Concern.objects.visible_to(bakyt).exists()


def test_who_gives_her_name_only_at_the_second_sending_has_given_it(
    aida, center, lighting
):
    key = signed_key()
    send(aida, center, lighting, key=key)

    send(aida, center, lighting, key=key, name="Айда", consent="on")

    assert Identity.objects.get().name == "Айда"


def test_words_sent_again_as_a_complaint_are_hidden_with_all_there_is(
    aida, center, lighting, jamila, bakyt
):
    key = signed_key()
    send(aida, center, lighting, key=key)
    complaint = make_hidden_category(POLICE)

    send_quietly(aida, center, complaint, key=key, text="Инспектор мени урду.")

    concern = Concern.objects.get()
    assert concern.messages.get().text == "Инспектор мени урду."
    assert Concern.objects.visible_to(jamila).get() == concern
    assert not Concern.objects.visible_to(bakyt).exists()


def test_a_session_that_somebody_else_knows_does_not_show_him_the_code(
    aida, center, lighting
):
    choice = {"category": lighting.code}
    aida.post(reverse("concerns:choose", args=[center.slug]), choice)
    known = aida.session.session_key

    send(aida, center, lighting)

    assert aida.session.session_key != known


def test_after_a_day_the_receipt_is_not_shown_again(aida, center, lighting):
    key = signed_key()
    first = send(aida, center, lighting, key=key)
    day_ago = timezone.now() - timedelta(hours=24, minutes=1)
    Change.objects.update(created_at=day_ago)

    second = send(aida, center, lighting, key=key)

    assert second.status_code == 409
    assert code_in(first) not in second.content.decode()
    assert Concern.objects.count() == 1


def test_within_the_day_the_receipt_is_shown_again(aida, center, lighting):
    key = signed_key()
    first = send(aida, center, lighting, key=key)
    Change.objects.update(created_at=timezone.now() - timedelta(hours=23))

    second = send(aida, center, lighting, key=key)

    assert second.status_code == 200
    assert code_in(second) == code_in(first)


def test_a_code_that_the_reporter_ended_is_not_shown_again(aida, center, lighting):
    key = signed_key()
    first = send(aida, center, lighting, key=key)
    actions.withdraw(concern=Concern.objects.get())

    second = send(aida, center, lighting, key=key)

    assert second.status_code == 409
    assert code_in(first) not in second.content.decode()


def test_other_words_sent_after_a_day_wait_in_the_form_to_be_sent_anew(
    aida, center, lighting
):
    key = signed_key()
    first = send(aida, center, lighting, key=key)
    Change.objects.update(created_at=timezone.now() - timedelta(hours=25))
    new = {"text": "Кечээ алар кайра келишти.", "landmark": "Мектеп"}

    second = send(aida, center, lighting, key=key, **new)

    html = second.content.decode()
    assert second.status_code == 409
    assert all(word in html for word in new.values())
    assert code_in(first) not in html
    assert Concern.objects.get().text not in html
    fresh = second.context["form"]["key"].value()
    assert send(aida, center, lighting, key=fresh, **new).status_code == 200
    assert Concern.objects.filter(text=new["text"]).exists()


def test_words_that_were_received_are_not_shown_when_they_come_again_after_a_day(
    aida, center, lighting
):
    key, added = signed_key(), "Кечээ алар кайра келишти."
    send(aida, center, lighting, key=key)
    send(aida, center, lighting, key=key, text=added)
    Change.objects.update(created_at=timezone.now() - timedelta(hours=25))

    second = send(aida, center, lighting, key=key, text=added)

    assert second.status_code == 409
    assert added not in second.content.decode()


def test_a_side_named_when_it_comes_again_after_a_day_is_not_called_received(
    aida, center, lighting, jamila
):
    key = signed_key()
    send(aida, center, lighting, key=key, involved="police")
    Change.objects.update(created_at=timezone.now() - timedelta(hours=25))

    answers = {
        involved: send(aida, center, lighting, key=key, involved=involved)
        for involved in ("no", "police", "council")
    }

    assert {answer.status_code for answer in answers.values()} == {409}
    forms = [answer.context.get("form") for answer in answers.values()]
    assert forms[:2] == [None, None]
    fields = {"key": forms[2]["key"].value(), "involved": "council"}
    assert send(aida, center, lighting, **fields).status_code == 200
    assert Concern.objects.filter(involved="council").exists()


def test_the_receipt_survives_a_change_of_the_secret(settings, center, lighting):
    filing = {
        "center": center,
        "category": lighting,
        "key": key_number(next(numbers)),
        "words": {"text": "Чырак", "involved": Involved.NO},
        "language": "ky",
    }
    _concern, code, _is_new = actions.file(**filing)

    settings.CODE_KEYS = ["a new secret", *settings.CODE_KEYS]

    concern, again, is_new = actions.file(**filing)
    assert (again, is_new) == (code, False)
    assert Concern.objects.find(code) == concern


def test_the_action_itself_refuses_after_a_day(center, lighting):
    filing = {
        "center": center,
        "category": lighting,
        "key": key_number(next(numbers)),
        "words": {"text": "Чырак", "involved": Involved.NO},
        "language": "ky",
    }
    actions.file(**filing)
    Change.objects.update(created_at=timezone.now() - timedelta(days=2))

    with pytest.raises(ReceiptExpired):
        actions.file(**filing)


@pytest.mark.parametrize("key", ["", "0", "0.0:forged", "a.b.c:d", "\N{SNOWMAN}"])
def test_a_form_without_a_key_of_ours_is_given_a_new_one_and_its_words_back(
    key, aida, center, lighting
):
    response = send(aida, center, lighting, key=key)

    assert response.status_code == 422
    assert "Мектептин жанында чырак күйбөйт." in response.content.decode()
    fresh = response.context["form"]["key"].value()
    assert send(aida, center, lighting, key=fresh).status_code == 200
