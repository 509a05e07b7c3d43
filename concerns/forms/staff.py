from django import forms
from django.utils.translation import gettext_lazy as _

from centers.models import Partner, User
from centers.permissions import Permission, can, memberships_of

from ..actions.handling import HANDLERS, is_hidden_from_kind
from ..models import Category, Concern
from ..models.category import LEVEL_NAMES
from ..models.concern import STATUS_NAMES
from ..search import fold
from ..workflow import LEVELS, OPEN, Need, Status
from .fields import WordsField

NAMES = dict(STATUS_NAMES)


class ChangeForm(forms.Form):
    """Carries the version that the person saw, so that nobody overwrites another."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    # True when its words were kept because somebody was faster.
    is_kept = False

    def __init__(self, *args, concern, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.concern, self.by = concern, by
        self.initial.setdefault("version", concern.version)
        self.set_up()

    def set_up(self):
        pass


class RegisterForm(ChangeForm):
    category = forms.ModelChoiceField(
        queryset=None, label=_("Category"), to_field_name="code", empty_label=None
    )
    level = forms.ChoiceField(
        label=_("Level"),
        choices=LEVEL_NAMES,
        help_text=_("Never below the level of the category."),
    )
    note = WordsField(
        label=_("A word to the reporter"), required=False, max_length=2000, rows=2
    )

    def set_up(self):
        self.fields["category"].queryset = Category.objects.select_related("group")
        self.initial.setdefault("category", self.concern.category.code)
        self.initial.setdefault("level", self.concern.level)


class MoveForm(ChangeForm):
    """Offers the moves open to this person, and the words that they need."""

    target = forms.ChoiceField(label=_("New status"), widget=forms.RadioSelect)
    note = WordsField(
        label=_("Words to the reporter"),
        help_text=_("The reporter reads them with the code."),
        required=False,
        max_length=2000,
    )
    body = forms.CharField(label=_("Forwarded to"), required=False, max_length=200)
    crime_number = forms.CharField(
        label=_("Number in the crime register"), required=False, max_length=40
    )
    lead = forms.CharField(
        label=_("Number of the concern that it repeats"), required=False, max_length=12
    )

    def set_up(self):
        self.moves = [
            move
            for move in self.concern.moves_for(self.by)
            if (move.source, move.target) != (Status.RECEIVED, Status.REGISTERED)
        ]
        self.fields["target"].choices = [
            (move.target, NAMES[move.target]) for move in self.moves
        ]
        needs = frozenset().union(*(move.needs for move in self.moves))
        for need, field in {
            Need.BODY: "body",
            Need.NUMBER: "crime_number",
            Need.LEAD: "lead",
        }.items():
            if need not in needs:
                del self.fields[field]

    def clean_lead(self):
        number = self.cleaned_data["lead"].replace("-", "").strip()
        if not number:
            return None
        lead = (
            Concern.objects.visible_to(self.by)
            .filter(center=self.concern.center, reference=number)
            .exclude(pk=self.concern.pk)
            .exclude(status=Status.DUPLICATE)
            .first()
        )
        if lead is None:
            raise forms.ValidationError(_("There is no such concern."))
        return lead


class PersonField(forms.ModelChoiceField):
    def label_from_instance(self, person):
        return person.full_name


class AssignForm(ChangeForm):
    partner = forms.ModelChoiceField(
        queryset=None, label=_("Partner"), empty_label=None, widget=forms.RadioSelect
    )
    person = PersonField(
        queryset=None,
        label=_("Person"),
        required=False,
        empty_label=_("Nobody by name"),
    )

    def set_up(self):
        partners = [
            partner
            for partner in self.concern.center.partners.exclude(
                kind=Partner.Kind.SUPPORTER
            )
            if not is_hidden_from_kind(self.concern, partner.kind)
        ]
        self.fields["partner"].queryset = Partner.objects.filter(
            pk__in=[partner.pk for partner in partners]
        )
        people = User.objects.filter(
            is_active=True,
            memberships__ended_at=None,
            memberships__role__in=HANDLERS,
            memberships__partner__in=partners,
        ).distinct()
        if not can(self.by, Permission.ASSIGN_CONCERN, self.concern.center):
            people = people.filter(pk=self.by.pk)
        self.fields["person"].queryset = people.order_by("full_name")
        self.initial.setdefault("partner", self.concern.partner_id)

    @property
    def own_partner(self):
        """The partner on whose side a handler takes a concern upon himself."""
        return next(
            (
                m.partner
                for m in memberships_of(self.by)
                if m.center_id == self.concern.center_id and m.role in HANDLERS
            ),
            None,
        )


class SummaryForm(ChangeForm):
    """The public face of a concern, in both languages side by side."""

    title_ky = forms.CharField(label=_("Title"), max_length=120, required=False)
    title_ru = forms.CharField(label=_("Title"), max_length=120, required=False)
    summary_ky = WordsField(label=_("Summary"), max_length=2000, required=False)
    summary_ru = WordsField(label=_("Summary"), max_length=2000, required=False)
    outcome_ky = WordsField(
        label=_("What was done"), max_length=1000, required=False, rows=3
    )
    outcome_ru = WordsField(
        label=_("What was done"), max_length=1000, required=False, rows=3
    )

    def set_up(self):
        for field in self.fields:
            if field != "version":
                self.initial.setdefault(field, getattr(self.concern, field) or "")


class LevelForm(ChangeForm):
    level = forms.ChoiceField(
        label=_("Level"), choices=LEVEL_NAMES, widget=forms.RadioSelect
    )
    reason = WordsField(
        label=_("Reason"),
        help_text=_("Needed when the level is lowered; the journal keeps it."),
        required=False,
        max_length=300,
        rows=2,
    )

    def set_up(self):
        self.initial.setdefault("level", self.concern.level)
        if not can(self.by, Permission.LOWER_LEVEL, self.concern.center):
            lowest = LEVELS.index(self.concern.level)
            self.fields["level"].choices = [
                (level, name)
                for level, name in LEVEL_NAMES
                if LEVELS.index(level) >= lowest
            ]


class MessageForm(ChangeForm):
    text = WordsField(label=_("Message to the reporter"), max_length=2000)


class IdentityForm(forms.Form):
    reason = forms.CharField(
        label=_("Why do you need to know who filed it?"),
        help_text=_("The journal keeps your name, the time and this reason."),
        max_length=300,
    )


class ReleaseForm(ChangeForm):
    reason = WordsField(
        label=_("Why it hides from nobody"),
        help_text=_("The coordinator will read it from now on."),
        max_length=300,
        rows=2,
    )


class QueueForm(forms.Form):
    """What to look for among the concerns on the desk."""

    STATE = [
        ("", _("Open")),
        ("overdue", _("Overdue")),
        ("mine", _("Given to me")),
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
        """The number that was asked for, as it stands in an address, or an empty text."""
        wanted = self.cleaned_data["q"] if self.is_valid() else ""
        number = wanted.replace("-", "").replace(" ", "")
        return number if len(number) == 8 and number.isdecimal() else ""

    def apply(self, concerns, by):
        """Return those of the concerns that fit, in the order to take them up."""
        if self.number:
            return concerns.filter(reference=self.number)
        wanted = self.cleaned_data if self.is_valid() else {}
        state = wanted.get("state") or ""
        concerns = concerns.ended() if state == "ended" else concerns.open()
        concerns = concerns.filter(is_quarantined=state == "quarantine")
        if state == "overdue":
            concerns = concerns.overdue()
        elif state == "mine":
            concerns = concerns.filter(assignments__user=by, assignments__ended_at=None)
        elif state in OPEN:
            concerns = concerns.filter(status=state)
        if wanted.get("q"):
            concerns = concerns.filter(search_text__contains=fold(wanted["q"]))
        return concerns.by_deadline()
