"""One screen to run a meeting: who came, what was said of each item, who does what.

Two may write at once, each item has its own version; what is typed is sent by itself
where a script runs (static/run.js) and by the button where none does.
"""

from functools import wraps

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Exists, OuterRef
from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from centers.models import Partner
from centers.pages import posted_from
from concerns import actions as concern_actions
from concerns.models import Concern

from .. import actions
from ..forms.recording import (
    AnswersForm,
    AttendanceForm,
    EndForm,
    ItemForm,
    moves_at_meeting,
)
from ..models import Action, AgendaItem
from ..revealing import revealing
from ..rules import quorum
from .desk import find, may_schedule, warn_of_reading
from .doing import to_judge


def find_running(request, reference):
    """Return a meeting that has begun, for those who record it."""
    meeting = find(request, reference)
    if not may_schedule(request.user, meeting.center):
        raise PermissionDenied
    if not meeting.is_held:
        raise Http404
    request.center = meeting.center
    return meeting


def agenda(meeting, by):
    """Return the items of a meeting, each with what was decided."""
    readable = Concern.objects.visible_to(by).filter(pk=OuterRef("concern"))
    items = meeting.items.shown().select_related("concern__category", "decision")
    return list(items.annotate(is_readable=Exists(readable)))


def came(attendances, guests):
    """Return how many took part: of the members, by the name of their partner."""
    people = {}
    for attendance in attendances:
        # Who has two roles of one partner is one person.
        of_partner = people.setdefault(attendance.membership.partner.name, set())
        if attendance.came:
            of_partner.add(attendance.membership.user_id)
    counted = {name: len(of_partner) for name, of_partner in people.items()}
    if guests:
        counted[_("Invited guests")] = sum(bool(guest.came) for guest in guests)
    return counted.items()


@require_safe
def run(request, reference):
    return page(request, find_running(request, reference))


def page(request, meeting, status=200, is_stale=False, **forms):
    members = list(actions.members_at(meeting))
    attendances = list(
        meeting.attendances.select_related("membership__user", "membership__partner")
    )
    meeting._prefetched_objects_cache = {
        "attendances": attendances,
        "turnouts": list(meeting.turnouts.all()),
    }
    guests = list(meeting.invited.guests())
    items = agenda(meeting, request.user)
    open_items = [item for item in items if item.status == AgendaItem.Status.OPEN]
    # What was typed beside who came, when that was noted
    typed = {name: request.GET[name] for name in EndForm.HOURS if name in request.GET}
    context = {
        "meeting": meeting,
        "items": items,
        "left": open_items,
        "first": (open_items or items or [None])[0],
        "came": came(attendances, guests),
        "gone": [
            one
            for one in attendances
            if one.came and one.membership_id not in {m.pk for m in members}
        ],
        "missing": [Partner.Kind(kind).label for kind in quorum(meeting, attendances)],
        "held": meeting.held_by,
        "attendances": attendances,
        "to_judge": to_judge(meeting, request.user),
        "residents": sum(row.number for row in meeting.turnouts.all()),
        "is_stale": is_stale,
        "is_wrong": status == 422,
        "attendance_form": AttendanceForm(
            meeting=meeting, members=members, guests=guests
        ),
        "end_form": EndForm(meeting=meeting, auto_id="end_%s", initial=typed),
    }
    return render(request, "desk/run.html", context | forms, status=status)


def attendance_form(meeting, data):
    members = list(actions.members_at(meeting))
    guests = list(meeting.invited.guests())
    return AttendanceForm(data, meeting=meeting, members=members, guests=guests)


@posted_from("desk:run", find_running)
def attend(request, reference):
    meeting = find_running(request, reference)
    form = attendance_form(meeting, request.POST)
    forms = {"attendance_form": form}
    end_form = EndForm(request.POST, meeting=meeting, auto_id="end_%s")
    if end_form.typed:
        forms["end_form"] = end_form
    if not form.is_valid():
        return page(request, meeting, status=422, **forms)
    try:
        actions.attend(
            meeting=meeting,
            by=request.user,
            version=form.cleaned_data["version"],
            **form.attendance,
        )
    except actions.Stale:
        return outdated(request, reference, **forms)
    except ValidationError as error:
        form.add_error(None, error)
        return page(request, meeting, status=422, **forms)
    messages.success(request, _("It is noted who came."))
    # What is typed beside it is no more lost than by a mistake.
    hours = f"?{urlencode(end_form.typed)}" if end_form.typed else ""
    return redirect(reverse("desk:run", args=[reference]) + hours)


@posted_from("desk:run", find_running)
def end(request, reference):
    meeting = find_running(request, reference)
    form = EndForm(request.POST, meeting=meeting, auto_id="end_%s")
    who = attendance_form(meeting, request.POST)
    forms = {"end_form": form, "attendance_form": who}
    if not (form.is_valid() and who.is_valid()):
        return page(request, meeting, status=422, **forms)
    left = meeting.items.shown().filter(status=AgendaItem.Status.OPEN)
    is_seen = form.cleaned_data["version"] == meeting.version
    if is_seen and not (meeting.has_ended or form.is_sure):
        is_empty = who.is_sent and not who.is_anybody_there
        asked = {"revealed": revealing(meeting), "is_empty": is_empty}
        if any(asked.values()) or left.exists():
            asked |= {"asks_again": True, "is_wrong": False}
            return page(request, meeting, status=422, **asked, **forms)
    try:
        actions.end(
            meeting=meeting,
            by=request.user,
            version=form.cleaned_data["version"],
            began_at=form.at("began"),
            ended_at=form.at("ended"),
            attendance=who.attendance if who.is_sent else None,
        )
    except actions.Stale:
        return outdated(request, reference, **forms)
    except ValidationError as error:
        form.add_error(None, error)
        return page(request, meeting, status=422, **forms)
    messages.success(request, _("The end is noted: what was decided is read now."))
    return redirect(meeting.get_desk_url())


def outdated(request, reference, **forms):
    """Show what stands there now, and in the forms what this person typed."""
    meeting = find_running(request, reference)
    # As others have noted it by now
    forms["attendance_form"] = attendance_form(meeting, request.POST)
    for form in forms.values():
        form.renew(meeting.version)
    return page(request, meeting, status=409, is_stale=True, **forms)


# One item


def find_item(request, reference, place):
    meeting = find_running(request, reference)
    items = agenda(meeting, request.user)
    item = next((one for one in items if one.order == place), None)
    if item is None:
        raise Http404
    for one in items:
        one.meeting = meeting
    if item.concern:
        item.concern.center = meeting.center
        item.concern.is_readable = item.is_readable
    item.all = items
    return item


def find_decided(request, reference, place):
    item = find_item(request, reference, place)
    if not hasattr(item, "decision"):
        raise Http404
    return item


def keeps_words(*names):
    """Give back what was typed in some fields of what is gone, or may not be discussed.

    Typed by nobody, it is a page that is not there.
    """

    def keep(view):
        @wraps(view)
        def wrapper(request, reference, *args, **kwargs):
            try:
                return view(request, reference, *args, **kwargs)
            except (Http404, Action.DoesNotExist):
                words = list(filter(None, map(request.POST.get, names)))
                if not words:
                    raise Http404 from None
            meeting = find_running(request, reference)
            if "draft" in request.POST:
                return JsonResponse({}, status=409)
            return page(request, meeting, status=409, is_stale=True, words=words)

        return wrapper

    return keep


def item_form(item, by, data=None):
    moves = moves_at_meeting(item.concern, by) if item.concern else []
    return ItemForm(data, item=item, moves=moves)


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_words(*ItemForm.TEXTS)
def item(request, reference, place):
    """Show an item to record, or keep what was typed: a button's press, or by itself.

    What a script sends by itself is answered in a line of JSON and moves no concern.
    """
    item = find_item(request, reference, place)
    if request.method != "POST":
        return item_page(request, item, item_form(item, request.user))
    is_draft = "draft" in request.POST
    form = item_form(item, request.user, request.POST)
    if not form.is_valid():
        return refuse(request, item, form, is_draft)
    fields = form.cleaned_data
    if is_draft:
        fields = fields | {"target": "", "note": ""} | form.unfinished
    try:
        kept = actions.record(
            meeting=item.meeting, place=place, by=request.user, **fields
        )
    except (actions.Stale, concern_actions.Stale):
        return differ(request, reference, place, form, is_draft)
    except concern_actions.MoveNotAllowed:
        form.add_error("target", _("It cannot be moved like this any more."))
        return refuse(request, item, form, is_draft)
    except Concern.DoesNotExist:
        form.add_error("target", _("It cannot be moved like this any more."))
        return refuse(request, item, form, is_draft)
    except ValidationError as error:
        form.add_error(None, error)
        return refuse(request, item, form, is_draft)
    if is_draft:
        return JsonResponse({"version": kept.version, "whole": form.is_kept_whole})
    messages.success(request, _("It is recorded."))
    if item.meeting.has_ended:
        warn_of_reading(request, item.meeting, place)
    following = [one.order for one in item.all if one.order > place]
    if "act" in request.POST and kept.status == AgendaItem.Status.DECIDED:
        return redirect("desk:add_action", reference, place)
    if "next" in request.POST and following:
        place = following[0]
    return redirect("desk:run_item", reference, place)


def refuse(request, item, form, is_draft):
    if is_draft:
        return JsonResponse({}, status=422)
    return item_page(request, item, form, status=422)


def differ(request, reference, place, form, is_draft):
    """Somebody else wrote on this item: show both, his above and hers in the form."""
    if is_draft:
        return JsonResponse({}, status=409)
    item = find_item(request, reference, place)
    stands = item_form(item, request.user)
    form.renew(item.version)
    if item.concern:
        form.data["concern_version"] = item.concern.version
    others = [
        (field.label, stands.initial[name])
        for name, field in stands.fields.items()
        if name not in {"version", "outcome", "way", "concern_version"}
        and stands.initial.get(name) not in (None, "")
        and str(stands.initial[name]) != form.data.get(name, "").replace("\r\n", "\n")
    ]
    return item_page(request, item, form, status=409, is_stale=True, others=others)


def item_page(request, item, form, status=200, **context):
    context = {
        "meeting": item.meeting,
        "item": item,
        "items": item.all,
        "place": item.order,
        "number": item.all.index(item) + 1,
        "form": form,
        "held": item.meeting.held_by,
        "is_wrong": status == 422,
        **context,
    }
    if hasattr(item, "decision"):
        context["actions"] = item.decision.actions.with_people()
    return render(request, "desk/run_item.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request, reference, place):
    """Say which concerns a decision answers besides the one of its item."""
    item = find_decided(request, reference, place)
    if item.is_closed:
        raise Http404
    form = AnswersForm(request.POST or None, item=item, by=request.user)
    status, is_stale = 200, False
    if form.is_valid():
        try:
            actions.answer(
                meeting=item.meeting, place=place, by=request.user, **form.cleaned_data
            )
        except actions.Stale:
            item = find_decided(request, reference, place)
            form.renew(item.version)
            status, is_stale = 409, True
        except ValidationError as error:
            form.add_error(None, error)
            status = 422
        else:
            messages.success(request, _("It is noted which concerns it answers."))
            return redirect("desk:run_item", reference, place)
    elif form.is_bound:
        status = 422
    return render(
        request,
        "desk/run_answers.html",
        {
            "meeting": item.meeting,
            "item": item,
            "place": place,
            "form": form,
            "held": item.meeting.held_by,
            "is_stale": is_stale,
        },
        status=status,
    )
