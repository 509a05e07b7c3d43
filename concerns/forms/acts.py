from datetime import timedelta

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from centers.fields import DayField
from centers.permissions import Permission, can
from centers.references import undashed

from .. import beside
from ..actions.handling import REGISTRATION
from ..actions.merging import heard_by, with_own_number
from ..actions.term import last_day
from ..models import Category, Change, Concern, Involved, Message
from ..models.category import LEVEL_NAMES
from ..models.concern import STATUS_OF
from ..models.template import MESSAGE, USES, left_in
from ..workflow import Level, Need, Status, is_stricter
from .fields import DatalistInput, WordsField, by_group

USE_NAMES = dict(USES)


class ActForm(forms.Form):
    """What a person does with a concern."""

    # True when its words were kept because somebody was faster.
    is_kept = False

    def __init__(self, *args, concern, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.concern, self.by = concern, by
        self.initial.setdefault("version", concern.version)
        self.set_up()

    def set_up(self):
        pass


class ChangeForm(ActForm):
    """Carries the version that the person saw, so that nobody overwrites another."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    # The field of what the history keeps in his words, or a message.
    words = None
    # The kind of the line in which it keeps them.
    kind = None
    # Whether who sends it shows once more who he is: a desk may have been left open.
    asks_again = False

    @property
    def is_outdated(self):
        """Tell whether the concern was changed since the form was given out."""
        return self.cleaned_data.get("version", self.concern.version) != (
            self.concern.version
        )

    def is_second_press(self, concern):
        """Tell whether what it asks for is what the same person has just done."""
        lines = [concern.changes.last(), concern.messages.last()]
        last = max(filter(None, lines), key=lambda line: line.created_at, default=None)
        is_his = last is not None and last.by_id == self.by.pk
        return is_his and self.is_done_by(last, concern)

    def is_done_by(self, line, concern):
        """Tell whether it is done by what he did last, as a fresh concern shows it."""
        words = self.cleaned_data.get(self.words)
        return bool(words) and kept_in(line) == (self.kind, words)


def kept_in(line):
    """Return the kind of a line, None of a message, and what it says."""
    if isinstance(line, Message):
        return None, line.text
    return line.kind, line.note


class WordedForm(ChangeForm):
    """Has words to the reporter, into which a ready text can be inserted."""

    words = "note"

    def offer_texts(self, uses):
        """Offer the ready texts that fit these moves, or the message, if there are."""
        texts = {}
        for reference, use, title in beside.texts(self.concern):
            if use in uses:
                texts.setdefault(use, []).append((reference, title))
        if texts:
            groups = [(USE_NAMES[use], texts[use]) for use in USE_NAMES if use in texts]
            self.fields["template"] = forms.ChoiceField(
                label=_("Ready text"), choices=[("", "—"), *groups], required=False
            )

    def offer_all_who_reported(self):
        """Offer to tell those whose concerns repeat this one, where there are such."""
        if getattr(self.concern, "has_hearers", False):
            self.fields["to_all"] = forms.BooleanField(
                label=_("Send these words to all who reported this"), required=False
            )

    def is_told_to_all(self, concern, since):
        """Tell whether all who were to get its words too have had them since then."""
        if not self.cleaned_data.get("to_all"):
            return True
        words = self.cleaned_data[self.words]
        return all(
            one.messages.filter(
                by=self.by,
                text=with_own_number(words, concern, one),
                created_at__gte=since,
            ).exists()
            for one in heard_by(concern, self.by)
        )

    def is_status_put(self, concern, status):
        """Tell whether he is the one who put a status, with these words, that holds."""
        last = concern.changes.filter(kind=Change.Kind.STATUS).last()
        return (
            last is not None
            and last.by_id == self.by.pk
            and last.new == concern.status == status
            and last.note == self.cleaned_data.get("note")
            and self.is_told_to_all(concern, last.created_at)
        )

    def clean(self):
        fields = super().clean()
        fields.pop("template", None)
        if left := left_in(fields.get(self.words, "")):
            self.add_error(
                self.words,
                forms.ValidationError(
                    _("Write what is meant instead of: %(names)s"),
                    params={"names": ", ".join(left)},
                ),
            )
        return fields


class CategoryForm(ChangeForm):
    category = forms.ModelChoiceField(
        queryset=None, label=_("Category"), to_field_name="code", empty_label=None
    )

    def set_up(self):
        categories = Category.objects.all()
        self.fields["category"].queryset = categories
        self.fields["category"].choices = by_group(categories)
        self.initial.setdefault("category", self.concern.category.code)

    def is_done_by(self, line, concern):
        return self.cleaned_data.get("category") == concern.category


class RegisterForm(WordedForm, CategoryForm):
    level = forms.ChoiceField(
        label=_("Level"),
        choices=[("", _("As the category asks")), *LEVEL_NAMES[1:]],
        required=False,
    )
    note = WordsField(
        label=_("A word to the reporter"), required=False, max_length=2000, rows=2
    )

    def set_up(self):
        super().set_up()
        self.offer_texts({Status.REGISTERED})

    def is_second_press(self, concern):
        asked, category = self.cleaned_data.get("level"), concern.category
        return (
            asked is not None
            and not is_stricter(asked, than=concern.level)
            and self.cleaned_data.get("category") == category
            and self.is_status_put(concern, Status.REGISTERED)
        )

    def clean_level(self):
        # Registering never lowers a level: the lowest asks for nothing.
        return self.cleaned_data["level"] or Level.PUBLIC


ASKED_IN = {
    Need.WORDS: "note",
    Need.BODY: "body",
    Need.NUMBER: "crime_number",
    Need.LEAD: "lead",
}


def needs_of(moves):
    return frozenset().union(*(move.needs for move in moves))


class MoveForm(WordedForm):
    """Offers the moves open to this person, and the words that they need."""

    target = forms.ChoiceField(
        label=_("New status"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose an answer.")},
    )
    note = WordsField(
        label=_("Words to the reporter"),
        help_text=_("The reporter reads them with the code."),
        error_messages={"required": _("Write a word to the reporter.")},
        max_length=2000,
    )
    body = forms.CharField(
        label=_("Forwarded to"),
        widget=DatalistInput,
        error_messages={"required": _("Name the body it is forwarded to.")},
        max_length=200,
    )
    crime_number = forms.CharField(
        label=_("Number in the crime register"),
        error_messages={"required": _("Write the number of the crime register.")},
        max_length=40,
    )
    crime_place = forms.CharField(
        label=_("Where it is registered"),
        help_text=_("The police department, as the reporter can find it."),
        error_messages={"required": _("Write where it is registered.")},
        max_length=200,
    )
    identity_passed = forms.TypedChoiceField(
        label=_("Was the body told who filed it?"),
        help_text=_("The reporter reads your answer: the law asks for it."),
        choices=[("yes", _("Yes, the name was passed on")), ("no", _("No"))],
        coerce=lambda answer: answer == "yes",
        empty_value=None,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose an answer.")},
    )
    lead = forms.CharField(
        label=_("Number of the concern that it repeats"),
        error_messages={"required": _("Name the concern that this one repeats.")},
        max_length=12,
    )

    def set_up(self):
        self.moves = [
            move
            for move in self.concern.moves_for(self.by)
            if (move.source, move.target) != REGISTRATION
        ]
        self.fields["target"].choices = [
            (move.target, STATUS_OF[move.target]) for move in self.moves
        ]
        if len(self.moves) == 1:
            self.initial.setdefault("target", self.moves[0].target)
        asked, needed = needs_of(self.moves), needs_of(self.chosen_moves())
        if not self.concern.is_crime or self.concern.crime_number:
            needed -= {Need.NUMBER}
        for need, name in ASKED_IN.items():
            self.fields[name].required = need in needed
            if need not in asked and need != Need.WORDS:
                del self.fields[name]
        self.set_up_forwarding(asked, needed)
        self.offer_all_who_reported()
        self.offer_texts({move.target for move in self.moves})

    def set_up_forwarding(self, asked, needed):
        """Ask what the reporter must be told of whoever gets it from now on."""
        if Need.BODY not in asked:
            del self.fields["crime_place"], self.fields["identity_passed"]
            return
        self.fields["body"].widget.options = beside.bodies(self.concern)
        # Needed with a number alone; where one always is, it is not called optional.
        is_crime = self.concern.is_crime and not self.concern.crime_number
        self.fields["crime_place"].required = is_crime and Need.BODY in needed
        if hasattr(self.concern, "identity"):
            self.fields["identity_passed"].required = Need.BODY in needed
        else:
            del self.fields["identity_passed"]

    def chosen_moves(self):
        """Return the move that was sent, or all of them while nothing is."""
        if not self.is_bound:
            return self.moves
        return [move for move in self.moves if move.target == self.data.get("target")]

    def is_second_press(self, concern):
        # What was offered before the move is not any more: it is asked as it was sent.
        target = self.data.get("target")
        if not self.is_status_put(concern, target):
            return False
        if target == Status.DUPLICATE:
            return undashed(self.data.get("lead", "")) == concern.lead.reference
        if target == Status.FORWARDED:
            last = concern.changes.filter(kind=Change.Kind.STATUS).last()
            told = {True: "yes", False: "no"}.get(last.identity_passed)
            return (self.data.get("identity_passed") or None) == told and all(
                self.data.get(name, "").strip() == getattr(last, name)
                for name in ("body", "crime_number", "crime_place")
            )
        return True

    def clean(self):
        fields = super().clean()
        # What stands in a field of another move was not meant, and is no mistake.
        needed = needs_of(self.chosen_moves())
        for need, name in ASKED_IN.items():
            if need not in needed and need != Need.WORDS:
                fields.pop(name, None)
                self.errors.pop(name, None)
        return fields

    def clean_crime_number(self):
        number = self.cleaned_data["crime_number"]
        if number and not any(sign.isdecimal() for sign in number):
            raise forms.ValidationError(_("A number of the register has digits."))
        return number

    def clean_crime_place(self):
        place = self.cleaned_data["crime_place"]
        is_forwarded = self.cleaned_data.get("target") == Status.FORWARDED
        if is_forwarded and self.cleaned_data.get("crime_number") and not place:
            raise forms.ValidationError(
                self.fields["crime_place"].error_messages["required"]
            )
        return place

    def clean_lead(self):
        number = undashed(self.cleaned_data["lead"])
        if not number:
            return None
        lead = Concern.objects.visible_to(self.by).filter(reference=number).first()
        if lead is None:
            raise forms.ValidationError(_("There is no such concern."))
        return lead


class LevelForm(ChangeForm):
    level = forms.ChoiceField(
        label=_("Level"), choices=LEVEL_NAMES, widget=forms.RadioSelect
    )
    reason = WordsField(
        label=_("Reason, if the level is lowered"),
        help_text=_("Needed when the level is lowered; the history keeps it."),
        is_conditional=True,
        required=False,
        max_length=300,
        rows=2,
    )

    def set_up(self):
        self.initial.setdefault("level", self.concern.level)
        is_kept_up = self.concern.in_custody or self.concern.is_hidden
        if is_kept_up or not can(self.by, Permission.LOWER_LEVEL, self.concern.center):
            self.fields["level"].choices = [
                (level, name)
                for level, name in LEVEL_NAMES
                if not is_stricter(self.concern.level, than=level)
            ]
            self.fields["level"].help_text = _(
                "Once raised, only the coordinator or the custodian lowers it again."
            )
            del self.fields["reason"]
            return
        least = self.concern.category.level
        self.fields["level"].choices = [
            (level, name)
            for level, name in LEVEL_NAMES
            if level == self.concern.level or not is_stricter(least, than=level)
        ]

    def is_done_by(self, line, concern):
        is_put = self.cleaned_data.get("level") == concern.level
        # Another reason is not kept yet, however often the level was put.
        reason = self.cleaned_data.get("reason", "")
        return is_put and kept_in(line) == (Change.Kind.LEVEL, reason)

    @property
    def asks_again(self):
        """Tell whether more people will read it then."""
        return is_stricter(self.concern.level, than=self.cleaned_data["level"])


class MessageForm(WordedForm):
    words = "text"

    text = WordsField(label=_("Message to the reporter"), max_length=2000)

    def set_up(self):
        self.offer_all_who_reported()
        self.offer_texts({MESSAGE})

    def is_done_by(self, line, concern):
        is_sent = super().is_done_by(line, concern)
        return is_sent and self.is_told_to_all(concern, line.created_at)


class EraseIdentityForm(ChangeForm):
    words = "reason"
    kind = Change.Kind.ERASURE
    asks_again = True

    reason = forms.CharField(
        label=_("Why it is erased"),
        help_text=_("The history keeps your name, the time and this reason."),
        max_length=300,
    )


class IdentityForm(ActForm):
    reason = forms.CharField(
        label=_("Why do you need to know who filed it?"),
        help_text=_("The history keeps your name, the time and this reason."),
        max_length=300,
    )


class ExtendForm(ChangeForm):
    words = "reason"
    kind = Change.Kind.TERM

    until = DayField(
        label=_("New day of the answer"),
    )
    reason = WordsField(
        label=_("Why it takes longer"),
        help_text=_("The reporter reads it with the code."),
        max_length=2000,
        rows=3,
    )

    def is_done_by(self, line, concern):
        is_day = self.cleaned_data.get("until") == concern.extended_to
        return is_day and super().is_done_by(line, concern)

    def set_up(self):
        if self.concern.due_on is None:
            return
        first, last = self.concern.due_on + timedelta(days=1), last_day(self.concern)
        self.fields["until"].widget.attrs |= {"min": first, "max": last}
        self.fields["until"].help_text = _("From %(first)s to %(last)s.") % {
            "first": date_format(first, "SHORT_DATE_FORMAT"),
            "last": date_format(last, "SHORT_DATE_FORMAT"),
        }


class CustodyForm(ChangeForm):
    """Asks about whom it is; the answer decides who is blind to it from then on."""

    side = forms.ChoiceField(
        label=_("Whom is it about?"),
        choices=[
            (Involved.POLICE, pgettext_lazy("about", "Somebody of the police")),
            (Involved.COUNCIL, pgettext_lazy("about", "Somebody of the council")),
            (Involved.BOTH, pgettext_lazy("about", "Both")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose an answer.")},
    )
    reason = WordsField(
        label=_("Why the custodian should read it"),
        help_text=_("The custodian alone reads this. Write no more than is needed."),
        max_length=300,
        rows=2,
    )

    def set_up(self):
        known = {
            Involved.POLICE: self.concern.hidden_from_police,
            Involved.COUNCIL: self.concern.hidden_from_council,
            Involved.BOTH: self.concern.is_hidden,
        }
        side = self.fields["side"]
        side.choices = [one for one in side.choices if not known[one[0]]]
        if len(side.choices) == 1:
            self.initial.setdefault("side", side.choices[0][0])


class ReleaseForm(ChangeForm):
    asks_again = True

    reason = WordsField(
        label=_("Why it hides from nobody"),
        help_text=_("The coordinator will read it from now on."),
        max_length=300,
        rows=2,
    )
