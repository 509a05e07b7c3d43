"""What a form asks beside the words: who writes it, who answers, who reads it."""

import pytest
from django.core.management import call_command
from django.test import Client

from concerns import actions, codes
from concerns.models import Answer, Category, Concern, OwnQuestions, Question
from concerns.workflow import Level, Status

from .factories import (
    make_category,
    make_center,
    make_concern,
    signed_in,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cheap_codes")]

K = Question.Kind


@pytest.fixture
def category():
    return make_category(code="cattle")


def make_question(category, kind=K.LINE, center=None, **fields):
    fields = {"text_ky": "Канча баш?", "text_ru": "Сколько голов?"} | fields
    return Question.objects.create(
        category=category, center=center, kind=kind, **fields
    )


@pytest.fixture
def question(category):
    return make_question(category)


@pytest.fixture
def choice(category):
    return make_question(
        category,
        K.CHOICE,
        order=2,
        text_ky="Кандай мал?",
        text_ru="Какой скот?",
        choices_ky="Кой\nЖылкы",
        choices_ru="Овцы\nЛошади",
    )


def path_of(center, category, prefix=""):
    return f"{prefix}/{center.slug}/concerns/new/{category.code}/"


def send(center, category, browser=None, prefix="", **fields):
    fields = {
        "text": "Малым жоголду.",
        "involved": "no",
        "key": codes.issue_key(center.slug),
    } | fields
    return (browser or Client()).post(path_of(center, category, prefix), fields)


def answers(concern=None):
    concern = concern or Concern.objects.get()
    return list(concern.answers.values_list("question", "value"))


# Asked


def test_the_form_asks_what_its_category_needs_and_no_other(
    center, category, question, aida
):
    other = make_category()

    assert "Канча баш?" in aida.get(path_of(center, category)).content.decode()
    assert "Канча баш?" not in aida.get(path_of(center, other)).content.decode()


def test_it_asks_in_both_languages(center, category, question, aida):
    page = aida.get(path_of(center, category, "/ru")).content.decode()

    assert "Сколько голов?" in page


def test_nobody_has_to_answer(center, category, question, choice):
    assert send(center, category).status_code == 302

    assert answers() == []


@pytest.mark.parametrize(
    ("kind", "given", "kept"),
    [
        (K.LINE, "Үч", "Үч"),
        (K.TEXT, "Үч\r\nкой", "Үч\nкой"),
        (K.YES_NO, "yes", "Ооба"),
        (K.YES_NO, "no", "Жок"),
        (K.NUMBER, "3", "3"),
        (K.NUMBER, "0", "0"),
        (K.DATE, "2026-11-05", "2026-жылдын 5-ноябры"),
        (K.DATE, "05.11.2026", "2026-жылдын 5-ноябры"),
    ],
)
def test_an_answer_is_kept_as_she_read_and_gave_it(kind, given, kept, center, category):
    question = make_question(category, kind)

    send(center, category, **{f"ask_{question.pk}": given})

    assert answers() == [("Канча баш?", kept)]


def test_a_choice_is_kept_in_her_language(center, category, choice):
    send(center, category, prefix="/ru", **{f"ask_{choice.pk}": "Жылкы"})

    assert answers() == [("Какой скот?", "Лошади")]


def test_a_choice_stays_what_she_chose_where_the_desk_reorders_them_meanwhile(
    center, category, choice
):
    name = f"ask_{choice.pk}"
    form = Client().get(path_of(center, category)).context["form"]
    value = next(value for value, line in form[name].field.choices if line == "Жылкы")
    choice.choices_ky, choice.choices_ru = "Жылкы\nУй\nКой", "Лошади\nКоровы\nОвцы"
    choice.save()

    send(center, category, **{name: value})

    assert answers() == [("Кандай мал?", "Жылкы")]


def test_a_choice_that_is_gone_meanwhile_is_asked_again(center, category, choice):
    name = f"ask_{choice.pk}"
    form = Client().get(path_of(center, category)).context["form"]
    value = next(value for value, line in form[name].field.choices if line == "Жылкы")
    choice.choices_ky, choice.choices_ru = "Кой\nУй", "Овцы\nКоровы"
    choice.save()

    response = send(center, category, **{name: value})

    assert set(response.context["form"].errors) == {name}
    assert not Concern.objects.exists()


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        (K.LINE, "ы" * 201),
        (K.TEXT, "ы" * 1001),
        (K.CHOICE, "9"),
        (K.YES_NO, "maybe"),
        (K.NUMBER, "көп"),
        (K.NUMBER, "-1"),
        (K.NUMBER, "9" * 30),
        (K.DATE, "кечээ"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_all_is_kept(
    kind, given, center, category
):
    question = make_question(category, kind, choices_ky="а\nб", choices_ru="а\nб")
    name = f"ask_{question.pk}"

    response = send(center, category, landmark="Көпүрө", **{name: given})

    page = response.content.decode()
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {name}
    assert "Малым жоголду." in page
    assert "Көпүрө" in page
    assert not Concern.objects.exists()


def test_the_other_language_keeps_what_was_answered(center, category, question, choice):
    page = send(
        center,
        category,
        prefix="/ru",
        language="ru",
        **{f"ask_{question.pk}": "Отуз баш", f"ask_{choice.pk}": "Жылкы"},
    ).content.decode()

    assert "Отуз баш" in page
    assert '<option value="Жылкы" selected>Лошади' in page


def test_sent_again_the_last_answer_holds(center, category, question, choice):
    key = codes.issue_key(center.slug)
    first = {f"ask_{question.pk}": "Үч", f"ask_{choice.pk}": "Кой"}
    send(center, category, key=key, **first)
    send(center, category, key=key, **first)
    assert Answer.objects.count() == 2

    send(center, category, key=key, **{f"ask_{question.pk}": "Төрт"})

    assert answers() == [("Канча баш?", "Төрт")]
    assert Concern.objects.count() == 1


def test_her_code_in_an_answer_is_refused_when_sent_again(center, category, question):
    key = codes.issue_key(center.slug)
    send(center, category, key=key)
    concern = Concern.objects.get()
    code = codes.derive(codes.read_key(key, center.slug)[0])

    response = send(center, category, key=key, **{f"ask_{question.pk}": code})

    assert response.status_code == 422
    assert answers(concern) == []


def test_what_was_taken_out_of_the_form_meanwhile_is_still_answered(
    center, category, question, cholpon
):
    actions.save_questions(
        center=center, category=category, rows=[], by=cholpon, version=0
    )

    send(center, category, **{f"ask_{question.pk}": "Үч"})

    assert answers() == [("Канча баш?", "Үч")]


def test_a_question_of_another_centre_or_category_is_not_answered(center, category):
    others = [
        make_question(category, center=make_center()),
        make_question(make_category()),
    ]

    send(center, category, **{f"ask_{other.pk}": "Үч" for other in others})

    assert answers() == []


# Read


@pytest.fixture
def answered(center):
    concern = make_concern(center, status=Status.REGISTERED)
    concern.answers.create(order=1, question="Канча баш?", value="Отуз эки")
    return concern


def test_those_who_read_her_words_read_the_answers(answered, cholpon, bakyt):
    for person in (cholpon, bakyt):
        page = signed_in(person).get(answered.get_desk_url()).content.decode()
        assert "Отуз эки" in page


def test_she_reads_them_herself(answered, aida):
    aida.post("/follow/", {"c": answered.code})

    assert "Отуз эки" in aida.get("/follow/concern/").content.decode()


def test_no_search_finds_them(answered, cholpon):
    desk = signed_in(cholpon)

    for path in ("/desk/search/?q=отуз", "/desk/concerns/?q=отуз"):
        page = desk.get(path).content.decode()
        assert answered.number not in page
        assert "Отуз эки" not in page


def test_no_list_and_no_summary_shows_them(answered, cholpon, nurlan, aida):
    answered.title_ky = answered.title_ru = "Аталышы"
    answered.summary_ky = answered.summary_ru = "Мазмуну"
    answered.save()
    actions.approve_summary(
        concern=answered,
        by=cholpon,
        version=0,
        **dict.fromkeys(["title_ky", "title_ru", "summary_ky", "summary_ru"], "Аталыш"),
    )

    pages = [
        aida.get(answered.get_absolute_url()),
        aida.get(f"/{answered.center.slug}/concerns/"),
        signed_in(nurlan).get(answered.get_desk_url()),
        signed_in(cholpon).get("/desk/concerns/"),
    ]

    assert [page.status_code for page in pages] == [200] * 4
    assert not any("Отуз эки" in page.content.decode() for page in pages)


# Written by the coordinator


def edit_path(center, category, step=""):
    return f"/desk/center/{center.slug}/questions/{category.code}/{step}"


def rows(*rows, version=0, initial=0):
    fields = {
        "version": version,
        "form-TOTAL_FORMS": len(rows),
        "form-INITIAL_FORMS": initial,
    }
    for number, row in enumerate(rows):
        row = {"kind": "line", "text_ky": "Суроо", "text_ru": "Вопрос"} | row
        fields |= {f"form-{number}-{name}": value for name, value in row.items()}
    return fields


def asked(center, category):
    return [str(q) for q in Question.objects.asked_in(center).filter(category=category)]


def test_a_centre_gets_its_own_in_place_of_the_common(
    center, other_center, category, question, cholpon
):
    response = signed_in(cholpon).post(
        edit_path(center, category), rows({"text_ky": "Биздики?"})
    )

    assert response.status_code == 302
    assert asked(center, category) == ["Биздики?"]
    assert asked(other_center, category) == ["Канча баш?"]


def test_rows_are_put_in_order_changed_and_taken_out(center, category, cholpon):
    desk = signed_in(cholpon)
    path = edit_path(center, category)
    desk.post(path, rows(*({"text_ky": f"{n}?"} for n in (1, 2, 3))))
    kept = list(Question.objects.filter(center=center).order_by("order"))

    desk.post(
        path,
        rows(
            {"id": kept[0].pk, "text_ky": "1?", "ORDER": 3},
            {"id": kept[1].pk, "text_ky": "2?", "DELETE": "on", "ORDER": 2},
            {"id": kept[2].pk, "text_ky": "3!", "ORDER": 1},
            version=1,
            initial=3,
        ),
    )

    assert asked(center, category) == ["3!", "1?"]
    assert set(Question.objects.values_list("pk", flat=True)) == {
        kept[0].pk,
        kept[2].pk,
    }


def test_a_centre_may_ask_nothing(center, category, question, cholpon):
    signed_in(cholpon).post(edit_path(center, category), rows())

    assert asked(center, category) == []


def test_it_goes_back_to_the_common_ones(center, category, question, cholpon):
    desk = signed_in(cholpon)
    desk.post(edit_path(center, category), rows({"text_ky": "Биздики?"}))

    desk.post(edit_path(center, category, "common/"), {"version": 1})

    assert asked(center, category) == ["Канча баш?"]
    assert not OwnQuestions.objects.exists()


@pytest.mark.parametrize(
    ("row", "wrong"),
    [
        ({"text_ky": ""}, "text_ky"),
        ({"text_ru": ""}, "text_ru"),
        ({"kind": ""}, "kind"),
        ({"kind": "choice"}, "choices_ky"),
        ({"kind": "choice", "choices_ky": "а\nб", "choices_ru": "а"}, "choices_ru"),
    ],
)
def test_what_is_missing_is_said_beside_its_field(
    row, wrong, center, category, cholpon
):
    response = signed_in(cholpon).post(
        edit_path(center, category), rows({"hint_ky": "Кыска"} | row)
    )

    assert response.status_code == 422
    assert set(response.context["questions"].forms[0].errors) == {wrong}
    assert "Кыска" in response.content.decode()


def test_a_confidential_category_takes_two_and_says_why(center, cholpon):
    secret = make_category(Level.CONFIDENTIAL)
    desk, path = signed_in(cholpon), edit_path(center, secret)

    refused = desk.post(path, rows({}, {}, {}))
    taken = desk.post(path, rows({}, {}))

    assert refused.status_code == 422
    assert "адамды таанытып коюшу мүмкүн" in refused.content.decode()
    assert taken.status_code == 302


def test_eight_questions_are_the_most(center, category, cholpon):
    response = signed_in(cholpon).post(
        edit_path(center, category), rows(*({} for _ in range(9)))
    )

    assert response.status_code == 422
    assert not OwnQuestions.objects.exists()


def test_a_row_that_is_wrong_and_taken_out_counts_no_more(center, cholpon):
    category = make_category(Level.CONFIDENTIAL)
    wrong = {"text_ru": "", "DELETE": "on"}

    answer = signed_in(cholpon).post(
        edit_path(center, category), rows({}, {}, {}, wrong)
    )

    assert answer.status_code == 422
    assert not Question.objects.exists()


def test_whoever_was_slower_keeps_his_words(center, category, cholpon):
    desk, path = signed_in(cholpon), edit_path(center, category)
    desk.post(path, rows({"text_ky": "Тез?"}))

    response = desk.post(path, rows({"text_ky": "Жай?"}))

    assert response.status_code == 409
    assert "Жай?" in response.content.decode()
    assert asked(center, category) == ["Тез?"]


def test_only_the_coordinator_writes_them(center, category, elmira, daniyar):
    for person, status in ((elmira, 403), (daniyar, 404)):
        desk = signed_in(person)
        assert desk.get(edit_path(center, category)).status_code == status
        assert desk.post(edit_path(center, category), rows({})).status_code == status
    assert not Question.objects.exists()


def test_a_row_of_another_centre_cannot_be_changed_by_its_key(
    center, category, cholpon
):
    foreign = make_question(category, center=make_center())

    signed_in(cholpon).post(
        edit_path(center, category), rows({"id": foreign.pk, "text_ky": "Меники?"})
    )

    foreign.refresh_from_db()
    assert foreign.text_ky == "Канча баш?"
    assert asked(center, category) == ["Меники?"]


# The common ones


@pytest.mark.once
def test_the_common_ones_come_with_the_categories_and_none_is_confidential():
    call_command("load_reference", verbosity=0)
    call_command("load_reference", verbosity=0)

    about = Question.objects.order_by("order").values_list("category__code", flat=True)
    assert list(dict.fromkeys(about)) == [
        *("livestock_theft", "stray_dogs", "road_safety", "irrigation_water")
    ]
    assert Question.objects.count() == 8
    assert not Category.objects.filter(
        level=Level.CONFIDENTIAL, questions__isnull=False
    )
