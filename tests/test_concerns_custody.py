"""Who filed a confidential concern, and what turns out to be about one of us."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from centers import journal
from centers.models import JournalEntry, Role
from concerns import actions
from concerns.actions import SecondPersonNeeded
from concerns.models import Change, Concern, IdentityRequest
from concerns.workflow import Level, Status

from .factories import (
    COUNCIL,
    POLICE,
    RESIDENTS,
    again,
    give,
    make_category,
    make_concern,
    make_identity,
    make_member,
    signed_in,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cheap_codes")]


@pytest.fixture
def confidential(center, bakyt, cholpon):
    """A confidential concern in the hands of an officer, by somebody with a name."""
    concern = make_concern(
        center, make_category(Level.CONFIDENTIAL), status=Status.IN_PROGRESS
    )
    make_identity(concern)
    return give(concern, POLICE, bakyt, by=cholpon)


def allow(concern, handler, by):
    wish = actions.ask_for_identity(concern=concern, by=handler, reason="Чалуу үчүн")
    actions.answer_wish(concern=concern, wish=wish.pk, is_granted=True, by=by)


def kinds():
    return list(JournalEntry.objects.order_by("pk").values_list("kind", flat=True))


# Two persons


def test_a_handler_alone_does_not_learn_who_filed_a_confidential_concern(
    confidential, bakyt
):
    with pytest.raises(SecondPersonNeeded):
        actions.look_at_identity(concern=confidential, by=bakyt, reason="Чалуу үчүн")

    assert journal.Kind.IDENTITY_SEEN not in kinds()


def test_the_coordinator_allows_it_and_the_handler_sees_it_once(
    confidential, bakyt, cholpon
):
    allow(confidential, bakyt, cholpon)

    person = actions.look_at_identity(concern=confidential, by=bakyt)

    assert person.name == "Айда Токтосунова"
    IdentityRequest.objects.update(used_at=timezone.now() - timedelta(minutes=3))
    with pytest.raises(SecondPersonNeeded):
        actions.look_at_identity(concern=confidential, by=bakyt)
    assert kinds()[-3:] == ["identity_asked", "identity_allowed", "identity_seen"]


def test_who_has_asked_is_told_to_wait_and_not_asked_to_ask_again(confidential, bakyt):
    browser = signed_in(bakyt)
    address = reverse("desk:identity", args=[confidential.reference])
    first = browser.get(confidential.get_desk_url()).content.decode()
    actions.ask_for_identity(concern=confidential, by=bakyt, reason="Чалуу үчүн")

    then = browser.get(confidential.get_desk_url()).content.decode()

    assert address in first
    assert address not in then


def test_what_was_allowed_is_allowed_for_a_day(confidential, bakyt, cholpon):
    allow(confidential, bakyt, cholpon)
    IdentityRequest.objects.update(answered_at=timezone.now() - timedelta(hours=25))

    with pytest.raises(SecondPersonNeeded):
        actions.look_at_identity(concern=confidential, by=bakyt)


def test_what_was_refused_stays_unseen(confidential, bakyt, cholpon):
    wish = actions.ask_for_identity(concern=confidential, by=bakyt, reason="Чалуу үчүн")
    actions.answer_wish(
        concern=confidential, wish=wish.pk, is_granted=False, by=cholpon
    )

    with pytest.raises(SecondPersonNeeded):
        actions.look_at_identity(concern=confidential, by=bakyt)


def test_nobody_allows_it_to_himself(confidential, bakyt, cholpon):
    wish = actions.ask_for_identity(concern=confidential, by=bakyt, reason="Чалуу үчүн")

    with pytest.raises(PermissionDenied):
        actions.answer_wish(
            concern=confidential, wish=wish.pk, is_granted=True, by=bakyt
        )

    own = actions.ask_for_identity(concern=confidential, by=cholpon, reason="Мен үчүн")
    with pytest.raises(IdentityRequest.DoesNotExist):
        actions.answer_wish(
            concern=confidential, wish=own.pk, is_granted=True, by=cholpon
        )


def test_a_wish_of_another_concern_is_not_answered_here(confidential, bakyt, cholpon):
    other = make_concern(confidential.center, confidential.category)
    make_identity(other)
    give(other, POLICE, bakyt, by=cholpon)
    wish = actions.ask_for_identity(concern=other, by=bakyt, reason="Чалуу үчүн")

    with pytest.raises(IdentityRequest.DoesNotExist):
        actions.answer_wish(
            concern=confidential, wish=wish.pk, is_granted=True, by=cholpon
        )


def test_the_same_wish_twice_is_one(confidential, bakyt):
    actions.ask_for_identity(concern=confidential, by=bakyt, reason="Чалуу үчүн")

    with pytest.raises(ValidationError):
        actions.ask_for_identity(concern=confidential, by=bakyt, reason="Дагы")

    assert confidential.identity_requests.count() == 1


def test_of_what_is_in_custody_the_custodian_decides(confidential, cholpon, jamila):
    handler = make_member(confidential.center, RESIDENTS)
    Concern.objects.filter(pk=confidential.pk).update(in_custody=True)
    give(confidential, RESIDENTS, handler, by=jamila)
    wish = actions.ask_for_identity(
        concern=confidential, by=handler, reason="Жолугуу үчүн"
    )

    with pytest.raises(Concern.DoesNotExist):
        actions.answer_wish(
            concern=confidential, wish=wish.pk, is_granted=True, by=cholpon
        )
    actions.answer_wish(concern=confidential, wish=wish.pk, is_granted=True, by=jamila)

    person = actions.look_at_identity(concern=confidential, by=handler)
    assert person.phone == "+996770080050"


def test_of_a_public_concern_a_reason_is_enough(center, bakyt, cholpon):
    concern = make_concern(center, status=Status.IN_PROGRESS)
    make_identity(concern)
    give(concern, POLICE, bakyt, by=cholpon)

    assert actions.look_at_identity(concern=concern, by=bakyt, reason="Чалуу үчүн")


def test_it_is_asked_allowed_and_shown_on_the_concerns_own_page(
    confidential, bakyt, cholpon
):
    officer, coordinator = signed_in(bakyt), signed_in(cholpon)
    page = confidential.get_desk_url()
    look = reverse("desk:identity", args=[confidential.reference])

    officer.post(look, {"reason": "Күбөлөрдү сурап билүү үчүн"})
    asked = coordinator.get(page).content.decode()
    wish = confidential.identity_requests.get()
    coordinator.post(
        reverse("desk:answer_wish", args=[confidential.reference]),
        {"wish": wish.pk, "answer": "allow"},
    )
    shown = officer.post(look).content.decode()
    again_hidden = officer.get(page).content.decode()

    assert "Күбөлөрдү сурап билүү үчүн" in asked
    assert "Айда Токтосунова" in shown
    assert "Айда Токтосунова" not in again_hidden


def test_pressed_twice_it_shows_the_same_and_is_one_look(confidential, bakyt, cholpon):
    allow(confidential, bakyt, cholpon)
    officer = signed_in(bakyt)
    look = reverse("desk:identity", args=[confidential.reference])

    pages = [officer.post(look).text for _press in range(2)]

    assert ["Айда Токтосунова" in page for page in pages] == [True, True]
    assert kinds().count("identity_seen") == 1
    assert confidential.changes.filter(kind=Change.Kind.IDENTITY).count() == 1


def test_a_second_press_shows_nothing_that_is_erased_meanwhile(
    confidential, bakyt, cholpon
):
    allow(confidential, bakyt, cholpon)
    actions.look_at_identity(concern=confidential, by=bakyt)
    actions.forget_identity(concern=confidential)

    with pytest.raises(ValidationError):
        actions.look_at_identity(concern=confidential, by=bakyt)


def test_a_wish_from_nowhere_is_refused_politely(confidential, cholpon):
    coordinator = signed_in(cholpon)
    address = reverse("desk:answer_wish", args=[confidential.reference])

    wrong = coordinator.post(address, {"wish": "x", "answer": "allow"})
    gone = coordinator.post(address, {"wish": "9" * 30, "answer": "allow"})

    assert (wrong.status_code, gone.status_code) == (422, 302)


# Erased at her wish


def test_who_answers_for_a_concern_erases_who_filed_it(confidential, cholpon):
    actions.erase_identity(
        concern=confidential, by=cholpon, version=0, reason="Өзү суранды"
    )

    confidential = Concern.objects.get(pk=confidential.pk)
    assert not hasattr(confidential, "identity")
    assert kinds()[-1] == "identity_erased"


def test_a_handler_erases_nothing(confidential, bakyt):
    with pytest.raises(PermissionDenied):
        actions.erase_identity(concern=confidential, by=bakyt, version=0, reason="Жок")


def test_she_reads_that_it_is_erased(confidential, cholpon, client):
    actions.erase_identity(
        concern=confidential, by=cholpon, version=0, reason="Өзү суранды"
    )

    client.post(reverse("follow:enter"), {"c": confidential.code})
    page = client.get(reverse("follow:concern")).content.decode()

    assert "Ким экениңиз билдирүүдөн өчүрүлдү" in page
    assert "Өзү суранды" not in page


# About one of us


def note(concern, by, text):
    concern.refresh_from_db()
    actions.add_note(concern=concern, text=text, by=by, version=concern.version)


def register(concern, by):
    concern.refresh_from_db()
    actions.register(
        concern=concern,
        category=concern.category,
        level=concern.level,
        by=by,
        version=concern.version,
    )


def merge(repeat, lead, by):
    repeat.refresh_from_db()
    actions.move(
        concern=repeat,
        target=Status.DUPLICATE,
        lead=lead,
        by=by,
        version=repeat.version,
    )


def hand_over(concern, by, side="police"):
    return actions.hand_over(
        concern=concern,
        by=by,
        version=Concern.objects.get(pk=concern.pk).version,
        side=side,
        reason="Кат участкалык инспектор жөнүндө экен",
    )


@pytest.fixture
def about_an_officer(center, bakyt, cholpon, jamila):
    concern = make_concern(
        center,
        make_category(),
        status=Status.IN_PROGRESS,
        text="Участкалык инспектор акча сурады",
        words_text="участкалык инспектор акча сурады",
    )
    return give(concern, POLICE, bakyt, by=cholpon)


def test_what_is_about_an_officer_vanishes_for_the_police_at_once(
    about_an_officer, bakyt
):
    officer = signed_in(bakyt)
    before = officer.get(reverse("desk:today")).content.decode()
    assert about_an_officer.number in before

    done = officer.post(
        reverse("desk:custody", args=[about_an_officer.reference]),
        {"version": 0, "side": "police", "reason": "Кат инспектор жөнүндө экен"},
    )

    assert done.headers["Location"] == reverse("desk:concerns")
    pages = [
        reverse("desk:today"),
        reverse("desk:concerns"),
        reverse("desk:concerns") + "?state=mine",
        reverse("desk:search") + "?q=инспектор акча",
        reverse("desk:search") + f"?q={about_an_officer.reference}",
        reverse("desk:summaries"),
        reverse("desk:meetings"),
    ]
    for page in pages:
        shown = officer.get(page).content.decode()
        assert about_an_officer.number not in shown, page
        assert about_an_officer.text not in shown, page
    assert officer.get(about_an_officer.get_desk_url()).status_code == 404


def test_the_custodian_reads_it_and_why(about_an_officer, bakyt, jamila):
    hand_over(about_an_officer, bakyt)

    page = signed_in(jamila).get(about_an_officer.get_desk_url()).content.decode()

    assert "Кат участкалык инспектор жөнүндө экен" in page


def test_the_coordinator_reads_it_no_more(about_an_officer, cholpon):
    hand_over(about_an_officer, cholpon)

    assert not Concern.objects.visible_to(again(cholpon)).exists()


def test_what_was_published_of_it_is_public_no_more(about_an_officer, cholpon):
    now = timezone.now()
    Concern.objects.filter(pk=about_an_officer.pk).update(
        approved_at=now, approved_by=cholpon, published_at=now
    )

    hand_over(about_an_officer, cholpon, "council")

    assert not Concern.objects.public().exists()


def test_nothing_is_handed_to_a_custodian_who_is_not_there(
    about_an_officer, cholpon, jamila
):
    jamila.memberships.filter(role=Role.CUSTODIAN).update(ended_at=timezone.now())

    with pytest.raises(ValidationError):
        hand_over(about_an_officer, cholpon)

    assert Concern.objects.visible_to(again(cholpon)).exists()


def test_without_a_reason_nothing_is_handed_over(about_an_officer, bakyt):
    page = signed_in(bakyt).post(
        reverse("desk:custody", args=[about_an_officer.reference]),
        {"version": 0, "side": "police", "reason": ""},
    )

    assert page.status_code == 422
    assert Concern.objects.visible_to(again(bakyt)).exists()


def test_the_custodian_gives_it_back_when_it_is_not_about_an_officer(
    about_an_officer, bakyt, cholpon, jamila
):
    hand_over(about_an_officer, bakyt)
    actions.release(
        concern=about_an_officer, by=jamila, version=1, reason="Инспектор эмес экен"
    )

    concern = Concern.objects.visible_to(again(cholpon)).get()
    assert concern.level == Level.CONFIDENTIAL
    assert not concern.hidden_from_police


def test_what_was_written_for_the_custodian_stays_the_custodians(
    about_an_officer, bakyt, cholpon, jamila
):
    concern = about_an_officer
    note(concern, bakyt, "Дептерде жок")
    hand_over(concern, bakyt)
    note(concern, jamila, "Инспекторго ишенбейм")
    concern.refresh_from_db()
    actions.release(
        concern=concern, by=jamila, version=concern.version, reason="Эмес экен"
    )

    theirs = signed_in(cholpon).get(concern.get_desk_url()).content.decode()
    concern.refresh_from_db()
    hand_over(concern, cholpon)
    custodians = signed_in(jamila).get(concern.get_desk_url()).content.decode()

    written = ["Кат участкалык", "Инспекторго ишенбейм"]
    assert not any(words in theirs for words in written)
    assert all(words in custodians for words in written)
    # What was noted before is theirs, and why it came back.
    assert "Дептерде жок" in theirs
    assert "Эмес экен" in theirs


@pytest.mark.usefixtures("jamila")
def test_a_consent_and_a_second_persons_word_end_with_it(confidential, bakyt, cholpon):
    wish = actions.ask_for_identity(concern=confidential, by=bakyt, reason="Чалуу")
    actions.answer_wish(concern=confidential, wish=wish.pk, is_granted=True, by=cholpon)
    confidential.refresh_from_db()
    actions.ask_for_code(
        concern=confidential,
        recognised="known",
        by=cholpon,
        version=confidential.version,
    )
    confidential.refresh_from_db()
    other = make_member(confidential.center, POLICE)
    give(confidential, POLICE, other, by=cholpon)
    actions.ask_for_identity(concern=confidential, by=other, reason="Чалуу")

    hand_over(confidential, cholpon, "council")

    assert not confidential.identity_requests.granted().exists()
    assert not confidential.identity_requests.waiting().exists()
    assert not confidential.code_requests.open().exists()


def test_who_handed_it_over_is_nobodys_news(about_an_officer, bakyt, cholpon, jamila):
    concern = about_an_officer
    hand_over(concern, bakyt)
    note(concern, jamila, "Биринчи эскертүү")
    concern.refresh_from_db()
    hand_over(concern, jamila, "council")
    note(concern, jamila, "Экинчи эскертүү")
    concern.refresh_from_db()
    actions.release(
        concern=concern, by=jamila, version=concern.version, reason="Эмес экен"
    )
    coordinator = signed_in(cholpon)

    page = coordinator.get(concern.get_desk_url()).content.decode()
    history = page[page.index('<ol class="timeline">') :]
    today = coordinator.get(reverse("desk:today")).content.decode()

    assert bakyt.full_name not in history
    assert bakyt.full_name not in today
    assert "эскертүү</p>" not in history


def test_who_is_given_it_is_not_told_who_handed_it_over(
    about_an_officer, cholpon, jamila, elmira
):
    concern = about_an_officer
    hand_over(concern, cholpon)
    concern.refresh_from_db()
    actions.assign(
        concern=concern,
        partner=elmira.memberships.get().partner,
        person=elmira,
        by=jamila,
        version=concern.version,
    )

    hers, custodians = (
        signed_in(person).get(reverse("desk:today")) for person in (elmira, jamila)
    )

    assert concern.number in hers.content.decode()
    assert "custody" not in {line.kind for line in hers.context["news"]}
    assert cholpon.full_name not in hers.content.decode()
    assert cholpon.full_name in custodians.content.decode()


def test_what_was_noted_for_the_custodian_is_nobodys_news(
    about_an_officer, cholpon, jamila, farida
):
    concern = about_an_officer
    hand_over(concern, cholpon)
    note(concern, jamila, "Эскертүү")
    concern.refresh_from_db()
    actions.release(
        concern=concern, by=jamila, version=concern.version, reason="Эмес экен"
    )
    note(concern, farida, "Көрдүм")

    news = signed_in(cholpon).get(reverse("desk:today")).context["news"]

    assert [line.by for line in news if line.kind == "note"] == [farida]


def test_what_repeats_it_stands_by_itself_again(
    center, about_an_officer, cholpon, jamila
):
    kept = make_concern(center)
    hand_over(kept, cholpon)
    register(kept, jamila)
    repeat = make_concern(center)
    register(repeat, cholpon)
    merge(repeat, about_an_officer, cholpon)
    hand_over(about_an_officer, cholpon)

    repeat.refresh_from_db()
    assert (repeat.status, repeat.lead) == (Status.REGISTERED, None)
    assert repeat.journal_number
    assert repeat.changes.last().side == Change.Side.CLOCK


def test_a_repeat_that_goes_to_the_custodian_is_open_there(
    center, about_an_officer, cholpon, jamila
):
    lead = make_concern(center)
    register(lead, cholpon)
    Concern.objects.filter(pk=about_an_officer.pk).update(
        journal_year=timezone.localdate().year, journal_number=7
    )
    merge(about_an_officer, lead, cholpon)
    hand_over(about_an_officer, cholpon)

    concern = Concern.objects.visible_to(jamila).get()
    assert (concern.status, concern.lead) == (Status.REGISTERED, None)
    assert (concern.in_custody, concern.journal_number) == (True, 1)


def test_at_her_own_wish_reasons_go_and_looks_stay(confidential, bakyt, cholpon):
    actions.look_at_identity(concern=confidential, by=cholpon, reason="Айгүлгө чалам")
    actions.ask_for_identity(concern=confidential, by=bakyt, reason="Айгүлдү табам")

    actions.forget_identity(concern=confidential)

    assert not confidential.changes.filter(note__contains="Айгүл").exists()
    assert not IdentityRequest.objects.exclude(reason="").exists()
    assert not confidential.identity_requests.waiting().exists()
    assert journal.Kind.IDENTITY_SEEN in kinds()
    assert confidential.changes.filter(kind=Change.Kind.IDENTITY, by=cholpon).exists()


def test_the_history_names_the_one_who_handed_it_over(about_an_officer, bakyt):
    hand_over(about_an_officer, bakyt)

    change = about_an_officer.changes.get(kind=Change.Kind.CUSTODY)
    assert (change.new, change.by) == ("in", bakyt)
    assert about_an_officer.center.partners.get(kind=COUNCIL)


def test_the_custodian_hides_from_the_other_side_too_what_is_about_both(
    about_an_officer, bakyt, jamila
):
    hand_over(about_an_officer, bakyt)

    page = signed_in(jamila).get(
        reverse("desk:custody", args=[about_an_officer.reference])
    )
    hand_over(about_an_officer, jamila, "council")

    concern = Concern.objects.get(pk=about_an_officer.pk)
    assert page.status_code == 200
    assert concern.hidden_from_police
    assert concern.hidden_from_council
