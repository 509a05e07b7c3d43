"""The year's joint plan on the desk: its goals, its signatures, its results."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Prefetch, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from centers.pages import posted_from
from centers.permissions import Permission, can, need
from centers.views import find as find_served

from .. import actions
from ..forms.plan import (
    AmendForm,
    ArrangeForm,
    CorrectForm,
    GoalForm,
    ResultForm,
    SignForm,
    StrikeForm,
    WithdrawForm,
    YearForm,
)
from ..forms.planning import VersionForm
from ..models import Action, PlanVersion, Signature

SIGNED = ["office", "name", "signed_on"]


def keeps(request, center):
    return can(request.user, Permission.KEEP_PLAN, center)


def find_keeping(request, slug):
    """Return a centre whose plans this person writes."""
    center = find_served(request, slug)
    need(request.user, Permission.KEEP_PLAN, center)
    return center


def find(request, slug, year, permission=Permission.READ_SUMMARIES):
    """Return a plan, with its versions and who signed them, for who may read it."""
    plan = get_plan(request, slug, year)
    need(request.user, permission, plan.center)
    return plan


def get_plan(request, slug, year):
    center = find_served(request, slug)
    versions = PlanVersion.objects.select_related("withdrawn_by")
    versions = versions.prefetch_related("signatures")
    plans = center.plans.prefetch_related(Prefetch("versions", versions))
    plan = get_object_or_404(plans, year=year)
    plan.center = center
    return plan


def find_kept(request, slug, year):
    return find(request, slug, year, Permission.KEEP_PLAN)


def find_goal(request, slug, year, reference):
    """Return a goal of a plan, for those who write it; it may be taken out by now."""
    plan = get_plan(request, slug, year)
    goal = get_object_or_404(plan.goals, reference=reference)
    need(request.user, Permission.KEEP_PLAN, plan.center)
    goal.plan = plan
    return goal


# All of a centre


@require_safe
def plans(request, slug):
    center = find_served(request, slug)
    need(request.user, Permission.READ_SUMMARIES, center)
    return plans_page(request, center)


def plans_page(request, center, data=None):
    """Show the plans of a centre by their years, and how another one is begun."""
    size = Count("goals", filter=Q(goals__is_dropped=False))
    rows = list(center.plans.prefetch_related("versions").annotate(size=size))
    # Pressed twice, it leads to the plan that was begun.
    form = YearForm(data, taken=() if data else {plan.year for plan in rows})
    if form.is_valid():
        year = form.cleaned_data["year"]
        actions.begin_plan(center=center, year=year, by=request.user)
        messages.success(request, _("The plan is begun; now its goals."))
        return redirect("desk:year_plan", center.slug, year)
    return render(
        request,
        "desk/plans.html",
        {
            "center": center,
            "plans": rows,
            "form": form if keeps(request, center) and form.free else None,
        },
        status=422 if form.is_bound else 200,
    )


@posted_from("desk:plans", find_keeping)
def begin(request, slug):
    return plans_page(request, find_keeping(request, slug), request.POST)


# One of them


@require_safe
def plan(request, slug, year):
    return page(request, find(request, slug, year))


def page(request, plan, status=200, name="", form=None):
    """Show a plan; `form` is the one of what is called `name`, as it was sent."""
    last, may_keep = plan.last, keeps(request, plan.center)
    goals = list(plan.goals.select_related("source"))
    with_actions(goals, plan, request.user)
    offered = forms_for(plan, goals) if may_keep else {}
    lost = None
    if form is not None and name in offered:
        if status == 409:
            form.renew(offered[name].initial["version"])
        offered[name] = form
    elif form is not None:
        lost = form
    for goal in goals:
        goal.result_form = offered.get(f"result_{goal.reference}")
    for signature in last.signatures.all() if last else []:
        signature.form = offered.get(f"correct_{signature.office}")
        signature.may_be_struck = f"strike_{signature.office}" in offered
    in_force = plan.in_force
    leaving = [one for one in goals if one.is_dropped and one.reference in in_force]
    goals = [one for one in goals if not one.is_dropped]
    return render(
        request,
        "desk/year_plan.html",
        {
            "center": plan.center,
            "plan": plan,
            "goals": goals,
            "leaving": leaving,
            "last": last,
            "signed": plan.signed,
            "forms": offered,
            "lost": lost,
            "waits_for": waits_for(last),
            "may_keep": may_keep,
            "may_add": may_keep and plan.is_open and len(goals) < actions.MOST_GOALS,
            "is_stale": status == 409,
            "is_bare": form is not None and not form.words,
            "words": lost.words if lost else [],
            "is_wrong": status == 422,
        },
        status=status,
    )


def waits_for(version):
    """Return the names of the offices that have not signed the version that is up."""
    if version is None or not version.is_up:
        return []
    given = {one.office for one in version.signatures.all()}
    return [office.label for office in Signature.Office if office not in given]


def with_actions(goals, plan, user):
    """Give each goal the number of its actions that a person may see, and of the done.

    All by one question.
    """
    found = Action.objects.visible_to(user).filter(goal__plan=plan).order_by()
    done = Count("pk", filter=Q(finished_on__isnull=False))
    counts = {
        key: (number, ended)
        for key, number, ended in found.values_list("goal")
        .annotate(number=Count("pk"), done=done)
        .values_list("goal", "number", "done")
    }
    for goal in goals:
        goal.number_of_actions, goal.number_done = counts.get(goal.pk, (0, 0))


def forms_for(plan, goals):
    """Return what the coordinator may do now, each thing with its empty form."""
    last, seen = plan.last, {"version": plan.version}
    offered = {}
    if plan.is_open:
        offered["arrange"] = VersionForm(initial=seen)
        offered["up"] = VersionForm(initial=seen)
    elif last.is_up:
        of_version = {"version": last.version}
        offered["sign"] = SignForm(initial=of_version, auto_id="sign_%s")
        offered["withdraw"] = WithdrawForm(initial=of_version, auto_id="withdraw_%s")
    for signature in last.signatures.all() if last else []:
        name = f"correct_{signature.office}"
        said = {field: getattr(signature, field) for field in SIGNED}
        offered[name] = CorrectForm(initial=seen | said, auto_id=f"{name}_%s")
        if last.is_up:
            offered[f"strike_{signature.office}"] = VersionForm(initial=seen)
    if last and last.is_signed:
        why = {"reason_ky": plan.reason_ky, "reason_ru": plan.reason_ru}
        offered["amend"] = AmendForm(initial=seen | why, auto_id="amend_%s")
        if plan.is_amended:
            offered["leave"] = VersionForm(initial=seen, auto_id="leave_%s")
    today, in_force = timezone.localdate(), plan.in_force
    for goal in goals:
        if goal.reference in in_force:
            said = {"result": goal.result, "result_on": goal.result_on or today}
            offered[f"result_{goal.reference}"] = ResultForm(
                initial=seen | said, auto_id=f"result_{goal.reference}_%s"
            )
    return offered


def act(request, plan, name, form, do, done):
    """Do what a form asks; come back to the plan, or show it with what is wrong."""
    if form.is_valid():
        try:
            do(plan=plan, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        except actions.Stale:
            plan = find(request, plan.center.slug, plan.year)
            return page(request, plan, 409, name, form)
        else:
            messages.success(request, done)
            return redirect(plan.get_desk_url())
    plan = find(request, plan.center.slug, plan.year)
    return page(request, plan, 422, name, form)


@posted_from("desk:year_plan", find_kept)
def arrange(request, slug, year):
    plan = find_kept(request, slug, year)
    form = ArrangeForm(request.POST)
    return act(request, plan, "arrange", form, actions.arrange_goals, _("Saved."))


@posted_from("desk:year_plan", find_kept)
def put_up(request, slug, year):
    plan = find_kept(request, slug, year)
    done = _("It is up for signing: print it, and take it to the three offices.")
    form = VersionForm(request.POST)
    return act(request, plan, "up", form, actions.put_up_plan, done)


@posted_from("desk:year_plan", find_kept)
def sign(request, slug, year):
    plan = find_kept(request, slug, year)
    form = SignForm(request.POST, auto_id="sign_%s")
    done = _("The signature is recorded.")
    return act(request, plan, "sign", form, actions.sign_plan, done)


def office_in(data):
    """Return the office that a form names, or nothing where there is none such."""
    office = data.get("office")
    return office if office in Signature.Office.values else ""


@posted_from("desk:year_plan", find_kept)
def correct_signature(request, slug, year):
    plan = find_kept(request, slug, year)
    name = f"correct_{office_in(request.POST)}"
    form = CorrectForm(request.POST, auto_id=f"{name}_%s")
    done = _("The signature is corrected.")
    return act(request, plan, name, form, actions.correct_signature, done)


@posted_from("desk:year_plan", find_kept)
def strike_signature(request, slug, year):
    plan = find_kept(request, slug, year)
    form = StrikeForm(request.POST)
    name = f"strike_{office_in(request.POST)}"
    done = _("The signature is struck out.")
    return act(request, plan, name, form, actions.strike_signature, done)


@posted_from("desk:year_plan", find_kept)
def withdraw(request, slug, year):
    plan = find_kept(request, slug, year)
    form = WithdrawForm(request.POST, auto_id="withdraw_%s")
    done = _("It is withdrawn: the goals can be changed.")
    return act(request, plan, "withdraw", form, actions.withdraw_plan, done)


@posted_from("desk:year_plan", find_kept)
def amend(request, slug, year):
    plan = find_kept(request, slug, year)
    form = AmendForm(request.POST, auto_id="amend_%s")
    done = _("The goals can be changed. The signed plan stays until the next one.")
    return act(request, plan, "amend", form, actions.amend_plan, done)


@posted_from("desk:year_plan", find_kept)
def leave(request, slug, year):
    plan = find_kept(request, slug, year)
    form = VersionForm(request.POST, auto_id="leave_%s")
    done = _("The amendment is given up: the plan stays as it was signed.")
    return act(request, plan, "leave", form, actions.leave_plan, done)


@posted_from("desk:year_plan", find_goal, takes=["slug", "year"])
def set_result(request, slug, year, reference):
    goal = find_goal(request, slug, year, reference)
    name = f"result_{reference}"
    form = ResultForm(request.POST, auto_id=f"{name}_%s")
    do = partial(actions.set_result, goal=reference)
    return act(request, goal.plan, name, form, do, _("The result is written down."))


# One goal


@require_http_methods(["GET", "HEAD", "POST"])
def new_goal(request, slug, year):
    """Write a goal; one that comes from a problem begins with what was said of it."""
    plan = find_kept(request, slug, year)
    source = problem_in(request, plan.center)
    if request.method != "POST":
        initial = {"version": plan.version} | (words_of(source) if source else {})
        return goal_page(request, plan, GoalForm(initial=initial), source=source)
    do = partial(actions.add_goal, source=source)
    done = _("The goal is in the plan.")
    return write(request, plan, GoalForm(request.POST), do, done, source=source)


@require_http_methods(["GET", "HEAD", "POST"])
def goal(request, slug, year, reference):
    plan = get_plan(request, slug, year)
    goal = plan.goals.standing().filter(reference=reference).first()
    if goal is None:
        return taken_out(request, plan)
    need(request.user, Permission.KEEP_PLAN, plan.center)
    if request.method != "POST":
        said = {
            name: getattr(goal, name)
            for name in GoalForm.base_fields.keys() - {"version"}
        }
        form = GoalForm(initial=said | {"version": plan.version})
        return goal_page(request, plan, form, goal=goal)
    do = partial(actions.change_goal, goal=reference)
    form = GoalForm(request.POST)
    return write(request, plan, form, do, _("The goal is changed."), goal=goal)


def taken_out(request, plan):
    """Show the plan, and what was typed of a goal while another took it out of it."""
    form = GoalForm(request.POST)
    form.is_valid()
    is_current = form.cleaned_data.get("version", plan.version) == plan.version
    if is_current or not keeps(request, plan.center):
        raise Http404
    return page(request, plan, 409, form=form)


def write(request, plan, form, do, done, **of):
    status = 422
    if form.is_valid():
        version = form.cleaned_data["version"]
        try:
            do(plan=plan, by=request.user, version=version, **form.typed)
        except ValidationError as error:
            form.add_error(None, error)
        except actions.Stale:
            status, plan = 409, find(request, plan.center.slug, plan.year)
            if "goal" in of:
                # What stands there now, beside what was typed
                standing = plan.goals.standing().filter(pk=of["goal"].pk)
                of["stands"] = standing.first()
                if of["stands"] is None:
                    return page(request, plan, 409, form=form)
            form.renew(plan.version)
        else:
            messages.success(request, done)
            return redirect(plan.get_desk_url())
    return goal_page(request, plan, form, status, **of)


def goal_page(request, plan, form, status=200, **of):
    if not plan.is_open and not form.is_bound:
        # There is nothing to write in: the plan says what to do first.
        return redirect(plan.get_desk_url())
    context = {"center": plan.center, "plan": plan, "form": form}
    context |= {"is_stale": status == 409}
    return render(request, "desk/goal_form.html", context | of, status=status)


def problem_in(request, center):
    """Return the problem of the centre from which a goal is written, if from one."""
    # Without the one character that PostgreSQL does not take
    reference = request.GET.get("problem", "").replace("\0", "")
    if not reference:
        return None
    problem = center.problems.filter(reference=reference).first()
    if problem is None:
        raise Http404
    problem.center = center
    return problem


def words_of(problem):
    """Return what the members wrote of a problem: its title and its causes."""
    causes = [line for line in problem.lines.all() if line.kind == "cause"]
    words = {"problem_ky": problem.title_ky, "problem_ru": problem.title_ru}
    for code in ("ky", "ru"):
        said = " ".join(getattr(line, f"text_{code}") or "" for line in causes)
        words[f"cause_{code}"] = Truncator(said.strip()).chars(300)
    return words


@require_safe
def paper(request, slug, year, number):
    """One version as it was put up: to print, to sign, to read again."""
    plan = get_plan(request, slug, year)
    version = next((one for one in plan.versions.all() if one.version == number), None)
    if version is None:
        raise Http404
    need(request.user, Permission.READ_SUMMARIES, plan.center)
    version.plan = plan
    given = {one.office: one for one in version.signatures.all()}
    offices = [(office.label, given.get(office)) for office in Signature.Office]
    return render(
        request,
        "desk/plan_paper.html",
        {
            "center": plan.center,
            "plan": plan,
            "version": version,
            "offices": offices,
        },
    )
