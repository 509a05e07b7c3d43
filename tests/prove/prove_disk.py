"""The portal on a disk that fills up while it serves."""

import time

import pytest
from django.utils.translation import gettext, override
from pyrage import x25519

from ..browser.conftest import DEMO
from ..crawl import PREFIXES
from ..portal import Portal
from .disk import Disk
from .outages import WORDS, asks, asks_all, filed_with, opened_with
from .prove_outage import KEPT
from .races import number

pytestmark = pytest.mark.server
PAGES = ["/", "/mirmakhmudov/", "/mirmakhmudov/concerns/", "/mirmakhmudov/meetings/"]
PAGES += ["/follow/", "/mirmakhmudov/concerns/new/public_order/?new"]
SAID = "SELECT count(*) FROM concerns_change WHERE note = %s"
# Of what is only counted, some is counted before the words are refused.
COUNTERS = ("centers_limit", "centers_daysalt")


@pytest.fixture(scope="module")
def disk(tmp_path_factory):
    with Disk(tmp_path_factory.mktemp("disk")) as disk:
        yield disk


@pytest.fixture(scope="module")
def portal(disk):
    """A portal on its own file, with somebody to make backups for."""
    recipient = str(x25519.Identity.generate().to_public())
    with Portal(disk.folder, **DEMO, BACKUP_RECIPIENTS=recipient) as portal:
        yield portal


def rows(portal):
    """Return how many rows each table has that keeps what people wrote or did."""
    tables = portal.ask(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND"
        " substr(name, 1, instr(name, '_')) IN ('centers_', 'concerns_', 'meetings_')"
    )
    return {
        table: number(portal, f'SELECT count(*) FROM "{table}"')  # noqa: S608
        for [table] in tables
        if table not in COUNTERS
    }


def form_of_the_desk(comes, staff, portal, prefix, words):
    """Return a coordinator, and her form about a concern that has just come."""
    aida = comes()
    aida.sends(*aida.form_for_filing())
    [[reference]] = portal.ask(
        "SELECT reference FROM concerns_concern ORDER BY id DESC LIMIT 1"
    )
    page = f"{prefix}/desk/concerns/{reference}/"
    coordinator = staff("coordinator")
    coordinator.sends(*coordinator.opens(page).form("/register/"))
    path, given = coordinator.opens(page).form("/move/")
    return coordinator, path, given | {"target": "in_progress", "note": words}


def filed_until_full(disk, comes, prefix, words):
    """File and fill until somebody is refused; return her, and those taken before her.

    What the database has set aside is room too: whoever is not refused must be kept.
    """
    taken = []
    while True:
        disk.fill()
        aida = comes()
        text = f"{words} {len(taken)}"
        form = aida.form_for_filing(prefix=prefix, text=text)
        refused = asks(aida, *form)
        if refused.answer.status != 302:
            return aida, text, refused, taken
        taken.append(text)


@pytest.mark.parametrize("language", PREFIXES)
def test_filled_to_the_last_byte_it_refuses_keeps_and_takes_once(
    language, disk, portal, comes, staff, proved
):
    prefix, words = PREFIXES[language], f"{WORDS} {language}"
    desk = form_of_the_desk(comes, staff, portal, prefix, words)
    coordinator, path, said = desk
    disk.leave_free(4)

    aida, text, refused, taken = filed_until_full(disk, comes, prefix, words)
    before = rows(portal)
    refused = [
        refused,
        asks(aida, refused.path, refused.sent),
        asks(coordinator, path, said),
    ]
    shown = asks_all(aida, *[[f"{prefix}{page}?full"] for page in PAGES])
    shown += asks_all(coordinator, [f"{prefix}/desk/"], ["/readyz"])
    is_sound = portal.ask("PRAGMA integrity_check") == [("ok",)]
    orphans = portal.ask("PRAGMA foreign_key_check")
    after = rows(portal)

    disk.empty()
    freed = time.monotonic()
    again = refused[0].answer.form(refused[0].path)
    codes = [filed_with(aida, *again) for _ in range(2)]
    moved = coordinator.sends(*refused[2].answer.form(path))
    took = time.monotonic() - freed

    assert [asked.lacks() for asked in refused] == [[]] * 3
    assert {asked.path for asked in shown if asked.answer.status != 200} == set()
    assert (is_sound, orphans, after) == (True, [], before)
    assert {number(portal, KEPT, one) for one in [*taken, text]} == {1}
    assert len(set(codes)) == 1
    assert text in opened_with(comes(), codes[0])
    assert (moved.status, number(portal, SAID, words)) == (302, 1)
    assert took < 10
    proved(
        "R10",
        f"{language}: {len(refused)} forms refused with their words, {len(shown)} pages"
        f" there, sound; {took:.1f} s after there is room: 1 concern, 1 move",
    )


@pytest.mark.parametrize("language", PREFIXES)
def test_low_it_tells_the_coordinator_and_takes_words(
    language, disk, portal, comes, staff, proved
):
    with override(language):
        notice = gettext("Little room is left on the portal's disk.")
    people = {name: staff(name) for name in ("coordinator", "officer")}
    told = {}

    for free in (1900, 900, 150, 20):
        disk.leave_free(free)
        told[free] = [
            name
            for name, person in people.items()
            if notice in person.opens(f"{PREFIXES[language]}/desk/").html
        ]
        words = f"{WORDS} {free} {language}"
        aida = comes()
        code = filed_with(aida, *aida.form_for_filing(text=words))
        assert words in opened_with(aida, code)

    assert told.pop(1900) == []
    assert set(map(tuple, told.values())) == {("coordinator",)}
    proved("R11", "900, 150 and 20 MB free: the coordinator is told, words are taken")
