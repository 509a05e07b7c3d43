"""A member's own calendar: where he makes its address, and what that answers."""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.http import require_http_methods, require_safe

from centers import limits
from centers.pages import traceless_page
from centers.permissions import need_work

from .. import actions, calendars
from ..models import Action, Meeting, MemberCalendar
from .public import REMEMBERED, calendar_page, with_agenda

# Of addresses that open nothing. One that opens something is always answered: a whole
# village may ask by one address of a mobile operator.
UNKNOWN = ("unknown calendar", 30, 10 * 60)


@require_http_methods(["GET", "HEAD", "POST"])
def own(request):
    """Make the secret address, make it anew, end it; it is shown once."""
    need_work(request.user)
    context, do = {}, request.POST.get("do")
    if do == "make":
        token = actions.make_calendar(by=request.user)
        address = settings.SITE_URL + reverse("calendar", args=[token])
        subscription = urlsplit(address)._replace(scheme="webcal").geturl()
        context = {"address": address, "subscription": subscription}
    elif do == "end":
        actions.end_calendar(by=request.user)
        return redirect("desk:calendar")
    calendar = MemberCalendar.objects.filter(user=request.user).first()
    return render(
        request,
        "desk/calendar.html",
        {"calendar": calendar} | context,
        status=422 if request.method == "POST" and not context else 200,
    )


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
    promised = Action.objects.visible_to(found.user).named_to(found.user)
    promised = promised.select_related(
        "decision__item__meeting", "decision__item__concern", "decision__item__about"
    )
    with translation.override(found.user.language):
        meetings = with_agenda(meetings).order_by("starts_at", "pk")
        return calendar_page(calendars.feed_of_member(meetings, promised))
