from datetime import timedelta

from django import forms
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from centers import limits
from centers.fields import DayField
from centers.permissions import Permission, can

from ..actions.words import OUTCOME_FIELDS, SUMMARY_FIELDS
from ..giveaways import giveaways, names_known, said_by
from ..models import Change
from ..search import fold
from .acts import ChangeForm
from .fields import WordsField, mark_languages

# Who has not looked at the name is not helped to guess it.
UNSAID = _("A word here may name the person who wrote.")
# So many answers a day, of one concern, tell whether a text names her; after that each
# is a warning.
LOOKS = ("names", 3, 24 * 60 * 60)

LATEST = timedelta(days=366)
TEXTS = SUMMARY_FIELDS + OUTCOME_FIELDS


class SummaryForm(ChangeForm):
    """The public face of a concern, in both languages side by side.

    To be approved it must hold nothing that may give a person away, or be ticked as
    looked at: the tick holds for what was found, not for what is written later.
    """

    title_ky = forms.CharField(
        label=_("Title in Kyrgyz"), max_length=120, required=False
    )
    title_ru = forms.CharField(
        label=_("Title in Russian"), max_length=120, required=False
    )
    summary_ky = WordsField(
        label=_("Summary in Kyrgyz"), max_length=2000, required=False, rows=8
    )
    summary_ru = WordsField(
        label=_("Summary in Russian"), max_length=2000, required=False, rows=8
    )
    outcome_ky = WordsField(
        label=_("What was done, in Kyrgyz"),
        help_text=_("When it is solved."),
        max_length=1000,
        required=False,
        rows=3,
    )
    outcome_ru = WordsField(
        label=_("What was done, in Russian"),
        help_text=_("When it is solved."),
        max_length=1000,
        required=False,
        rows=3,
    )
    publish_on = DayField(
        label=_("On the site from"),
        help_text=_("Left empty: at once."),
        required=False,
    )
    checked = forms.BooleanField(
        label=_("I have checked it: it gives nobody away."), required=False
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    # Whether something in it is to be looked at, and whether it was told that it names
    # the reporter.
    is_doubtful = names_her = False

    def set_up(self):
        mark_languages(self)
        for field in TEXTS:
            self.initial.setdefault(field, getattr(self.concern, field) or "")
        if not self.concern.is_public or self.concern.is_published:
            del self.fields["publish_on"]
        elif self.concern.published_at:
            day = timezone.localdate(self.concern.published_at)
            self.initial.setdefault("publish_on", day)

    def clean_publish_on(self):
        day = self.cleaned_data["publish_on"]
        today = timezone.localdate()
        if day and not today <= day <= today + LATEST:
            raise forms.ValidationError(_("Choose a day to come, within a year."))
        return day

    def clean(self):
        fields = super().clean()
        seen, is_checked = fields.pop("seen", ""), fields.pop("checked", False)
        if self.data.get("do") == "approve" and not self.errors:
            self.look(fields, seen, is_checked)
        return fields

    def is_in(self, concern):
        """Tell whether a concern has its texts already."""
        return all(
            self.cleaned_data.get(name) == (getattr(concern, name) or "")
            for name in TEXTS
        )

    def is_second_press(self, concern):
        """Tell whether its texts are there as he has just saved or approved them."""
        if self.data.get("do") != "approve":
            return self.is_in(concern) and concern.approved_at is None
        last, day = concern.changes.last(), self.cleaned_data.get("publish_on")
        is_approved = (last.kind, last.new) == (Change.Kind.SUMMARY, "approved")
        is_his = is_approved and last.by_id == self.by.pk
        is_on_that_day = not day or day == timezone.localdate(concern.published_at)
        return self.is_in(concern) and is_his and is_on_that_day

    def look(self, fields, seen, is_checked):
        """Say beside each field what in it may give a person away.

        Whether it names the reporter is asked last, of what is approved otherwise: a
        guess that is wrong is then an approved text.
        """
        found = {name: self.found_in(fields[name]) for name in TEXTS}
        found = {name: some for name, some in found.items() if some}
        texts = [fields[name] for name in TEXTS]
        mark, last_mark = mark_of(found), mark_of(found, texts)
        is_named = is_checked and seen == last_mark
        self.is_doubtful = bool(found) or is_named
        if found and not is_named and not (is_checked and seen == mark):
            for name, some in found.items():
                self.add_error(name, list(dict.fromkeys(map(str, some))))
            self.ask_to_check(mark)
        elif not is_named and self.may_name_her(texts):
            self.add_error(None, UNSAID)
            self.ask_to_check(last_mark)

    def ask_to_check(self, mark):
        self.is_doubtful = True
        self.data = self.data.copy()
        self.data["seen"] = mark
        self.data.pop("checked", None)
        self.add_error(
            "checked",
            _("Change what may give a person away, or tick that you have checked it."),
        )

    def may_name_her(self, texts):
        """Tell who has not looked at the name whether a text may say it."""
        is_complete = all(self.cleaned_data[name] for name in SUMMARY_FIELDS)
        is_refused = self.is_outdated or not self.concern.may_be_approved
        if self.knows_her or is_refused or not is_complete:
            return False
        name, limit, seconds = LOOKS
        if not limits.hit(name, str(self.concern.pk), limit=limit, seconds=seconds):
            return True
        self.names_her = any(said_by("\n".join(texts), self.identity))
        return self.names_her

    def warnings(self, language):
        """What in the texts of one language may give a person away, in words."""
        texts = [self.cleaned_data[name] for name in TEXTS if name.endswith(language)]
        found = [giveaway for text in texts for giveaway in self.found_in(text)]
        return list(dict.fromkeys(map(str, found)))

    def found_in(self, text):
        return giveaways(
            text,
            original=self.concern.text,
            identity=self.identity if self.knows_her else (),
            known=self.known,
        )

    @cached_property
    def identity(self):
        """The words by which the reporter named herself, but for where she lives."""
        identity = getattr(self.concern, "identity", None)
        if identity is None:
            return []
        village = self.concern.village
        where = fold(f"{village.name_ky} {village.name_ru}") if village else ""
        own = [
            word
            for word in identity.address.replace(",", " ").split()
            if word[:1].isupper() and fold(word) not in where
        ]
        return [identity.name, *own]

    @cached_property
    def known(self):
        return names_known(self.concern.center)

    @cached_property
    def knows_her(self):
        """Whether he has looked at who filed it, with a reason, and still may."""
        may = can(self.by, Permission.READ_IDENTITY, self.concern.center)
        looks = self.concern.changes.filter(kind=Change.Kind.IDENTITY, by=self.by)
        return may and self.concern.is_handled_by(self.by) and looks.exists()


def mark_of(*seen):
    """Return what a tick carries of what it was set for."""
    return salted_hmac("giveaways", repr(seen)).hexdigest()


class CoverForm(ChangeForm):
    """A part of a photo, in whole percents of its sides."""

    left = forms.IntegerField(label=_("Left edge, %"), min_value=0, max_value=99)
    top = forms.IntegerField(label=_("Upper edge, %"), min_value=0, max_value=99)
    right = forms.IntegerField(label=_("Right edge, %"), min_value=1, max_value=100)
    bottom = forms.IntegerField(label=_("Lower edge, %"), min_value=1, max_value=100)

    def clean(self):
        fields = super().clean()
        for first, last in (("left", "right"), ("top", "bottom")):
            if first in fields and last in fields and fields[first] >= fields[last]:
                self.add_error(last, _("This edge comes after the other one."))
        return fields
