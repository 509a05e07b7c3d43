from django import forms
from django.utils.translation import gettext_lazy as _

CHOICES = [("one", _("The first")), ("two", _("The second"))]


class StyleForm(forms.Form):
    """One field for every widget of the form pack."""

    line = forms.CharField(label=_("Line"), help_text=_("A hint beside the field."))
    words = forms.CharField(label=_("Words"), widget=forms.Textarea)
    number = forms.IntegerField(label=_("Number"))
    email = forms.EmailField(label=_("E-mail"))
    phone = forms.CharField(
        label=_("Phone"), widget=forms.TextInput(attrs={"type": "tel"})
    )
    password = forms.CharField(label=_("Password"), widget=forms.PasswordInput)
    day = forms.DateField(
        label=_("Date"), widget=forms.DateInput(attrs={"type": "date"})
    )
    time = forms.TimeField(
        label=_("Time"), widget=forms.TimeInput(attrs={"type": "time"})
    )
    choice = forms.ChoiceField(label=_("One of a list"), choices=CHOICES)
    radio = forms.ChoiceField(
        label=_("One of a few"), choices=CHOICES, widget=forms.RadioSelect
    )
    boxes = forms.MultipleChoiceField(
        label=_("Several"),
        choices=CHOICES,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    consent = forms.BooleanField(label=_("Yes or no"))
