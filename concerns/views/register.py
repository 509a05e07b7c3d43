"""The official register of a centre: numbered through the year, printed, as a sheet.

The custodian's is another one; what was given back but stays hidden from a side stands
last, without a number. A register names nobody, and of what is confidential not the
category either: a printed one lies open on a table.
"""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy
from django.views.decorators.http import require_safe

from centers import journal as log
from centers.pages import posted_from
from centers.permissions import Permission, permissions
from centers.sessions import step_up
from centers.sheets import sheet_page
from centers.views import find

from ..forms import JournalForm
from ..models import Concern

COLUMNS = [
    pgettext_lazy("journal", "№"),
    pgettext_lazy("day", "Received"),
    gettext_lazy("How it came"),
    gettext_lazy("Kind"),
    gettext_lazy("Category"),
    gettext_lazy("Village"),
    pgettext_lazy("day", "Registered"),
    gettext_lazy("Given to"),
    gettext_lazy("Answer by"),
    gettext_lazy("Status"),
    pgettext_lazy("day", "Ended"),
    gettext_lazy("Number"),
]


def find_kept(request, slug):
    """Return the centre and whether the register of what is in custody is meant."""
    center = find(request, slug)
    may = permissions(request.user, center)
    if Permission.KEEP_CUSTODY in may:
        return center, True
    if Permission.READ_JOURNAL_NUMBER in may:
        return center, False
    raise PermissionDenied


def kept(request, center, in_custody):
    concerns = Concern.objects.visible_to(request.user)
    return concerns.filter(center=center, in_custody=in_custody)


def years(request, center, in_custody):
    """Return the years that have entries."""
    numbered = kept(request, center, in_custody).exclude(journal_year=None)
    return set(numbered.order_by().values_list("journal_year", flat=True).distinct())


def entries(request, center, in_custody, year):
    concerns = (
        kept(request, center, in_custody)
        .filter(journal_year=year)
        .select_related("category", "village", "partner")
        .without_words()
        .order_by(F("journal_number").asc(nulls_last=True), "pk")
    )
    return [entry(concern) for concern in concerns]


def entry(concern):
    """Return what the register says of a concern, in the order of COLUMNS."""
    return [
        concern.journal_number,
        timezone.localdate(concern.created_at),
        concern.get_channel_display(),
        concern.get_kind_display(),
        _("Confidential") if concern.is_confidential else concern.category.name,
        concern.village.name if concern.village else "",
        day_of(concern.registered_at),
        concern.partner.get_kind_display() if concern.partner else "",
        concern.due_on,
        concern.get_status_display(),
        day_of(concern.ended_at or concern.resolved_at),
        concern.number,
    ]


def day_of(moment):
    return timezone.localdate(moment) if moment else None


@require_safe
def journal(request, slug):
    center, in_custody = find_kept(request, slug)
    form = JournalForm(request.GET, years=years(request, center, in_custody))
    rows = entries(request, center, in_custody, form.chosen)
    return render(
        request,
        "desk/journal.html",
        {
            "center": center,
            "in_custody": in_custody,
            "form": form,
            "year": form.chosen,
            "columns": COLUMNS,
            "entries": [list(zip(COLUMNS, row, strict=True)) for row in rows],
        },
    )


def can_find(request, slug):
    find_kept(request, slug)


@posted_from("desk:journal", can_find)
def sheet(request, slug):
    center, in_custody = find_kept(request, slug)
    step_up(request)
    form = JournalForm(request.POST, years=years(request, center, in_custody))
    year = form.chosen
    rows = entries(request, center, in_custody, year)
    with transaction.atomic():
        log.record(
            center=center,
            kind=log.Kind.EXPORTED,
            by=request.user,
            detail={"year": year, "what": "register"},
        )
    name = f"register-{center.slug}-{year}.xlsx"
    return sheet_page(name, title(in_custody), COLUMNS, rows)


def title(in_custody):
    if in_custody:
        return _("Register of what is in custody")
    return pgettext("journal", "Register")
