"""Notes among the staff: whom they name, and whom they never reach."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from concerns import actions
from concerns.models import Change, Concern, Mention, Message
from concerns.workflow import Level, Status

from .factories import (
    POLICE,
    again,
    give,
    make_approved,
    make_category,
    make_concern,
    make_hidden_category,
    signed_in,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cheap_codes")]

CANARY = "CANARY-ички-сөз"


@pytest.fixture
def concern(center):
    return make_approved(center, status=Status.IN_PROGRESS)


def write(concern, by, *people, text=CANARY):
    concern.refresh_from_db()
    return actions.add_note(
        concern=concern, text=text, people=people, by=by, version=concern.version
    )


def page_of(concern, by):
    return signed_in(by).get(concern.get_desk_url()).content.decode()


def today_of(user):
    return signed_in(user).get(reverse("desk:today"))


def form_of(concern, by):
    path = reverse("desk:note", args=[concern.reference])
    return signed_in(by).get(path).context["form"]


def offered(concern, by):
    return {pk for pk, _name in form_of(concern, by).fields["people"].choices}


# Read by those who read the concern


def test_a_note_stands_in_the_history_and_says_what_it_is(concern, cholpon, elmira):
    write(concern, elmira, cholpon)

    page = page_of(concern, cholpon)

    assert CANARY in page
    assert "Ички жазуу" in page
    assert cholpon.full_name in page


def test_a_note_reaches_neither_the_reporter_nor_the_public(concern, cholpon, elmira):
    write(concern, elmira, cholpon)
    phone = Client()
    code = make_concern(concern.center, lead=concern, status=Status.DUPLICATE).code
    own = make_concern(concern.center, status=Status.IN_PROGRESS)
    write(own, elmira)
    pages = []
    for opened in (code, own.code):
        phone.post("/follow/", {"c": opened})
        pages.append(phone.get("/follow/concern/"))
    pages += [
        Client().get(path)
        for path in (
            concern.get_absolute_url(),
            reverse("concerns:list", args=[concern.center.slug]),
            concern.center.get_absolute_url(),
        )
    ]

    assert {page.status_code for page in pages} == {200}
    assert [page for page in pages if CANARY in page.content.decode()] == []
    assert not Message.objects.exists()


def test_a_member_who_reads_the_summary_alone_reads_no_note(concern, elmira, nurlan):
    write(concern, elmira)

    assert CANARY not in page_of(concern, nurlan)


def test_in_custody_a_note_is_the_custodians(concern, cholpon, elmira, jamila):
    write(concern, elmira, cholpon)
    concern.refresh_from_db()
    actions.categorise(
        concern=concern,
        category=make_hidden_category(POLICE),
        by=cholpon,
        version=concern.version,
    )

    assert signed_in(elmira).get(concern.get_desk_url()).status_code == 404
    assert concern.reference not in today_of(cholpon).content.decode()
    assert CANARY in page_of(concern, jamila)


def test_a_note_is_not_changed_and_not_deleted(concern, elmira):
    note = write(concern, elmira)
    addresses = [
        path
        for path in (f"note/{note.pk}/", "note/edit/", "note/delete/")
        if signed_in(elmira).post(concern.get_desk_url() + path).status_code != 404
    ]

    assert addresses == []


def test_an_empty_note_is_refused(concern, elmira):
    with pytest.raises(ValidationError):
        write(concern, elmira, text="")


def test_of_a_press_pressed_twice_one_note_is_kept(concern, elmira):
    browser = signed_in(elmira)
    path = reverse("desk:note", args=[concern.reference])
    sent = {"version": concern.version, "text": CANARY}

    first, second = browser.post(path, sent), browser.post(path, sent)

    assert (first.status_code, second.status_code) == (302, 302)
    assert concern.changes.filter(kind=Change.Kind.NOTE).count() == 1
    assert "Жөнөтүлдү" in browser.get(second["Location"]).content.decode()


# Mentions


def test_only_those_who_may_read_it_can_be_named(
    concern, cholpon, elmira, bakyt, ruslan, farida, jamila, nurlan, olga, sultan, emil
):
    give(concern, POLICE, bakyt)

    assert offered(concern, cholpon) == {bakyt.pk, ruslan.pk}


def test_of_a_confidential_one_only_its_handlers_and_the_coordinator(
    center, cholpon, elmira, bakyt, ruslan, farida, jamila, nurlan
):
    secret = make_concern(
        center, make_category(Level.CONFIDENTIAL), status=Status.REGISTERED
    )
    give(secret, POLICE, bakyt)

    assert offered(secret, bakyt) == {cholpon.pk}


def test_those_who_may_be_named_are_those_who_see_it(
    concern, cholpon, elmira, bakyt, farida, jamila, temir, nurlan, olga, daniyar
):
    people = {
        one.pk
        for one in (elmira, bakyt, farida, jamila, temir, nurlan, olga, daniyar)
        if Concern.objects.visible_to(again(one)).filter(pk=concern.pk).exists()
    }

    assert offered(concern, cholpon) == people


@pytest.mark.parametrize("who", ["jamila", "nurlan", "olga", "daniyar", "emil"])
def test_a_mention_lets_nobody_in(who, concern, elmira, request):
    person = request.getfixturevalue(who)

    with pytest.raises(ValidationError):
        write(concern, elmira, person)

    assert not Mention.objects.exists()


def test_naming_one_who_reads_it_no_more_is_refused_beside_the_field(
    concern, elmira, nurlan
):
    path = reverse("desk:note", args=[concern.reference])
    sent = {"version": concern.version, "text": CANARY, "people": [nurlan.pk]}

    answer = signed_in(elmira).post(path, sent)

    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"people"}
    assert answer.context["form"]["text"].value() == CANARY


def test_who_is_named_finds_it_on_the_first_screen_until_he_opens_it(
    concern, elmira, bakyt
):
    write(concern, elmira, bakyt)
    before = today_of(bakyt).context["mentions"]

    page_of(concern, bakyt)

    assert [(one.reference, one.by) for one in before] == (
        [(concern.reference, elmira.full_name)]
    )
    assert today_of(bakyt).context["mentions"] == []
    assert today_of(elmira).context["mentions"] == []


def test_what_another_opens_stays_on_his_screen(concern, elmira, bakyt, cholpon):
    write(concern, elmira, bakyt)

    page_of(concern, cholpon)

    assert len(today_of(bakyt).context["mentions"]) == 1


def test_who_may_read_it_no_more_is_not_told_of_it(concern, elmira, bakyt, cholpon):
    write(concern, elmira, bakyt)
    Concern.objects.filter(pk=concern.pk).update(
        level=Level.CONFIDENTIAL, published_at=None
    )

    assert today_of(bakyt).context["mentions"] == []
    assert concern.reference not in today_of(bakyt).content.decode()


def test_a_mention_stands_beside_the_figures_and_does_not_change_them(
    concern, elmira, bakyt
):
    before = today_of(bakyt).context["figures"]

    write(concern, elmira, bakyt)

    assert today_of(bakyt).context["figures"] == before


# Letters


def test_who_is_named_gets_a_letter_without_content(
    concern, elmira, bakyt, mailoutbox, django_capture_on_commit_callbacks
):
    bakyt.language = "ru"
    bakyt.save()

    with django_capture_on_commit_callbacks(execute=True):
        write(concern, elmira, bakyt)

    [letter] = mailoutbox
    said = f"{letter.subject} {letter.body}"
    assert letter.to == [bakyt.email]
    assert "/ru/desk/" in said
    told = (CANARY, concern.reference, concern.number, elmira.full_name)
    assert [word for word in told if word in said] == []


def test_a_note_that_names_nobody_sends_no_letter(
    concern, elmira, mailoutbox, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        write(concern, elmira)

    assert mailoutbox == []
