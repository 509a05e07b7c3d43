from django import forms
from django.utils.translation import gettext_lazy as _

from ..models import CodeRequest
from .acts import ChangeForm


class CodeRequestForm(ChangeForm):
    recognised = forms.ChoiceField(
        label=_("How was the person recognised?"),
        help_text=_("Copy nothing: no document, no number, no name."),
        choices=CodeRequest.Recognised,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose an answer.")},
    )
    came = forms.BooleanField(
        label=_("The person who filed it stands before me"),
        error_messages={"required": _("A new code is given in person only.")},
    )
