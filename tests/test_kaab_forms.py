"""The form pack joins every widget to its label, its hint and its mistakes."""

from html.parser import HTMLParser

import pytest
from crispy_forms.helper import FormHelper
from crispy_forms.layout import (
    HTML,
    ButtonHolder,
    Column,
    Div,
    Field,
    Fieldset,
    Hidden,
    Layout,
    MultiField,
    Row,
    Submit,
)
from django import forms
from django.template import Context, Template
from django.utils import translation

from concerns.forms.fields import WordsField

pytestmark = pytest.mark.once

CHOICES = [("a", "Арал"), ("b", "Барын")]
INPUTS = ("input", "select", "textarea")
FIELDS = {
    "line": forms.CharField(),
    "long": forms.CharField(widget=forms.Textarea),
    "number": forms.IntegerField(),
    "email": forms.EmailField(),
    "phone": forms.CharField(widget=forms.TextInput(attrs={"type": "tel"})),
    "password": forms.CharField(widget=forms.PasswordInput),
    "day": forms.DateField(widget=forms.DateInput(attrs={"type": "date"})),
    "time": forms.TimeField(widget=forms.TimeInput(attrs={"type": "time"})),
    "moment": forms.SplitDateTimeField(
        widget=forms.SplitDateTimeWidget(
            date_attrs={"type": "date"}, time_attrs={"type": "time"}
        )
    ),
    "choice": forms.ChoiceField(choices=[("", "—"), *CHOICES]),
    "several": forms.MultipleChoiceField(choices=CHOICES),
    "radio": forms.ChoiceField(choices=CHOICES, widget=forms.RadioSelect),
    "grouped": forms.ChoiceField(
        choices=[("Айылдар", CHOICES)], widget=forms.RadioSelect
    ),
    "boxes": forms.MultipleChoiceField(
        choices=CHOICES, widget=forms.CheckboxSelectMultiple
    ),
    "consent": forms.BooleanField(),
    "file": forms.FileField(),
    "image": forms.FileField(widget=forms.ClearableFileInput),
}
GROUPS = {"moment", "radio", "grouped", "boxes"}
each_field = pytest.mark.parametrize("name", FIELDS)


class Page(HTMLParser):
    """The elements of a page, each with its attributes, its ancestors and its text."""

    def __init__(self, html):
        super().__init__()
        self.elements, self.open = [], []
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        element = {"tag": tag, "text": "", "within": list(self.open), **dict(attrs)}
        self.elements.append(element)
        if tag not in ("input", "br", "img"):
            self.open.append(element)

    def handle_endtag(self, tag):
        assert self.open.pop()["tag"] == tag

    def handle_data(self, text):
        for element in self.open:
            element["text"] += text

    def all(self, *tags, **attributes):
        return [
            e
            for e in self.elements
            if e["tag"] in tags and attributes.items() <= e.items()
        ]

    def by_id(self, wanted):
        (element,) = (e for e in self.elements if e.get("id") == wanted)
        return element

    @property
    def inputs(self):
        return [e for e in self.all(*INPUTS) if e.get("type") != "hidden"]

    @property
    def links_of_summary(self):
        return [
            e["href"].removeprefix("#")
            for e in self.all("a")
            if any(above.get("role") == "alert" for above in e["within"])
        ]

    def name_of(self, element):
        """Return what a screen reader calls it: its label, and its group's legend."""
        labels = [e for e in self.all("label") if e.get("for") == element["id"]]
        labels += [e for e in element["within"] if e["tag"] == "label"]
        groups = [e for e in element["within"] if e["tag"] == "fieldset"]
        legends = [
            e for e in self.all("legend") if any(g in e["within"] for g in groups)
        ]
        assert labels
        return " ".join(" ".join(e["text"].split()) for e in legends + labels)


def make_form(name, data=None, **options):
    field = FIELDS[name]
    field.label = "Суроо"
    field.help_text = options.get("help_text", "Түшүндүрмө")
    field.required = options.get("required", True)
    return type("OneFieldForm", (forms.Form,), {name: field})(data)


def draw(template, **context):
    return Page(
        Template("{% load crispy_forms_tags %}" + template).render(Context(context))
    )


@each_field
def test_every_input_has_the_question_for_its_name(name):
    page = draw("{{ form|crispy }}", form=make_form(name))

    assert page.inputs
    assert all("Суроо" in page.name_of(e) for e in page.inputs)


@pytest.mark.parametrize("name", [name for name in FIELDS if name != "consent"])
def test_an_optional_field_says_so_in_words(name):
    page = draw("{{ form|crispy }}", form=make_form(name, required=False))

    (mark,) = page.all("span", **{"class": "optional"})
    assert mark["text"] == "(милдеттүү эмес)"


def test_a_field_needed_after_a_choice_is_not_called_optional():
    class Asked(forms.Form):
        words = WordsField(label="Сөз", required=False, is_conditional=True)

    page = draw("{{ form|crispy }}", form=Asked())

    assert page.all("span", **{"class": "optional"}) == []


def test_a_box_to_tick_is_optional_by_its_nature():
    page = draw("{{ form|crispy }}", form=make_form("consent", required=False))

    assert page.all("span", **{"class": "optional"}) == []


@each_field
def test_a_field_points_to_its_hint(name):
    page = draw("{{ form|crispy }}", form=make_form(name))

    assert page.by_id(f"id_{name}_helptext")["text"] == "Түшүндүрмө"
    described = page.all("fieldset") if name in GROUPS else page.inputs
    assert [e["aria-describedby"] for e in described] == [f"id_{name}_helptext"]


@each_field
def test_a_wrong_field_points_to_its_mistake_and_is_marked(name):
    page = draw("{{ form|crispy }}", form=make_form(name, data={}))

    assert page.by_id(f"id_{name}_error")["text"] == "Бул талааны толтуруңуз."
    described = page.all("fieldset") if name in GROUPS else page.inputs
    assert [e["aria-describedby"] for e in described] == [
        f"id_{name}_helptext id_{name}_error"
    ]
    assert {e["aria-invalid"] for e in page.inputs} == {"true"}


@each_field
def test_the_summary_leads_to_the_first_input_of_the_field(name):
    page = draw("{{ form|crispy }}", form=make_form(name, data={}))

    assert page.links_of_summary == [page.inputs[0]["id"]]


@each_field
def test_no_id_stands_twice(name):
    page = draw("{{ form|crispy }}", form=make_form(name, data={}))

    ids = [e["id"] for e in page.elements if "id" in e]
    assert len(ids) == len(set(ids))


def test_the_summary_takes_the_focus():
    page = draw("{{ form|crispy }}", form=make_form("line", data={}))

    (summary,) = page.all("div", role="alert")
    assert summary["tabindex"] == "-1"
    assert "autofocus" in summary


def test_a_form_without_mistakes_has_no_summary():
    page = draw("{{ form|crispy }}", form=make_form("line", data={"line": "Барын"}))

    assert page.all("div", role="alert") == []


def test_a_mistake_of_the_whole_form_stands_in_the_summary():
    form = make_form("line", data={"line": "Барын"})
    form.add_error(None, "Мындай кайрылуу бар.")

    page = draw("{{ form|crispy }}", form=form)

    (summary,) = page.all("div", role="alert")
    assert "Мындай кайрылуу бар." in summary["text"]


def test_a_mistake_in_a_hidden_field_is_not_a_link():
    class HiddenForm(forms.Form):
        version = forms.IntegerField(widget=forms.HiddenInput)

    page = draw("{{ form|crispy }}", form=HiddenForm({"version": "x"}))

    assert page.links_of_summary == []
    assert "Бүтүн сан" in page.all("div", role="alert")[0]["text"]
    assert page.all("label") == []


def test_what_was_chosen_stays_chosen():
    data = {"radio": "b"}

    page = draw("{{ form|crispy }}", form=make_form("radio", data=data))

    assert ["checked" in e for e in page.inputs] == [False, True]


def test_both_parts_of_a_moment_keep_what_was_typed():
    data = {"moment_0": "2026-12-15", "moment_1": "эртең менен"}

    page = draw("{{ form|crispy }}", form=make_form("moment", data=data))

    assert [e["value"] for e in page.inputs] == ["2026-12-15", "эртең менен"]
    assert [e["type"] for e in page.inputs] == ["date", "time"]


def test_typed_markup_stays_text():
    evil = '"><script>alert(1)</script>'
    data = {"moment_0": evil, "moment_1": evil}

    page = draw("{{ form|crispy }}", form=make_form("moment", data=data))

    assert page.all("script") == []
    assert {e["value"] for e in page.inputs} == {evil}


def test_the_marks_speak_russian_on_a_russian_page():
    with translation.override("ru"):
        page = draw("{{ form|crispy }}", form=make_form("line", required=False))

    assert page.all("span", **{"class": "optional"})[0]["text"] == "(необязательно)"


def test_one_field_can_be_drawn_alone():
    form = make_form("line", data={})

    page = draw("{{ form|as_crispy_errors }}{{ form.line|as_crispy_field }}", form=form)

    assert page.links_of_summary == ["id_line"]
    assert [e["id"] for e in page.inputs] == ["id_line"]


class ItemForm(forms.Form):
    topic = forms.CharField(label="Маселе")
    partner = forms.ChoiceField(choices=CHOICES, widget=forms.RadioSelect)


ItemFormSet = forms.formset_factory(ItemForm, extra=2, can_delete=True, can_order=True)
MANAGEMENT = {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "1"}


@pytest.mark.parametrize("data", [None, MANAGEMENT])
def test_a_formset_names_every_input(data):
    page = draw("{{ formset|crispy }}", formset=ItemFormSet(data))

    assert len(page.inputs) == 2 * 5
    assert all(page.name_of(e) for e in page.inputs)
    assert [e["text"] for e in page.all("legend") if "катар" in e["text"]] == [
        "1-катар",
        "2-катар",
    ]


def test_a_formset_carries_its_management_order_and_deletion():
    page = draw("{{ formset|crispy }}", formset=ItemFormSet())

    names = {e["name"] for e in page.all("input")}
    assert {"form-TOTAL_FORMS", "form-INITIAL_FORMS"} <= names
    assert {"form-0-ORDER", "form-0-DELETE", "form-1-ORDER", "form-1-DELETE"} <= names


def test_a_formset_has_one_summary_of_all_its_mistakes():
    page = draw("{{ formset|crispy }}", formset=ItemFormSet(MANAGEMENT))

    assert len(page.all("div", role="alert")) == 1
    assert page.links_of_summary == ["id_form-0-topic", "id_form-0-partner_0"]


def test_the_crispy_tag_writes_the_form_itself():
    helper = FormHelper()
    helper.add_input(Submit("send", "Жөнөтүү"))

    page = draw("{% crispy form helper %}", form=make_form("file"), helper=helper)

    (form,) = page.all("form")
    assert (form["method"], form["enctype"]) == ("post", "multipart/form-data")
    assert "novalidate" in form
    assert [e["text"] for e in page.all("button", type="submit")] == ["Жөнөтүү"]


def test_the_crispy_tag_writes_a_formset():
    page = draw(
        "{% crispy formset helper %}", formset=ItemFormSet(), helper=FormHelper()
    )

    assert len(page.all("form")) == 1
    assert len(page.inputs) == 2 * 5


@pytest.mark.parametrize("container", [Div, Row, Column, ButtonHolder])
def test_a_layout_keeps_the_fields_in_its_container(container):
    helper = FormHelper()
    helper.layout = Layout(HTML("<p>Кириш сөз</p>"), container(Field("line")))

    page = draw("{% crispy form helper %}", form=make_form("line"), helper=helper)

    assert [e["id"] for e in page.inputs] == ["id_line"]


@pytest.mark.parametrize("group", [Fieldset, MultiField])
def test_a_layout_of_a_group_has_a_legend(group):
    helper = FormHelper()
    helper.layout = Layout(group("Кайсы жерде", "line", Hidden("kind", "a")))

    page = draw("{% crispy form helper %}", form=make_form("line"), helper=helper)

    assert page.name_of(page.inputs[0]) == "Кайсы жерде Суроо"
