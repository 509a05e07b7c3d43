from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from centers.pages import find_center, public_page
from centers.paging import cut, page_number

from ..models import AgendaItem, Meeting


@require_safe
@public_page
def meeting_list(request, slug):
    center = find_center(request, slug)
    number = page_number(request)
    meetings = Meeting.objects.public().filter(center=center)
    past, following = cut(meetings.past(), number)
    return render(
        request,
        "meetings/list.html",
        {
            "center": center,
            "coming": meetings.to_come()[:20] if number == 1 else [],
            "past": past,
            "page": number,
            "next": following,
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
        {"center": center, "meeting": meeting, "items": items},
    )
