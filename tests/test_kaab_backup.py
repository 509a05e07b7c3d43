"""A centre's memory outlives its machine: backups, and what tells that one is late."""

import io
import json
import os
import random
import re
import sqlite3
import stat
import subprocess
import tarfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from http.cookiejar import CookieJar
from itertools import count
from pathlib import Path
from threading import Event
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

import pytest
from django.core.management import CommandError
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from centers.models import Center
from kaab.backups import archive, databases, rotation, sealing, state

from .factories import signed_in
from .portal import ROOT, Portal, own_database

TODAY = reverse("desk:today")
CANARY = "canary-that-nobody-may-read-4417"
PASSWORD = "demo password of the drill"


# Which are kept


def a_year_of_nights(days=430):
    night = datetime(2026, 1, 1, 3)
    return [
        Path((night + timedelta(days=day)).strftime(rotation.NAME))
        for day in reversed(range(days))
    ]


def test_seven_nights_five_weeks_and_twelve_months_are_kept():
    nights = a_year_of_nights()

    kept = sorted(rotation.kept(nights), reverse=True)

    assert kept[:7] == nights[:7]
    assert len(kept) == 7 + 5 + 12


def test_what_is_kept_does_not_depend_on_how_often_one_looked():
    nights = a_year_of_nights()
    folder = []
    for night in reversed(nights):
        folder = sorted(rotation.kept([night, *folder]), reverse=True)

    days = [datetime.strptime(path.name, rotation.NAME) for path in folder]
    gaps = [(one - other).days for one, other in zip(days, days[1:], strict=False)]

    assert gaps[:6] == [1] * 6
    assert all(gap <= 7 for gap in gaps[:11])
    assert all(gap <= 62 for gap in gaps)
    assert len(folder) == 7 + 5 + 12


def test_a_week_of_backups_is_kept_whole(tmp_path):
    for path in a_year_of_nights(7):
        (tmp_path / path).touch()
    (tmp_path / "kaab-2026.tar.age").touch()

    assert rotation.rotate(tmp_path) == 7
    assert len(list(tmp_path.iterdir())) == 8


# Locked and opened


@pytest.fixture
def key(tmp_path, settings):
    """A file of an identity; backups are locked to it."""
    settings.BACKUP_RECIPIENTS = [sealing.new_key(tmp_path / "key")]
    return tmp_path / "key"


@pytest.fixture
def locked(tmp_path, key):
    """A locked file, and what is in it."""
    text, path = random.Random(1).randbytes(3_000_000), tmp_path / "locked"
    with path.open("wb") as file, sealing.sealed(file, sealing.recipients()) as plain:
        plain.write(text)
    return path, text


def read(path, key):
    with sealing.opened(path, sealing.identities(key)) as plain:
        return plain.read()


def test_what_was_locked_is_opened_by_its_key(locked, key):
    path, text = locked

    assert read(path, key) == text
    assert text[:50] not in path.read_bytes()
    assert stat.S_IMODE(key.stat().st_mode) == 0o600


def test_another_key_does_not_open_it(locked, tmp_path):
    sealing.new_key(tmp_path / "other")

    with pytest.raises(CommandError, match="does not open"):
        read(locked[0], tmp_path / "other")


@pytest.mark.parametrize("change", ["flipped", "cut", "cut at a chunk", "emptied"])
def test_a_damaged_file_is_refused(change, locked, key):
    path, _text = locked
    whole = bytearray(path.read_bytes())
    whole[len(whole) // 2] ^= change == "flipped"
    # Its chunks are of 64 kB and 16 bytes, behind a head.
    head = len(whole) - 3_000_000 - 46 * 16
    end = {"cut": 1_000_000, "cut at a chunk": head + 9 * 65552, "emptied": 0}
    path.write_bytes(whole[: end.get(change)])

    with pytest.raises(CommandError, match="damaged"):
        read(path, key)


def test_a_key_is_never_written_over(key):
    with pytest.raises(CommandError):
        sealing.new_key(key)


def test_a_file_that_cannot_be_written_is_told_of(key):
    def write():
        with (
            open("/dev/full", "wb", buffering=0) as full,
            sealing.sealed(full, sealing.recipients()) as plain,
        ):
            plain.write(bytes(3_000_000))

    with pytest.raises(CommandError, match="No space"):
        write()


@pytest.mark.parametrize("recipients", [[], ["age1nobody"]])
def test_without_somebody_to_lock_for_nothing_is_written(
    recipients, tmp_path, settings
):
    settings.BACKUP_RECIPIENTS = recipients

    with pytest.raises(CommandError, match="BACKUP_RECIPIENTS"):
        archive.make(tmp_path / "backups")
    assert list(tmp_path.iterdir()) == []


# Made


@pytest.fixture
def var(tmp_path, settings):
    settings.VAR_DIR = tmp_path / "var"
    settings.VAR_DIR.mkdir()
    return settings.VAR_DIR


@pytest.mark.django_db(transaction=True)
def test_a_backup_holds_the_database_the_media_and_what_proves_them(
    var, key, center, tmp_path
):
    (var / "media" / "a").mkdir(parents=True)
    (var / "media" / "a" / "photo.jpg").write_bytes(b"light")
    unpacked = tmp_path / "unpacked"
    unpacked.mkdir()

    path = archive.make(tmp_path / "backups")

    with sealing.opened(path, sealing.identities(key)) as plain:
        hashes = archive.unpack(plain, unpacked)
    manifest = json.loads((unpacked / "manifest.json").read_text())
    archive.check(path, manifest, hashes)
    assert set(hashes) == {"database", "media/a/photo.jpg", "manifest.json"}
    assert manifest["tables"]["centers_center"]["rows"] == 1
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [path] == list(path.parent.iterdir())
    assert not (var / "backup.tmp").exists()
    assert state.backup_hours() == 0


@pytest.mark.django_db(transaction=True)
def test_a_backup_that_fails_leaves_the_earlier_ones_and_says_why(var, key, tmp_path):
    folder = tmp_path / "backups"
    earlier = archive.make(folder)
    state.trace().unlink()
    earlier.rename(folder / "kaab-20260101T030000.tar.age")

    with pytest.raises(CommandError, match="No backup was made"):
        archive.make(earlier.parent / "kaab-20260101T030000.tar.age")
    assert [path.name for path in folder.iterdir()] == ["kaab-20260101T030000.tar.age"]
    assert state.last_backup() is None


# Refused, before anything is put back


@pytest.fixture
def manifest():
    return {
        "members": {"database": "1"},
        "database": connection.vendor,
        "keys": archive.fingerprints(),
        "migrations": {"sessions": "0001_initial"},
    }


def check(manifest, **hashes):
    archive.check(Path("backup"), manifest, hashes or {"database": "1"})


def test_what_is_whole_and_ours_is_taken(manifest):
    check(manifest)


@pytest.mark.parametrize("hashes", [{"database": "2"}, {"media/a": "1"}])
def test_a_member_that_was_changed_is_named(hashes, manifest):
    with pytest.raises(CommandError, match="database is not as it was"):
        check(manifest, **hashes)


@pytest.mark.parametrize("name", ["SECRET_KEY", "CODE_KEY"])
def test_a_key_that_is_not_the_one_of_then_is_named(name, manifest, settings):
    settings.SECRET_KEY = (
        "another " * 9 if name == "SECRET_KEY" else settings.SECRET_KEY
    )
    settings.CODE_KEYS = ["another"] if name == "CODE_KEY" else settings.CODE_KEYS

    with pytest.raises(CommandError, match=f"{name} is not the one.*var/env"):
        check(manifest)


def test_a_new_key_beside_the_old_one_is_right(manifest, settings):
    settings.CODE_KEYS = ["newer", *settings.CODE_KEYS]

    check(manifest)


def test_another_kind_of_database_is_refused(manifest):
    with pytest.raises(CommandError, match="backup of oracle"):
        check(manifest | {"database": "oracle"})


def test_a_backup_of_a_newer_portal_is_refused(manifest):
    with pytest.raises(CommandError, match="newer portal"):
        check(manifest | {"migrations": {"centers": "9999_not_yet"}})


@pytest.mark.parametrize("name", ["../outside", "/outside"])
def test_no_member_gets_out_of_its_folder(name, tmp_path):
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as tar:
        tar.addfile(tarfile.TarInfo(name))
    file.seek(0)

    with pytest.raises(CommandError, match="no backup holds"):
        archive.unpack(file, tmp_path)


# What tells that one is missing


def backed_up(hours):
    state.remember_backup()
    then = (timezone.now() - timedelta(hours=hours)).timestamp()
    os.utime(state.trace(), (then, then))


@pytest.fixture
def today(center):
    return lambda user: signed_in(user).get(TODAY).content.decode()


@pytest.mark.usefixtures("var")
def test_the_coordinator_is_told_that_there_is_no_backup(today, cholpon, sultan):
    assert "камдык көчүрмөсү али жасала элек" in today(cholpon)
    assert "камдык көчүрмөсү али жасала элек" in today(sultan)


@pytest.mark.usefixtures("var")
def test_a_late_backup_is_told_in_russian_too(center, cholpon):
    backed_up(hours=27)

    with override("ru"):
        page = signed_in(cholpon).get(reverse("desk:today")).content.decode()

    assert "Последняя резервная копия портала" in page


@pytest.mark.usefixtures("var")
def test_last_nights_backup_is_not_spoken_of(today, cholpon):
    backed_up(hours=25)

    assert "көчүрмө" not in today(cholpon)


@pytest.mark.usefixtures("var")
def test_nobody_else_is_told_of_backups(today, elmira, bakyt):
    assert "көчүрмө" not in today(elmira) + today(bakyt)


@pytest.mark.usefixtures("var")
@pytest.mark.parametrize("recipients", [[], ["age1"]])
def test_the_demo_is_not_told_unless_it_makes_backups(
    recipients, today, center, cholpon, settings
):
    settings.BACKUP_RECIPIENTS = recipients
    Center.objects.update(is_demo=True)

    assert ("көчүрмө" in today(cholpon)) == bool(recipients)


@pytest.mark.usefixtures("var")
@pytest.mark.parametrize("low", [0, 10**18])
def test_the_coordinator_is_told_that_the_disk_fills_up(
    low, today, cholpon, monkeypatch
):
    monkeypatch.setattr(state, "LOW_BYTES", low)
    monkeypatch.setattr(state, "LOW_SHARE", 0)

    assert ("Порталдын дискинде" in today(cholpon)) == bool(low)


@pytest.mark.django_db
@pytest.mark.usefixtures("var")
def test_a_machine_reads_how_old_the_last_backup_is(django_assert_num_queries):
    assert Client().get("/readyz").content == b"ok\nbackup_hours never\n"
    backed_up(hours=50)

    with django_assert_num_queries(1):
        response = Client().get("/readyz")

    assert (response.status_code, response.content) == (200, b"ok\nbackup_hours 50\n")


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
    assert databases.first_fault(file, "quick_check") == ""

    damage(file, how)

    assert databases.first_fault(file, "quick_check")


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
    assert "manage.py restore" in said
    assert file.read_bytes() == before


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

    assert "already" in said


@pytest.mark.server
@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ("identity", "does not open it"),
        ("file", "damaged"),
        ("SECRET_KEY", "SECRET_KEY is not the one"),
        ("CODE_KEY", "CODE_KEY is not the one"),
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
    assert "No backup was made" in done.stderr
    assert "Traceback" not in done.stderr
    assert list((kept.folder / "backups").iterdir()) == [backup]
    assert not (kept.folder / "backup.tmp").exists()
