"""Who does what by when, as it is recorded: added, corrected, struck out."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from centers.actions import end_membership
from meetings import actions
from meetings.models import Action, Decision, Goal

from .factories import (
    COUNCIL,
    POLICE,
    SUPPORTER,
    make_action,
    make_decision,
    make_meeting,
    make_topic,
    partner_of,
    put_action_on_agenda,
    signed_in,
)
from .minutes import put_up
from .planning import running_meeting
from .plans import signed_plan

pytestmark = pytest.mark.django_db


def post(user, name, *where, **fields):
    return signed_in(user).post(reverse(f"desk:{name}", args=where), fields)


def who_does_what(center, **fields):
    return {
        "version": 0,
        "text_ky": "Чыракты алмаштыруу",
        "text_ru": "Заменить фонарь",
        "partner": partner_of(center, COUNCIL).pk,
        "due_on": f"{timezone.localdate() + timedelta(days=10):%Y-%m-%d}",
    } | fields


@pytest.fixture
def decided(center):
    """A meeting with one item, decided."""
    meeting = running_meeting(center)
    make_decision(make_topic(meeting, status="decided"))
    return meeting


def opened(user, meeting):
    path = reverse("desk:add_action", args=[meeting.reference, 1])
    return signed_in(user).get(path)


def test_it_is_recorded_who_does_what_by_when_and_paid_by_whom(center, decided, elmira):
    police = partner_of(center, POLICE)

    answer = post(
        *(elmira, "add_action", decided.reference, 1),
        **who_does_what(
            center,
            person=elmira.pk,
            co_executors=police.pk,
            funding_ky="Жергиликтүү бюджет",
            indicator_ky="Чырак күйөт",
        ),
    )

    action = Decision.objects.get().actions.get()
    assert answer.status_code == 302
    assert (action.person, list(action.co_executors.all())) == (elmira, [police])
    assert (action.funding_ky, action.indicator_ky) == (
        "Жергиликтүү бюджет",
        "Чырак күйөт",
    )
    assert action.due_on == timezone.localdate() + timedelta(days=10)


def test_sent_twice_it_is_one(center, decided, elmira):
    for version in (0, 1):
        fields = who_does_what(center, version=version)
        post(elmira, "add_action", decided.reference, 1, **fields)

    assert Decision.objects.get().actions.count() == 1


def test_the_same_with_other_particulars_is_refused_and_kept(center, decided, elmira):
    post(elmira, "add_action", decided.reference, 1, **who_does_what(center))
    fields = who_does_what(center, version=1, funding_ky="Бюджет")

    answer = post(elmira, "add_action", decided.reference, 1, **fields)

    assert answer.status_code == 422
    assert answer.context["action_form"]["funding_ky"].value() == "Бюджет"
    assert not Decision.objects.get().actions.get().funding_ky


def test_it_is_recorded_which_goal_it_serves(center, decided, elmira, cholpon):
    goal = signed_plan(center, cholpon)
    fields = who_does_what(center, goal=goal.reference)

    post(elmira, "add_action", decided.reference, 1, **fields)

    assert Decision.objects.get().actions.get().goal == goal


def test_a_goal_of_another_centre_is_served_by_nobody(
    center, other_center, decided, elmira, cholpon, daniyar
):
    signed_plan(center, cholpon)
    fields = who_does_what(center, goal=signed_plan(other_center, daniyar).reference)

    answer = post(elmira, "add_action", decided.reference, 1, **fields)

    assert set(answer.context["action_form"].errors) == {"goal"}
    assert not Decision.objects.get().actions.exists()


def test_where_there_is_no_plan_no_goal_is_asked_for(decided, elmira):
    page = opened(elmira, decided)

    assert "goal" not in page.context["action_form"].fields


@pytest.mark.parametrize("days", [-2, 800])
def test_a_term_lies_after_the_meeting_and_in_sight(days, center, decided, elmira):
    due_on = timezone.localdate() + timedelta(days=days)
    fields = who_does_what(center, due_on=f"{due_on:%d.%m.%Y}")

    answer = post(elmira, "add_action", decided.reference, 1, **fields)

    form = answer.context["action_form"]
    assert answer.status_code == 422
    assert form["text_ky"].value() == fields["text_ky"]
    assert set(form.errors) == {"due_on"}


def test_another_centres_partner_does_nothing_here(
    center, other_center, decided, elmira
):
    fields = who_does_what(center, partner=partner_of(other_center, COUNCIL).pk)

    answer = post(elmira, "add_action", decided.reference, 1, **fields)

    assert answer.status_code == 422
    assert not Decision.objects.get().actions.exists()


@pytest.mark.parametrize("others", ["9" * 30, "x", "0"])
def test_a_co_executor_that_there_is_not_is_refused(others, center, decided, elmira):
    fields = who_does_what(center, co_executors=others)

    answer = post(elmira, "add_action", decided.reference, 1, **fields)

    assert answer.status_code == 422
    assert set(answer.context["action_form"].errors) == {"co_executors"}


def test_a_person_acts_for_his_own_partner(center, decided, elmira, bakyt):
    fields = who_does_what(center, person=bakyt.pk)

    answer = post(elmira, "add_action", decided.reference, 1, **fields)

    assert answer.status_code == 422
    assert set(answer.context["action_form"].errors) == {"person"}


def test_nothing_is_done_before_it_is_decided(center, elmira):
    meeting = running_meeting(center)
    make_topic(meeting)

    answer = post(elmira, "add_action", meeting.reference, 1, **who_does_what(center))

    # What she typed is given back.
    assert answer.status_code == 409
    assert not Action.objects.exists()


def test_a_supporter_is_given_nothing_to_do(center, decided, elmira, olga):
    page = opened(elmira, decided)

    names = [
        name for _value, name in page.context["action_form"].fields["partner"].choices
    ]
    assert partner_of(center, SUPPORTER).name not in names


def test_beside_an_item_nothing_is_typed_that_its_button_would_lose(decided, elmira):
    place = decided.reference, 1
    words = {"version": 0, "outcome": "decided", "text_ky": "Чечим", "way": "consensus"}

    page = signed_in(elmira).get(reverse("desk:run_item", args=place)).content.decode()
    answer = post(elmira, "run_item", *place, **words, act="1")

    assert 'name="partner"' not in page
    assert answer["Location"] == reverse("desk:add_action", args=place)


def test_one_after_the_other_is_added(center, decided, elmira):
    fields = who_does_what(center, another="1")

    answer = post(elmira, "add_action", decided.reference, 1, **fields)

    assert answer["Location"] == reverse("desk:add_action", args=[decided.reference, 1])


# Corrected


@pytest.fixture
def recorded(decided):
    """What was recorded at a meeting that goes on, by mistake."""
    return make_action(Decision.objects.get(), text_ky="Асан Үсөновго барсын")


def correct(user, meeting, action, **fields):
    where = meeting.reference, 1, action.reference
    return post(user, "correct_action", *where, **fields)


def strike(user, meeting, action, version=0):
    where = meeting.reference, 1, action.reference
    return post(user, "strike_action", *where, version=version)


def test_what_was_mistyped_is_corrected(center, decided, recorded, elmira, bakyt):
    police = partner_of(center, POLICE)
    fields = who_does_what(center, partner=police.pk, person=bakyt.pk)

    answers = [correct(elmira, decided, recorded, **fields) for _ in range(2)]

    recorded.refresh_from_db()
    assert [answer.status_code for answer in answers] == [302, 302]
    assert (recorded.partner, recorded.person) == (police, bakyt)
    assert recorded.text_ky == fields["text_ky"]
    assert f"{recorded.due_on:%Y-%m-%d}" == fields["due_on"]


def test_other_co_executors_are_no_second_press(center, decided, recorded, elmira):
    police = partner_of(center, POLICE)
    correct(elmira, decided, recorded, **who_does_what(center))

    answer = correct(
        elmira, decided, recorded, **who_does_what(center, co_executors=police.pk)
    )

    assert answer.status_code == 409
    assert answer.context["action_form"]["co_executors"].value() == [str(police.pk)]


def test_the_form_says_what_is_recorded(center, decided, recorded, elmira):
    recorded.co_executors.add(partner_of(center, POLICE))
    where = [decided.reference, 1, recorded.reference]

    form = signed_in(elmira).get(reverse("desk:correct_action", args=where))
    form = form.context["action_form"]

    assert form["text_ky"].value() == recorded.text_ky
    assert form["due_on"].value() == recorded.due_on
    assert form["partner"].value() == recorded.partner_id
    assert form["co_executors"].value() == [partner_of(center, POLICE).pk]


def test_what_is_wrong_in_a_correction_is_said_and_kept(
    center, decided, recorded, elmira, bakyt
):
    fields = who_does_what(center, person=bakyt.pk)

    answer = correct(elmira, decided, recorded, **fields)

    recorded.refresh_from_db()
    assert answer.status_code == 422
    assert set(answer.context["action_form"].errors) == {"person"}
    assert recorded.version == 0


def test_of_two_who_correct_it_none_is_lost(center, decided, recorded, elmira, cholpon):
    correct(cholpon, decided, recorded, **who_does_what(center))

    answer = correct(elmira, decided, recorded, **who_does_what(center, text_ru="Иное"))

    recorded.refresh_from_db()
    form = answer.context["action_form"]
    assert answer.status_code == 409
    assert (form["text_ru"].value(), form["version"].value()) == ("Иное", 1)
    assert recorded.text_ru == "Заменить фонарь"


def said_of(action, by):
    """Let somebody say how far an action has come, once its meeting has ended."""
    meeting = action.decision.item.meeting
    meeting.ended_at = timezone.now()
    meeting.save()
    actions.note_progress(action=action, by=by, version=0, note="Чырак келди")
    return meeting


def test_once_something_was_said_of_it_its_words_alone_are_corrected(
    center, recorded, elmira
):
    meeting, partner = said_of(recorded, elmira), recorded.partner
    words = {"text_ky": "Чырак коюлат", "text_ru": "Фонарь поставят"}

    answer = correct(elmira, meeting, recorded, version=1, **words)

    recorded.refresh_from_db()
    assert answer.status_code == 302
    assert (recorded.text_ky, recorded.partner) == ("Чырак коюлат", partner)
    fields = {"person": None, "partner": partner_of(center, POLICE), "co_executors": []}
    with pytest.raises(ValidationError):
        actions.correct_action(
            **{"meeting": meeting, "place": 1, "reference": recorded.reference},
            **{"by": elmira, "version": 2, **fields},
        )


def test_what_may_not_be_corrected_any_more_is_not_called_corrected(
    center, recorded, elmira
):
    meeting = said_of(recorded, elmira)
    recorded.refresh_from_db()
    fields = who_does_what(center, version=recorded.version)
    fields |= {"partner": partner_of(center, POLICE).pk}

    answer = correct(elmira, meeting, recorded, **fields)
    form = answer.context["action_form"]
    again = {name: form[name].value() or "" for name in form.fields}
    kept = correct(elmira, meeting, recorded, **again)

    assert (answer.status_code, kept.status_code) == (409, 302)
    assert again["text_ky"] == fields["text_ky"]
    recorded.refresh_from_db()
    assert recorded.partner == partner_of(center, COUNCIL)


def test_who_was_named_and_has_left_stays_named(center, decided, cholpon, elmira):
    action = make_action(Decision.objects.get(), person=elmira)
    end_membership(membership=elmira.memberships.get(), by=cholpon)
    where = [decided.reference, 1, action.reference]
    page = signed_in(cholpon).get(reverse("desk:correct_action", args=where))
    person = page.context["action_form"]["person"]

    fields = who_does_what(center, person=person.value())
    answer = correct(cholpon, decided, action, **fields)

    action.refresh_from_db()
    assert elmira.full_name in str(person)
    assert answer.status_code == 302
    assert (action.person, action.text_ky) == (elmira, fields["text_ky"])


def test_a_goal_that_was_taken_out_since_stays_served(center, decided, cholpon, elmira):
    goal = signed_plan(center, cholpon)
    action = make_action(Decision.objects.get(), goal=goal)
    Goal.objects.filter(pk=goal.pk).update(is_dropped=True)
    where = [decided.reference, 1, action.reference]
    page = signed_in(elmira).get(reverse("desk:correct_action", args=where))

    fields = who_does_what(center, goal=page.context["action_form"]["goal"].value())
    answer = correct(elmira, decided, action, **fields)

    action.refresh_from_db()
    assert answer.status_code == 302
    assert (action.goal, action.text_ky) == (goal, fields["text_ky"])


@pytest.mark.parametrize("name", ["add_action", "correct_action"])
def test_what_is_typed_of_an_action_that_is_gone_is_given_back(
    name, center, decided, recorded, elmira
):
    where = [decided.reference, 1]
    where += [recorded.reference] if name == "correct_action" else []
    recorded.decision.delete()

    answer = post(elmira, name, *where, **who_does_what(center))

    assert answer.status_code == 409
    assert "Чыракты алмаштыруу" in answer.content.decode()
    assert post(elmira, name, *where, version=0).status_code == 404


def test_what_was_recorded_by_mistake_is_struck_out(decided, recorded, elmira):
    answers = [strike(elmira, decided, recorded) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert not Action.objects.exists()


def test_what_somebody_changed_meanwhile_is_not_struck_out(
    center, decided, recorded, elmira, cholpon
):
    correct(cholpon, decided, recorded, **who_does_what(center))

    assert strike(elmira, decided, recorded).status_code == 409
    assert Action.objects.exists()


def test_of_which_something_was_said_it_is_not_struck_out(recorded, elmira):
    meeting = said_of(recorded, elmira)

    answer = strike(elmira, meeting, recorded, version=1)

    assert answer.status_code == 422
    assert Action.objects.exists()


def test_what_another_meeting_is_to_speak_of_is_not_struck_out(
    center, decided, recorded, elmira
):
    put_action_on_agenda(make_meeting(center), recorded)

    assert strike(elmira, decided, recorded).status_code == 422
    assert Action.objects.exists()


def test_under_a_protocol_that_is_up_nothing_is_corrected(
    center, decided, recorded, elmira
):
    decided.ended_at = timezone.now()
    decided.save()
    put_up(decided, elmira)

    answers = [
        correct(elmira, decided, recorded, **who_does_what(center)),
        strike(elmira, decided, recorded),
    ]

    assert [answer.status_code for answer in answers] == [422, 422]
    recorded.refresh_from_db()
    assert recorded.version == 0
