"""Whoever takes part is told by e-mail, once, in his language, when the act stands."""

from datetime import timedelta

import pytest
from django.core.mail.backends.locmem import EmailBackend
from django.db import transaction
from django.utils import timezone

from centers.models import Role, User
from concerns.workflow import Level
from meetings import actions
from meetings.models import Meeting

from .factories import (
    COUNCIL,
    POLICE,
    RESIDENTS,
    SUPPORTER,
    make_approved,
    make_category,
    make_concern,
    make_meeting,
    make_member,
    make_membership,
    make_published_meeting,
    make_topic,
    put_on_agenda,
)

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def act(django_capture_on_commit_callbacks):
    def act(action, meeting, by, **words):
        meeting.refresh_from_db()
        with django_capture_on_commit_callbacks(execute=True):
            action(meeting=meeting, by=by, version=meeting.version, **words)

    return act


def recipients(mailoutbox):
    return sorted(address for letter in mailoutbox for address in letter.to)


def later(meeting):
    return meeting.starts_at + timedelta(days=7)


REASON = {"reason_ky": "Жол жабык", "reason_ru": "Дорога закрыта"}


def test_every_member_who_takes_part_is_told_but_the_one_who_did_it(
    center,
    elmira,
    cholpon,
    bakyt,
    nurlan,
    jamila,
    farida,
    olga,
    daniyar,
    emil,
    sultan,
    act,
    mailoutbox,
):
    act(actions.publish, make_meeting(center), elmira)

    told = [cholpon, bakyt, nurlan, jamila, farida]
    assert recipients(mailoutbox) == sorted(person.email for person in told)


def test_a_letter_goes_to_one_person_alone(
    center, elmira, bakyt, nurlan, act, mailoutbox
):
    act(actions.publish, make_meeting(center), elmira)

    assert [len(letter.recipients()) for letter in mailoutbox] == [1, 1]


def test_who_has_two_roles_is_told_once(center, elmira, nurlan, act, mailoutbox):
    make_membership(center, RESIDENTS, Role.CUSTODIAN, user=nurlan)

    act(actions.publish, make_meeting(center), elmira)

    assert recipients(mailoutbox) == [nurlan.email]


def test_an_observer_who_is_a_member_too_is_told(center, elmira, act, mailoutbox):
    olga = make_member(center, SUPPORTER, Role.OBSERVER)
    make_membership(center, RESIDENTS, user=olga)

    act(actions.publish, make_meeting(center), elmira)

    assert recipients(mailoutbox) == [olga.email]


def test_who_has_no_address_or_cannot_sign_in_is_not_told(
    center, elmira, act, mailoutbox
):
    by_phone = make_member(center, POLICE)
    User.objects.filter(pk=by_phone.pk).update(email=None, phone="+996770080050")
    make_member(center, POLICE, is_active=False)

    act(actions.publish, make_meeting(center), elmira)

    assert mailoutbox == []


@pytest.mark.parametrize(
    ("language", "subject", "words"),
    [
        (
            "ky",
            "Жыйын, 03.03.2031 14:00",
            ["Борбор жыйын чакырат.", "Клуб", "дүйшөмбү"],
        ),
        (
            "ru",
            "Заседание, 03.03.2031 14:00",
            ["Центр созывает заседание.", "Площадь", "понедельник"],
        ),
    ],
)
def test_it_says_what_when_and_where_in_the_members_language(
    language, subject, words, center, elmira, act, mailoutbox, settings
):
    make_member(center, POLICE, language=language)
    meeting = make_meeting(
        center,
        starts_at=timezone.make_aware(timezone.datetime(2031, 3, 3, 14, 0)),
        venue_ky="Клуб",
        venue_ru="Площадь",
    )

    act(actions.publish, meeting, elmira)

    [letter] = mailoutbox
    prefix = "" if language == "ky" else f"/{language}"
    assert letter.subject == subject
    assert [word for word in words if word not in letter.body] == []
    assert (
        f"{settings.SITE_URL}{prefix}/desk/meetings/{meeting.reference}/" in letter.body
    )
    assert letter.content_subtype == "plain"


@pytest.mark.parametrize(
    ("language", "title", "number"),
    [("ky", "Чырак күйбөйт", "№ {} кайрылуу"), ("ru", "Не горит", "Обращение № {}")],
)
def test_the_agenda_has_titles_of_what_is_published_and_numbers_of_the_rest(
    language, title, number, center, elmira, act, mailoutbox
):
    make_member(center, POLICE, language=language)
    meeting = make_meeting(center)
    public = make_approved(center, title_ky="Чырак күйбөйт", title_ru="Не горит")
    restricted = make_approved(
        center,
        make_category(Level.RESTRICTED, name_ky="Жашыруун түр", name_ru="Жашыруун түр"),
        title_ky="Жашыруун аталыш",
        title_ru="Жашыруун аталыш",
        text="Жашыруун сөз",
    )
    for concern in (public, restricted):
        put_on_agenda(meeting, concern)
    make_topic(meeting, topic_ky="Күзөт", topic_ru="Күзөт")
    make_topic(meeting, topic_ky="Жашыруун", topic_ru="Жашыруун", is_closed=True)

    act(actions.publish, meeting, elmira)

    [letter] = mailoutbox
    assert f"1. {title}" in letter.body
    assert f"2. {number.format(restricted.number)}" in letter.body
    assert "3. Күзөт" in letter.body
    assert "4. " in letter.body
    assert "Жашыруун" not in letter.body + letter.subject


def test_a_confidential_concern_stands_in_no_letter(
    center, elmira, bakyt, act, mailoutbox
):
    meeting = make_meeting(center)
    concern = make_concern(
        center, make_category(Level.CONFIDENTIAL), title_ky="Жашыруун"
    )
    put_on_agenda(meeting, concern)

    act(actions.publish, meeting, elmira)
    act(actions.replan, meeting, elmira, starts_at=later(meeting))
    act(actions.cancel, meeting, elmira, **REASON)

    bodies = " ".join(letter.body for letter in mailoutbox)
    assert len(mailoutbox) == 3
    assert concern.number not in bodies
    assert concern.reference not in bodies
    assert "Жашыруун" not in bodies


def test_a_closed_meeting_is_told_to_the_same_people(
    center, elmira, bakyt, olga, act, mailoutbox
):
    act(actions.publish, make_meeting(center, is_open=False), elmira)

    assert recipients(mailoutbox) == [bakyt.email]


def test_publishing_twice_tells_once(center, elmira, bakyt, act, mailoutbox):
    meeting = make_meeting(center)

    act(actions.publish, meeting, elmira)
    act(actions.publish, meeting, elmira)

    assert len(mailoutbox) == 1


@pytest.mark.parametrize("field", ["starts_at", "venue_ky"])
def test_a_move_of_a_published_meeting_is_told(
    field, center, elmira, bakyt, act, mailoutbox
):
    meeting = make_published_meeting(center, venue_ky="Клуб")
    plan = {"starts_at": later(meeting), "venue_ky": "Мектеп"}

    act(actions.replan, meeting, elmira, **{field: plan[field]})

    [letter] = mailoutbox
    assert letter.subject.startswith("Жыйын жылдырылды, ")
    assert "Мурда белгиленген: " in letter.body


@pytest.mark.parametrize("field", ["minutes", "kind", "is_open"])
def test_another_change_is_not_told(field, center, elmira, bakyt, act, mailoutbox):
    plan = {"minutes": 45, "kind": "urgent", "is_open": False}

    act(actions.replan, make_published_meeting(center), elmira, **{field: plan[field]})

    assert mailoutbox == []


@pytest.mark.parametrize(
    ("language", "subject", "reason"),
    [
        ("ky", "Жыйын жокко чыгарылды, ", "Жол жабык"),
        ("ru", "Заседание отменено, ", "Дорога закрыта"),
    ],
)
def test_that_a_published_meeting_is_cancelled_is_told_with_the_reason(
    language, subject, reason, center, elmira, act, mailoutbox
):
    make_member(center, POLICE, language=language)

    act(actions.cancel, make_published_meeting(center), elmira, **REASON)

    [letter] = mailoutbox
    assert letter.subject.startswith(subject)
    assert reason in letter.body


def test_of_a_draft_nobody_is_told(center, elmira, bakyt, act, mailoutbox):
    meeting = make_meeting(center)

    act(actions.replan, meeting, elmira, starts_at=later(meeting))
    act(actions.cancel, meeting, elmira, **REASON)

    assert mailoutbox == []


def test_of_what_is_over_nobody_is_told(center, elmira, bakyt, act, mailoutbox):
    meeting = make_meeting(center, starts_at=timezone.now() - timedelta(hours=2))

    act(actions.publish, meeting, elmira)
    act(actions.cancel, meeting, elmira, **REASON)

    assert mailoutbox == []


def test_nothing_is_told_of_what_did_not_happen(
    center, elmira, bakyt, mailoutbox, django_capture_on_commit_callbacks
):
    meeting = make_meeting(center)

    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        actions.publish(meeting=meeting, by=elmira, version=0)
        transaction.set_rollback(True)

    assert mailoutbox == []


def test_for_many_members_one_connection_is_opened(
    center, elmira, act, monkeypatch, django_assert_max_num_queries
):
    for language in ("ky", "ru"):
        for _ in range(20):
            make_member(center, COUNCIL, language=language)
    sent = []
    monkeypatch.setattr(
        EmailBackend, "send_messages", lambda self, letters: sent.append(len(letters))
    )

    # The meeting and its lock, the journal and its chain, the agenda, the members.
    with django_assert_max_num_queries(20):
        act(actions.publish, make_meeting(center), elmira)

    assert sent == [40]


def test_a_mail_server_that_fails_undoes_nothing(
    center, elmira, bakyt, transactional_db, monkeypatch
):
    def fails(self, letters):
        raise OSError

    monkeypatch.setattr(EmailBackend, "send_messages", fails)
    meeting = make_meeting(center)

    actions.publish(meeting=meeting, by=elmira, version=0)

    assert Meeting.objects.get().is_published


def test_without_a_mail_server_nothing_is_even_written(
    center, elmira, bakyt, act, settings, mailoutbox
):
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"

    act(actions.publish, make_meeting(center), elmira)

    assert mailoutbox == []
