"""The approved minutes: on the desk as a draft too, for everyone once approved."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from centers.pages import find_center, posted_from, public_page

from .. import actions
from ..forms.planning import AmendForm, ApproveForm, DeclineForm, PutUpForm
from ..models import Meeting, ProtocolVersion
from ..protocol.content import agenda, draft, mark_of, mark_of_reason, missing
from ..protocol.paper import paper
from ..protocol.pdf import pdf
from ..protocol.word import word
from ..revealing import revealing
from .desk import may_schedule

FORMS = {
    "pdf": (pdf, "application/pdf"),
    "docx": (
        word,
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
}


# On the desk


def find(request, reference):
    """Return a meeting that is over: of no other there is anything to write down."""
    return get_object_or_404(
        Meeting.objects.visible_to(request.user).select_related("center", "protocol"),
        reference=reference,
        ended_at__isnull=False,
    )


def find_planned(request, reference):
    meeting = find(request, reference)
    if not may_schedule(request.user, meeting.center):
        raise PermissionDenied
    return meeting


def find_version(request, reference, number):
    versions = ProtocolVersion.objects.visible_to(request.user)
    return get_object_or_404(
        versions.select_related(
            "protocol__meeting__center", "withdrawn_by"
        ).prefetch_related("approvals"),
        protocol__meeting__reference=reference,
        version=number,
    )


@require_safe
def desk(request, reference):
    return desk_page(request, find(request, reference))


def desk_page(request, meeting, status=200, is_stale=False, **forms):
    """Show what is up or approved; where the record is open, what it would be now."""
    request.center = meeting.center
    protocol = getattr(meeting, "protocol", None)
    versions = (
        list(protocol.versions.select_related("withdrawn_by")) if protocol else []
    )
    standing = [version for version in versions if not version.is_withdrawn]
    last = standing[-1] if standing else None
    is_open = last is None or (last.is_approved and protocol.is_amended)
    items = agenda(meeting) if is_open else None
    content = draft(meeting, items) if is_open else last.content
    if last:
        last.protocol = protocol
        protocol.meeting = meeting
    shown = None if is_open else last
    if shown:
        prefetch_related_objects([shown], "approvals")
    context = {
        "meeting": meeting,
        "protocol": protocol,
        "version": shown,
        "last": last,
        "versions": versions,
        "paper": paper(
            meeting,
            content,
            get_language(),
            is_public=False,
            version=shown,
            items=items,
        ),
        "may_schedule": may_schedule(request.user, meeting.center),
        "is_stale": is_stale,
        "is_wrong": status == 422,
    }
    if is_open:
        context |= {"missing": missing(content), "mark": mark_of(content)}
        if last and context["may_schedule"]:
            context["amend_form"] = AmendForm(initial=reason_of(protocol, last))
    elif last.is_up:
        context |= waiting(request.user, last)
        context["decline_form"] = DeclineForm(initial={"version": last.version})
    elif context["may_schedule"]:
        context["amend_form"] = AmendForm(initial={"version": last.version})
    return render(request, "desk/protocol.html", context | forms, status=status)


def reason_of(protocol, last):
    """Return, to be corrected, why a protocol is being amended."""
    why = {name: getattr(protocol, name) for name in ("reason_ky", "reason_ru")}
    return why | {"version": last.version, "seen": mark_of_reason(protocol)}


def waiting(user, version):
    """Return which sides have approved a version, and for which a person may."""
    given = {one.side: one for one in version.approvals.all()}
    mine = actions.sides_of(user, version.protocol.meeting.center)
    has_approved = any(one.by_id == user.pk for one in given.values())
    return {
        "approvals": given.values(),
        "sides": [] if has_approved else [s for s in mine if s not in given],
        "may_decline": bool(mine),
    }


def act(request, reference, form, name, do, done):
    meeting = find(request, reference)
    if not form.is_valid():
        return desk_page(request, meeting, status=422, **{name: form})
    try:
        do(meeting=meeting, by=request.user, **form.cleaned_data)
    except ValidationError as error:
        form.add_error(None, error)
        return desk_page(request, meeting, status=422, **{name: form})
    except actions.Stale:
        typed = getattr(form, "words", [])
        return desk_page(
            request,
            find(request, reference),
            status=409,
            is_stale=True,
            is_bare=not typed,
            words=typed,
        )
    messages.success(request, done)
    return redirect("desk:protocol", reference)


@posted_from("desk:protocol", find_planned)
def put_up(request, reference):
    meeting = find_planned(request, reference)
    form = PutUpForm(request.POST)
    if form.is_valid() and not form.cleaned_data.pop("sure"):
        is_seen = form.cleaned_data["mark"] == mark_of(draft(meeting))
        if is_seen and (revealed := revealing(meeting)):
            asked = {"is_wrong": False, "revealed": revealed}
            return desk_page(request, find(request, reference), status=422, **asked)
    done = _("It is up for approval: each of the three partners reads it now.")
    return act(request, reference, form, "put_up_form", actions.put_up, done)


@posted_from("desk:protocol", find)
def approve(request, reference):
    form = ApproveForm(request.POST)
    done = _("You have approved the protocol.")
    return act(request, reference, form, "approve_form", actions.approve, done)


@posted_from("desk:protocol", find)
def decline(request, reference):
    form = DeclineForm(request.POST)
    done = _("The version is withdrawn: the record can be corrected.")
    return act(request, reference, form, "decline_form", actions.decline, done)


@posted_from("desk:protocol", find_planned)
def amend(request, reference):
    find_planned(request, reference)
    form = AmendForm(request.POST)
    done = _("The record is open again. The approved version stays until the next one.")
    if form["seen"].value():
        done = _("The reason is corrected.")
    return act(request, reference, form, "amend_form", actions.amend, done)


@require_safe
def desk_version(request, reference, number):
    version = find_version(request, reference, number)
    meeting = version.protocol.meeting
    request.center = meeting.center
    return render(
        request,
        "desk/protocol_version.html",
        {
            "meeting": meeting,
            "version": version,
            "next": successor(version),
            "paper": paper_of(version, is_public=False),
        },
    )


@require_safe
def desk_file(request, reference, number, form):
    version = find_version(request, reference, number)
    return file_of(version, form, is_public=False)


# For everyone


def find_approved(request, slug, reference):
    """Return the centre, and what was ever approved of a meeting's protocol."""
    center = find_center(request, slug)
    versions = list(
        ProtocolVersion.objects.public()
        .filter(protocol__meeting__reference=reference, protocol__center=center)
        .select_related("protocol__meeting__center")
        .prefetch_related("approvals")
    )
    if not versions:
        raise Http404
    return center, versions


@require_safe
@public_page
def page(request, slug, reference):
    center, versions = find_approved(request, slug, reference)
    return show(request, center, versions, versions[-1])


@require_safe
@public_page
def version(request, slug, reference, number):
    center, versions = find_approved(request, slug, reference)
    for one in versions:
        if one.version == number:
            return show(request, center, versions, one)
    raise Http404


def show(request, center, versions, version):
    later = [one for one in versions if one.version > version.version]
    return render(
        request,
        "meetings/protocol.html",
        {
            "center": center,
            "meeting": version.protocol.meeting,
            "version": version,
            "next": later[0] if later else None,
            "earlier": [one for one in versions if one.version < version.version],
            "paper": paper_of(version, is_public=True),
        },
    )


@require_safe
@public_page
def file(request, slug, reference, form):
    _center, versions = find_approved(request, slug, reference)
    return file_of(versions[-1], form, is_public=True)


# For both


def successor(version):
    """Return the approved version that took the place of an approved one, or None."""
    if not version.is_approved:
        return None
    later = version.protocol.versions.approved().filter(version__gt=version.version)
    return later.first()


def paper_of(version, is_public):
    return paper(
        version.protocol.meeting,
        version.content,
        get_language(),
        is_public=is_public,
        version=version,
    )


def file_of(version, form, is_public):
    write, content_type = FORMS[form]
    content = write(paper_of(version, is_public), version.made_at)
    response = HttpResponse(content, content_type=content_type)
    name = f"protocol-{version.protocol.year}-{version.protocol.number}"
    if version.version > 1:
        name = f"{name}-{version.version}"
    response["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return response
