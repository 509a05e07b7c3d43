"""A new code for the reporter, who has come in person: one asks, another confirms."""

from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from centers.pages import posted_from
from centers.permissions import Permission, permissions
from centers.sessions import step_up

from .. import actions, codes
from ..actions.renewal import open_request
from ..forms import CodeConfirmForm, CodeRequestForm
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
        if code := given(request, concern):
            step_up(request)
            note_reading(request, concern)
            context = {"concern": concern, "code": codes.grouped(code)}
            return render(request, "desk/code_given.html", context)
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


def given(request, concern):
    """Return the code that was confirmed in this browser just now, or None.

    A button is pressed twice and a line is lost: so it can be shown again, until a
    quarter of an hour is over, it opens nothing any more or the next one is asked for.
    """
    pk, key = request.session.get("new_code", (None, None))
    if pk != concern.pk or concern.code_ended_at or open_request(concern):
        return None
    since = timezone.now() - timedelta(seconds=settings.FOLLOW_IDLE_SECONDS)
    his = concern.code_requests.filter(confirmed_by=request.user)
    if not his.filter(confirmed_at__gt=since).exists():
        request.session.pop("new_code")
        return None
    code = codes.derive(key)
    return code if codes.check_code(code, concern.code_hash) else None


@sensitive_post_parameters()
@posted_from("desk:code", find_renewed)
def confirm(request, reference):
    concern = find_renewed(request, reference)
    form = make(
        CodeConfirmForm, "confirm", request.POST, concern=concern, by=request.user
    )
    if not form.is_valid():
        return overtaken(request, reference)
    step_up(request)
    key = form.cleaned_data["key"]
    # Of two presses at once the later one finds nothing of the first in its session:
    # each keeps the key, and if it is the one in force, its code is shown.
    if not given(request, concern):
        request.session["new_code"] = [concern.pk, key]
    try:
        actions.confirm_code(
            concern=concern,
            key=key,
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


def overtaken(request, reference):
    concern = find_renewed(request, reference)
    if concern.status == Status.WITHDRAWN:
        return redirect(concern.get_desk_url())
    if given(request, concern):
        return redirect("desk:code", reference)
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
            "confirm_form": make(
                CodeConfirmForm, "confirm", concern=concern, by=request.user
            ),
            "asked": asked,
            "is_own": asked and asked.by_id == request.user.pk,
            "is_ended_by_reporter": last and last.new == "ended",
            "is_stale": status == 409,
        },
        status=status,
    )
