from django import forms
from django.utils.translation import gettext_lazy as _

from centers.collation import alphabetical


class VillageForm(forms.Form):
    """Where it is, asked before anything is written."""

    village = forms.ModelChoiceField(
        queryset=None,
        label=_("Village"),
        required=False,
        to_field_name="code",
        empty_label=_("All"),
    )

    def __init__(self, *args, center, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["village"].queryset = center.villages.order_by(alphabetical())

    @property
    def chosen(self):
        """The village that was chosen, or None."""
        return self.cleaned_data.get("village") if self.is_valid() else None
