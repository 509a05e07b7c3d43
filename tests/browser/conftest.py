"""The portal that people use, in a browser: `make run`, with its demo, once a worker.

Nothing here touches the tests' own database. Whoever files or signs in comes from a
network of her own, as she would in a village.
"""

import os
from itertools import count
from pathlib import Path
from secrets import token_urlsafe

import pytest
from django.conf import settings
from django.db import connection
from playwright.sync_api import expect

from ..conftest import asked_before
from ..portal import Portal, own_database
from .visitor import DESKTOP, NEUTRAL, PATIENCE, PHONE, Visitor

# One for all workers of a run, who start from the same demo.
PASSWORD = os.environ.get("PYTEST_XDIST_TESTRUNUID") or token_urlsafe(12)
DEMO = {
    "SECRET_KEY": settings.SECRET_KEY,
    "CODE_KEY": ",".join(settings.CODE_KEYS),
    "DEMO_PASSWORD": PASSWORD,
    "LEAVE_URL": NEUTRAL,
    "CLIENT_ADDRESS_HEADER": "HTTP_X_REAL_IP",
}
CENTER = "/mirmakhmudov/"
networks = count(1)
# No measure: a machine that does much else besides may be slow.
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def portal(tmp_path_factory, shared):
    """The demo, which all tests of a worker share: each adds what it needs."""
    with own_database() as environment:
        portal = Portal(tmp_path_factory.mktemp("portal"), **environment, **DEMO)
        portal.prepare_once(shared)
        with portal:
            yield portal


@pytest.fixture(autouse=True)
def _filings_are_not_counted_together(request):
    """Lift the centre's limit: all tests of a worker file within one hour."""
    if "portal" in request.fixturenames:
        request.getfixturevalue("portal").ask("DELETE FROM centers_limit")


def pytest_collection_modifyitems(config, items):
    """
    Leave out what only repeats.

    Everything must work without script, in both languages and on both databases: the
    proofs walk it in Russian on SQLite and in Kyrgyz on PostgreSQL. A run of the tests
    walks it on SQLite, one flow in Kyrgyz and the next in Russian. Where a page has a
    script that does something (`scripted`), with it too. What asks nothing of the
    database is walked in both languages.
    """
    is_proof = config.pluginmanager.hasplugin("tests.prove.proofs")
    own = [item for item in items if item.path.is_relative_to(Path(__file__).parent)]
    flows = list(dict.fromkeys(item.originalname for item in own))
    left = [item for item in own if is_repeat(item, is_proof, flows)]
    if not is_proof:
        walked = [one for one in own if one not in left and "once" not in marks(one)]
        left += asked_before(walked)
    config.hook.pytest_deselected(items=left)
    items[:] = [item for item in items if item not in left]


def marks(item):
    return {mark.name for mark in item.iter_markers()}


def is_repeat(item, is_proof, flows):
    if item.get_closest_marker("once"):
        return False
    is_sqlite = connection.vendor == "sqlite"
    if not is_proof and not is_sqlite:
        return True
    given = item.callspec.params if hasattr(item, "callspec") else {}
    language, script = given.get("language"), given.get("script") is True
    if script and not (item.get_closest_marker("scripted") and is_sqlite):
        return True
    if is_proof:
        own = "ru" if is_sqlite else "ky"
    else:
        own = ["ky", "ru"][flows.index(item.originalname) % 2]
    return language not in (None, own)


@pytest.fixture(params=["ky", "ru"])
def language(request):
    return request.param


@pytest.fixture(params=[True, False], ids=["script", "no-script"])
def script(request):
    return request.param


@pytest.fixture
def come(new_context, portal):
    """Give a function that brings a visitor; nothing may have gone wrong unseen."""
    visitors = []

    def come(language, **options):
        number = next(networks)
        context = new_context(
            extra_http_headers={"X-Real-IP": f"10.{number // 256}.{number % 256}.1"},
            **PHONE | options,
        )
        visitors.append(Visitor(context, portal, language))
        return visitors[-1]

    yield come
    assert [mishap for visitor in visitors for mishap in visitor.mishaps] == []


@pytest.fixture
def aida(come, language, script):
    """A resident, on a cheap phone."""
    return come(language, java_script_enabled=script)


@pytest.fixture(scope="session")
def sessions():
    """What the browsers of the staff remember, by their e-mail address."""
    return {}


@pytest.fixture
def staff(come, sessions):
    """Give a function that brings one of the demo's staff, signed in."""

    def staff(name, language, **options):
        email = f"{name}@example.org"
        if email in sessions:
            return come(language, storage_state=sessions[email], **options)
        person = come(language, **options)
        sign_in(person, email)
        sessions[email] = person.context.storage_state()
        return person

    return staff


def sign_in(person, email, password=PASSWORD):
    person.opens("/login/")
    person.page.locator("[name=login]").fill(email)
    person.page.locator("[name=password]").fill(password)
    person.presses("Sign in")


@pytest.fixture
def officer(staff, language, script):
    return staff("officer", language, java_script_enabled=script)


@pytest.fixture
def council(staff, language, script):
    return staff("council", language, java_script_enabled=script, **DESKTOP)


@pytest.fixture
def coordinator(staff, language, script):
    return staff("coordinator", language, java_script_enabled=script, **DESKTOP)
