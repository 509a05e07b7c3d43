"""Who filed it: seen by few, for a reason, and every look is journalled."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.urls import reverse

from centers.models import JournalEntry
from concerns import actions
from concerns.models import Change, Concern
from concerns.workflow import Level

from .factories import (
    POLICE,
    give,
    make_category,
    make_concern,
    make_hidden_category,
    make_identity,
    signed_in,
)
from .staff import set_level

pytestmark = pytest.mark.django_db

RESTRICTED, CONFIDENTIAL = Level.RESTRICTED, Level.CONFIDENTIAL


# Who filed it


def look(concern, by, reason="Чакыруу үчүн"):
    return actions.look_at_identity(concern=concern, by=by, reason=reason)


@pytest.fixture
def named(center):
    concern = make_concern(center)
    make_identity(concern)
    return concern


def test_the_coordinator_sees_who_filed_it_and_the_journal_sees_her(named, cholpon):
    person = look(named, cholpon)

    line = JournalEntry.objects.get(kind="identity_seen")
    assert person.name == "Айда Токтосунова"
    assert (line.by_id, line.subject) == (cholpon.pk, named.reference)
    assert Change.objects.get(pk=line.detail["change"]).note == "Чакыруу үчүн"


def test_a_look_at_a_concern_that_nobody_signed_finds_nobody(center, cholpon):
    with pytest.raises(ValidationError):
        look(make_concern(center), cholpon)


def test_the_journal_itself_names_nobody_and_keeps_no_words(named, cholpon):
    look(named, cholpon, reason="Айдага чалуу үчүн")
    set_level(named, RESTRICTED, cholpon, reason="Айданын аты бар")

    assert "Айда" not in str(list(JournalEntry.objects.values()))


def test_every_look_is_a_line_of_its_own(named, cholpon):
    look(named, cholpon)
    look(named, cholpon)

    assert JournalEntry.objects.filter(kind="identity_seen").count() == 2


def test_erased_by_a_press_pressed_twice_it_is_said_to_be_done(named, cholpon):
    browser = signed_in(cholpon)
    path = reverse("desk:erase_identity", args=[named.reference])
    sent = {"version": named.version, "reason": "Өзү суранды"}

    first, second = browser.post(path, sent), browser.post(path, sent)

    assert (first.status_code, second.status_code) == (302, 302)
    assert named.changes.filter(kind=Change.Kind.ERASURE).count() == 1


def test_what_goes_into_custody_at_this_very_moment_is_there_no_more(named, cholpon):
    browser, path = signed_in(cholpon), reverse("desk:identity", args=[named.reference])
    browser.get(named.get_desk_url())

    def other_first(execute, sql, *args):
        # Between the reading of this press and its act the other one is done.
        if sql.startswith("SAVEPOINT"):
            Concern.objects.filter(pk=named.pk).update(
                level=CONFIDENTIAL, in_custody=True, hidden_from_council=True
            )
        return execute(sql, *args)

    with connection.execute_wrapper(other_first):
        response = browser.post(path, {"reason": "Чакыруу үчүн"})

    assert response.status_code == 404
    assert not JournalEntry.objects.filter(kind="identity_seen").exists()


def test_a_look_needs_a_reason(named, cholpon):
    with pytest.raises(ValidationError) as refused:
        look(named, cholpon, reason="")

    assert set(refused.value.message_dict) == {"reason"}
    assert not JournalEntry.objects.exists()


def test_the_assigned_handler_sees_who_filed_it(named, bakyt):
    give(named, POLICE, bakyt)

    assert look(named, bakyt).phone == "+996770080050"


@pytest.mark.parametrize("who", ["elmira", "bakyt"])
def test_who_may_read_the_words_but_does_not_handle_it_does_not_see_who_filed_it(
    who, named, request
):
    with pytest.raises((PermissionDenied, ValidationError)):
        look(named, request.getfixturevalue(who))

    assert not JournalEntry.objects.exists()


def test_a_colleague_of_the_assigned_handler_does_not_see_who_filed_it(
    named, bakyt, ruslan
):
    give(named, POLICE, bakyt)

    with pytest.raises((PermissionDenied, ValidationError)):
        look(named, ruslan)


def test_an_intake_person_does_not_see_who_filed_it(center, farida):
    concern = make_concern(center, make_category(CONFIDENTIAL))
    make_identity(concern)

    with pytest.raises(PermissionDenied):
        look(concern, farida)


@pytest.mark.parametrize(
    "who", ["nurlan", "olga", "jamila", "daniyar", "emil", "sultan"]
)
def test_for_those_who_do_not_read_the_words_nobody_filed_it(who, named, request):
    with pytest.raises(Concern.DoesNotExist):
        look(named, request.getfixturevalue(who))


def test_in_custody_the_custodian_sees_who_filed_it_and_the_coordinator_does_not(
    center, jamila, cholpon
):
    concern = make_concern(center, make_hidden_category(POLICE))
    make_identity(concern)

    assert look(concern, jamila)
    with pytest.raises(Concern.DoesNotExist):
        look(concern, cholpon)


# Reading is noted


def test_a_confidential_concern_notes_its_readers_once_a_day(center, cholpon):
    concern = make_concern(center, make_category(CONFIDENTIAL))

    actions.note_reading(concern=concern, by=cholpon)
    actions.note_reading(concern=concern, by=cholpon)

    line = JournalEntry.objects.get(kind="confidential_read")
    assert (line.by_id, line.subject) == (cholpon.pk, concern.reference)
