"""The secretary's side: schedule, build the agenda, publish, record decisions."""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import (
    require_http_methods,
    require_safe,
)

from centers.pages import posted_from
from centers.paging import cut, page_number
from centers.permissions import Permission, can, centers_of, need_work
from centers.views import find as find_center
from concerns.models import Concern

from .. import actions
from ..forms import (
    ArrangeForm,
    CancelForm,
    ConcernItemForm,
    MeetingForm,
    TopicForm,
    VersionForm,
)
from ..models import Meeting
from .proposals import proposed


def may_schedule(by, center):
    return can(by, Permission.SCHEDULE_MEETING, center)


@require_safe
def meeting_list(request):
    need_work(request.user)
    number = page_number(request)
    meetings = Meeting.objects.visible_to(request.user).select_related("center")
    past, following = cut(meetings.past(), number)
    return render(
        request,
        "desk/meetings.html",
        {
            "coming": meetings.to_come()[:20] if number == 1 else [],
            "past": past,
            "page": number,
            "next": following,
            "centers": [
                center
                for center in centers_of(request.user)
                if may_schedule(request.user, center)
            ],
        },
    )


def find(request, reference):
    return get_object_or_404(
        Meeting.objects.visible_to(request.user).select_related("center"),
        reference=reference,
    )


def find_planned(request, reference):
    meeting = find(request, reference)
    if not may_schedule(request.user, meeting.center):
        raise PermissionDenied
    return meeting


@require_http_methods(["GET", "HEAD", "POST"])
def schedule(request, slug):
    center = find_center(request, slug)
    if not may_schedule(request.user, center):
        raise PermissionDenied
    form = MeetingForm(request.POST or None, center=center, by=request.user)
    if form.is_valid() and not form.is_doubtful():
        meeting = actions.schedule(center=center, by=request.user, **form.plan)
        messages.success(request, _("The meeting is scheduled; now its agenda."))
        return redirect("desk:meeting", meeting.reference)
    return render(
        request,
        "desk/meeting_form.html",
        {"center": center, "form": form},
        status=422 if form.is_bound else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request, reference):
    meeting = find(request, reference)
    if not may_schedule(request.user, meeting.center):
        raise PermissionDenied
    of = {"center": meeting.center, "by": request.user}
    form = MeetingForm(request.POST or None, instance=meeting, **of)
    status = 422 if form.is_bound else 200
    if form.is_valid() and not form.is_doubtful():
        try:
            actions.replan(
                meeting=meeting,
                by=request.user,
                version=form.cleaned_data["version"],
                **form.plan,
            )
        except ValidationError as error:
            form.add_error(None, error)
        except actions.Stale:
            status = 409
            meeting = find(request, reference)
            typed = {field: request.POST.get(field, "") for field in form.fields}
            typed["version"] = meeting.version
            form = MeetingForm(instance=meeting, initial=typed, **of)
        else:
            messages.success(request, _("The meeting is changed."))
            return redirect("desk:meeting", reference)
    return render(
        request,
        "desk/meeting_form.html",
        {
            "center": meeting.center,
            "meeting": meeting,
            "form": form,
            "is_stale": status == 409,
        },
        status=status,
    )


@require_safe
def meeting(request, reference):
    return page(request, find(request, reference))


def page(request, meeting, status=200, is_stale=False, **forms):
    request.center = meeting.center
    version = {"version": meeting.version}
    may = may_schedule(request.user, meeting.center)
    items = list(
        meeting.items.shown().with_decisions().select_related("concern__category")
    )
    context = {
        "meeting": meeting,
        "items": items,
        "readable": readable(items, request.user),
        "may_schedule": may,
        "is_stale": is_stale,
        "is_wrong": status == 422,
        "version": meeting.version,
    }
    if may and meeting.is_planned:
        context |= {
            "concern_form": ConcernItemForm(
                meeting=meeting, by=request.user, initial=version
            ),
            "topic_form": TopicForm(initial=version, auto_id="topic_%s"),
            "cancel_form": CancelForm(initial=version, auto_id="cancel_%s"),
            "proposed": proposed(meeting.center, request.user),
        }
    return render(request, "desk/meeting.html", context | forms, status=status)


def readable(items, by):
    """Return the references, of the concerns on an agenda, that a person may open."""
    concerns = Concern.objects.known_to(by).filter(agenda_items__in=items)
    return set(concerns.values_list("reference", flat=True))


def act(request, reference, form, name, do, done, at=""):
    """Do what a form asks; come back to the meeting, or show it with what is wrong."""
    meeting = find_planned(request, reference)
    if not form.is_valid():
        return page(request, meeting, status=422, **{name: form})
    try:
        do(meeting=meeting, by=request.user, **form.cleaned_data)
    except ValidationError as error:
        form.add_error(None, error)
        return page(request, meeting, status=422, **{name: form})
    except actions.Stale:
        meeting = find(request, reference)
        form.data = form.data.copy()
        form.data["version"] = meeting.version
        # What the form of a meeting to come asked for has no form any more.
        lost = form.words if not meeting.is_planned else []
        return page(
            request,
            meeting,
            status=409,
            is_stale=True,
            is_bare=not form.words,
            words=lost,
            **{name: form},
        )
    messages.success(request, done)
    if do is actions.discard:
        return redirect("desk:meetings")
    if do is actions.begin:
        return redirect("desk:run", reference)
    # Whoever arranges a long agenda stays where he is, with his keyboard too.
    return redirect(meeting.get_desk_url() + at)


@posted_from("desk:meeting", find_planned)
def add_concern(request, reference):
    meeting = find(request, reference)
    form = ConcernItemForm(request.POST, meeting=meeting, by=request.user)
    done = _("It is on the agenda.")
    return act(request, reference, form, "concern_form", actions.add_concern, done)


@posted_from("desk:meeting", find_planned)
def add_topic(request, reference):
    form = TopicForm(request.POST, auto_id="topic_%s")
    done = _("It is on the agenda.")
    return act(request, reference, form, "topic_form", actions.add_topic, done)


class Way(NamedTuple):
    do: Callable
    done: str
    step: int = 0


ARRANGE = {
    "up": Way(
        partial(actions.shift, up=True), gettext_lazy("The order is changed."), -1
    ),
    "down": Way(
        partial(actions.shift, up=False), gettext_lazy("The order is changed."), 1
    ),
    "remove": Way(actions.remove, gettext_lazy("It is off the agenda.")),
    "close": Way(
        partial(actions.set_closed, is_closed=True),
        gettext_lazy("Only the members read it now."),
    ),
    "open": Way(
        partial(actions.set_closed, is_closed=False),
        gettext_lazy("Everyone reads it now."),
    ),
}


@posted_from("desk:meeting", find_planned)
def arrange(request, reference):
    """Move an item up or down, take it off the agenda, close or open it."""
    form = ArrangeForm(request.POST)
    if not form.is_valid():
        return act(request, reference, form, "place_form", None, "")
    way = ARRANGE[form.cleaned_data.pop("do")]
    at = f"#item-{form.cleaned_data['place'] + way.step}"
    return act(request, reference, form, "place_form", way.do, way.done, at)


@posted_from("desk:meeting", find_planned)
def publish(request, reference):
    form = VersionForm(request.POST)
    done = _("The notice and the agenda are published.")
    return act(request, reference, form, "version_form", actions.publish, done)


@posted_from("desk:meeting", find_planned)
def cancel(request, reference):
    form = CancelForm(request.POST, auto_id="cancel_%s")
    done = _("The meeting is cancelled.")
    return act(request, reference, form, "cancel_form", actions.cancel, done)


@posted_from("desk:meeting", find_planned)
def discard(request, reference):
    form = VersionForm(request.POST)
    done = _("The draft is thrown away.")
    return act(request, reference, form, "version_form", actions.discard, done)


@posted_from("desk:meeting", find_planned)
def begin(request, reference):
    form = VersionForm(request.POST)
    done = _("Now record who came and what was decided.")
    return act(request, reference, form, "version_form", actions.begin, done)
