"""A new code for the reporter, who has come in person: one asks, another confirms."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from centers.pages import posted_from
from centers.permissions import Permission, permissions
from centers.sessions import step_up

from .. import actions, codes
from ..actions.renewal import open_request
from ..forms import ChangeForm, CodeRequestForm
from ..models import Change, Concern
from ..workflow import Status
from .desk import find, make, note_reading


def find_renewed(request, reference):
    concern = find(request, reference)
    if Permission.HANDLE_CONCERN not in permissions(request.user, concern.center):
        raise PermissionDenied
    return concern


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request, reference):
    concern = find_renewed(request, reference)
    if concern.status == Status.WITHDRAWN:
        messages.warning(request, _("It was taken back: it gets no new code."))
        return redirect(concern.get_desk_url())
    if request.method != "POST":
        form = make(CodeRequestForm, "code", concern=concern, by=request.user)
        return page(request, concern, form)
    form = make(CodeRequestForm, "code", request.POST, concern=concern, by=request.user)
    if not form.is_valid():
        return page(request, concern, form, status=422)
    step_up(request)
    try:
        actions.ask_for_code(
            concern=concern,
            recognised=form.cleaned_data["recognised"],
            by=request.user,
            version=form.cleaned_data["version"],
        )
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
    except Concern.DoesNotExist:
        raise Http404 from None
    except (actions.Stale, actions.MoveNotAllowed):
        return overtaken(request, reference)
    return redirect("desk:code", reference)


@posted_from("desk:code", find_renewed)
def confirm(request, reference):
    concern = find_renewed(request, reference)
    form = make(ChangeForm, "code", request.POST, concern=concern, by=request.user)
    if not form.is_valid():
        return overtaken(request, reference)
    step_up(request)
    try:
        code = actions.confirm_code(
            concern=concern, by=request.user, version=form.cleaned_data["version"]
        )
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
        return redirect("desk:code", reference)
    except Concern.DoesNotExist:
        raise Http404 from None
    except (actions.Stale, actions.MoveNotAllowed):
        return overtaken(request, reference)
    return render(
        request,
        "desk/code_given.html",
        {"concern": concern, "code": codes.grouped(code)},
    )


def overtaken(request, reference):
    concern = find_renewed(request, reference)
    if concern.status == Status.WITHDRAWN:
        return redirect(concern.get_desk_url())
    form = make(CodeRequestForm, "code", concern=concern, by=request.user)
    return page(request, concern, form, status=409)


def page(request, concern, form, status=200):
    note_reading(request, concern)
    asked = open_request(concern)
    codes_so_far = concern.changes.filter(kind=Change.Kind.CODE).exclude(new="asked")
    last = codes_so_far.last() if concern.code_ended_at else None
    return render(
        request,
        "desk/code.html",
        {
            "concern": concern,
            "form": form,
            "asked": asked,
            "is_own": asked and asked.by_id == request.user.pk,
            "is_ended_by_reporter": last and last.new == "ended",
            "is_stale": status == 409,
        },
        status=status,
    )
