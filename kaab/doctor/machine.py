"""The machine and the settings: what can be asked without a database."""

import json
import shutil
import stat
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.mail import get_connection, send_mail
from django.utils import timezone
from django.utils.translation import gettext as _

from centers import storage

from ..backups import state
from .findings import attention, ok, wrong

SECRET_KEY_LENGTH = 50
CODE_KEY_LENGTH = 32
MEGABYTE = 1_000_000
BACKUP_MISSING = timedelta(days=7)


def keys():
    if settings.SECRET_KEY in settings.CODE_KEYS:
        return wrong(
            _("SECRET_KEY and CODE_KEY are the same."),
            _("Make a new SECRET_KEY; CODE_KEY must stay, residents' codes need it."),
        )
    if len(settings.SECRET_KEY) < SECRET_KEY_LENGTH:
        return wrong(
            _("SECRET_KEY is too short."),
            _("Make a new one of at least %(number)s characters.")
            % {"number": SECRET_KEY_LENGTH},
        )
    if any(len(key) < CODE_KEY_LENGTH for key in settings.CODE_KEYS):
        return wrong(
            _("CODE_KEY is too short."),
            _(
                "Put a new one of at least %(number)s characters before it, with a"
                " comma between: the old one must stay for the codes it made."
            )
            % {"number": CODE_KEY_LENGTH},
        )
    if settings.SECRET_KEY_FALLBACKS:
        return attention(
            _("A former SECRET_KEY is still valid."),
            _("Run manage.py relock; a day later remove SECRET_KEY_FALLBACKS."),
        )
    return ok(_("The keys are long enough and differ."))


def key_file():
    file = settings.VAR_DIR / "env"
    if not file.exists():
        return ok(_("The keys come from the environment, not from a file."))
    mode = stat.S_IMODE(file.stat().st_mode)
    if mode & 0o077:
        return wrong(
            _("Others than the portal can read %(file)s.") % {"file": file},
            _("Run: chmod 600 %(file)s") % {"file": file},
        )
    return ok(_("Only the portal reads the file with the keys."))


def debug():
    if settings.DEBUG:
        return wrong(
            _("DEBUG is on: an error shows secrets to whoever causes it."),
            _("Remove DEBUG from var/env and start the portal again."),
        )
    return ok(_("DEBUG is off."))


def address():
    if not settings.IS_SECURE:
        return attention(
            _("Only this machine can open the portal: SITE_URL is %(url)s.")
            % {"url": settings.SITE_URL},
            _("For residents set SITE_URL to the public address, with https."),
        )
    return ok(_("The public address is %(url)s.") % {"url": settings.SITE_URL})


def client_address():
    if settings.IS_SECURE and not settings.CLIENT_ADDRESS_HEADER:
        return wrong(
            _("All residents share one limit: who guesses codes shuts everybody out."),
            _("Set CLIENT_ADDRESS_HEADER=HTTP_X_REAL_IP, as deploy/nginx expects."),
        )
    return ok(_("Limits are counted for each network by itself."))


def mail():
    if settings.EMAIL_BACKEND.endswith(".dummy.EmailBackend"):
        return attention(
            _("No letter is sent: members do not hear of meetings."),
            _("Set EMAIL_URL, then try: manage.py doctor --mail ADDRESS"),
        )
    return ok(_("Letters go through %(server)s.") % {"server": settings.EMAIL_HOST})


def test_letter(to):
    """Send a letter to an address and say whether the mail server took it."""
    try:
        taken = send_mail(
            _("A test letter of the portal"),
            _("If you read this, the portal can send letters."),
            settings.DEFAULT_FROM_EMAIL,
            [to],
            connection=get_connection(at_once=True),
        )
    except OSError as error:
        return wrong(
            _("The mail server did not take the letter (%(error)s).")
            % {"error": error},
            _("Check EMAIL_URL and DEFAULT_FROM_EMAIL in var/env."),
        )
    if not taken or settings.EMAIL_BACKEND.endswith(".dummy.EmailBackend"):
        return wrong(
            _("The letter went nowhere: no mail server is set."),
            _("Check EMAIL_URL and DEFAULT_FROM_EMAIL in var/env."),
        )
    return ok(
        _("The mail server took the letter to %(address)s: look whether it came.")
        % {"address": to}
    )


def disk():
    free = shutil.disk_usage(settings.VAR_DIR).free // MEGABYTE
    text = _("Free disk space: %(free)s MB.") % {"free": free}
    advice = _("Make room as the guide says: “The disk is full”.")
    if storage.is_full():
        return wrong(text, advice)
    if state.is_disk_low():
        return attention(text, advice)
    return ok(text)


def static_files():
    manifest = settings.STATIC_ROOT / "staticfiles.json"
    advice = _("Run: manage.py collectstatic --no-input --clear")
    if not manifest.exists():
        return wrong(_("Styles and pictures are not collected."), advice)
    paths = json.loads(manifest.read_text(encoding="utf-8"))["paths"].values()
    if not all((settings.STATIC_ROOT / path).exists() for path in paths):
        return wrong(_("Some of the styles and pictures are gone."), advice)
    collected_at = manifest.stat().st_mtime
    sources = (f for d in settings.STATICFILES_DIRS for f in Path(d).rglob("*"))
    if any(source.stat().st_mtime > collected_at for source in sources):
        return attention(_("Styles and pictures are older than the program."), advice)
    return ok(_("Styles and pictures are collected."))


def last_backup():
    made = state.last_backup()
    advice = _("Run manage.py backup and look at what it says.")
    if made is None or timezone.now() - made > BACKUP_MISSING:
        text = (
            _("The last backup is of %(day)s.") % {"day": day_of(made)}
            if made
            else _("There is no backup.")
        )
        return (wrong if settings.IS_SECURE else attention)(text, advice)
    text = _("The last backup is of %(day)s.") % {"day": day_of(made)}
    if state.is_late():
        return attention(text, advice)
    return ok(text)


def day_of(moment):
    return f"{timezone.localtime(moment):%d.%m.%Y}"


CHECKS = [
    keys,
    key_file,
    debug,
    address,
    client_address,
    mail,
    disk,
    static_files,
    last_backup,
]
