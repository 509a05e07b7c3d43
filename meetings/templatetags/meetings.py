from itertools import groupby

from django import template
from django.db.models import Prefetch
from django.utils import timezone

from centers.permissions import Permission, can
from concerns.workflow import Status

from ..actions import refusal
from ..forms.acting import PromiseForm
from ..models import Action, ActionPhoto, AgendaItem, Goal
from ..models.invited import answer_path

register = template.Library()
register.filter(answer_path)


@register.inclusion_tag("meetings/_chain.html")
def chain(concern, with_actions=True, for_desk=False):
    """Show where a concern will be or was discussed, what was decided, and who acts.

    Who acts is left out where it stands on the page already; on the desk it leads to
    where that is worked on. Only open meetings whose notice is published, whoever asks.
    What is confidential or waits to be registered stands on no agenda: then nothing is
    asked.
    """
    if concern.is_confidential or concern.status == Status.RECEIVED:
        return {"items": []}
    items = AgendaItem.objects.public().of_concern(concern)
    if with_actions:
        items = items.with_decisions()
    items = items.select_related("decision", "meeting__center")
    return {
        "concern": concern,
        "items": items.order_by("meeting__starts_at", "pk"),
        "without_actions": not with_actions,
        "for_desk": for_desk,
    }


def typed_into(form, request):
    """Return what is typed into a form so far, sent along with another on the page."""
    return {name: request.POST.get(form.add_prefix(name), "") for name in form.fields}


@register.inclusion_tag("meetings/_promised.html", takes_context=True)
def promised(context, concern):
    """Show the reporter what was promised, how far it is, and ask whether it was done.

    `promise_form` of the page is an answer of hers in which something is wrong.
    """
    rows = Action.objects.promised(concern).with_last_said().with_told(concern)
    # Where everyone sees them: so they are links to where everyone does.
    shown = Prefetch("photos", ActionPhoto.objects.public(), to_attr="shown")
    rows = rows.prefetch_related(shown)
    actions, sent = [], context.get("promise_form")
    for _pk, lines in groupby(rows, lambda row: row.pk):
        action, *rest = lines
        action.told = [line for line in (action, *rest) if line.told_at]
        if action.waits_for(concern):
            is_sent = sent and sent.action == action
            action.form = sent if is_sent else PromiseForm(action=action)
            action.form.initial = typed_into(action.form, context["request"])
        actions.append(action)
    return {"actions": actions, "center": concern.center}


@register.inclusion_tag("meetings/_propose.html")
def proposing(concern, user):
    """Lead a member to where he proposes a concern for the next agenda.

    Asks the database nothing: whether it is proposed already, that page knows.
    """
    may = can(user, Permission.READ_SUMMARIES, concern.center)
    return {"concern": concern, "is_offered": may and not refusal(concern)}


@register.inclusion_tag("meetings/_to_plan.html")
def to_plan(problem, user):
    """Lead from a problem into the plans that are written now, and show where it is."""
    center = problem.center
    may_keep = can(user, Permission.KEEP_PLAN, center)
    now = timezone.localdate().year
    plans = center.plans.filter(year__gte=now).prefetch_related("versions")
    return {
        "center": center,
        "problem": problem,
        "goals": Goal.objects.standing().filter(source=problem).select_related("plan"),
        "plans": [plan for plan in plans if plan.is_open] if may_keep else [],
        "may_keep": may_keep,
    }
