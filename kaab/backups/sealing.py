"""Locking a stream with age and opening it again, with nothing of it on the disk."""

import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pyrage
from django.conf import settings
from django.core.management import CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from ..console import typed

CHUNK = 1 << 20
IDENTITY = "AGE-SECRET-KEY-1"


def recipients():
    """Return those for whom backups are locked. Raises CommandError without any."""
    if not settings.BACKUP_RECIPIENTS:
        raise CommandError(
            _(
                "BACKUP_RECIPIENTS is not set, and no backup is written that everybody"
                " can read. Make a key once with: %(command)s"
            )
            % {"command": typed("backup --new-key …")}
        )
    try:
        return list(map(pyrage.x25519.Recipient.from_str, settings.BACKUP_RECIPIENTS))
    except pyrage.RecipientError:
        raise CommandError(
            _(
                "BACKUP_RECIPIENTS is mistyped or cut off: it is the whole word that"
                " begins with age1, as it was printed with the key."
            )
        ) from None


def new_key(path):
    """Write a new identity into a file of its own and return its recipient."""
    identity = pyrage.x25519.Identity.generate()
    recipient = str(identity.to_public())
    try:
        with open(path, "x", opener=private) as file:
            file.write(f"# created: {timezone.localtime():%Y-%m-%d}\n")
            file.write(f"# public key: {recipient}\n{identity}\n")
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}.") from None
    return recipient


def identities(path):
    """Return the identities in a file, as `age-keygen` or `new_key` wrote it."""
    try:
        lines = path.read_text("utf-8").split("\n")
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}.") from None
    except UnicodeDecodeError:
        lines = []
    words = (line.strip().upper() for line in lines)
    keys = [word for word in words if word.startswith(IDENTITY)]
    if not keys:
        raise CommandError(
            _("%(path)s is no file with a key. The key begins with %(begin)s.")
            % {"path": path, "begin": IDENTITY}
        )
    try:
        return list(map(pyrage.x25519.Identity.from_str, keys))
    except pyrage.IdentityError:
        raise CommandError(
            _(
                "A sign of the key in %(path)s is mistyped or missing. Compare it with"
                " the paper, sign by sign."
            )
            % {"path": path}
        ) from None


def private(path, flags):
    return os.open(path, flags, 0o600)


@contextmanager
def sealed(file, to):
    """Yield a stream: what is written into it is locked, and goes into the file."""
    source, sink = os.pipe()

    def seal():
        with os.fdopen(source, "rb") as plain:
            pyrage.encrypt_io(plain, file, to)

    with ThreadPoolExecutor(1) as pool:
        sealing = pool.submit(seal)
        try:
            with os.fdopen(sink, "wb") as plain:
                yield plain
        except BrokenPipeError:
            # The other end gave up; it knows why.
            cause(sealing)
            raise
        cause(sealing)


@contextmanager
def opened(path, keys):
    """
    Yield a stream of what a file holds, of which no changed byte comes through.

    Raises CommandError if none of the keys opens it, or if it is damaged: also at the
    end, so that nothing may be believed before.
    """
    source, sink = os.pipe()

    def unseal():
        with os.fdopen(sink, "wb") as plain, path.open("rb") as file:
            pyrage.decrypt_io(file, plain, keys)

    with ThreadPoolExecutor(1) as pool:
        unsealing = pool.submit(unseal)
        with os.fdopen(source, "rb") as plain:
            try:
                yield plain
                while plain.read(CHUNK):
                    pass
            except EOFError:
                # It ended too early; the other end knows why.
                plain.close()
                cause(unsealing, path)
                raise CommandError(
                    _("%(path)s is no backup.") % {"path": path}
                ) from None
        cause(unsealing, path)


def cause(work, path=""):
    """Say in plain words why the thread could not go on, if it could not."""
    try:
        work.result()
    except pyrage.EncryptError as error:
        raise CommandError(str(error)) from None
    except pyrage.DecryptError as error:
        if "matching keys" in str(error):
            raise CommandError(
                _("This key does not open %(path)s.") % {"path": path}
            ) from None
        raise CommandError(
            _("%(path)s is no backup, or it is damaged.") % {"path": path}
        ) from None
    except OSError as error:
        if error.errno:
            raise CommandError(f"{path}: {error.strerror}.") from None
        raise CommandError(_("%(path)s is damaged.") % {"path": path}) from None
