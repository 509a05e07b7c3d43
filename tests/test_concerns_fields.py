"""What the form asks: taken as it was written, or given back beside its field."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from concerns.models import Concern, Identity
from concerns.workflow import Level

from .factories import make_category, make_place
from .filing import PERSON, errors_of, send, send_quietly, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cheap_codes")]


# Appeal or report


def test_with_name_phone_and_address_it_is_an_appeal(aida, center, lighting):
    send(aida, center, lighting, **PERSON)

    identity = Identity.objects.get()
    assert Concern.objects.get().kind == Concern.Kind.APPEAL
    assert identity.name == "Токтосунова Айда"
    assert identity.address == "Арал айылы, Ленин көчөсү 7"


@pytest.mark.parametrize("missing", ["name", "phone", "address"])
def test_with_one_of_them_missing_it_is_a_report_by_somebody(
    missing, aida, center, lighting
):
    send(aida, center, lighting, **PERSON | {missing: ""})

    assert Concern.objects.get().kind == Concern.Kind.REPORT
    assert Identity.objects.count() == 1


def test_without_any_of_them_nobody_filed_it(aida, center, lighting):
    send(aida, center, lighting)

    assert Concern.objects.get().kind == Concern.Kind.REPORT
    assert not Identity.objects.exists()


def test_the_consent_is_kept_with_its_version_and_its_moment(
    aida, center, lighting, settings
):
    before = timezone.now()

    send(aida, center, lighting, **PERSON)

    identity = Identity.objects.get()
    assert identity.consent_version == settings.CONSENT_VERSION
    assert before <= identity.consented_at <= timezone.now()


@pytest.mark.parametrize("field", ["name", "phone", "address"])
def test_nothing_about_a_person_is_kept_without_consent(field, aida, center, lighting):
    response = send(aida, center, lighting, **{field: PERSON[field]})

    assert response.status_code == 422
    assert errors_of(response) == {"consent"}
    assert PERSON[field] in response.content.decode()
    assert not Concern.objects.exists()


@pytest.mark.parametrize(
    "typed",
    [
        "0770 080 050",
        "+996770080050",
        "+996 770 080 050",
        "996770080050",
        "770080050",
        "0770-08-00-50",
        "0 (770) 080-050",
        "00996770080050",
    ],
)
def test_a_phone_is_understood_as_people_write_it(typed, aida, center, lighting):
    response = send(aida, center, lighting, phone=typed, consent="on")

    assert response.status_code == 200
    assert Identity.objects.get().phone == "+996770080050"


@pytest.mark.parametrize("typed", ["102", "0770", "телефон", "+996", "1" * 40, "٠١"])
def test_what_is_no_phone_is_refused_beside_the_field(typed, aida, center, lighting):
    response = send(aida, center, lighting, phone=typed, consent="on")

    assert response.status_code == 422
    assert errors_of(response) == {"phone"}
    assert "0770 080 050" in response.context["form"].errors["phone"][0]
    assert typed in response.content.decode()


# When


@pytest.mark.parametrize(
    ("when", "days_ago"), [("today", 0), ("yesterday", 1)], ids=["today", "yesterday"]
)
def test_the_day_is_said_in_a_word(when, days_ago, aida, center, lighting):
    send(aida, center, lighting, when=when)

    day = timezone.localdate() - timedelta(days=days_ago)
    assert Concern.objects.get().happened_on == day


def test_a_day_in_a_word_counts_whatever_stands_in_the_date(aida, center, lighting):
    day = {"when": "today", "happened_on": "2999-01-01"}

    assert send(aida, center, lighting, **day).status_code == 200
    assert Concern.objects.get().happened_on == timezone.localdate()


def test_switching_the_language_weakens_nothing_that_was_said(aida, center, jamila):
    category = make_category(
        Level.CONFIDENTIAL, code="police_conduct", hidden_from_police=True
    )
    path = reverse("concerns:form", args=[center.slug])
    typed = words(category=category.code, involved="both", language="ru")

    form = aida.post(path, typed).context["form"]

    assert form["involved"].value() == "both"
    assert form["text"].value() == typed["text"]
    assert not form.is_bound
    assert not Concern.objects.exists()


@pytest.mark.parametrize("typed", ["2026-10-05", "05.10.2026"])
def test_or_as_a_date(typed, aida, center, lighting):
    send(aida, center, lighting, when="date", happened_on=typed)

    assert Concern.objects.get().happened_on == date(2026, 10, 5)


def test_or_not_at_all(aida, center, lighting):
    send(aida, center, lighting)

    assert Concern.objects.get().happened_on is None


@pytest.mark.parametrize(
    "typed", ["", "2999-01-01", "1949-12-31", "31.02.2026", "кечээ", "0000-00-00", "-"]
)
def test_a_day_that_cannot_be_is_refused_beside_the_field(
    typed, aida, center, lighting
):
    response = send(aida, center, lighting, when="date", happened_on=typed)

    assert response.status_code == 422
    assert errors_of(response) == {"happened_on"}


# Every text there is


@pytest.mark.parametrize(
    "text",
    [
        "Ңөү Ңөү: «Ж» — №5",
        "مرحبا \u202eسلام\u202c שלום",
        "🚨👮🏽‍♀️🇰🇬",
        "<script>alert(1)</script><b>&amp;",
        "'; DROP TABLE concerns_concern; --",
        "{{ request.user }} {% debug %} %s %(x)s ${1+1}",
        "\u200b\u00ad zero \ufeff width",
        "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢",
        "бир\nэки\n\nүч",
        "к" * 4000,
    ],
    ids=[
        "kyrgyz",
        "right to left",
        "emoji",
        "markup",
        "sql",
        "templates",
        "invisible",
        "zalgo",
        "lines",
        "4,000 characters",
    ],
)
def test_a_text_is_kept_as_it_was_written(text, aida, center, lighting):
    response = send(aida, center, lighting, text=text)

    assert response.status_code == 200
    assert Concern.objects.get().text == text


def test_a_line_end_counts_once_whatever_the_phone_sends(aida, center, lighting):
    response = send(aida, center, lighting, text="к\r\n" * 2000)

    assert response.status_code == 200


@pytest.mark.parametrize("text", ["", "   ", "\n\n", "к" * 4001, "бир\0эки"])
def test_a_text_that_cannot_be_taken_is_given_back(text, aida, center, lighting):
    response = send(aida, center, lighting, text=text, landmark="Көпүрөнүн жаны")

    page = response.content.decode()
    assert response.status_code == 422
    assert errors_of(response) == {"text"}
    assert "Көпүрөнүн жаны" in page
    assert text.strip().replace("\0", "") in page.replace("\0", "")
    assert not Concern.objects.exists()


TEXT_FIELDS = ["text", "landmark", "name", "phone", "address", "website", "key"]
CHOICES = ["village", "when", "happened_on", "involved"]


@pytest.mark.parametrize("field", TEXT_FIELDS + CHOICES)
@pytest.mark.parametrize(
    "value", ["\0", "к" * 5000, "\ud83d\ude00\u202e", "<img src=x>", "-1", "٣", "NaN"]
)
def test_no_field_is_a_way_to_break_the_page(field, value, aida, center, lighting):
    value = value.encode("utf-16", "surrogatepass").decode("utf-16")

    response = send(aida, center, lighting, **{field: value}, consent="on")

    assert response.status_code in (200, 422)
    assert b"<img src=x>" not in response.content


@pytest.mark.parametrize(
    ("field", "size"), [("landmark", 200), ("name", 160), ("address", 300)]
)
def test_a_line_too_long_is_refused_beside_its_field(
    field, size, aida, center, lighting
):
    response = send(aida, center, lighting, **{field: "к" * (size + 1)}, consent="on")

    assert errors_of(response) == {field}


def test_a_mistake_is_named_beside_the_field_and_on_top(aida, center, lighting):
    response = send(aida, center, lighting, text="", language="/ru")

    page = response.content.decode()
    message = response.context["form"].errors["text"][0]
    assert page.count(message) == 2
    assert re.search("[а-я]", message)
    assert 'aria-invalid="true"' in page


def test_the_village_is_one_of_the_centres(aida, center, lighting):
    village = center.villages.get()

    send(aida, center, lighting, village=village.code)

    assert Concern.objects.get().village == village


def test_a_village_of_another_centre_is_refused(aida, center, other_center, lighting):
    village = other_center.villages.get()

    response = send(aida, center, lighting, village=village.code)

    assert errors_of(response) == {"village"}


def test_a_village_that_no_centre_serves_is_refused(aida, center, lighting):
    response = send(aida, center, lighting, village=make_place().code)

    assert errors_of(response) == {"village"}


def test_involved_must_be_answered(aida, center, lighting):
    response = send(aida, center, lighting, involved="")

    assert errors_of(response) == {"involved"}


def test_the_language_of_the_page_is_the_language_of_the_concern(
    aida, center, lighting
):
    send(aida, center, lighting, language="/ru", text="Не горит фонарь.")

    assert Concern.objects.get().language == "ru"


def test_what_the_form_does_not_ask_cannot_be_said(
    aida, center, other_center, lighting
):
    forged = {
        "center": other_center.pk,
        "status": "closed",
        "level": "restricted",
        "kind": "appeal",
        "channel": "paper",
        "version": 7,
        "reference": "11111111",
        "published_at": "2020-01-01",
        "approved_at": "2020-01-01",
        "title_ky": "Жалган",
        "crime_number": "1",
        "journal_number": "1",
        "in_custody": "on",
        "hidden_from_police": "on",
        "is_quarantined": "on",
        "partner": center.partners.first().pk,
        "created_at": "2020-01-01",
        "consent_version": "0",
    }

    send(aida, center, lighting, **forged)

    concern = Concern.objects.get()
    untouched = Concern(center=center, created_at=concern.created_at)
    fields = [
        field for field in forged if field not in ("reference", "consent_version")
    ]
    fields.remove("level")
    assert {field: getattr(concern, field) for field in fields} == {
        field: getattr(untouched, field) for field in fields
    }
    assert concern.level == Level.PUBLIC
    assert concern.reference != "11111111"


def test_publication_is_not_even_asked_for_what_is_never_public(aida, center, violence):
    send_quietly(aida, center, violence, may_publish="on")

    assert not Concern.objects.get().may_publish


def test_publication_is_allowed_by_the_reporter_alone(aida, center, lighting):
    send(aida, center, lighting)

    assert not Concern.objects.get().may_publish
