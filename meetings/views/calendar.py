"""A member's own calendar: where he makes its address, and what that answers."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from centers import limits
from centers.pages import traceless_page
from centers.permissions import need_work
from centers.sessions import step_up

from .. import actions, calendars
from ..models import Action, Meeting, MemberCalendar
from .public import REMEMBERED, calendar_page, with_agenda

# Of addresses that open nothing. One that opens something is always answered: a whole
# village may ask by one address of a mobile operator.
UNKNOWN = ("unknown calendar", 30, 10 * 60)
NEW = ("new calendar", 10, 60 * 60)
# Where in the session a new address waits to be shown.
MADE = "calendar_made"


@require_http_methods(["GET", "HEAD", "POST"])
def own(request):
    """Make the secret address, make it anew, end it; it is shown once."""
    need_work(request.user)
    do = request.POST.get("do")
    if do == "make":
        step_up(request)
        make(request)
        return redirect("desk:calendar")
    if do == "end":
        actions.end_calendar(by=request.user)
        return redirect("desk:calendar")
    context = {}
    if request.method == "GET" and (token := request.session.pop(MADE, None)):
        address = settings.SITE_URL + reverse("calendar", args=[token])
        subscription = urlsplit(address)._replace(scheme="webcal").geturl()
        context = {"address": address, "subscription": subscription}
    calendar = MemberCalendar.objects.filter(user=request.user).first()
    calendar = calendar if calendar and calendar.is_good else None
    return render(
        request,
        "desk/calendar.html",
        {"calendar": calendar} | context,
        status=422 if request.method == "POST" else 200,
    )


def make(request):
    name, limit, seconds = NEW
    if limits.hit(name, request.user.pk, limit=limit, seconds=seconds):
        # Shown by the next page: one that is loaded again makes no other address.
        request.session[MADE] = actions.make_calendar(by=request.user)
    else:
        messages.error(request, _("Many addresses were made: try again in an hour."))


@require_safe
@traceless_page
def feed(request, token):
    found = MemberCalendar.objects.find(token)
    if found is None:
        name, limit, seconds = UNKNOWN
        client = limits.client_key(request)
        if limits.hit(name, client, limit=limit, seconds=seconds):
            raise Http404
        return HttpResponse(status=429, headers={"Retry-After": str(seconds)})
    meetings = Meeting.objects.visible_to(found.user).filter(
        published_at__isnull=False, starts_at__gte=timezone.now() - REMEMBERED
    )
    promised = Action.objects.visible_to(found.user).running().waiting_for(found.user)
    promised = promised.select_related(
        "decision__item__meeting", "decision__item__concern", "decision__item__about"
    )
    with translation.override(found.user.language):
        meetings = with_agenda(meetings).order_by("starts_at", "pk")
        return calendar_page(calendars.feed_of_member(meetings, promised))
