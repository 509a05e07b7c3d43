"""The year's joint plan is put up, signed by three offices on paper, and recorded."""

from datetime import timedelta
from functools import partial

import pytest
from django.core.exceptions import ValidationError

from centers.models import JournalEntry, Role
from meetings import actions
from meetings.models import PlanVersion, Signature

from .factories import (
    COUNCIL,
    make_center,
    make_member,
    signed_in,
)
from .plans import (
    TODAY,
    YEAR,
    add_goal,
    begin,
    now,
    path,
    put_up,
    sign,
    signed_version,
    told,
)

pytestmark = pytest.mark.django_db


def test_a_plan_without_a_goal_is_not_put_up(center, cholpon):
    with pytest.raises(ValidationError):
        put_up(begin(center, cholpon), cholpon)


def test_what_is_up_is_not_changed_until_it_is_withdrawn(center, cholpon):
    plan = begin(center, cholpon)
    add_goal(plan, cholpon)
    put_up(plan, cholpon)
    with pytest.raises(ValidationError):
        add_goal(plan, cholpon)

    signed_in(cholpon).post(
        path("withdraw_plan", plan), {"version": 1, "words": "Сан туура эмес"}
    )

    add_goal(plan, cholpon)
    assert put_up(plan, cholpon).version == 2


def test_what_was_seen_is_put_up_and_nothing_else(center, cholpon):
    plan = begin(center, cholpon)
    add_goal(plan, cholpon)
    seen = now(plan).version
    add_goal(plan, cholpon)

    answer = signed_in(cholpon).post(path("put_up_plan", plan), {"version": seen})

    assert answer.status_code == 409
    assert not PlanVersion.objects.exists()


def test_three_offices_sign_it_and_then_it_is_in_force(center, cholpon):
    plan = begin(center, cholpon)
    add_goal(plan, cholpon)
    version, browser = put_up(plan, cholpon), signed_in(cholpon)

    for office in Signature.Office:
        assert not now(version).is_signed
        signed = {"name": f"Киши {office}", "signed_on": f"{TODAY:%Y-%m-%d}"}
        signed |= {"office": office, "version": 1}
        answer = browser.post(path("sign_plan", plan), signed)
        assert answer.status_code == 302

    assert now(version).is_signed
    entry = JournalEntry.objects.get(kind="plan_signed")
    assert (entry.center_id, entry.subject) == (center.pk, str(YEAR))


def test_an_office_signs_once(center, cholpon):
    plan = begin(center, cholpon)
    add_goal(plan, cholpon)
    version = put_up(plan, cholpon)
    sign(version, cholpon, "police", name="Биринчи")
    assert sign(version, cholpon, "police", name="Биринчи").name == "Биринчи"

    sent = {"office": "police", "name": "Экинчи", "version": 1, "signed_on": TODAY}
    answer = signed_in(cholpon).post(path("sign_plan", plan), sent)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Биринчи" in page
    assert "Экинчи" in page
    assert version.signatures.get().name == "Биринчи"


MISTYPED = "Кадыров Азмат"


def correct(browser, signed, **fields):
    """Send what the form of a mistyped signature of the police says."""
    sent = {
        "office": "police",
        "name": "Кадыров Азамат",
        "signed_on": f"{TODAY:%Y-%m-%d}",
        "version": now(signed.plan).version,
    }
    return browser.post(path("correct_signature", signed.plan), sent | fields)


@pytest.mark.parametrize("offices", [["police"], [*Signature.Office]])
def test_a_mistyped_signature_is_corrected(offices, center, cholpon):
    version = put_up(begin_with_goal(center, cholpon), cholpon)
    for office in offices:
        sign(version, cholpon, office, name=MISTYPED)
    browser = signed_in(cholpon)

    answers = [correct(browser, version), correct(browser, version, version=0)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert version.signatures.get(office="police").name == "Кадыров Азамат"
    detail = JournalEntry.objects.get(kind="signature_corrected").detail
    assert detail["from"] == f"{MISTYPED} ({TODAY:%Y-%m-%d})"
    assert detail["to"] == f"Кадыров Азамат ({TODAY:%Y-%m-%d})"


def test_everyone_reads_the_corrected_name(center, cholpon):
    version = signed_version(begin_with_goal(center, cholpon), cholpon)

    correct(signed_in(cholpon), version, name="Осмонов Нурбек")

    assert "Осмонов Нурбек" in told(center)


def test_of_two_corrections_at_once_none_is_lost(center, cholpon):
    version = put_up(begin_with_goal(center, cholpon), cholpon)
    sign(version, cholpon, "police", name=MISTYPED)
    browser, seen = signed_in(cholpon), now(version.plan).version
    correct(browser, version)

    answer = correct(browser, version, name="Осмонов", version=seen)

    assert answer.status_code == 409
    assert "Осмонов" in answer.content.decode()
    assert version.signatures.get().name == "Кадыров Азамат"
    # It is sent again as it stands in the form.
    again = {"version": answer.context["forms"]["correct_police"]["version"].value()}
    assert correct(browser, version, name="Осмонов", **again).status_code == 302


def test_a_correction_is_of_a_day_that_can_be(center, cholpon):
    version = put_up(begin_with_goal(center, cholpon), cholpon)
    sign(version, cholpon, "police", name=MISTYPED)
    day = TODAY + timedelta(days=1)

    answer = correct(signed_in(cholpon), version, signed_on=f"{day:%Y-%m-%d}")

    assert answer.status_code == 422
    form = answer.context["forms"]["correct_police"]
    assert list(form.errors) == ["signed_on"]
    assert form["name"].value() == "Кадыров Азамат"


def test_what_an_office_did_not_sign_is_struck_out(center, cholpon):
    version = put_up(begin_with_goal(center, cholpon), cholpon)
    sign(version, cholpon, "police", name=MISTYPED)
    browser = signed_in(cholpon)
    address = path("strike_signature", version.plan)
    sent = {"office": "police", "version": now(version.plan).version}

    answers = [browser.post(address, sent) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert not version.signatures.exists()
    detail = JournalEntry.objects.get(kind="signature_struck_out").detail
    assert detail["from"] == f"{MISTYPED} ({TODAY:%Y-%m-%d})"
    assert sign(version, cholpon, "police").office == "police"


def test_of_a_plan_in_force_none_is_struck_out(center, cholpon):
    version = signed_version(begin_with_goal(center, cholpon), cholpon)
    sent = {"office": "police", "version": now(version.plan).version}

    answer = signed_in(cholpon).post(path("strike_signature", version.plan), sent)

    assert answer.status_code == 409
    assert version.signatures.count() == 3


def begin_with_goal(center, by):
    plan = begin(center, by)
    add_goal(plan, by)
    return plan


@pytest.mark.parametrize("days", [1, -800])
def test_a_day_that_cannot_be_is_no_day_of_a_signature(days, center, cholpon):
    plan = begin(center, cholpon)
    add_goal(plan, cholpon)
    version = put_up(plan, cholpon)

    with pytest.raises(ValidationError):
        sign(version, cholpon, "police", signed_on=TODAY + timedelta(days=days))


def test_what_was_withdrawn_is_not_signed(center, cholpon):
    plan = begin(center, cholpon)
    add_goal(plan, cholpon)
    version = put_up(plan, cholpon)
    withdraw = partial(actions.withdraw_plan, plan=plan, version=1, by=cholpon)
    assert withdraw(words="Ката").is_withdrawn

    sent = {"office": "police", "name": "Кечикти", "version": 1, "signed_on": TODAY}
    answer = signed_in(cholpon).post(path("sign_plan", plan), sent)

    assert answer.status_code == 409
    assert "Кечикти" in answer.content.decode()
    assert not version.signatures.exists()


def test_two_who_press_at_once_record_one_signature(together):
    def prepare():
        by = make_member(make_center(), COUNCIL, Role.COORDINATOR)
        plan = begin(by.memberships.get().center, by)
        add_goal(plan, by)
        return put_up(plan, by), by

    [(version, by)] = together(prepare)
    together(lambda: sign(version, by, "police"), threads=2)

    [number] = together(Signature.objects.count)
    assert number == 1


def test_the_sheet_to_sign_has_a_place_for_each_office(center, cholpon, bakyt):
    plan = begin(center, cholpon)
    goal = add_goal(plan, cholpon)
    sign(put_up(plan, cholpon), cholpon, "kenesh", name="Төрага Төлөгөн")

    page = signed_in(bakyt).get(path("plan_paper", plan, 1)).content.decode()

    assert goal.text_ky in page
    assert page.count("БЕКИТЕМИН") == 3
    assert page.count("аты-жөнү, колу") == 2
    assert "Төрага Төлөгөн" in page
