from itertools import groupby
from operator import attrgetter

from django import forms


class WordsField(forms.CharField):
    """What a person wrote: line ends made one, so that a limit counts what she sees."""

    widget = forms.Textarea

    def __init__(self, *, rows=4, is_conditional=False, **kwargs):
        super().__init__(**kwargs)
        # Needed after some choices: it is not called optional then.
        self.is_conditional = is_conditional
        self.widget.attrs["rows"] = rows

    def widget_attrs(self, widget):
        # A browser cuts in silence what is too long; here it is said, and kept.
        attrs = super().widget_attrs(widget)
        attrs.pop("maxlength", None)
        return attrs

    def to_python(self, value):
        return super().to_python(value).replace("\r\n", "\n").replace("\r", "\n")


class DatalistInput(forms.TextInput):
    """A line of text for which a browser proposes what is known already."""

    template_name = "forms/datalist.html"
    options = ()

    def get_context(self, name, value, attrs):
        attrs = attrs | {"list": f"{attrs['id']}_list"} if self.options else attrs
        return super().get_context(name, value, attrs) | {"options": self.options}


def put_into(form, owner):
    """Send a form's fields with those of another form of the page, named by its id."""
    for field in form.fields.values():
        field.widget.attrs["form"] = owner


def mark_languages(form):
    """Tell the browser in which language each field of a pair is written."""
    for name, field in form.fields.items():
        if name.endswith(("_ky", "_ru")):
            field.widget.attrs["lang"] = name[-2:]


def by_group(categories, value="code"):
    """Return the choices of a field of categories, in the order of their groups."""
    return [
        (group.name, [(getattr(one, value), one.name) for one in members])
        for group, members in groupby(
            categories.select_related("group"), attrgetter("group")
        )
    ]
