"""A category's questions: as the filing form asks them, and as the desk edits them."""

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from centers.fields import DayField
from centers.page_forms import InBothLanguages

from ..actions.questions import TEXTS, check_number
from ..models import Question
from .fields import WordsField

YES_NO = [
    ("yes", pgettext_lazy("answer", "Yes")),
    ("no", pgettext_lazy("answer", "No")),
    ("", pgettext_lazy("answer", "I do not know")),
]
LONGEST = 1000


def field_of(question):
    """Return the field that asks a question. None has to be answered."""
    kinds = Question.Kind
    about = {"label": question.text, "help_text": question.hint, "required": False}
    match question.kind:
        case kinds.TEXT:
            return WordsField(max_length=LONGEST, rows=3, **about)
        case kinds.CHOICE:
            # By its Kyrgyz words: the language may be switched in between, and the desk
            # may put another in its place.
            values, names = lines(question.choices_ky), lines(question.choices)
            choices = [("", "—"), *zip(values, names, strict=False)]
            return forms.ChoiceField(choices=choices, **about)
        case kinds.YES_NO:
            return forms.ChoiceField(choices=YES_NO, widget=forms.RadioSelect, **about)
        case kinds.NUMBER:
            return forms.IntegerField(
                min_value=0,
                max_value=1_000_000,
                error_messages={"invalid": _("Write a number in digits.")},
                **about,
            )
        case kinds.DATE:
            return DayField(
                **about,
            )
    return forms.CharField(max_length=200, **about)


def lines(text):
    return [line.strip() for line in (text or "").splitlines() if line.strip()]


class Asked:
    """The questions of one form, each a field of it."""

    def __init__(self, center, category, sent):
        # One that was taken out meanwhile is still answered by who had it before her.
        keys = [key.removeprefix("ask_") for key in sent if key.startswith("ask_")]
        also = [int(key) for key in keys if key.isdecimal() and len(key) < 10]
        questions = Question.objects.asked_in(center, also=also)
        self.questions = {
            f"ask_{question.pk}": question
            for question in questions.filter(category=category)
        }

    @property
    def fields(self):
        return {name: field_of(one) for name, one in self.questions.items()}

    def answers(self, form):
        """Return (question, answer) as she read the one and gave the other."""
        values = {name: form.cleaned_data.get(name) for name in self.questions}
        return [
            (question.text, in_words(form.fields[name], values[name]))
            for name, question in self.questions.items()
            if values[name] not in (None, "")
        ]


def in_words(field, value):
    if isinstance(field, forms.DateField):
        return date_format(value, "DATE_FORMAT")
    return str(dict(getattr(field, "choices", ())).get(value, value))


# The desk


class QuestionForm(InBothLanguages):
    id = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Question
        fields = ["kind", *TEXTS]
        widgets = {
            name: forms.Textarea(attrs={"rows": 4})
            for name in ("choices_ky", "choices_ru")
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.required = name in ("kind", "text_ky", "text_ru")
        for name in ("choices_ky", "choices_ru"):
            self.fields[name].help_text = _("Only for one of several.")

    def clean(self):
        fields = super().clean()
        ky, ru = lines(fields.get("choices_ky")), lines(fields.get("choices_ru"))
        if fields.get("kind") != Question.Kind.CHOICE:
            ky, ru = [], []
        elif len(ky) < 2:
            self.add_error("choices_ky", _("Write at least two, one a line."))
        elif len(ky) != len(ru):
            self.add_error("choices_ru", _("Write as many as in the other language."))
        fields["choices_ky"], fields["choices_ru"] = "\n".join(ky), "\n".join(ru)
        return fields


class BaseQuestions(forms.BaseFormSet):
    def __init__(self, *args, category, **kwargs):
        self.category = category
        super().__init__(*args, **kwargs)

    def add_fields(self, form, index):
        super().add_fields(form, index)
        form.fields["ORDER"].label = _("Place in the order")
        form.fields["ORDER"].required = False

    def clean(self):
        kept = [form for form in self.forms if not form.cleaned_data.get("DELETE")]
        if not any(form.errors for form in kept):
            check_number(self.category, len(self.rows))

    @property
    def rows(self):
        """Return what the rows say, in their order, without those taken out."""
        kept = [
            form.cleaned_data
            for form in self.forms
            if (form.has_changed() or form.initial)
            and not form.cleaned_data.get("DELETE")
        ]
        last = len(self.forms)
        # Where two have one place, the one that stands above comes first.
        return sorted(kept, key=lambda row: row.get("ORDER") or last)


Questions = forms.formset_factory(
    QuestionForm,
    formset=BaseQuestions,
    extra=1,
    can_delete=True,
    can_order=True,
    max_num=20,
)
