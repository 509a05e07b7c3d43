from django import forms
from django.utils.translation import gettext_lazy as _

from centers.models import User

from ..models import Change
from ..readers import readers_of
from .acts import ChangeForm
from .fields import WordsField
from .giving import PeopleField


class NoteForm(ChangeForm):
    """A note among the staff; offers to name those who may read the concern."""

    words = "text"
    kind = Change.Kind.NOTE

    text = WordsField(
        label=_("Note"),
        help_text=_(
            "Read by those who read the concern, never by the reporter. It cannot be "
            "changed or deleted."
        ),
        error_messages={"required": _("Write the note.")},
        max_length=2000,
    )
    people = PeopleField(
        queryset=None,
        label=_("Whom it names"),
        help_text=_("They find it on their first screen until they open the concern."),
        error_messages={"invalid_choice": _("Not all of them may read it now.")},
        required=False,
    )

    def set_up(self):
        readers = [one for one in readers_of(self.concern) if one != self.by]
        people = self.fields["people"]
        people.queryset = User.objects.filter(pk__in=[one.pk for one in readers])
        people.choices = [(one.pk, one.full_name) for one in readers]
        if not readers:
            people.widget = forms.MultipleHiddenInput()

    def is_done_by(self, line, concern):
        named = {person.pk for person in self.cleaned_data.get("people", [])}
        return super().is_done_by(line, concern) and named == {
            mention.user_id for mention in line.mentions.all()
        }

    def clean_people(self):
        return list(self.cleaned_data["people"])
