"""After a machine was lost: what stops the start, and the drill on an empty one."""

import re
import shutil
import sqlite3
import subprocess
from collections import namedtuple
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from http.cookiejar import CookieJar
from itertools import count
from threading import Event
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

import pytest
from django.core.management import CommandError
from django.db import OperationalError
from django.db.utils import ConnectionHandler

from kaab.backups import sealing, soundness

from .portal import ROOT, Portal, own_database

CANARY = "canary-that-nobody-may-read-4417"
PASSWORD = "demo password of the drill"


# A damaged file


@pytest.fixture
def file(tmp_path):
    """A database of SQLite, of some pages."""
    path = tmp_path / "kaab.sqlite3"
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE concern (id INTEGER PRIMARY KEY, text)")
        rows = [("Чырак күйбөйт. " * 20,)] * 500
        database.executemany("INSERT INTO concern (text) VALUES (?)", rows)
        database.commit()
    return path


def damage(path, how):
    with path.open("r+b") as file:
        if how == "a page of zeros":
            file.seek(20 * 4096)
            file.write(bytes(4096))
        elif how == "cut":
            file.truncate(30 * 4096)
        else:
            file.write("бул база эмес".encode())


DAMAGES = ["a page of zeros", "cut", "no database"]


@pytest.mark.parametrize("how", DAMAGES)
def test_damage_is_found(how, file):
    assert soundness.first_fault(file, "quick_check") == ""

    damage(file, how)

    assert soundness.first_fault(file, "quick_check")


@pytest.mark.server
@pytest.mark.parametrize("how", DAMAGES)
def test_the_portal_does_not_start_on_a_damaged_file_and_says_what_to_do(
    how, file, tmp_path
):
    damage(file, how)
    before = file.read_bytes()

    with pytest.raises(subprocess.CalledProcessError) as failure:
        Portal(tmp_path, SECRET_KEY="k" * 60, CODE_KEY="c").manage("prepare")

    said = failure.value.stderr
    assert "Traceback" not in said
    assert f"База данных {file} повреждена" in said
    assert f"{file} маалымат базасы бузулган" in said
    assert "restore kaab-….tar.age --identity" in said
    assert file.read_bytes() == before


# Not damaged


ROOM = namedtuple("room", "total used free")


def error_of(name):
    """An error of the database as Django raises it, with SQLite's own behind it."""
    cause = sqlite3.OperationalError("disk I/O error")
    cause.sqlite_errorcode = getattr(sqlite3, name)
    error = OperationalError(*cause.args)
    error.__cause__ = cause
    return error


@pytest.fixture
def sqlite(file, monkeypatch):
    """A connection to the file, whatever database the tests run on."""
    connection = ConnectionHandler(
        {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(file)}}
    )["default"]
    monkeypatch.setattr(soundness, "connection", connection)
    return connection


@pytest.mark.parametrize(
    "name", ["SQLITE_IOERR_SHMSIZE", "SQLITE_IOERR_WRITE", "SQLITE_FULL"]
)
@pytest.mark.usefixtures("sqlite")
def test_a_full_disk_is_not_told_as_damage(name, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda path: ROOM(10**9, 10**9, 4096))

    said = soundness.meaning(error_of(name)).in_both_languages()

    assert "не осталось места" in said
    assert "орун калган жок" in said
    assert "restore" not in said


@pytest.mark.parametrize("name", ["SQLITE_IOERR_SHMOPEN", "SQLITE_CANTOPEN"])
@pytest.mark.usefixtures("sqlite")
def test_a_file_that_does_not_open_is_not_told_as_damage(name):
    assert soundness.meaning(error_of(name)).text == soundness.UNUSABLE


@pytest.mark.parametrize("name", ["SQLITE_IOERR_READ", "SQLITE_CORRUPT_INDEX"])
@pytest.mark.usefixtures("sqlite")
def test_what_the_disk_no_longer_gives_is_damage(name):
    assert soundness.meaning(error_of(name)).text == soundness.DAMAGED


@pytest.mark.server
def test_where_nothing_can_be_written_the_start_calls_a_sound_file_sound(
    file, tmp_path
):
    with closing(sqlite3.connect(file)) as database:
        database.execute("PRAGMA journal_mode=WAL")
    before = file.read_bytes()

    done = subprocess.run(
        ["bash", "-c", "ulimit -f 0; exec .venv/bin/python manage.py prepare"],
        cwd=ROOT,
        env=Portal(tmp_path, SECRET_KEY="k" * 60, CODE_KEY="c").environment,
        capture_output=True,
        text=True,
    )

    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "повреждена" not in done.stderr
    assert "Это не повреждение" in done.stderr
    assert file.read_bytes() == before


# Gone


TRACES = ["last_backup", "backups/kaab-20260101T030000.tar.age"]


@pytest.mark.parametrize("left", ["nothing", "an empty file"])
@pytest.mark.parametrize(
    "trace", ["last_backup", "backups/kaab-20260101T030000.tar.age"]
)
@pytest.mark.usefixtures("sqlite")
def test_a_portal_that_made_backups_does_not_start_as_a_new_one(
    left, trace, file, settings
):
    settings.VAR_DIR = file.parent
    (file.parent / trace).parent.mkdir(exist_ok=True)
    (file.parent / trace).touch()
    file.unlink()
    if left == "an empty file":
        file.touch()

    with pytest.raises(CommandError) as failure:
        soundness.need_sound_file()

    assert "пуста или пропала" in str(failure.value)
    assert "restore" in str(failure.value)


@pytest.mark.parametrize("left", ["nothing", "an empty file"])
@pytest.mark.usefixtures("sqlite")
def test_a_portal_that_never_made_a_backup_starts_as_a_new_one(left, file, settings):
    settings.VAR_DIR = file.parent
    file.unlink()
    if left == "an empty file":
        file.touch()

    assert soundness.trouble() is None


# The drill: everything on an empty machine


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
