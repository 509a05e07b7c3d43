from datetime import date, datetime

from django import forms
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.timezone import localdate, make_aware
from django.utils.translation import gettext_lazy as _

from centers.collation import alphabetical
from centers.references import undashed

from ..models import Category
from ..models.concern import STATUS_NAMES
from ..search import fold
from ..workflow import Level, Status

MONTHS = 24


class ConcernFilterForm(forms.Form):
    """What to look for among the published concerns of a centre."""

    q = forms.CharField(label=_("Search"), required=False, max_length=100)
    category = forms.ModelChoiceField(
        queryset=None,
        label=_("Category"),
        required=False,
        to_field_name="code",
        empty_label=_("All"),
    )
    village = forms.ModelChoiceField(
        queryset=None,
        label=_("Village"),
        required=False,
        to_field_name="code",
        empty_label=_("All"),
    )
    status = forms.ChoiceField(
        label=_("Status"),
        required=False,
        choices=[
            ("", _("All")),
            *((s, name) for s, name in STATUS_NAMES if s != Status.WITHDRAWN),
        ],
    )
    # A list: a cheap phone's browser has no picker of months.
    month = forms.ChoiceField(label=_("Month"), required=False)

    def __init__(self, *args, center, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["category"].queryset = Category.objects.filter(
            level=Level.PUBLIC
        ).order_by(alphabetical())
        self.fields["village"].queryset = center.villages.order_by(alphabetical())
        self.fields["month"].choices = [("", _("All")), *last_months()]

    def apply(self, concerns):
        """Return those of the concerns that fit; a wrong filter fits all."""
        if not self.is_valid():
            return concerns
        wanted = self.cleaned_data
        if wanted["q"]:
            words, number = fold(wanted["q"]), undashed(wanted["q"])
            concerns = concerns.filter(
                Q(search_text__contains=words) | Q(reference=number)
            )
        for field in ("category", "village", "status"):
            if wanted[field]:
                concerns = concerns.filter(**{field: wanted[field]})
        if wanted["month"]:
            first, next_first = bounds(*map(int, wanted["month"].split("-")))
            concerns = concerns.filter(
                published_at__gte=first, published_at__lt=next_first
            )
        return concerns


def last_months():
    """Yield the months of two years, the present one first, as (2026-11, its name)."""
    today = localdate()
    present = today.year * 12 + today.month - 1
    for number in range(present, present - MONTHS, -1):
        first = date(number // 12, number % 12 + 1, 1)
        yield f"{first:%Y-%m}", date_format(first, "YEAR_MONTH_FORMAT")


def bounds(year, month):
    """Return the moments at which a month and the next one begin."""
    return (
        make_aware(datetime(year, month, 1)),
        make_aware(datetime(year + month // 12, month % 12 + 1, 1)),
    )
