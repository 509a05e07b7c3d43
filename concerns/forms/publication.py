from django import forms
from django.utils.translation import gettext_lazy as _

from .acts import ChangeForm
from .fields import WordsField, mark_languages


class SummaryForm(ChangeForm):
    """The public face of a concern, in both languages side by side."""

    title_ky = forms.CharField(
        label=_("Title in Kyrgyz"), max_length=120, required=False
    )
    title_ru = forms.CharField(
        label=_("Title in Russian"), max_length=120, required=False
    )
    summary_ky = WordsField(
        label=_("Summary in Kyrgyz"), max_length=2000, required=False, rows=8
    )
    summary_ru = WordsField(
        label=_("Summary in Russian"), max_length=2000, required=False, rows=8
    )
    outcome_ky = WordsField(
        label=_("What was done, in Kyrgyz"),
        help_text=_("When it is solved."),
        max_length=1000,
        required=False,
        rows=3,
    )
    outcome_ru = WordsField(
        label=_("What was done, in Russian"),
        help_text=_("When it is solved."),
        max_length=1000,
        required=False,
        rows=3,
    )

    def set_up(self):
        mark_languages(self)
        for field in self.fields:
            if field != "version":
                self.initial.setdefault(field, getattr(self.concern, field) or "")
