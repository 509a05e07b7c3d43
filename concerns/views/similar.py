"""What may be of the same matter as a concern: merge it, or take a merge back."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from centers.permissions import Permission, need

from .. import actions
from ..similar import repeats_of, similar_to
from ..workflow import Status
from .desk import find, note_reading
from .several import attempt, readable, seen


@require_http_methods(["GET", "HEAD", "POST"])
def similar(request, reference):
    concern = find(request, reference)
    need(request.user, Permission.REGISTER_CONCERN, concern.center)
    if request.method != "POST":
        return similar_page(request, concern)
    if "lead" in request.POST:
        return into_another(request, concern)
    if "undo" in request.POST:
        done = move(request, request.POST["undo"], Status.REGISTERED)
        say(request, _("It stands by itself again."), done)
    elif request.POST.getlist("repeat"):
        merge(request, concern)
    else:
        return similar_page(request, concern, status=422)
    return redirect("desk:similar", reference)


def into_another(request, concern):
    """Let this concern repeat the one whose button was pressed."""
    version = seen(f".{request.POST.get('version', '')}")[1]
    lead, _version = seen(request.POST["lead"])
    refused = move(
        request, f"{concern.reference}.{version}", Status.DUPLICATE, lead=lead
    )
    say(request, _("It is merged."), refused)
    return redirect("desk:similar", concern.reference)


def merge(request, concern):
    """Let all that are ticked repeat this concern; say which could not."""
    chosen = request.POST.getlist("repeat")[:50]
    refused = [
        move(request, one, Status.DUPLICATE, lead=concern.reference) for one in chosen
    ]
    merged = refused.count("")
    done = ngettext("%(number)s is merged.", "%(number)s are merged.", merged)
    say(request, merged and done % {"number": merged}, *refused)


def say(request, done, *refused):
    if done and "" in refused:
        messages.success(request, done)
    for reason in filter(None, refused):
        messages.warning(request, reason)


def move(request, chosen, target, lead=None):
    """Move one of those that a page shows; return '' or why that could not be."""
    other = readable(request, lead) if lead else None
    if lead and other is None:
        return _("There is no such concern.")
    return attempt(request, chosen, actions.move, target=target, lead=other)


def similar_page(request, concern, status=200):
    note_reading(request, concern)
    is_repeat = concern.status == Status.DUPLICATE
    return render(
        request,
        "desk/similar.html",
        {
            "concern": concern,
            "repeats": repeats_of(concern, request.user),
            "similar": [] if is_repeat else similar_to(concern, request.user),
            "is_repeat": is_repeat,
            "is_wrong": status == 422,
        },
        status=status,
    )
