"""What is typed while a meeting goes on."""

from datetime import datetime, timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from centers.fields import DayField
from centers.models import User
from centers.permissions import permissions
from concerns.forms.fields import WordsField, mark_languages
from concerns.models import Concern
from concerns.models.concern import STATUS_OF
from concerns.workflow import Actor, Level, Need, Status, moves_from

from ..actions.recording import HEARD
from ..models import AgendaItem, Decision, Turnout
from .plan import ServedGoalField
from .planning import FURTHEST, VersionForm

Outcome = AgendaItem.Status
MOST = 9999
A_DAY = timedelta(days=1)
# What ends longer after its beginning than that was mistyped.
LONGEST_EVENING = timedelta(hours=10)


def number(label, **options):
    return forms.IntegerField(
        label=label,
        **options,
        required=False,
        min_value=0,
        max_value=MOST,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )


class AttendanceForm(VersionForm):
    """Who came: members and guests by name, a field a partner; residents by number."""

    def __init__(self, *args, meeting, members, guests, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("version", meeting.version)
        self.members, self.partners, self.counts = members, [], []
        came = {one.membership_id for one in meeting.attendances.all() if one.came}
        for membership in members:
            name = f"came_{membership.partner_id}"
            if name not in self.fields:
                self.fields[name] = forms.TypedMultipleChoiceField(
                    label=membership.partner.name,
                    coerce=int,
                    required=False,
                    widget=forms.CheckboxSelectMultiple,
                )
                self.partners.append(name)
            self.fields[name].choices += [(membership.pk, membership.user.full_name)]
            if membership.pk in came:
                self.initial.setdefault(name, []).append(membership.pk)
        if guests:
            self.fields["guests"] = forms.MultipleChoiceField(
                label=_("Invited guests"),
                choices=[(one.reference, one.full_name) for one in guests],
                required=False,
                widget=forms.CheckboxSelectMultiple,
                initial=[one.reference for one in guests if one.came],
            )
        self.guests = guests
        counted = {(row.sex, row.band): row.number for row in meeting.turnouts.all()}
        for band in Turnout.Band:
            for sex in Turnout.Sex:
                name = f"{sex}_{band}"
                self.counts.append(name)
                self.fields[name] = number(f"{sex.label.capitalize()}, {band.label}")
                self.initial.setdefault(name, counted.get((sex, band)))

    @property
    def attendance(self):
        """Return who came, as an action takes it."""
        fields = self.cleaned_data
        chosen = {pk for name in self.partners for pk in fields[name]}
        guests = fields.get("guests", [])
        return {
            "came": [one for one in self.members if one.pk in chosen],
            "guests": [one for one in self.guests if one.reference in guests],
            "numbers": {
                (sex, band): fields[f"{sex}_{band}"]
                for band in Turnout.Band
                for sex in Turnout.Sex
            },
        }

    @property
    def is_sent(self):
        """Tell whether it came along with another form of its page."""
        return any(name in self.data for name in self.counts)

    @property
    def is_anybody_there(self):
        said = self.attendance
        return any((said["came"], said["guests"], *said["numbers"].values()))

    def renew(self, version):
        """Keep who was ticked and counted by others meanwhile beside what was sent."""
        super().renew(version)
        for name in {*self.partners, "guests"} & {*self.fields}:
            noted = self.get_initial_for_field(self.fields[name], name) or []
            sent = self.data.getlist(name)
            self.data.setlist(name, {*sent, *map(str, noted)})
        for name in self.counts:
            self.data[name] = self.data.get(name) or self.initial[name] or ""

    def of_partners(self):
        return [self[name] for name in self.partners]

    def of_guests(self):
        return self["guests"]

    def of_residents(self):
        """Return the rows of the table: an age band, and its fields by sex."""
        return [
            (band.label, [self[f"{sex}_{band}"] for sex in Turnout.Sex])
            for band in Turnout.Band
        ]


class EndForm(VersionForm):
    """When it began and ended, on the day on which it was held.

    Its fields belong to the form of who came, so that the one comes with the other.
    `sure` says that what is left of the agenda was not dealt with.
    """

    HOURS = ["began", "ended"]

    began = forms.TimeField(
        label=_("Began at"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        input_formats=["%H:%M", "%H.%M", "%H:%M:%S"],
    )
    ended = forms.TimeField(
        label=_("Ended at"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        input_formats=["%H:%M", "%H.%M", "%H:%M:%S"],
    )
    # The hours that stood there before anybody typed
    offered = forms.CharField(
        widget=forms.HiddenInput, required=False, max_length=20, strip=False
    )

    def __init__(self, *args, meeting, **kwargs):
        super().__init__(*args, **kwargs)
        self.day = timezone.localdate(meeting.began_at)
        ended_at = meeting.ended_at or min(timezone.now(), meeting.ends_at)
        began = timezone.localtime(meeting.began_at).time()
        ended = timezone.localtime(max(ended_at, meeting.began_at)).time()
        self.initial = {
            "version": meeting.version,
            "began": began,
            "ended": ended,
            "offered": f"{began:%H:%M} {ended:%H:%M}",
        } | self.initial
        for field in self.fields.values():
            field.widget.attrs["form"] = "attendance"

    @property
    def typed(self):
        """Return the hours where they are other than those that stood there."""
        hours = {name: self.data.get(name, "") for name in self.HOURS}
        is_touched = " ".join(hours.values()) != self.data.get("offered")
        return hours if "offered" in self.data and is_touched else {}

    @property
    def is_sure(self):
        return "sure" in self.data

    def at(self, name):
        """Return the moment of an hour; the end may lie after midnight."""
        moment = datetime.combine(self.day, self.cleaned_data[name])
        began = datetime.combine(self.day, self.cleaned_data["began"])
        if moment < began and moment + A_DAY - began <= LONGEST_EVENING:
            moment += A_DAY
        return timezone.make_aware(moment)


VOTES = ["votes_for", "votes_against", "votes_abstained"]
DECIDED = ["text_ky", "text_ru", "way", *VOTES]


def kept(row, names):
    return {name: getattr(row, name) for name in names}


class ItemForm(VersionForm):
    """What was heard and discussed on an item, and what became of it."""

    TEXTS = [*HEARD, "text_ky", "text_ru", "note"]

    heard_ky = WordsField(label=_("Heard, in Kyrgyz"), max_length=4000, required=False)
    heard_ru = WordsField(label=_("Heard, in Russian"), max_length=4000, required=False)
    discussed_ky = WordsField(
        label=_("Discussed, in Kyrgyz"), max_length=8000, required=False
    )
    discussed_ru = WordsField(
        label=_("Discussed, in Russian"), max_length=8000, required=False
    )
    outcome = forms.ChoiceField(
        label=_("What became of it"),
        choices=[
            (Outcome.OPEN, _("Not dealt with yet")),
            (Outcome.DECIDED, _("Decided")),
            (Outcome.NOTED, _("Taken note of, nothing to decide")),
            (Outcome.POSTPONED, _("Left to another meeting")),
        ],
        widget=forms.RadioSelect,
    )
    text_ky = WordsField(label=_("Decision in Kyrgyz"), max_length=4000, required=False)
    text_ru = WordsField(
        label=_("Decision in Russian"), max_length=4000, required=False
    )
    way = forms.ChoiceField(
        label=_("How it was decided"),
        choices=[
            (Decision.Way.CONSENSUS, _("By consensus: nobody was against")),
            (Decision.Way.VOTE, _("By vote")),
        ],
        widget=forms.RadioSelect,
        required=False,
    )
    votes_for = number(
        pgettext_lazy("vote", "For"),
        help_text=_("All three together: no more than those who came."),
    )
    votes_against = number(pgettext_lazy("vote", "Against"))
    votes_abstained = number(pgettext_lazy("vote", "Abstained"))

    def __init__(self, *args, item, moves=(), **kwargs):
        super().__init__(*args, **kwargs)
        decision = getattr(item, "decision", None)
        self.initial = {
            "version": item.version,
            "outcome": item.status,
            "way": Decision.Way.CONSENSUS,
            **kept(item, HEARD),
            **(kept(decision, DECIDED) if decision else {}),
        } | self.initial
        mark_languages(self)
        # Chosen while it could be: that it cannot now is said, and no word is lost.
        if moves or item.concern and self.data.get("target"):
            targets = [move.target for move in moves]
            # Sent twice, it was moved the first time: an action says what holds.
            if moves and self.data.get("target") == item.concern.status:
                targets.append(item.concern.status)
            self.fields["target"] = forms.ChoiceField(
                label=_("Move the concern itself"),
                choices=[
                    ("", _("Leave it as it is")),
                    *((target, STATUS_OF[target]) for target in targets),
                ],
                required=False,
            )
            self.fields["note"] = WordsField(
                label=_("A word to the reporter"),
                help_text=_("The reporter reads it with the code."),
                max_length=2000,
                required=False,
                rows=3,
            )
            self.fields["concern_version"] = forms.IntegerField(
                widget=forms.HiddenInput, min_value=0, initial=item.concern.version
            )

    def clean_way(self):
        return self.cleaned_data["way"] or Decision.Way.CONSENSUS

    def clean(self):
        fields = super().clean()
        is_decided = fields.get("outcome") == Outcome.DECIDED
        is_counted = any(fields.get(name) is not None for name in VOTES)
        is_consensus = fields.get("way") == Decision.Way.CONSENSUS
        # While it is being typed, the numbers may come first.
        is_draft = "draft" in self.data
        if is_decided and is_counted and is_consensus and not is_draft:
            self.add_error("way", _("Votes are counted: choose “By vote”."))
        if not is_draft:
            self.need_nothing_lost(fields, is_decided)
        return fields

    def need_nothing_lost(self, fields, is_decided):
        """Refuse words that nothing would be done with."""
        if self.has_decision_words(fields) and not is_decided:
            reason = _("A decision is written: choose “Decided”, or take it out.")
            self.add_error("outcome", reason)
        if fields.get("note") and not (fields.get("target") or self.errors):
            reason = _("These words are sent when the concern is moved: choose where.")
            self.add_error("target", reason)

    @staticmethod
    def has_decision_words(fields):
        return bool(fields.get("text_ky") or fields.get("text_ru"))

    def told(self):
        """Return the fields in which words stand, for who can only read them."""
        names = [*HEARD, "text_ky", "text_ru"]
        return [self[name] for name in names if self.initial.get(name)]

    @property
    def is_kept_whole(self):
        """Tell whether all words of what is only being typed are kept."""
        fields = self.cleaned_data
        is_decided = fields["outcome"] == Outcome.DECIDED and self.is_counted
        return not fields.get("note") and (
            is_decided or not self.has_decision_words(fields)
        )

    @property
    def is_counted(self):
        """Tell whether it was decided by consensus, or by votes that suffice."""
        fields = self.cleaned_data
        votes = [fields[name] for name in VOTES]
        if fields["way"] != Decision.Way.VOTE:
            # It is offered first: who types a number is about to choose the other.
            return votes == [None, None, None]
        return None not in votes and fields["votes_for"] > fields["votes_against"]

    @property
    def unfinished(self):
        """Return what to keep instead of a decision that is only being typed."""
        fields = self.cleaned_data
        was_decided = self.initial["outcome"] == Outcome.DECIDED
        if fields["outcome"] != Outcome.DECIDED:
            # It is taken back by whoever saves, not by a wrong press.
            names = ["outcome", *DECIDED] if was_decided else []
        elif not self.has_decision_words(fields):
            names = ["outcome"]
        elif self.is_counted:
            names = []
        else:
            # Half a count is none, and no consensus either: what stood still stands.
            names = ["way", *VOTES] if was_decided else ["outcome"]
        return {name: self.initial[name] for name in names}


MOVED_BY_MEETING = {Status.IN_PROGRESS, Status.RESOLVED, Status.CLOSED}


def moves_at_meeting(concern, by):
    """Return the moves of a concern that a decision may bring along, if any.

    Those that ask for no more than words. Who handles the concern makes his own; that a
    solved one is closed, the meeting says, whoever writes it down.
    """
    actors = {Actor.MEETING}
    if concern.is_readable:
        actors |= permissions(by, concern.center) & set(Actor)
    return [
        move
        for move in moves_from(concern.status, actors, is_crime=concern.is_crime)
        if move.needs <= {Need.WORDS} and move.target in MOVED_BY_MEETING
    ]


class AnswersForm(VersionForm):
    """Which concerns a decision answers besides its own."""

    concerns = forms.ModelMultipleChoiceField(
        queryset=None,
        label=_("Concerns that this decision answers too"),
        to_field_name="reference",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args, item, by, **kwargs):
        super().__init__(*args, **kwargs)
        known = Concern.objects.known_to(by).filter(center=item.meeting.center)
        known = known.exclude(status=Status.RECEIVED).exclude(level=Level.CONFIDENTIAL)
        known = known.exclude(pk=item.concern_id).select_related("category")
        answered = set(item.decision.answers.values_list("pk", flat=True))
        near = known.open().by_deadline().values_list("pk", flat=True)[:100]
        field = self.fields["concerns"]
        field.queryset = known.filter(pk__in={*near, *answered})
        field.label_from_instance = self.name_of
        self.initial = {
            "version": item.version,
            "concerns": list(
                known.filter(pk__in=answered).values_list("reference", flat=True)
            ),
        } | self.initial

    @staticmethod
    def name_of(concern):
        return f"{concern.number} · {concern.title or concern.category}"


class ActionForm(VersionForm):
    """Who does what, by when, paid by whom, and how one sees that it is done.

    Of an `action` of which something was said already its words alone are corrected:
    the rest has acts of its own, which stand in its history.
    """

    text_ky = forms.CharField(label=_("What to do, in Kyrgyz"), max_length=300)
    text_ru = forms.CharField(label=_("What to do, in Russian"), max_length=300)
    partner = forms.ModelChoiceField(queryset=None, label=_("Who does it"))
    person = forms.ModelChoiceField(
        queryset=None, label=_("Responsible person"), required=False
    )
    co_executors = forms.TypedMultipleChoiceField(
        label=_("Together with"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    due_on = DayField(label=_("By when"))
    funding_ky = forms.CharField(
        label=_("Source of funding, in Kyrgyz"), max_length=200, required=False
    )
    funding_ru = forms.CharField(
        label=_("Source of funding, in Russian"), max_length=200, required=False
    )
    indicator_ky = forms.CharField(
        label=_("Sign of success, in Kyrgyz"), max_length=300, required=False
    )
    indicator_ru = forms.CharField(
        label=_("Sign of success, in Russian"), max_length=300, required=False
    )

    goal = ServedGoalField()

    # What is read of it, as opposed to who does it and by when
    TEXTS = [
        *("text_ky", "text_ru", "funding_ky", "funding_ru"),
        *("indicator_ky", "indicator_ru"),
    ]

    def __init__(self, *args, item, members, action=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.item = item
        self.initial.setdefault("version", action.version if action else item.version)
        mark_languages(self)
        center = item.meeting.center
        year = timezone.localdate(item.meeting.starts_at).year
        if not self.fields["goal"].offer(center, year, own=action and action.goal):
            del self.fields["goal"]
        partners = [p for p in center.partners.all() if not p.is_supporter]
        named = [(partner.pk, partner.name) for partner in partners]
        people = {
            one.user_id: f"{one.user.full_name} ({one.partner.name})" for one in members
        }
        if action and action.person:
            # Who was named may have left since: a correction does not take him off.
            people.setdefault(action.person_id, action.person.full_name)
        fields = self.fields
        fields["partner"].queryset = center.partners.all()
        fields["partner"].choices = [("", _("Choose")), *named]
        fields["co_executors"].choices = named
        fields["co_executors"].coerce = {str(one.pk): one for one in partners}.get
        fields["person"].queryset = User.objects.filter(pk__in=people)
        fields["person"].choices = [("", _("Nobody in particular")), *people.items()]
        if action:
            self.initial |= self.recorded(action)
            if action.changes.exists():
                for name in fields.keys() - {"version", *self.TEXTS}:
                    del fields[name]

    def recorded(self, action):
        """Return what is recorded of an action, as the fields take it."""
        return {
            **kept(action, [*self.TEXTS, "due_on"]),
            "partner": action.partner_id,
            "person": action.person_id,
            "co_executors": [one.pk for one in action.co_executors.all()],
            "goal": action.goal.reference if action.goal else "",
        }

    def clean_due_on(self):
        due_on = self.cleaned_data["due_on"]
        held_on = timezone.localdate(self.item.meeting.starts_at)
        if due_on < held_on:
            raise forms.ValidationError(_("This day was before the meeting."))
        if due_on > held_on + FURTHEST:
            raise forms.ValidationError(_("This day is more than two years away."))
        return due_on
