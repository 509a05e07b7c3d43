from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from centers.pages import find_center, public_page
from centers.paging import cut, page_number

from .. import calendars
from ..models import AgendaItem, Meeting, ProtocolVersion

# How long a subscriber's phone still learns what became of a meeting.
REMEMBERED = timedelta(days=90)


@require_safe
@public_page
def meeting_list(request, slug):
    center = find_center(request, slug)
    number = page_number(request)
    meetings = Meeting.objects.public().filter(center=center)
    past, following = cut(meetings.past(), number)
    address = settings.SITE_URL + reverse("meetings:feed", args=[slug])
    return render(
        request,
        "meetings/list.html",
        {
            "center": center,
            "coming": meetings.to_come()[:20] if number == 1 else [],
            "past": past,
            "page": number,
            "next": following,
            "address": address,
            # By this scheme a phone subscribes, where by the other it copies once.
            "subscription": urlsplit(address)._replace(scheme="webcal").geturl(),
        },
    )


@require_safe
@public_page
def detail(request, slug, reference):
    center = find_center(request, slug)
    meeting = get_object_or_404(
        Meeting.objects.public(), center=center, reference=reference
    )
    items = AgendaItem.objects.public().filter(meeting=meeting).with_decisions()
    return render(
        request,
        "meetings/detail.html",
        {
            "center": center,
            "meeting": meeting,
            "items": items,
            "has_protocol": meeting.has_ended
            and ProtocolVersion.objects.public()
            .filter(protocol__meeting=meeting)
            .exists(),
        },
    )


@require_safe
@public_page
def feed(request, slug):
    center = find_center(request, slug)
    meetings = Meeting.objects.public().filter(
        center=center, starts_at__gte=timezone.now() - REMEMBERED
    )
    meetings = with_agenda(meetings).order_by("starts_at", "pk")
    return calendar_page(calendars.feed_of(center, meetings))


@require_safe
@public_page
def event(request, slug, reference):
    center = find_center(request, slug)
    meetings = with_agenda(Meeting.objects.public())
    meeting = get_object_or_404(meetings, center=center, reference=reference)
    return calendar_page(calendars.file_of(meeting))


def with_agenda(meetings):
    agenda = Prefetch("items", AgendaItem.objects.public(), to_attr="agenda")
    return meetings.select_related("center").prefetch_related(agenda)


def calendar_page(content):
    return HttpResponse(content, content_type="text/calendar; charset=utf-8")
