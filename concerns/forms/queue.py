from datetime import timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from centers.references import undashed

from ..models.concern import STATUS_NAMES
from ..search import fold
from ..workflow import OPEN

WEEK = timedelta(days=7)
# Of so many the register is shown.
YEARS = 10


class QueueForm(forms.Form):
    """What to look for among the concerns on the desk."""

    STATE = [
        ("", _("All that is open")),
        ("waiting", _("Waits for me")),
        ("overdue", _("Overdue")),
        ("week", _("Due within 7 days")),
        ("mine", _("Given to me")),
        ("unread", _("New message")),
        ("quarantine", _("To be checked")),
        ("ended", _("Ended")),
        *((s, name) for s, name in STATUS_NAMES if s in OPEN),
    ]

    q = forms.CharField(
        label=_("Number or public title"), required=False, max_length=100
    )
    state = forms.ChoiceField(label=_("Which"), required=False, choices=STATE)

    @property
    def number(self):
        """The reference that was asked for, or an empty text."""
        number = undashed(self.cleaned_data["q"]) if self.is_valid() else ""
        return number if len(number) == 8 and number.isdecimal() else ""

    def apply(self, concerns, by):
        """Return those of what a person may read that fit, the most urgent first."""
        if self.number:
            return concerns.filter(reference=self.number)
        wanted = self.cleaned_data if self.is_valid() else {}
        state = wanted.get("state") or ""
        if state == "unread":
            # What has ended is written to as well.
            concerns = concerns.filter(unread_since__isnull=False)
        else:
            concerns = concerns.ended() if state == "ended" else concerns.open()
        concerns = concerns.filter(is_quarantined=state == "quarantine")
        if state == "waiting":
            concerns = concerns.to_act_on(by)
        elif state == "overdue":
            concerns = concerns.overdue()
        elif state == "week":
            concerns = concerns.due_by(timezone.localdate() + WEEK)
        elif state == "mine":
            concerns = concerns.filter(assignments__user=by, assignments__ended_at=None)
        elif state in OPEN:
            concerns = concerns.filter(status=state)
        if wanted.get("q"):
            concerns = concerns.filter(search_text__contains=fold(wanted["q"]))
        return concerns.by_deadline()


class JournalForm(forms.Form):
    """Of which year the register is."""

    year = forms.ChoiceField(label=_("Year"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        present = timezone.localdate().year
        years = [str(year) for year in range(present, present - YEARS, -1)]
        self.fields["year"].choices = [(year, year) for year in years]
        self.fields["year"].initial = years[0]

    @property
    def chosen(self):
        """The year that was asked for, or the present one."""
        asked = self.is_valid() and self.cleaned_data["year"]
        return int(asked or timezone.localdate().year)
