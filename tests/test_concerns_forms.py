"""A form changes what it asks for, and nothing else that is sent with it."""

import pytest
from django.urls import reverse

from concerns.models import Concern
from concerns.workflow import Level, Status

from .factories import (
    POLICE,
    make_approved,
    make_category,
    make_concern,
    make_hidden_category,
    make_user,
    partner_of,
    signed_in,
)

pytestmark = pytest.mark.django_db

VERSION = {"version"}
TEXTS = {
    f"{name}_{language}"
    for name in ("title", "summary", "outcome")
    for language in ("ky", "ru")
}
APPROVAL = {"approved_at", "approved_by_id", "published_at", "search_text"}
STATUS = {"status", "due_on", "resolved_at"}

# What is sent with each act, and which columns of the concern may be others afterwards

ACTS = {
    "register": (
        {"category": "same", "level": "restricted"},
        {
            *STATUS,
            *("level", "journal_year", "journal_number", "registered_at"),
            "is_quarantined",
        },
    ),
    "move": ({"target": "in_progress"}, {*STATUS, "lead_id", "crime_number"}),
    "assign": ({"partner": POLICE, "person": ""}, {"partner_id"}),
    "level": ({"level": "restricted"}, {"level", "published_at"}),
    "message": ({"text": "Эртең барабыз."}, set()),
    "publish": (
        {"do": "approve"} | dict.fromkeys(sorted(TEXTS), "Жаңы сөз"),
        TEXTS | {"title", "summary", "outcome"} | APPROVAL,
    ),
}


def forged(other_center):
    """What somebody would send who knows the columns."""
    return {
        "center": other_center.pk,
        "center_id": other_center.pk,
        "reference": "11111111",
        "kind": "appeal",
        "channel": "paper",
        "status": "closed",
        "level": "public",
        "text": "Бурмаланган сөз",
        "language": "ru",
        "landmark": "Бурмаланган жер",
        "involved": "both",
        "may_publish": "",
        "hidden_from_police": "on",
        "hidden_from_council": "on",
        "in_custody": "on",
        "is_quarantined": "on",
        "created_at": "2020-01-01",
        "due_on": "2020-01-01",
        "journal_number": "99",
        "code_hash": "x",
        "code_ended_at": "2020-01-01",
        "crime_number": "02-115",
        "approved_by": "1",
        "published_at": "2020-01-01",
        "by": "1",
        "side": "reporter",
    }


def row(concern):
    return Concern.objects.filter(pk=concern.pk).values().get()


@pytest.mark.parametrize("act", ACTS)
def test_an_act_changes_what_it_is_for_and_nothing_else(
    act, center, other_center, cholpon
):
    status = Status.RECEIVED if act == "register" else Status.REGISTERED
    concern = make_concern(center, status=status)
    sent, changing = ACTS[act]
    sent = sent | {"version": 0}
    if act == "register":
        sent["category"] = concern.category.code
    if act == "assign":
        sent["partner"] = partner_of(center, POLICE).pk
    before = row(concern)

    response = signed_in(cholpon).post(
        reverse(f"desk:{act}", args=[concern.reference]), forged(other_center) | sent
    )

    after = row(concern)
    changed = {name for name in before if before[name] != after[name]}
    assert response.status_code == 302
    assert changed <= changing | VERSION
    assert "version" in changed


def test_the_history_names_who_did_it_and_not_who_he_says(
    center, other_center, cholpon
):
    concern = make_concern(center, status=Status.REGISTERED)
    other = make_user()

    signed_in(cholpon).post(
        reverse("desk:move", args=[concern.reference]),
        forged(other_center) | {"version": 0, "target": "in_progress", "by": other.pk},
    )

    change = concern.changes.get(new=Status.IN_PROGRESS)
    assert (change.by, change.side) == (cholpon, "staff")


def test_a_version_that_is_no_number_is_refused(center, bakyt):
    concern = make_concern(center, status=Status.REGISTERED)
    path = reverse("desk:move", args=[concern.reference])

    answers = {
        signed_in(bakyt).post(path, {"version": version, "target": "in_progress"})
        for version in ("", "-1", "x", "\0", "9" * 30)
    }

    assert {response.status_code for response in answers} <= {409, 422}


@pytest.mark.parametrize("target", ["", "closed", "received", "nonsense", "\0"])
def test_a_move_that_is_not_offered_is_refused(target, center, bakyt):
    concern = make_concern(center, status=Status.REGISTERED)

    response = signed_in(bakyt).post(
        reverse("desk:move", args=[concern.reference]),
        {"version": 0, "target": target, "note": "а"},
    )

    concern.refresh_from_db()
    assert response.status_code == 422
    assert concern.status == Status.REGISTERED


def test_what_is_put_in_another_category_keeps_its_words(center, cholpon, jamila):
    concern = make_approved(center)
    before = row(concern)

    signed_in(cholpon).post(
        reverse("desk:category", args=[concern.reference]),
        {"version": 0, "category": make_hidden_category(POLICE).code},
    )

    after = row(concern)
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {
        *("category_id", "level", "hidden_from_police", "in_custody"),
        *("published_at", "version"),
    }


@pytest.mark.parametrize("code", ["", "nothing", "\0", "к" * 500])
def test_an_unknown_category_is_refused(code, center, elmira):
    concern = make_concern(center, make_category(Level.RESTRICTED))

    response = signed_in(elmira).post(
        reverse("desk:register", args=[concern.reference]),
        {"version": 0, "category": code, "level": ""},
    )

    assert response.status_code == 422
    assert set(response.context["register_form"].errors) == {"category"}
