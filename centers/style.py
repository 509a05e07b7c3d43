"""The style inside a page: of the whole, the rules for what the page holds.

No script adds anything to a resident's page: what it holds when it is sent is all that
a rule will ever meet, so the others need not be sent. On GPRS each kilobyte takes 0.16
seconds.
"""

import base64
import hashlib
import re

from csp.constants import SELF
from csp.decorators import csp_replace
from django.conf import settings

# What a selector asks of an element beyond its name and its classes.
STATE = re.compile(r"\[[^]]*\]|::?[\w-]+")
# A selector within a medium
WITHIN = re.compile(r"[{}]([^{}]+)(?=\{)")
NAME = re.compile(r"\.?[a-z][\w-]*")
HELD = re.compile(r'<([a-z]\w*)|class="([^"]*)"')


def rules(style):
    """Yield (selectors, rest) of each line, a selector as (its text, its names)."""
    for line in style.splitlines():
        selectors, brace, rest = line.partition("{")
        texts = {text: text for text in selectors.split(",")}
        if line.startswith("@"):
            # Of a whole medium: it stays where one of its rules may meet something.
            inner = ",".join(WITHIN.findall(brace + rest)).split(",")
            texts = dict.fromkeys(inner, selectors)
        yield [(texts[one], names_of(one)) for one in texts], brace + rest


def names_of(selector):
    return set(NAME.findall(STATE.sub("", selector)))


RULES = list(rules(settings.INLINE_STYLE))
WHOLE = settings.INLINE_STYLE.encode()


def style_for(html):
    """Return the rules of the style that may meet something in a page."""
    held = set()
    for tag, classes in HELD.findall(html):
        held.update([tag] if tag else [f".{name}" for name in classes.split()])
    kept = []
    for selectors, rest in RULES:
        met = [text for text, names in selectors if names <= held]
        if met:
            kept.append(",".join(dict.fromkeys(met)) + rest)
    return "\n".join(kept)


def source_of(style):
    """Return a style as the Content-Security-Policy names it."""
    digest = hashlib.sha256(style.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def fitted(view):
    """Let a view's page carry the rules it needs, and its policy allow these alone.

    It is a middleware too. A page that passes neither carries the whole style.
    """

    def wrapper(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        if response.streaming or WHOLE not in response.content:
            return response
        style = style_for(response.content.decode())
        response.content = response.content.replace(WHOLE, style.encode(), 1)
        allow = csp_replace({"style-src": [SELF, source_of(style)]})
        return allow(lambda _request: response)(request)

    return wrapper
