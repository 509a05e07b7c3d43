"""The approved minutes: frozen, approved by three sides, amended, read by everyone."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from centers.models import JournalEntry, Role
from concerns import actions as concern_actions
from concerns.workflow import Level
from meetings import actions
from meetings.models import Approval, Meeting, Protocol, ProtocolReminder
from meetings.models.attendance import Turnout
from meetings.protocol.content import draft, mark_of
from meetings.protocol.paper import paper

from .factories import (
    COUNCIL,
    POLICE,
    RESIDENTS,
    again,
    make_action,
    make_approved,
    make_category,
    make_decision,
    make_member,
    make_membership,
    make_published_meeting,
    make_topic,
    put_action_on_agenda,
    put_on_agenda,
    signed_in,
)
from .minutes import approve, ended_meeting, put_up
from .planning import public_page, registered
from .staff import set_level

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting(center, elmira, bakyt, nurlan):
    """A meeting of all three sides, with a decision on a topic."""
    meeting = ended_meeting(center)
    item = make_topic(
        meeting,
        topic_ky="Көчө жарыгы",
        topic_ru="Уличный свет",
        status="decided",
        heard_ky="Угулган сөз",
        discussed_ru="О чём говорили",
    )
    make_action(make_decision(item), person=elmira)
    for person in (elmira, bakyt, nurlan):
        membership = person.memberships.get()
        meeting.attendances.create(membership=membership, came=person != nurlan)
    return meeting


def desk(user, meeting):
    return signed_in(user).get(reverse("desk:protocol", args=[meeting.reference]))


def send(user, name, meeting, **fields):
    path = reverse(f"desk:{name}_protocol", args=[meeting.reference])
    return signed_in(user).post(path, fields)


def public(meeting, path="", language=""):
    address = reverse(
        "meetings:protocol", args=[meeting.center.slug, meeting.reference]
    )
    return Client().get(language + address + path)


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
    rows = {row[0].text: [line.text for line in row[1:]] for row in table["rows"]}
    assert rows["police, ky"] == ["Сыдыков Бакыт", ""]
    assert rows["residents, ky"] == ["", "Эргешов Нурлан"]


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


@pytest.mark.parametrize("number", [1, 6])
def test_the_page_asks_as_much_of_a_long_agenda(
    number, meeting, elmira, bakyt, nurlan, django_assert_num_queries
):
    for _place in range(number):
        make_action(make_decision(make_topic(meeting, status="decided")))
    browser = signed_in(elmira)
    path = reverse("desk:protocol", args=[meeting.reference])
    browser.get(path)

    # Session, person, roles, meeting; items, actions, co-executors, who came, how many
    # residents.
    with django_assert_num_queries(8):
        browser.get(path)
    version = put_up(meeting, elmira)
    with django_assert_num_queries(6):
        browser.get(path)
    approve(version, council=elmira, police=bakyt, residents=nurlan)
    with django_assert_num_queries(6):
        browser.get(path)


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


@pytest.mark.parametrize("place", range(5))
def test_once_it_is_up_nothing_is_recorded(place, meeting, elmira):
    put_up(meeting, elmira)

    with pytest.raises(ValidationError) as refused:
        record(meeting, elmira)[place]()
    said = _("The protocol is up for approval: withdraw it first.")
    assert refused.value.messages == [said]


@pytest.mark.parametrize("place", range(5))
def test_an_approved_record_stays_as_it_is(place, meeting, elmira, approved):
    with pytest.raises(ValidationError) as refused:
        record(meeting, elmira)[place]()
    said = _("The protocol is approved: write first why it is amended.")
    assert refused.value.messages == [said]


@pytest.mark.parametrize("place", range(5))
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
    assert "Сан ката" in html
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


# For everyone


def test_it_is_public_once_all_three_approved_it(meeting, elmira, bakyt, nurlan):
    version = put_up(meeting, elmira)
    approve(version, council=elmira, police=bakyt)
    before = public(meeting), public_page(meeting).content.decode()

    approve(version, residents=nurlan)

    link = reverse("meetings:protocol", args=[meeting.center.slug, meeting.reference])
    assert before[0].status_code == 404
    assert link not in before[1]
    assert public(meeting).status_code == 200
    assert link in public_page(meeting).content.decode()


@pytest.mark.parametrize("language", ["", "/ru"])
def test_the_public_version_names_nobody(language, meeting, approved):
    html = public(meeting, language=language).content.decode()

    for name in ("Бекова", "Сыдыков", "Эргешов"):
        assert name not in html
    assert "police, " in html


def test_of_a_closed_meeting_nothing_is_public(meeting, approved):
    Meeting.objects.update(is_open=False)

    address = reverse("meetings:detail", args=[meeting.center.slug, meeting.reference])
    for path in ("protocol/", "protocol/1/", "protocol.pdf", "protocol.docx"):
        assert Client().get(address + path).status_code == 404


def test_of_an_action_whose_concern_is_not_public_everyone_reads_that_there_is_one(
    meeting, center, elmira, bakyt, nurlan
):
    raised = put_on_agenda(ended_meeting(center), registered(center))
    action = make_action(make_decision(raised), text_ky="Үйүнө баруу")
    put_action_on_agenda(meeting, action, heard_ky="Барышты", status="noted")
    version = put_up(meeting, elmira)
    approve(version, council=elmira, police=bakyt, residents=nurlan)

    html = public(meeting).content.decode()
    assert "Мурда берилген тапшырма" in html
    assert "Үйүнө баруу" not in html and "Барышты" not in html
    assert "Үйүнө баруу" in desk(nurlan, meeting).content.decode()


def test_of_a_closed_item_the_public_reads_its_place(
    meeting, center, elmira, bakyt, nurlan
):
    item = make_topic(
        meeting,
        topic_ky="Жашыруун",
        topic_ru="Тайное",
        is_closed=True,
        heard_ky="Сыр",
        status="decided",
    )
    make_action(make_decision(item), text_ky="Жашыруун иш", text_ru="Тайное дело")
    version = put_up(meeting, elmira)
    approve(version, council=elmira, police=bakyt, residents=nurlan)

    html = public(meeting).content.decode()
    assert "Жабык маселе" in html
    for secret in ("Жашыруун", "Сыр", "Тайное"):
        assert secret not in html
    assert "Сыр" in desk(nurlan, meeting).content.decode()
    # Opened since, it stays as it was approved.
    meeting.items.update(is_closed=False)
    assert "Сыр" not in public(meeting).content.decode()


def test_what_is_closed_since_is_closed(meeting, approved):
    meeting.items.update(is_closed=True)

    assert "Көчө жарыгы" not in public(meeting).content.decode()


def discussed(meeting, concern):
    item = put_on_agenda(meeting, concern)
    item.status, item.heard_ky = "decided", "Айданын сөзү"
    item.save()
    make_action(make_decision(item), text_ky="Барып көрүү", text_ru="Осмотреть")
    return concern


@pytest.fixture
def with_concern(meeting, center, elmira, bakyt, nurlan):
    """A concern that was public when the protocol was approved."""
    concern = discussed(meeting, make_approved(center, title_ky="Караңгы көчө"))
    version = put_up(meeting, elmira)
    approve(version, council=elmira, police=bakyt, residents=nurlan)
    return concern


def test_a_public_concern_is_shown_by_its_title(meeting, with_concern):
    html = public(meeting).content.decode()

    assert "Караңгы көчө" in html
    assert "Айданын сөзү" in html


def test_a_title_that_was_put_right_is_put_right_here_too(meeting, with_concern):
    with_concern.title_ky = "Оңдолгон аталыш"
    with_concern.save()

    html = public(meeting).content.decode()

    assert "Оңдолгон аталыш" in html
    assert "Караңгы көчө" not in html


def seen_nowhere(meeting, user, *words):
    """Tell whether words stand on no page and in no file of a protocol."""
    path = reverse("desk:protocol_version", args=[meeting.reference, 1])
    pages = [
        public(meeting).content.decode(),
        public(meeting, "1/").content.decode(),
        desk(user, meeting).content.decode(),
        signed_in(user).get(path).content.decode(),
    ]
    papers = [
        str(paper(meeting, version.content, language, is_public=face, version=version))
        for version in meeting.protocol.versions.all()
        for language in ("ky", "ru")
        for face in (True, False)
    ]
    return not any(word in text for word in words for text in pages + papers)


def test_a_concern_that_became_confidential_is_withdrawn_from_every_paper(
    meeting, with_concern, cholpon
):
    set_level(with_concern, Level.CONFIDENTIAL, cholpon)

    assert seen_nowhere(
        meeting,
        cholpon,
        "Караңгы көчө",
        "Айданын сөзү",
        "Барып көрүү",
        with_concern.number,
        with_concern.reference,
    )
    assert "Көчө жарыгы" in public(meeting).content.decode()


def test_what_became_confidential_before_it_was_put_up_is_not_even_kept(
    meeting, center, cholpon, elmira
):
    concern = discussed(meeting, make_approved(center, title_ky="Караңгы көчө"))
    set_level(concern, Level.CONFIDENTIAL, cholpon)

    version = put_up(meeting, elmira)

    assert "Караңгы" not in str(version.content)
    assert concern.number not in str(version.content)


def test_a_concern_that_is_withdrawn_is_a_number_for_everyone(meeting, with_concern):
    concern_actions.withdraw(concern=with_concern)

    html = public(meeting).content.decode()

    assert "Караңгы көчө" not in html
    assert "Айданын сөзү" not in html
    assert with_concern.number in html


def test_a_restricted_concern_is_a_number_whose_record_the_members_read(
    meeting, center, elmira, bakyt, nurlan
):
    restricted = make_category(Level.RESTRICTED)
    concern = discussed(meeting, registered(center, restricted, title_ky="Үй-бүлө"))
    version = put_up(meeting, elmira)
    approve(version, council=elmira, police=bakyt, residents=nurlan)

    html, members = (
        page.content.decode() for page in (public(meeting), desk(nurlan, meeting))
    )

    assert concern.number in html
    assert "Айданын сөзү" not in html
    assert "Барып көрүү" not in html
    assert "Айданын сөзү" in members
    assert "Үй-бүлө" not in html + members


def test_what_was_published_after_it_was_frozen_stays_a_number(
    meeting, center, elmira, bakyt, nurlan
):
    concern = discussed(meeting, make_approved(center, published_at=None))
    version = put_up(meeting, elmira)
    approve(version, council=elmira, police=bakyt, residents=nurlan)
    concern.published_at = timezone.now()
    concern.save()

    assert "Айданын сөзү" not in public(meeting).content.decode()


def test_the_public_page_asks_little(meeting, with_concern, django_assert_num_queries):
    # The centre, the versions and their approvals, and what may still be shown.
    with django_assert_num_queries(4):
        public(meeting)


def test_everyone_gets_the_same_bytes(meeting, approved, elmira):
    address = reverse(
        "meetings:protocol", args=[meeting.center.slug, meeting.reference]
    )

    assert signed_in(elmira).get(address).content == public(meeting).content


def test_a_paper_for_everyone_is_not_made_of_a_draft(meeting):
    with pytest.raises(ValueError, match="members"):
        paper(meeting, draft(meeting), "ky", is_public=True)


# Reminders


@pytest.fixture
def days(django_capture_on_commit_callbacks, settings):
    """Give a function that reminds as each day does, and returns its letters."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

    def run():
        mail.outbox = []
        with django_capture_on_commit_callbacks(execute=True):
            actions.remind_of_protocols()
        return mail.outbox

    return run


def over(center, days, **fields):
    at = timezone.now() - timedelta(days=days, hours=2)
    fields = {"starts_at": at, "began_at": at, "ended_at": at + timedelta(hours=1)}
    return ended_meeting(center, **fields)


@pytest.mark.parametrize(
    ("age", "letters"), [(2, 0), (3, 2), (6, 2), (7, 2), (13, 2), (15, 0)]
)
def test_those_who_plan_are_reminded(
    age, letters, center, cholpon, elmira, bakyt, nurlan, days
):
    over(center, age)

    assert len(days()) == letters


def test_a_letter_tells_of_the_meeting_and_goes_to_those_who_plan(
    center, cholpon, bakyt, days
):
    meeting = over(center, 3)

    [letter] = days()

    assert letter.to == [cholpon.email]
    assert meeting.get_desk_url() in letter.body


def test_the_day_reminds(center, cholpon):
    meeting = over(center, 3)

    call_command("daily", stdout=StringIO())

    assert ProtocolReminder.objects.get().meeting == meeting


def test_nobody_is_reminded_twice(center, cholpon, days):
    meeting = over(center, 3)

    assert len(days()) == 1
    assert len(days()) == 0
    Meeting.objects.filter(pk=meeting.pk).update(
        starts_at=meeting.starts_at - timedelta(days=4),
        began_at=meeting.began_at - timedelta(days=4),
        ended_at=meeting.ended_at - timedelta(days=4),
    )
    assert len(days()) == 1
    assert len(days()) == 0
    assert set(ProtocolReminder.objects.values_list("days", flat=True)) == {3, 7}


def test_of_a_meeting_that_nobody_recorded_one_is_reminded_too(center, cholpon, days):
    at = timezone.now() - timedelta(days=4)
    make_published_meeting(center, starts_at=at)
    make_published_meeting(center, starts_at=at, status="cancelled")

    assert len(days()) == 1


def test_of_what_is_up_for_approval_nobody_is_reminded(
    center, cholpon, elmira, bakyt, days
):
    meeting = over(center, 3)
    put_up(meeting, elmira)

    assert days() == []
    actions.decline(meeting=meeting, version=1, by=bakyt, words="Ката")
    assert len(days()) == 2


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
