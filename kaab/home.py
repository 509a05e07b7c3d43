"""The doors: every centre, one centre, and the pages that explain."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from centers.collation import alphabetical
from centers.models import Center, Partner
from centers.pages import find_center, public_page, traceless_page
from concerns.models import Concern
from meetings.models import Meeting

SOLVED = 3


@require_safe
@public_page
def directory(request):
    centers = list(
        Center.objects.select_related("aimak__parent__parent")
        .prefetch_related("villages")
        .order_by(alphabetical())
    )
    if len(centers) == 1:
        request.center = centers[0]
        return center_page(request, centers[0])
    return render(request, "home/directory.html", {"centers": centers})


@require_safe
@public_page
def center(request, slug):
    return center_page(request, find_center(request, slug))


def center_page(request, center):
    concerns = Concern.objects.public().filter(center=center)
    partners = list(center.partners.all())
    return render(
        request,
        "home/center.html",
        {
            "center": center,
            "villages": center.villages.order_by(alphabetical()),
            "solved": concerns.filter(status__in=["resolved", "closed"])
            .select_related("category", "village", "center")
            .order_by("-resolved_at")[:SOLVED],
            "meeting": Meeting.objects.public()
            .filter(center=center, status=Meeting.Status.PLANNED)
            .to_come()
            .first(),
            "partners": [p for p in partners if p.kind != Partner.Kind.SUPPORTER],
            "supporters": [p for p in partners if p.kind == Partner.Kind.SUPPORTER],
        },
    )


@require_safe
@public_page
def help_page(request):
    return render(request, "home/help.html")


@require_safe
@public_page
def privacy(request):
    return render(request, "home/privacy.html")


# Without a token: a page that offers the way out must not set a cookie, and whoever
# forges this request from another site only closes the visitor's session.
@csrf_exempt
@require_POST
@traceless_page
def leave(request):
    request.session.flush()
    response = redirect(settings.LEAVE_URL)
    response.status_code = 303
    response["Clear-Site-Data"] = '"cookies", "storage"'
    return response


@require_safe
def robots(request):
    rules = "User-agent: *\nDisallow: /desk/\nDisallow: /account/\nDisallow: /follow/\n"
    return HttpResponse(rules, content_type="text/plain")


@require_safe
def typed_language(request, rest=""):
    """Bring those who type /ky/ or /kg/ to the page itself, which has no prefix."""
    return redirect(f"/{rest}")
