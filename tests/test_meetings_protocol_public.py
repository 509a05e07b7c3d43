"""What everyone reads of an approved protocol, and what nobody reads any more."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from concerns import actions as concern_actions
from concerns.workflow import Level
from meetings.models import Meeting
from meetings.protocol.content import draft
from meetings.protocol.paper import paper

from .factories import (
    make_action,
    make_approved,
    make_category,
    make_decision,
    make_topic,
    put_action_on_agenda,
    put_on_agenda,
    signed_in,
)
from .minutes import approve, desk, ended_meeting, public, put_up, recorded_meeting
from .planning import public_page, registered
from .staff import set_level

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting(center, elmira, bakyt, nurlan):
    return recorded_meeting(center, elmira, bakyt, nurlan)


@pytest.fixture
def approved(meeting, elmira, bakyt, nurlan):
    version = put_up(meeting, elmira)
    return approve(version, council=elmira, police=bakyt, residents=nurlan)


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


@pytest.mark.once
def test_on_a_phone_each_cell_says_what_it_is(meeting, approved):
    html = public(meeting).content.decode()

    assert '<td data-label="Мөөнөтү">' in html
    assert "<td>" not in html


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


def test_everyone_gets_the_same_bytes(meeting, approved, elmira):
    address = reverse(
        "meetings:protocol", args=[meeting.center.slug, meeting.reference]
    )

    assert signed_in(elmira).get(address).content == public(meeting).content


def test_a_paper_for_everyone_is_not_made_of_a_draft(meeting):
    with pytest.raises(ValueError, match="members"):
        paper(meeting, draft(meeting), "ky", is_public=True)
