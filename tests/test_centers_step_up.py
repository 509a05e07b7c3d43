"""Whoever sits at a desk that was left sees no identity and changes no role."""

import json
import re

import pytest
from django.urls import reverse

from centers.models import Invitation, JournalEntry, Membership, ReturnLink, Role
from concerns.models import Change
from concerns.workflow import Level, Status

from .factories import (
    COUNCIL,
    LONG_AGO,
    PASSWORD,
    POLICE,
    give,
    make_category,
    make_concern,
    make_hidden_category,
    make_identity,
    make_membership,
    partner_of,
    signed_in,
)

pytestmark = [pytest.mark.django_db, pytest.mark.once]

CONFIRM = "account_reauthenticate"
REASON = "Жооп берүү үчүн чалышым керек"


@pytest.fixture
def member(center):
    return make_membership(center, COUNCIL)


@pytest.fixture
def named(center, bakyt):
    """A concern of somebody who gave her name, that Bakyt handles."""
    concern = make_concern(center, status=Status.IN_PROGRESS)
    make_identity(concern)
    return give(concern, POLICE, bakyt)


def confirm(browser, response, password=PASSWORD):
    """Type the password where a response leads, with the fields of its page."""
    page = browser.get(response["Location"]).content.decode()
    place = re.search(r'name="next"[^>]*value="([^"]+)"', page)[1]
    return browser.post(
        response["Location"], {"password": password, "next": place}, follow=True
    )


def invitation_fields(center):
    return {
        "full_name": "Назира Абдыкеримова",
        "email": "nazira@example.org",
        "partner": partner_of(center, COUNCIL).pk,
        "role": Role.MEMBER,
        "language": "ky",
    }


# Who is asked


def test_the_page_of_invitations_asks(center, cholpon):
    browser = signed_in(cholpon, ago=LONG_AGO)

    response = browser.get(reverse("desk:invite", args=[center.slug]))

    assert response["Location"].startswith(reverse(CONFIRM))


def test_what_was_given_up_is_not_done_when_its_page_is_opened_again(center, cholpon):
    browser = signed_in(cholpon, ago=LONG_AGO)
    path = reverse("desk:invite", args=[center.slug])
    browser.post(path, invitation_fields(center))

    opened = confirm(browser, browser.get(path))

    assert opened.status_code == 200
    assert not Invitation.objects.exists()


def test_the_page_of_a_member_asks(center, cholpon, member):
    browser = signed_in(cholpon, ago=LONG_AGO)

    response = browser.get(reverse("desk:member", args=[center.slug, member.reference]))

    assert response["Location"].startswith(reverse(CONFIRM))


@pytest.mark.parametrize("act", ["end_membership", "give_link", "give_new_start"])
def test_each_act_upon_a_member_asks_and_is_not_done_meanwhile(
    act, center, cholpon, member
):
    browser = signed_in(cholpon, ago=LONG_AGO)

    response = browser.post(
        reverse(f"desk:{act}", args=[center.slug, member.reference])
    )

    assert response["Location"].startswith(reverse(CONFIRM))
    assert Membership.objects.live().filter(pk=member.pk).exists()
    assert not ReturnLink.objects.exists()


@pytest.mark.parametrize("level, is_asked", [("public", True), ("confidential", False)])
def test_to_let_more_people_read_it_asks(level, is_asked, center, cholpon):
    concern = make_concern(center, level=Level.RESTRICTED)
    fields = {"level": level, "reason": "Уруксат берди", "version": concern.version}

    response = signed_in(cholpon, ago=LONG_AGO).post(
        reverse("desk:level", args=[concern.reference]), fields
    )

    assert response["Location"].startswith(reverse(CONFIRM)) is is_asked
    concern.refresh_from_db()
    assert concern.level == ("restricted" if is_asked else "confidential")


def test_to_give_back_what_is_in_custody_asks(center, jamila, cholpon):
    concern = make_concern(center, make_hidden_category(POLICE))
    concern.category = make_category()
    concern.save()
    path = reverse("desk:release", args=[concern.reference])
    fields = {"reason": "Милицияга тиешеси жок", "version": concern.version}

    asked = signed_in(jamila, ago=LONG_AGO).post(path, fields)
    assert asked["Location"].startswith(reverse(CONFIRM))
    concern.refresh_from_db()
    assert concern.in_custody

    signed_in(jamila).post(path, fields)
    concern.refresh_from_db()
    assert not concern.in_custody


def test_who_has_just_signed_in_is_not_asked(center, cholpon, member):
    place = [center.slug, member.reference]

    response = signed_in(cholpon).get(reverse("desk:member", args=place))

    assert response.status_code == 200


def test_who_may_not_manage_is_refused_and_not_asked(center, bakyt, member):
    place = [center.slug, member.reference]

    response = signed_in(bakyt, ago=LONG_AGO).get(reverse("desk:member", args=place))

    assert response.status_code == 403


def test_to_take_a_link_back_nothing_is_asked(center, cholpon):
    browser = signed_in(cholpon)
    browser.post(reverse("desk:invite", args=[center.slug]), invitation_fields(center))
    mark = Invitation.objects.get().mark

    late = signed_in(cholpon, ago=LONG_AGO)
    late.post(reverse("desk:withdraw_invitation", args=[center.slug, mark]))

    assert not Invitation.objects.usable().exists()


# What was sent is done once it is she


def test_an_invitation_typed_slowly_is_made_of_what_was_typed(center, cholpon):
    browser = signed_in(cholpon, ago=LONG_AGO)
    page = reverse("desk:invite", args=[center.slug])
    asked = browser.post(page, invitation_fields(center))
    assert not Invitation.objects.exists()

    shown = confirm(browser, asked)

    assert Invitation.objects.get().full_name == "Назира Абдыкеримова"
    assert "/account/invitation/" in shown.content.decode()


def test_an_identity_is_shown_for_the_reason_given_before(named, bakyt):
    browser = signed_in(bakyt, ago=LONG_AGO)
    asked = browser.post(
        reverse("desk:identity", args=[named.reference]), {"reason": REASON}
    )
    assert not JournalEntry.objects.filter(kind="identity_seen").exists()

    shown = confirm(browser, asked)

    assert "Айда Токтосунова" in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    assert Change.objects.get(kind=Change.Kind.IDENTITY).note == REASON
    assert JournalEntry.objects.filter(kind="identity_seen").count() == 1


def test_with_a_wrong_password_nothing_is_shown(named, bakyt):
    browser = signed_in(bakyt, ago=LONG_AGO)
    asked = browser.post(
        reverse("desk:identity", args=[named.reference]), {"reason": REASON}
    )

    shown = confirm(browser, asked, password="башка сырсөз болду")

    assert "Айда Токтосунова" not in shown.content.decode()
    assert not JournalEntry.objects.filter(kind="identity_seen").exists()


def test_what_the_page_shown_then_is_when_it_is_opened_anew(named, bakyt):
    browser = signed_in(bakyt, ago=LONG_AGO)
    place = reverse("desk:identity", args=[named.reference])
    asked = browser.post(place, {"reason": REASON})
    confirm(browser, asked)

    again = browser.post(
        asked["Location"], {"password": PASSWORD, "next": place}, follow=True
    )

    assert again.redirect_chain[-1][0] == named.get_desk_url()
    assert "Айда Токтосунова" not in again.content.decode()


def test_while_an_act_waits_nothing_tells_where_it_came_from(named, bakyt):
    browser = signed_in(
        bakyt, ago=LONG_AGO, headers={"user-agent": "Marked/1"}, REMOTE_ADDR="10.9.8.7"
    )

    browser.post(reverse("desk:identity", args=[named.reference]), {"reason": REASON})

    kept = json.dumps(dict(browser.session.items()), ensure_ascii=False)
    assert named.reference in kept
    assert "Marked" not in kept
    assert "10.9.8.7" not in kept
