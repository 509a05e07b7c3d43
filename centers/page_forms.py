from datetime import timedelta

from django import forms
from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db.models import Q
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from .collation import alphabetical
from .models import Center, DutyNumber, Membership, Partner, Place
from .page import TEXTS

NAMES = dict(settings.LANGUAGES)
# Characters: a page stays small enough for a slow line.
LONGEST_STORY = 8000
LONGEST_DESCRIPTION = 800
OLDEST_CHECK = timedelta(days=366)
MOST_NUMBERS = 12
MOST_SUPPORTERS = 20


class InBothLanguages(forms.ModelForm):
    """A form whose fields come in pairs, a field for each language."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            base, _, language = name.rpartition("_")
            if language in ("ky", "ru"):
                what = self._meta.model._meta.get_field(base).verbose_name
                field.label = f"{capfirst(what)} · {NAMES[language]}"
                field.widget.attrs["lang"] = language

    def clean(self):
        """Make one line of what was pasted into a field of one line."""
        fields = super().clean()
        for name, value in fields.items():
            is_line = isinstance(self.fields[name].widget, forms.TextInput)
            if is_line and isinstance(value, str):
                fields[name] = " ".join(value.split())
        return fields

    def validate_unique(self):
        """Nothing is saved by this form: what is in the database is no rival."""


class PageForm(InBothLanguages):
    """The texts of a centre's page, and the villages it serves."""

    villages = forms.ModelMultipleChoiceField(
        queryset=None,
        label=_("Villages"),
        required=False,
        to_field_name="code",
        widget=forms.CheckboxSelectMultiple,
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    class Meta:
        model = Center
        fields = TEXTS
        widgets = {
            name: forms.Textarea(attrs={"rows": rows})
            for base, rows in (("opening", 2), ("story", 14))
            for name in (f"{base}_ky", f"{base}_ru")
        }

    def __init__(self, *args, center, **kwargs):
        super().__init__(*args, instance=Center(slug=center.slug), **kwargs)
        self.fields["name_ky"].required = self.fields["name_ru"].required = True
        limit(self.fields["story_ky"], self.fields["story_ru"], at=LONGEST_STORY)
        # Those of its aimak, and those that it serves already.
        near = Q(parent=center.aimak_id) | Q(pk__in=center.villages.values("pk"))
        self.fields["villages"].queryset = Place.objects.filter(
            near, level=Place.Level.VILLAGE
        ).order_by(alphabetical())

    @property
    def texts(self):
        return {name: self.cleaned_data[name] or "" for name in TEXTS}


class NumberForm(InBothLanguages):
    class Meta:
        model = DutyNumber
        fields = ["name_ky", "name_ru", "number", "checked_on"]
        widgets = {
            "checked_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name_ky"].required = self.fields["name_ru"].required = True
        self.fields["checked_on"].input_formats = ["%Y-%m-%d", "%d.%m.%Y"]
        self.fields["checked_on"].help_text = _("The day on which it answered.")

    def clean_checked_on(self):
        day = self.cleaned_data["checked_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("This day has not come yet."))
        if day < timezone.localdate() - OLDEST_CHECK:
            raise forms.ValidationError(
                _("That is more than a year ago: call the number again first.")
            )
        return day

    @property
    def row(self):
        return self.cleaned_data | {
            "checked_on": self.cleaned_data["checked_on"].isoformat()
        }


class PartnerForm(InBothLanguages):
    id = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Partner
        fields = ["name_ky", "name_ru", "description_ky", "description_ru", "share"]
        widgets = {
            name: forms.Textarea(attrs={"rows": 3})
            for name in ("description_ky", "description_ru")
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name_ky"].required = self.fields["name_ru"].required = True

        descriptions = self.fields["description_ky"], self.fields["description_ru"]
        limit(*descriptions, at=LONGEST_DESCRIPTION)

    @property
    def row(self):
        return self.cleaned_data


def limit(*fields, at):
    """Take no more characters; said, not cut off in silence by the browser."""
    for field in fields:
        field.validators.append(MaxLengthValidator(at))


def rows(formset):
    """Return what the filled rows of a set of forms say, without those taken out."""
    kept = [form for form in formset if form.has_changed() or form.initial]
    return [
        {name: value for name, value in form.row.items() if name != "DELETE"}
        for form in kept
        if not form.cleaned_data.get("DELETE")
    ]


def set_of(form, **options):
    return forms.formset_factory(form, validate_max=True, **options)


Numbers = set_of(NumberForm, extra=1, can_delete=True, max_num=MOST_NUMBERS)
Sides = set_of(PartnerForm, extra=0, max_num=MOST_SUPPORTERS)
Supporters = set_of(PartnerForm, extra=1, can_delete=True, max_num=MOST_SUPPORTERS)


class PageForms:
    """Everything that is asked about a centre's page, as one."""

    def __init__(self, *args, center, content, version):
        partners = content["partners"]
        self.kinds = {row["id"]: row["kind"] for row in partners}
        sides = [row for row in partners if row["kind"] != Partner.Kind.SUPPORTER]
        supporters = [row for row in partners if row not in sides]
        self.page = PageForm(
            *args,
            center=center,
            initial=content["texts"]
            | {"villages": content["villages"], "version": version},
        )
        self.numbers = Numbers(*args, initial=content["numbers"], prefix="numbers")
        self.sides = Sides(*args, initial=sides, prefix="sides")
        self.supporters = Supporters(*args, initial=supporters, prefix="supporters")

    @property
    def all(self):
        return [self.page, self.numbers, self.sides, self.supporters]

    @property
    def every(self):
        """Each form, those of the rows too: their mistakes are named together."""
        return [self.page, *self.numbers, *self.sides, *self.supporters]

    def is_valid(self):
        # Each of them is asked, so that every mistake is shown at once.
        if {form.is_valid() for form in self.all} != {True}:
            return False
        if sum(row["share"] or 0 for row in self.content["partners"]) > 100:
            too_much = _("The shares of the costs come to more than 100 % together.")
            self.page.add_error(None, too_much)
            return False
        return True

    @property
    def content(self):
        # The three sides are there from the first day; only supporters come and go.
        partners = [row for row in rows(self.sides) if row["id"] in self.kinds]
        partners += rows(self.supporters)
        for row in partners:
            row["kind"] = self.kinds.get(row["id"], Partner.Kind.SUPPORTER)
        villages = self.page.cleaned_data["villages"]
        return {
            "texts": self.page.texts,
            "villages": [village.code for village in villages],
            "numbers": rows(self.numbers),
            "partners": partners,
        }


class ShownMemberForm(InBothLanguages):
    """How the centre's page shows a member."""

    consents = forms.BooleanField(
        label=_("This person agreed to stand on the centre's page by name"),
        help_text=_("Ask first, and stop showing it when the person asks for it."),
        required=False,
    )

    # The day of the consent that the person saw: nobody gives one anew unseen.
    seen = forms.DateField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Membership
        fields = ["position_ky", "position_ru", "hours_ky", "hours_ru"]

    field_order = ["consents"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["consents"] = self.instance.consented_on is not None
        self.initial["seen"] = self.instance.consented_on
        self.fields["seen"].widget.format = "%Y-%m-%d"

    @property
    def words(self):
        return {name: self.cleaned_data[name] or "" for name in self._meta.fields}

    @property
    def consented_on(self):
        """The day of the consent: the one that is known, or today."""
        if not self.cleaned_data["consents"]:
            return None
        return self.instance.consented_on or timezone.localdate()
