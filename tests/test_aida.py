"""
Where Aida's safety and the convenience of those who work collide, Aida wins.

She has a cheap phone that others use too, no account, and reasons to be afraid.
"""

import re

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from centers import actions as center_actions
from concerns import actions
from concerns.models import Concern
from concerns.workflow import Level, Status

from .factories import (
    COUNCIL,
    PASSWORD,
    POLICE,
    again,
    give,
    make_approved,
    make_category,
    make_concern,
    make_hidden_category,
    signed_in,
)
from .pages import inputs_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cheap_codes")]

WORDS = "Участкалык тууганынын ишин жаап салды."


@pytest.fixture
def complaint():
    return make_hidden_category(POLICE, code="police_conduct")


def open_form(phone, center, category):
    """Choose a category; return the form's address and what it would send."""
    if category.is_public:
        form = phone.get(reverse("concerns:new", args=[center.slug, category.code]))
    else:
        choose = reverse("concerns:choose", args=[center.slug])
        form = phone.post(choose, {"category": category.code}, follow=True)
    hidden = {"key": inputs_of(form)["key"], "category": category.code}
    return form.request["PATH_INFO"], hidden | {"text": WORDS, "involved": "no"}


def tell(phone, center, category, **fields):
    """File a concern as she does; return the receipt."""
    address, form = open_form(phone, center, category)
    return phone.post(address, form | fields, follow=True)


def code_on(receipt):
    return " ".join(re.findall(r"<span>(\d{4})</span>", receipt.content.decode()))


def test_aida_complains_about_an_officer_and_no_officer_learns_that_anybody_did(
    aida, center, complaint, jamila, bakyt, ruslan
):
    receipt = tell(aida, center, complaint)

    concern = Concern.objects.get()
    assert code_on(receipt)
    assert signed_in(jamila).get(concern.get_desk_url()).status_code == 200
    for officer in (bakyt, ruslan):
        browser = signed_in(officer)
        desk = browser.get("/desk/").content + browser.get("/desk/concerns/").content
        assert browser.get(concern.get_desk_url()).status_code == 404
        assert concern.number.encode() not in desk


def test_aida_would_rather_not_say_and_neither_side_reads_it_before_the_custodian(
    aida, center, jamila, bakyt, elmira, cholpon
):
    tell(aida, center, make_category(), involved="unsaid")

    concern = Concern.objects.get()
    assert Concern.objects.visible_to(jamila).get() == concern
    for person in (bakyt, elmira, cholpon):
        assert not Concern.objects.visible_to(person).exists()


def test_aidas_words_are_not_published_however_much_the_centre_would_like_it(
    aida, center, cholpon
):
    tell(aida, center, make_category())
    concern = Concern.objects.get()
    actions.register(
        concern=concern,
        category=concern.category,
        level="public",
        by=cholpon,
        version=0,
    )

    with pytest.raises(ValidationError):
        actions.approve_summary(
            concern=concern,
            by=cholpon,
            version=1,
            title_ky="а",
            title_ru="а",
            summary_ky="а",
            summary_ru="а",
        )

    assert not Concern.objects.public().exists()


def test_aida_says_it_is_not_solved_and_it_is_not(aida, center, bakyt):
    concern = make_concern(center, status=Status.RESOLVED)
    aida.post("/follow/", {"c": concern.code})

    aida.post(
        "/follow/concern/answer/", {"solved": "no", "reason": "Эч нерсе өзгөргөн жок."}
    )

    concern.refresh_from_db()
    assert concern.status == Status.IN_PROGRESS
    page = signed_in(bakyt).get(concern.get_desk_url()).content.decode()
    assert "Эч нерсе өзгөргөн жок." in page


def test_aida_takes_it_back_and_what_was_published_of_it_is_gone(aida, center):
    concern = make_approved(center)
    aida.post("/follow/", {"c": concern.code})

    aida.post("/follow/concern/withdraw/", {"withdraw-is_sure": "on"})

    assert aida.get(concern.get_absolute_url()).status_code == 404
    assert aida.post("/follow/", {"c": concern.code}).status_code == 422


def test_aida_leaves_and_the_next_hand_on_the_phone_finds_nothing(
    aida, center, complaint, jamila
):
    receipt = tell(aida, center, complaint)
    aida.post("/follow/", {"c": code_on(receipt)})

    aida.post(reverse("home:leave"))

    pages = [
        aida.get(path, follow=True).content.decode()
        for path in (receipt.request["PATH_INFO"], "/follow/concern/")
    ]
    assert not any(WORDS in page for page in pages)
    assert not any(code_on(receipt) in page for page in pages)
    assert not any(complaint.name_ky in page for page in pages)


def test_aida_is_asked_for_no_name_and_has_a_code_all_the_same(aida, center):
    receipt = tell(aida, center, make_category(Level.CONFIDENTIAL))

    opened = Client().post("/follow/", {"c": code_on(receipt)})

    assert opened.status_code == 302
    assert not hasattr(Concern.objects.get(), "identity")


def test_aidas_neighbour_with_the_number_of_her_report_gets_nowhere(
    aida, center, complaint, jamila
):
    tell(aida, center, complaint)
    reference = Concern.objects.get().reference

    tried = [
        Client().get(f"/mirmakhmudov/concerns/{reference}/").status_code,
        Client().post("/follow/", {"c": reference}).status_code,
        Client().get("/follow/concern/").status_code,
    ]

    assert tried == [404, 422, 302]


def test_aidas_second_thoughts_count_even_when_the_first_answer_was_lost(
    aida, center, jamila, bakyt
):
    address, form = open_form(aida, center, make_category())
    aida.post(address, form)

    aida.post(address, form | {"involved": "police"})

    assert Concern.objects.count() == 1
    assert not Concern.objects.visible_to(bakyt).exists()


def test_aidas_complaint_is_not_read_through_the_account_of_who_was_given_it(
    center, cholpon, jamila, bakyt
):
    """Its coordinator gives him a new start, uses it herself, and finds nothing."""
    hidden = make_concern(
        center, make_hidden_category(COUNCIL), text=WORDS, status=Status.REGISTERED
    )
    give(hidden, POLICE, bakyt, by=jamila)
    seen = Concern.objects.visible_to
    assert seen(bakyt).exists()
    _link, token = center_actions.give_link(
        membership=bakyt.memberships.get(), is_new_start=True, by=cholpon
    )

    center_actions.come_back(token=token, password=PASSWORD)

    assert not seen(again(bakyt)).exists()
    concern = seen(jamila).get()
    actions.assign(
        concern=concern,
        partner=concern.partner,
        person=bakyt,
        by=jamila,
        version=concern.version,
    )
    assert seen(again(bakyt)).exists()
