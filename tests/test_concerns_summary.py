"""What the centre says of a concern: in both languages, and to whom."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from centers.models import JournalEntry
from concerns import actions
from concerns.models import Change, Concern
from concerns.workflow import Level, Status

from .factories import (
    COUNCIL,
    make_approved,
    make_category,
    make_concern,
    make_member,
    signed_in,
)

pytestmark = pytest.mark.django_db

RESTRICTED, CONFIDENTIAL = Level.RESTRICTED, Level.CONFIDENTIAL


# What the centre says of it


def approve(concern, by, **texts):
    words = {
        "title_ky": "Чырак күйбөйт",
        "title_ru": "Не горит фонарь",
        "summary_ky": "Көчө караңгы.",
        "summary_ru": "На улице темно.",
    }
    return actions.approve_summary(
        concern=concern, by=by, version=concern.version, **words | texts
    )


def test_an_approved_summary_of_a_public_concern_is_public(center, elmira):
    concern = make_concern(center)

    approve(concern, elmira)

    assert Concern.objects.public().get() == concern
    assert JournalEntry.objects.filter(kind="published").exists()
    assert concern.changes.filter(kind=Change.Kind.SUMMARY).exists()


def test_an_approved_summary_of_a_restricted_one_is_for_members(
    center, elmira, nurlan, olga
):
    concern = make_concern(center, make_category(RESTRICTED))

    approve(concern, elmira)

    assert not Concern.objects.public().exists()
    assert Concern.objects.summarised_to(nurlan).get() == concern
    assert not Concern.objects.summarised_to(olga).exists()
    page = signed_in(elmira).get(concern.get_desk_url()).content.decode()
    assert "Мүчөлөр үчүн кыскача баян бекитилди" in page


def test_a_confidential_concern_has_no_summary(center, cholpon):
    concern = make_concern(center, make_category(CONFIDENTIAL))

    with pytest.raises(ValidationError):
        approve(concern, cholpon)


def test_what_the_reporter_did_not_allow_is_not_published(center, elmira):
    concern = make_concern(center, may_publish=False)

    with pytest.raises(ValidationError):
        approve(concern, elmira)

    assert not Concern.objects.public().exists()


@pytest.mark.parametrize("field", ["title_ky", "title_ru", "summary_ky", "summary_ru"])
def test_both_languages_are_needed_before_it_is_shown(field, center, elmira):
    concern = make_concern(center)

    with pytest.raises(ValidationError) as refused:
        approve(concern, elmira, **{field: ""})

    assert set(refused.value.message_dict) == {field}


@pytest.mark.parametrize("who", ["bakyt", "ruslan"])
def test_the_police_publish_nothing(who, center, request):
    concern = make_concern(center)

    with pytest.raises(PermissionDenied):
        approve(concern, request.getfixturevalue(who))


def test_what_is_unpublished_is_gone_for_the_public_and_for_members(
    center, elmira, nurlan
):
    concern = make_approved(center)

    actions.unpublish(concern=concern, by=elmira, version=0)

    assert not Concern.objects.public().exists()
    assert not Concern.objects.summarised_to(nurlan).exists()


def test_a_withdrawn_concern_leaves_the_public_pages():
    concern = make_approved(status=Status.IN_PROGRESS)

    actions.withdraw(concern=concern)

    assert not Concern.objects.public().exists()


def test_a_withdrawn_concern_is_not_published_again(center, elmira):
    concern = make_approved(center, status=Status.IN_PROGRESS, may_publish=True)
    actions.withdraw(concern=concern)
    concern.refresh_from_db()

    with pytest.raises(ValidationError):
        approve(concern, elmira)

    assert not Concern.objects.public().exists()


def test_a_concern_of_another_centre_has_no_summary_here(center, daniyar):
    make_approved(center, make_category(RESTRICTED))
    make_member(center, COUNCIL)

    assert not Concern.objects.summarised_to(daniyar).exists()


def test_a_duplicate_names_its_lead_to_nobody_from_whom_the_lead_is_hidden(
    client, center, bakyt
):
    lead = make_concern(
        center, level=Level.CONFIDENTIAL, hidden_from_police=True, in_custody=True
    )
    repeat = make_concern(center, status=Status.DUPLICATE, lead=lead)
    client.force_login(bakyt)

    page = client.get(repeat.get_desk_url())

    assert page.status_code == 200
    assert lead.number not in page.content.decode()
