import re
from datetime import datetime, timedelta

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from centers.collation import alphabetical
from centers.fields import DayField
from centers.models import Place
from centers.workdays import is_working_day
from concerns.forms.fields import WordsField, mark_languages

from ..models import SIDES, Meeting, Rules
from ..models.agenda import LONGEST_ITEM
from ..rules import is_short_notice, rules_of
from ..waiting import concerns_for

FURTHEST = timedelta(days=2 * 365)
MOMENT = {"day", "hour"}
WHEN = MOMENT | {"minutes"}
VENUES = {"venue_ky": _("Venue in Kyrgyz"), "venue_ru": _("Venue in Russian")}
TOPIC = ["topic_ky", "topic_ru"]
# What a box of `waiting.Waiting` carries
KEY = re.compile(r"(concern|action)\.[0-9]{8}|topic\.[0-9]{8}\.[0-9]{1,4}")


class HourField(forms.TimeField):
    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    input_formats = ["%H:%M", "%H.%M", "%H:%M:%S"]


class MeetingForm(forms.ModelForm):
    """When, where and what kind; the day and the hour apart, as people say them.

    A day off, a meeting at the same time, and a move of a published one at shorter
    notice than the rules have it, are a warning: `sure` brings back the time that was
    warned of, so that another one is warned of again.
    """

    day = DayField(
        label=_("Date"),
    )
    hour = HourField(label=_("Time"))
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)
    sure = forms.CharField(widget=forms.HiddenInput, max_length=40, required=False)

    class Meta:
        model = Meeting
        fields = ["kind", "minutes", "village", "venue_ky", "venue_ru", "is_open"]

    def __init__(self, *args, center, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.center, self.by = center, by
        self.is_day_off, self.overlapping, self.notice_days = False, [], None
        mark_languages(self)
        for name, label in VENUES.items():
            self.fields[name].required, self.fields[name].label = True, label
        self.fields["minutes"].help_text = _("From 15 to 600.")
        village = self.fields["village"]
        # One that the centre serves no more may still be that of this meeting.
        village.queryset = Place.objects.filter(
            Q(pk__in=center.villages.values("pk")) | Q(pk=self.instance.village_id)
        ).order_by(alphabetical())
        village.to_field_name, village.empty_label = "code", _("Not named")
        village.help_text = _("Of a visiting meeting or a villagers' assembly.")
        if self.instance.pk:
            starts_at = timezone.localtime(self.instance.starts_at)
            self.initial = {
                "day": starts_at.date(),
                "hour": starts_at.time(),
                "version": self.instance.version,
                "village": getattr(self.instance.village, "code", None),
            } | self.initial

    def clean(self):
        fields = super().clean()
        if fields.get("village") and fields.get("kind") not in Meeting.IN_VILLAGE:
            self.add_error("village", _("A meeting of this kind names no village."))
        if fields.get("day") and fields.get("hour"):
            starts_at = timezone.make_aware(
                datetime.combine(fields["day"], fields["hour"])
            )
            if starts_at < timezone.now() and MOMENT & set(self.changed_data):
                self.add_error("day", _("This time has passed already."))
            if starts_at > timezone.now() + FURTHEST:
                self.add_error("day", _("This day is more than two years away."))
            fields["starts_at"] = starts_at
        return fields

    def is_doubtful(self):
        """Tell whether to ask once more.

        `is_day_off`, `overlapping` and `notice_days` then say why. Asked of a valid
        form. What is not moved is not asked about again.
        """
        when = self.cleaned_data["starts_at"], self.cleaned_data["minutes"]
        self.time = f"{when[0]:%Y-%m-%dT%H:%M}+{when[1]}"
        is_sure = self.cleaned_data["sure"] == self.time
        if is_sure or not WHEN.intersection(self.changed_data):
            return False
        others = Meeting.objects.visible_to(self.by).filter(center=self.center)
        self.overlapping = others.exclude(pk=self.instance.pk).overlapping(*when)
        self.is_day_off = not is_working_day(self.cleaned_data["day"])
        if self.is_moved_late(when[0]):
            self.notice_days = rules_of(self.center).notice_days
        return any((self.is_day_off, self.overlapping, self.notice_days))

    def is_moved_late(self, starts_at):
        """Tell whether a published one is moved to where the notice of it is short."""
        if not self.instance.is_published or not MOMENT & set(self.changed_data):
            return False
        kind = self.cleaned_data["kind"]
        moved = Meeting(center=self.center, kind=kind, starts_at=starts_at)
        return is_short_notice(moved)

    @property
    def plan(self):
        return {
            field: self.cleaned_data[field]
            for field in [*self._meta.fields, "starts_at"]
        }


class VersionForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def renew(self, version):
        """Keep what was typed, to be sent again upon what stands there now."""
        self.data = self.data.copy()
        self.data["version"] = version

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

    def __init__(self, *args, meeting, by, concerns=None, **kwargs):
        """Offer the concerns that are given, or ask for those that can be added."""
        super().__init__(*args, **kwargs)
        field = self.fields["concern"]
        field.queryset = (
            concerns_for(meeting.center, by)
            .exclude(agenda_items__meeting=meeting)
            .select_related("category")
            .by_deadline()
        )
        field.label_from_instance = name_on_agenda
        field.error_messages["invalid_choice"] = _(
            "It stands on this agenda already, or cannot stand on one."
        )
        if concerns is not None:
            names = [(one.reference, name_on_agenda(one)) for one in concerns]
            field.choices = [("", _("Choose")), *names]


class KeysField(forms.MultipleChoiceField):
    """What was ticked of what waits: an action says what of it cannot stand there."""

    def valid_value(self, value):
        return bool(KEY.fullmatch(value))


class WaitingForm(VersionForm):
    things = KeysField(
        label=_("What waits"),
        error_messages={"required": _("Tick what is to stand on the agenda.")},
    )

    @property
    def ticked(self):
        return self["things"].value() or []


class WordsForm(VersionForm):
    """What is said in both languages."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        mark_languages(self)


class PlanItemForm(WordsForm):
    """How long an item takes, who of the members presents it, how a topic is called."""

    # Which item was seen at this place
    about = forms.CharField(widget=forms.HiddenInput, required=False)
    topic_ky = forms.CharField(label=_("Topic in Kyrgyz"), max_length=200)
    topic_ru = forms.CharField(label=_("Topic in Russian"), max_length=200)
    minutes = forms.IntegerField(
        label=_("Minutes for it"),
        min_value=1,
        max_value=LONGEST_ITEM,
        required=False,
    )
    presenter = forms.ChoiceField(
        label=_("Who presents it"),
        help_text=_("Only the members of the centre read the name."),
        required=False,
    )

    def __init__(self, *args, item, people, **kwargs):
        """Offer the `people`: memberships of the centre."""
        super().__init__(*args, auto_id=f"plan_{item.order}_%s", **kwargs)
        self.place = item.order
        self.people = {one.user_id: one for one in people}
        self.fields["presenter"].choices = [
            ("", pgettext_lazy("presenter", "Nobody yet")),
            *((one.reference, self.named(one)) for one in self.people.values()),
        ]
        chosen = self.people.get(item.presenter_id)
        # Not changed in place: what was given is that of every item.
        self.about = salted_hmac("agenda item", str(item.pk)).hexdigest()[:8]
        self.initial = self.initial | {
            "about": self.about,
            "minutes": item.minutes,
            "presenter": chosen.reference if chosen else "",
        }
        for name in TOPIC:
            if item.is_topic:
                self.initial[name] = getattr(item, name)
            else:
                del self.fields[name]

    @property
    def is_of_another(self):
        """Tell whether it was typed of an item that stands elsewhere now."""
        return self.data.get("about", self.about) != self.about

    @property
    def words(self):
        # It may have been a topic, where none stands now.
        return [self.data[name] for name in TOPIC if self.data.get(name)]

    def clean(self):
        fields = super().clean()
        fields.pop("about", None)
        return fields

    def named(self, membership):
        return f"{membership.user}, {membership.partner.get_kind_display()}"

    def clean_presenter(self):
        reference = self.cleaned_data["presenter"]
        chosen = (m.user for m in self.people.values() if m.reference == reference)
        return next(chosen, None)


class PublishForm(VersionForm):
    sure = forms.BooleanField(widget=forms.HiddenInput, required=False)


class RulesForm(forms.ModelForm):
    """Notice, quorum and rhythm; a rhythm needs to know where to meet."""

    hour = HourField(label=_("Time"))
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    class Meta:
        model = Rules
        fields = [
            *("notice_days", "quorum", "every", "week", "weekday", "hour", "minutes"),
            *VENUES,
        ]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        mark_languages(self)
        for name, label in VENUES.items():
            self.fields[name].required, self.fields[name].label = False, label
        self.initial = {"version": self.instance.version} | self.initial

    def clean(self):
        fields = super().clean()
        if fields.get("every"):
            for name in VENUES:
                if name not in self.errors and not fields.get(name):
                    self.add_error(name, _("Write where the centre meets."))
        return fields

    @property
    def rules(self):
        return {name: self.cleaned_data[name] for name in self._meta.fields}


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
    sure = forms.BooleanField(widget=forms.HiddenInput, required=False)


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
    # Of the reason that is put right, where there is one
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=32)
    reason_ky = forms.CharField(
        label=_("Reason in Kyrgyz"),
        help_text=_("Everyone who reads the protocol reads it."),
        max_length=300,
    )
    reason_ru = forms.CharField(label=_("Reason in Russian"), max_length=300)
