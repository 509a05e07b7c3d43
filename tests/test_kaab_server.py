"""The portal as `make run` starts it: the production server on a port of its own."""

import os
import re
import socket
import stat
import time
from contextlib import ExitStack

import pytest

from .portal import Portal, own_database

pytestmark = pytest.mark.server

HALF_SENT_FORM = b"\r\n".join(
    [
        b"POST /follow/ HTTP/1.1",
        b"Host: 127.0.0.1",
        # Without the cookie the portal refuses before it reads the form.
        b"Cookie: csrftoken=" + b"a" * 32,
        b"Content-Type: application/x-www-form-urlencoded",
        b"Content-Length: 100000",
        b"",
        b"0123456789",
    ]
)


@pytest.fixture(scope="module")
def environment():
    with own_database() as environment:
        yield environment


@pytest.fixture(scope="module")
def portal(environment, tmp_path_factory):
    with Portal(tmp_path_factory.mktemp("var"), **environment) as portal:
        yield portal


def seconds_for_a_page(portal):
    started = time.monotonic()
    assert portal.get("/") == 200
    return time.monotonic() - started


@pytest.mark.parametrize("number", [40, 200])
def test_half_sent_forms_stop_nobody(portal, number):
    with ExitStack() as held:
        for _ in range(number):
            phone = socket.create_connection(("127.0.0.1", portal.port))
            held.enter_context(phone).sendall(HALF_SENT_FORM)
        time.sleep(0.5)

        # The machine may be busy otherwise: the best of five.
        assert min(seconds_for_a_page(portal) for _ in range(5)) < 1


def test_it_prints_its_address_and_the_sign_ins_of_the_demo(portal):
    assert portal.url in portal.output()
    assert re.search(r"coordinator@example\.org", portal.output())


def test_its_keys_are_for_its_owner_only(portal):
    mode = stat.S_IMODE((portal.folder / "env").stat().st_mode)

    assert oct(mode) == "0o600"


@pytest.mark.once
def test_residents_words_are_for_its_owner_only(portal):
    files = portal.folder.glob("kaab.sqlite3*")

    assert {oct(stat.S_IMODE(file.stat().st_mode)) for file in files} <= {"0o600"}


@pytest.mark.once
def test_sqlites_log_stays_while_it_serves_and_is_in_the_file_afterwards(tmp_path):
    # Without room on the disk, nobody could make a new one and read.
    with Portal(tmp_path, DEMO="0") as portal:
        assert portal.get("/") == 200
        serving = {file.name for file in tmp_path.glob("kaab.sqlite3*")}
        portal.manage("daily")
        log = (tmp_path / "kaab.sqlite3-wal").read_bytes()

    # What the day has deleted does not stay in it.
    assert log == b""
    assert serving == {"kaab.sqlite3", "kaab.sqlite3-wal", "kaab.sqlite3-shm"}
    assert [file.name for file in tmp_path.glob("kaab.sqlite3*")] == ["kaab.sqlite3"]


def test_a_second_start_is_quick_and_changes_nothing(portal, environment):
    keys = (portal.folder / "env").read_text()
    rows = portal.manage("dumpdata")

    def work():
        spent = os.times()
        return spent.children_user + spent.children_system

    before = work()
    with Portal(portal.folder, **environment):
        pass

    # Seconds of work: the clock on the wall would count the other tests' as well.
    assert work() - before < 5
    assert (portal.folder / "env").read_text() == keys
    assert portal.manage("dumpdata") == rows
