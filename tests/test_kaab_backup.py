"""A centre's memory outlives its machine: backups, and what tells that one is late."""

import io
import json
import os
import random
import stat
import tarfile
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from centers.models import Center
from kaab.backups import archive, rotation, sealing, state

from .factories import signed_in

TODAY = reverse("desk:today")


@pytest.fixture(autouse=True)
def untranslated():
    """The words of errors as they stand in the source."""
    with override("en"):
        yield


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

    with pytest.raises(CommandError, match="This key does not open"):
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


def test_a_key_from_paper_with_a_wrong_letter_is_told_as_that(key):
    lines = key.read_text().splitlines()
    lines[-1] = lines[-1][:30] + ("Q" if lines[-1][30] != "Q" else "P") + lines[-1][31:]
    key.write_text("\n".join(lines))

    with pytest.raises(CommandError, match="A sign of the key"):
        sealing.identities(key)


def test_a_key_from_paper_may_be_written_in_small_letters(locked, key):
    path, text = locked
    key.write_text(key.read_text().splitlines()[-1].lower())

    assert read(path, key) == text


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
    (var / "media" / "a" / "photo.jpg").write_bytes(bytes(9_000_000))
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
    assert path.stat().st_size < 9_000_000
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

    with pytest.raises(CommandError, match=f"(?s){name} is not the one.*/env"):
        check(manifest)


def test_a_new_key_beside_the_old_one_is_right(manifest, settings):
    settings.CODE_KEYS = ["newer", *settings.CODE_KEYS]

    check(manifest)


def test_a_backup_of_before_the_key_was_changed_is_taken(manifest, settings):
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "newer " * 10

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

    with pytest.raises(CommandError, match="is no backup"):
        archive.unpack(file, tmp_path)


def test_media_are_not_put_back_without_their_database(tmp_path):
    (tmp_path / "found").mkdir()
    (tmp_path / "found" / "photo").touch()

    with (
        pytest.raises(CommandError),
        archive.moved(tmp_path / "found", tmp_path / "media"),
    ):
        raise CommandError

    assert (tmp_path / "found" / "photo").exists()
    assert not (tmp_path / "media").exists()


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
        path = reverse("desk:today")
    page = signed_in(cholpon).get(path).content.decode()

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
