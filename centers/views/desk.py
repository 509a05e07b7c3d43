"""The coordinator's members: invited, given another role, let in again, gone."""

from functools import wraps

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_safe,
)

from .. import actions, emails
from ..actions.access import is_out_of_reach
from ..forms import InvitationForm, RoleForm
from ..models import Center, Membership
from ..pages import posted_from
from ..permissions import Permission, can, memberships_of, need
from ..sessions import step_up


def find(request, slug):
    """Return a centre that this person serves; any other does not exist for him."""
    served = [m.center_id for m in memberships_of(request.user)]
    request.center = get_object_or_404(Center, slug=slug, pk__in=served)
    return request.center


def find_membership(request, slug, reference):
    """Return a membership that is alive, for the page of its member or an act upon it.

    Raises Membership.DoesNotExist for an act upon one that has ended.
    """
    memberships = find(request, slug).memberships.filter(reference=reference)
    living = memberships.live().select_related("center", "partner", "user").first()
    if living is None and request.method == "POST" and memberships:
        raise Membership.DoesNotExist
    if living is None:
        raise Http404
    return living


def find_managed(request, slug, reference):
    membership = find_membership(request, slug, reference)
    need_manager(request, membership.center)
    return membership


def need_manager(request, center):
    need(request.user, Permission.MANAGE_MEMBERS, center)


def while_it_lasts(view):
    """Lead to the members whoever acts upon a membership that ended meanwhile.

    Another role is another membership.
    """

    @wraps(view)
    def wrapper(request, slug, reference, **kwargs):
        try:
            return view(request, slug, reference, **kwargs)
        except Membership.DoesNotExist:
            tell_who_was_slower(request)
            return redirect("desk:members", slug)

    return wrapper


def tell_who_was_slower(request):
    messages.warning(
        request,
        _("Somebody was faster: this list shows who serves in which role now."),
    )


def known_to(user, center):
    """Return the members whom a person may know: an observer, as everyone does."""
    if can(user, Permission.READ_SUMMARIES, center):
        return center.memberships.live()
    return center.memberships.shown()


@require_safe
def members(request, slug):
    return list_members(request, find(request, slug))


def list_members(request, center, words=(), status=200):
    may_manage = can(request.user, Permission.MANAGE_MEMBERS, center)
    invitations = center.invitations.usable().select_related("partner")
    return render(
        request,
        "desk/members.html",
        {
            "center": center,
            "may_manage": may_manage,
            "memberships": known_to(request.user, center).select_related(
                "user", "partner"
            ),
            "invitations": invitations if may_manage else [],
            "words": words,
        },
        status=status,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def invite(request, slug):
    center = find(request, slug)
    need_manager(request, center)
    step_up(request)
    form = InvitationForm(request.POST or None, center=center)
    if request.method == "POST" and form.is_valid():
        try:
            invitation, token = actions.invite(
                center=center, by=request.user, **form.cleaned_data
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            # Shown once, to be handed over where there is no e-mail.
            link = emails.invitation_link(invitation, token)
            return render(
                request,
                "desk/invited.html",
                {
                    "center": center,
                    "invitation": invitation,
                    "link": link,
                    "is_letter_sent": bool(invitation.email) and emails.are_sent(),
                },
            )
    status = 422 if form.is_bound else 200
    return render(
        request, "desk/invite.html", {"center": center, "form": form}, status=status
    )


def find_invitation(request, slug, mark):
    # One that opens nothing any more too: who takes it back twice is not lost.
    invitations = find(request, slug).invitations.select_related("center")
    # The whole mark: a part of one could be a part of several.
    invitation = next((one for one in invitations if one.mark == mark), None)
    if invitation is None:
        raise Http404
    need_manager(request, invitation.center)
    return invitation


@posted_from("desk:members", find_invitation, takes=["slug"])
def withdraw_invitation(request, slug, mark):
    invitation = find_invitation(request, slug, mark)
    actions.withdraw_invitation(invitation=invitation, by=request.user)
    invitation.refresh_from_db()
    if invitation.used_at:
        # Accepted meanwhile: the list shows the new member.
        messages.info(request, _("This link has already been used or has expired."))
    else:
        messages.success(request, _("The link opens nothing any more."))
    return redirect("desk:members", slug)


@require_http_methods(["GET", "HEAD", "POST"])
@while_it_lasts
def member(request, slug, reference):
    """One member: change the role, or end the membership after a second look."""
    membership = find_managed(request, slug, reference)
    step_up(request)
    form = RoleForm(request.POST or None, membership=membership)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_role(
                membership=membership, by=request.user, role=form.cleaned_data["role"]
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The role is changed."))
            return redirect("desk:members", slug)
    return render(
        request,
        "desk/member.html",
        {
            "center": membership.center,
            "membership": membership,
            "form": form,
            "is_out_of_reach": is_out_of_reach(membership.user),
            "given": membership.user.return_links.shown(),
        },
        status=422 if form.is_bound else 200,
    )


@posted_from("desk:member", find_managed)
@while_it_lasts
def end(request, slug, reference):
    membership = find_managed(request, slug, reference)
    step_up(request)
    try:
        actions.end_membership(membership=membership, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("desk:member", slug, reference)
    messages.success(request, _("The membership has ended."))
    return redirect("desk:members", slug)


@posted_from("desk:member", find_managed)
@while_it_lasts
def give_link(request, slug, reference, is_new_start):
    """Give a member who cannot sign in a link, shown once, to be handed over."""
    membership = find_managed(request, slug, reference)
    step_up(request)
    try:
        link, token = actions.give_link(
            membership=membership, is_new_start=is_new_start, by=request.user
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("desk:member", slug, reference)
    return render(
        request,
        "desk/link_given.html",
        {
            "center": membership.center,
            "membership": membership,
            "given": link,
            "link": emails.return_link(link, token),
        },
    )
