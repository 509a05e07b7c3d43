"""What the reporter says on the page that her code opens."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ..models import Change, Safer
from .fields import WordsField


class SolvedForm(forms.Form):
    solved = forms.ChoiceField(
        label=_("Is it solved?"),
        choices=Change.Solved,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose an answer.")},
    )
    reason = WordsField(
        label=_("What is not solved?"),
        help_text=_("Needed if it is not solved, or only partly."),
        is_conditional=True,
        required=False,
        max_length=2000,
        rows=3,
    )
    safer = forms.ChoiceField(
        label=_("Do you feel safer now?"),
        choices=Safer,
        widget=forms.RadioSelect,
        required=False,
    )

    def clean(self):
        fields = super().clean()
        is_whole = fields.get("solved") in (None, Change.Solved.YES)
        if not is_whole and not fields.get("reason") and not self.has_error("reason"):
            self.add_error("reason", _("Write what is not solved."))
        return fields


class NewsForm(forms.Form):
    # No autocomplete token: a shared phone offers it to the next who types.
    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=200,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": _("Write the address."),
            "invalid": _("Write the address like aida@example.kg."),
        },
    )


class EndForm(forms.Form):
    is_sure = forms.BooleanField(
        label=_("I am sure: my code is to open nothing any more"),
        error_messages={"required": _("Tick this if you are sure.")},
    )
