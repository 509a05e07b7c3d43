"""Whether the database can be used, and what its errors mean to who runs the portal."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from django.conf import settings
from django.core.management import CommandError
from django.db import connection

from ..console import Message, gettext_noop, typed
from .rotation import backups_in
from .state import last_backup

DAMAGE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
# Of a disk's errors those alone with which what is there cannot be read. Any other may
# be that of a full one, on which a sound file does not even open.
UNREADABLE = {
    sqlite3.SQLITE_IOERR_READ,
    sqlite3.SQLITE_IOERR_SHORT_READ,
    sqlite3.SQLITE_IOERR_CORRUPTFS,
}
IN_USE = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
# Bytes. What SQLite wants beside a file only to open it is less.
NO_ROOM = 10**6

DAMAGED = gettext_noop(
    "The database %(file)s is damaged, so the portal does not start. Do not delete this"
    " file: move it aside, with %(file)s-wal if that is there. Then restore the last"
    " backup, with the key from the safe: %(command)s"
)
EMPTIED = gettext_noop(
    "The database %(file)s is empty or gone, but backups were made of one: the portal"
    " does not start as a new one. Restore the last backup, with the key from the safe:"
    " %(command)s (A new portal is really wanted? Move %(traces)s aside.)"
)
FULL = gettext_noop(
    "There is no room left on the disk of %(folder)s. The database is whole: leave its"
    " files alone, make room, and only then start the portal again."
)
UNUSABLE = gettext_noop(
    "The database %(file)s cannot be used now. That is no damage: leave its files where"
    " they are. Look whether there is room on the disk (df -h) and whether they belong"
    " to the portal's user (ls -l), and whether another program holds them."
)
UNREACHABLE = gettext_noop(
    "Look whether PostgreSQL runs and whether DATABASE_URL names it."
)


def need_sound_file():
    """Raise CommandError, in both languages, unless the SQLite file can be used."""
    if found := trouble():
        raise CommandError(f"\n\n{found.in_both_languages()}")


def trouble():
    """Return what keeps the portal from the SQLite file, or None."""
    if connection.vendor != "sqlite" or connection.is_in_memory_db():
        return None
    path = file()
    try:
        if is_filled(path):
            return damaged(path) if first_fault(path, "quick_check") else None
    except sqlite3.OperationalError as error:
        return None if kind(error) in IN_USE else meaning(error)
    made = backups_in(settings.VAR_DIR / "backups")
    return emptied(path) if made or last_backup() else None


def meaning(error):
    """Return what an error of the database means, and what is to be done about it."""
    if connection.vendor != "sqlite":
        return Message(UNREACHABLE)
    error, path = error.__cause__ or error, file()
    if is_damage(error):
        return damaged(path)
    if kind(error) == sqlite3.SQLITE_FULL or (
        path.parent.exists() and shutil.disk_usage(path.parent).free < NO_ROOM
    ):
        return no_room(path.parent)
    return Message(UNUSABLE, {"file": path})


def damaged(path):
    return Message(DAMAGED, {"file": path, "command": restoring()})


def emptied(path):
    traces = f"{settings.VAR_DIR / 'backups'}, {settings.VAR_DIR / 'last_backup'}"
    values = {"file": path, "command": restoring(), "traces": traces}
    return Message(EMPTIED, values)


def no_room(folder):
    return Message(FULL, {"folder": folder})


def restoring():
    made = backups_in(settings.VAR_DIR / "backups")
    last = made[0] if made else "kaab-….tar.age"
    return typed(f"restore {last} --identity …")


def file():
    return Path(connection.settings_dict["NAME"])


def first_line(error):
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


def kind(error):
    """Return the kind of an error of SQLite's: the low byte of its code."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def is_damage(error):
    code = getattr(error, "sqlite_errorcode", 0)
    return code in UNREADABLE or kind(error) in DAMAGE


def first_fault(path, check):
    """Return what SQLite finds wrong with a file, in its own words, or ''."""
    try:
        with closing(sqlite3.connect(path)) as database:
            [found] = database.execute(f"PRAGMA {check}(1)").fetchone()
    except sqlite3.DatabaseError as error:
        # One that is locked, another's, or on a full disk, is not damaged.
        if not is_damage(error):
            raise
        return str(error)
    return "" if found == "ok" else found


def is_filled(path):
    """Tell whether there is anything in a file; an index of a log is nothing."""
    if path.name.endswith("-shm") or not path.exists() or not path.stat().st_size:
        return False
    try:
        with closing(sqlite3.connect(path)) as database:
            return bool(database.execute("SELECT 1 FROM sqlite_master").fetchone())
    except sqlite3.DatabaseError:
        return True
