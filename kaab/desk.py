from django.shortcuts import render
from django.views.decorators.http import require_safe

from centers.permissions import Permission, centers_where, memberships_of
from concerns.models import Concern
from meetings.models import Meeting

SHOWN = 20


@require_safe
def today(request):
    """What waits for this person, nearest deadline first, and the meetings to come."""
    user = request.user
    waiting = Concern.objects.waiting_for(user).select_related(
        "center", "category", "village", "partner"
    )
    checked = Concern.objects.visible_to(user).filter(
        is_quarantined=True, center__in=centers_where(user, Permission.REGISTER_CONCERN)
    )
    return render(
        request,
        "desk/today.html",
        {
            "memberships": memberships_of(user),
            "has_work": bool(centers_where(user, Permission.READ_SUMMARIES)),
            "waiting": waiting[:SHOWN],
            "has_quarantine": checked.exists(),
            "meetings": Meeting.objects.visible_to(user)
            .filter(status=Meeting.Status.PLANNED)
            .to_come()
            .select_related("center")[:5],
        },
    )
