"""Filing a concern: once, whatever happens on the way, and no word is lost."""

import re
from datetime import date, timedelta
from html import unescape
from time import time

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from centers.models import OutsideBody, Role, User
from concerns import actions, codes
from concerns.actions.filing import ReceiptExpired
from concerns.models import Change, Concern, Identity, Involved
from concerns.workflow import Level, Status

from .factories import (
    COUNCIL,
    POLICE,
    RESIDENTS,
    key_number,
    make_category,
    make_concern,
    make_hidden_category,
    make_member,
    make_membership,
    make_place,
    numbers,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cheap_codes")]


PERSON = {
    "name": "Токтосунова Айда",
    "phone": "0770 080 050",
    "address": "Арал айылы, Ленин көчөсү 7",
    "consent": "on",
}


@pytest.fixture
def lighting():
    return make_category(code="street_lighting")


@pytest.fixture
def violence():
    return make_category(Level.CONFIDENTIAL, code="domestic_violence")


def signed_key(age=60):
    """Return the hidden field of a form that was opened so many seconds ago."""
    key = key_number(next(numbers))
    return codes.signer("mirmakhmudov").sign(f"{key}.{int(time()) - age}")


def words(**fields):
    return {
        "text": "Мектептин жанында чырак күйбөйт.",
        "involved": "no",
        "key": signed_key(),
    } | fields


def send(client, center, category, /, *, language="", **fields):
    path = reverse("concerns:new", args=[center.slug, category.code])
    return client.post(language + path, words(**fields), follow=True)


def send_quietly(client, center, category, /, **fields):
    """Send the form of a category whose name may stand in no address."""
    path = reverse("concerns:form", args=[center.slug])
    return client.post(path, words(category=category.code, **fields), follow=True)


def code_in(response):
    return " ".join(re.findall(r"<span>(\d{4})</span>", response.content.decode()))


def title_of(response):
    page = response.content.decode()
    return unescape(re.search("<title>(.*?)</title>", page, re.S)[1].strip())


def errors_of(response):
    return set(response.context["form"].errors)


# One concern, one code


def test_a_filed_concern_gives_a_code_that_opens_it(aida, center, lighting):
    response = send(aida, center, lighting)

    concern = Concern.objects.get()
    assert response.status_code == 200
    assert Concern.objects.find(codes.normalise(code_in(response))) == concern
    assert concern.text == "Мектептин жанында чырак күйбөйт."
    assert (concern.center, concern.category) == (center, lighting)
    assert (concern.status, concern.version) == (Status.RECEIVED, 0)


def test_the_code_stands_nowhere_in_the_database(aida, center, lighting):
    response = send(aida, center, lighting)

    row = str(Concern.objects.values().get())
    code = code_in(response)
    assert code.replace(" ", "") not in row
    assert code not in row


def test_the_history_begins_with_the_reporter(aida, center, lighting):
    send(aida, center, lighting)

    change = Change.objects.get()
    assert (change.new, change.side, change.by) == (
        Status.RECEIVED,
        Change.Side.REPORTER,
        None,
    )


def test_a_concern_is_to_be_registered_within_a_working_day(center, lighting):
    concern, _code, _is_new = actions.file(
        center=center,
        category=lighting,
        key=key_number(next(numbers)),
        words={"text": "Чырак", "involved": Involved.NO},
        language="ky",
    )

    assert concern.due_on > timezone.localdate(concern.created_at)


def test_a_number_that_is_taken_is_drawn_again(center, lighting, monkeypatch):
    draws = iter([7, 7, 8])
    monkeypatch.setattr("secrets.randbelow", lambda below: next(draws))
    filing = {
        "center": center,
        "category": lighting,
        "words": {"text": "Чырак", "involved": Involved.NO},
        "language": "ky",
    }

    first, *_receipt = actions.file(key=key_number(next(numbers)), **filing)
    second, *_receipt = actions.file(key=key_number(next(numbers)), **filing)

    assert (first.reference, second.reference) == ("10000007", "10000008")


def test_sending_twice_gives_one_concern_and_the_same_receipt(aida, center, lighting):
    key = signed_key()
    first = send(aida, center, lighting, key=key)

    second = send(aida, center, lighting, key=key)

    assert (first.status_code, second.status_code) == (200, 200)
    assert code_in(first) == code_in(second) != ""
    assert Concern.objects.count() == 1
    assert not Concern.objects.get().messages.exists()


def test_the_receipt_comes_again_on_another_phone_with_the_same_form(
    aida, center, lighting
):
    key = signed_key()
    first = send(aida, center, lighting, key=key)

    second = send(Client(), center, lighting, key=key)

    assert code_in(first) == code_in(second)


def test_pressed_twelve_times_at_once_it_is_one_concern(center, lighting, together):
    key = key_number(next(numbers))

    def press():
        concern, code, is_new = actions.file(
            center=center,
            category=lighting,
            key=key,
            words={"text": "Чырак", "involved": Involved.NO},
            language="ky",
        )
        return concern.pk, code, is_new

    answers = together(press, threads=12)

    assert len({(pk, code) for pk, code, _is_new in answers}) == 1
    assert sorted(is_new for *_rest, is_new in answers) == [False] * 11 + [True]


def test_words_changed_before_the_second_sending_are_added(aida, center, lighting):
    key = signed_key()
    send(aida, center, lighting, key=key, text="Чырак күйбөйт.")

    send(aida, center, lighting, key=key, text="Чырак экинчи жума күйбөйт.")
    send(aida, center, lighting, key=key, text="Чырак экинчи жума күйбөйт.")

    concern = Concern.objects.get()
    message = concern.messages.get()
    assert concern.text == "Чырак күйбөйт."
    assert message.text == "Чырак экинчи жума күйбөйт."
    assert message.from_reporter


@pytest.mark.usefixtures("jamila")
def test_sending_the_same_again_does_not_disturb_the_staff(aida, center, lighting):
    key = signed_key()
    send(aida, center, lighting, key=key, involved="police", may_publish="on", **PERSON)

    send(aida, center, lighting, key=key, involved="police", may_publish="on", **PERSON)

    assert Concern.objects.get().version == 0


def test_the_last_word_on_publication_is_the_reporters(aida, center, lighting):
    key = signed_key()
    send(aida, center, lighting, key=key, may_publish="on")

    send(aida, center, lighting, key=key)

    assert not Concern.objects.get().may_publish


def test_where_and_when_are_as_she_said_the_last_time(aida, center, lighting):
    key, village = signed_key(), center.villages.get()
    send(aida, center, lighting, key=key, landmark="Мектеп", when="today")

    corrected = {"landmark": "Дүкөн", "village": village.code, "when": "yesterday"}
    send(aida, center, lighting, key=key, may_publish="on", **corrected)

    concern = Concern.objects.get()
    assert (concern.landmark, concern.village) == ("Дүкөн", village)
    assert concern.happened_on == timezone.localdate() - timedelta(days=1)
    assert concern.may_publish
    assert "дукон" in concern.words_text


def test_her_code_in_what_she_sends_again_is_refused(aida, center, lighting):
    key = signed_key()
    code = code_in(send(aida, center, lighting, key=key))

    response = send(aida, center, lighting, key=key, text=f"Менин кодум 5 {code}")

    assert response.status_code == 422
    assert not Concern.objects.get().messages.exists()


def test_what_is_sent_again_and_again_waits(aida, center, lighting):
    key = signed_key()
    texts = [f"Чырак күйбөйт {number}" for number in range(22)]

    answers = [send(aida, center, lighting, key=key, text=text) for text in texts]

    assert answers[-1].status_code == 429
    assert texts[-1] in answers[-1].content.decode()
    assert Concern.objects.get().messages.count() == 20


def test_what_was_hidden_once_is_not_opened_by_a_second_sending(
    aida, center, lighting, jamila
):
    key = signed_key()
    send(aida, center, lighting, key=key, involved="police")

    send(aida, center, lighting, key=key, involved="no")

    assert Concern.objects.get().hidden_from_police


@pytest.mark.usefixtures("jamila")
def test_who_says_only_at_the_second_sending_that_the_police_is_involved_is_hidden_too(
    aida, center, lighting, bakyt
):
    key = signed_key()
    send(aida, center, lighting, key=key)

    send(aida, center, lighting, key=key, involved="police")

    concern = Concern.objects.get()
    assert concern.in_custody
    assert concern.level == Level.CONFIDENTIAL
    assert not Concern.objects.visible_to(bakyt).exists()


def test_who_gives_her_name_only_at_the_second_sending_has_given_it(
    aida, center, lighting
):
    key = signed_key()
    send(aida, center, lighting, key=key)

    send(aida, center, lighting, key=key, name="Айда", consent="on")

    assert Identity.objects.get().name == "Айда"


def test_words_sent_again_as_a_complaint_are_hidden_with_all_there_is(
    aida, center, lighting, jamila, bakyt
):
    key = signed_key()
    send(aida, center, lighting, key=key)
    complaint = make_hidden_category(POLICE)

    send_quietly(aida, center, complaint, key=key, text="Инспектор мени урду.")

    concern = Concern.objects.get()
    assert concern.messages.get().text == "Инспектор мени урду."
    assert Concern.objects.visible_to(jamila).get() == concern
    assert not Concern.objects.visible_to(bakyt).exists()


def test_a_session_that_somebody_else_knows_does_not_show_him_the_code(
    aida, center, lighting
):
    choice = {"category": lighting.code}
    aida.post(reverse("concerns:choose", args=[center.slug]), choice)
    known = aida.session.session_key

    send(aida, center, lighting)

    assert aida.session.session_key != known


def test_after_a_day_the_receipt_is_not_shown_again(aida, center, lighting):
    key = signed_key()
    first = send(aida, center, lighting, key=key)
    day_ago = timezone.now() - timedelta(hours=24, minutes=1)
    Change.objects.update(created_at=day_ago)

    second = send(aida, center, lighting, key=key)

    assert second.status_code == 409
    assert code_in(first) not in second.content.decode()
    assert Concern.objects.count() == 1


def test_within_the_day_the_receipt_is_shown_again(aida, center, lighting):
    key = signed_key()
    first = send(aida, center, lighting, key=key)
    Change.objects.update(created_at=timezone.now() - timedelta(hours=23))

    second = send(aida, center, lighting, key=key)

    assert second.status_code == 200
    assert code_in(second) == code_in(first)


def test_a_code_that_the_reporter_ended_is_not_shown_again(aida, center, lighting):
    key = signed_key()
    first = send(aida, center, lighting, key=key)
    actions.withdraw(concern=Concern.objects.get())

    second = send(aida, center, lighting, key=key)

    assert second.status_code == 409
    assert code_in(first) not in second.content.decode()


def test_the_receipt_survives_a_change_of_the_secret(settings, center, lighting):
    filing = {
        "center": center,
        "category": lighting,
        "key": key_number(next(numbers)),
        "words": {"text": "Чырак", "involved": Involved.NO},
        "language": "ky",
    }
    _concern, code, _is_new = actions.file(**filing)

    settings.CODE_KEYS = ["a new secret", *settings.CODE_KEYS]

    concern, again, is_new = actions.file(**filing)
    assert (again, is_new) == (code, False)
    assert Concern.objects.find(code) == concern


def test_the_action_itself_refuses_after_a_day(center, lighting):
    filing = {
        "center": center,
        "category": lighting,
        "key": key_number(next(numbers)),
        "words": {"text": "Чырак", "involved": Involved.NO},
        "language": "ky",
    }
    actions.file(**filing)
    Change.objects.update(created_at=timezone.now() - timedelta(days=2))

    with pytest.raises(ReceiptExpired):
        actions.file(**filing)


@pytest.mark.parametrize("key", ["", "0", "0.0:forged", "a.b.c:d", "\N{SNOWMAN}"])
def test_a_form_without_a_key_of_ours_is_given_a_new_one_and_its_words_back(
    key, aida, center, lighting
):
    response = send(aida, center, lighting, key=key)

    assert response.status_code == 422
    assert "Мектептин жанында чырак күйбөйт." in response.content.decode()
    fresh = response.context["form"]["key"].value()
    assert send(aida, center, lighting, key=fresh).status_code == 200


# Who reads it first


@pytest.mark.parametrize(
    ("involved", "from_police", "from_council", "in_custody"),
    [
        ("no", False, False, False),
        ("police", True, False, True),
        ("council", False, True, True),
        ("both", True, True, True),
        ("unsaid", True, True, True),
    ],
)
@pytest.mark.usefixtures("jamila")
def test_whoever_is_involved_is_kept_from_reading_it(
    involved, from_police, from_council, in_custody, aida, center, lighting
):
    send(aida, center, lighting, involved=involved)

    concern = Concern.objects.get()
    assert concern.hidden_from_police == from_police
    assert concern.hidden_from_council == from_council
    assert concern.in_custody == in_custody
    assert (concern.level == Level.CONFIDENTIAL) == in_custody


@pytest.mark.parametrize(
    ("side", "from_police", "from_council"),
    [(POLICE, True, False), (COUNCIL, False, True)],
)
@pytest.mark.usefixtures("jamila")
def test_a_complaint_about_a_side_is_hidden_from_it_whatever_is_ticked(
    side, from_police, from_council, aida, center
):
    complaint = make_hidden_category(side)

    response = send_quietly(aida, center, complaint, involved="no")

    concern = Concern.objects.get()
    assert response.status_code == 200
    assert concern.in_custody
    assert (concern.hidden_from_police, concern.hidden_from_council) == (
        from_police,
        from_council,
    )


def test_a_confidential_concern_is_confidential_and_not_in_custody(
    aida, center, violence
):
    send_quietly(aida, center, violence)

    concern = Concern.objects.get()
    assert concern.level == Level.CONFIDENTIAL
    assert not concern.in_custody


@pytest.fixture
def ombudsman():
    return OutsideBody.objects.create(
        code="ombudsman",
        name_ky="Акыйкатчы",
        name_ru="Омбудсмен",
        phone="0312 66 35 20",
    )


@pytest.mark.parametrize("involved", ["police", "council", "both", "unsaid"])
@pytest.mark.usefixtures("ombudsman")
def test_without_a_custodian_the_outside_bodies_are_named_and_the_words_kept(
    involved, aida, center, lighting
):
    response = send(aida, center, lighting, involved=involved)

    page = response.content.decode()
    assert response.status_code == 422
    assert errors_of(response) == {"involved"}
    assert "Акыйкатчы" in page
    assert "Мектептин жанында чырак күйбөйт." in page
    assert not Concern.objects.exists()


@pytest.mark.usefixtures("ombudsman")
def test_a_complaint_is_not_begun_where_nobody_may_read_it(aida, center):
    complaint = make_hidden_category(POLICE)

    response = aida.post(
        reverse("concerns:choose", args=[center.slug]),
        {"category": complaint.code},
        follow=True,
    )

    page = response.content.decode()
    assert "Акыйкатчы" in page
    assert "<textarea" not in page


@pytest.mark.usefixtures("ombudsman")
def test_a_complaint_written_while_the_custodian_left_keeps_its_words(aida, center):
    complaint = make_hidden_category(POLICE)

    response = send_quietly(aida, center, complaint)

    page = response.content.decode()
    assert response.status_code == 422
    assert "Акыйкатчы" in page
    assert "Мектептин жанында чырак күйбөйт." in page
    assert not Concern.objects.exists()


def test_a_custodian_whose_membership_ended_is_none(aida, center, lighting):
    jamila = make_member(center, RESIDENTS, Role.CUSTODIAN)
    jamila.memberships.update(ended_at=timezone.now())

    response = send(aida, center, lighting, involved="police")

    assert errors_of(response) == {"involved"}


@pytest.mark.parametrize("side", [POLICE, COUNCIL])
def test_a_custodian_who_serves_a_side_elsewhere_is_none(
    side, aida, center, other_center, jamila, lighting
):
    make_membership(other_center, side, user=jamila)

    response = send(aida, center, lighting, involved="both")

    assert errors_of(response) == {"involved"}


def test_a_custodian_who_is_disabled_is_none(aida, center, jamila, lighting):
    User.objects.filter(pk=jamila.pk).update(is_active=False)

    response = send(aida, center, lighting, involved="police")

    assert errors_of(response) == {"involved"}


@pytest.mark.usefixtures("ombudsman", "jamila")
def test_a_form_about_a_side_names_the_outside_bodies_too(aida, center):
    complaint = make_hidden_category(POLICE)

    response = aida.post(
        reverse("concerns:choose", args=[center.slug]),
        {"category": complaint.code},
        follow=True,
    )

    assert "Акыйкатчы" in response.content.decode()


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


# Addresses that tell nothing


def test_a_confidential_category_has_no_address_of_its_own(aida, center, violence):
    response = aida.get(reverse("concerns:new", args=[center.slug, violence.code]))

    assert response.status_code == 302
    assert response["Location"] == reverse("concerns:choose", args=[center.slug])


def test_a_confidential_category_stands_in_no_address(aida, center, violence):
    path = reverse("concerns:choose", args=[center.slug])

    form = aida.post(path, {"category": violence.code}, follow=True)
    address = form.request["PATH_INFO"]
    key = form.context["form"]["key"].value()
    receipt = aida.post(address, words(category=violence.code, key=key), follow=True)

    assert code_in(receipt)
    assert address == reverse("concerns:form", args=[center.slug])
    assert receipt.request["PATH_INFO"] == reverse(
        "concerns:receipt", args=[center.slug]
    )


def test_back_after_leaving_shows_neither_words_nor_category_nor_code(center, violence):
    phone = Client(enforce_csrf_checks=True)
    choose = reverse("concerns:choose", args=[center.slug])
    form = phone.post(choose, {"category": violence.code}, follow=True)
    sent = words(
        category=violence.code,
        text="Күйөөм мени дагы сабады.",
        key=form.context["form"]["key"].value(),
        csrfmiddlewaretoken=form.context["csrf_token"],
    )
    address = form.request["PATH_INFO"]
    code = code_in(phone.post(address, sent, follow=True))
    phone.post(reverse("home:leave"))

    again = [
        phone.get(reverse("concerns:receipt", args=[center.slug]), follow=True),
        phone.get(address, follow=True),
        phone.post(address, sent, follow=True),
    ]

    shown = " ".join(page.content.decode() for page in again)
    assert code
    assert code.split()[0] not in shown
    assert sent["text"] not in shown
    assert f"<h1>{violence.name}" not in shown


def choose(client, center, category, **headers):
    path = reverse("concerns:choose", args=[center.slug])
    return client.post(path, {"category": category.code}, headers=headers)


def test_a_choice_is_forgotten_after_a_quarter_of_an_hour(aida, center, violence):
    choose(aida, center, violence)
    session = aida.session
    session["chosen"] = session["chosen"] | {
        "at": session["chosen"]["at"] - 15 * 60 - 1
    }
    session.save()

    response = aida.get(reverse("concerns:form", args=[center.slug]))

    assert response["Location"] == reverse("concerns:choose", args=[center.slug])
    assert "chosen" not in aida.session


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://testserver:1"]
)
def test_no_other_site_chooses_for_her(origin, aida, center, violence):
    response = choose(aida, center, violence, origin=origin)

    assert response.status_code == 403
    assert "chosen" not in aida.session


def test_her_own_browser_says_where_she_chose(aida, center, violence):
    response = choose(aida, center, violence, origin="http://testserver")

    assert response.status_code == 302


@pytest.mark.parametrize("code", ["", "nothing", "\0", "к" * 100])
def test_an_unknown_category_is_not_found(code, aida, center):
    path = reverse("concerns:choose", args=[center.slug])

    assert aida.post(path, {"category": code}).status_code == 404


@pytest.fixture(params=["form", "receipt", "mistakes"])
def page_of_a_filing(request, aida, center, violence):
    path = reverse("concerns:form", args=[center.slug])
    choose = reverse("concerns:choose", args=[center.slug])
    name, sent = {
        "form": (choose, {"category": violence.code}),
        "receipt": (path, words(category=violence.code)),
        "mistakes": (path, words(category=violence.code, text="")),
    }[request.param]
    return aida.post(name, sent, follow=True)


def test_no_page_of_a_filing_is_kept_by_the_phone(page_of_a_filing):
    assert "no-store" in page_of_a_filing["Cache-Control"]
    assert page_of_a_filing["X-Robots-Tag"] == "noindex"


def test_no_title_of_a_filing_says_what_it_is_about(page_of_a_filing, violence):
    title = title_of(page_of_a_filing)

    assert violence.name_ky not in title
    assert not re.search(r"\d", title)


def test_every_page_of_a_filing_has_the_quick_exit(page_of_a_filing):
    assert f'action="{reverse("home:leave")}"' in page_of_a_filing.content.decode()


def test_no_cookie_of_a_filing_outlives_the_browser(page_of_a_filing):
    assert [cookie["max-age"] for cookie in page_of_a_filing.cookies.values()] == [""]
    assert [cookie["expires"] for cookie in page_of_a_filing.cookies.values()] == [""]


def test_the_receipt_repeats_nothing_that_was_told(aida, center, violence):
    response = send_quietly(aida, center, violence, text="Эрим урат.", landmark="Арал")

    page = response.content.decode()
    assert "Эрим урат." not in page
    assert violence.name_ky not in page


def test_choosing_a_category_sets_no_cookie(aida, center, lighting):
    response = aida.get(reverse("concerns:choose", args=[center.slug]))

    assert response.status_code == 200
    assert not response.cookies


# Floods


def suspects():
    return list(Concern.objects.order_by("pk").values_list("is_quarantined", flat=True))


def test_what_fills_the_field_that_nobody_sees_is_kept_apart(aida, center, lighting):
    response = send(aida, center, lighting, website="http://spam.example")

    assert response.status_code == 200
    assert code_in(response)
    assert suspects() == [True]


def test_what_comes_faster_than_a_hand_writes_is_kept_apart(aida, center, lighting):
    send(aida, center, lighting, key=signed_key(age=1))

    assert suspects() == [True]


def test_the_sixth_of_one_network_in_ten_minutes_is_kept_apart_and_has_a_code(
    aida, center, lighting
):
    responses = [send(aida, center, lighting) for _ in range(6)]

    assert {response.status_code for response in responses} == {200}
    assert suspects() == [False] * 5 + [True]
    assert code_in(responses[-1])


def test_another_network_is_not_kept_apart_for_it(aida, center, lighting):
    for _ in range(6):
        send(aida, center, lighting)

    send(Client(REMOTE_ADDR="203.0.113.7"), center, lighting)

    assert suspects()[-1] is False


def test_the_thirty_first_of_a_centre_in_an_hour_is_kept_apart(center, lighting):
    for number in range(31):
        send(Client(REMOTE_ADDR=f"10.0.{number}.1"), center, lighting)

    assert suspects() == [False] * 30 + [True]


def test_registering_takes_a_concern_out_of_quarantine(center, elmira):
    concern = make_concern(center, is_quarantined=True)

    actions.register(
        concern=concern,
        category=concern.category,
        level=concern.level,
        by=elmira,
        version=0,
    )

    assert suspects() == [False]


def test_no_address_of_a_filing_is_kept(center, lighting):
    phone = Client(REMOTE_ADDR="203.0.113.77", HTTP_USER_AGENT="MarkedPhone/1.0")

    send(phone, center, lighting)

    assert "203.0.113" not in everything_kept()
    assert "MarkedPhone" not in everything_kept()


def everything_kept():
    return str([list(model.objects.values()) for model in apps.get_models()])


def test_aidas_phone_offers_her_name_to_nobody(aida, center, lighting):
    address = reverse("concerns:new", args=[center.slug, lighting.code])

    page = aida.get(address).content.decode()

    assert set(re.findall(r'autocomplete="([^"]*)"', page)) == {"off"}
