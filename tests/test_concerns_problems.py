"""What several concerns have in common, and what the partners say of its causes."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.urls import reverse

from concerns import actions
from concerns.forms import problems as problem_forms
from concerns.models import CauseLine, Group, Problem
from concerns.workflow import Level

from .factories import (
    POLICE,
    give,
    make_approved,
    make_category,
    make_concern,
    make_hidden_category,
    signed_in,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cheap_codes")]

TITLE = {"title_ky": "Көчөлөр караңгы", "title_ru": "Тёмные улицы"}
LINE = {"text_ky": "Чырактар эски", "text_ru": "Фонари старые"}


def open_problem(center, by, *concerns):
    references = [concern.reference for concern in concerns]
    return actions.open_problem(center=center, concerns=references, by=by, **TITLE)


def change(problem, by, *concerns):
    return actions.change_problem(
        problem=problem,
        concerns=[concern.reference for concern in concerns],
        by=by,
        version=now(problem).version,
        **TITLE,
    )


def add_line(problem, by, side="council", kind="cause"):
    return actions.add_line(
        problem=problem,
        side=side,
        kind=kind,
        by=by,
        version=now(problem).version,
        **LINE,
    )


def now(thing):
    return type(thing).objects.get(pk=thing.pk)


def path_of(name, problem):
    return reverse(f"desk:{name}", args=[problem.center.slug, problem.reference])


def read(user, problem):
    return signed_in(user).get(path_of("problem", problem)).content.decode()


# Grouping


def test_who_plans_meetings_groups_concerns(center, elmira):
    one, other = make_concern(center), make_approved(center)

    response = signed_in(elmira).post(
        reverse("desk:new_problem", args=[center.slug]),
        TITLE | {"concerns": [one.reference, other.reference]},
    )

    problem = Problem.objects.get()
    assert response["Location"] == path_of("problem", problem)
    assert problem.groups.count() == 2


@pytest.mark.parametrize("who", ["bakyt", "nurlan", "farida", "jamila"])
def test_others_do_not_group(who, center, request):
    with pytest.raises(PermissionDenied):
        open_problem(center, request.getfixturevalue(who))


def hidden(center):
    return make_concern(center, make_hidden_category(POLICE))


def confidential(center):
    return make_concern(center, make_category(Level.CONFIDENTIAL))


@pytest.mark.parametrize("make", [hidden, confidential])
def test_neither_confidential_nor_hidden_is_grouped(make, center, cholpon):
    concern = make(center)

    with pytest.raises(ValidationError):
        open_problem(center, cholpon, concern)
    form = signed_in(cholpon).get(reverse("desk:new_problem", args=[center.slug]))
    assert concern.number not in form.content.decode()


def test_another_centres_concern_is_not_grouped(center, other_center, cholpon):
    with pytest.raises(ValidationError):
        open_problem(center, cholpon, make_approved(other_center))


def test_what_one_may_not_know_of_is_not_grouped(center, elmira):
    concern = give(make_concern(center), POLICE)

    with pytest.raises(ValidationError):
        open_problem(center, elmira, concern)


def test_a_concern_belongs_to_one_problem(center, cholpon):
    concern = make_concern(center)
    open_problem(center, cholpon, concern)

    with pytest.raises(ValidationError):
        open_problem(center, cholpon, concern)


def test_two_who_group_one_concern_at_once_make_no_error(center, cholpon):
    concern, faster = make_concern(center), open_problem(center, cholpon)
    others = [Group(problem=faster, concern=concern)]

    def just_before(execute, sql, *said):
        if others and sql.startswith('INSERT INTO "concerns_group"'):
            others.pop().save()
        return execute(sql, *said)

    with (
        connection.execute_wrapper(just_before),
        pytest.raises(ValidationError) as refused,
    ):
        open_problem(center, cholpon, concern)

    assert set(refused.value.message_dict) == {"concerns"}
    assert Problem.objects.get() == faster


def test_a_problem_is_not_opened_by_half(center, cholpon):
    with pytest.raises(ValidationError):
        open_problem(center, cholpon, confidential(center))
    assert not Problem.objects.exists()


def test_a_concern_that_turns_confidential_falls_out_at_once(center, cholpon):
    concern, other = make_concern(center), make_concern(center)
    problem = open_problem(center, cholpon, concern, other)

    actions.set_level(concern=concern, level=Level.CONFIDENTIAL, by=cholpon, version=0)

    page = read(cholpon, problem)
    assert other.number in page
    assert concern.number not in page
    desk = signed_in(cholpon).get(concern.get_desk_url()).content.decode()
    assert problem.number not in desk


@pytest.mark.usefixtures("jamila")
def test_a_concern_in_custody_falls_out_for_the_custodian_too(center, cholpon, jamila):
    concern = make_approved(center)
    problem = open_problem(center, cholpon, concern)

    actions.categorise(
        concern=concern, category=make_hidden_category(POLICE), by=cholpon, version=0
    )

    assert concern.number not in read(jamila, problem)


def test_what_one_does_not_see_is_not_taken_out_by_saving(center, cholpon):
    concern = make_concern(center)
    problem = open_problem(center, cholpon, concern)
    actions.set_level(concern=concern, level=Level.CONFIDENTIAL, by=cholpon, version=0)

    change(problem, cholpon)

    assert problem.groups.count() == 1


def test_its_own_concerns_are_offered_however_many_others_there_are(
    center, cholpon, monkeypatch
):
    monkeypatch.setattr(problem_forms, "OFFERED", 2)
    problem = open_problem(center, cholpon, own := make_concern(center))
    for _ in range(3):
        make_concern(center)

    form = signed_in(cholpon).get(path_of("edit_problem", problem)).context["form"]

    assert [reference for reference, _name in form.fields["concerns"].choices][0] == (
        own.reference
    )


def test_a_concern_is_taken_out_by_its_tick(center, cholpon):
    one, other = make_concern(center), make_concern(center)
    problem = open_problem(center, cholpon, one, other)

    change(problem, cholpon, other)

    assert [group.concern for group in problem.groups.all()] == [other]


def test_a_concerns_page_leads_to_its_problem(center, cholpon):
    concern = make_concern(center)
    problem = open_problem(center, cholpon, concern)

    html = signed_in(cholpon).get(concern.get_desk_url()).content.decode()

    assert path_of("problem", problem) in html


def test_a_member_reads_of_the_group_what_he_may_know_of(center, cholpon, nurlan):
    known, unknown = make_approved(center), make_concern(center)
    problem = open_problem(center, cholpon, known, unknown)

    page = read(nurlan, problem)

    assert known.number in page
    assert unknown.number not in page


# Causes


@pytest.mark.parametrize(
    ("who", "sides"),
    [
        ("cholpon", {"residents", "council", "police"}),
        ("elmira", {"residents", "council", "police"}),
        ("bakyt", {"police"}),
        ("nurlan", {"residents"}),
    ],
)
def test_each_side_speaks_for_itself_and_who_plans_for_all(
    who, sides, center, cholpon, request
):
    user = request.getfixturevalue(who)
    problem = open_problem(center, cholpon)

    for side in ("residents", "council", "police"):
        if side in sides:
            add_line(problem, user, side)
        else:
            with pytest.raises(PermissionDenied):
                add_line(problem, user, side)

    assert set(problem.lines.values_list("side", flat=True)) == sides


def test_a_line_is_written_by_the_form_and_read_in_both_languages(
    center, cholpon, bakyt
):
    problem = open_problem(center, cholpon)

    response = signed_in(bakyt).post(
        path_of("problem", problem),
        {"version": 0, "side": "police", "kind": "help"} | LINE,
    )

    assert response.status_code == 302
    assert LINE["text_ky"] in read(cholpon, problem)
    russian = signed_in(cholpon).get(f"/ru{path_of('problem', problem)}")
    assert LINE["text_ru"] in russian.content.decode()


def test_a_line_in_one_language_is_given_back_with_what_was_typed(center, cholpon):
    problem = open_problem(center, cholpon)

    response = signed_in(cholpon).post(
        path_of("problem", problem),
        {"version": 0, "side": "police", "kind": "help"} | LINE | {"text_ru": ""},
    )

    assert response.status_code == 422
    assert response.context["form"].errors.keys() == {"text_ru"}
    assert LINE["text_ky"] in response.content.decode()


def test_a_second_press_writes_no_second_line(center, cholpon):
    problem = open_problem(center, cholpon)
    sent = {"version": 0, "side": "police", "kind": "help"} | LINE
    browser = signed_in(cholpon)
    browser.post(path_of("problem", problem), sent)

    response = browser.post(path_of("problem", problem), sent)

    assert response.status_code == 409
    assert CauseLine.objects.count() == 1
    assert f'value="{now(problem).version}"' in response.content.decode()


def test_who_was_slower_keeps_what_was_typed(center, cholpon):
    problem = open_problem(center, cholpon)
    change(problem, cholpon)

    response = signed_in(cholpon).post(
        path_of("edit_problem", problem),
        {"version": 0, "title_ky": "Башкача", "title_ru": "Иначе"},
    )

    assert response.status_code == 409
    assert "Башкача" in response.content.decode()


def test_a_line_is_struck_out_by_its_side(center, cholpon, bakyt):
    problem = open_problem(center, cholpon)
    line = add_line(problem, cholpon, "police")

    signed_in(bakyt).post(
        path_of("remove_line", problem), {"version": 1, "line": line.pk}
    )

    assert not problem.lines.exists()


def test_a_line_of_another_side_stays(center, cholpon, bakyt):
    problem = open_problem(center, cholpon)
    line = add_line(problem, cholpon, "residents")

    response = signed_in(bakyt).post(
        path_of("remove_line", problem), {"version": 1, "line": line.pk}
    )

    assert response.status_code == 403
    assert problem.lines.exists()


@pytest.mark.parametrize("sent", [{}, {"line": "x", "version": "²"}])
def test_what_no_button_sends_strikes_out_nothing(sent, center, cholpon):
    problem = open_problem(center, cholpon)
    add_line(problem, cholpon)

    response = signed_in(cholpon).post(path_of("remove_line", problem), sent)

    assert response.status_code == 302
    assert problem.lines.exists()


def test_another_centres_coordinator_finds_nothing(center, cholpon, daniyar):
    problem = open_problem(center, cholpon)

    names = ["problem", "edit_problem", "remove_line"]
    browser = signed_in(daniyar)
    answers = {browser.get(path_of(name, problem)).status_code for name in names}

    assert answers == {404}


def test_an_observer_is_shown_nothing_of_it(center, cholpon, olga):
    problem = open_problem(center, cholpon)

    assert signed_in(olga).get(path_of("problem", problem)).status_code == 403


def test_a_problem_is_on_no_public_page(center, cholpon, client):
    concern = make_approved(center)
    problem = open_problem(center, cholpon, concern)

    pages = ["/mirmakhmudov/", "/mirmakhmudov/concerns/", concern.get_absolute_url()]
    html = "".join(client.get(path).content.decode() for path in pages)

    assert TITLE["title_ky"] not in html
    assert problem.number not in html
