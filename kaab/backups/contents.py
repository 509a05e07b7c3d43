"""What a database holds, as figures that are the same before and after."""

import hashlib
import json

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from centers.models import DaySalt, Limit


def left_out():
    """Return the tables whose rows no backup holds.

    Who is signed in, and what is cached: whoever was signed in then must not be now.
    And what is counted under a day's secret, with that secret: beside each other they
    tell who wrote that day, and both are to be gone on the next.
    """
    tables = {model._meta.db_table for model in (Session, Limit, DaySalt)}
    tables |= {r.related_model._meta.db_table for r in Session._meta.related_objects}
    for cache in settings.CACHES.values():
        if cache["BACKEND"].endswith(".DatabaseCache"):
            tables.add(cache["LOCATION"])
    return tables


def contents(connection):
    """Return the number of rows of each table of a database, and their SHA-256.

    The tables are asked of the database and not of the models: a backup of before is
    proved by its own columns. Equal on the same kind of database alone.
    """
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor)) - left_out()
        keys = {
            table: connection.introspection.get_primary_key_columns(cursor, table)
            for table in tables
        }
    return {table: digest(connection, table, keys[table]) for table in sorted(tables)}


def digest(connection, table, key):
    # As bytes: two servers may sort letters in two ways.
    bytewise = ' COLLATE "C"' if connection.vendor == "postgresql" else ""
    name = connection.ops.quote_name
    order = (f"CAST({name(column)} AS TEXT){bytewise}" for column in key)
    rows, sha256 = 0, hashlib.sha256()
    with connection.chunked_cursor() as cursor:
        # Names that the database itself gave.
        cursor.execute(
            f"SELECT * FROM {name(table)} ORDER BY {', '.join(order)}"  # noqa: S608  # nosec B608
        )
        for row in cursor:
            line = json.dumps(row, default=plain, ensure_ascii=False)
            sha256.update(line.encode() + b"\n")
            rows += 1
    return {"rows": rows, "sha256": sha256.hexdigest()}


def plain(value):
    return bytes(value).hex() if isinstance(value, bytes | memoryview) else str(value)


def last_migrations(connection):
    """Return the name of the last migration of each app; none where nothing is yet."""
    if not MigrationRecorder(connection).has_table():
        return {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations ORDER BY id")
        return dict(cursor.fetchall())


def unknown(last):
    """Return those of the last migrations of a database that a newer program made."""
    known = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    return set(last.items()) - set(known)
