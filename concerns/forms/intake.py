from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from centers.fields import DayField

from ..models import Category, Concern
from .fields import by_group
from .resident import FilingForm

Channel = Concern.Channel
# What lies in a box longer than this was forgotten there, or its date is mistyped.
OLDEST_DAYS = 366


class IntakeCategoryForm(forms.Form):
    category = forms.ModelChoiceField(
        queryset=Category.objects.all(),
        to_field_name="code",
        label=_("Category"),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["category"]
        field.choices = [("", _("Choose")), *by_group(field.queryset)]


class IntakeForm(FilingForm):
    """What came on paper, by phone, by word or in the box, as one of the staff writes.

    The words are the person's own; so is the answer to whom they concern.
    """

    channel = forms.ChoiceField(
        label=_("How it came"),
        choices=[(c, c.label) for c in Channel if c != Channel.WEB],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose an answer.")},
    )
    received_on = DayField(
        label=_("Day on which it came"),
        help_text=_("The terms run from this day."),
        initial=timezone.localdate,
    )
    language = forms.ChoiceField(
        label=_("Language in which to answer"),
        choices=settings.LANGUAGES,
        widget=forms.RadioSelect,
    )
    with_code = forms.ChoiceField(
        label=_("Is the person here, to be given the receipt?"),
        help_text=_("Then the code is shown to you once, to be printed."),
        choices=[
            ("yes", pgettext_lazy("receipt", "Yes, print it with the code")),
            ("no", pgettext_lazy("receipt", "No, nobody gets a code")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose an answer.")},
    )
    website = None

    NO_CONSENT = _("Without the person's consent the centre may not keep these data.")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        fields = self.fields
        fields["text"].label = _("What the person wrote or said")
        fields["text"].help_text = _(
            "Word for word, in the language in which it was said. Up to 4,000"
            " characters."
        )
        fields["village"].empty_label = _("Another place, or not said")
        fields["consent"].label = _(
            "The person agreed that these data are kept, in writing or by word"
        )
        if "may_publish" in fields:
            fields["may_publish"].label = _(
                "The person agreed to a public summary without a name"
            )
        fields["received_on"].widget.attrs["max"] = timezone.localdate()
        self.initial.setdefault("channel", Channel.PAPER)

    @property
    def keyed(self):
        # A key whose code the staff see must not open the public form's receipt.
        return f"{self.center.slug}:intake"

    def clean_received_on(self):
        day, today = self.cleaned_data["received_on"], timezone.localdate()
        if day > today:
            raise forms.ValidationError(_("This day has not come yet."))
        if (today - day).days > OLDEST_DAYS:
            raise forms.ValidationError(_("This day is too long ago."))
        return day

    def told_on(self, fields):
        return fields.get("received_on") or timezone.localdate()

    def clean(self):
        fields = super().clean()
        day = fields.get("happened_on")
        if day and day > self.told_on(fields):
            self.add_error(
                "happened_on", _("This is later than the day on which it came.")
            )
        return fields

    @property
    def is_code_printed(self):
        return self.cleaned_data["with_code"] == "yes"
