from django import forms
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ..actions.problems import open_to, sides_of
from ..models import CauseLine
from ..models.problem import SIDES
from ..workflow import ENDED
from .fields import WordsField, mark_languages

# The newest; whoever looks for an older one finds it under its own number first.
OFFERED = 100


class ProblemForm(forms.Form):
    """A name for what several concerns have in common, and which they are."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)
    title_ky = forms.CharField(label=_("Title in Kyrgyz"), max_length=120)
    title_ru = forms.CharField(label=_("Title in Russian"), max_length=120)
    concerns = forms.MultipleChoiceField(
        label=_("Concerns that belong to it"),
        help_text=_("A concern belongs to one problem at most."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        error_messages={"invalid_choice": _("There is no such concern.")},
    )

    def __init__(self, *args, center, by, problem=None, **kwargs):
        super().__init__(*args, **kwargs)
        mark_languages(self)
        known = open_to(center, by).filter(
            Q(group=None) & ~Q(status__in=ENDED) | Q(group__problem=problem or 0)
        )
        rows = known.select_related("category", "village", "group")
        # First its own: one that is not offered would be taken out by saving.
        own_first = F("group").asc(nulls_last=True)
        rows = list(rows.order_by(own_first, "-pk")[:OFFERED])
        self.fields["concerns"].choices = [(row.reference, name(row)) for row in rows]
        if problem:
            self.initial.setdefault("version", problem.version)
            self.initial.setdefault("title_ky", problem.title_ky)
            self.initial.setdefault("title_ru", problem.title_ru)
            inside = [row.reference for row in rows if hasattr(row, "group")]
            self.initial.setdefault("concerns", inside)


def name(concern):
    parts = [concern.number, concern.title or str(concern.category)]
    if concern.village:
        parts.append(str(concern.village))
    return " · ".join(parts)


class LineForm(forms.Form):
    """What one side says of a problem."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    side = forms.ChoiceField(label=_("Who says so"), widget=forms.RadioSelect)
    kind = forms.ChoiceField(
        label=_("What it is"), choices=CauseLine.Kind, widget=forms.RadioSelect
    )
    text_ky = WordsField(label=_("In Kyrgyz"), max_length=500, rows=2)
    text_ru = WordsField(label=_("In Russian"), max_length=500, rows=2)

    def __init__(self, *args, problem, by, **kwargs):
        super().__init__(*args, **kwargs)
        mark_languages(self)
        sides = sides_of(by, problem.center)
        self.fields["side"].choices = [
            (side, label) for side, label in SIDES if side in sides
        ]
        self.initial.setdefault("version", problem.version)
        if len(sides) == 1:
            self.initial.setdefault("side", sides[0])
