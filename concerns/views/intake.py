"""What comes another way than by this site: written down by the staff, with a receipt.

The one place where a code stands before somebody of the staff: once, to be printed for
the person who waits for it. She is asked to change it when she first uses it.
"""

from time import time

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from centers.permissions import Permission, need
from centers.views import find

from .. import actions, codes
from ..actions.filing import ReceiptExpired
from ..actions.status import answer_by, register_by
from ..forms import IntakeCategoryForm, IntakeForm
from ..models import Concern


def find_taking(request, slug):
    center = find(request, slug)
    need(request.user, Permission.TAKE_IN_CONCERN, center)
    return center


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def take_in(request, slug):
    """Ask for the category first: the form has the questions that fit it."""
    center = find_taking(request, slug)
    if request.method != "POST":
        return choose(request, center, IntakeCategoryForm())
    chosen = IntakeCategoryForm(request.POST)
    if not chosen.is_valid():
        return choose(request, center, chosen, status=422)
    category = chosen.cleaned_data["category"]
    if "key" not in request.POST:
        initial = {"language": get_language()}
        form = IntakeForm(center=center, category=category, initial=initial)
        return page(request, center, category, form)
    form = IntakeForm(request.POST, center=center, category=category)
    if not form.is_valid():
        return page(request, center, category, form, status=422)
    return keep(request, center, category, form)


def keep(request, center, category, form):
    key, _seconds = form.cleaned_data["key"]
    try:
        concern, _code, is_new = actions.file(
            center=center,
            category=category,
            key=key,
            words=form.words,
            identity=form.identity,
            answers=form.answers,
            language=form.cleaned_data["language"],
            intake=actions.Intake(
                channel=form.cleaned_data["channel"],
                received_on=form.cleaned_data["received_on"],
                by=request.user,
                is_code_printed=form.is_code_printed,
            ),
        )
    except ReceiptExpired:
        words = _("This was written down already: its receipt is shown no more.")
        form.add_error(None, words)
        return page(request, center, category, form, status=409)
    except ValidationError as error:
        form.add_error(None, error.messages)
        return page(request, center, category, form, status=422)
    request.session["intake"] = {"key": key, "at": int(time())}
    if not is_new and is_changed(concern, form):
        return page(request, center, category, form, status=409, is_written=True)
    return redirect("desk:intake_receipt", center.slug)


def is_changed(concern, form):
    """Tell whether a form sent again says something else than what is written down."""
    identity = getattr(concern, "identity", None)
    named = {field: getattr(identity, field, "") for field in form.identity or {}}
    answers = [(answer.question, answer.value) for answer in concern.answers.all()]
    return (
        any(getattr(concern, field) != said for field, said in form.words.items())
        or (form.identity or {}) != named
        or form.answers != answers
        or form.is_code_printed != concern.is_code_known
        and not concern.is_about_side_of(concern.taken_in_by)
    )


def choose(request, center, form, status=200):
    context = {"center": center, "form": form}
    return render(request, "desk/intake_category.html", context, status=status)


def page(request, center, category, form, status=200, is_written=False):
    context = {
        "center": center,
        "category": category,
        "form": form,
        "is_written": is_written,
    }
    return render(request, "desk/intake.html", context, status=status)


@require_safe
def receipt(request, slug):
    """Show what this browser has just taken in; hidden from its writer too, this once.

    The key is forgotten after a quarter of an hour, and the code with it.
    """
    center = find_taking(request, slug)
    kept = request.session.get("intake", {"at": 0})
    if time() - kept["at"] > settings.FOLLOW_IDLE_SECONDS:
        request.session.pop("intake", None)
        return redirect("desk:intake", slug)
    concern = (
        Concern.objects.filed_with(kept["key"]).filter(taken_in_by=request.user).first()
    )
    if concern is None:
        raise Http404
    readable = Concern.objects.visible_to(request.user).filter(pk=concern.pk)
    is_about_his_side = concern.is_about_side_of(request.user)
    # Printed before he said whom it is about, it is not shown to him again.
    is_shown = concern.is_code_known and not is_about_his_side
    code = codes.derive(kept["key"], concern.code_key_id)
    return render(
        request,
        "desk/intake_receipt.html",
        {
            "center": center,
            "concern": concern,
            "code": codes.grouped(code) if is_shown else "",
            "is_readable": readable.exists(),
            "is_about_his_side": is_about_his_side,
            "register_by": register_by(center, timezone.localdate(concern.created_at)),
            "answer_by": answer_by(concern),
        },
    )


@require_safe
def paper_form(request, slug):
    """An empty form of one page, to be printed and filled in by hand."""
    center = find_taking(request, slug)
    return render(request, "desk/paper_form.html", {"center": center})
