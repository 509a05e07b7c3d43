"""Every page of both sides and languages, light and dark, in good times and bad."""

import re
from types import SimpleNamespace

import pytest
from django.test import RequestFactory
from django.utils import translation

from kaab import errors
from kaab.demo import load
from kaab.explained import GUIDES

from ..crawl import DESK, crawl
from .checks import problems
from .steps import SECRET, files, follows, opens_form

# Those of a concern and of her own page; what is cleared for publication is looked at.
PHOTO = re.compile(r"(?<!publish)/photos/\w+/(small/)?$|/picture/$")
FILES = (".ics", ".pdf", ".docx", ".xlsx")
SEND = """([action, fields]) => {
  const form = document.createElement("form");
  Object.assign(form, {method: "post", action});
  for (const [name, value] of Object.entries(fields)) {
    form.append(Object.assign(document.createElement("input"), {name, value}));
  }
  document.body.append(form);
  form.submit();
}"""


class Inspector:
    """
    Looks at one page after the other, and remembers what is wrong with each.

    Residents come by phone: their pages also need room for thumbs, and one request.
    """

    def __init__(self, visitor, *, on_phones=True):
        self.visitor, self.page, self.on_phones = visitor, visitor.page, on_phones
        self.found = {}

    def look(self, name):
        wrong = problems(self.visitor, on_phones=self.on_phones)
        if wrong:
            self.found[name] = wrong

    def get(self, path):
        if path.partition("?")[0].endswith(FILES) or PHOTO.search(path):
            # No page: a browser hands it to the calendar, or to the printer, or it is
            # a photo by itself.
            return SimpleNamespace(html="")
        self.visitor.requests.clear()
        self.page.goto(self.visitor.portal.url + path)
        if self.on_phones and len(self.visitor.requests) > 1:
            self.found[f"requests of {path}"] = list(self.visitor.requests)
        html = self.page.content()
        self.look(path)
        return SimpleNamespace(html=html)

    def post(self, path, fields):
        with self.page.expect_navigation():
            self.page.evaluate(SEND, [path, fields])
        html = self.page.content()
        self.look(f"sent to {path}")
        return SimpleNamespace(html=html)

    def shows(self, name, html):
        """Look at a page that no address gives, under no policy of the one before."""
        address = f"{self.visitor.portal.url}/shown/"
        answer = {"body": html, "content_type": "text/html; charset=utf-8"}
        self.page.route(address, lambda route: route.fulfill(**answer), times=1)
        self.page.goto(address)
        self.look(name)

    def crawls(self, **options):
        """Look at every page behind a first one; return how many that were."""
        return len(list(crawl(self.visitor.language, self.get, self.post, **options)))


@pytest.fixture
def inspector(come, language):
    return Inspector(come(language))


# The words of one language are longer than those of the other: theirs fit in both.
@pytest.mark.once
def test_the_residents_pages(inspector):
    assert inspector.crawls(most=2) > 20

    assert inspector.found == {}


def test_the_help_for_every_role(inspector):
    for role in GUIDES:
        inspector.get(f"{inspector.visitor.prefix}/help/{role}/")

    assert inspector.found == {}


# What the officer and the custodian see, the coordinator sees but for little.
@pytest.mark.parametrize(
    "name",
    [
        "coordinator",
        pytest.param("officer", marks=pytest.mark.proof),
        pytest.param("custodian", marks=pytest.mark.proof),
    ],
)
def test_the_desk(staff, language, name):
    inspector = Inspector(staff(name, language), on_phones=False)

    assert inspector.crawls(start="/desk/", within=DESK, most=1) > 10
    # No link leads there, or only a form that chooses.
    for path in ("styleguide/", "search/?q=көчө", "concerns/?state=overdue"):
        inspector.get(f"{inspector.visitor.prefix}/desk/{path}")

    assert inspector.found == {}


def test_the_confidential_form_and_its_receipt(inspector):
    aida = inspector.visitor
    opens_form(aida, SECRET)
    inspector.look("the confidential form")
    aida.presses("Send")
    inspector.look("its mistakes")
    files(aida, category=SECRET)
    inspector.look("the receipt")

    assert inspector.found == {}


# Each is another page.
@pytest.mark.once
@pytest.mark.parametrize(
    "concern", ["crossing", "canal", "ditch", "water", "cows", "dogs2", "pasture"]
)
def test_the_page_behind_a_code(inspector, language, concern):
    follows(inspector.visitor, load.code_of(concern))
    inspector.look(concern)

    assert inspector.found == {}


def sent_in_pieces(visitor):
    """Return what is answered to a form of which a part was lost on its way."""
    visitor.opens("/follow/")
    answer = visitor.page.request.post(
        f"{visitor.portal.url}{visitor.prefix}/follow/",
        headers={"content-type": "multipart/form-data"},
        data="x",
    )
    assert answer.status == 422
    return answer.text()


def test_the_pages_of_bad_times(inspector, language):
    aida = inspector.visitor
    assert aida.opens("/nowhere/").status == 404
    inspector.look("not found")
    assert aida.opens("/leave/").status == 405
    inspector.look("a button's address")
    inspector.shows("cut off", sent_in_pieces(aida))
    opens_form(aida, SECRET)
    aida.writes("What happened?", "Көчөдө жарык жок, кечинде эч нерсе көрүнбөйт.")
    aida.context.clear_cookies()
    aida.presses("Send")
    inspector.look("expired")
    for _ in range(11):
        follows(aida, "0000 0000 0000 0000")
    inspector.look("too many codes")
    words = {"text": "Көчөдө жарык жок, кечинде эч нерсе көрүнбөйт."}
    with translation.override(language):
        for status in (500, 503):
            html = errors.alone(RequestFactory().post("/", words), status).content
            inspector.shows(status, html.decode())

    assert inspector.found == {}
