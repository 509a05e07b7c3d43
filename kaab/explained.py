"""The pages that explain: how it works, help for each role, privacy, accessibility."""

from django.conf import settings
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from centers.models import Role, Term
from centers.pages import public_page
from centers.permissions import COUNCIL, POLICE, RESIDENTS, memberships_of
from centers.terms import terms_on

# The help there is for those who work in a centre, in the order of the list.
GUIDES = {
    "community": _("Help for members of the community"),
    "council": _("Help for the council's staff"),
    "police": _("Help for the police"),
    "coordinator": _("Help for the coordinator"),
    "intake": _("Help for the intake person"),
    "custodian": _("Help for the custodian"),
    "observer": _("Help for observers"),
}
# What a member does depends on his side, what the others do on their role.
MEMBERS = {RESIDENTS: "community", COUNCIL: "council", POLICE: "police"}


def guide_of(membership):
    """Return the name of the help that a member needs."""
    if membership.role == Role.MEMBER:
        return MEMBERS[membership.partner.kind]
    return membership.role


def own_guide(user):
    """Return the name of the help for what a person serves as first, or None."""
    return next(map(guide_of, memberships_of(user)), None)


def explain(request, template, **context):
    days = terms_on(timezone.localdate())
    terms = {
        "register_days": days[Term.Kind.REGISTRATION],
        "appeal_days": days[Term.Kind.APPEAL],
        "close_days": settings.CLOSE_AFTER_DAYS,
        "keep": settings.KEEP_WORDS_MONTHS
        | {
            "identity": settings.KEEP_IDENTITY_MONTHS,
            "photos": settings.KEEP_PHOTOS_MONTHS,
        },
        "version": settings.CONSENT_VERSION,
        "guides": GUIDES,
    }
    return render(request, f"home/{template}.html", terms | context)


@require_safe
@public_page
def about(request):
    return explain(request, "about")


@require_safe
@public_page
def help_page(request):
    return explain(request, "help")


@require_safe
@public_page
def guide(request, role):
    if role == "resident":
        return redirect("home:help")
    if role not in GUIDES:
        raise Http404
    return explain(request, f"guides/{role}", role=role, title=GUIDES[role])


@require_safe
@public_page
def privacy(request):
    return explain(request, "privacy")


@require_safe
@public_page
def accessibility(request):
    return explain(request, "accessibility")
