"""What tells that a backup is missing or the disk filling up, without the database."""

import shutil
import time
from datetime import UTC, datetime

from django.conf import settings

# One is made every night; two hours for a slow one.
LATE_HOURS = 26
# What a start, a backup's working copy and some days of photos need.
LOW_BYTES = 10**9
LOW_SHARE = 0.1


def trace():
    return settings.VAR_DIR / "last_backup"


def remember_backup():
    """Note that a backup is complete, wherever it was put."""
    trace().touch()


def last_backup():
    """Return when the last complete backup was made, or None."""
    try:
        return datetime.fromtimestamp(trace().stat().st_mtime, UTC)
    except FileNotFoundError:
        return None


def backup_hours():
    """Return the whole hours since the last backup, or None where none was made."""
    made_at = last_backup()
    return made_at and int(time.time() - made_at.timestamp()) // 3600


def is_late():
    hours = backup_hours()
    return hours is None or hours >= LATE_HOURS


def is_disk_low():
    disk = shutil.disk_usage(settings.VAR_DIR)
    return disk.free < max(LOW_BYTES, LOW_SHARE * disk.total)
