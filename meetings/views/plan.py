"""The joint plan that everyone reads: goals, who does what by when, what came of it.

Of the year's plan that is what the three offices signed, with its results.
"""

from itertools import groupby

from django import forms
from django.db.models import Q
from django.db.models.functions import ExtractYear
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_safe

from centers.models import Partner
from centers.pages import find_center, public_page
from centers.paging import PAGE_SIZE, cut, page_number
from centers.sheets import sheet_page

from ..models import Action, ActionPhoto, AgendaItem, Goal, Signature

# Of a year's plan: what is longer is no sheet that anybody reads.
LONGEST_SHEET = 5000
COLUMNS = [
    gettext_lazy("Problem"),
    gettext_lazy("Cause"),
    gettext_lazy("Goal"),
    gettext_lazy("What is counted"),
    gettext_lazy("Figure at the beginning"),
    gettext_lazy("Figure to reach"),
    gettext_lazy("Figure that was reached"),
    gettext_lazy("As of the day"),
    gettext_lazy("What to do"),
    gettext_lazy("What it answers"),
    gettext_lazy("Responsible"),
    gettext_lazy("Together with"),
    gettext_lazy("By when"),
    gettext_lazy("Done on"),
    gettext_lazy("State"),
    gettext_lazy("Source of funding"),
    gettext_lazy("Sign of success"),
    gettext_lazy("Decided on"),
]
# What is asked for by name, where nothing said is the year of the plan in force
ALL = "all"
NO_GOAL = "none"


class PlanForm(forms.Form):
    """Of which year, for which problem, of which side, in which state."""

    STATES = {
        "overdue": lambda actions: actions.overdue(),
        "open": lambda actions: actions.running(),
        "done": lambda actions: actions.filter(finished_on__isnull=False),
        "confirmed": lambda actions: actions.filter(status=Action.Status.CONFIRMED),
        "not_done": lambda actions: actions.filter(status=Action.Status.NOT_DONE),
    }

    year = forms.ChoiceField(label=gettext_lazy("Year"), required=False)
    goal = forms.ChoiceField(label=gettext_lazy("Problem"), required=False)
    side = forms.ChoiceField(
        label=gettext_lazy("Responsible"),
        choices=[
            ("", gettext_lazy("All")),
            *(kind for kind in Partner.Kind.choices if kind[0] != "supporter"),
        ],
        required=False,
    )
    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        choices=[
            ("", gettext_lazy("All")),
            ("overdue", gettext_lazy("Overdue")),
            ("open", gettext_lazy("In progress")),
            ("done", gettext_lazy("Done")),
            ("confirmed", gettext_lazy("Done and confirmed")),
            ("not_done", gettext_lazy("Not done")),
        ],
        required=False,
    )

    def __init__(self, asked, *, years, signed):
        names = [str(year) for year in years]
        self.goals = signed.goals if signed else []
        self.is_of_year_asked = asked.get("year") in [ALL, *names]
        if not self.is_of_year_asked:
            asked = asked.dict() | {"year": str(signed.year) if signed else ALL}
        super().__init__(asked)
        self.fields["year"].choices = [(ALL, _("All")), *zip(names, names, strict=True)]
        self.fields["goal"].choices = [
            ("", _("All")),
            *((goal.reference, goal.problem) for goal in self.goals),
            (NO_GOAL, _("Without a goal")),
        ]
        if not self.goals:
            del self.fields["goal"]

    def chosen(self, actions):
        """Return the actions of the year; what is no choice chooses nothing.

        Of a year is what is due in it, and what serves a goal of its plan.
        """
        self.is_valid()
        references = [goal.reference for goal in self.goals]
        if not self.is_of_all_years:
            due = Q(due_on__year=int(self.cleaned_data["year"]))
            actions = actions.filter(due | Q(goal__reference__in=references))
        goal = self.cleaned_data.get("goal")
        if goal == NO_GOAL:
            actions = actions.filter(Q(goal=None) | ~Q(goal__reference__in=references))
        elif goal:
            actions = actions.filter(goal__reference=goal)
        if side := self.cleaned_data.get("side"):
            actions = actions.filter(partner__kind=side)
        return actions

    def in_state(self, actions):
        state = self.cleaned_data.get("state")
        return self.STATES[state](actions) if state else actions

    @property
    def is_of_all_years(self):
        return self.cleaned_data["year"] == ALL

    @property
    def is_narrowed(self):
        return self.is_of_year_asked or self.is_narrowed_within

    @property
    def is_narrowed_within(self):
        """Tell whether it leaves out any action of the year."""
        return any(v for name, v in self.cleaned_data.items() if name != "year")


class Signed:
    """The plan of a year in force: its words as signed, its results of today."""

    def __init__(self, version, signatures):
        self.version, self.signatures = version, signatures
        self.year, self.goals = version.plan.year, version.goals

    def bring(self, actions):
        """Give each goal its own of these actions, and return the rest of them."""
        keys = {goal.pk for goal in self.goals}
        for goal in self.goals:
            goal.listed = [one for one in actions if one.goal_id == goal.pk]
        return [one for one in actions if one.goal_id not in keys]


def in_force(center, most=None, **of):
    """Return the plans of a centre that everyone reads, the newest first."""
    signatures = Signature.objects.public().filter(version__plan__center=center, **of)
    signatures = signatures.order_by("-version__plan__year", "signed_on", "pk")
    if most:
        signatures = signatures[: most * len(Signature.Office)]
    return [
        Signed(version, list(group))
        for version, group in groupby(signatures, lambda one: one.version)
    ]


def bring_results(center, plans):
    """Give each goal of these, frozen as it is, its key and what was reached."""
    rows = {row.reference: row for row in Goal.objects.filter(plan__center=center)}
    for one in plans:
        for goal in one.goals:
            row = rows[goal.reference]
            goal.pk, goal.result, goal.result_on = row.pk, row.result, row.result_on


def plan_of(request, center):
    """Return the plan of the year that is asked for, or of this one; None without."""
    year = request.GET.get("year", "")
    if year == ALL:
        return None
    if year.isdecimal() and len(year) == 4:
        plans = in_force(center, 1, version__plan__year=int(year))
    else:
        this_year = timezone.localdate().year
        plans = in_force(center, 1, version__plan__year__lte=this_year)
    return plans[0] if plans else None


def years_of(center, actions):
    """Return the years of which there is anything to read, the newest first."""
    due = actions.order_by().annotate(of=ExtractYear("due_on")).values_list("of")
    signed = Signature.objects.public().filter(version__plan__center=center)
    signed = signed.order_by().values_list("version__plan__year")
    # PostgreSQL takes a year out of a day as a decimal.
    return sorted((int(year) for (year,) in due.union(signed)), reverse=True)


def planned(request, center, signed):
    """Return the form, the actions of the year and side, and those in the state."""
    actions = Action.objects.public().filter(partner__center=center)
    form = PlanForm(request.GET, years=years_of(center, actions), signed=signed)
    chosen = form.chosen(actions)
    return form, chosen, form.in_state(chosen)


@require_safe
@public_page
def plan(request, slug):
    center = find_center(request, slug)
    signed = plan_of(request, center)
    form, chosen, found = planned(request, center, signed)
    if signed:
        bring_results(center, [signed])
    goals = signed.goals if signed else []
    number = page_number(request)
    found = found.in_plan([goal.pk for goal in goals])
    # The words of each goal weigh as much as those of an action.
    rows, following = cut(found, number, size=PAGE_SIZE - len(goals))
    others = signed.bring(rows) if signed else rows
    is_whole = number == 1 and not form.is_narrowed_within
    return render(
        request,
        "meetings/plan.html",
        {
            "center": center,
            "form": form,
            "figures": chosen.figures(),
            "signed": signed,
            "goals": [goal for goal in goals if goal.listed or is_whole],
            "is_whole": is_whole,
            "actions": rows,
            "others": others,
            "page": number,
            "next": following,
        },
    )


@require_safe
@public_page
def sheet(request, slug):
    """The same as a sheet for Excel, whole; a goal without an action has a row too."""
    center = find_center(request, slug)
    signed = plan_of(request, center)
    form, _chosen, found = planned(request, center, signed)
    plans = in_force(center)
    bring_results(center, plans)
    goals = {goal.pk: goal for one in plans for goal in one.goals}
    actions = found.in_plan()[:LONGEST_SHEET]
    rows = [[*of_goal(goals.get(one.goal_id)), *of_action(one)] for one in actions]
    if not form.is_narrowed_within:
        served = {one.goal_id for one in actions}
        rows += [
            of_goal(goal)
            for one in plans
            if form.is_of_all_years or signed and one.year == signed.year
            for goal in one.goals
            if goal.pk not in served
        ]
    name = f"plan-{center.slug}.xlsx"
    return sheet_page(name, pgettext("meetings", "Plan"), COLUMNS, rows)


@require_safe
@public_page
def action(request, slug, reference):
    """One action and its whole chain, from what was raised to who confirmed it."""
    center = find_center(request, slug)
    action = get_object_or_404(
        Action.objects.public().in_plan(),
        partner__center=center,
        reference=reference,
    )
    history = list(action.changes.public())
    return render(
        request,
        "meetings/action.html",
        {
            "center": center,
            "action": action,
            "item": AgendaItem.objects.public().get(pk=action.decision.item_id),
            "meeting": action.decision.item.meeting,
            "photos": ActionPhoto.objects.public().filter(action=action),
            "history": history,
            # What it is now was said by the last who changed it.
            "said": next((line for line in history if line.is_status), None),
        },
    )


def of_goal(goal):
    """Return what the plan says of a goal, in the order of COLUMNS."""
    if goal is None:
        return [""] * 8
    return [
        *(goal.problem, goal.cause, goal.text, goal.indicator),
        *(goal.baseline, goal.target, goal.result, goal.result_on),
    ]


def of_action(action):
    """Return what the plan says of an action, in the columns after its goal's."""
    meeting = action.decision.item.meeting
    return [
        action.text,
        "; ".join(concern.title for concern in action.decision.raised),
        action.partner.name,
        "; ".join(partner.name for partner in action.co_executors.all()),
        action.due_on,
        action.finished_on,
        _("overdue") if action.is_overdue else action.get_status_display(),
        action.funding,
        action.indicator,
        timezone.localdate(meeting.starts_at),
    ]
