"""The secretary's side: schedule, build the agenda, publish, record decisions."""

import re
from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from typing import NamedTuple

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Exists, OuterRef, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from django.views.decorators.http import (
    require_http_methods,
    require_safe,
)

from centers.models import Membership
from centers.pages import posted_from
from centers.paging import cut, page_number
from centers.permissions import Permission, can, centers_of, need_work
from centers.views import find as find_center
from concerns.models import Concern

from .. import actions, waiting
from ..expecting import with_expected
from ..forms.planning import (
    ArrangeForm,
    CancelForm,
    ConcernItemForm,
    MeetingForm,
    PlanItemForm,
    PublishForm,
    TopicForm,
    VersionForm,
    WaitingForm,
)
from ..models import AgendaItem, Meeting
from ..revealing import revealing
from ..rules import is_short_notice, month_later, rules_of


def may_schedule(by, center):
    return can(by, Permission.SCHEDULE_MEETING, center)


@require_safe
def meeting_list(request):
    need_work(request.user)
    number = page_number(request)
    meetings = Meeting.objects.visible_to(request.user).select_related("center")
    meetings = with_expected(meetings, request.user)
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
    meetings = Meeting.objects.visible_to(request.user)
    meetings = meetings.select_related("center__rules", "protocol")
    return get_object_or_404(with_expected(meetings, request.user), reference=reference)


def find_planned(request, reference):
    meeting = find(request, reference)
    if not may_schedule(request.user, meeting.center):
        raise PermissionDenied
    return meeting


def plan_like(request, center):
    """Return what a new meeting has of another that it is to be like, a month later."""
    reference = request.GET.get("like", "")
    if not reference or request.method == "POST":
        return {}
    if not re.fullmatch("[0-9]{8}", reference):
        raise Http404
    other = find(request, reference)
    if other.center_id != center.pk:
        raise Http404
    starts_at = timezone.localtime(other.starts_at)
    return {
        "kind": other.kind,
        "day": month_later(starts_at.date(), timezone.localdate()),
        "hour": starts_at.time(),
        "minutes": other.minutes,
        "village": getattr(other.village, "code", None),
        "venue_ky": other.venue_ky,
        "venue_ru": other.venue_ru,
        "is_open": other.is_open,
    }


@require_http_methods(["GET", "HEAD", "POST"])
def schedule(request, slug):
    center = find_center(request, slug)
    if not may_schedule(request.user, center):
        raise PermissionDenied
    form = MeetingForm(
        request.POST or None,
        center=center,
        by=request.user,
        initial=plan_like(request, center),
    )
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
            warn_of_reading(request, find(request, reference))
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
    may = may_schedule(request.user, meeting.center)
    is_planning = may and meeting.is_planned
    rows = agenda_rows(meeting, request.user, is_planning)
    items = [row for row in rows if row.meeting_id == meeting.pk]
    context = {
        "meeting": meeting,
        "items": items,
        "readable": {item.concern.reference for item in items if item.is_readable},
        "may_schedule": may,
        "may_close": may and meeting.is_held and not meeting.held_by,
        "is_stale": is_stale,
        "is_wrong": status == 422,
        "version": meeting.version,
    }
    if is_planning:
        topics = [row for row in rows if row.meeting_id != meeting.pk]
        context |= planning(meeting, items, topics, request.user, forms)
    return render(request, "desk/meeting.html", context | forms, status=status)


def agenda_rows(meeting, by, is_planning):
    """Return an agenda, and for those who plan it the topics left to it by others."""
    rows = Q(meeting=meeting)
    if is_planning:
        rows |= Q(pk__in=waiting.topics_for(meeting.center, by))
    known = Concern.objects.known_to(by).filter(pk=OuterRef("concern"))
    items = AgendaItem.objects.visible_to(by).filter(rows)
    # Nothing is decided on what is to come.
    items = items.with_decisions() if meeting.is_held else items
    serves = Membership.objects.live().filter(
        center=meeting.center, user=OuterRef("presenter")
    )
    return list(
        items.select_related("meeting", "concern__category", "presenter").annotate(
            is_readable=Exists(known), is_presenter_there=Exists(serves)
        )
    )


def planning(meeting, items, topics, by, forms):
    """Return what a page has besides for those who plan its meeting."""
    version = {"version": meeting.version}
    concerns = waiting.concerns_for(meeting.center, by).in_rows().by_deadline()
    concerns, wished = list(concerns), waiting.proposed(meeting.center, by)
    on_it = {item.concern_id for item in items}
    people = list(actions.members(meeting.center)) if items else []
    for item in items:
        item.form = PlanItemForm(item=item, people=people, initial=version)
        if "plan_form" in forms and forms["plan_form"].place == item.order:
            item.form = forms["plan_form"]
    minutes = sum(item.minutes or 0 for item in items)
    return {
        "concern_form": ConcernItemForm(
            meeting=meeting,
            by=by,
            initial=version,
            concerns=[one for one in concerns if one.pk not in on_it],
        ),
        "topic_form": TopicForm(
            initial=version | first_topic(meeting, items), auto_id="topic_%s"
        ),
        "cancel_form": CancelForm(initial=version, auto_id="cancel_%s"),
        "proposed": wished,
        "waiting": waiting.groups(
            *(meeting.center, by),
            items=items,
            concerns=concerns,
            topics=topics,
            wished=wished,
        ),
        "minutes": minutes,
        "minutes_over": max(0, minutes - meeting.minutes),
    }


def first_topic(meeting, items):
    """Return the topic that an inspector's report begins with, to be sent as it is."""
    if items or meeting.kind != Meeting.Kind.REPORT:
        return {}
    topic = {}
    for language in ("ky", "ru"):
        with override(language):
            topic[f"topic_{language}"] = _("Report of the inspector on his work")
    return topic


def act(request, reference, form, name, do, done, at=""):
    """Do what a form asks; come back to the meeting, or show it with what is wrong."""
    meeting = find_planned(request, reference)
    if not form.is_valid():
        if meeting.is_planned or not form.words:
            return page(request, meeting, status=422, **{name: form})
        return outdated(request, reference, form)
    try:
        do(meeting=meeting, by=request.user, **form.cleaned_data)
    except ValidationError as error:
        form.add_error(None, error)
        return page(request, meeting, status=422, **{name: form})
    except actions.Stale:
        return outdated(request, reference, form, name)
    messages.success(request, done)
    if do is actions.discard:
        return redirect("desk:meetings")
    if do is actions.begin:
        return redirect("desk:run", reference)
    if name in TELLING:
        warn_of_reading(request, meeting)
    # Whoever arranges a long agenda stays where he is, with his keyboard too.
    return redirect(meeting.get_desk_url() + at)


def outdated(request, reference, form, name=""):
    """Show a meeting as it is now, and what was typed: in its form, if it has one."""
    meeting = find(request, reference)
    form.renew(meeting.version)
    # What the form of a meeting to come asked for has no form any more.
    is_there = name and meeting.is_planned
    return page(
        request,
        meeting,
        status=409,
        is_stale=True,
        is_bare=not form.words,
        words=[] if is_there else form.words,
        **({name: form} if name else {}),
    )


# Forms by which words may come onto an agenda that everyone reads already
TELLING = {"topic_form", "plan_form", "waiting_form"}


def warn_of_reading(request, meeting, place=None):
    """Say what everyone reads now of a meeting, or an item, that may give one away."""
    if meeting.is_published and (found := revealing(meeting, place)):
        said = _("Everyone will read this, and it may give somebody away:")
        messages.warning(request, " ".join([said, "; ".join(found)]))


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


@posted_from("desk:meeting", find_planned)
def add_waiting(request, reference):
    """Put all that was ticked on the agenda, and say what of it could not be."""
    refused = []

    def add(**ticked):
        refused.extend(actions.add_waiting(**ticked))

    form = WaitingForm(request.POST)
    done = _("It is on the agenda.")
    answer = act(request, reference, form, "waiting_form", add, done)
    for reason in refused:
        messages.warning(request, reason)
    return answer


def find_item(request, reference, place):
    meeting = find_planned(request, reference)
    item = get_object_or_404(meeting.items.shown(), order=place)
    item.meeting = meeting
    return item


@posted_from("desk:meeting", find_item, takes=["reference"])
def plan_item(request, reference, place):
    """Say how long an item takes, and who presents it."""
    item = find_item(request, reference, place)
    people = actions.members(item.meeting.center)
    form = PlanItemForm(request.POST, item=item, people=people)
    do = partial(actions.plan_item, place=place)
    if form.is_of_another:
        return outdated(request, reference, form)
    done, at = _("Saved."), f"#item-{place}"
    return act(request, reference, form, "plan_form", do, done, at)


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
    answer = act(request, reference, form, "place_form", way.do, way.done, at)
    if way is ARRANGE["open"] and answer.status_code == HTTPStatus.FOUND:
        warn_of_reading(request, find(request, reference))
    return answer


def doubts_of(meeting):
    """Return what is asked once more before a notice is published, if anything is."""
    is_short, revealed = is_short_notice(meeting), revealing(meeting)
    if not is_short and not revealed and meeting.items.shown().exists():
        return {}
    notice_days = rules_of(meeting.center).notice_days if is_short else None
    return {"asks_again": True, "notice_days": notice_days, "revealed": revealed}


@posted_from("desk:meeting", find_planned)
def publish(request, reference):
    form = PublishForm(request.POST)
    done = _("The notice and the agenda are published.")
    if form.is_valid() and not form.cleaned_data.pop("sure"):
        meeting = find_planned(request, reference)
        is_seen = form.cleaned_data["version"] == meeting.version
        if is_seen and not meeting.is_published and (asked := doubts_of(meeting)):
            return page(request, meeting, status=422, is_wrong=False, **asked)
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
    seen = Meeting.objects.visible_to(request.user).filter(reference=reference)
    was_there = seen.exists()
    try:
        answer = act(request, reference, form, "version_form", actions.discard, done)
    except Http404:
        # Pressed twice, at once or one after the other, it is thrown away.
        if not was_there and request.session.get("discarded") != reference:
            raise
        return redirect("desk:meetings")
    if answer.status_code == 302:
        request.session["discarded"] = reference
    return answer


@posted_from("desk:meeting", find_planned)
def begin(request, reference):
    form = VersionForm(request.POST)
    done = _("Now record who came and what was decided.")
    return act(request, reference, form, "version_form", actions.begin, done)
