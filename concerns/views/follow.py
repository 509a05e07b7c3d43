"""What a code opens: one concern, for a quarter of an hour, leaving no trace."""

from contextlib import suppress
from datetime import timedelta
from operator import attrgetter
from time import time

from django.conf import settings
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from centers import limits
from centers.pages import closing, has_left, posted_from, traceless_page

from .. import actions
from ..actions.filing import answer_by
from ..forms import AnswerForm, CodeForm, PhotoForm, ReopenForm, WithdrawForm
from ..models import Change, Concern
from ..workflow import Actor, Status, moves_from

WRONG_CODES = ("wrong_code", 10, 10 * 60)
MALFORMED = ("malformed_code", 60, 60)
REPLIES = ("reply", 20, 60 * 60)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@traceless_page
def enter(request):
    if request.method != "POST":
        was_closed = "closed" in request.GET and not has_left(request)
        return render(
            request, "follow/enter.html", {"form": CodeForm(), "was_closed": was_closed}
        )
    client = limits.client_key(request)
    form = CodeForm(request.POST)
    if not form.is_valid():
        name, limit, seconds = MALFORMED
        if not limits.hit(name, client, limit=limit, seconds=seconds):
            return wait(request, seconds)
        return render(request, "follow/enter.html", {"form": form}, status=422)
    name, limit, seconds = WRONG_CODES
    if not limits.is_within(name, client, limit=limit):
        return wait(request, seconds)
    concern = Concern.objects.find(form.cleaned_data["c"])
    if concern is None:
        limits.hit(name, client, limit=limit, seconds=seconds)
        # Not echoed: wrong, ended and never issued codes get the same bytes.
        form = CodeForm()
        return render(
            request, "follow/enter.html", {"form": form, "is_unknown": True}, status=422
        )
    request.session.cycle_key()
    now = int(time())
    request.session["followed"] = {"concern": concern.pk, "since": now, "seen": now}
    # Who has typed the code has it: the receipt need not show it again.
    request.session.pop("receipt", None)
    return redirect("follow:concern")


def wait(request, seconds):
    response = render(request, "follow/wait.html", status=429)
    response["Retry-After"] = str(seconds)
    return response


def followed(request):
    """Return the concern that this browser follows, or None."""
    concern = (
        Concern.objects.followed_in(request.session)
        .select_related("center", "category", "village", "partner", "lead__center")
        .first()
    )
    if concern is None:
        request.session.pop("followed", None)
        return None
    now = int(time())
    if now - request.session["followed"]["seen"] > 60:
        request.session["followed"] = request.session["followed"] | {"seen": now}
    request.center = concern.center
    return concern


@require_safe
@traceless_page
def concern(request):
    concern = followed(request)
    return page(request, concern) if concern else closed()


def closed():
    return redirect(reverse("follow:enter") + "?closed")


def page(request, concern, status=200, **forms):
    changes = list(concern.changes.filter(kind=Change.Kind.STATUS))
    messages = concern.messages.all()
    timeline = sorted([*changes, *messages], key=attrgetter("created_at"), reverse=True)
    may = {move.target for move in moves_from(concern.status, {Actor.REPORTER})}
    response = render(
        request,
        "follow/concern.html",
        {
            "concern": concern,
            "timeline": timeline,
            "question": changes[-1] if concern.status == Status.NEEDS_INFO else None,
            "answer_by": answer_by(concern)
            if concern.status == Status.RECEIVED
            else concern.due_on,
            "is_late": concern.due_on and concern.due_on < timezone.localdate(),
            "closes_on": closes_on(concern),
            "may_confirm": Status.CLOSED in may,
            "may_withdraw": Status.WITHDRAWN in may,
            "photos": concern.photos.all(),
            "answer_form": AnswerForm(prefix="answer"),
            "photo_form": PhotoForm(),
            "reopen_form": ReopenForm(prefix="reopen"),
            "withdraw_form": WithdrawForm(prefix="withdraw"),
        }
        | forms,
        status=status,
    )
    return closing(response, settings.FOLLOW_IDLE_SECONDS)


def closes_on(concern):
    """Return the day on which a solved concern closes if nobody objects, or None."""
    if concern.status != Status.RESOLVED:
        return None
    solved_on = timezone.localdate(concern.resolved_at)
    return solved_on + timedelta(days=settings.CLOSE_AFTER_DAYS)


def sent():
    response = redirect("follow:concern")
    response["Location"] += "?sent"
    return response


def act(request, name, form, action):
    """Do what the reporter asked and come back, or show the form with what is wrong."""
    concern = followed(request)
    if concern is None:
        return closed()
    if form.is_valid():
        try:
            action(concern, form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        except actions.MoveNotAllowed:
            # Its form may be gone from the page: the words wait in the one that stays.
            words = form.cleaned_data.get("reason", "")
            form = AnswerForm(prefix="answer", initial={"text": words})
            concern = followed(request)
            if concern is None:  # A press just before this one closed it.
                return closed()
            return page(request, concern, 409, is_stale=True, answer_form=form)
        else:
            return None
    return page(request, concern, status=422, **{f"{name}_form": form})


def only_takes_answers(view):
    return sensitive_post_parameters()(
        traceless_page(posted_from("follow:concern")(view))
    )


@only_takes_answers
def message(request):
    form = AnswerForm(request.POST, prefix="answer")
    concern = followed(request)
    if concern and "language" in request.POST:
        # Only the language was switched: what is typed so far comes along, unjudged.
        typed = {"text": form["text"].value()}
        form = AnswerForm(prefix="answer", initial=typed)
        return page(request, concern, answer_form=form)
    name, limit, seconds = REPLIES
    if concern and not limits.hit(name, concern.pk, limit=limit, seconds=seconds):
        form.add_error("text", _("Many messages have come: send it again in an hour."))
        response = page(request, concern, 429, answer_form=form)
        response["Retry-After"] = str(seconds)
        return response
    refused = act(
        request,
        "answer",
        form,
        lambda concern, words: actions.answer(concern=concern, text=words["text"]),
    )
    return refused or sent()


@only_takes_answers
def answer(request):
    """The reporter's yes or no to "is it solved?"."""
    if request.POST.get("solved") == "yes":
        concern = followed(request)
        if concern is None:
            return closed()
        # A second press finds it confirmed already, which is what she wanted.
        with suppress(actions.MoveNotAllowed):
            actions.confirm(concern=concern)
        return redirect("follow:concern")
    form = ReopenForm(request.POST, prefix="reopen")
    refused = act(
        request,
        "reopen",
        form,
        lambda concern, words: actions.reopen(concern=concern, reason=words["reason"]),
    )
    return refused or sent()


@only_takes_answers
def withdraw(request):
    form = WithdrawForm(request.POST, prefix="withdraw")
    refused = act(
        request,
        "withdraw",
        form,
        lambda concern, words: actions.withdraw(
            concern=concern, reason=words["reason"]
        ),
    )
    if refused:
        return refused
    request.session.pop("followed", None)
    return render(request, "follow/withdrawn.html")
