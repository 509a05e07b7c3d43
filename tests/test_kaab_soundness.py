"""Whether SQLite's file can be used: damaged, on a full disk, or gone."""

import shutil
import sqlite3
import subprocess
from collections import namedtuple
from contextlib import closing

import pytest
from django.core.management import CommandError
from django.db import OperationalError
from django.db.utils import ConnectionHandler

from kaab.backups import soundness

from .portal import ROOT, Portal

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
