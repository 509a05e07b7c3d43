"""A meeting while it goes on: who came, what was said and decided, by two at once."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from centers.actions import end_membership
from concerns import actions as concern_actions
from concerns.models import Concern
from concerns.workflow import Level, Status
from meetings import actions
from meetings.actions import Stale
from meetings.models import AgendaItem, Attendance, Decision, Meeting, Rules

from .factories import (
    COUNCIL,
    POLICE,
    SUPPORTER,
    give,
    make_action,
    make_approved,
    make_concern,
    make_decision,
    make_published_meeting,
    make_topic,
    partner_of,
    put_on_agenda,
    signed_in,
)
from .planning import act, decide, held_meeting, public_page, record, running_meeting

pytestmark = pytest.mark.django_db


def membership(user):
    return user.memberships.get()


def post(user, name, *where, **fields):
    return signed_in(user).post(reverse(f"desk:{name}", args=where), fields)


# Beginning and end


def test_a_meeting_begins_when_it_is_time(center, elmira):
    meeting = make_published_meeting(
        center, starts_at=timezone.now() - timedelta(minutes=1)
    )

    act(actions.begin, meeting, elmira)

    meeting.refresh_from_db()
    assert meeting.is_running
    assert timezone.now() - meeting.began_at < timedelta(minutes=1)


def test_whoever_notes_it_the_day_after_means_the_hour_announced(center, elmira):
    meeting = make_published_meeting(
        center, starts_at=timezone.now() - timedelta(days=1)
    )

    act(actions.begin, meeting, elmira)

    meeting.refresh_from_db()
    assert meeting.began_at == meeting.starts_at


def test_a_meeting_to_come_has_not_begun(center, elmira):
    with pytest.raises(ValidationError):
        act(actions.begin, make_published_meeting(center), elmira)


def test_what_is_recorded_is_read_once_the_end_is_noted(center, elmira, bakyt):
    meeting = running_meeting(center)
    make_topic(meeting)
    decide(meeting, elmira, text_ky="Чырак коюлсун.")
    desk = meeting.get_desk_url()

    before = [public_page(meeting), signed_in(bakyt).get(desk)]
    hers = signed_in(elmira).get(desk)
    act(actions.end, meeting, elmira)
    after = [public_page(meeting), signed_in(bakyt).get(desk)]

    assert ["Чырак коюлсун." in page.content.decode() for page in before] == [False] * 2
    assert "Чырак коюлсун." in hers.content.decode()
    assert ["Чырак коюлсун." in page.content.decode() for page in after] == [True] * 2


def test_an_end_before_the_beginning_or_to_come_is_none(center, elmira):
    meeting = running_meeting(center)
    for ended_at in (
        meeting.began_at - timedelta(minutes=1),
        timezone.now() + timedelta(minutes=5),
    ):
        with pytest.raises(ValidationError):
            act(actions.end, meeting, elmira, ended_at=ended_at)


def test_the_hours_are_corrected(center, elmira):
    meeting = held_meeting(center)
    began_at = meeting.began_at + timedelta(minutes=10)

    act(actions.end, meeting, elmira, began_at=began_at, ended_at=meeting.ended_at)

    meeting.refresh_from_db()
    assert meeting.began_at == began_at


# Who came


def test_members_are_named_and_residents_are_counted(center, elmira, bakyt, nurlan):
    meeting = running_meeting(center)

    act(
        actions.attend,
        meeting,
        elmira,
        came=[membership(bakyt)],
        numbers={("women", "14-28"): 7, ("men", "60+"): 0},
    )

    came = meeting.attendances.filter(came=True)
    assert [one.membership.user for one in came] == [bakyt]
    assert meeting.attendances.filter(came=False).count() == 2
    assert [(row.sex, row.number) for row in meeting.turnouts.all()] == [("women", 7)]


def test_who_came_is_corrected(center, elmira, bakyt):
    meeting = running_meeting(center)
    numbers = {("women", "14-28"): 7}
    act(actions.attend, meeting, elmira, came=[membership(bakyt)], numbers=numbers)

    act(actions.attend, meeting, elmira, came=[], numbers={("women", "14-28"): 0})

    assert not meeting.attendances.filter(came=True).exists()
    assert not meeting.turnouts.exists()


def test_of_whom_nothing_is_said_at_the_end_was_absent(center, elmira, bakyt):
    meeting = running_meeting(center)

    act(actions.end, meeting, elmira)

    assert {one.membership.user for one in Attendance.objects.filter(came=False)} == {
        elmira,
        bakyt,
    }


def test_a_member_who_left_stays_as_he_was_noted(center, cholpon, elmira, bakyt):
    meeting = running_meeting(center)
    came = [membership(bakyt)]
    act(actions.attend, meeting, elmira, came=came, numbers={})
    end_membership(membership=membership(bakyt), by=cholpon)

    act(actions.attend, meeting, elmira, came=[], numbers={})
    page = signed_in(elmira).get(reverse("desk:run", args=[meeting.reference]))

    assert meeting.attendances.get(membership=came[0]).came
    assert bakyt.full_name in page.content.decode()


def test_a_supporter_takes_no_part(center, elmira, olga):
    page = signed_in(elmira).get(
        reverse("desk:run", args=[running_meeting(center).reference])
    )

    assert olga.full_name not in page.content.decode()


def test_who_came_is_ticked_and_counted_on_the_page(center, elmira, bakyt):
    meeting = running_meeting(center)
    field = f"came_{partner_of(center, POLICE).pk}"

    answer = post(
        elmira,
        "attend",
        meeting.reference,
        **{"version": 0, field: membership(bakyt).pk, "women_29-59": "12"},
    )
    page = signed_in(elmira).get(answer["Location"])

    assert dict(page.context["came"])[partner_of(center, POLICE).name] == 1
    assert page.context["residents"] == 12


def test_a_number_that_is_none_keeps_what_was_ticked(center, elmira, bakyt):
    meeting = running_meeting(center)
    field = f"came_{partner_of(center, POLICE).pk}"

    answer = post(
        elmira,
        "attend",
        meeting.reference,
        **{"version": 0, field: membership(bakyt).pk, "men_60+": "-3"},
    )

    assert answer.status_code == 422
    form = answer.context["attendance_form"]
    assert form[field].value() == [str(membership(bakyt).pk)]
    assert set(form.errors) == {"men_60+"}
    assert not Attendance.objects.exists()


# What was said


WORDS = {
    "heard_ky": "Участкалык уктурду",
    "heard_ru": "Участковый доложил",
    "discussed_ky": "Көчө караңгы",
    "discussed_ru": "Улица тёмная",
}


def test_what_was_heard_and_discussed_is_kept(center, elmira):
    meeting = running_meeting(center)
    make_topic(meeting)

    item = record(meeting, elmira, **WORDS)

    item.refresh_from_db()
    assert {name: getattr(item, name) for name in WORDS} == WORDS
    assert item.status == AgendaItem.Status.OPEN


@pytest.mark.parametrize("outcome", ["noted", "postponed"])
def test_an_item_may_end_without_a_decision(outcome, center, elmira):
    meeting = running_meeting(center)
    make_topic(meeting)

    assert record(meeting, elmira, outcome=outcome).status == outcome


def test_a_decision_needs_words_in_one_language_at_least(center, elmira):
    meeting = running_meeting(center)
    make_topic(meeting)

    with pytest.raises(ValidationError):
        decide(meeting, elmira, text_ky="", text_ru="")
    decide(meeting, elmira, text_ky="", text_ru="Поставить фонарь.")

    assert "Поставить фонарь." in meeting.items.get().decision.text_ru


def test_a_vote_is_three_numbers(center, elmira):
    meeting = running_meeting(center)
    make_topic(meeting)

    with pytest.raises(ValidationError):
        decide(meeting, elmira, way="vote", votes_for=5)
    votes = {"votes_for": 5, "votes_against": 1, "votes_abstained": 0}
    decide(meeting, elmira, way="vote", **votes)

    decision = Decision.objects.get()
    assert {name: getattr(decision, name) for name in votes} == votes


def test_numbers_beside_a_consensus_were_not_meant(center, elmira):
    meeting = running_meeting(center)
    make_topic(meeting)

    decide(meeting, elmira, votes_for=5)

    assert Decision.objects.get().votes_for is None


def test_how_it_was_decided_is_read_by_everyone(center, elmira):
    meeting = held_meeting(center)
    make_topic(meeting)
    decide(
        *(meeting, elmira),
        **{"way": "vote", "votes_for": 5, "votes_against": 2, "votes_abstained": 1},
    )

    assert "Макул: 5, каршы: 2, калыс калды: 1" in public_page(meeting).content.decode()


def test_a_decision_stands_beside_its_concern_too(center, elmira, client):
    meeting = held_meeting(center)
    concern = make_approved(center)
    put_on_agenda(meeting, concern)

    decide(meeting, elmira, text_ky="Чырак коюлсун.")

    page = client.get(concern.get_absolute_url()).content.decode()
    assert "Чырак коюлсун." in page


def test_a_decision_recorded_anew_replaces_the_first(center, elmira):
    meeting = held_meeting(center)
    make_topic(meeting)
    decide(meeting, elmira)

    decide(meeting, elmira, text_ky="Жок.")

    assert Decision.objects.get().text_ky == "Жок."


def test_a_decision_taken_back_is_gone(center, elmira):
    meeting = running_meeting(center)
    make_topic(meeting)
    decide(meeting, elmira)

    record(meeting, elmira, outcome="postponed")

    assert not Decision.objects.exists()


def test_a_decision_that_somebody_acts_upon_stays(center, elmira):
    meeting = running_meeting(center)
    make_action(make_decision(make_topic(meeting, status="decided")))

    with pytest.raises(ValidationError):
        record(meeting, elmira, outcome="noted")

    assert Decision.objects.exists()


def test_nothing_is_recorded_before_the_meeting(three_topics, elmira):
    with pytest.raises(ValidationError):
        decide(three_topics, elmira)


@pytest.mark.parametrize("place", [0, 2, 99])
def test_nothing_is_recorded_on_what_is_not_there(place, center, elmira):
    meeting = running_meeting(center)
    make_topic(meeting)

    with pytest.raises(ValidationError):
        actions.record(meeting=meeting, place=place, by=elmira, version=0)


def test_who_only_takes_part_records_nothing(center, bakyt, daniyar):
    meeting = running_meeting(center)
    make_topic(meeting)

    with pytest.raises(PermissionDenied):
        decide(meeting, bakyt)
    with pytest.raises(Meeting.DoesNotExist):
        decide(meeting, daniyar)


# Two at once


def test_two_record_two_items_at_once(center, cholpon, elmira):
    meeting = running_meeting(center)
    make_topic(meeting), make_topic(meeting)

    actions.record(meeting=meeting, place=1, by=elmira, version=0, heard_ky="Бир")
    actions.record(meeting=meeting, place=2, by=cholpon, version=0, heard_ky="Эки")

    heard = list(meeting.items.values_list("heard_ky", flat=True))
    assert heard == ["Бир", "Эки"]


def test_two_on_one_item_never_overwrite_each_other(center, cholpon, elmira):
    meeting = running_meeting(center)
    make_topic(meeting)
    actions.record(meeting=meeting, place=1, by=elmira, version=0, heard_ky="Бир")

    with pytest.raises(Stale):
        actions.record(meeting=meeting, place=1, by=cholpon, version=0, heard_ky="Эки")

    assert meeting.items.get().heard_ky == "Бир"


def test_who_was_slower_sees_both_and_may_send_again(center, cholpon, elmira):
    meeting = running_meeting(center)
    make_topic(meeting)
    record(meeting, elmira, heard_ky="Эмнени Элмира жазды")
    where = (meeting.reference, 1)
    hers = {"outcome": "open", "heard_ky": "Эмнени Чолпон жазды"}

    answer = post(cholpon, "run_item", *where, version=0, **hers)
    page = answer.content.decode()
    version = answer.context["form"]["version"].value()
    again = post(cholpon, "run_item", *where, version=version, **hers)

    assert answer.status_code == 409
    assert "Эмнени Элмира жазды" in page and "Эмнени Чолпон жазды" in page
    assert again.status_code == 302
    assert meeting.items.get().heard_ky == "Эмнени Чолпон жазды"


# As it is typed


def test_what_is_typed_is_kept_by_itself(center, elmira):
    meeting = running_meeting(center)
    make_topic(meeting)
    words = {"outcome": "open", "heard_ky": "Сөз ортосунда", "draft": "1"}

    answer = post(elmira, "run_item", meeting.reference, 1, version=0, **words)

    assert answer.json() == {"version": 1}
    assert meeting.items.get().heard_ky == "Сөз ортосунда"


def test_a_decision_only_begun_does_not_lose_the_rest(center, elmira):
    meeting = running_meeting(center)
    make_topic(meeting)
    words = {"outcome": "decided", "heard_ky": "Угулду", "draft": "1"}

    answer = post(elmira, "run_item", meeting.reference, 1, version=0, **words)

    item = meeting.items.get()
    assert answer.status_code == 200
    assert (item.heard_ky, item.status) == ("Угулду", "open")


def test_what_is_sent_by_itself_moves_no_concern(center, elmira):
    meeting = running_meeting(center)
    concern = make_concern(center, status=Status.REGISTERED)
    put_on_agenda(meeting, concern)
    words = {"outcome": "open", "target": "in_progress", "draft": "1"}

    post(
        *(elmira, "run_item", meeting.reference, 1),
        **{"version": 0, "concern_version": concern.version} | words,
    )

    concern.refresh_from_db()
    assert concern.status == Status.REGISTERED


def test_by_itself_nothing_of_another_is_overwritten(center, cholpon, elmira):
    meeting = running_meeting(center)
    make_topic(meeting)
    record(meeting, elmira, heard_ky="Бир")
    words = {"outcome": "open", "heard_ky": "Эки", "draft": "1"}

    answer = post(cholpon, "run_item", meeting.reference, 1, version=0, **words)

    assert answer.status_code == 409
    assert meeting.items.get().heard_ky == "Бир"


# The concern itself


@pytest.fixture
def on_agenda(center):
    """A concern in work, on the agenda of a meeting that goes on."""
    meeting = running_meeting(center)
    concern = make_concern(center, status=Status.IN_PROGRESS)
    put_on_agenda(meeting, concern)
    return meeting, concern


def test_a_decision_moves_its_concern_and_tells_the_reporter(on_agenda, elmira):
    meeting, concern = on_agenda

    decide(
        *(meeting, elmira),
        **{"target": Status.RESOLVED, "note": "Чырак коюлду", "concern_version": 0},
    )

    concern.refresh_from_db()
    change = concern.changes.last()
    assert (concern.status, change.note) == (Status.RESOLVED, "Чырак коюлду")


def test_a_move_refused_leaves_no_decision(on_agenda, elmira):
    meeting, concern = on_agenda

    with pytest.raises(ValidationError):
        decide(meeting, elmira, target=Status.RESOLVED, note="", concern_version=0)

    assert not Decision.objects.exists()
    assert meeting.items.get().version == 0


def test_a_concern_changed_meanwhile_leaves_no_decision(on_agenda, elmira, cholpon):
    meeting, concern = on_agenda
    concern_actions.set_level(
        concern=concern, level=Level.RESTRICTED, by=cholpon, version=0
    )

    answer = post(
        *(elmira, "run_item", meeting.reference, 1),
        **{
            "version": 0,
            "concern_version": 0,
            "outcome": "decided",
            "text_ky": "Чечим",
        },
        **{"target": "resolved", "note": "Чечилди"},
    )

    assert answer.status_code == 409
    assert "Чечилди" in answer.content.decode()
    assert not Decision.objects.exists()


def test_the_meeting_confirms_what_another_side_has_solved(center, elmira, bakyt):
    meeting = running_meeting(center)
    concern = make_approved(center, status=Status.RESOLVED)
    give(concern, POLICE, bakyt)
    put_on_agenda(meeting, concern)
    assert not Concern.objects.visible_to(elmira).exists()

    decide(meeting, elmira, target=Status.CLOSED, concern_version=concern.version)

    concern.refresh_from_db()
    assert concern.status == Status.CLOSED
    assert concern.changes.last().side == "meeting"


def test_who_may_not_read_a_concern_moves_it_no_other_way(center, elmira, bakyt):
    meeting = running_meeting(center)
    concern = make_approved(center, status=Status.IN_PROGRESS)
    give(concern, POLICE, bakyt)
    put_on_agenda(meeting, concern)

    page = signed_in(elmira).get(reverse("desk:run_item", args=[meeting.reference, 1]))

    assert "target" not in page.context["form"].fields
    with pytest.raises(Concern.DoesNotExist):
        decide(meeting, elmira, target=Status.RESOLVED, note="а", concern_version=0)


def test_a_decision_answers_its_own_concern_and_others(center, elmira):
    meeting = running_meeting(center)
    own, other = (make_approved(center, status=Status.REGISTERED) for _ in range(2))
    put_on_agenda(meeting, own)
    decide(meeting, elmira)

    answer = post(
        *(elmira, "run_answers", meeting.reference, 1),
        **{"version": 1, "concerns": other.reference},
    )

    assert answer.status_code == 302
    assert set(Decision.objects.get().answers.all()) == {own, other}


def test_a_decision_answers_no_concern_that_one_may_not_know_of(center, elmira):
    theirs = make_concern(center, status=Status.REGISTERED)
    give(theirs, POLICE)
    meeting = running_meeting(center)
    make_decision(make_topic(meeting))
    answers = elmira, "run_answers", meeting.reference, 1

    page = signed_in(elmira).get(reverse("desk:run_answers", args=answers[2:]))
    sent = post(*answers, version=0, concerns=[theirs.reference])
    actions.answer(meeting=meeting, place=1, by=elmira, version=0, concerns=[theirs])

    assert theirs.number not in page.content.decode()
    assert sent.status_code == 422
    assert not Decision.objects.get().answers.exists()


def test_a_decision_answers_no_confidential_concern(center, cholpon):
    meeting = running_meeting(center)
    make_topic(meeting)
    decide(meeting, cholpon)
    hidden = make_concern(center, level=Level.CONFIDENTIAL, status=Status.REGISTERED)

    answer = post(
        *(cholpon, "run_answers", meeting.reference, 1),
        **{"version": 1, "concerns": hidden.reference},
    )

    assert answer.status_code == 422
    assert not Decision.objects.get().answers.exists()


def test_what_became_confidential_is_recorded_no_more(on_agenda, cholpon, elmira):
    meeting, concern = on_agenda
    concern_actions.set_level(
        concern=concern, level=Level.CONFIDENTIAL, by=cholpon, version=0
    )

    page = signed_in(elmira).get(reverse("desk:run_item", args=[meeting.reference, 1]))

    assert page.status_code == 404


# Who does what


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


def test_a_person_acts_for_his_own_partner(center, decided, elmira, bakyt):
    fields = who_does_what(center, person=bakyt.pk)

    answer = post(elmira, "add_action", decided.reference, 1, **fields)

    assert answer.status_code == 422
    assert set(answer.context["action_form"].errors) == {"person"}


def test_nothing_is_done_before_it_is_decided(center, elmira):
    meeting = running_meeting(center)
    make_topic(meeting)

    answer = post(elmira, "add_action", meeting.reference, 1, **who_does_what(center))

    assert answer.status_code == 404


def test_a_supporter_is_given_nothing_to_do(center, decided, elmira, olga):
    page = signed_in(elmira).get(reverse("desk:run_item", args=[decided.reference, 1]))

    names = [
        name for _value, name in page.context["action_form"].fields["partner"].choices
    ]
    assert partner_of(center, SUPPORTER).name not in names


@pytest.mark.parametrize("name", ["run", "run_item"])
@pytest.mark.parametrize("number", [1, 40])
def test_forty_items_ask_as_much_as_one(
    name, number, center, elmira, django_assert_max_num_queries
):
    meeting = running_meeting(center)
    for _ in range(number):
        item = put_on_agenda(meeting, make_approved(center))
        make_action(make_decision(item)).co_executors.add(partner_of(center, POLICE))
    rest = [1] if name == "run_item" else []
    browser = signed_in(elmira)

    browser.get(reverse(f"desk:{name}", args=[meeting.reference, *rest]))
    with django_assert_max_num_queries(8):
        page = browser.get(reverse(f"desk:{name}", args=[meeting.reference, *rest]))

    assert page.status_code == 200


def test_without_a_side_there_is_no_quorum_where_the_rules_ask_for_all(
    center, elmira, bakyt, nurlan
):
    Rules.objects.create(center=center, quorum=Rules.Quorum.PARTNERS)
    meeting = running_meeting(center)
    path = reverse("desk:run", args=[meeting.reference])
    came = [membership(person) for person in (elmira, nurlan)]
    act(actions.attend, meeting, elmira, came=came, numbers={})
    without = signed_in(elmira).get(path).context["missing"]

    act(actions.attend, meeting, elmira, came=[*came, membership(bakyt)], numbers={})
    then = signed_in(elmira).get(path).context["missing"]

    assert [str(side) for side in without] == ["милиция"]
    assert then == []
