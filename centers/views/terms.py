"""Within how many working days a centre answers, and on which days nobody works."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from .. import actions
from ..forms import TermForm
from ..models import SpecialDay, Term
from ..terms import terms_on
from .page import find_edited


@require_http_methods(["GET", "HEAD", "POST"])
def terms(request, slug):
    center = find_edited(request, slug)
    if request.method != "POST":
        return page(request, center, TermForm())
    form = TermForm(request.POST)
    if form.is_valid():
        try:
            actions.set_report_term(center=center, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The term is set."))
            return redirect("desk:terms", slug)
    return page(request, center, form, status=422)


def page(request, center, form, status=200):
    today = timezone.localdate()
    now = terms_on(today, center)
    return render(
        request,
        "desk/terms.html",
        {
            "center": center,
            "form": form,
            "terms": [(Term.Kind(kind).label, days) for kind, days in now.items()],
            "later": Term.objects.filter(
                Q(center=None) | Q(center=center), holds_from__gt=today
            ).select_related("by"),
            "special_days": SpecialDay.objects.filter(day__year__gte=today.year),
        },
        status=status,
    )
