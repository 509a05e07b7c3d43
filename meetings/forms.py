from datetime import datetime, timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from centers.fields import DayField
from centers.workdays import is_working_day
from concerns.forms.fields import WordsField, mark_languages
from concerns.models import Concern
from concerns.workflow import Level, Status

from .models import SIDES, Meeting

FURTHEST = timedelta(days=2 * 365)
WHEN = {"day", "hour", "minutes"}
VENUES = {"venue_ky": _("Venue in Kyrgyz"), "venue_ru": _("Venue in Russian")}


class MeetingForm(forms.ModelForm):
    """When, where and what kind; the day and the hour apart, as people say them.

    A day off, and a meeting at the same time, are a warning: `sure` brings back the
    time that was warned of, so that another one is warned of again.
    """

    day = DayField(
        label=_("Date"),
    )
    hour = forms.TimeField(
        label=_("Time"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        input_formats=["%H:%M", "%H.%M", "%H:%M:%S"],
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)
    sure = forms.CharField(widget=forms.HiddenInput, max_length=40, required=False)

    class Meta:
        model = Meeting
        fields = ["kind", "minutes", "venue_ky", "venue_ru", "is_open"]

    field_order = ["kind", "day", "hour", "minutes", "venue_ky", "venue_ru", "is_open"]

    def __init__(self, *args, center, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.center, self.by = center, by
        self.is_day_off, self.overlapping = False, []
        mark_languages(self)
        for name, label in VENUES.items():
            self.fields[name].required, self.fields[name].label = True, label
        self.fields["minutes"].help_text = _("From 15 to 600.")
        if self.instance.pk:
            starts_at = timezone.localtime(self.instance.starts_at)
            self.initial = {
                "day": starts_at.date(),
                "hour": starts_at.time(),
                "version": self.instance.version,
            } | self.initial

    def clean(self):
        fields = super().clean()
        if fields.get("day") and fields.get("hour"):
            starts_at = timezone.make_aware(
                datetime.combine(fields["day"], fields["hour"])
            )
            if starts_at < timezone.now() and {"day", "hour"} & set(self.changed_data):
                self.add_error("day", _("This time has passed already."))
            if starts_at > timezone.now() + FURTHEST:
                self.add_error("day", _("This day is more than two years away."))
            fields["starts_at"] = starts_at
        return fields

    def is_doubtful(self):
        """Tell whether to ask once more; `is_day_off` and `overlapping` then say why.

        Asked of a valid form. What is not moved is not asked about again.
        """
        when = self.cleaned_data["starts_at"], self.cleaned_data["minutes"]
        self.time = f"{when[0]:%Y-%m-%dT%H:%M}+{when[1]}"
        is_sure = self.cleaned_data["sure"] == self.time
        if is_sure or not WHEN.intersection(self.changed_data):
            return False
        others = Meeting.objects.visible_to(self.by).filter(center=self.center)
        self.overlapping = others.exclude(pk=self.instance.pk).overlapping(*when)
        self.is_day_off = not is_working_day(self.cleaned_data["day"])
        return self.is_day_off or bool(self.overlapping)

    @property
    def plan(self):
        return {
            field: self.cleaned_data[field]
            for field in [*self._meta.fields, "starts_at"]
        }


class VersionForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    @property
    def words(self):
        """What was typed in it, as opposed to chosen or pressed."""
        typed = (forms.Textarea, forms.TextInput)
        return [
            self.data[name]
            for name, field in self.fields.items()
            if type(field.widget) in typed and self.data.get(name)
        ]


def name_on_agenda(concern):
    """Return how the secretary knows a concern, and whether the public will."""
    name = f"{concern.number} · {concern.title or concern.category}"
    if concern.is_published:
        return name
    # Not in an f-string, where the collector of texts does not look.
    return " — ".join([name, gettext("everyone sees only the number")])


class ConcernItemForm(VersionForm):
    concern = forms.ModelChoiceField(
        queryset=None,
        label=_("Concern"),
        to_field_name="reference",
        empty_label=_("Choose"),
    )

    def __init__(self, *args, meeting, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["concern"].queryset = (
            Concern.objects.known_to(by)
            .filter(center=meeting.center)
            .open()
            .exclude(status=Status.RECEIVED)
            .exclude(level=Level.CONFIDENTIAL)
            .exclude(agenda_items__meeting=meeting)
            .select_related("category")
            .by_deadline()
        )
        self.fields["concern"].label_from_instance = name_on_agenda
        self.fields["concern"].error_messages["invalid_choice"] = _(
            "It stands on this agenda already, or cannot stand on one."
        )


class WordsForm(VersionForm):
    """What is said in both languages."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        mark_languages(self)


class TopicForm(WordsForm):
    topic_ky = forms.CharField(label=_("Topic in Kyrgyz"), max_length=200)
    topic_ru = forms.CharField(label=_("Topic in Russian"), max_length=200)
    is_closed = forms.BooleanField(
        label=_("Closed: only the members read it"), required=False
    )


class CancelForm(WordsForm):
    reason_ky = forms.CharField(label=_("Reason in Kyrgyz"), max_length=300)
    reason_ru = forms.CharField(label=_("Reason in Russian"), max_length=300)


class PlaceForm(VersionForm):
    place = forms.IntegerField(min_value=1)


class ArrangeForm(PlaceForm):
    do = forms.ChoiceField(
        choices=[(word, word) for word in ("up", "down", "remove", "close", "open")]
    )


class ProposalForm(forms.Form):
    words = forms.CharField(
        label=_("Why it should be discussed"),
        help_text=_("Only those who prepare the agenda read it."),
        max_length=300,
        required=False,
    )


class PutUpForm(forms.Form):
    # What was on the screen: anything else is not put up unread.
    mark = forms.CharField(widget=forms.HiddenInput, max_length=32)


class ApproveForm(VersionForm):
    side = forms.ChoiceField(
        label=_("Approve for this side:"), choices=[(side, side) for side in SIDES]
    )


class DeclineForm(VersionForm):
    words = WordsField(
        label=_("What is wrong in it"),
        help_text=_("The version is withdrawn then, and the record can be corrected."),
        max_length=1000,
    )


class AmendForm(WordsForm):
    reason_ky = forms.CharField(
        label=_("Reason in Kyrgyz"),
        help_text=_("Everyone who reads the protocol reads it."),
        max_length=300,
    )
    reason_ru = forms.CharField(label=_("Reason in Russian"), max_length=300)
