"""What everyone reads: looked through before, seen before, put off, and kept after."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext as _

from concerns import actions
from concerns.forms import publication
from concerns.models import Concern
from concerns.workflow import Level, Status

from .factories import (
    COUNCIL,
    POLICE,
    give,
    make_approved,
    make_concern,
    make_identity,
    signed_in,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cheap_codes")]

WORDS = {
    "title_ky": "Чырак күйбөйт",
    "title_ru": "Не горит фонарь",
    "summary_ky": "Мектептин жанында караңгы.",
    "summary_ru": "Возле школы темно.",
    "outcome_ky": "",
    "outcome_ru": "",
}


@pytest.fixture
def concern(center):
    return make_concern(center, status=Status.REGISTERED)


def send(user, concern, do="approve", **fields):
    version = Concern.objects.values_list("version", flat=True).get(pk=concern.pk)
    return signed_in(user).post(
        reverse("desk:publish", args=[concern.reference]),
        {"version": version, "do": do} | WORDS | fields,
    )


def approve(concern, by, **words):
    version = Concern.objects.values_list("version", flat=True).get(pk=concern.pk)
    return actions.approve_summary(
        concern=concern, by=by, version=version, **(WORDS | words)
    )


def ticked(response):
    """Return what is sent once what was found is ticked as looked at."""
    return {"checked": "on", "seen": response.context["form"]["seen"].value()}


def errors_of(response):
    return response.context["form"].errors


def is_public(concern):
    return Concern.objects.public().filter(pk=concern.pk).exists()


# Looked through


def test_a_text_that_gives_nobody_away_is_approved_at_the_first_press(concern, cholpon):
    assert send(cholpon, concern).status_code == 302
    assert is_public(concern)


def test_what_may_give_a_person_away_is_said_beside_its_field(concern, cholpon):
    response = send(cholpon, concern, summary_ky="Чалыңыз: 0555 123 456")

    errors = errors_of(response)
    assert response.status_code == 422
    assert errors["summary_ky"] == ["Телефон номерине окшойт: 0555 123 456"]
    assert errors.keys() == {"summary_ky", "checked"}
    assert not is_public(concern)


def test_everything_typed_stays(concern, cholpon):
    response = send(cholpon, concern, summary_ky="Чалыңыз: 0555 123 456")

    html = response.content.decode()
    assert "Чалыңыз: 0555 123 456</textarea>" in html
    assert all(text in html for text in (WORDS["title_ru"], WORDS["summary_ru"]))


def test_once_ticked_it_goes_on(concern, cholpon):
    words = {"summary_ky": "Чалыңыз: 0555 123 456"}

    response = send(
        cholpon, concern, **words, **ticked(send(cholpon, concern, **words))
    )

    assert response.status_code == 302
    assert is_public(concern)


def test_a_tick_does_not_hold_for_what_was_written_after_it(concern, cholpon):
    tick = ticked(send(cholpon, concern, summary_ky="Чалыңыз: 0555 123 456"))

    response = send(cholpon, concern, **tick, summary_ky="Чалыңыз: 0700 765 432")

    assert response.status_code == 422
    assert not response.context["form"]["checked"].value()


def test_a_tick_alone_does_nothing(concern, cholpon):
    response = send(cholpon, concern, summary_ky="үй 12", checked="on")

    assert response.status_code == 422


def test_a_ticked_text_without_its_other_language_keeps_the_tick(concern, cholpon):
    words = {"summary_ky": "үй 12", "summary_ru": ""}

    response = send(
        cholpon, concern, **words, **ticked(send(cholpon, concern, **words))
    )

    assert errors_of(response).keys() == {"summary_ru"}
    assert response.context["form"]["checked"].value()


def test_a_draft_is_saved_as_it_is(concern, cholpon):
    response = send(cholpon, concern, "save", summary_ky="үй 12")

    concern.refresh_from_db()
    assert response.status_code == 302
    assert concern.summary_ky == "үй 12"


def test_her_own_sentence_is_recognised(center, cholpon):
    text = "Мектептин жанындагы чырак үч жумадан бери күйбөйт деп айтып жүрөбүз"
    concern = make_concern(center, text=text)

    response = send(cholpon, concern, summary_ky=f"{text}.")

    assert "көчүрүлгөн" in errors_of(response)["summary_ky"][0]


def test_who_has_looked_at_her_name_is_told_which_word_says_it(concern, cholpon):
    make_identity(concern)
    actions.look_at_identity(concern=concern, by=cholpon, reason="Чалуу үчүн")

    response = send(cholpon, concern, summary_ky="Айданын үйү караңгы.")

    assert errors_of(response)["summary_ky"] == [
        "Бул сөз кайрылган адамды атап коюшу мүмкүн: Айданын"
    ]


HERS = "Мында кайрылган адамды атап койгон сөз болушу мүмкүн."


def test_who_has_not_looked_at_her_name_is_warned_once_for_the_whole_form(
    concern, cholpon
):
    make_identity(concern)
    words = {"title_ky": "Айда", "summary_ky": "Айданын үйү караңгы."}

    response = send(cholpon, concern, **words)

    errors = errors_of(response)
    assert errors.keys() == {"__all__", "checked"}
    assert errors["__all__"] == [HERS]
    assert concern.changes.filter(kind="summary", new="named", by=cholpon).count() == 1
    page = signed_in(cholpon).get(concern.get_desk_url()).content.decode()
    assert _("Was told that a text may name who filed it") in page
    again = send(cholpon, concern, **words, **ticked(response))
    assert again.status_code == 302
    assert concern.changes.filter(new="named").count() == 1


def test_a_tick_for_a_text_that_names_her_does_not_hold_for_another(concern, cholpon):
    make_identity(concern)
    tick = ticked(send(cholpon, concern, summary_ky="Айданын үйү."))

    response = send(cholpon, concern, summary_ky="Айданын көчөсү.", **tick)

    assert errors_of(response)["__all__"] == [HERS]


NOT_APPROVED = [
    {"summary_ky": "Айданын үйү, Бакыт Асанов"},
    {"summary_ky": "Айданын үйү", "summary_ru": ""},
    {"summary_ky": "Айданын үйү", "version": 7},
]


@pytest.mark.parametrize("words", NOT_APPROVED)
def test_whether_a_text_names_her_is_asked_only_of_what_is_approved_otherwise(
    words, concern, cholpon
):
    make_identity(concern)

    response = send(cholpon, concern, **words)

    assert response.status_code in (409, 422)
    assert HERS not in response.content.decode()


def test_who_has_not_looked_at_her_name_cannot_guess_it_all_day(
    concern, cholpon, elmira, monkeypatch
):
    monkeypatch.setattr(publication, "LOOKS", ("names", 1, 60))
    make_identity(concern)
    send(elmira, concern, summary_ky="Айда")

    right = send(cholpon, concern, summary_ky="Айда")
    wrong = send(cholpon, concern, summary_ky="Бакыт")

    assert errors_of(right)["__all__"] == errors_of(wrong)["__all__"] == [HERS]
    ticks = ticked(wrong)
    assert send(cholpon, concern, summary_ky="Бакыт", **ticks).status_code == 302


# Confidential


@pytest.mark.parametrize("do", ["preview", "save", "approve"])
def test_of_what_is_confidential_no_text_is_taken(do, concern, elmira):
    make_confidential(concern, elmira)

    response = send(elmira, concern, do, summary_ky="Айда, Бакыт")

    concern.refresh_from_db()
    assert response.status_code == 403
    assert not concern.summary_ky


def test_what_is_typed_while_it_became_confidential_is_given_back(concern, elmira):
    make_confidential(concern, elmira)

    response = send(elmira, concern, version=concern.version - 1)

    assert response.status_code == 409
    assert WORDS["summary_ky"] in response.content.decode()


def test_a_text_of_what_became_confidential_is_there_to_be_taken_back_only(
    concern, cholpon
):
    approve(concern, cholpon)
    make_confidential(concern, cholpon)
    browser = signed_in(cholpon)

    page = browser.get(reverse("desk:publish", args=[concern.reference]))
    response = send(cholpon, concern, "unpublish")

    html = page.content.decode()
    concern.refresh_from_db()
    assert 'value="unpublish"' in html
    assert "textarea" not in html
    assert response.status_code == 302
    assert concern.approved_at is None


def test_the_link_to_the_public_text_goes_with_the_text(concern, cholpon):
    approve(concern, cholpon)
    make_confidential(concern, cholpon)
    path = reverse("desk:publish", args=[concern.reference])
    browser = signed_in(cholpon)

    before = browser.get(concern.get_desk_url()).content.decode()
    send(cholpon, concern, "unpublish")
    after = browser.get(concern.get_desk_url()).content.decode()

    assert path in before
    assert path not in after
    assert browser.get(path).status_code == 403


def make_confidential(concern, person):
    """Raise the level of a concern and give it to one of the council."""
    concern.refresh_from_db()
    actions.set_level(
        concern=concern,
        level=Level.CONFIDENTIAL,
        by=person,
        version=concern.version,
    )
    give(concern, COUNCIL, person)
    concern.refresh_from_db()


# Seen before


def test_a_preview_shows_both_languages_and_saves_nothing(concern, cholpon):
    response = send(cholpon, concern, "preview")

    faces = response.context["faces"]
    concern.refresh_from_db()
    assert response.status_code == 200
    assert [face["title"] for face in faces] == [WORDS["title_ky"], WORDS["title_ru"]]
    assert [WORDS["summary_ky"] in face["html"] for face in faces] == [True, False]
    assert [WORDS["summary_ru"] in face["html"] for face in faces] == [False, True]
    assert (concern.version, concern.title_ky, concern.approved_at) == (0, None, None)


def test_a_preview_keeps_what_was_typed(concern, cholpon):
    response = send(cholpon, concern, "preview")

    assert f"{WORDS['summary_ru']}</textarea>" in response.content.decode()


def test_a_preview_is_what_the_public_page_shows_then(concern, cholpon):
    previewed = send(cholpon, concern, "preview").context["faces"][0]["html"]
    send(cholpon, concern)

    page = Client().get(concern.get_absolute_url()).content.decode()

    assert previewed in page


def test_a_preview_warns_beside_the_language_that_gives_somebody_away(concern, cholpon):
    response = send(cholpon, concern, "preview", summary_ky="Чалыңыз: 0555 123 456")

    faces = response.context["faces"]
    assert ["0555 123 456</li>" in face["html"] for face in faces] == [True, False]


def test_a_preview_does_not_tell_who_has_not_looked_that_a_word_names_her(
    concern, cholpon
):
    make_identity(concern)

    response = send(cholpon, concern, "preview", summary_ky="Көчөдө Айданын үйү.")

    assert response.status_code == 200
    assert HERS not in response.content.decode()


def test_the_village_and_the_bodies_of_a_centre_are_no_names(concern, cholpon):
    partner = concern.center.partners.first()

    response = send(
        cholpon, concern, summary_ky=f"Кечээ {concern.center.aimak} жана {partner}."
    )

    assert response.status_code == 302


def test_a_title_too_long_is_said_instead_of_previewed(concern, cholpon):
    response = send(cholpon, concern, "preview", title_ky="а" * 121)

    assert response.status_code == 422
    assert "title_ky" in errors_of(response)


# Who may not


@pytest.mark.parametrize("who", ["bakyt", "nurlan", "olga", "daniyar"])
def test_who_does_not_publish_sees_no_texts(who, concern, cholpon, request):
    approve(concern, cholpon)

    path = reverse("desk:public_text", args=[concern.reference, 1])
    response = signed_in(request.getfixturevalue(who)).get(path)

    assert response.status_code in (403, 404)


def test_the_police_may_not_approve_by_the_form(concern, bakyt):
    give(concern, POLICE, bakyt)

    assert send(bakyt, concern).status_code == 403


@pytest.mark.parametrize("name", ["concerns:list", "concerns:detail"])
def test_where_everyone_reads_concerns_one_leaves_quickly_too(name, center, client):
    concern = make_approved(center)
    rest = [concern.reference] if name == "concerns:detail" else []

    page = client.get(reverse(name, args=[center.slug, *rest]))

    assert f'action="{reverse("home:leave")}"' in page.content.decode()


def test_after_her_no_it_is_not_called_done(center):
    words = {"outcome_ky": "Чуңкур толтурулду", "outcome_ru": "Яма засыпана"}
    concern = make_approved(center, status=Status.RESOLVED, **words)
    before = public_words(concern)

    actions.reopen(concern=concern, reason="Кайра ачылды")

    after = public_words(concern)
    assert _("What was done so far") not in before
    assert "notice success" in before
    assert _("What was done so far") in after
    assert "notice success" not in after


def test_nor_is_it_called_done_on_the_desk(center, nurlan, cholpon):
    words = {"outcome_ky": "Чуңкур толтурулду", "outcome_ru": "Яма засыпана"}
    concern = make_approved(center, status=Status.RESOLVED, **words)
    before = desk_words(concern, nurlan, cholpon)

    actions.reopen(concern=concern, reason="Кайра ачылды")

    so_far = _("What was done so far")
    after = desk_words(concern, nurlan, cholpon)
    assert [so_far in page for page in before] == [False, False]
    assert [so_far in page for page in after] == [True, True]


def desk_words(concern, member, publisher):
    pages = [
        (member, concern.get_desk_url()),
        (publisher, reverse("desk:publish", args=[concern.reference])),
    ]
    return [signed_in(who).get(path).content.decode() for who, path in pages]


def public_words(concern):
    return Client().get(concern.get_absolute_url()).content.decode()
