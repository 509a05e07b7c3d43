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
