"""PostgreSQL stopped, and frozen, under a portal that people are using."""

from contextlib import contextmanager

import pytest

from ..browser.conftest import DEMO
from ..crawl import DESK, PREFIXES
from ..portal import Portal
from .cluster import Cluster
from .outages import WORDS, asks, asks_all, filed_with, found, opened_with
from .races import number

pytestmark = pytest.mark.server
# How long anybody waits for an answer, in seconds.
LIMITS = {"stopped": 1, "frozen": 5}
KEPT = "SELECT count(*) FROM concerns_concern WHERE text = %s"
OPEN = (
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
)
in_each_outage = pytest.mark.parametrize("outage", LIMITS)
in_both_languages = pytest.mark.parametrize("language", PREFIXES)
in_the_open_and_in_confidence = pytest.mark.parametrize(
    "category", ["public_order", "domestic_violence"]
)


@pytest.fixture(scope="module")
def cluster():
    with Cluster() as cluster:
        yield cluster


@pytest.fixture(scope="module")
def portal(cluster, tmp_path_factory):
    """A portal on that server, whatever the tests' own database is."""
    folder = tmp_path_factory.mktemp("portal")
    with Portal(folder, DATABASE_URL=cluster.url, **DEMO | {"DEMO": "1"}) as portal:
        yield portal


@pytest.fixture
def goes(cluster, portal, comes):
    """Give a way to take the server from a portal that has spoken with it just now."""

    @contextmanager
    def goes(outage):
        phone = comes()
        # Its threads each keep the connection that they asked by.
        asks_all(phone, *[[f"/readyz?{time}"] for time in range(40)])
        assert number(portal, OPEN) > 1
        with getattr(cluster, outage)():
            yield
        assert phone.opens("/readyz").status == 200

    return goes


@pytest.fixture
def aida(comes):
    """A resident who has filed, and follows what became of it."""
    aida = comes()
    opened_with(aida, filed_with(aida, *aida.form_for_filing()))
    aida.sends("/mirmakhmudov/concerns/new/", {"category": "domestic_violence"})
    return aida


# Where links alone lead nobody.
HERS = ("/", "/follow/concern/", "/mirmakhmudov/concerns/new/form/", "/login/")


@pytest.fixture(params=["resident", "coordinator"])
def person(request, language):
    """Somebody, and the pages and forms that she can come to."""
    if request.param == "coordinator":
        person = request.getfixturevalue("staff")("coordinator")
        return person, *found(person, language, ["/desk/"], DESK)
    person = request.getfixturevalue("aida")
    return person, *found(person, language, HERS)


@in_each_outage
@in_both_languages
def test_each_page_and_form_says_so_in_time_and_keeps_the_words(
    language, outage, person, goes, proved
):
    person, pages, forms = person
    forms = [form for form in forms if not form[0].endswith("/leave/")]
    # No copy of a moment ago stands under these addresses.
    pages = [path + ("&" if "?" in path else "?") + "outage" for path in pages]

    with goes(outage):
        shown = asks_all(person, *([path] for path in pages))
        sent = asks_all(person, *forms)

    # What needs no database is there as ever.
    unmoved = [asked for asked in shown if asked.answer.status == 200]
    shown = [asked for asked in shown if asked not in unmoved]
    lacks = {asked.path: asked.lacks() for asked in [*shown, *sent]}
    slow = {
        asked.path: asked.seconds
        for asked in [*shown, *unmoved, *sent]
        if asked.seconds > LIMITS[outage]
    }
    assert {path: what for path, what in lacks.items() if what} == {}
    assert slow == {}
    assert len(shown) > 10 and len(sent) > 5
    longest = max(asked.seconds for asked in [*shown, *sent])
    proved(
        "R9",
        f"{outage}, {language}: {len(shown)} pages and {len(sent)} forms say so within"
        f" {longest:.1f} s",
    )


@in_each_outage
@in_both_languages
@in_the_open_and_in_confidence
def test_the_form_that_came_back_is_filed_once(
    category, language, outage, comes, goes, portal, proved
):
    words = f"{WORDS} {category} {language} {outage}"

    refused = filed_once_after(
        goes(outage), portal, comes, category, PREFIXES[language], words
    )

    assert refused.seconds < LIMITS[outage]
    proved("R9", f"{outage}: sent again twice, 1 concern, its code opens it")


def filed_once_after(outage, portal, comes, category, prefix, words):
    """File while something is away, and when it is back send what came back, twice."""
    aida = comes()
    form = aida.form_for_filing(category, prefix=prefix, text=words)

    with outage:
        refused = asks(aida, *form)
    assert refused.lacks() == []
    again = refused.answer.form(refused.path)
    [code] = {filed_with(aida, *again) for _ in range(2)}

    assert number(portal, KEPT, words) == 1
    assert words in opened_with(comes(), code)
    return refused


@in_each_outage
def test_the_way_out_stays_open(outage, aida, goes, portal):
    with goes(outage):
        left = asks(aida, "/leave/", {})

    assert left.answer.status == 303
    assert left.answer.place == portal.environment["LEAVE_URL"]
    assert left.seconds < LIMITS[outage]
    assert 'sessionid="";' in left.answer.headers.as_string()


@in_each_outage
def test_that_the_process_lives_needs_no_database(outage, comes, goes):
    phone = comes()

    with goes(outage):
        alive, ready = asks_all(phone, ["/healthz"], ["/readyz"])

    assert alive.answer.status == 200
    assert (ready.lacks(), ready.seconds < LIMITS[outage]) == ([], True)
