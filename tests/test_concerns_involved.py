"""Whoever is involved does not read it, and without a custodian nothing is begun."""

import pytest
from django.urls import reverse
from django.utils import timezone

from centers.models import OutsideBody, Role, User
from concerns.models import Concern
from concerns.workflow import Level

from .factories import (
    COUNCIL,
    POLICE,
    RESIDENTS,
    make_hidden_category,
    make_member,
    make_membership,
)
from .filing import errors_of, send, send_quietly, signed_key

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cheap_codes")]


# Who reads it first


@pytest.mark.parametrize(
    ("involved", "from_police", "from_council", "in_custody"),
    [
        ("no", False, False, False),
        ("police", True, False, True),
        ("council", False, True, True),
        ("both", True, True, True),
        ("unsaid", True, True, True),
    ],
)
@pytest.mark.usefixtures("jamila")
def test_whoever_is_involved_is_kept_from_reading_it(
    involved, from_police, from_council, in_custody, aida, center, lighting
):
    send(aida, center, lighting, involved=involved)

    concern = Concern.objects.get()
    assert concern.hidden_from_police == from_police
    assert concern.hidden_from_council == from_council
    assert concern.in_custody == in_custody
    assert (concern.level == Level.CONFIDENTIAL) == in_custody


@pytest.mark.parametrize(
    ("first", "second", "kept"),
    [
        ("no", "unsaid", "unsaid"),
        ("unsaid", "police", "police"),
        ("police", "no", "police"),
        ("police", "unsaid", "police"),
        ("police", "council", "both"),
        ("council", "police", "both"),
        ("both", "council", "both"),
    ],
)
@pytest.mark.usefixtures("jamila")
def test_a_side_that_she_named_stays_named_when_she_sends_it_again(
    first, second, kept, aida, center, lighting
):
    key = signed_key()
    send(aida, center, lighting, key=key, involved=first)

    send(aida, center, lighting, key=key, involved=second)

    concern = Concern.objects.get()
    assert concern.involved == kept
    assert concern.in_custody


@pytest.mark.parametrize(
    ("side", "from_police", "from_council"),
    [(POLICE, True, False), (COUNCIL, False, True)],
)
@pytest.mark.usefixtures("jamila")
def test_a_complaint_about_a_side_is_hidden_from_it_whatever_is_ticked(
    side, from_police, from_council, aida, center
):
    complaint = make_hidden_category(side)

    response = send_quietly(aida, center, complaint, involved="no")

    concern = Concern.objects.get()
    assert response.status_code == 200
    assert concern.in_custody
    assert (concern.hidden_from_police, concern.hidden_from_council) == (
        from_police,
        from_council,
    )


def test_a_confidential_concern_is_confidential_and_not_in_custody(
    aida, center, violence
):
    send_quietly(aida, center, violence)

    concern = Concern.objects.get()
    assert concern.level == Level.CONFIDENTIAL
    assert not concern.in_custody


@pytest.fixture
def ombudsman():
    return OutsideBody.objects.create(
        code="ombudsman",
        name_ky="Акыйкатчы",
        name_ru="Омбудсмен",
        phone="0312 66 35 20",
    )


@pytest.mark.parametrize("involved", ["police", "council", "both", "unsaid"])
@pytest.mark.usefixtures("ombudsman")
def test_without_a_custodian_the_outside_bodies_are_named_and_the_words_kept(
    involved, aida, center, lighting
):
    response = send(aida, center, lighting, involved=involved)

    page = response.content.decode()
    assert response.status_code == 422
    assert errors_of(response) == {"involved"}
    assert "Акыйкатчы" in page
    assert "Мектептин жанында чырак күйбөйт." in page
    assert not Concern.objects.exists()


@pytest.mark.usefixtures("ombudsman")
def test_a_complaint_is_not_begun_where_nobody_may_read_it(aida, center):
    complaint = make_hidden_category(POLICE)

    response = aida.post(
        reverse("concerns:choose", args=[center.slug]),
        {"category": complaint.code},
        follow=True,
    )

    page = response.content.decode()
    assert "Акыйкатчы" in page
    assert "<textarea" not in page


@pytest.mark.usefixtures("ombudsman")
def test_a_complaint_written_while_the_custodian_left_keeps_its_words(aida, center):
    complaint = make_hidden_category(POLICE)

    response = send_quietly(aida, center, complaint)

    page = response.content.decode()
    assert response.status_code == 422
    assert "Акыйкатчы" in page
    assert "Мектептин жанында чырак күйбөйт." in page
    assert not Concern.objects.exists()


def test_a_custodian_whose_membership_ended_is_none(aida, center, lighting):
    jamila = make_member(center, RESIDENTS, Role.CUSTODIAN)
    jamila.memberships.update(ended_at=timezone.now())

    response = send(aida, center, lighting, involved="police")

    assert errors_of(response) == {"involved"}


@pytest.mark.parametrize("side", [POLICE, COUNCIL])
def test_a_custodian_who_serves_a_side_elsewhere_is_none(
    side, aida, center, other_center, jamila, lighting
):
    make_membership(other_center, side, user=jamila)

    response = send(aida, center, lighting, involved="both")

    assert errors_of(response) == {"involved"}


def test_a_custodian_who_is_disabled_is_none(aida, center, jamila, lighting):
    User.objects.filter(pk=jamila.pk).update(is_active=False)

    response = send(aida, center, lighting, involved="police")

    assert errors_of(response) == {"involved"}


@pytest.mark.usefixtures("ombudsman", "jamila")
def test_a_form_about_a_side_names_the_outside_bodies_too(aida, center):
    complaint = make_hidden_category(POLICE)

    response = aida.post(
        reverse("concerns:choose", args=[center.slug]),
        {"category": complaint.code},
        follow=True,
    )

    assert "Акыйкатчы" in response.content.decode()
