"""Who does what by when, as it is recorded: added to a decision, corrected, struck out.

On pages of their own: beside the form of the item, what is typed in one of the two
would be lost by the button of the other.
"""

from functools import partial

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from centers.pages import posted_from

from .. import actions
from ..forms.planning import VersionForm
from ..forms.recording import ActionForm
from ..models import Action
from .desk import warn_of_reading
from .run import find_decided, keeps_words


def form_of(item, data=None, action=None):
    members = list(actions.members(item.meeting.center))
    return ActionForm(data, item=item, members=members, action=action)


def page(request, item, form, status=200, **context):
    return render(
        request,
        "desk/run_action.html",
        {
            "meeting": item.meeting,
            "item": item,
            "place": item.order,
            "action_form": form,
            "held": item.meeting.held_by,
            "is_wrong": status == 422,
        }
        | context,
        status=status,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_words(*ActionForm.TEXTS)
def add(request, reference, place):
    item = find_decided(request, reference, place)
    do = partial(actions.add_action, meeting=item.meeting, place=place)
    return keep(request, item, None, do, _("It is recorded who does it."))


def find(request, reference, place, action):
    """Return an item, and what was recorded on it under the number of an action."""
    item = find_decided(request, reference, place)
    recorded = Action.objects.filter(decision=item.decision)
    recorded = recorded.select_related("goal__plan", "person", "partner")
    return item, get_object_or_404(recorded, reference=action)


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_words(*ActionForm.TEXTS)
def correct(request, reference, place, action):
    """Correct what was recorded of an action, while the record is open."""
    item, action = find(request, reference, place, action)
    of = {"meeting": item.meeting, "place": place, "reference": action.reference}
    do = partial(actions.correct_action, **of)
    return keep(request, item, action, do, _("The action is corrected."))


def keep(request, item, action, do, done):
    """Show the form of an action, new or recorded, or keep what was typed in it."""
    form = form_of(item, request.POST or None, action)
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        return page(request, item, form, status=status, action=action)
    try:
        # Of what was said meanwhile more was sent than may be corrected.
        if "partner" in request.POST and "partner" not in form.fields:
            raise actions.Stale
        do(by=request.user, **form.cleaned_data)
    except actions.Stale:
        where = [item.meeting.reference, item.order]
        if action:
            item, action = find(request, *where, action.reference)
        else:
            item = find_decided(request, *where)
        form = form_of(item, request.POST, action)
        form.renew((action or item).version)
        return page(request, item, form, status=409, action=action, is_stale=True)
    except ValidationError as error:
        form.add_error(None, error)
        return page(request, item, form, status=422, action=action)
    messages.success(request, done)
    if item.meeting.has_ended:
        warn_of_reading(request, item.meeting, item.order)
    name = "desk:add_action" if "another" in request.POST else "desk:run_item"
    return redirect(name, item.meeting.reference, item.order)


@posted_from("desk:run_item", find, takes=["reference", "place"])
def strike(request, reference, place, action):
    item = find_decided(request, reference, place)
    form, status, said = VersionForm(request.POST), 422, []
    of = {"meeting": item.meeting, "place": place, "reference": action}
    try:
        if form.is_valid():
            actions.strike_action(**of, by=request.user, **form.cleaned_data)
            messages.success(request, _("The action is struck out."))
            return redirect("desk:run_item", reference, place)
    except actions.Stale:
        status = 409
    except ValidationError as error:
        said = error.messages
    item, action = find(request, reference, place, action)
    form = form_of(item, action=action)
    context = {"is_stale": status == 409, "is_bare": True, "strike_error": said}
    return page(request, item, form, status=status, action=action, **context)
