"""A person's own account: language, password, second factor, where she is signed in."""

from allauth.account.decorators import reauthentication_required
from allauth.account.internal.decorators import login_stage_required
from allauth.mfa.base.views import authenticate
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from .. import actions, keys
from ..forms import LanguageForm, SheetForm
from ..permissions import memberships_of
from ..second_factor import (
    CodeStage,
    SecondFactor,
    codes_of,
    needs_second_factor,
    new_seed,
)
from ..sessions import open_sessions

PASSWORD_AGAIN = reauthentication_required(app="allauth.mfa")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def mine(request):
    factor = SecondFactor(request.user)
    if factor.app and not factor.sheet:
        return redirect("sheet")
    form = LanguageForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        request.user.save(update_fields=["language"])
        messages.success(request, _("Letters to you come in this language now."))
        return redirect("mfa_index")
    return render(
        request,
        "account/mine.html",
        {
            "form": form,
            "factor": factor,
            "needs_second_factor": needs_second_factor(request.user),
            "sessions": open_sessions(request.user, request.session.session_key),
            "given": request.user.return_links.shown(),
        },
        status=422 if form.is_bound else 200,
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def show_keys(request):
    """Show what each key does, and switch them on and off (WCAG 2.2, 2.1.4)."""
    if request.method == "POST":
        request.user.uses_keys = bool(request.POST.get("uses"))
        request.user.save(update_fields=["uses_keys"])
        return redirect("keys")
    groups = [
        (_("Everywhere"), keys.EVERYWHERE),
        (_("In lists"), keys.IN_LISTS),
        (_("At a concern"), keys.AT_A_CONCERN),
    ]
    return render(request, "account/keys.html", {"groups": groups})


@login_required
@require_POST
def end_session(request):
    """End the session that is named, or all but this one."""
    if reference := request.POST.get("session", "").replace("\0", ""):
        actions.end_session(user=request.user, reference=reference)
    else:
        actions.end_other_sessions(user=request.user, keep=request.session.session_key)
    messages.success(request, _("It has ended: who is there has to sign in again."))
    return redirect("mfa_index")


# The second factor


@login_stage_required(stage=CodeStage.key, redirect_urlname="account_login")
def code(request):
    """Ask for the code, unless the password before it is none any more."""
    # Before a code of the sheet is spent for nothing.
    if not request._login_stage.is_resumable(request):
        return request._login_stage.abort()
    return authenticate(request)


@login_required
@require_safe
def second_factor(request):
    """Choose one: an app, or a sheet. Who has an app lacks the sheet beside it."""
    factor = SecondFactor(request.user)
    if factor.is_complete:
        return redirect("mfa_index")
    if factor.app or factor.sheet:
        return redirect("sheet")
    return render(request, "account/second_factor.html")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def sheet(request):
    """A new sheet of codes: in force only when its person says she has it on paper.

    Until then its seed waits in her session, so that a lost line or a jammed printer
    leaves her with the sheet she had.
    """
    form = SheetForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        seed = request.session.pop("sheet", None)
        if seed is None:  # pressed twice
            return redirect("mfa_index")
        actions.put_sheet_in_force(user=request.user, seed=seed)
        request.session.pop("codes_left", None)
        messages.success(
            request, _("The sheet is in force. Keep it where nobody looks.")
        )
        return redirect("desk:today")
    return show_sheet(request, form)


@PASSWORD_AGAIN
def show_sheet(request, form):
    if "sheet" not in request.session:
        request.session["sheet"] = new_seed()
    served = memberships_of(request.user)
    return render(
        request,
        "account/sheet.html",
        {
            "form": form,
            "codes": codes_of(request.session["sheet"]),
            "served": served[0].center if served else None,
            "factor": SecondFactor(request.user),
        },
        status=422 if form.is_bound else 200,
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@PASSWORD_AGAIN
def switch_off(request):
    """Take the app away, whose phone is lost: the sheet then signs in alone."""
    factor = SecondFactor(request.user)
    is_needed = needs_second_factor(request.user)
    if is_needed and not factor.app:
        return redirect("mfa_index")
    if is_needed and not factor.codes_left:
        return redirect("sheet")
    if request.method == "POST":
        actions.switch_off(user=request.user)
        return redirect("mfa_index")
    context = {"is_needed": is_needed}
    return render(request, "account/switch_off.html", context)
