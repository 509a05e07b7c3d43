"""The doors: every centre, one centre, and the way out."""

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from centers.collation import alphabetical
from centers.models import Center, Place
from centers.page import page_from, page_of
from centers.pages import find_center, public_page, traceless_page
from centers.views.page import find_edited
from concerns.models import Concern
from concerns.search import sound
from concerns.workflow import Status
from meetings.models import Meeting

from .errors import UNREACHABLE

SOLVED = 3
# More centres than this are found by their district or by a search: a list of all of
# them would be many pages long on a slow line.
LISTED = 30


@require_safe
@public_page
def directory(request):
    centers = Center.objects.order_by(alphabetical())
    first = list(centers[: LISTED + 1])
    if len(first) == 1:
        request.center = first[0]
        return center_page(request, first[0])
    query = request.GET.get("q", "").strip()[:100]
    # PostgreSQL fails at a NUL where it only has to find nothing.
    district = request.GET.get("in", "").replace("\0", "")[:14]
    is_long = len(first) > LISTED
    if query:
        centers = centers.filter(pk__in=centers_named(query))[:LISTED]
    elif is_long:
        centers = centers.filter(aimak__parent__code=district)
    return render(
        request,
        "home/directory.html",
        {
            "centers": centers.select_related("aimak__parent").prefetch_related(
                "villages"
            ),
            "is_long": is_long,
            "query": query,
            "districts": districts() if is_long else [],
        },
    )


def centers_named(query):
    """Return the centres in whose name or places the query stands, however spelt."""
    names = [
        f"{place}name_{language}"
        for place in ("", "villages__", "aimak__", "aimak__parent__")
        for language in ("ky", "ru")
    ]
    query = sound(query)
    return {
        center
        for center, *names in Center.objects.values_list("pk", *names)
        if query in sound(" ".join(filter(None, names)))
    }


def districts():
    """Return the districts that have a centre, by oblast."""
    return (
        Place.objects.filter(pk__in=Center.objects.values("aimak__parent"))
        .select_related("parent")
        .order_by("parent__code", alphabetical())
    )


@require_safe
@public_page
def center(request, slug):
    return center_page(request, find_center(request, slug))


def center_page(request, center):
    return render(request, "home/center.html", center_context(page_of(center)))


def center_context(page):
    """Return what a centre's page shows: of itself, and of its work."""
    # Bounded, though nothing is solved tomorrow: so SQLite takes their own index.
    solved = Concern.objects.public().filter(
        center=page.center, status=Status.CLOSED, resolved_at__lte=timezone.now()
    )
    return {
        "center": page.center,
        "page": page,
        "solved": solved.in_rows().order_by("-resolved_at")[:SOLVED],
        "meeting": Meeting.objects.public()
        .filter(center=page.center, status=Meeting.Status.PLANNED)
        .to_come()
        .first(),
    }


@require_safe
def preview(request, slug):
    """The centre's page as its draft would make it, for the coordinator alone."""
    center = find_edited(request, slug)
    draft = center.versions.draft()
    if draft is None:
        return redirect("desk:center_page", slug)
    return version_page(request, center, draft)


@require_safe
def version(request, slug, number):
    center = find_edited(request, slug)
    shown = get_object_or_404(center.versions.published(), number=number)
    return version_page(request, center, shown)


def version_page(request, center, version):
    context = center_context(page_from(center, version.content))
    context |= {"preview": version, "page_version": center.page_version}
    return render(request, "home/center.html", context)


# Without a token: a page that offers the way out must not set a cookie, and whoever
# forges this request from another site only closes the visitor's session.
@csrf_exempt
@require_POST
@traceless_page
def leave(request):
    try:
        request.session.flush()
    except UNREACHABLE:
        # She leaves all the same: the browser forgets its key, and the session, which
        # nobody can open any more, ends by itself.
        request.session = SessionStore()
    response = redirect(settings.LEAVE_URL)
    response.status_code = 303
    response["Clear-Site-Data"] = '"storage"'
    response.delete_cookie(settings.CSRF_COOKIE_NAME, samesite="Lax")
    # Until the browser is closed: what is sent again by Back is not shown again.
    response.set_cookie(
        settings.LEFT_COOKIE_NAME,
        "1",
        secure=settings.IS_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


@require_safe
def typed_language(request, rest=""):
    """Bring those who type /ky/ or /kg/ to the page itself, which has no prefix."""
    # Two slashes would lead to whatever site is named after them.
    return redirect("/" + rest.lstrip("/"))
