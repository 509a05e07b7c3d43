"""What was promised at the meetings: who does what by when, and what became of it."""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Exists, OuterRef, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from centers.models import Membership
from centers.pages import posted_from
from centers.paging import cut, page_number
from centers.permissions import need_work
from concerns.models import Concern

from .. import actions
from ..forms.acting import (
    ActionFilterForm,
    AgainForm,
    DoneForm,
    GiveForm,
    GoalForm,
    JudgeForm,
    NotDoneForm,
    NoteForm,
    PutOffForm,
    WorkPhotoForm,
)
from ..models import Action, ActionChange
from . import desk

Status = Action.Status
PAGE = 40


@require_safe
def action_list(request):
    need_work(request.user)
    number = page_number(request)
    form = ActionFilterForm(request.GET, by=request.user)
    found = form.apply(Action.objects.visible_to(request.user))
    rows, following = cut(found, number, size=PAGE)
    return render(
        request,
        "desk/actions.html",
        {"form": form, "actions": rows, "page": number, "next": following},
    )


class Way(NamedTuple):
    """Something that may be said of an action: by which form, and what is done."""

    title: str
    form: type
    do: Callable
    done: str
    # The status to which it leads, where it leads to one.
    target: str = ""
    is_for_ended: bool = False
    # Whether it is for those who keep the meetings alone.
    is_kept: bool = False
    # What it is called while nobody is named, where that is another thing.
    untaken: str = ""

    def title_for(self, action):
        return self.title if action.person_id else self.untaken or self.title

    def is_open(self, action, targets):
        """Tell whether it may be said of an action that leads to these statuses."""
        if self.target:
            return self.target in targets
        return action.is_open or self.is_for_ended


WAYS = {
    "done": Way(
        gettext_lazy("It is done"),
        DoneForm,
        partial(actions.step, target=Status.DONE),
        gettext_lazy("It is noted as done: a meeting or the reporter confirms it."),
        Status.DONE,
    ),
    "progress": Way(
        gettext_lazy("Write how far it has come"),
        NoteForm,
        actions.note_progress,
        gettext_lazy("It is written down."),
    ),
    "person": Way(
        gettext_lazy("Give it to another person"),
        GiveForm,
        actions.give_to,
        gettext_lazy("The responsible person is changed."),
        untaken=gettext_lazy("Give it to a person"),
    ),
    "term": Way(
        gettext_lazy("Put it off to another day"),
        PutOffForm,
        actions.put_off,
        gettext_lazy("The term is changed."),
        is_kept=True,
    ),
    "goal": Way(
        gettext_lazy("Goal of the year's plan"),
        GoalForm,
        actions.serve_goal,
        gettext_lazy("It is noted which goal it serves."),
        is_for_ended=True,
        is_kept=True,
    ),
    "not-done": Way(
        gettext_lazy("It was not done"),
        NotDoneForm,
        partial(actions.step, target=Status.NOT_DONE),
        gettext_lazy("It is noted as not done."),
        Status.NOT_DONE,
    ),
    "again": Way(
        gettext_lazy("Take it up again"),
        AgainForm,
        partial(actions.step, target=Status.OPEN),
        gettext_lazy("It is taken up again."),
        Status.OPEN,
    ),
}


def find(request, reference):
    """Return an action, as its `people` who may be named for it, and if all read it."""
    public = Action.objects.public().filter(pk=OuterRef("pk"))
    action = get_object_or_404(
        Action.objects.visible_to(request.user)
        .with_person()
        .annotate(is_public=Exists(public))
        .select_related(
            *("partner__center", "goal__plan", "decision__item__meeting__center"),
            *("decision__item__concern", "decision__item__about"),
        ),
        reference=reference,
    )
    people = Membership.objects.live().filter(partner=action.partner_id)
    people = people.select_related("user").order_by("user__full_name", "pk")
    # Who has two roles on one side is one person.
    action.people = {one.user_id: one for one in people}.values()
    return action


def ways_for(user, action):
    """Return the names of what a person may say of an action as it stands."""
    if not actions.executes(user, action):
        return []
    steps = actions.steps_from(action.status, actions.EXECUTOR)
    targets = {step.target for step in steps}
    keeps = actions.keeps(user, action)
    return [
        name
        for name, way in WAYS.items()
        if way.is_open(action, targets) and (keeps or not way.is_kept)
    ]


@require_safe
def action(request, reference):
    return page(request, find(request, reference))


def page(request, action, status=200, name="", form=None, **context):
    """Show an action; `form` is the one of what is called `name`, as it was sent."""
    request.center = action.partner.center
    meeting = action.decision.item.meeting
    initial = {"version": action.version}
    offered = ways_for(request.user, action)
    may_act = actions.executes(request.user, action)
    forms = {
        one: WAYS[one].form(action=action, initial=initial, auto_id=f"{one}_%s")
        for one in offered
    }
    if name in forms:
        forms[name] = form
    return render(
        request,
        "desk/action.html",
        {
            "action": action,
            "item": action.decision.item,
            "meeting": meeting,
            "answered": answered(action, request.user),
            "history": history(action, request.user),
            "is_public": action.is_public,
            "photos": action.photos.all(),
            "photo_form": WorkPhotoForm(auto_id="photo_%s") if may_act else None,
            "ways": [
                {
                    "name": one,
                    "title": WAYS[one].title_for(action),
                    "form": of,
                    "url": reverse("desk:act_on", args=[action.reference, one]),
                }
                for one, of in forms.items()
            ],
            # What may not be said any more has no form on the page.
            "lost": form if form and name not in forms else None,
            "is_wrong": status == 422,
        }
        | context,
        status=status,
    )


def answered(action, user):
    """Return the concerns that an action answers, of those a person may know of.

    A closed item is linked to none, also where it was closed after it had been.
    """
    concerns = Concern.objects.known_to(user).filter(
        decisions=action.decision_id, decisions__item__is_closed=False
    )
    return concerns.without_words().order_by("pk").distinct()


def history(action, user):
    """Return what was said of an action, newest first.

    A reporter's words are for those who may read her concern; others who know of it see
    what she answered, and who may not know of it not even that it was she: `is_hidden`.
    """
    hers = Q(pk=OuterRef("concern"))
    lines = action.changes.select_related("by", "meeting").annotate(
        is_readable=Exists(Concern.objects.visible_to(user).filter(hers)),
        is_hidden=Q(side=ActionChange.Side.REPORTER)
        & ~Exists(Concern.objects.known_to(user).filter(hers)),
    )
    return lines.order_by("-created_at", "-pk")


def need_way(request, reference, name=""):
    """Return an action of which a person may say what is called `name`."""
    action = find(request, reference)
    if name not in WAYS:
        raise Http404
    if not actions.executes(request.user, action):
        raise PermissionDenied
    if WAYS[name].is_kept and not actions.keeps(request.user, action):
        raise PermissionDenied
    return action


@posted_from("desk:action", need_way, takes=["reference"])
def act(request, reference, name):
    action = need_way(request, reference, name)
    way, auto_id = WAYS[name], f"{name}_%s"
    form = way.form(request.POST, action=action, auto_id=auto_id)
    if form.is_valid():
        try:
            way.do(action=action, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        except Action.DoesNotExist:
            raise Http404 from None
        except actions.Stale:
            return overtaken(request, reference, name, form)
        else:
            messages.success(request, way.done)
            return redirect("desk:action", reference)
    return page(request, action, 422, name, form)


# What a line of the history says was chosen, by what it is called that was sent.
CHOSEN = {
    "term": lambda fields: fields["due_on"].isoformat(),
    "person": lambda fields: fields["person"].full_name if fields["person"] else "",
    "goal": lambda fields: fields["goal"].name if fields["goal"] else "",
}


def is_said(user, action, name, fields):
    """Tell whether what is called `name` was said of an action in just these words."""
    target = WAYS[name].target
    kind = ActionChange.Kind.STATUS if target else ActionChange.Kind(name)
    new = CHOSEN[name](fields) if name in CHOSEN else target
    note = fields.get("note")
    is_day = fields.get("finished_on") in (None, action.finished_on)
    return is_day and actions.is_second_press(user, action, kind, new=new, note=note)


def overtaken(request, reference, name, form):
    """Show an action's new state to who was too late, with every word he typed."""
    action = find(request, reference)
    if is_said(request.user, action, name, form.cleaned_data):
        messages.success(request, _("It is sent: once is enough."))
        return redirect("desk:action", reference)
    form.renew(action.version)
    is_offered = name in ways_for(request.user, action)
    return page(
        request,
        action,
        409,
        name,
        form if is_offered else None,
        is_stale=True,
        is_bare=not form.words,
        words=[] if is_offered else form.words,
    )


# At a later meeting


def to_judge(meeting, by):
    """Return what is said to be done since earlier meetings, each with its form."""
    waiting = Action.objects.visible_to(by).to_judge(meeting)
    waiting = list(waiting.with_person().select_related("partner"))
    for action in waiting:
        action.judge_form = JudgeForm(
            initial={"version": action.version}, auto_id=f"judge_{action.reference}_%s"
        )
    return waiting


def find_judged(request, reference, action):
    meeting = desk.find(request, reference)
    waiting = Action.objects.visible_to(request.user)
    waiting = waiting.filter(decision__item__meeting__center=meeting.center)
    action = get_object_or_404(
        waiting.with_person().select_related("partner__center", "decision"),
        reference=action,
    )
    if not desk.may_schedule(request.user, meeting.center):
        raise PermissionDenied
    if not meeting.is_held:
        raise Http404
    return meeting, action


@require_http_methods(["GET", "HEAD", "POST"])
def judge(request, reference, action):
    """What a meeting says of an action of an earlier one: confirmed, or not yet."""
    meeting, action = find_judged(request, reference, action)
    request.center = meeting.center
    status, context = 200, {}
    form = JudgeForm(request.POST or None, initial={"version": action.version})
    if form.is_bound:
        status = 422
    if form.is_valid():
        try:
            actions.judge(
                action=action, meeting=meeting, by=request.user, **form.cleaned_data
            )
        except ValidationError as error:
            form.add_error(None, error)
        except Action.DoesNotExist:
            raise Http404 from None
        except actions.Stale:
            action.refresh_from_db()
            last = action.last_step
            said = form.cleaned_data["target"], form.cleaned_data["note"]
            if last and last.is_said_at(meeting, request.user, *said):
                messages.success(request, _("It is sent: once is enough."))
                return redirect("desk:run", reference)
            status, context = 409, {"is_stale": True, "is_bare": not form.words}
            form.renew(action.version)
        else:
            messages.success(request, _("What the meeting said of it is noted."))
            return redirect("desk:run", reference)
    return render(
        request,
        "desk/judge.html",
        {"meeting": meeting, "action": action, "form": form} | context,
        status=status,
    )
