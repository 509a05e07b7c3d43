"""What the coordinator writes of a year's plan."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from centers.fields import DayField
from concerns.forms.fields import WordsField

from ..models import Goal, Signature
from ..models.plan import is_figure
from .planning import VersionForm, WordsForm


class FigureField(forms.CharField):
    """A number with its per cent sign, the same in both languages."""

    default_validators = [is_figure]

    def __init__(self, **kwargs):
        super().__init__(max_length=20, **kwargs)


class ServedGoalField(forms.ChoiceField):
    """Which goal of the year's plan an action serves; none is one of the answers."""

    goals = {}

    def __init__(self, **kwargs):
        super().__init__(label=_("Goal of the year's plan"), required=False, **kwargs)

    def offer(self, center, year, own=None):
        """Offer the goals of a centre that an action of a year may serve, and its own.

        Returns how many there are.
        """
        goals = list(Goal.objects.of_actions(center, year))
        if own and own not in goals:
            goals.append(own)
        self.goals = {goal.reference: goal for goal in goals}
        self.choices = [
            ("", _("None of them")),
            *((key, f"{goal.place}: {goal}") for key, goal in self.goals.items()),
        ]
        return len(goals)

    def clean(self, value):
        return self.goals.get(super().clean(value))


class YearForm(forms.Form):
    """Of which year a plan is begun: of this one, or of the next."""

    year = forms.TypedChoiceField(label=_("Year"), coerce=int)

    def __init__(self, *args, taken, **kwargs):
        super().__init__(*args, **kwargs)
        now = timezone.localdate().year
        self.free = [year for year in (now, now + 1) if year not in taken]
        self.fields["year"].choices = [(year, str(year)) for year in self.free]


class GoalForm(WordsForm):
    """One goal, in the words that everyone reads once the plan is signed."""

    problem_ky = forms.CharField(label=_("Problem in Kyrgyz"), max_length=120)
    problem_ru = forms.CharField(label=_("Problem in Russian"), max_length=120)
    cause_ky = WordsField(label=_("Cause in Kyrgyz"), max_length=300, rows=3)
    cause_ru = WordsField(label=_("Cause in Russian"), max_length=300, rows=3)
    text_ky = forms.CharField(label=_("What will be better, in Kyrgyz"), max_length=200)
    text_ru = forms.CharField(
        label=_("What will be better, in Russian"), max_length=200
    )
    indicator_ky = forms.CharField(
        label=_("What is counted, in Kyrgyz"),
        help_text=_("For example: thefts of livestock in a year."),
        max_length=200,
    )
    indicator_ru = forms.CharField(
        label=_("What is counted, in Russian"), max_length=200
    )
    baseline = FigureField(
        label=_("Figure at the beginning"),
        help_text=_("A figure alone: 38, 12,5 or 70 %."),
        required=False,
    )
    target = FigureField(label=_("Figure to reach"))

    @property
    def typed(self):
        """What it says of a goal, apart from the version that was seen."""
        return {k: v for k, v in self.cleaned_data.items() if k != "version"}


class ArrangeForm(VersionForm):
    goal = forms.CharField(widget=forms.HiddenInput, max_length=8)
    do = forms.ChoiceField(choices=[(word, word) for word in ("up", "down", "remove")])


class ResultForm(VersionForm):
    result = FigureField(label=_("Figure that was reached"))
    result_on = DayField(label=_("As of the day"))


class SignForm(VersionForm):
    office = forms.ChoiceField(
        label=_("Office"), choices=Signature.Office, widget=forms.RadioSelect
    )
    name = forms.CharField(
        label=_("Who signed"),
        help_text=_("Everyone reads the name and the office."),
        max_length=120,
    )
    signed_on = DayField(label=_("Day of the signature"))


class StrikeForm(VersionForm):
    office = forms.ChoiceField(widget=forms.HiddenInput, choices=Signature.Office)


class CorrectForm(StrikeForm):
    name = forms.CharField(label=_("Who signed"), max_length=120)
    signed_on = DayField(label=_("Day of the signature"))


class WithdrawForm(VersionForm):
    words = WordsField(
        label=_("Why it is withdrawn"),
        help_text=_("What was signed on paper has to be signed again."),
        max_length=1000,
    )


class AmendForm(WordsForm):
    reason_ky = forms.CharField(
        label=_("Reason in Kyrgyz"),
        help_text=_("Everyone who reads the plan reads it."),
        max_length=300,
    )
    reason_ru = forms.CharField(label=_("Reason in Russian"), max_length=300)
