"""The year's joint prevention plan: written, signed by three offices, read by all."""

from datetime import timedelta
from functools import partial
from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from centers.models import JournalEntry
from concerns.models import Problem
from meetings import actions
from meetings.models import Goal, Plan

from .factories import (
    make_approved,
    partner_of,
    put_on_agenda,
    signed_in,
)
from .planning import held_meeting, promise
from .plans import (
    TODAY,
    WORDS,
    YEAR,
    add_goal,
    begin,
    being_amended,
    now,
    path,
    put_up,
    read,
    sign,
    signed_plan,
    signed_version,
    told,
)

pytestmark = pytest.mark.django_db


def goals_of(plan):
    return list(plan.goals.standing().values_list("text_ky", flat=True))


def serve(action, goal, by):
    version = now(action).version
    return actions.serve_goal(action=action, goal=goal, by=by, version=version)


# Writing it


def test_the_coordinator_begins_it_and_writes_its_goals(center, cholpon):
    browser = signed_in(cholpon)

    browser.post(reverse("desk:begin_plan", args=[center.slug]), {"year": YEAR})
    plan = Plan.objects.get()
    answer = browser.post(path("new_goal", plan), WORDS | {"version": 0})

    assert answer["Location"] == plan.get_desk_url()
    goal = plan.goals.get()
    assert {name: getattr(goal, name) for name in WORDS} == WORDS


def test_words_are_no_figure(center, cholpon):
    plan = begin(center, cholpon)
    sent = WORDS | {"version": 0, "target": "азыраак"}

    answer = signed_in(cholpon).post(path("new_goal", plan), sent)

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["target"]


@pytest.mark.parametrize("who", ["elmira", "bakyt", "nurlan"])
def test_the_members_read_a_draft_and_write_nothing(who, center, cholpon, request):
    plan = begin(center, cholpon)
    goal = add_goal(plan, cholpon)
    member = request.getfixturevalue(who)

    page = signed_in(member).get(plan.get_desk_url()).content.decode()

    assert goal.text_ky in page
    assert 'method="post" action="/desk/centers' not in page
    with pytest.raises(PermissionDenied):
        add_goal(plan, member)
    with pytest.raises(PermissionDenied):
        put_up(plan, member)


def test_goals_are_put_in_order_and_taken_out(center, cholpon):
    plan = begin(center, cholpon)
    first, second = (add_goal(plan, cholpon) for _ in range(2))
    browser, address = signed_in(cholpon), path("arrange_plan", plan)

    browser.post(address, {"goal": second.reference, "do": "up", "version": 2})
    assert goals_of(plan) == [second.text_ky, first.text_ky]
    browser.post(address, {"goal": second.reference, "do": "remove", "version": 3})

    assert goals_of(plan) == [first.text_ky]
    assert Goal.objects.count() == 1


def test_one_goal_too_many_is_refused(center, cholpon):
    plan = begin(center, cholpon)
    for _ in range(actions.MOST_GOALS):
        add_goal(plan, cholpon)

    with pytest.raises(ValidationError):
        add_goal(plan, cholpon)


def test_pressed_twice_it_is_one_goal(center, cholpon):
    plan = begin(center, cholpon)
    once = actions.add_goal(plan=plan, by=cholpon, version=0, **WORDS)
    twice = actions.add_goal(plan=plan, by=cholpon, version=0, **WORDS)

    assert once == twice


def test_who_was_slower_sees_what_the_other_wrote_and_keeps_her_words(center, cholpon):
    plan = begin(center, cholpon)
    goal = add_goal(plan, cholpon)
    change = partial(actions.change_goal, plan=plan, goal=goal.reference, by=cholpon)
    change(version=1, **WORDS | {"text_ky": "Башканын сөзү"})
    mine = WORDS | {"text_ky": "Менин сөзүм", "version": 1}

    answer = signed_in(cholpon).post(path("goal", plan, goal.reference), mine)

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Башканын сөзү" in page
    assert "Менин сөзүм" in page
    mine["version"] = answer.context["form"]["version"].value()
    signed_in(cholpon).post(path("goal", plan, goal.reference), mine)
    assert now(goal).text_ky == "Менин сөзүм"


def test_a_problem_of_the_partners_begins_a_goal(center, cholpon, bakyt):
    plan = begin(center, cholpon)
    problem = Problem.objects.create(
        center=center, title_ky="Көчө караңгы", title_ru="Темно", by=cholpon
    )
    said = {"text_ky": "Чырак эски", "text_ru": "Фонари старые", "by": bakyt}
    problem.lines.create(kind="cause", side="police", **said)
    browser = signed_in(cholpon)
    address = f"{path('new_goal', plan)}?problem={problem.reference}"

    assert address in browser.get(problem.get_desk_url()).content.decode()
    initial = browser.get(address).context["form"].initial
    browser.post(address, WORDS | {"version": 0})

    assert (initial["problem_ky"], initial["cause_ru"]) == (
        "Көчө караңгы",
        "Фонари старые",
    )
    assert plan.goals.get().source == problem


def test_a_problem_of_another_centre_begins_none(
    center, other_center, cholpon, daniyar
):
    plan = begin(center, cholpon)
    foreign = Problem.objects.create(center=other_center, title_ky="Ж", by=daniyar)
    address = f"{path('new_goal', plan)}?problem={foreign.reference}"

    assert signed_in(cholpon).get(address).status_code == 404
    with pytest.raises(ValidationError):
        add_goal(plan, cholpon, source=foreign)


# What everyone reads


def test_a_plan_that_is_not_signed_is_nobody_s_to_read(center, cholpon):
    plan = begin(center, cholpon)
    goal = add_goal(plan, cholpon)
    assert goal.text_ky not in told(center)

    version = put_up(plan, cholpon)
    sign(version, cholpon, "police")
    sign(version, cholpon, "council")

    page = told(center)
    assert goal.text_ky not in page
    assert "Кадыров Азамат" not in page


def test_everyone_reads_the_signed_plan_with_its_actions(center, cholpon):
    goal = signed_plan(center, cholpon)
    action, other = promise(center), promise(center, text_ky="Башка иш")
    serve(action, goal, cholpon)

    page = read(center)

    for said in (
        *(goal.text_ky, "Мал уурулугу", "Жайыт кайтарылбайт", "Жылдагы уурулуктар"),
        *("38", "20", "Кадыров Азамат", "айылдык кеңештин төрагасы".capitalize()),
    ):
        assert said in page.content.decode()
    [shown] = page.context["goals"]
    assert (shown.listed, page.context["others"]) == ([action], [other])


def test_what_it_says_is_what_was_signed_and_what_was_reached_since(center, cholpon):
    goal = signed_plan(center, cholpon)
    Goal.objects.update(text_ky="Кийин жазылган")
    sent = {"result": "17", "result_on": TODAY, "version": now(goal.plan).version}

    signed_in(cholpon).post(path("goal_result", goal.plan, goal.reference), sent)

    page = told(center)
    assert goal.text_ky in page
    assert "Кийин жазылган" not in page
    assert "<b>17</b>" in page


def test_a_result_waits_for_the_signatures_and_for_its_day(center, cholpon):
    plan = begin(center, cholpon)
    goal = add_goal(plan, cholpon)
    reach = partial(
        actions.set_result, plan=plan, goal=goal.reference, result="17", by=cholpon
    )
    with pytest.raises(ValidationError):
        reach(result_on=TODAY, version=now(plan).version)
    signed_version(plan, cholpon)

    for day in (
        TODAY + timedelta(days=1),
        TODAY.replace(month=12, day=31, year=YEAR - 1),
    ):
        with pytest.raises(ValidationError):
            reach(result_on=day, version=now(plan).version)


def test_an_amendment_says_why_and_takes_its_place_when_it_is_signed(center, cholpon):
    goal = signed_plan(center, cholpon)
    plan = goal.plan
    reason = {"reason_ky": "Көпүрө кулады", "reason_ru": "Мост рухнул"}
    reason["version"] = now(plan).version
    signed_in(cholpon).post(path("amend_plan", plan), reason)
    actions.arrange_goals(
        plan=plan,
        goal=goal.reference,
        do="remove",
        by=cholpon,
        version=now(plan).version,
    )
    new = add_goal(plan, cholpon)
    assert goal.text_ky in told(center)
    assert new.text_ky not in told(center)

    signed_version(plan, cholpon)

    page = told(center)
    assert goal.text_ky not in page
    assert new.text_ky in page
    assert "Көпүрө кулады" in page
    assert not now(plan).is_amended
    assert JournalEntry.objects.filter(kind="plan_amended").count() == 1


def test_a_plan_in_force_is_not_changed_without_a_reason(center, cholpon):
    goal = signed_plan(center, cholpon)

    with pytest.raises(ValidationError):
        add_goal(goal.plan, cholpon)
    with pytest.raises(actions.Stale):
        actions.amend_plan(
            plan=goal.plan, version=2, reason_ky="а", reason_ru="б", by=cholpon
        )


def test_it_is_narrowed_to_a_problem_and_to_what_serves_none(center, cholpon):
    goal = signed_plan(center, cholpon)
    action, other = promise(center), promise(center)
    serve(action, goal, cholpon)

    assert read(center, goal=goal.reference).context["actions"] == [action]
    assert read(center, goal="none").context["actions"] == [other]


def test_of_another_year_its_own_plan_is_read(center, cholpon):
    past = signed_plan(center, cholpon, YEAR - 1)
    goal = signed_plan(center, cholpon)
    coming = signed_plan(center, cholpon, YEAR + 1)
    action = promise(center)
    serve(action, past, cholpon)

    assert goal.text_ky in told(center)
    page = read(center, year=YEAR - 1)
    assert past.text_ky in page.content.decode()
    assert page.context["actions"] == [action]
    assert coming.text_ky in told(center, year=YEAR + 1)


def test_what_is_said_of_a_year_is_of_that_year(center, cholpon):
    signed_plan(center, cholpon)
    own = promise(center, due_on=TODAY)
    other = promise(center, due_on=TODAY.replace(year=YEAR - 2, day=1))

    page, everything = read(center), read(center, year="all")

    assert page.context["actions"] == [own]
    assert page.context["figures"]["all"] == 1
    assert page.context["form"]["year"].value() == str(YEAR)
    assert everything.context["actions"] == [other, own]
    assert f"{YEAR}-жылга" not in everything.content.decode()
    assert everything.context["signed"] is None


def test_a_year_of_which_nothing_is_in_force_yet_is_not_offered(center, cholpon):
    signed_plan(center, cholpon)
    plan = begin(center, cholpon, YEAR + 1)
    add_goal(plan, cholpon)
    sign(put_up(plan, cholpon), cholpon, "police")

    choices = read(center).context["form"].fields["year"].choices

    assert [year for year, _name in choices] == ["all", str(YEAR)]


def test_the_sheet_is_whole(center, cholpon):
    plan = begin(center, cholpon)
    served, other = (add_goal(plan, cholpon) for _ in range(2))
    signed_version(plan, cholpon)
    action = promise(center, due_on=TODAY)
    serve(action, served, cholpon)
    reach(other, cholpon)
    address = reverse("meetings:plan_sheet", args=[center.slug])

    answer = Client().get(address)

    _names, *rows = load_workbook(BytesIO(answer.content)).active.values
    said = ("Мал уурулугу", "Жайыт кайтарылбайт")
    counted = ("Жылдагы уурулуктар", "38", "20")
    assert [row[:6] for row in rows] == [
        (*said, served.text_ky, *counted),
        (*said, other.text_ky, *counted),
    ]
    assert [row[8] for row in rows] == [action.text_ky, None]
    assert (rows[1][6], rows[1][7].date()) == ("17", TODAY)
    narrowed = load_workbook(BytesIO(Client().get(address, {"state": "done"}).content))
    assert narrowed.active.max_row == 1


@pytest.mark.parametrize("number", [1, 10])
def test_a_full_plan_asks_as_much_as_a_small_one(
    number, center, cholpon, django_assert_max_num_queries
):
    plan = begin(center, cholpon)
    meeting = held_meeting(center)
    for _ in range(number):
        goal, concern = add_goal(plan, cholpon), make_approved(center)
        action = promise(center, concern, meeting=meeting)
        action.co_executors.add(partner_of(center, "police"))
        serve(action, goal, cholpon)
    signed_version(plan, cholpon)
    browser = signed_in(cholpon)
    browser.get(plan.get_desk_url())

    with django_assert_max_num_queries(8):
        assert len(read(center).context["goals"]) == number
    with django_assert_max_num_queries(8):
        assert len(browser.get(plan.get_desk_url()).context["goals"]) == number


# The actions that serve it


def test_an_action_is_given_its_goal_on_its_page(center, cholpon, elmira):
    goal, action = signed_plan(center, cholpon), promise(center)
    browser = signed_in(elmira)

    sent = {"goal": goal.reference, "version": 0}
    browser.post(reverse("desk:act_on", args=[action.reference, "goal"]), sent)

    page = browser.get(action.get_desk_url()).content.decode()
    assert now(action).goal == goal
    assert f"{YEAR}, № 1" in page
    assert goal.text_ky in page


def test_an_action_serves_no_goal_of_another_centre(
    center, other_center, cholpon, elmira, daniyar
):
    foreign, action = signed_plan(other_center, daniyar), promise(center)

    sent = {"goal": foreign.reference, "version": 0}
    address = reverse("desk:act_on", args=[action.reference, "goal"])
    assert signed_in(elmira).post(address, sent).status_code == 422
    with pytest.raises(ValidationError):
        serve(action, foreign, elmira)


def test_who_keeps_no_meetings_gives_no_goal(center, cholpon, bakyt):
    goal = signed_plan(center, cholpon)
    action = promise(center, partner=partner_of(center, "police"))

    with pytest.raises(PermissionDenied):
        serve(action, goal, bakyt)


def test_the_desk_counts_no_action_that_this_person_may_not_see(
    center, cholpon, nurlan
):
    goal = signed_plan(center, cholpon)
    item = put_on_agenda(held_meeting(center), make_approved(center))
    hidden = promise(center, meeting=item.meeting)
    serve(hidden, goal, cholpon)
    meeting = item.meeting
    meeting.ended_at = None
    meeting.save()

    page = signed_in(nurlan).get(goal.plan.get_desk_url())

    assert page.context["goals"][0].number_of_actions == 0


# What stands while it is changed


def take_out(goal, by):
    version = now(goal.plan).version
    arrange = partial(actions.arrange_goals, plan=goal.plan, do="remove", by=by)
    arrange(goal=goal.reference, version=version)


def reach(goal, by, result="17", result_on=TODAY):
    return actions.set_result(
        plan=goal.plan,
        goal=goal.reference,
        result=result,
        result_on=result_on,
        by=by,
        version=now(goal.plan).version,
    )


def test_who_wrote_a_result_and_what_stood_there_is_kept(center, cholpon):
    goal = signed_plan(center, cholpon)
    for result in ("17", "17", "18"):
        reach(goal, cholpon, result)

    entries = JournalEntry.objects.filter(kind="plan_result_written").order_by("number")

    assert [(entry.by_id, entry.detail) for entry in entries] == [
        (cholpon.pk, {"goal": goal.reference, "from": before, "to": after})
        for before, after in (
            ("", f"17 ({TODAY})"),
            (f"17 ({TODAY})", f"18 ({TODAY})"),
        )
    ]


def test_a_result_is_of_what_is_signed_whatever_is_being_written(center, cholpon):
    goal = being_amended(center, cholpon)
    take_out(goal, cholpon)
    new = add_goal(goal.plan, cholpon)
    address = path("goal_result", goal.plan, goal.reference)
    browser = signed_in(cholpon)
    sent = {"result": "17", "result_on": TODAY, "version": now(goal.plan).version}

    assert address in browser.get(goal.plan.get_desk_url()).content.decode()
    assert browser.post(address, sent).status_code == 302

    assert "<b>17</b>" in told(center)
    with pytest.raises(ValidationError):
        reach(new, cholpon)


def test_a_goal_that_an_action_serves_stays_with_it(center, cholpon):
    plan, action = begin(center, cholpon), promise(center)
    goal = add_goal(plan, cholpon)
    serve(action, goal, cholpon)

    take_out(goal, cholpon)

    assert now(action).goal == goal
    assert goals_of(plan) == []


def test_what_was_taken_out_meanwhile_is_served_by_no_action(center, cholpon):
    plan, action = begin(center, cholpon), promise(center)
    gone, dropped = (add_goal(plan, cholpon) for _ in range(2))
    take_out(gone, cholpon)
    Goal.objects.filter(pk=dropped.pk).update(is_dropped=True)

    for goal in (gone, dropped):
        with pytest.raises(ValidationError):
            serve(action, goal, cholpon)

    assert not action.changes.exists()


def test_the_history_of_an_action_names_a_goal_wherever_it_moves(center, cholpon):
    plan, action = begin(center, cholpon), promise(center)
    goal = add_goal(plan, cholpon, text_ky="Көчө жарык болот" * 10)

    serve(action, goal, cholpon)

    line = action.changes.get()
    assert line.new.startswith(f"{YEAR}: Көчө жарык болот")
    assert len(line.new) == 120


def test_a_signature_of_what_was_withdrawn_is_not_recorded_again(center, cholpon):
    plan = begin(center, cholpon)
    add_goal(plan, cholpon)
    version = put_up(plan, cholpon)
    sign(version, cholpon, "police")
    actions.withdraw_plan(plan=plan, version=1, by=cholpon, words="Ката")

    with pytest.raises(actions.Stale):
        sign(version, cholpon, "police")


def test_pressing_twice_is_not_for_who_has_left(center, cholpon):
    plan = begin(center, cholpon)
    add_goal(plan, cholpon, text_ky="Бир жолу")
    cholpon.memberships.update(ended_at=timezone.now())

    with pytest.raises(PermissionDenied):
        add_goal(plan, cholpon, text_ky="Бир жолу")


def test_what_was_typed_of_a_goal_that_is_gone_is_kept(center, cholpon):
    goal = add_goal(begin(center, cholpon), cholpon)
    seen = now(goal.plan).version
    take_out(goal, cholpon)
    typed = WORDS | {"text_ky": "Менин сөзүм", "version": seen}
    address = path("goal", goal.plan, goal.reference)

    answer = signed_in(cholpon).post(address, typed)

    assert answer.status_code == 409
    assert "Менин сөзүм" in answer.content.decode()
    assert signed_in(cholpon).get(address).status_code == 404


def test_an_amendment_is_given_up_and_the_plan_is_as_it_was_signed(center, cholpon):
    goal = being_amended(center, cholpon)
    plan, browser = goal.plan, signed_in(cholpon)
    change = partial(actions.change_goal, plan=plan, goal=goal.reference, by=cholpon)
    change(version=now(plan).version, **WORDS | {"text_ky": "Башкача", "baseline": ""})
    take_out(goal, cholpon)
    add_goal(plan, cholpon)
    mended = {"reason_ky": "Көпүрө", "reason_ru": "Мост", "version": now(plan).version}

    browser.post(path("amend_plan", plan), mended)
    assert now(plan).reason_ky == "Көпүрө"
    browser.post(path("leave_plan", plan), {"version": now(plan).version})

    [left] = plan.goals.standing()
    assert (left.reference, left.text_ky) == (goal.reference, goal.text_ky)
    assert left.baseline == "38"
    assert not now(plan).is_open
    kinds = JournalEntry.objects.filter(kind__startswith="plan_amend")
    assert [entry.kind for entry in kinds.order_by("number")] == [
        *("plan_amended", "plan_amendment_left")
    ]
