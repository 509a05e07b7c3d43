"""A person at a browser, who names what she sees by the words of her language."""

import re
from urllib.parse import urlsplit

from django.utils import translation
from django.utils.translation import gettext, pgettext
from playwright.sync_api import expect

NEUTRAL = "https://weather.example.org/"
PHONE = {
    "viewport": {"width": 360, "height": 640},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
}
PATIENCE = 30_000  # milliseconds
DESKTOP = {"viewport": {"width": 1280, "height": 800}}


def say(language, words, *, context=None, **values):
    """Return words of the portal as they stand on its pages in a language."""
    with translation.override(language):
        said = pgettext(context, words) if context else gettext(words)
    return said % values if values else said


class Visitor:
    """One browser: its page, and what went wrong in it behind her back."""

    def __init__(self, context, portal, language):
        self.context, self.portal, self.language = context, portal, language
        self.prefix = "" if language == "ky" else f"/{language}"
        self.mishaps = []
        self.requests = []
        context.set_default_timeout(PATIENCE)
        # Where "leave quickly" leads is answered here: no test asks another server.
        context.route(f"{NEUTRAL}**", lambda route: route.fulfill(body="+12°"))
        self.page = context.new_page()
        self.page.on("console", self.on_console)
        self.page.on("pageerror", lambda error: self.mishaps.append(str(error)))
        self.page.on("request", self.on_request)
        self.page.on("response", self.on_response)

    def on_console(self, message):
        # The browser repeats there that an answer was a 404 or a 422.
        is_status = message.text.startswith("Failed to load resource: the server")
        if message.type in ("error", "warning") and not is_status:
            self.mishaps.append(message.text)

    def on_request(self, request):
        if request.url.startswith("data:"):
            return
        self.requests.append(request.url)
        if not request.url.startswith((f"{self.portal.url}/", NEUTRAL)):
            self.mishaps.append(f"asked {request.url}")

    def on_response(self, response):
        if response.status >= 400 and not response.request.is_navigation_request():
            self.mishaps.append(f"{response.status} for {response.url}")

    # Where she is

    def opens(self, path):
        """Type an address and go there; return its answer."""
        return self.page.goto(self.portal.url + self.prefix + path)

    @property
    def path(self):
        """Return the address that everybody could read over her shoulder."""
        address = urlsplit(self.page.url)
        return address._replace(scheme="", netloc="").geturl()

    # What she sees

    def say(self, words, *, context=None, **values):
        return say(self.language, words, context=context, **values)

    def sees(self, words, **values):
        self.reads(self.say(words, **values))

    def sees_start_of(self, words, name):
        """See a sentence as far as a value of it, which the test need not know."""
        self.reads(self.say(words).partition(f"%({name})s")[0])

    def sees_not(self, words, **values):
        expect(self.page.get_by_text(self.say(words, **values))).to_have_count(0)

    def reads(self, text):
        expect(self.page.get_by_text(text).first).to_be_visible()

    def is_at(self, words):
        """Wait for a page with this as its title."""
        title = self.page.get_by_role("heading", level=1, name=self.say(words))
        expect(title).to_be_visible()

    def sees_status(self, words):
        """Wait for a page with this status, such as "Registered", as the first one."""
        status = self.page.locator("main .status").first
        expect(status).to_have_text(self.say(words, context="status"))

    # What she does. `within` is the part of the page that she looks at.

    def goes(self, way):
        """Click what leads to another page, and wait until that is there."""
        with self.page.expect_navigation():
            way.click()

    def follows(self, words, within=None):
        where = within or self.page
        self.goes(where.get_by_role("link", name=self.say(words), exact=True).first)

    def button(self, words, within=None):
        where = within or self.page
        return where.get_by_role("button", name=self.say(words), exact=True)

    def presses(self, words, within=None):
        self.goes(self.button(words, within))

    def unfolds(self, words, within=None):
        where = within or self.page
        where.locator("summary").get_by_text(self.say(words), exact=True).click()

    def field(self, words, within=None):
        """Return a field by its label, whether or not that says "(optional)"."""
        label = rf"^\s*{re.escape(self.say(words))}(\s*\(.+\))?\s*$"
        return (within or self.page).get_by_label(re.compile(label, re.IGNORECASE))

    def writes(self, words, text, within=None):
        self.field(words, within).fill(text)

    def selects(self, words, option, within=None):
        """Choose from a list by a part of the option's text."""
        field = self.field(words, within)
        text = field.locator("option").filter(has_text=option).first.inner_text()
        field.select_option(label=text)

    def chooses(self, words, within=None, *, context=None):
        """Tick an option, a box or a circle, by its words."""
        where = within or self.page
        where.get_by_label(self.say(words, context=context), exact=True).check()

    def form(self, name):
        """Return one of the desk's acts upon a concern or a meeting, unfolded."""
        act = self.page.locator(f"#{name}")
        if act.get_attribute("open") is None:
            act.locator("summary").click()
        return act
