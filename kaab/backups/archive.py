"""Making a backup and restoring one, whole or not at all."""

import fcntl
import gzip
import hashlib
import io
import json
import shutil
import sqlite3
import tarfile
from contextlib import contextmanager
from datetime import datetime

from django.conf import settings
from django.core.management import CommandError
from django.db import DatabaseError, connection
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from . import databases
from .contents import unknown
from .rotation import NAME
from .sealing import CHUNK, identities, opened, private, recipients, sealed
from .state import remember_backup

DATABASE, MEDIA, MANIFEST = "database", "media", "manifest.json"


def media():
    return settings.VAR_DIR / MEDIA


@contextmanager
def workplace():
    """
    Yield a folder for what has to lie in clear for a while: the copy of the database.

    It is beside the database, which lies in clear too, and its owner's alone. What a
    power cut left there goes at the next start. Raises CommandError while another
    backup is at work.
    """
    folder = settings.VAR_DIR / "backup.tmp"
    settings.VAR_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (settings.VAR_DIR / "backup.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CommandError(_("Another backup is being made just now.")) from None
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700)
        try:
            yield folder
        finally:
            shutil.rmtree(folder)


# Making


def make(folder):
    """Write a backup of all that the portal keeps into a folder; return its path."""
    to = recipients()
    made_at = timezone.localtime()
    path = folder / made_at.strftime(NAME)
    part = path.with_name(f".{path.name}.part")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with workplace() as place:
            if path.exists():
                raise CommandError(_("%(path)s is there already.") % {"path": path})
            for left in folder.glob(".kaab-*.part"):
                left.unlink()
            try:
                write(part, place / DATABASE, made_at, to)
                part.rename(path)
            finally:
                part.unlink(missing_ok=True)
            databases.sync(folder)
    except (CommandError, OSError, sqlite3.Error, DatabaseError) as error:
        # A full disk, a folder that is another's, a database that is gone.
        raise CommandError(
            _("No backup was made: %(error)s") % {"error": error}
        ) from None
    remember_backup()
    return path


def write(part, copy, made_at, to):
    tables, migrations = databases.copy_to(copy)
    manifest = {
        "made_at": made_at.isoformat(),
        "database": connection.vendor,
        "tables": tables,
        "migrations": migrations,
        "keys": fingerprints(),
        "members": {},
    }
    with open(part, "xb", opener=private) as file:
        with (
            sealed(file, to) as plain,
            # The quickest level: words shrink well at any, photos at none.
            gzip.GzipFile(fileobj=plain, mode="wb", compresslevel=1) as packed,
            tarfile.open(fileobj=packed, mode="w|", bufsize=CHUNK) as tar,
        ):
            for name, path in members(copy):
                manifest["members"][name] = add(tar, name, path)
            # Last: only then is known what was written.
            text = json.dumps(manifest, indent=1).encode()
            entry = tarfile.TarInfo(MANIFEST)
            entry.size = len(text)
            tar.addfile(entry, io.BytesIO(text))
        file.flush()
        databases.sync(part)


def members(copy):
    """Yield name and path of each file that a backup holds, but the manifest."""
    yield DATABASE, copy
    for path in sorted(media().rglob("*")):
        if path.is_file() and not path.is_symlink():
            yield f"{MEDIA}/{path.relative_to(media())}", path


def add(tar, name, path):
    with path.open("rb") as file:
        hashed = Hashed(file)
        entry = tar.gettarinfo(arcname=name, fileobj=file)
        entry.uname = entry.gname = ""
        tar.addfile(entry, hashed)
    return hashed.sha256.hexdigest()


class Hashed:
    """A file that is read once, and hashed on the way."""

    def __init__(self, file):
        self.file, self.sha256 = file, hashlib.sha256()

    def read(self, size=-1):
        part = self.file.read(size)
        self.sha256.update(part)
        return part


def fingerprints():
    """Return what tells a key from another and gives none of it away."""
    return {
        "SECRET_KEY": [fingerprint(settings.SECRET_KEY)],
        "CODE_KEY": [fingerprint(key) for key in settings.CODE_KEYS],
    }


def fingerprint(key):
    hashed = salted_hmac("kaab.backups", "fingerprint", secret=key, algorithm="sha256")
    return hashed.hexdigest()[:16]


# Restoring


def restore(path, key_path):
    """Put back what a backup holds, where nothing is yet; return when it was made."""
    keys = identities(key_path)
    databases.need_empty()
    if media().exists() and any(media().iterdir()):
        raise CommandError(
            _("%(path)s is not empty. Move it aside, then restore.") % {"path": media()}
        )
    try:
        with workplace() as place:
            with opened(path, keys) as plain:
                hashes = unpack(plain, place)
            manifest = json.loads((place / MANIFEST).read_text())
            check(path, manifest, hashes)
            with moved(place / MEDIA, media()):
                # Last: with the database there, all is there.
                databases.put_back(place / DATABASE, manifest["tables"])
    except (OSError, sqlite3.Error, DatabaseError) as error:
        raise CommandError(
            _("Nothing was restored: %(error)s") % {"error": error}
        ) from None
    return datetime.fromisoformat(manifest["made_at"])


@contextmanager
def moved(folder, target):
    """Move a folder, if it is there; back again if the block fails."""
    if not folder.exists():
        yield
        return
    # An empty one may be there: it gives way.
    folder.rename(target)
    try:
        yield
    except BaseException:
        target.rename(folder)
        raise


def unpack(plain, place):
    """Write the members of a tar into a folder; return the SHA-256 of each.

    Backups that were made before they were packed open too.
    """
    hashes = {}
    try:
        with tarfile.open(fileobj=plain, mode="r|*", bufsize=CHUNK) as tar:
            for member in tar:
                target = place / member.name
                if not (member.isreg() and place in target.resolve().parents):
                    raise CommandError(
                        _("%(path)s is no backup.") % {"path": member.name}
                    )
                target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                hashed = Hashed(tar.extractfile(member))
                with open(target, "xb", opener=private) as file:
                    shutil.copyfileobj(hashed, file, CHUNK)
                hashes[member.name] = hashed.sha256.hexdigest()
    except tarfile.TarError as error:
        raise EOFError from error
    return hashes


def check(path, manifest, hashes):
    """Raise CommandError where a backup is not whole, or not this installation's."""
    wanted = manifest["members"]
    for name in sorted({*wanted, *hashes} - {MANIFEST}):
        if wanted.get(name) != hashes.get(name):
            raise CommandError(
                _("%(path)s: %(name)s is not as it was when backed up.")
                % {"path": path, "name": name}
            )
    if manifest["database"] != connection.vendor:
        raise CommandError(
            _("This is a backup of %(one)s, but DATABASE_URL names %(other)s.")
            % {"one": manifest["database"], "other": connection.vendor}
        )
    own = fingerprints()
    # What a former key locked opens while that is listed.
    own["SECRET_KEY"] += map(fingerprint, settings.SECRET_KEY_FALLBACKS)
    for name, keys in manifest["keys"].items():
        if not set(keys) <= set(own[name]):
            raise CommandError(
                _(
                    "%(name)s is not the one with which this backup was made: nobody"
                    " could use what it holds. First put the copy of the file env that"
                    " was kept with this backup in its place: %(file)s"
                )
                % {"name": name, "file": settings.VAR_DIR / "env"}
            )
    if unknown(manifest["migrations"]):
        raise CommandError(
            _("This backup was made by a newer portal: install that version first.")
        )
