"""What is said of an action: by whoever does it, by a meeting, by the reporter."""

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from centers.fields import DayField
from centers.permissions import centers_of
from concerns.forms import PhotoForm
from concerns.forms.fields import WordsField, mark_languages

from ..models import Action, ActionPhoto
from .plan import ServedGoalField
from .planning import FURTHEST, VersionForm

Status = Action.Status
READERS = _("The person whose concern it answers reads it too: name nobody.")


class NoteForm(VersionForm):
    note = WordsField(
        label=_("What is done so far"), help_text=READERS, max_length=1000
    )

    def __init__(self, *args, action, **kwargs):
        super().__init__(*args, **kwargs)
        self.action = action


class NotDoneForm(NoteForm):
    note = WordsField(
        label=_("Why it was not done"), help_text=READERS, max_length=1000
    )


class AgainForm(NoteForm):
    note = WordsField(
        label=_("Why it is taken up again"), help_text=READERS, max_length=1000
    )


class DoneForm(NoteForm):
    note = WordsField(label=_("What was done"), help_text=READERS, max_length=1000)
    finished_on = DayField(label=_("Day on which it was done"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial = {"finished_on": timezone.localdate()} | self.initial

    def clean_finished_on(self):
        day = self.cleaned_data["finished_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("This day has not come yet."))
        return day


class PutOffForm(NoteForm):
    due_on = DayField(label=_("New term"))
    note = WordsField(label=_("Why it is put off"), help_text=READERS, max_length=1000)

    field_order = ["due_on", "note"]

    def clean_due_on(self):
        day = self.cleaned_data["due_on"]
        if day > timezone.localdate() + FURTHEST:
            raise forms.ValidationError(_("This day is more than two years away."))
        return day


class GiveForm(VersionForm):
    """Who of the responsible partner does it; nobody by name is one of the answers."""

    person = forms.ChoiceField(label=_("Responsible person"), required=False)

    def __init__(self, *args, action, **kwargs):
        super().__init__(*args, **kwargs)
        self.action = action
        self.people = {
            membership.reference: membership.user for membership in action.people
        }
        self.fields["person"].choices = [
            ("", _("Nobody by name")),
            *((key, person.full_name) for key, person in self.people.items()),
        ]
        own = (key for key, one in self.people.items() if one.pk == action.person_id)
        self.initial = {"person": next(own, "")} | self.initial

    def clean_person(self):
        return self.people.get(self.cleaned_data["person"])


class GoalForm(VersionForm):
    goal = ServedGoalField()

    def __init__(self, *args, action, **kwargs):
        super().__init__(*args, **kwargs)
        center, year = action.partner.center, action.due_on.year
        self.fields["goal"].offer(center, year, own=action.goal)
        own = action.goal.reference if action.goal else ""
        self.initial = {"goal": own} | self.initial


class JudgeForm(VersionForm):
    """What a later meeting says of what is said to be done."""

    target = forms.ChoiceField(
        label=_("Was it done?"),
        choices=[
            (Status.CONFIRMED, _("Yes: confirmed")),
            (Status.OPEN, _("No: not accepted")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose an answer.")},
    )
    note = WordsField(
        label=_("What is still to do"),
        help_text=format_lazy("{} {}", _("Needed if it is not accepted."), READERS),
        is_conditional=True,
        required=False,
        max_length=1000,
        rows=2,
    )


class PromiseForm(forms.Form):
    """What the reporter says of what was promised to her.

    Of what another confirmed there is only "no" to say. Its fields belong to the form
    in which she writes to the centre: what stands in the one comes with the other.
    """

    done = forms.ChoiceField(
        label=_("Was it done?"),
        choices=[
            ("yes", pgettext_lazy("done", "Yes")),
            ("no", pgettext_lazy("done", "No")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose an answer.")},
    )
    words = WordsField(
        label=_("What is not done?"),
        help_text=_("Needed if it is not done."),
        is_conditional=True,
        required=False,
        max_length=1000,
        rows=3,
    )

    def __init__(self, *args, action, **kwargs):
        super().__init__(*args, prefix=action.reference, **kwargs)
        self.action = action
        if action.is_confirmed:
            self.fields["done"].required = False
            self.fields["done"].widget = forms.HiddenInput()
        for field in self.fields.values():
            field.widget.attrs["form"] = "answer"


class WorkPhotoForm(forms.Form):
    """A photo of the work, as residents send theirs."""

    photo = PhotoForm.base_fields["photo"]
    taken = forms.ChoiceField(
        label=_("When it was taken"),
        choices=ActionPhoto.Taken,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose an answer.")},
    )


class ShowPhotoForm(forms.ModelForm, VersionForm):
    """What a photo shows, in both languages, for whoever does not see it."""

    version = forms.CharField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = ActionPhoto
        fields = ["alt_ky", "alt_ru"]
        labels = {
            "alt_ky": _("What the photo shows, in Kyrgyz"),
            "alt_ru": _("What the photo shows, in Russian"),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        mark_languages(self)
        for name in self.Meta.fields:
            self.fields[name].required = True
        self.initial["version"] = self.instance.version


class ActionFilterForm(forms.Form):
    """Which actions are looked at; what is not known here is as if it were not said."""

    whose = forms.ChoiceField(
        label=_("Whose"),
        required=False,
        choices=[("", _("Everybody's")), ("mine", _("Mine and my partner's"))],
    )
    state = forms.ChoiceField(
        label=_("Status"),
        required=False,
        choices=[
            ("", _("All")),
            ("overdue", _("Overdue")),
            *Status.choices,
        ],
    )
    center = forms.ChoiceField(label=_("Centre"), required=False)

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.by = by
        centers = centers_of(by)
        self.fields["center"].choices = [
            ("", _("All")),
            *((center.slug, center.name) for center in centers),
        ]
        if len(centers) < 2:
            del self.fields["center"]

    def apply(self, actions):
        wanted = self.cleaned_data if self.is_valid() else {}
        if wanted.get("whose"):
            actions = actions.of_side(self.by)
        if wanted.get("state") == "overdue":
            actions = actions.overdue()
        elif wanted.get("state"):
            actions = actions.filter(status=wanted["state"])
        if wanted.get("center"):
            actions = actions.filter(
                Q(decision__item__meeting__center__slug=wanted["center"])
            )
        return actions.in_rows()
