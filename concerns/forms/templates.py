from django import forms
from django.utils.translation import gettext_lazy as _

from ..models import Category, TextTemplate
from ..models.template import unknown_in
from .fields import WordsField, by_group, mark_languages

LONGEST = 2000


class TextTemplateForm(forms.ModelForm):
    """A ready text in both languages; refuses what stands in braces and is unknown."""

    text_ky = WordsField(label=_("Text in Kyrgyz"), max_length=LONGEST, rows=6)
    text_ru = WordsField(label=_("Text in Russian"), max_length=LONGEST, rows=6)

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    class Meta:
        model = TextTemplate
        fields = ["use", "category", "title_ky", "title_ru", "text_ky", "text_ru"]
        labels = {
            "use": _("Where it is offered"),
            "category": _("For one category only"),
            "title_ky": _("Name in Kyrgyz"),
            "title_ru": _("Name in Russian"),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("version", self.instance.version)
        for name in ("title_ky", "title_ru"):
            self.fields[name].required = True
        self.fields["category"].choices = [
            ("", _("For all categories")),
            *by_group(Category.objects.all(), value="pk"),
        ]
        mark_languages(self)

    def check(self, field):
        if unknown := unknown_in(self.cleaned_data[field]):
            raise forms.ValidationError(
                _("Nothing is known by this name: %(names)s"),
                params={"names": ", ".join(f"{{{name}}}" for name in unknown)},
            )
        return self.cleaned_data[field]

    def clean_text_ky(self):
        return self.check("text_ky")

    def clean_text_ru(self):
        return self.check("text_ru")

    def clean(self):
        fields = super().clean()
        same = TextTemplate.objects.filter(
            center=self.instance.center,
            use=fields.get("use"),
            category=fields.get("category"),
            title_ky=fields.get("title_ky"),
        ).exclude(pk=self.instance.pk)
        if same.exists():
            self.add_error("title_ky", _("There is such a text already."))
        return fields
