from datetime import timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from phonenumber_field.formfields import PhoneNumberField

from centers.collation import alphabetical
from centers.fields import DayField

from .. import codes
from ..models import Concern, Involved
from ..models.concern import TEXT_LIMIT
from .fields import WordsField
from .questions import Asked

WORDS = ["text", "village", "landmark", "happened_on", "involved", "may_publish"]
IDENTITY = ["name", "phone", "address"]
HASTE_SECONDS = 3


class FilingForm(forms.Form):
    """What a resident tells, and who she is if she wishes to say it.

    No field has an autocomplete token, though WCAG 1.3.5 would like them: with one, a
    shared phone may offer her name to whoever types into it next.
    """

    NO_CONSENT = _("Without your consent the centre may not keep these data.")

    WHEN = [
        ("today", _("Today")),
        ("yesterday", _("Yesterday")),
        ("date", _("On another day")),
    ]

    text = WordsField(
        label=_("What happened?"),
        help_text=_("In your own words, in any language. Up to 4,000 characters."),
        max_length=TEXT_LIMIT,
        rows=8,
    )
    village = forms.ModelChoiceField(
        queryset=None,
        label=_("Village"),
        required=False,
        empty_label=_("Another place, or I would rather not say"),
        to_field_name="code",
    )
    landmark = forms.CharField(
        label=_("Landmark"),
        help_text=_("A school, a shop, a bridge: what is near the place."),
        max_length=200,
        required=False,
    )
    when = forms.ChoiceField(
        label=_("When did it happen?"),
        choices=WHEN,
        widget=forms.RadioSelect,
        required=False,
    )
    happened_on = DayField(
        label=_("Date"),
        help_text=_("Only if it was on another day."),
        required=False,
    )
    involved = forms.ChoiceField(
        label=_("Is someone of the police or the council involved?"),
        help_text=_(
            "If so, they will not see it: the centre's custodian reads it first."
        ),
        choices=Involved,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose an answer.")},
    )
    may_publish = forms.BooleanField(
        label=_("A summary without my name may be published"),
        required=False,
    )
    name = forms.CharField(
        label=_("Full name"),
        max_length=160,
        required=False,
    )
    phone = PhoneNumberField(
        label=_("Phone number"),
        required=False,
        region="KG",
        error_messages={"invalid": _("Write the number like 0770 080 050.")},
        widget=forms.TextInput(attrs={"type": "tel"}),
    )
    address = forms.CharField(
        label=_("Address"),
        max_length=300,
        required=False,
    )
    consent = forms.BooleanField(
        label=_("I consent to the collection and processing of my personal data"),
        required=False,
    )
    key = forms.CharField(widget=forms.HiddenInput, required=False)
    # Nobody sees it; what fills it in is a machine.
    website = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )

    def __init__(self, *args, center, category, **kwargs):
        super().__init__(*args, **kwargs)
        self.center, self.category = center, category
        if not (self.is_bound or self.initial.get("key")):
            self.initial["key"] = codes.issue_key(self.keyed)
        self.fields["village"].queryset = center.villages.order_by(alphabetical())
        self.asked = Asked(center, category, {**self.data, **self.initial})
        self.fields |= self.asked.fields
        self.fields["happened_on"].widget.attrs["max"] = timezone.localdate()
        if not category.is_public:
            del self.fields["may_publish"]
        # The category has said it already.
        if category.hidden_from_police:
            self.initial.setdefault("involved", Involved.POLICE)
        elif category.hidden_from_council:
            self.initial.setdefault("involved", Involved.COUNCIL)

    @property
    def keyed(self):
        """Whose form it is, as its key says."""
        return self.center.slug

    def clean_key(self):
        """Return (key, age in seconds); a form that carries none of ours gets one."""
        try:
            return codes.read_key(self.cleaned_data["key"], self.keyed)
        except codes.BadKey:
            self.take_new_key()
            raise forms.ValidationError(
                _("This form had grown too old. Nothing is lost: please send it again.")
            ) from None

    def take_new_key(self):
        """Let what stands in the form be sent as another one."""
        self.data = self.data.copy()
        self.data["key"] = codes.issue_key(self.keyed)

    def clean_involved(self):
        involved = self.cleaned_data["involved"]
        is_hidden = self.category.is_hidden or involved != Involved.NO
        if is_hidden and not self.center.has_custodian():
            raise forms.ValidationError(
                _(
                    "This centre has no custodian yet, so it cannot take such a "
                    "report. Please turn to one of the bodies named on this page."
                ),
                code="no_custodian",
            )
        return involved

    def clean(self):
        fields = super().clean()
        today = timezone.localdate()
        when, day = fields.get("when"), fields.get("happened_on")
        if when == "date" and not day and "happened_on" not in self.errors:
            self.add_error("happened_on", _("Write the date."))
        if day and day > today:
            self.add_error("happened_on", _("This day has not come yet."))
        if day and day.year < 1950:
            self.add_error("happened_on", _("This day is too long ago."))
        if when in ("today", "yesterday"):
            # What else stands in the field of the date was not meant.
            self.errors.pop("happened_on", None)
            day = self.told_on(fields) - timedelta(days=when == "yesterday")
            fields["happened_on"] = day
        if any(fields.get(field) for field in IDENTITY) and not fields.get("consent"):
            self.add_error("consent", self.NO_CONSENT)
        return fields

    def told_on(self, fields):
        """Return the day of which she says "today": what comes again keeps its own."""
        key, _age = fields.get("key") or ("", 0)
        filed = Concern.objects.filed_with(key).first()
        return timezone.localdate(filed and filed.created_at)

    @property
    def words(self):
        return {
            field: self.cleaned_data[field]
            for field in WORDS
            if field in self.cleaned_data
        }

    @property
    def questions(self):
        """The fields that ask what the category needs."""
        return [self[name] for name in self.asked.questions]

    @property
    def answers(self):
        return self.asked.answers(self)

    @property
    def identity(self):
        """Who filed it, or None when she did not say."""
        given = {field: str(self.cleaned_data[field] or "") for field in IDENTITY}
        return given if any(given.values()) else None

    @property
    def is_suspect(self):
        """Whether a machine seems to have sent it. It is kept, to be looked at."""
        return (
            bool(self.cleaned_data["website"])
            or self.cleaned_data["key"][1] < HASTE_SECONDS
        )


class CodeForm(forms.Form):
    c = forms.CharField(
        label=_("The 16 digits of your code"),
        max_length=64,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "off", "class": "code"}
        ),
    )

    def clean_c(self):
        typed = self.cleaned_data["c"]
        try:
            return codes.normalise(typed)
        except codes.Malformed:
            if sum(sign.isdecimal() for sign in typed) == codes.LENGTH:
                raise forms.ValidationError(
                    _("One of the digits is wrong; please compare them one by one.")
                ) from None
            raise forms.ValidationError(
                _("A code has 16 digits; please check what you typed.")
            ) from None


class AnswerForm(forms.Form):
    text = WordsField(label=_("Your message"), max_length=TEXT_LIMIT)


class PhotoForm(forms.Form):
    photo = forms.FileField(
        label=_("Photo"),
        help_text=_(
            "JPEG, PNG or WebP, up to 8 MB. Where and with what it was taken is"
            " removed. Faces stay visible: photograph nobody without consent."
        ),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        error_messages={
            name: _("Choose a photo first.") for name in ("required", "empty")
        },
    )
    may_show = forms.BooleanField(
        label=_(
            "The centre may show this photo on the site, once faces and numbers in it"
            " are covered"
        ),
        required=False,
    )

    def __init__(self, *args, concern, **kwargs):
        super().__init__(*args, **kwargs)
        # Asked only where it could come true.
        if not (concern.is_public and concern.may_publish):
            del self.fields["may_show"]


class WithdrawForm(forms.Form):
    reason = WordsField(
        label=_("Why do you take it back?"), max_length=2000, required=False, rows=3
    )
    is_sure = forms.BooleanField(
        label=_("Take it back; my code will stop working"),
        error_messages={"required": _("Tick this if you are sure.")},
    )
