"""The approved minutes: frozen, approved by three sides, amended, read by everyone."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from centers.models import Role
from meetings import actions
from meetings.models import Action, Approval, Meeting, Protocol
from meetings.models.attendance import Turnout
from meetings.protocol.content import draft, mark_of
from meetings.protocol.paper import paper

from .factories import (
    COUNCIL,
    POLICE,
    RESIDENTS,
    again,
    make_member,
    make_membership,
    make_place,
    make_published_meeting,
    make_topic,
    partner_of,
    signed_in,
)
from .minutes import approve, desk, ended_meeting, put_up, recorded_meeting

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting(center, elmira, bakyt, nurlan):
    return recorded_meeting(center, elmira, bakyt, nurlan)


def send(user, name, meeting, **fields):
    path = reverse(f"desk:{name}_protocol", args=[meeting.reference])
    return signed_in(user).post(path, fields)


@pytest.fixture
def approved(meeting, elmira, bakyt, nurlan):
    version = put_up(meeting, elmira)
    return approve(version, council=elmira, police=bakyt, residents=nurlan)


def amend(meeting, version, by):
    return actions.amend(
        meeting=meeting, version=version, by=by, reason_ky="Ката", reason_ru="Ошибка"
    )


# What it says


def words(meeting, language="ky", **options):
    """Return all that a paper of the members says."""
    options = {"is_public": False} | options
    sheet = paper(meeting, draft(meeting), language, **options)
    return str(sheet)


def said_in(table):
    """Return what stands in each cell of a table of a paper, labels and all."""
    return [
        [
            "; ".join(f"{label} {line.text}".strip() for label, line in lines)
            for _head, lines in row
        ]
        for row in table["rows"]
    ]


def test_it_says_what_was_recorded_in_the_form_of_a_protocol(meeting):
    text = words(meeting, "ru")

    said = [
        "Уличный свет",
        "Угулган сөз",
        "О чём говорили",
        "Решение",
        "Заменить фонарь",
        "Бекова Элмира",
        "Сыдыков Бакыт",
    ]
    places = [text.index(one) for one in said[:5]]
    assert all(one in text for one in said)
    assert places == sorted(places)


def test_what_has_no_words_in_one_language_is_said_in_the_other(meeting):
    sheet = paper(meeting, draft(meeting), "ru", is_public=False)

    lines = [line for block in sheet["blocks"] for line in block.get("lines", ())]
    assert ("Угулган сөз", "ky") in lines


def test_those_who_did_not_come_are_named_apart(meeting):
    sheet = paper(meeting, draft(meeting), "ky", is_public=False)

    table = next(block for block in sheet["blocks"] if block["kind"] == "table")
    rows = said_in(table)
    assert ["police, ky", "Сыдыков Бакыт", ""] in rows
    assert ["residents, ky", "", "Эргешов Нурлан"] in rows


def tables(sheet):
    return [said_in(block) for block in sheet["blocks"] if block["kind"] == "table"]


def test_an_action_says_who_helps_who_pays_and_what_shows_that_it_is_done(
    meeting, center
):
    action = Action.objects.get()
    action.co_executors.add(partner_of(center, POLICE))
    action.funding_ru, action.indicator_ru = "Бюджет айыл өкмөтү", "Свет горит"
    action.save()

    [what, who, _day] = tables(paper(meeting, draft(meeting), "ru", is_public=False))[
        1
    ][0]

    assert what.endswith(
        "Источник финансирования: Бюджет айыл өкмөтү; Признак успеха: Свет горит"
    )
    assert who.endswith("Бекова Элмира; соисполнитель: police, ru")


@pytest.mark.parametrize(
    ("language", "place"),
    [("ky", "Арал айылы, Мектеп"), ("ru", "село Арал-Ру, Школа")],
)
def test_of_a_meeting_in_a_village_it_names_the_village_too(
    language, place, meeting, elmira
):
    meeting.kind = Meeting.Kind.VISITING
    meeting.village = make_place(name_ky="Арал", name_ru="Арал-Ру")
    meeting.venue_ky, meeting.venue_ru = "Мектеп", "Школа"
    meeting.save()
    frozen = put_up(meeting, elmira).content

    shown = [
        str(paper(meeting, content, language, is_public=False))
        for content in (draft(meeting), frozen)
    ]

    assert [place in text for text in shown] == [True, True]


def test_what_was_frozen_before_they_were_kept_is_still_shown(meeting):
    content = draft(meeting)
    del content["guests"], content["village"]
    for name in ("funding", "indicator"):
        del content["items"][0]["actions"][0][name]

    sheet = paper(meeting, content, "ru", is_public=False)

    assert "Заменить фонарь" in tables(sheet)[1][0]


def test_of_guests_it_keeps_names_no_longer_than_they_are_known(
    meeting, elmira, bakyt, nurlan
):
    meeting.invited.create(name="Имам Талант", body="Мечит", came=True)
    meeting.invited.create(name="Врач Чолпон", came=True)
    meeting.invited.create(name="Мугалим Асель", came=False)
    version = put_up(meeting, elmira)
    approve(version, council=elmira, police=bakyt, residents=nurlan)
    row = ["Приглашённые гости", "Врач Чолпон, Имам Талант (Мечит)", ""]

    def shown(is_public):
        options = {"is_public": is_public, "version": version}
        return tables(paper(meeting, version.content, "ru", **options))[0][-1]

    assert shown(is_public=False) == row
    assert shown(is_public=True) == ["Приглашённые гости", "2"]
    assert "Имам" not in str(version.content)

    # Of some of them alone it would say that no others came.
    meeting.invited.get(name="Врач Чолпон").delete()

    assert shown(is_public=False) == ["Приглашённые гости", "2", ""]


def test_an_item_on_an_earlier_action_says_what_is_asked_of_it(meeting, center):
    later = ended_meeting(center)
    action = Action.objects.get()
    later.items.create(action=action, order=1)

    assert f"Исполнение поручения: {action.text_ru}" in words(later, "ru")


def test_a_member_who_left_since_stays_as_he_was_noted(meeting, bakyt):
    bakyt.memberships.update(ended_at=timezone.now())

    assert "Сыдыков Бакыт" in words(meeting)


def test_who_has_two_roles_of_one_side_is_named_once(meeting, center, nurlan):
    other = make_membership(center, RESIDENTS, Role.CUSTODIAN, user=nurlan)
    meeting.attendances.create(membership=other, came=True)

    [residents] = [
        one for one in draft(meeting)["partners"] if one["side"] == RESIDENTS
    ]

    assert (residents["came"], residents["missed"]) == (["Эргешов Нурлан"], [])


@pytest.mark.parametrize(("number", "shown"), [(0, "0"), (4, ""), (5, "5")])
def test_few_residents_are_not_counted(number, shown, meeting):
    Turnout.objects.create(meeting=meeting, sex="women", band="60+", number=number)

    sheet = paper(meeting, draft(meeting), "ky", is_public=False)

    parts = [block for block in sheet["blocks"] if block["kind"] == "part"]
    said = parts[0]["lines"][0].text
    assert said == shown or (shown == "" and "4" not in said)


def test_how_it_was_voted_is_said(meeting):
    decision = meeting.items.get().decision
    decision.way = "vote"
    decision.votes_for, decision.votes_against, decision.votes_abstained = 17, 3, 0
    decision.save()

    text = words(meeting)

    assert "17" in text


def test_the_page_says_what_is_missing(meeting, elmira):
    decision = meeting.items.get().decision
    decision.text_ru = ""
    decision.save()
    meeting.attendances.update(came=False)
    make_topic(meeting)

    content = desk(elmira, meeting).context["missing"]

    assert len(content) == 3


def test_nothing_is_missing_where_all_is_recorded(meeting, elmira):
    assert desk(elmira, meeting).context["missing"] == []


# Who sees it, and when


@pytest.mark.parametrize("who", ["elmira", "cholpon", "bakyt", "nurlan", "jamila"])
def test_the_members_read_it_once_the_meeting_is_over(who, meeting, request):
    response = desk(request.getfixturevalue(who), meeting)

    assert response.status_code == 200
    assert "Көчө жарыгы" in response.content.decode()


@pytest.mark.parametrize("who", ["olga", "daniyar", "emil", "sultan"])
def test_nobody_else_reads_it(who, meeting, approved, request):
    assert desk(request.getfixturevalue(who), meeting).status_code in (403, 404)


@pytest.mark.parametrize("status", ["planned", "cancelled", "held"])
def test_a_meeting_without_an_end_has_no_protocol(status, center, elmira):
    began = timezone.now() if status == "held" else None
    meeting = make_published_meeting(
        center, status=status, began_at=began, ended_at=None
    )

    assert desk(elmira, meeting).status_code == 404
    with pytest.raises(ValidationError):
        actions.put_up(meeting=meeting, by=elmira, mark="")
    assert Protocol.objects.count() == 0


def test_a_member_has_no_button_to_put_it_up(meeting, bakyt):
    html = desk(bakyt, meeting).content.decode()

    assert reverse("desk:put_up_protocol", args=[meeting.reference]) not in html
    assert send(bakyt, "put_up", meeting, mark="x").status_code == 403


def test_the_address_of_an_act_leads_back_to_the_page(meeting, elmira):
    for name in ("put_up", "approve", "decline", "amend"):
        path = reverse(f"desk:{name}_protocol", args=[meeting.reference])

        assert signed_in(elmira).get(path).status_code == 302


# Put up


def test_put_up_it_is_frozen_and_has_a_number(meeting, elmira):
    response = send(elmira, "put_up", meeting, mark=mark_of(draft(meeting)))

    version = meeting.protocol.versions.get()
    assert response.status_code == 302
    assert (meeting.protocol.number, version.version) == (1, 1)
    meeting.items.update(topic_ky="Башка", topic_ru="Другое")
    html = desk(elmira, meeting).content.decode()
    assert "Көчө жарыгы" in html
    assert "№ 1" in html


def test_nothing_is_put_up_that_was_not_on_the_screen(meeting, elmira):
    mark = mark_of(draft(meeting))
    meeting.items.update(heard_ky="Кийин жазылган")

    response = send(elmira, "put_up", meeting, mark=mark)

    assert response.status_code == 409
    assert Protocol.objects.count() == 0
    assert "Кийин жазылган" in response.content.decode()


def test_pressed_twice_it_is_put_up_once(meeting, elmira):
    mark = mark_of(draft(meeting))

    answers = [send(elmira, "put_up", meeting, mark=mark).status_code for _ in range(2)]

    assert answers == [302, 302]
    assert meeting.protocol.versions.count() == 1


def test_two_who_press_at_once_draw_one_number(together):
    def prepare():
        meeting = ended_meeting(None)
        return meeting, make_member(meeting.center, COUNCIL)

    [(meeting, by)] = together(prepare)
    together(lambda: put_up(meeting, again(by)), threads=3)

    [found] = together(lambda: list(Protocol.objects.values_list("number")))
    [versions] = together(lambda: meeting.protocol.versions.count())
    assert (found, versions) == ([(1,)], 1)


def test_two_meetings_put_up_at_once_draw_two_numbers(together):
    def prepare():
        first = ended_meeting(None)
        return [first, ended_meeting(first.center)], make_member(first.center, COUNCIL)

    [(meetings, by)] = together(prepare)
    together(lambda: put_up(meetings.pop(), again(by)), threads=2)

    [numbers] = together(lambda: set(Protocol.objects.values_list("number", flat=True)))
    assert numbers == {1, 2}


def test_each_centre_and_year_counts_from_one(meeting, center, other_center, elmira):
    put_up(meeting, elmira)
    last_year = timezone.now() - timedelta(days=400)
    old = ended_meeting(center, began_at=last_year, starts_at=last_year)
    there = ended_meeting(other_center)
    by = make_member(other_center, COUNCIL)

    numbers = [
        put_up(old, elmira).protocol.number,
        put_up(there, by).protocol.number,
        put_up(ended_meeting(center), elmira).protocol.number,
    ]

    assert numbers == [1, 1, 2]


def test_a_number_is_never_given_twice(meeting, elmira):
    protocol = put_up(meeting, elmira).protocol

    with pytest.raises(IntegrityError), transaction.atomic():
        Protocol.objects.create(
            meeting=ended_meeting(protocol.center),
            center=protocol.center,
            year=protocol.year,
            number=protocol.number,
        )


def record(meeting, by):
    item = meeting.items.first()
    return [
        lambda: actions.record(
            meeting=meeting,
            place=item.order,
            by=by,
            version=item.version,
            outcome="decided",
            text_ky="Башка чечим",
        ),
        lambda: actions.attend(
            meeting=meeting, by=by, version=meeting.version, came=[], numbers={}
        ),
        lambda: actions.end(meeting=meeting, by=by, version=meeting.version),
        lambda: actions.set_closed(
            meeting=meeting,
            place=item.order,
            by=by,
            version=meeting.version,
            is_closed=True,
        ),
        lambda: actions.answer(
            meeting=meeting, place=item.order, by=by, version=item.version, concerns=[]
        ),
        lambda: actions.add_action(
            meeting=meeting,
            place=item.order,
            by=by,
            version=item.version,
            partner=meeting.center.partners.first(),
            due_on=timezone.localdate(),
            text_ky="а",
            text_ru="б",
        ),
    ]


@pytest.mark.parametrize("place", range(6))
def test_once_it_is_up_nothing_is_recorded(place, meeting, elmira):
    put_up(meeting, elmira)

    with pytest.raises(ValidationError) as refused:
        record(meeting, elmira)[place]()
    said = _("The protocol is up for approval: withdraw it first.")
    assert refused.value.messages == [said]


@pytest.mark.parametrize("place", range(6))
def test_an_approved_record_stays_as_it_is(place, meeting, elmira, approved):
    with pytest.raises(ValidationError) as refused:
        record(meeting, elmira)[place]()
    said = _("The protocol is approved: write first why it is amended.")
    assert refused.value.messages == [said]


@pytest.mark.parametrize("place", range(6))
def test_withdrawn_or_amended_it_is_recorded_again(
    place, meeting, elmira, bakyt, nurlan
):
    put_up(meeting, elmira)
    actions.decline(meeting=meeting, version=1, by=bakyt, words="Ката")

    with transaction.atomic():
        record(meeting, elmira)[place]()
        transaction.set_rollback(True)
    version = put_up(meeting, elmira)
    approve(version, council=elmira, police=bakyt, residents=nurlan)
    amend(meeting, 2, elmira)
    record(Meeting.objects.get(pk=meeting.pk), elmira)[place]()


def test_who_approved_what_was_withdrawn_has_not_approved_the_next(
    meeting, elmira, bakyt, nurlan
):
    approve(put_up(meeting, elmira), police=bakyt)
    actions.decline(meeting=meeting, version=1, by=nurlan, words="Ката")
    put_up(meeting, elmira)

    with pytest.raises(actions.Stale):
        actions.approve(meeting=meeting, version=1, side=POLICE, by=again(bakyt))

    assert Approval.objects.count() == 1


def test_it_says_what_was_decided_not_what_became_of_it(meeting, elmira, cholpon):
    action = Action.objects.get()
    decided = draft(meeting)["items"][0]["actions"][0]
    later = action.due_on + timedelta(days=30)

    action = actions.put_off(
        action=action, by=elmira, version=0, due_on=later, note="Кар жаады"
    )
    actions.give_to(action=action, by=elmira, version=1, person=cholpon)
    actions.give_to(action=action, by=elmira, version=2, person=None)

    assert decided["person"] == elmira.full_name
    assert draft(meeting)["items"][0]["actions"] == [decided]


def test_two_of_one_name_are_two(center, meeting):
    for came in (True, False):
        namesake = make_member(center, COUNCIL, Role.MEMBER, full_name="Асан Асанов")
        meeting.attendances.create(membership=namesake.memberships.get(), came=came)

    [council] = [one for one in draft(meeting)["partners"] if one["side"] == COUNCIL]

    assert council["came"].count("Асан Асанов") == 1
    assert council["missed"] == ["Асан Асанов"]
