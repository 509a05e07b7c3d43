from django import forms
from django.utils.translation import gettext_lazy as _


class DayField(forms.DateField):
    """A day, chosen in a browser's calendar or typed as people here write it."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    input_formats = ["%Y-%m-%d", "%d.%m.%Y"]
    default_error_messages = {"invalid": _("Write the date like 25.11.2026.")}
