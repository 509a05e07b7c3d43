"""A protocol in the hands of three sides: approved, amended, read as it was."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from centers.models import JournalEntry
from meetings import actions
from meetings.models import (
    AgendaItem,
    Approval,
    Decision,
    Invited,
    Meeting,
    Protocol,
)

from .factories import (
    COUNCIL,
    POLICE,
    RESIDENTS,
    make_membership,
    signed_in,
)
from .minutes import approve, desk, public, put_up
from .planning import decide
from .test_meetings_protocol import (
    amend,
    approved,
    meeting,
    send,
)

__all__ = ["approved", "meeting"]

pytestmark = pytest.mark.django_db


# Approved


@pytest.mark.parametrize(
    ("who", "sides"),
    [
        ("cholpon", [COUNCIL]),
        ("elmira", [COUNCIL]),
        ("farida", []),
        ("bakyt", [POLICE]),
        ("nurlan", [RESIDENTS]),
        ("jamila", [RESIDENTS]),
        ("olga", []),
        ("daniyar", []),
        ("temir", [COUNCIL]),
        ("emil", []),
        ("sultan", []),
    ],
)
def test_each_approves_for_his_own_side_alone(who, sides, center, request):
    assert actions.sides_of(request.getfixturevalue(who), center) == sides


def test_a_stranger_side_is_refused(meeting, elmira, bakyt):
    put_up(meeting, elmira)

    response = send(bakyt, "approve", meeting, version=1, side=COUNCIL)

    assert response.status_code == 403
    assert Approval.objects.count() == 0


def test_three_approvals_freeze_it(meeting, elmira, bakyt, nurlan):
    version = put_up(meeting, elmira)

    approve(version, council=elmira, police=bakyt)
    assert not version.is_approved
    response = send(nurlan, "approve", meeting, version=1, side=RESIDENTS)

    version.refresh_from_db()
    assert response.status_code == 302
    assert version.is_approved
    names = set(version.approvals.values_list("side", "name"))
    assert names == {
        (COUNCIL, "Бекова Элмира"),
        (POLICE, "Сыдыков Бакыт"),
        (RESIDENTS, "Эргешов Нурлан"),
    }
    entry = JournalEntry.objects.get(kind="protocol_approved")
    assert (entry.by_id, entry.subject) == (nurlan.pk, meeting.reference)


def test_approved_twice_by_one_person_it_is_approved_once(meeting, elmira, bakyt):
    version = put_up(meeting, elmira)

    approve(version, police=bakyt)
    approve(version, police=bakyt)

    assert version.approvals.count() == 1


def test_a_colleague_who_comes_second_is_told_so(meeting, elmira, bakyt, ruslan):
    version = put_up(meeting, elmira)
    approve(version, police=bakyt)

    response = send(ruslan, "approve", meeting, version=1, side=POLICE)

    assert response.status_code == 422
    assert version.approvals.get().by == bakyt


def test_a_member_of_two_partners_approves_for_one_of_them(meeting, center, elmira):
    make_membership(center, RESIDENTS, user=elmira)
    version = put_up(meeting, elmira)
    approve(version, council=elmira)

    with pytest.raises(ValidationError):
        approve(version, residents=elmira)

    assert version.approvals.get().side == COUNCIL
    html = desk(elmira, meeting).content.decode()
    assert reverse("desk:approve_protocol", args=[meeting.reference]) not in html


def test_approving_a_version_that_is_gone_is_told(meeting, elmira, bakyt, nurlan):
    put_up(meeting, elmira)
    actions.decline(meeting=meeting, version=1, by=nurlan, words="Ката")
    put_up(meeting, elmira)

    response = send(bakyt, "approve", meeting, version=1, side=POLICE)

    assert response.status_code == 409
    assert Approval.objects.count() == 0


def test_who_finds_a_mistake_says_which(meeting, elmira, nurlan):
    version = put_up(meeting, elmira)

    empty = send(nurlan, "decline", meeting, version=1, words="")
    done = send(nurlan, "decline", meeting, version=1, words="Менин сөзүм башка эле")

    version.refresh_from_db()
    assert (empty.status_code, done.status_code) == (422, 302)
    assert version.is_withdrawn
    assert "Менин сөзүм башка эле" in desk(elmira, meeting).content.decode()


def test_a_decline_that_came_too_late_keeps_its_words(meeting, approved, nurlan):
    response = send(nurlan, "decline", meeting, version=1, words="Кеч калган сөз")

    assert response.status_code == 409
    assert "Кеч калган сөз" in response.content.decode()
    approved.refresh_from_db()
    assert approved.is_approved


def test_a_withdrawn_version_keeps_its_place_and_its_number(meeting, elmira, nurlan):
    first = put_up(meeting, elmira)
    actions.decline(meeting=meeting, version=1, by=nurlan, words="Ката")
    second = put_up(meeting, elmira)

    assert (second.version, second.protocol) == (2, first.protocol)
    page = signed_in(nurlan).get(first.get_desk_url())
    assert page.status_code == 200


# Amended


def test_an_amendment_says_why_and_the_approved_one_stays(
    meeting, approved, elmira, bakyt, nurlan
):
    response = send(
        elmira, "amend", meeting, version=1, reason_ky="Сан ката", reason_ru="Число"
    )
    meeting.items.update(heard_ky="Оңдолгон сөз")
    second = put_up(meeting, elmira)

    assert response.status_code == 302
    assert "Угулган сөз" in public(meeting).content.decode()
    approve(second, council=elmira, police=bakyt, residents=nurlan)
    html = public(meeting).content.decode()
    assert "Оңдолгон сөз" in html
    assert html.count("Сан ката") == 1
    old = public(meeting, "1/").content.decode()
    assert "Угулган сөз" in old
    assert "Сан ката" in old
    assert reverse(
        "meetings:protocol_version", args=[meeting.center.slug, meeting.reference, 2]
    ) in (old)
    assert JournalEntry.objects.filter(kind="protocol_amended").count() == 1


def test_an_amendment_needs_a_reason_in_both_languages(meeting, approved, elmira):
    response = send(elmira, "amend", meeting, version=1, reason_ky="Сан", reason_ru="")

    assert response.status_code == 422
    assert "Сан" in response.content.decode()
    assert not Protocol.objects.get().is_amended


def test_an_amendment_that_is_sent_twice_is_one(meeting, approved, elmira):
    for _time in range(2):
        amend(meeting, 1, elmira)

    assert JournalEntry.objects.filter(kind="protocol_amended").count() == 1


def test_why_it_is_amended_may_be_corrected(meeting, approved, elmira):
    amend(meeting, 1, elmira)
    form = desk(elmira, meeting).context["amend_form"]
    words = {"reason_ky": "Сан ката", "reason_ru": "Число"}

    typed = {name: form[name].value() for name in form.fields}
    response = send(elmira, "amend", meeting, **typed | words)

    protocol = Protocol.objects.get()
    assert (typed["reason_ky"], typed["reason_ru"]) == ("Ката", "Ошибка")
    assert response.status_code == 302
    assert (protocol.reason_ky, protocol.reason_ru) == ("Сан ката", "Число")
    assert JournalEntry.objects.filter(kind="protocol_amended").count() == 2


def test_who_saw_no_reason_corrects_none(meeting, approved, elmira):
    amend(meeting, 1, elmira)
    words = {"reason_ky": "Сан ката", "reason_ru": "Число"}

    response = send(elmira, "amend", meeting, version=1, **words)

    assert response.status_code == 409
    assert "Сан ката" in response.content.decode()
    assert Protocol.objects.get().reason_ky == "Ката"


def test_of_two_who_correct_a_reason_the_slower_reads_what_stands(
    meeting, approved, elmira, cholpon
):
    amend(meeting, 1, elmira)
    form = desk(elmira, meeting).context["amend_form"]
    typed = {name: form[name].value() for name in form.fields}
    other = typed | {"reason_ky": "Күнү", "reason_ru": "День"}
    send(cholpon, "amend", meeting, **other)

    response = send(elmira, "amend", meeting, **typed | {"reason_ky": "Сан ката"})

    page = response.content.decode()
    assert response.status_code == 409
    assert "Сан ката" in page and "Күнү" in page
    assert Protocol.objects.get().reason_ky == "Күнү"


def test_only_who_plans_meetings_amends(meeting, approved, bakyt):
    with pytest.raises(PermissionDenied):
        amend(meeting, 1, bakyt)


def test_a_declined_amendment_keeps_its_reason_for_the_next(
    meeting, approved, elmira, bakyt, nurlan
):
    amend(meeting, 1, elmira)
    put_up(meeting, elmira)
    actions.decline(meeting=meeting, version=2, by=nurlan, words="Дагы ката")
    third = put_up(meeting, elmira)
    approve(third, council=elmira, police=bakyt, residents=nurlan)

    assert third.reason_ky == "Ката"
    # What was withdrawn was never public.
    assert public(meeting, "2/").status_code == 404
    assert not Protocol.objects.get().is_amended


def test_the_record_cannot_be_put_up_again_without_a_reason(meeting, approved, elmira):
    with pytest.raises(ValidationError):
        put_up(meeting, elmira)


@pytest.mark.once
@pytest.mark.parametrize("name", ["desk:run", "desk:run_item"])
def test_the_record_says_why_nothing_can_be_written_in_it(name, meeting, elmira):
    args = [meeting.reference, 1][: 1 if name == "desk:run" else 2]
    protocol = f'href="{reverse("desk:protocol", args=[meeting.reference])}"'

    def record():
        return signed_in(elmira).get(reverse(name, args=args)).content.decode()

    before = record()
    put_up(meeting, elmira)

    assert [protocol in page for page in (before, record())] == [False, True]


def test_the_voices_of_guests_whom_nobody_knows_any_more_still_count(
    meeting, elmira, bakyt, nurlan
):
    Invited.objects.bulk_create(
        Invited(meeting=meeting, name=name, phone=f"+99677008005{n}", came=True)
        for n, name in enumerate(["Имам", "Мугалим", "Врач"])
    )
    votes = {"way": "vote", "votes_for": 5, "votes_against": 0, "votes_abstained": 0}
    Decision.objects.update(**votes)
    version = put_up(meeting, elmira)
    version = approve(version, council=elmira, police=bakyt, residents=nurlan)
    Meeting.objects.update(starts_at=timezone.now() - timedelta(days=120))
    meeting.invited.all().delete()

    amend(meeting, 1, elmira)
    decide(meeting, elmira, heard_ky="Оңдолгон сөз", **votes)

    assert AgendaItem.objects.get().heard_ky == "Оңдолгон сөз"
