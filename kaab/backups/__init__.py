"""Backups: one file each, a tar that age locks so that this machine cannot open it.

    database         a copy of the SQLite file, or what pg_dump writes
    media/...        the files that residents and staff sent
    manifest.json    when, of what, with which keys, and the SHA-256 of all of it

Nobody's session is in it. `age -d -i KEY FILE | tar x` opens it without the portal.
"""
