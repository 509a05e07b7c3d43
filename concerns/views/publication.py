"""What the centre says of a concern to everyone, beside what the reporter wrote."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from centers.permissions import permissions

from .. import actions
from ..forms import SummaryForm
from .acts import act
from .desk import P, find, make, note_reading


@require_http_methods(["GET", "HEAD", "POST"])
def publish(request, reference):
    concern = find(request, reference)
    if P.PUBLISH_CONCERN not in permissions(request.user, concern.center):
        raise PermissionDenied
    if request.method != "POST":
        return publish_page(request, concern)
    do = {
        "save": (actions.save_summary, _("The draft is saved.")),
        "approve": (actions.approve_summary, _("The text is approved.")),
        "unpublish": (unpublish, _("The text is taken back.")),
    }.get(request.POST.get("do"))
    if do is None:
        return publish_page(request, concern, status=422)
    return act(request, reference, "summary", SummaryForm, *do, show=publish_page)


def unpublish(*, concern, by, version, **texts):
    return actions.unpublish(concern=concern, by=by, version=version)


def publish_page(request, concern, status=200, is_stale=False, summary_form=None):
    note_reading(request, concern)
    return render(
        request,
        "desk/publish.html",
        {
            "concern": concern,
            "is_stale": is_stale,
            "may": permissions(request.user, concern.center),
            "form": summary_form
            or make(SummaryForm, "summary", concern=concern, by=request.user),
        },
        status=status,
    )
