"""SQLite's file held by another process, and gone: with it the folder that it is in."""

import sqlite3
from contextlib import closing, contextmanager

import pytest

from ..browser.conftest import DEMO
from ..crawl import PREFIXES
from ..portal import Portal
from .outages import WORDS, asks, asks_all, filed_with, opened_with
from .prove_outage import (
    filed_once_after,
    in_both_languages,
    in_the_open_and_in_confidence,
)

pytestmark = pytest.mark.server
# A writer waits for another for 20 seconds, which keeps many a filing; then it is said.
LIMITS = {"held": 25, "gone": 1}


@pytest.fixture(scope="module")
def portal(tmp_path_factory):
    """A portal on its own file, whatever the tests' own database is."""
    with Portal(tmp_path_factory.mktemp("portal"), **DEMO) as portal:
        yield portal


@contextmanager
def held(folder):
    with closing(sqlite3.connect(folder / "kaab.sqlite3")) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield


@contextmanager
def gone(folder):
    """Take the folder away, as when its disk is not mounted."""
    elsewhere = folder.rename(folder.with_name("elsewhere"))
    try:
        yield
    finally:
        elsewhere.rename(folder)


OUTAGES = {"held": held, "gone": gone}


@pytest.mark.parametrize("outage", LIMITS)
@in_both_languages
@in_the_open_and_in_confidence
def test_the_form_that_came_back_is_filed_once(
    category, language, outage, comes, portal, proved
):
    away = OUTAGES[outage](portal.folder)
    words = f"{WORDS} {category} {language} {outage}"

    refused = filed_once_after(away, portal, comes, category, PREFIXES[language], words)

    assert refused.seconds < LIMITS[outage]
    proved("R9", f"file {outage}: sent again twice, 1 concern, its code opens it")


PAGES = ["/", "/mirmakhmudov/concerns/", "/follow/", "/readyz"]


def test_who_only_reads_waits_for_nobody_who_writes(comes, portal):
    with held(portal.folder):
        read = asks_all(comes(), *([f"{path}?held"] for path in PAGES))

    assert {asked.answer.status for asked in read} == {200}
    assert max(asked.seconds for asked in read) < 1


def test_without_the_file_the_pages_say_so(comes, portal):
    phone = comes()
    # The page for typing a code needs none.
    pages = [f"{path}?gone" for path in PAGES if path != "/follow/"]
    with gone(portal.folder):
        read = asks_all(phone, *([page] for page in pages))

    assert [asked.lacks() for asked in read] == [[]] * len(pages)
    assert phone.opens("/readyz").status == 200


def test_the_way_out_stays_open(comes, portal):
    aida = comes()
    opened_with(aida, filed_with(aida, *aida.form_for_filing()))

    with gone(portal.folder):
        left = asks(aida, "/leave/", {})

    assert left.answer.place == portal.environment["LEAVE_URL"]
