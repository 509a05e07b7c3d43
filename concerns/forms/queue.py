from datetime import timedelta

from django import forms
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from centers.collation import alphabetical
from centers.models import Place
from centers.permissions import COUNCIL, POLICE, RESIDENTS, Permission, centers_where
from centers.references import undashed

from ..models import Category, SavedFilter
from ..models.category import LEVEL_NAMES
from ..models.concern import STATUS_NAMES
from ..search import fold
from ..workflow import OPEN

WEEK = timedelta(days=7)


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
        label=_("Number or public title"),
        required=False,
        max_length=100,
        widget=forms.TextInput({"data-key": "/"}),
    )
    state = forms.ChoiceField(label=_("Which"), required=False, choices=STATE)
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
    partner = forms.ChoiceField(
        label=_("Given to"),
        required=False,
        choices=[
            ("", _("All")),
            ("nobody", _("Nobody yet")),
            *((kind, kind.label) for kind in (RESIDENTS, COUNCIL, POLICE)),
        ],
    )
    level = forms.ChoiceField(
        label=_("Level"), required=False, choices=[("", _("All")), *LEVEL_NAMES]
    )
    age = forms.TypedChoiceField(
        label=pgettext_lazy("day", "Received"),
        required=False,
        coerce=int,
        empty_value=0,
        choices=[
            ("", _("At any time")),
            (7, _("More than 7 days ago")),
            (30, _("More than 30 days ago")),
            (90, _("More than 90 days ago")),
        ],
    )

    MORE = ["category", "village", "partner", "level", "age"]

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        served = Place.objects.filter(
            served_by__in=centers_where(by, Permission.READ_SUMMARIES)
        )
        self.fields["category"].queryset = Category.objects.all()
        self.fields["village"].queryset = served.distinct().order_by(alphabetical())

    @property
    def more(self):
        return [self[name] for name in self.MORE]

    @property
    def has_more(self):
        """Tell whether one of the further fields is filled in."""
        return any(self.data.get(name) for name in self.MORE)

    @property
    def query(self):
        """What stands in an address that asks for the same: only what is known here."""
        said = {name: self.data.get(name, "") for name in self.fields}
        return urlencode({name: text for name, text in said.items() if text})

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
        for field in ("category", "village", "level"):
            if wanted.get(field):
                concerns = concerns.filter(**{field: wanted[field]})
        if wanted.get("partner") == "nobody":
            concerns = concerns.filter(partner=None)
        elif wanted.get("partner"):
            concerns = concerns.filter(partner__kind=wanted["partner"])
        if wanted.get("age"):
            since = timezone.now() - timedelta(days=wanted["age"])
            concerns = concerns.filter(created_at__lt=since)
        if wanted.get("q"):
            concerns = concerns.filter(search_text__contains=fold(wanted["q"]))
        return concerns.latest_first() if state == "ended" else concerns.by_deadline()


class JournalForm(forms.Form):
    """Of which year the register is: one that has entries, or the present one."""

    year = forms.ChoiceField(label=_("Year"), required=False)

    def __init__(self, *args, years, **kwargs):
        super().__init__(*args, **kwargs)
        present = timezone.localdate().year
        offered = sorted({present, *years}, reverse=True)
        self.fields["year"].choices = [(str(year), str(year)) for year in offered]
        self.fields["year"].initial = str(present)

    @property
    def chosen(self):
        """The year that was asked for, or the present one."""
        asked = self.is_valid() and self.cleaned_data["year"]
        return int(asked or timezone.localdate().year)


class SavedFilterForm(forms.ModelForm):
    """A name for the way in which a person looks at the queue now."""

    class Meta:
        model = SavedFilter
        fields = ["name"]
        labels = {"name": _("Keep this filter as")}

    def clean_name(self):
        name = self.cleaned_data["name"]
        # Kept already by a press just before, it is kept.
        others = SavedFilter.objects.filter(user=self.instance.user).exclude(
            name=name, query=self.instance.query
        )
        if others.filter(name=name).exists():
            raise forms.ValidationError(_("You have a filter of this name."))
        if others.count() >= SavedFilter.MOST:
            raise forms.ValidationError(
                _("You have %(most)s filters: delete one first."),
                params={"most": SavedFilter.MOST},
            )
        return name
