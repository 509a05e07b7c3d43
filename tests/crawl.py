"""Every page that a person can come to: by its links, and by its forms sent empty."""

from collections import Counter
from html.parser import HTMLParser
from urllib.parse import parse_qs, urljoin, urlsplit

from django.urls import resolve
from django.utils import translation

PREFIXES = {"ky": "", "ru": "/ru"}
DESK = ("/desk/", "/account/")


class Outline(HTMLParser):
    """A page's links, and its POST forms with what stands hidden in them."""

    def __init__(self, html):
        super().__init__()
        self.links, self.forms, self.form = [], [], None
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "a" and "href" in attrs:
            self.links.append(attrs["href"])
        elif tag == "form" and attrs.get("method") == "post":
            self.form = {"action": attrs.get("action"), "hidden": {}, "asks": 0}
            self.forms.append(self.form)
        elif self.form and tag in ("input", "select", "textarea") and "name" in attrs:
            if attrs.get("type") == "hidden":
                self.form["hidden"][attrs["name"]] = attrs.get("value", "")
            else:
                self.form["asks"] += 1

    def handle_endtag(self, tag):
        if tag == "form":
            self.form = None


def language_of(path):
    return "ru" if path.startswith("/ru/") else "ky"


def kind_of(path):
    """Return the name of an address, with the names of what it asks for."""
    address = urlsplit(path)
    with translation.override(language_of(path)):
        name = resolve(address.path).view_name
    return f"{name}?{','.join(sorted(parse_qs(address.query)))}"


def crawl(language, get, post, start="/", within=("/",), most=3):
    """
    Yield (address, answer) of every page behind `start`, at most so many of a kind.

    `get` and `post` take an address, and the latter the fields, and return an answer
    with its `html`. A form that asks for something is sent once a kind of page, with
    nothing filled in.
    """
    prefix = PREFIXES[language]
    within = tuple(prefix + path for path in within)
    waiting, known, kinds, sent = [prefix + start], {prefix + start}, Counter(), set()
    while waiting:
        path = waiting.pop(0)
        kinds[kind_of(path)] += 1
        if kinds[kind_of(path)] > most:
            continue
        page = get(path)
        yield path, page
        outline = Outline(page.html)
        for link in outline.links:
            link = urljoin(path, link).partition("#")[0]
            is_ours = link.startswith(within) and language_of(link) == language
            if is_ours and link not in known:
                known.add(link)
                waiting.append(link)
        for form in outline.forms:
            action = urljoin(path, form["action"] or path)
            mistake = (kind_of(path), kind_of(action))
            if form["asks"] and mistake not in sent:
                sent.add(mistake)
                yield f"{path} > {action}", post(action, form["hidden"])
