"""What tests read out of a page."""

import re
from html.parser import HTMLParser


class Inputs(HTMLParser):
    """The values of a page's inputs by their names, the last form's winning."""

    def __init__(self):
        super().__init__()
        self.values = {}

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "input" and "name" in attrs:
            self.values[attrs["name"]] = attrs.get("value", "")


def inputs_of(response):
    parser = Inputs()
    parser.feed(response.content.decode())
    return parser.values


def without_tokens(response):
    """Return a page's bytes without what is drawn anew for every visitor."""
    return re.sub(rb'name="csrfmiddlewaretoken" value="\w+"', b"", response.content)


class Page(HTMLParser):
    """The links of a page, and its forms with what they would send."""

    def __init__(self, response):
        super().__init__()
        self.links, self.forms = [], []
        self.select = self.area = None
        self.feed(response.content.decode())

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "a" and "href" in attrs:
            self.links.append(attrs["href"])
        elif tag == "form":
            self.forms.append(
                {
                    "action": attrs.get("action", ""),
                    "method": attrs.get("method", "get").lower(),
                    "fields": {},
                    "buttons": [],
                }
            )
        elif self.forms:
            self.handle_field(tag, attrs)

    def handle_field(self, tag, attrs):
        form, name = self.forms[-1], attrs.get("name")
        if "formaction" in attrs and not name:
            self.forms.append(form | {"action": attrs["formaction"], "method": "post"})
        if tag == "button" and name:
            form["buttons"].append((name, attrs.get("value", "")))
        elif tag == "select":
            self.select = form["fields"].setdefault(name, [])
        elif tag == "option" and self.select is not None:
            self.select.append(attrs.get("value", ""))
        elif tag == "textarea":
            form["fields"][name] = []
        elif tag == "input" and name:
            value = attrs.get("value", "")
            kind = attrs.get("type", "text")
            if kind == "checkbox":
                value = attrs.get("value", "on")
            form["fields"].setdefault(name, []).append(value or FILLING.get(kind, ""))

    def handle_endtag(self, tag):
        if tag == "select":
            self.select = None


# What somebody types into an empty field of a kind.
FILLING = {
    "date": "2026-12-01",
    "email": "someone@example.org",
    "number": "1",
    "password": "төрт сөздөн турган сырсөз",
    "search": "а",
    "tel": "0770080050",
    "text": "саламатсызбы",
    "time": "10:00",
}


def submissions(form):
    """Yield what a form sends when its first choices are made, and its last."""
    for place in (0, -1):
        sent = {
            name: values[place] if values else FILLING["text"]
            for name, values in form["fields"].items()
        }
        # Beside those with a name there may be the one that simply sends.
        for button in [None, *form["buttons"]]:
            yield sent | ({button[0]: button[1]} if button else {})
