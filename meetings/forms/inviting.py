"""Who is invited to a meeting, and what he answers."""

from django import forms
from django.conf import settings
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from phonenumber_field.formfields import PhoneNumberField

from ..models import Invited


class GuestForm(forms.Form):
    """Somebody without an account: an e-mail, to be written to, or a phone."""

    name = forms.CharField(label=_("Full name"), max_length=120)
    body = forms.CharField(label=_("Organisation"), max_length=120, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    phone = PhoneNumberField(
        label=_("Phone number"),
        help_text=_("For example: 0770 080 050"),
        required=False,
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("language", get_language())

    def clean(self):
        fields = super().clean()
        if fields.get("email") == "" and fields.get("phone") == "":
            self.add_error("email", _("Write an e-mail or a phone."))
        return fields


class AnswerForm(forms.Form):
    answer = forms.ChoiceField(
        label=_("Will you come?"),
        choices=[
            ("yes", pgettext_lazy("answer", "Yes, I will come")),
            ("maybe", pgettext_lazy("answer", "Perhaps")),
            ("no", pgettext_lazy("answer", "No, I cannot")),
        ],
        widget=forms.RadioSelect,
    )
    needs = forms.MultipleChoiceField(
        label=_("What would help you to come?"),
        choices=[
            ("needs_childcare", _("Somebody to look after my children")),
            ("needs_interpreter", _("An interpreter")),
            ("needs_transport", _("Transport there and back")),
        ],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    words = forms.CharField(
        label=_("A word to the centre"), max_length=300, required=False
    )
    # When the meeting begins, as the page said it
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)

    def __init__(self, *args, invited, **kwargs):
        super().__init__(*args, **kwargs)
        needs = [name for name in Invited.NEEDS if getattr(invited, name)]
        self.initial = {
            "seen": invited.meeting.starts_at.isoformat(),
            "answer": invited.answer,
            "needs": needs,
            "words": invited.words,
        } | self.initial

    @property
    def said(self):
        fields = self.cleaned_data
        needs = {name: name in fields["needs"] for name in Invited.NEEDS}
        return {name: fields[name] for name in ("answer", "words", "seen")} | needs

    def renew(self, starts_at):
        """Keep what was typed, to be sent again of the day that is said now."""
        self.data = self.data.copy()
        self.data["seen"] = starts_at.isoformat()
        self.add_error(None, _("The day or the hour has changed: please answer anew."))
