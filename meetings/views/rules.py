"""By which rules a centre meets: set by its coordinator."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from centers.views.page import find_edited

from .. import actions
from ..forms.planning import RulesForm
from ..rules import rules_of


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request, slug):
    center = find_edited(request, slug)
    form = RulesForm(request.POST or None, instance=rules_of(center))
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            actions.set_rules(
                center=center,
                by=request.user,
                version=form.cleaned_data["version"],
                **form.rules,
            )
        except actions.Stale:
            # The words stay; sent again, they take the place of the other's.
            status = 409
            form.data = form.data.copy()
            # Read anew: it may have changed while this one waited.
            form.data["version"] = rules_of(find_edited(request, slug)).version
        else:
            messages.success(request, _("The rules are set."))
            return redirect("desk:rules", slug)
    return render(
        request,
        "desk/rules.html",
        {"center": center, "form": form, "is_stale": status == 409},
        status=status,
    )
