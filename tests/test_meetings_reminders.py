"""Letters about what was promised: before the day, after it, and never one twice."""

import pytest
from django.core.management import call_command
from django.utils import timezone

from centers.models import Role
from concerns.workflow import Level
from meetings import actions
from meetings.models import Action, Meeting

from .factories import (
    COUNCIL,
    POLICE,
    make_approved,
    make_category,
    make_concern,
    make_membership,
    partner_of,
)
from .planning import ended_meeting, promise, running_meeting
from .test_meetings_doing import CONFIRMED, DONE, NOT_DONE, do, put, today

pytestmark = pytest.mark.django_db


@pytest.fixture
def remind(django_capture_on_commit_callbacks):
    """Send what is due on a day, counted from today; return of how many actions."""

    def remind(days=0):
        with django_capture_on_commit_callbacks(execute=True):
            return actions.remind(today=today(days))

    return remind


@pytest.fixture
def action(center, bakyt):
    """An action of the police, of which the officer is named, due in ten days."""
    return promise(
        center,
        partner=partner_of(center, POLICE),
        person=bakyt,
        due_on=today(10),
    )


def told(mailoutbox):
    return sorted(address for letter in mailoutbox for address in letter.to)


# When


def test_letters_go_three_days_before_on_the_day_after_and_every_week(action, remind):
    sent = [day for day in range(30) if remind(day)]

    assert sent == [7, 11, 18, 25]


def test_on_one_day_one_letter_goes(action, remind, mailoutbox):
    assert [remind(7), remind(7), remind(8)] == [1, 0, 0]
    assert len(mailoutbox) == 1


def test_a_day_left_out_is_made_up_for(action, remind):
    assert [remind(6), remind(9), remind(10)] == [0, 1, 0]
    assert [remind(14), remind(18), remind(21), remind(22)] == [1, 0, 1, 0]


def test_what_was_promised_for_tomorrow_is_reminded_of_at_once(center, bakyt, remind):
    promise(center, due_on=today(1), person=bakyt, partner=partner_of(center, POLICE))

    assert [remind(0), remind(1), remind(2)] == [1, 0, 1]


@pytest.mark.parametrize("status", [DONE, CONFIRMED, NOT_DONE])
def test_of_what_runs_no_more_nobody_is_reminded(status, action, remind):
    put(action, status)

    assert [remind(7), remind(20)] == [0, 0]


def test_what_is_put_off_is_reminded_of_by_its_new_day(action, elmira, remind):
    assert remind(7)

    do(actions.put_off, action, elmira, due_on=today(20), note="Кар жаады")

    assert [remind(11), remind(16), remind(17), remind(21)] == [0, 0, 1, 1]


def test_what_is_taken_up_again_is_reminded_of_again(action, elmira, remind):
    remind(7)
    put(action, DONE)
    remind(11)
    do(actions.step, action, elmira, target="open", note="Кайра")

    assert [remind(12), remind(13)] == [1, 0]


# Whom


def test_whoever_is_named_is_told_alone(
    action, bakyt, ruslan, elmira, remind, mailoutbox
):
    remind(7)

    assert told(mailoutbox) == [bakyt.email]


def test_where_nobody_is_named_the_partners_members_are_told(
    center, bakyt, ruslan, elmira, nurlan, olga, sultan, remind, mailoutbox
):
    promise(center, partner=partner_of(center, POLICE), due_on=today(1))

    remind()

    assert told(mailoutbox) == sorted([bakyt.email, ruslan.email])


def test_each_is_told_once_whatever_his_roles(center, elmira, remind, mailoutbox):
    make_membership(center, COUNCIL, Role.INTAKE, user=elmira)
    promise(center, due_on=today(1))

    remind()

    assert told(mailoutbox) == [elmira.email]


def test_in_the_place_of_who_left_his_partner_is_told(
    action, bakyt, ruslan, remind, mailoutbox
):
    bakyt.memberships.update(ended_at=timezone.now())

    remind(7)

    assert told(mailoutbox) == [ruslan.email]


def test_where_nobody_is_left_no_letter_is_counted(action, bakyt, ruslan, remind):
    type(bakyt.memberships.get()).objects.filter(partner=action.partner).update(
        ended_at=timezone.now()
    )

    assert remind(7) == 0
    assert Action.objects.get(pk=action.pk).reminded_on is None


def test_who_has_no_address_is_told_by_the_desk_alone(
    action, bakyt, ruslan, remind, mailoutbox
):
    type(bakyt).objects.filter(pk=bakyt.pk).update(email=None, phone="+996770080050")

    assert remind(7) == 0
    assert mailoutbox == []


def test_without_a_mail_server_nothing_counts_as_sent(action, remind, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"

    assert remind(7) == 0
    assert Action.objects.get(pk=action.pk).reminded_on is None


# Of what


def test_the_letter_says_what_it_is_and_where(action, bakyt, remind, mailoutbox):
    remind(7)

    [letter] = mailoutbox
    assert "Чыракты алмаштыруу" in letter.body
    assert f"/desk/actions/{action.reference}/" in letter.body
    assert bakyt.full_name not in letter.body


def test_each_is_written_to_in_his_language(action, bakyt, remind, mailoutbox):
    type(bakyt).objects.filter(pk=bakyt.pk).update(language="ru")

    remind(7)

    [letter] = mailoutbox
    assert "Заменить фонарь" in letter.body
    assert f"/ru/desk/actions/{action.reference}/" in letter.body


SECRET = {
    "closed item": lambda center: {"is_closed": True},
    "closed meeting": lambda center: {"meeting": ended_meeting(center, is_open=False)},
    "unpublished": lambda center: {"concern": make_concern(center)},
    "restricted": lambda center: {
        "concern": make_approved(center, make_category(Level.RESTRICTED))
    },
}


@pytest.mark.parametrize("name", SECRET)
def test_what_not_everyone_reads_is_left_to_the_desk(
    name, center, elmira, remind, mailoutbox
):
    action = promise(center, due_on=today(1), person=elmira, **SECRET[name](center))

    remind()

    [letter] = mailoutbox
    assert "Чыракты" not in letter.body + letter.subject
    assert action.number in letter.body
    assert f"/desk/actions/{action.reference}/" in letter.body


def test_of_what_became_confidential_no_letter_goes(center, elmira, remind):
    concern = make_approved(center)
    promise(center, concern, due_on=today(1), person=elmira)
    type(concern).objects.filter(pk=concern.pk).update(
        level=Level.CONFIDENTIAL, published_at=None
    )

    assert remind() == 0


@pytest.mark.parametrize(
    "make",
    [
        running_meeting,
        lambda center: ended_meeting(
            center, status=Meeting.Status.CANCELLED, began_at=None, ended_at=None
        ),
    ],
)
def test_of_a_meeting_that_goes_on_or_was_cancelled_no_letter_goes(
    make, center, elmira, remind
):
    promise(center, meeting=make(center), due_on=today(1), person=elmira)

    assert remind() == 0


def test_the_days_work_reminds_once(center, elmira, capsys):
    promise(center, due_on=today(-1), person=elmira)

    for _ in range(2):
        call_command("daily")

    said = [line for line in capsys.readouterr().out.splitlines() if "reminded" in line]
    assert [line.split()[0] for line in said] == ["1", "0"]
