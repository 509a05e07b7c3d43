"""Copying each kind of database while people write in it, and putting a copy back."""

import os
import shutil
import sqlite3
import subprocess  # nosec B404
from contextlib import closing
from pathlib import Path

from django.core.management import CommandError
from django.db import connection, transaction
from django.db.utils import ConnectionHandler
from django.utils.translation import gettext as _

from centers.storage import sync

from .contents import contents, last_migrations, left_out
from .soundness import first_fault, is_filled


def copy_to(file):
    """
    Copy the database as it is at one moment into a file, and say what the copy holds.

    Returns the tables with their figures, and the last migration of each app.
    """
    if not connection.introspection.table_names():
        raise CommandError(
            _("The database has no tables: there is nothing to back up.")
        )
    return COPY[connection.vendor](file)


def put_back(file, tables):
    """Make of a copy the database. Raises CommandError if it does not hold the same."""
    PUT_BACK[connection.vendor](file, tables)


def need_empty():
    """Raise CommandError unless the database is one that holds nothing yet."""
    if connection.vendor == "sqlite":
        need_no_file(Path(connection.settings_dict["NAME"]))
    elif connection.introspection.table_names():
        raise CommandError(
            _(
                "The database has tables already. A backup is restored into an empty"
                " one: make a new database and name it in DATABASE_URL."
            )
        )


# SQLite


def copy_sqlite(file):
    connection.ensure_connection()
    with closing(sqlite3.connect(file, isolation_level=None)) as copy:
        # In one step: in WAL mode it reads one moment, and stops nobody who writes.
        connection.connection.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
        copy.execute("PRAGMA secure_delete=ON")
        for table in left_out():
            copy.execute(f'DELETE FROM "{table}"')  # noqa: S608  # nosec B608
    if fault := first_fault(file, "integrity_check"):
        raise CommandError(_("The database is damaged: %(fault)s") % {"fault": fault})
    return described(file)


def described(file):
    copy = ConnectionHandler(
        {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(file)}}
    )["default"]
    with closing(copy):
        return contents(copy), last_migrations(copy)


def put_back_sqlite(file, tables):
    if fault := first_fault(file, "integrity_check"):
        raise CommandError(
            _("The database in the backup is damaged: %(fault)s") % {"fault": fault}
        )
    compare(tables, described(file)[0])
    connection.close()
    target = Path(connection.settings_dict["NAME"])
    for beside in beside_of(target):
        beside.unlink(missing_ok=True)
    # Whole or not at all, on another disk too.
    part = target.with_name(target.name + ".part")
    shutil.move(file, part)
    sync(part)
    part.replace(target)
    sync(target.parent)


def need_no_file(target):
    left = [path for path in (target, *beside_of(target)) if is_filled(path)]
    if left:
        raise CommandError(
            _(
                "There is a database already: %(files)s. Nothing is overwritten: move"
                " it aside, then restore."
            )
            % {"files": ", ".join(map(str, left))}
        )


def beside_of(target):
    return [target.with_name(target.name + end) for end in ("-wal", "-shm", "-journal")]


def empty_log():
    """Empty SQLite's write-ahead log: what was deleted still stands in it.

    It lasts as long as the portal serves, and cannot be emptied in a transaction.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


# PostgreSQL


@transaction.atomic
def copy_postgresql(file):
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SET LOCAL statement_timeout = 0")
        # The dump and the figures see the same moment.
        cursor.execute("SELECT pg_export_snapshot()")
        [snapshot] = cursor.fetchone()
    # Into a file: a tar wants to know its size before.
    postgres_tool(
        "pg_dump",
        "--format=custom",
        f"--snapshot={snapshot}",
        f"--file={file}",
        *(f"--exclude-table-data={table}" for table in left_out()),
    )
    return contents(connection), last_migrations(connection)


def put_back_postgresql(file, tables):
    postgres_tool("pg_restore", "--single-transaction", "--exit-on-error", str(file))
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 0")
        compare(tables, contents(connection))


def postgres_tool(tool, *options):
    """Run a tool of PostgreSQL's on the database, its password in the environment."""
    [_psql, *where, name], password = connection.client.settings_to_cmd_args_env(
        connection.settings_dict, []
    )
    try:
        done = subprocess.run(  # noqa: S603  # nosec B603
            [tool, *where, f"--dbname={name}", "--no-password", *OWNERLESS, *options],
            env={**os.environ, **(password or {})},
            capture_output=True,
            text=True,
        )
    except FileNotFoundError:
        raise CommandError(
            _("%(tool)s is missing (on Debian: apt install postgresql-client).")
            % {"tool": tool}
        ) from None
    if done.returncode:
        why = done.stderr.strip() or f"it ended with {done.returncode}"
        raise CommandError(f"{tool} failed: {why}")


# The new server may call its people by other names.
OWNERLESS = ["--no-owner", "--no-privileges"]


def compare(expected, found):
    """Raise CommandError, naming the tables, where two databases hold not the same."""
    different = [
        table
        # An older backup may hold what is left out by now.
        for table in sorted({*expected, *found} - left_out())
        if expected.get(table) != found.get(table)
    ]
    if different:
        raise CommandError(
            _("Not as it was when backed up: %(tables)s.")
            % {"tables": ", ".join(different)}
        )


COPY = {"sqlite": copy_sqlite, "postgresql": copy_postgresql}
PUT_BACK = {"sqlite": put_back_sqlite, "postgresql": put_back_postgresql}
