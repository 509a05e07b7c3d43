from django import forms
from django.utils.translation import gettext_lazy as _

from .. import codes
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


class CodeConfirmForm(ChangeForm):
    """Carries the key from which the code is made: pressed twice it is one code."""

    key = forms.CharField(widget=forms.HiddenInput)

    def set_up(self):
        self.initial["key"] = codes.issue_key(self.keyed)

    @property
    def keyed(self):
        return f"{self.concern.reference}:renewal"

    def clean_key(self):
        try:
            key, _seconds = codes.read_key(self.cleaned_data["key"], self.keyed)
        except codes.BadKey:
            # No page of ours sends it, so nobody reads why.
            raise forms.ValidationError("") from None
        return key
