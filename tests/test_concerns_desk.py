"""The desk: what waits, one concern, and only the forms of what its reader may do."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from centers.models import Role
from concerns.models import Change
from concerns.workflow import Level, Status

from .factories import (
    COUNCIL,
    POLICE,
    RESIDENTS,
    give,
    make_approved,
    make_category,
    make_concern,
    make_identity,
    make_member,
    make_message,
    partner_of,
    signed_in,
)

pytestmark = pytest.mark.django_db


def page_of(concern):
    return reverse("desk:concern", args=[concern.reference])


def post(user, name, concern, **fields):
    return signed_in(user).post(
        reverse(f"desk:{name}", args=[concern.reference]),
        {"version": concern.version} | fields,
    )


def handing_over(user, concern):
    """Return the form by which a person gives a concern to somebody."""
    path = reverse("desk:assign", args=[concern.reference])
    return signed_in(user).get(path).context["form"]


def forms_on(user, concern):
    context = signed_in(user).get(page_of(concern)).context
    return {name for name in context.keys() if name.endswith("_form")}  # noqa: SIM118


# What waits


@pytest.mark.parametrize("number", [1, 10])
def test_today_asks_as_much_for_one_concern_as_for_ten(
    center, cholpon, number, django_assert_num_queries
):
    for _ in range(number):
        make_concern(center)
    client = signed_in(cholpon)
    client.get(reverse("desk:today"))

    # Session, person with service; what waits and how much, what is near its term, what
    # others did and what was said, and meetings.
    with django_assert_num_queries(8):
        client.get(reverse("desk:today"))


def test_the_nearest_deadline_stands_first_and_a_missed_one_says_so(center, cholpon):
    today = timezone.localdate()
    make_concern(center, due_on=today + timedelta(days=3))
    late = make_concern(center, due_on=today - timedelta(days=2))

    answer = signed_in(cholpon).get(reverse("desk:today"))

    assert answer.context["waiting"][0] == late
    assert late.days_late == 2
    assert 'class="status overdue"' in answer.content.decode()


def test_a_whole_number_leads_straight_to_its_concern(center, cholpon):
    concern = make_concern(center, status=Status.CLOSED)

    answer = signed_in(cholpon).get(reverse("desk:concerns"), {"q": concern.number})

    assert answer.url == page_of(concern)


def test_the_number_of_a_concern_he_may_not_read_finds_nothing(
    center, bakyt, other_center
):
    concern = make_concern(other_center)

    answer = signed_in(bakyt).get(reverse("desk:concerns"), {"q": concern.number})

    assert answer.context["concerns"] == []


# One concern


@pytest.mark.parametrize("number", [1, 10])
def test_a_concern_asks_as_much_for_one_message_as_for_ten(
    center, cholpon, number, django_assert_num_queries
):
    concern = make_concern(center, due_on=timezone.localdate())
    for _ in range(number):
        make_message(concern)
    client = signed_in(cholpon)
    client.get(page_of(concern))

    # Session, person with service; the concern, its history, messages and hands, and
    # the categories among which it is registered.
    with django_assert_num_queries(7):
        client.get(page_of(concern))


def test_an_officer_is_offered_what_an_officer_may_do(center, bakyt):
    concern = give(make_concern(center, status=Status.REGISTERED), POLICE, bakyt)
    make_identity(concern)

    assert forms_on(bakyt, concern) == {
        "move_form",
        "message_form",
        "level_form",
        "identity_form",
    }


def test_what_nobody_handles_is_taken_in_one_press(center, bakyt):
    concern = make_concern(center, status=Status.REGISTERED)
    assert "take_form" in forms_on(bakyt, concern)

    post(bakyt, "take", concern)

    assert concern.assignments.get().user == bakyt


def test_who_takes_it_second_is_told_and_takes_nothing(center, bakyt, ruslan):
    concern = make_concern(center, status=Status.REGISTERED)
    post(bakyt, "take", concern)

    answer = signed_in(ruslan).post(
        reverse("desk:take", args=[concern.reference]), {"version": 0}, follow=True
    )

    assert "озуп кетти" in answer.content.decode()
    assert [hand.user for hand in concern.assignments.live()] == [bakyt]


def test_what_is_not_registered_is_not_offered_to_be_taken(center, bakyt, cholpon):
    concern = make_concern(center)

    assert "take_form" not in forms_on(bakyt, concern)
    assert "assign" not in signed_in(cholpon).get(page_of(concern)).context["acts"]


@pytest.mark.parametrize("name", ["register", "move", "message", "level", "take"])
def test_an_address_made_for_sending_leads_to_its_concern(name, center, cholpon):
    concern = make_concern(center)

    answer = signed_in(cholpon).get(reverse(f"desk:{name}", args=[concern.reference]))

    assert answer["Location"] == page_of(concern)


def test_who_is_named_decides_whose_side_it_is(center, cholpon, bakyt):
    concern = make_concern(center, status=Status.REGISTERED)
    council = center.partners.get(kind=COUNCIL)

    post(cholpon, "assign", concern, partner=council.pk, person=bakyt.pk)

    concern.refresh_from_db()
    assert concern.partner.kind == POLICE


def test_a_move_without_a_status_asks_for_the_status_alone(center, cholpon):
    concern = make_concern(center, status=Status.REGISTERED)

    answer = post(cholpon, "move", concern)

    assert set(answer.context["move_form"].errors) == {"target"}


def test_a_number_of_the_register_has_digits(center, cholpon):
    concern = make_concern(center, status=Status.REGISTERED)
    words = {"target": "forwarded", "note": "Сөз", "body": "РИИБ"}

    answer = post(cholpon, "move", concern, crime_number="абв", **words)

    assert set(answer.context["move_form"].errors) == {"crime_number"}


def test_history_is_told_newest_first(center, cholpon):
    concern = make_concern(center)
    message = make_message(concern)

    lines = signed_in(cholpon).get(page_of(concern)).context["timeline"]

    assert lines == [message, Change.objects.get()]


def test_the_journal_number_is_the_coordinators_alone(center, cholpon, elmira):
    concern = make_concern(
        center, status=Status.REGISTERED, journal_year=2026, journal_number=777
    )

    assert "777/2026" in signed_in(cholpon).get(page_of(concern)).content.decode()
    assert "777/2026" not in signed_in(elmira).get(page_of(concern)).content.decode()


def test_a_giver_is_told_that_she_will_no_longer_read_it(center, cholpon, elmira):
    concern = make_concern(center, status=Status.REGISTERED)

    def hint(user):
        return handing_over(user, concern).fields["partner"].help_text

    assert hint(elmira)
    assert not hint(cholpon)


# Words kept


def test_a_move_names_every_word_that_it_lacks(center, bakyt):
    crime = make_category(is_crime=True)
    concern = give(make_concern(center, crime, status=Status.REGISTERED), POLICE)

    answer = post(bakyt, "move", concern, target=Status.FORWARDED)

    assert answer.status_code == 422
    missing = {"note", "body", "crime_number", "crime_place"}
    assert set(answer.context["move_form"].errors) == missing


def test_a_move_that_needs_no_words_asks_for_none(center, bakyt):
    concern = give(make_concern(center, status=Status.REGISTERED), POLICE)

    post(bakyt, "move", concern, target=Status.IN_PROGRESS)

    concern.refresh_from_db()
    assert concern.status == Status.IN_PROGRESS


def test_whoever_gives_away_what_he_may_read_no_more_is_led_to_his_list(center, elmira):
    concern = make_concern(center, status=Status.REGISTERED)

    answer = post(elmira, "assign", concern, partner=partner_of(center, POLICE).pk)

    assert answer["Location"] == reverse("desk:concerns")


def test_whoever_was_slower_sees_the_new_state_and_his_own_words(center, bakyt, ruslan):
    concern = give(make_concern(center, status=Status.REGISTERED), POLICE)
    post(ruslan, "move", concern, target=Status.IN_PROGRESS)

    answer = post(bakyt, "move", concern, target=Status.DECLINED, note="Менин сөзүм.")

    assert answer.status_code == 409
    form = answer.context["move_form"]
    assert form["note"].value() == "Менин сөзүм."
    assert form["version"].value() == concern.version + 1


def test_whoever_did_the_same_later_is_told_that_it_is_done(center, bakyt, ruslan):
    concern = give(make_concern(center, status=Status.REGISTERED), POLICE)
    seen = concern.version
    post(ruslan, "move", concern, target=Status.IN_PROGRESS)
    concern.version = seen

    answer = post(bakyt, "move", concern, target=Status.IN_PROGRESS, note="Чыктым.")

    assert answer.status_code == 409
    assert answer.context["is_stale"]
    assert "Чыктым." in answer.content.decode()


def acts_on(concern, bakyt):
    """Return what is sent of each act that is a choice, by the act's name."""
    lighting = make_category()
    return {
        "register": {"category": lighting.code, "level": "", "note": ""},
        "category": {"category": lighting.code},
        "level": {"level": Level.RESTRICTED},
        "move": {"target": Status.IN_PROGRESS, "note": ""},
        "assign": {
            "partner": partner_of(concern.center, POLICE).pk,
            "person": [bakyt.pk],
        },
        "take": {},
    }


@pytest.mark.parametrize(
    "name", ["register", "category", "level", "move", "assign", "take"]
)
def test_of_a_press_pressed_twice_the_second_is_told_that_it_is_done(
    name, center, cholpon, bakyt
):
    status = Status.RECEIVED if name == "register" else Status.REGISTERED
    concern = make_concern(center, status=status)
    sent = acts_on(concern, bakyt)[name]
    post(cholpon, name, concern, **sent)
    done = concern.changes.count()

    answer = post(cholpon, name, concern, **sent)

    page = signed_in(cholpon).get(answer["Location"]).content.decode()
    assert answer.status_code == 302
    assert concern.changes.count() == done
    assert "озуп кетти" not in page


def test_who_names_somebody_of_another_side_twice_is_told_that_it_is_done(
    center, cholpon, bakyt
):
    concern = give(make_concern(center, status=Status.REGISTERED), COUNCIL)
    sent = {"partner": concern.partner_id, "person": [bakyt.pk]}
    post(cholpon, "assign", concern, **sent)

    assert post(cholpon, "assign", concern, **sent).status_code == 302


@pytest.mark.parametrize("name", ["register", "category", "level", "move", "assign"])
def test_what_somebody_else_did_is_nobodys_second_press(name, center, cholpon, bakyt):
    status = Status.RECEIVED if name == "register" else Status.REGISTERED
    concern = make_concern(center, status=status)
    sent = acts_on(concern, bakyt)[name]
    other = make_member(center, RESIDENTS, Role.COORDINATOR)
    post(other, name, concern, **sent)

    assert post(cholpon, name, concern, **sent).status_code == 409


def test_of_a_level_put_with_another_reason_the_reason_is_not_lost(center, cholpon):
    concern = make_concern(center, status=Status.REGISTERED)
    sent = {"level": Level.RESTRICTED, "reason": "Жашы жете элек бала жөнүндө"}
    post(cholpon, "level", concern, **sent)

    same = post(cholpon, "level", concern, **sent)
    other = post(cholpon, "level", concern, **sent | {"reason": "Өзү суранды"})

    assert (same.status_code, other.status_code) == (302, 409)
    assert "Өзү суранды" in other.context["level_form"]["reason"].value()


def test_a_reason_for_the_level_that_it_has_is_given_back(center, cholpon):
    concern = make_concern(center, status=Status.REGISTERED)
    sent = {"level": concern.level, "reason": "Өзү суранды"}

    answer = post(cholpon, "level", concern, **sent)

    form = answer.context["level_form"]
    assert answer.status_code == 422
    assert form.errors["level"] == ["Анын деңгээли ушундай: башкасын тандаңыз."]
    assert form["reason"].value() == "Өзү суранды"


def test_a_note_is_no_message_with_the_same_words(center, cholpon):
    concern = make_concern(center, status=Status.REGISTERED)
    post(cholpon, "note", concern, text="Эртең барабыз")

    answer = post(cholpon, "message", concern, text="Эртең барабыз")

    assert answer.status_code == 409
    assert "Эртең барабыз" in answer.context["message_form"]["text"].value()


def test_a_note_that_names_somebody_is_no_note_without_him(center, cholpon, bakyt):
    concern = make_concern(center, status=Status.REGISTERED)
    post(cholpon, "note", concern, text="Эртең барабыз")

    answer = post(cholpon, "note", concern, text="Эртең барабыз", people=[bakyt.pk])

    assert answer.status_code == 409


def test_a_move_is_no_other_move_with_the_same_words(center, cholpon):
    concern = make_concern(center, status=Status.REGISTERED)
    post(cholpon, "move", concern, target=Status.IN_PROGRESS, note="Карап жатабыз")

    answer = post(
        cholpon, "move", concern, target=Status.NEEDS_INFO, note="Карап жатабыз"
    )

    assert answer.status_code == 409


@pytest.mark.parametrize("other", [{"body": "ЖПБ"}, {"note": "Башка"}])
def test_what_is_forwarded_elsewhere_is_no_second_press(other, center, cholpon):
    concern = make_concern(center, status=Status.IN_PROGRESS)
    sent = {"target": Status.FORWARDED, "note": "Жөнөттүк", "body": "Прокуратура"}
    post(cholpon, "move", concern, **sent)

    same = post(cholpon, "move", concern, **sent)
    changed = post(cholpon, "move", concern, **(sent | other))

    assert (same.status_code, changed.status_code) == (302, 409)


@pytest.mark.parametrize("target", [Status.DECLINED, Status.RESOLVED])
def test_whoever_was_slower_loses_no_word_for_which_there_is_no_field_now(
    target, center, bakyt, ruslan
):
    concern = give(make_concern(center, status=Status.IN_PROGRESS), POLICE)
    seen = concern.version
    post(ruslan, "move", concern, target=target, note="Буга чейин бүттү.")
    concern.version = seen
    typed = {
        "note": "Ушул күнү прокуратурага жөнөттүк.",
        "body": "ЖПБ",
        "crime_number": "№ 17",
        "crime_place": "Ош шаары",
    }

    answer = post(bakyt, "move", concern, target=Status.FORWARDED, **typed)

    page = answer.content.decode()
    assert answer.status_code == 409
    assert [word for word in typed.values() if word not in page] == []


@pytest.mark.parametrize("name", ["level", "release", "assign", "note", "category"])
def test_into_a_form_without_ready_texts_nothing_is_inserted(
    name, center, cholpon, bakyt
):
    concern = make_concern(center, status=Status.REGISTERED)

    assert post(cholpon, name, concern, insert="1").status_code in (403, 422)


def test_a_category_is_put_right_after_registration(center, cholpon):
    concern = make_concern(center, status=Status.REGISTERED)
    category = make_category(Level.RESTRICTED)

    post(cholpon, "category", concern, category=category.code)

    concern.refresh_from_db()
    assert (concern.category, concern.level) == (category, Level.RESTRICTED)


def test_registering_follows_the_level_of_the_category(center, cholpon):
    other = make_category(Level.RESTRICTED, code="other")
    concern = make_concern(center, other)
    category = make_category()

    post(cholpon, "register", concern, category=category.code, level="", note="")

    concern.refresh_from_db()
    assert (concern.status, concern.level) == (Status.REGISTERED, Level.PUBLIC)


# Who may be given it


def test_only_sides_that_have_people_are_offered(center, cholpon, bakyt):
    concern = make_concern(center, status=Status.REGISTERED)

    form = handing_over(cholpon, concern)

    kinds = {pk for pk, _name in form.fields["partner"].choices}
    with_people = {m.partner_id for m in center.memberships.all()}
    assert kinds == with_people


def test_the_side_that_leads_the_category_is_proposed(center, cholpon, bakyt):
    category = make_category(lead_kind=POLICE)
    concern = make_concern(center, category, status=Status.REGISTERED)

    form = handing_over(cholpon, concern)

    assert form["partner"].value() == center.partners.get(kind=POLICE).pk


def test_a_confidential_concern_wants_a_person(center, cholpon, bakyt):
    concern = make_concern(center, make_category(Level.CONFIDENTIAL))
    police = center.partners.get(kind=POLICE)

    answer = post(cholpon, "assign", concern, partner=police.pk, person="")

    assert set(answer.context["form"].errors) == {"person"}


# Summaries


def test_a_member_reads_the_summary_and_not_the_words(center, nurlan, bakyt):
    concern = give(make_approved(center, text="АЧЫК ЭМЕС"), POLICE, bakyt)

    answer = signed_in(nurlan).get(page_of(concern)).content.decode()

    assert concern.summary_ky in answer
    assert "АЧЫК ЭМЕС" not in answer


def test_the_summaries_of_a_member_are_those_that_his_centre_approved(
    center, other_center, nurlan
):
    shown = give(make_approved(center), POLICE)
    not_shown = [
        give(make_concern(center), POLICE),
        make_approved(center, make_category(Level.CONFIDENTIAL)),
        make_approved(other_center),
    ]
    browser = signed_in(nurlan)

    listed = browser.get(reverse("desk:summaries")).context["concerns"]
    codes = [browser.get(page_of(one)).status_code for one in not_shown]

    assert listed == [shown]
    assert codes == [404, 404, 404]


def test_one_who_serves_two_centres_finds_both_on_today(center, other_center, cholpon):
    make_member(other_center, COUNCIL)
    other_center.memberships.update(user=cholpon)

    answer = signed_in(cholpon).get(reverse("desk:today")).content.decode()

    assert reverse("desk:members", args=[center.slug]) in answer
    assert reverse("desk:members", args=[other_center.slug]) in answer
