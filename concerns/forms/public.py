from django import forms
from django.utils.translation import gettext_lazy as _

from centers.collation import alphabetical

from ..models import Category
from ..models.concern import STATUS_NAMES
from ..search import fold
from ..workflow import Level, Status

HIDDEN_STATUSES = {Status.WITHDRAWN}


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
            *((s, name) for s, name in STATUS_NAMES if s not in HIDDEN_STATUSES),
        ],
    )
    month = forms.DateField(
        label=_("Month"),
        required=False,
        input_formats=["%Y-%m"],
        widget=forms.DateInput(attrs={"type": "month"}, format="%Y-%m"),
    )

    def __init__(self, *args, center, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["category"].queryset = Category.objects.filter(
            level=Level.PUBLIC
        ).order_by(alphabetical())
        self.fields["village"].queryset = center.villages.order_by(alphabetical())

    def apply(self, concerns):
        """Return those of the concerns that fit; a wrong filter fits all."""
        if not self.is_valid():
            return concerns
        wanted = self.cleaned_data
        if wanted["q"]:
            concerns = concerns.filter(search_text__contains=fold(wanted["q"]))
        for field in ("category", "village", "status"):
            if wanted[field]:
                concerns = concerns.filter(**{field: wanted[field]})
        if wanted["month"]:
            concerns = concerns.filter(
                published_at__year=wanted["month"].year,
                published_at__month=wanted["month"].month,
            )
        return concerns
