"""The commands of the portal; what stops one is told in words."""

import errno
import os
import sys

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line
from django.db import DatabaseError

from .backups import soundness
from .console import Message, gettext_noop, typed

FORBIDDEN = gettext_noop(
    "%(file)s may not be read or written by you. Run commands in the portal's name:"
    " %(command)s"
)


def main(arguments):
    """Run a command; --traceback shows what the words leave out."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kaab.settings")
    try:
        execute_from_command_line(arguments)
    except (ImproperlyConfigured, DatabaseError, OSError) as error:
        words = meaning(error)
        if words is None or "--traceback" in arguments:
            raise
        sys.exit(words)


def meaning(error):
    """Return what an error means to whoever runs the portal, or None if nothing."""
    match error:
        case ImproperlyConfigured():
            message = getattr(error, "message", None)
            return message.in_both_languages() if message else str(error)
        case DatabaseError():
            said = soundness.meaning(error).in_both_languages()
            return f"{said}\n\n({soundness.first_line(error)})"
        case PermissionError():
            values = {"file": error.filename, "command": typed("…")}
            return Message(FORBIDDEN, values).in_both_languages()
        case OSError(errno=errno.ENOSPC):
            return soundness.no_room(settings.VAR_DIR).in_both_languages()
