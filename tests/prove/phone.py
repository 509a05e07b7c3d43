"""A browser without eyes: cookies, forms as their page gives them, nothing followed."""

import copy
import re
import time
from collections import defaultdict
from contextlib import closing
from email.message import Message
from html.parser import HTMLParser
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from typing import NamedTuple
from urllib.parse import urlencode, urljoin

from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from concerns import codes

FORM = "application/x-www-form-urlencoded"
NAMED_FORM = r'<form id="(\w+)" method="post" action="([^"]*)"'


class Answer(NamedTuple):
    status: int
    path: str
    html: str
    place: str | None
    headers: Message

    def form(self, ending="/"):
        """Return a form that is sent to an address with this ending, as it stands."""
        forms = Forms(self.html).forms
        [form, *_] = [
            one for one in forms if urljoin(self.path, one.action).endswith(ending)
        ]
        return urljoin(self.path, form.action), dict(form.fields)


class Form(NamedTuple):
    """What a form would send, of what kind its fields are, what may be chosen."""

    action: str
    fields: dict
    kinds: dict
    choices: dict


class Forms(HTMLParser):
    """The POST forms of a page, with what would be sent if nothing was touched."""

    def __init__(self, html):
        super().__init__()
        self.forms, self.open, self.name, self.is_text = [], None, None, False
        # Those with a name: a field may belong to one that begins after it.
        self.named = {
            name: Form(action, {}, {}, defaultdict(list))
            for name, action in re.findall(NAMED_FORM, html)
        }
        self.form = None
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "form" and attrs.get("method") == "post":
            new = Form(attrs.get("action") or "", {}, {}, defaultdict(list))
            self.open = self.named.get(attrs.get("id"), new)
            self.forms.append(self.open)
        if tag != "option":
            self.form = self.named.get(attrs.get("form"), self.open)
        if "formaction" in attrs:
            if self.form and "name" not in attrs:
                self.forms.append(self.form._replace(action=attrs["formaction"]))
            return
        if not self.form or (tag != "option" and "name" not in attrs):
            return
        fields, value = self.form.fields, attrs.get("value", "")
        if "name" in attrs:
            self.form.kinds[attrs["name"]] = attrs.get("type", tag)
        if tag == "option" or attrs.get("type") == "radio" or tag == "button":
            self.form.choices[attrs.get("name", self.name)].append(value)
        if tag == "input" and attrs.get("type") in ("radio", "checkbox"):
            if "checked" in attrs:
                fields[attrs["name"]] = attrs.get("value", "on")
        elif tag == "input":
            fields[attrs["name"]] = value
        elif tag in ("select", "textarea"):
            self.name, self.is_text = attrs["name"], tag == "textarea"
            fields[self.name] = ""
        elif tag == "option" and self.name and "selected" in attrs:
            fields[self.name] = value

    def handle_data(self, text):
        if self.form and self.is_text:
            # A browser leaves out the newline after the tag.
            self.form.fields[self.name] += text.removeprefix("\n")

    def handle_endtag(self, tag):
        if tag == "form":
            self.form = self.open = None
        elif tag in ("select", "textarea"):
            self.name, self.is_text = None, False


class Phone:
    def __init__(self, portal, address, browser="Mozilla/5.0 (Android 9)"):
        self.portal, self.address, self.browser = portal, address, browser
        self.cookies = {}

    def twin(self):
        """Return the same browser once more, for what is sent at the same time."""
        return copy.deepcopy(self, {id(self.portal): self.portal})

    def asks(self, method, path, fields=None, files=None, **headers):
        headers |= {"X-Real-IP": self.address, "User-Agent": self.browser}
        if self.cookies:
            pairs = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
            headers["Cookie"] = pairs
        body = None
        if fields is not None:
            headers["Content-Type"] = FORM
            body = urlencode(fields)
        if files is not None:
            headers["Content-Type"] = MULTIPART_CONTENT
            body = encode_multipart(BOUNDARY, fields | files)
        with closing(HTTPConnection("127.0.0.1", self.portal.port, timeout=60)) as line:
            line.request(method, path, body, headers)
            response = line.getresponse()
            body = response.read()
        # In the bytes of a poster or a register there may be anything.
        is_text = response.headers.get_content_maintype() == "text"
        html = body.decode(errors="replace") if is_text else ""
        for cookie in response.headers.get_all("Set-Cookie", []):
            for name, morsel in SimpleCookie(cookie).items():
                self.cookies[name] = morsel.value
        place = response.headers["Location"]
        place = place and urljoin(path, place)
        return Answer(response.status, path, html, place, response.headers)

    def opens(self, path):
        answer = self.asks("GET", path)
        return self.opens(answer.place) if answer.place else answer

    def sends(self, path, fields, files=None):
        return self.asks("POST", path, fields, files)

    def signs_in(self, login, password):
        path, fields = self.opens("/login/").form("/login/")
        answer = self.sends(path, fields | {"login": login, "password": password})
        assert answer.place == "/desk/", answer.html

    def form_for_filing(
        self, category="public_order", center="mirmakhmudov", prefix="", **fields
    ):
        """Return the address and the fields of a form, filled in by a quick writer."""
        choice = f"{prefix}/{center}/concerns/new/"
        page = self.opens(f"{choice}{category}/?new")
        if page.path == choice:
            # Its name stands in no address: it is posted, and led on from there.
            page = self.opens(self.sends(choice, {"category": category}).place)
        path, given = page.form(page.path)
        signer = codes.signer(center)
        # What is sent within three seconds is a machine's.
        key = signer.sign(f"{codes.new_key()}.{int(time.time()) - 60}")
        words = {"text": "Кечинде көчөдө мушташуу болду.", "involved": "no"}
        return path, given | words | {"key": key} | fields
