"""The lists of the desk: what waits, and what members read in short."""

from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from centers.paging import cut, page_number
from centers.permissions import need_work

from ..forms import QueueForm
from ..models import Concern


@require_safe
def queue(request):
    need_work(request.user)
    form = QueueForm(request.GET)
    number = page_number(request)
    concerns = form.apply(
        Concern.objects.visible_to(request.user).in_rows(), request.user
    )
    rows, following = cut(concerns, number, size=25)
    if form.number and len(rows) == 1:
        return redirect("desk:concern", rows[0].reference)
    return render(
        request,
        "desk/concerns.html",
        {"form": form, "concerns": rows, "page": number, "next": following},
    )


@require_safe
def summaries(request):
    need_work(request.user)
    number = page_number(request)
    concerns = (
        Concern.objects.summarised_to(request.user)
        .in_rows()
        .order_by("-approved_at", "-pk")
    )
    rows, following = cut(concerns, number, size=25)
    return render(
        request,
        "desk/summaries.html",
        {"concerns": rows, "page": number, "next": following},
    )
