"""What an answer must be while the database is out of reach, and what comes after."""

import time
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple
from urllib.parse import urljoin

from ..crawl import crawl, kind_of
from .phone import Answer, Forms
from .races import code_on

WORDS = "Көчөдө жарык жок, балдар караңгыда басат."
SECRET = "жашыруун сөз"  # noqa: S105
# As many as one process of the portal has threads: none waits for another.
AT_ONCE = 4


class Asked(NamedTuple):
    path: str
    sent: dict
    answer: Answer
    seconds: float

    def lacks(self):
        """Return what the answer has not of what is promised."""
        headers, html = self.answer.headers, self.answer.html
        promised = {
            "503": self.answer.status == 503,
            "Retry-After": headers["Retry-After"] == "60",
            "no-store": "no-store" in headers.get("Cache-Control", ""),
            "ky": '<section lang="ky">' in html,
            "ru": '<section lang="ru">' in html,
            "numbers": 'href="tel:102"' in html,
            "words": self.given_back() == kept_of(self.sent),
            "secrets": SECRET not in html,
        }
        return [name for name, is_there in promised.items() if not is_there]

    def given_back(self):
        """Return what would be sent to the same address again."""
        return {
            name: value
            for form in Forms(self.answer.html).forms
            if urljoin(self.path, form.action) == self.path
            for name, value in kept_of(form.fields).items()
        }


def is_secret(name):
    return name in ("c", "code") or "password" in name


def kept_of(fields):
    return {
        name: value
        for name, value in fields.items()
        if not is_secret(name) and name != "csrfmiddlewaretoken"
    }


def found(phone, language, starts, within=("/",)):
    """Return a page of each kind behind some addresses, and a form of each, filled."""
    pages, forms = {}, {}

    def get(path):
        answer = phone.opens(path)
        pages.setdefault(kind_of(path), path)
        for form in Forms(answer.html).forms:
            # To what part of a page an answer comes back, no server is told.
            action = urljoin(answer.path, form.action).partition("#")[0]
            forms.setdefault(kind_of(action), (action, filled(form.fields)))
        return answer

    def leave(path, fields):
        return Answer(0, path, "", None, None)

    for start in starts:
        for _ in crawl(language, get, leave, start=start, within=within, most=1):
            pass
    return list(pages.values()), list(forms.values())


def filled(fields):
    """Return fields as somebody sends them who writes into each that is empty."""
    return {
        name: SECRET if is_secret(name) else value or f"{WORDS} {name}"
        for name, value in fields.items()
    }


def asks(phone, path, sent=None):
    """Open an address, or send to it; return the answer with the time it took."""
    began = time.monotonic()
    answer = phone.twin().asks("GET" if sent is None else "POST", path, sent)
    return Asked(path, sent or {}, answer, time.monotonic() - began)


def asks_all(phone, *many):
    """Do so with each of (path,) or (path, sent), some at once."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(lambda one: asks(phone, *one), many))


def filed_with(phone, path, fields):
    """Send a form; return the code of its receipt."""
    answer = phone.sends(path, fields)
    assert answer.status == 302, answer.html
    return code_on(phone.opens(answer.place).html)


def opened_with(phone, code):
    """Return the page that a code opens."""
    path, fields = phone.opens("/follow/").form("/follow/")
    return phone.opens(phone.sends(path, fields | {"c": code}).place).html
