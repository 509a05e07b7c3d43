"""Files of the portal: on the disk before anything says that they are there."""

import os
import shutil
from pathlib import Path

from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.utils import timezone


class DurableStorage(FileSystemStorage):
    """Django's own writes a file and trusts that it will come to the disk some time.

    A row that names a file outlives a power cut only if the file does. Its time is the
    day's beginning: when exactly it came is nobody's business.
    """

    def _save(self, name, content):
        name = super()._save(name, content)
        path = Path(self.path(name))
        midnight = (
            timezone.localtime()
            .replace(hour=0, minute=0, second=0, microsecond=0)
            .timestamp()
        )
        os.utime(path, (midnight, midnight))
        # Also the folder that names it, and the one that names a new folder.
        for place in (path, path.parent, path.parent.parent):
            sync(place)
        return name


def sync(path):
    """Bring a file, or the names in a folder, to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def is_full():
    """Tell whether the room that is left is kept for words: 200 MB, 3 % of the disk."""
    space = shutil.disk_usage(settings.VAR_DIR)
    return space.free < 200_000_000 or space.free < 0.03 * space.total
