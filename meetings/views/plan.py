"""The joint plan: who does what by when, as was decided, and what came of it."""

from django import forms
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_safe

from centers.models import Partner
from centers.pages import find_center, public_page
from centers.paging import cut, page_number
from centers.sheets import sheet_page

from ..models import Action, ActionPhoto, AgendaItem

# Of a year's plan: what is longer is no sheet that anybody reads.
LONGEST_SHEET = 5000
COLUMNS = [
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


class PlanForm(forms.Form):
    """Of which year, of which side, in which state."""

    STATES = {
        "overdue": lambda actions: actions.overdue(),
        "open": lambda actions: actions.running(),
        "done": lambda actions: actions.filter(finished_on__isnull=False),
        "confirmed": lambda actions: actions.filter(status=Action.Status.CONFIRMED),
        "not_done": lambda actions: actions.filter(status=Action.Status.NOT_DONE),
    }

    year = forms.ChoiceField(label=gettext_lazy("Year"), required=False)
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

    def __init__(self, *args, years, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [
            ("", _("All")),
            *((str(year), str(year)) for year in years),
        ]

    def chosen(self, actions):
        """Return the actions of the year; what is no choice chooses nothing."""
        self.is_valid()
        if year := self.cleaned_data.get("year"):
            actions = actions.filter(due_on__year=int(year))
        if side := self.cleaned_data.get("side"):
            actions = actions.filter(partner__kind=side)
        return actions

    def in_state(self, actions):
        state = self.cleaned_data.get("state")
        return self.STATES[state](actions) if state else actions

    @property
    def is_narrowed(self):
        return any(self.cleaned_data.values())


def planned(request, center):
    """Return the form, the actions of the year and side, and those in the state."""
    actions = Action.objects.public().filter(partner__center=center)
    years = actions.dates("due_on", "year", order="DESC")
    form = PlanForm(request.GET, years=[day.year for day in years])
    chosen = form.chosen(actions)
    return form, chosen, form.in_state(chosen)


@require_safe
@public_page
def plan(request, slug):
    center = find_center(request, slug)
    form, chosen, found = planned(request, center)
    number = page_number(request)
    actions, following = cut(found.in_plan(), number)
    return render(
        request,
        "meetings/plan.html",
        {
            "center": center,
            "form": form,
            "figures": chosen.figures(),
            "actions": actions,
            "page": number,
            "next": following,
        },
    )


@require_safe
@public_page
def sheet(request, slug):
    """The same as a sheet for Excel, whole."""
    center = find_center(request, slug)
    _form, _chosen, found = planned(request, center)
    rows = [row(action) for action in found.in_plan()[:LONGEST_SHEET]]
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


def row(action):
    """Return what the plan says of an action, in the order of COLUMNS."""
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
        meeting.starts_at,
    ]
