"""Ready texts: kept by the coordinator, inserted by whoever writes to the reporter."""

from datetime import UTC, date, datetime

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from concerns.actions.status import day_of_answer
from concerns.models import Change, TextTemplate
from concerns.models.template import PLACEHOLDERS, unknown_in
from concerns.workflow import Status
from kaab.demo.clock import clock

from .factories import make_category, make_concern, make_identity, signed_in

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("cheap_codes"),
    pytest.mark.once,
]

TEXT = {
    "use": "declined",
    "title_ky": "Баш тартуу",
    "title_ru": "Отказ",
    "text_ky": "№ {номер}, {борбор}, {телефон}, {мөөнөт}",
    "text_ru": "№ {номер}, {центр}, {телефон}, {срок}",
}
# As the form of a new one sends it.
SENT = TEXT | {"version": 0}


@pytest.fixture
def concern(center):
    center.phone = "03230 12345"
    center.save()
    return make_concern(
        center, status=Status.IN_PROGRESS, due_on=timezone.datetime(2026, 12, 1).date()
    )


def make_text(center=None, **fields):
    return TextTemplate.objects.create(center=center, **TEXT | fields)


def insert(user, concern, act="move", **fields):
    path = reverse(f"desk:{act}", args=[concern.reference])
    sent = {"version": concern.version, "insert": "1"} | fields
    return signed_in(user).post(path, sent)


def offered(user, concern, form="move_form"):
    shown = signed_in(user).get(concern.get_desk_url()).context[form]
    if "template" not in shown.fields:
        return []
    groups = shown.fields["template"].choices[1:]
    return [title for _use, texts in groups for _reference, title in texts]


# Kept by the coordinator


def path_of(name, center, *args):
    return reverse(f"desk:{name}", args=[center.slug, *args])


def test_the_coordinator_adds_changes_and_removes_a_text(center, cholpon):
    browser = signed_in(cholpon)

    browser.post(path_of("add_template", center), SENT)
    text = TextTemplate.objects.get()
    changed = SENT | {"title_ky": "Башка ат"}
    browser.post(path_of("edit_template", center, text.reference), changed)
    text.refresh_from_db()
    listed = browser.get(path_of("templates", center)).content.decode()
    browser.post(path_of("remove_template", center, text.reference))

    assert (text.center, text.title_ky) == (center, "Башка ат")
    assert "Башка ат" in listed
    assert not TextTemplate.objects.exists()


def test_of_two_who_change_a_text_the_second_keeps_her_words(center, cholpon):
    browser, text = signed_in(cholpon), make_text(center)
    path = path_of("edit_template", center, text.reference)

    browser.post(path, SENT | {"text_ky": "Биринчи"})
    late = browser.post(path, SENT | {"text_ky": "Экинчи"})
    text.refresh_from_db()
    kept = text.text_ky
    again = browser.post(path, SENT | {"text_ky": "Экинчи", "version": text.version})

    assert late.status_code == 409
    assert "Экинчи" in late.content.decode()
    assert f'name="version" value="{text.version}"' in late.content.decode()
    assert kept == "Биринчи"
    assert again.status_code == 302


@pytest.mark.parametrize("field", ["text_ky", "text_ru"])
def test_an_unknown_name_in_braces_is_refused_beside_its_field(field, center, cholpon):
    sent = SENT | {field: "Сиз {аты}, {номер}"}

    answer = signed_in(cholpon).post(path_of("add_template", center), sent)

    form = answer.context["form"]
    assert answer.status_code == 422
    assert set(form.errors) == {field}
    assert "{аты}" in str(form.errors[field])
    assert form["title_ky"].value() == TEXT["title_ky"]


def test_a_press_pressed_twice_adds_one_text(center, cholpon):
    browser = signed_in(cholpon)

    answers = [browser.post(path_of("add_template", center), SENT) for _ in "ab"]

    assert [answer.status_code for answer in answers] == [302, 422]
    assert TextTemplate.objects.count() == 1


@pytest.mark.parametrize("who", ["elmira", "bakyt", "jamila", "nurlan"])
def test_who_does_not_lead_the_centre_keeps_no_texts(who, center, request):
    browser = signed_in(request.getfixturevalue(who))
    text = make_text(center)

    answers = [
        browser.get(path_of("templates", center)),
        browser.post(path_of("add_template", center), SENT),
        browser.post(path_of("remove_template", center, text.reference)),
    ]

    assert [answer.status_code for answer in answers] == [403] * 3
    assert TextTemplate.objects.count() == 1


def test_a_common_text_is_changed_by_no_centre(center, cholpon):
    text = make_text()

    answer = signed_in(cholpon).post(
        path_of("edit_template", center, text.reference), SENT
    )

    assert answer.status_code == 404


def test_the_common_texts_are_complete_and_know_their_names(db):
    call_command("load_reference", verbosity=0)
    call_command("load_reference", verbosity=0)

    texts = TextTemplate.objects.filter(center=None)
    written = [(t.title_ky, t.title_ru, t.text_ky, t.text_ru) for t in texts]
    assert len(written) == 8
    assert all(all(one) for one in written)
    assert [unknown_in(words) for one in written for words in one[2:]] == [[]] * 16


# Offered


def test_texts_of_the_centre_and_common_ones_are_offered(
    concern, center, other_center, cholpon
):
    make_text(title_ky="Жалпы")
    make_text(center, title_ky="Өздүк")
    make_text(other_center, title_ky="Чоочун")
    make_text(center, title_ky="Түрү үчүн", category=concern.category)
    make_text(center, title_ky="Башка түр", category=make_category())
    make_text(center, title_ky="Кат", use="message")

    assert set(offered(cholpon, concern)) == {"Жалпы", "Өздүк", "Түрү үчүн"}
    assert offered(cholpon, concern, "message_form") == ["Кат"]


def test_only_texts_of_moves_that_he_may_make_are_offered(concern, center, bakyt):
    make_text(center, use="duplicate", title_ky="Бириктирүү")
    make_text(center)

    assert offered(bakyt, concern) == ["Баш тартуу"]


def test_where_there_is_no_text_nothing_is_offered(concern, cholpon):
    page = signed_in(cholpon).get(concern.get_desk_url()).content.decode()

    assert offered(cholpon, concern) == []
    assert 'name="insert"' not in page


# Inserted


def test_a_text_is_inserted_in_the_reporters_language_and_filled_in(
    concern, center, cholpon
):
    concern.language = "ru"
    concern.save()
    text = make_text(center, use="needs_info")

    answer = insert(cholpon, concern, template=text.reference)

    form = answer.context["move_form"]
    assert answer.status_code == 200
    assert form["note"].value() == (
        f"№ {concern.number}, {center.name_ru}, 03230 12345, 1 декабря 2026 г."
    )
    assert form["target"].value() == "needs_info"


@pytest.mark.parametrize(
    ("status", "day"),
    [
        # The day of registering is the centre's own: she waits for an answer.
        (Status.RECEIVED, "2026-жылдын 15-декабры"),
        (Status.IN_PROGRESS, "2026-жылдын 1-декабры"),
        # Taken up again, its term begins today.
        (Status.DECLINED, "2026-жылдын 30-декабры"),
    ],
)
def test_the_day_is_the_one_on_which_she_is_answered(status, day, center, cholpon):
    filed = datetime(2026, 11, 25, 12, tzinfo=UTC)
    text = make_text(center, use="registered", text_ky="{мөөнөт}")
    with clock() as hands:
        hands.told = datetime(2026, 12, 10, 12, tzinfo=UTC)
        concern = make_concern(
            center, status=status, created_at=filed, due_on=date(2026, 12, 1)
        )
        said = text.filled(concern, day_of_answer(concern, "registered"))

    assert said == day


def test_inserting_keeps_what_is_typed_and_changes_nothing(concern, center, cholpon):
    text = make_text(center, use="forwarded", text_ky="Кайда: {орган}.")
    typed = {"note": "Саламатсызбы!", "body": "РОВД", "crime_number": "12"}

    answer = insert(cholpon, concern, template=text.reference, **typed)

    form = answer.context["move_form"]
    assert form["note"].value() == "Саламатсызбы!\n\nКайда: РОВД."
    assert (form["body"].value(), form["crime_number"].value()) == ("РОВД", "12")
    concern.refresh_from_db()
    assert (concern.status, concern.version) == (Status.IN_PROGRESS, 0)
    assert Change.objects.count() == 1


def test_a_message_takes_a_text_too(concern, center, cholpon):
    text = make_text(center, use="message")

    answer = insert(cholpon, concern, "message", template=text.reference)

    assert concern.number in answer.context["message_form"]["text"].value()
    assert not concern.messages.exists()


def test_what_is_filled_in_is_not_read_again(concern, center, cholpon):
    center.name_ky = "{телефон} {0.center}"
    center.save()
    text = make_text(center, text_ky="{борбор} {борбор.slug} %(x)s {{ x }}")

    assert text.filled(concern_of(concern), None) == (
        "{телефон} {0.center} {борбор.slug} %(x)s {{ x }}"
    )


def concern_of(concern):
    concern.center.refresh_from_db()
    return concern


def test_a_text_of_another_centre_is_not_inserted(concern, other_center, cholpon):
    text = make_text(other_center)

    answer = insert(cholpon, concern, template=text.reference, note="Өз сөзүм")

    assert answer.context["move_form"]["note"].value() == "Өз сөзүм"


def test_a_name_that_is_left_in_braces_is_not_sent(concern, center, cholpon):
    make_identity(concern)
    sent = {
        "version": 0,
        "target": "forwarded",
        "note": "Жөнөттүк: {орган}",
        "body": "РОВД",
        "identity_passed": "no",
    }

    answer = signed_in(cholpon).post(
        reverse("desk:move", args=[concern.reference]), sent
    )

    assert answer.status_code == 422
    assert set(answer.context["move_form"].errors) == {"note"}


def test_every_name_is_written_in_the_letters_of_the_page():
    assert not any(name.isascii() for name in PLACEHOLDERS)
