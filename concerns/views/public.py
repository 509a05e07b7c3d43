from django.db.models import F
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from centers.pages import find_center, public_page
from centers.paging import cut, page_number

from ..forms import ConcernFilterForm
from ..models import Change, Concern, PublicPhoto


@require_safe
@public_page
def concern_list(request, slug):
    center = find_center(request, slug)
    form = ConcernFilterForm(request.GET or None, center=center)
    number = page_number(request)
    concerns = form.apply(Concern.objects.public().filter(center=center))
    rows, following = cut(concerns.in_rows().order_by("-published_at", "-id"), number)
    return render(
        request,
        "concerns/list.html",
        {
            "center": center,
            "form": form,
            "concerns": rows,
            "page": number,
            "next": following,
            "is_filtered": any(request.GET.get(field) for field in form.fields),
        },
    )


@require_safe
@public_page
def detail(request, slug, reference):
    center = find_center(request, slug)
    concern = get_object_or_404(
        Concern.objects.public()
        .select_related("category", "village", "partner", "lead")
        .defer("lead__text", "lead__landmark", "lead__words_text"),
        center=center,
        reference=reference,
    )
    # What the reporter says of it once it is closed moves nothing.
    changes = concern.changes.filter(kind=Change.Kind.STATUS).exclude(old=F("new"))
    changes = changes.only("concern", "kind", "new", "created_at")
    return render(
        request,
        "concerns/detail.html",
        {
            "center": center,
            "concern": concern,
            "changes": changes.reverse(),
            "photos": PublicPhoto.objects.public().filter(photo__concern=concern),
        },
    )
