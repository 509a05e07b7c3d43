"""Is it known already? What others raised and the centre works on, before the form."""

from django.shortcuts import get_object_or_404, render
from django.views.decorators.csrf import csrf_exempt

from centers import limits
from centers.pages import find_center, need_own_origin, posted_from, traceless_page

from .. import actions
from ..forms.known import VillageForm
from ..models import Concern
from ..workflow import Status

SHOWN = 10
# A network is a village at times; it is not the whole of it in a day.
PER_NETWORK = ("support", 20, 24 * 60 * 60)


def known_page(request, center, category):
    """Return the page of what is known already, or None where nothing is."""
    form = VillageForm(request.GET, center=center)
    found = Concern.objects.public().open().filter(center=center, category=category)
    # Of what the centre calls solved it would be wrong to say that it works on it.
    found = found.exclude(status=Status.RESOLVED)
    if form.chosen:
        found = found.filter(village=form.chosen)
    concerns = list(found.in_rows().order_by("-published_at", "-id")[:SHOWN])
    if not concerns:
        return None
    context = {
        "center": center,
        "category": category,
        "form": form,
        "village": form.chosen,
        "concerns": concerns,
    }
    return render(request, "concerns/known.html", context)


def find_supported(request, slug, reference):
    return get_object_or_404(
        Concern.objects.public().open(),
        center=find_center(request, slug),
        category__may_be_supported=True,
        reference=reference,
    )


# The button stands on pages that are the same for everyone and carry no token.
@csrf_exempt
@posted_from("concerns:detail", find_supported)
@traceless_page
def support(request, slug, reference):
    need_own_origin(request)
    concern = find_supported(request, slug, reference)
    if is_first(request, concern):
        actions.support(concern=concern)
    return render(request, "concerns/supported.html", {"concern": concern})


def is_first(request, concern):
    """Tell whether this browser says it for the first time, as far as can be known."""
    supported = request.session.get("supported", [])
    if concern.reference in supported:
        return False
    request.session["supported"] = [*supported, concern.reference]
    name, limit, seconds = PER_NETWORK
    client = f"{limits.client_key(request)}:{concern.pk}"
    return limits.hit(name, client, limit=limit, seconds=seconds)
