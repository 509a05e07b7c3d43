"""What is forwarded: to whom, with which number, and whether the name went along."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from centers.models import OutsideBody
from concerns import actions
from concerns.models import Change
from concerns.workflow import Status

from .factories import make_category, make_concern, make_identity, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cheap_codes")]

NOTICE = {
    "target": "forwarded",
    "note": "Ошол жерге кайрылыңыз.",
    "body": "Ноокат РИИБ",
    "crime_number": "05-123",
    "crime_place": "Ноокат РИИБ, нөөмөт бөлүгү",
}


@pytest.fixture
def crime(center):
    category = make_category(is_crime=True)
    return make_concern(center, category, status=Status.IN_PROGRESS)


def send(user, concern, **fields):
    return signed_in(user).post(
        reverse("desk:move", args=[concern.reference]),
        {"version": concern.version} | NOTICE | fields,
    )


def followed(concern):
    phone = Client()
    phone.post("/follow/", {"c": concern.code})
    return phone.get("/ru/follow/concern/").content.decode()


def test_she_reads_to_whom_where_and_under_which_number(crime, bakyt):
    assert send(bakyt, crime).status_code == 302

    page = followed(crime)
    assert NOTICE["body"] in page
    assert NOTICE["crime_number"] in page
    assert NOTICE["crime_place"] in page
    assert "<time" in page


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("yes", "Вместе с ним переданы ваше имя и контакты."),
        ("no", "Ваше имя не передавали."),
    ],
)
def test_she_reads_whether_her_name_was_passed_on(answer, words, crime, bakyt):
    make_identity(crime)

    send(bakyt, crime, identity_passed=answer)

    assert words in followed(crime)
    change = Change.objects.get(new=Status.FORWARDED)
    assert change.identity_passed is (answer == "yes")


def test_the_history_of_the_desk_says_it_too(crime, cholpon):
    make_identity(crime)
    send(cholpon, crime, identity_passed="yes")

    page = signed_in(cholpon).get(f"/ru{crime.get_desk_url()}").content.decode()

    assert "Кто обратился, тоже сообщили." in page
    assert NOTICE["crime_place"] in page


def test_where_she_gave_no_name_nothing_is_asked_or_said(crime, bakyt):
    form = signed_in(bakyt).get(crime.get_desk_url()).context["move_form"]

    send(bakyt, crime)

    assert "identity_passed" not in form.fields
    assert Change.objects.get(new=Status.FORWARDED).identity_passed is None
    assert "имя" not in followed(crime).split("timeline")[1].split("</ol>")[0]


def test_leaving_it_open_is_refused_beside_the_field_with_all_kept(crime, bakyt):
    make_identity(crime)

    answer = send(bakyt, crime)

    form = answer.context["move_form"]
    assert answer.status_code == 422
    assert set(form.errors) == {"identity_passed"}
    assert form["body"].value() == NOTICE["body"]


def test_the_action_asks_for_it_as_well(crime, bakyt):
    make_identity(crime)

    with pytest.raises(ValidationError) as refused:
        actions.move(
            concern=crime,
            target=Status.FORWARDED,
            by=bakyt,
            version=0,
            note="Сөз",
            body="РИИБ",
            crime_number="1",
        )

    assert set(refused.value.message_dict) == {"identity_passed"}


def test_a_number_without_a_place_is_refused_beside_the_field(crime, bakyt):
    answer = send(bakyt, crime, crime_place="")

    assert answer.status_code == 422
    assert set(answer.context["move_form"].errors) == {"crime_place"}


def test_another_move_is_not_asked_for_any_of_it(crime, bakyt):
    make_identity(crime)

    answer = signed_in(bakyt).post(
        reverse("desk:move", args=[crime.reference]),
        {"version": 0, "target": "needs_info", "note": "Кайсы көчө?"},
    )

    assert answer.status_code == 302


def test_what_was_typed_for_another_move_is_not_kept(center, bakyt):
    lamp = make_concern(center, status=Status.IN_PROGRESS)

    answer = send(bakyt, lamp, target="needs_info", lead="9999-9999")

    assert answer.status_code == 302
    change = Change.objects.get(new=Status.NEEDS_INFO)
    assert (change.body, change.crime_number, change.crime_place) == ("", "", "")
    lamp.refresh_from_db()
    assert (lamp.crime_number, lamp.crime_place) == ("", "")
    # As a crime it could not be solved any more.
    assert not lamp.is_crime


def test_bodies_that_are_known_are_proposed_and_others_may_be_written(crime, bakyt):
    OutsideBody.objects.create(code="p", name_ky="Прокуратура", name_ru="Прокуратура")

    page = signed_in(bakyt).get(crime.get_desk_url()).content.decode()

    assert '<option value="Прокуратура">' in page
    assert send(bakyt, crime, body="Башка орган").status_code == 302


def test_a_second_press_forwards_nothing_twice(crime, bakyt):
    answers = [send(bakyt, crime).status_code for _ in range(2)]

    assert answers[0] == 302
    assert Change.objects.filter(new=Status.FORWARDED).count() == 1
