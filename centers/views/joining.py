"""The pages behind the links that are handed over: an invitation, and a way back."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from .. import actions
from ..actions.access import is_good
from ..forms import PasswordForm
from ..models import Invitation, ReturnLink, User
from ..pages import traceless_page


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@traceless_page
def accept(request, token):
    """The invited person's own page: sets the password, or joins with an account."""
    invitation = Invitation.objects.select_related("center", "partner").find(token)
    if invitation is None:
        return render(request, "account/invitation_ended.html", status=404)
    request.center = invitation.center
    people = list(invitation.people)
    if people and request.method == "POST":
        return join(request, token)
    person = User(
        email=invitation.email, phone=invitation.phone, full_name=invitation.full_name
    )
    form = PasswordForm(request.POST or None, person=person)
    if request.method == "POST" and form.is_valid():
        try:
            actions.accept(token=token, password=form.cleaned_data["password1"])
        except actions.InvitationUsed:
            return render(request, "account/invitation_ended.html", status=404)
        messages.success(request, _("Your account is ready: please sign in."))
        return redirect("account_login")
    return render(
        request,
        "account/invitation.html",
        {"invitation": invitation, "form": form, "people": people},
        status=422 if form.is_bound else 200,
    )


def join(request, token):
    if not request.user.is_authenticated:
        raise PermissionDenied
    try:
        actions.accept(token=token, user=request.user)
    except actions.InvitationUsed:
        return render(request, "account/invitation_ended.html", status=404)
    except ValidationError as error:
        # Two links for one role: the first has done what the second is for.
        messages.info(request, " ".join(error.messages))
    return redirect("desk:today")


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@traceless_page
def come_back(request, token):
    """The page of who lost the password: she sets another, and signs in by it."""
    link = ReturnLink.objects.select_related("user", "by", "membership__center").find(
        token
    )
    if link is None or not is_good(link):
        return render(request, "account/return_ended.html", status=404)
    form = PasswordForm(request.POST or None, person=link.user)
    if request.method == "POST" and form.is_valid():
        try:
            actions.come_back(token=token, password=form.cleaned_data["password1"])
        except actions.LinkUsed:
            return render(request, "account/return_ended.html", status=404)
        messages.success(request, _("The new password is set: please sign in."))
        return redirect("account_login")
    return render(
        request,
        "account/return.html",
        {"given": link, "form": form},
        status=422 if form.is_bound else 200,
    )
