"""After a machine was lost: the drill, with everything on an empty one."""

import re
import subprocess
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.cookiejar import CookieJar
from itertools import count
from threading import Event
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

import pytest

from kaab.backups import sealing

from .portal import ROOT, Portal, own_database

CANARY = "canary-that-nobody-may-read-4417"
PASSWORD = "demo password of the drill"


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """A portal with the demo, and its backup made while three people write."""
    folder = tmp_path_factory.mktemp("kept")
    with own_database() as environment:
        keys = {"SECRET_KEY": "k" * 60, "CODE_KEY": "of the drill"}
        portal = Portal(folder, DEMO_PASSWORD=PASSWORD, **keys, **environment)
        portal.manage("prepare")
        said = portal.manage("backup", "--new-key", str(folder / "key"))
        [recipient] = re.findall("^BACKUP_RECIPIENTS=(.+)$", said, re.MULTILINE)
        portal.environment["BACKUP_RECIPIENTS"] = recipient
        for table in ("one", "other"):
            portal.ask(f"CREATE TABLE {table} (number TEXT PRIMARY KEY, text TEXT)")
        portal.ask(
            "INSERT INTO django_session VALUES ('signed-in', '', '2100-01-01 00:00:00')"
        )
        portal.ask("INSERT INTO centers_daysalt VALUES ('2026-11-28', 'salt')")
        portal.ask(
            "INSERT INTO centers_limit VALUES ('support', 1, '2100-01-01 00:00:00')"
        )
        with writing(portal):
            portal.manage("backup")
        yield portal


@contextmanager
def writing(portal):
    """Write pairs of rows, from several connections, until the block ends."""
    ended = Event()

    def write(thread):
        with portal.connect() as database:
            for number in count():
                for table in ("one", "other"):
                    row = f"('{thread}-{number}', '{CANARY}')"
                    database.cursor().execute(f"INSERT INTO {table} VALUES {row}")  # noqa: S608
                database.commit()
                if ended.wait(0.002):
                    return

    with ThreadPoolExecutor(3) as pool:
        writers = [pool.submit(write, thread) for thread in range(3)]
        try:
            yield
        finally:
            ended.set()
        [writer.result() for writer in writers]


@pytest.fixture(scope="module")
def backup(kept):
    [path] = (kept.folder / "backups").iterdir()
    return path


def fresh(folder, kept, environment, **changed):
    """A portal on a machine with nothing but the kept keys."""
    names = ["SECRET_KEY", "CODE_KEY", "BACKUP_RECIPIENTS", "DEMO_PASSWORD"]
    keys = {name: kept.environment[name] for name in names} | changed
    return Portal(folder, **keys, **environment)


def refused(portal, *arguments):
    """Run a command that must fail, and return what it says."""
    with pytest.raises(subprocess.CalledProcessError) as failure:
        portal.manage(*arguments)
    assert "Traceback" not in failure.value.stderr
    assert not (portal.folder / "backup.tmp").exists()
    return failure.value.stderr


@pytest.fixture(scope="module")
def restored(kept, backup, tmp_path_factory):
    folder = tmp_path_factory.mktemp("restored")
    with own_database() as environment:
        portal = fresh(folder, kept, environment)
        portal.manage("restore", str(backup), "--identity", str(kept.folder / "key"))
        yield portal


@pytest.mark.server
def test_nothing_of_the_database_can_be_read_in_the_file(kept, backup):
    whole = backup.read_bytes()

    assert kept.ask("SELECT count(*) FROM one")[0][0] > 3
    assert CANARY.encode() not in whole
    assert b"coordinator@example.org" not in whole


@pytest.mark.server
def test_what_people_wrote_meanwhile_is_there_whole_or_not_at_all(restored):
    [[pairs]] = restored.ask("SELECT count(*) FROM one JOIN other USING (number)")

    assert pairs > 0
    assert restored.ask("SELECT count(*) FROM one") == [(pairs,)]
    assert restored.ask("SELECT count(*) FROM other") == [(pairs,)]


@pytest.mark.server
def test_whoever_was_signed_in_then_is_not_now(kept, restored):
    assert kept.ask("SELECT count(*) FROM django_session") == [(1,)]
    assert restored.ask("SELECT count(*) FROM django_session") == [(0,)]


@pytest.mark.server
@pytest.mark.parametrize("table", ["centers_daysalt", "centers_limit"])
def test_nobody_is_counted_in_a_backup(table, kept, restored):
    assert kept.ask(f"SELECT count(*) FROM {table}") != [(0,)]  # noqa: S608
    assert restored.ask(f"SELECT count(*) FROM {table}") == [(0,)]  # noqa: S608


@pytest.mark.server
def test_a_code_opens_its_concern_and_people_sign_in_again(kept, restored):
    [code, *_more] = re.findall(
        r"\d{4} \d{4} \d{4} \d{4}", kept.manage("demo", "--sign-ins")
    )
    member = {"login": "coordinator@example.org", "password": PASSWORD}

    with restored:
        assert sent(restored, "/follow/", c=code).endswith("/follow/concern/")
        assert sent(restored, "/login/", **member).endswith("/desk/")


def sent(portal, path, **fields):
    """Send a page's form as a browser does, and return where it led."""
    browser = build_opener(HTTPCookieProcessor(CookieJar()))
    page = browser.open(portal.url + path).read().decode()
    [token, *_same] = re.findall('name="csrfmiddlewaretoken" value="(.+?)"', page)
    body = urlencode({"csrfmiddlewaretoken": token, **fields}).encode()
    return browser.open(portal.url + path, body).url


@pytest.mark.server
def test_nothing_is_restored_over_what_is_there(kept, backup):
    said = refused(kept, "restore", str(backup), "--identity", str(kept.folder / "key"))

    assert "уже" in said


@pytest.mark.server
@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ("identity", "не открывает"),
        ("file", "повреждён"),
        ("SECRET_KEY", "SECRET_KEY не тот"),
        ("CODE_KEY", "CODE_KEY не тот"),
    ],
)
def test_what_is_wrong_is_refused_and_leaves_nothing(
    wrong, words, kept, backup, tmp_path
):
    key = kept.folder / "key"
    if wrong == "identity":
        key = tmp_path / "another"
        sealing.new_key(key)
    if wrong == "file":
        whole = bytearray(backup.read_bytes())
        whole[-100_000] ^= 1
        backup = tmp_path / backup.name
        backup.write_bytes(whole)
    keys = {wrong: "another " * 9} if wrong.endswith("KEY") else {}
    with own_database() as environment:
        portal = fresh(tmp_path, kept, environment, **keys)

        said = refused(portal, "restore", str(backup), "--identity", str(key))

        assert words in said
        # An empty place still: it may be tried again.
        assert not re.search("centers_", portal.manage("inspectdb"))


@pytest.mark.server
def test_a_full_disk_leaves_the_earlier_backups(kept, backup, tmp_path):
    command = "ulimit -f 200; exec .venv/bin/python manage.py backup"

    done = subprocess.run(
        ["bash", "-c", command],
        cwd=ROOT,
        env=kept.environment,
        capture_output=True,
        text=True,
    )

    assert done.returncode != 0
    assert "Резервная копия не сделана" in done.stderr
    assert "Traceback" not in done.stderr
    assert list((kept.folder / "backups").iterdir()) == [backup]
    assert not (kept.folder / "backup.tmp").exists()
