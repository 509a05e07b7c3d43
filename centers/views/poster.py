from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ..poster import address_of, poster
from .desk import find


@require_safe
def poster_page(request, slug):
    center = find(request, slug)
    return render(
        request,
        "desk/poster.html",
        {"center": center, "address": address_of(center)},
    )


@require_safe
def poster_file(request, slug, size):
    center = find(request, slug)
    response = HttpResponse(poster(center, size), content_type="application/pdf")
    name = f"{center.slug}-{size}.pdf"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
