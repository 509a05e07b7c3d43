"""What several concerns have in common: found, named and talked over together."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from centers.pages import posted_from
from centers.paging import cut, page_number
from centers.permissions import Permission, can, need
from centers.views.desk import find as find_served

from .. import actions
from ..actions.problems import sides_of
from ..forms import LineForm, ProblemForm
from ..models import Problem


def find_center(request, slug):
    """Return a centre whose problems this person may read."""
    center = find_served(request, slug)
    need_member(request, center)
    return center


def need_member(request, center):
    need(request.user, Permission.READ_SUMMARIES, center)


def find(request, slug, reference):
    center = find_served(request, slug)
    problem = get_object_or_404(center.problems, reference=reference)
    problem.center = center
    need_member(request, center)
    return problem


def may_plan(request, center):
    return can(request.user, Permission.SCHEDULE_MEETING, center)


@require_safe
def problems(request, slug):
    center = find_center(request, slug)
    number = page_number(request)
    rows, following = cut(center.problems.all(), number, size=25)
    return render(
        request,
        "desk/problems.html",
        {
            "center": center,
            "problems": rows,
            "page": number,
            "next": following,
            "may_plan": may_plan(request, center),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def new(request, slug):
    center = find_center(request, slug)
    if not may_plan(request, center):
        raise PermissionDenied
    form = ProblemForm(request.POST or None, center=center, by=request.user)
    if request.method == "POST" and form.is_valid():
        words = {k: v for k, v in form.cleaned_data.items() if k != "version"}
        try:
            problem = actions.open_problem(center=center, by=request.user, **words)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The problem is written down."))
            return redirect("desk:problem", slug, problem.reference)
    return edit_page(request, center, form)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request, slug, reference):
    problem = find(request, slug, reference)
    if not may_plan(request, problem.center):
        raise PermissionDenied
    of = {"center": problem.center, "by": request.user, "problem": problem}
    if request.method != "POST":
        return edit_page(request, problem.center, ProblemForm(**of), problem)
    form = ProblemForm(request.POST, **of)
    if form.is_valid():
        try:
            actions.change_problem(
                problem=problem, by=request.user, **form.cleaned_data
            )
        except ValidationError as error:
            form.add_error(None, error)
        except actions.Stale:
            return edit_page(request, problem.center, renewed(form, problem), problem)
        else:
            messages.success(request, _("Saved."))
            return redirect("desk:problem", slug, reference)
    return edit_page(request, problem.center, form, problem)


def renewed(form, problem):
    """Give a form the problem's version of now; what was typed stays in it."""
    form.data = form.data.copy()
    form.data["version"] = Problem.objects.only("version").get(pk=problem.pk).version
    form.is_stale = True
    return form


def status_of(form):
    if getattr(form, "is_stale", False):
        return 409
    return 422 if form.is_bound else 200


def edit_page(request, center, form, problem=None):
    status = status_of(form)
    return render(
        request,
        "desk/problem_form.html",
        {
            "center": center,
            "problem": problem,
            "form": form,
            "is_stale": status == 409,
        },
        status=status,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def problem(request, slug, reference):
    """One problem: its concerns, its causes, what would help; and a line more."""
    problem = find(request, slug, reference)
    of = {"problem": problem, "by": request.user}
    if request.method != "POST":
        return problem_page(request, problem, LineForm(**of))
    form = LineForm(request.POST, **of)
    if form.is_valid():
        try:
            actions.add_line(**of, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        except actions.Stale:
            return problem_page(request, problem, renewed(form, problem))
        else:
            messages.success(request, _("Saved."))
            return redirect("desk:problem", slug, reference)
    return problem_page(request, problem, form)


def problem_page(request, problem, form):
    status = status_of(form)
    lines = list(problem.lines.select_related("by"))
    own = sides_of(request.user, problem.center)
    concerns = problem.concerns_for(request.user).in_rows()
    return render(
        request,
        "desk/problem.html",
        {
            "center": problem.center,
            "problem": problem,
            "concerns": concerns.order_by("-pk"),
            "causes": [line for line in lines if line.kind == "cause"],
            "helps": [line for line in lines if line.kind == "help"],
            "own_sides": own,
            "may_plan": may_plan(request, problem.center),
            "form": form,
            "is_stale": status == 409,
        },
        status=status,
    )


@posted_from("desk:problem", find)
def remove_line(request, slug, reference):
    problem = find(request, slug, reference)
    sent = [request.POST.get(name, "") for name in ("line", "version")]
    if not all(text.isdecimal() and len(text) < 10 for text in sent):
        return redirect("desk:problem", slug, reference)
    line, version = map(int, sent)
    try:
        actions.remove_line(
            problem=problem, line=line, by=request.user, version=version
        )
    except actions.Stale:
        messages.warning(request, _("Somebody changed it meanwhile: look again."))
    else:
        messages.success(request, _("The line is struck out."))
    return redirect("desk:problem", slug, reference)
