"""The machine and the settings: what can be asked without a database."""

import json
import re
import shutil
import smtplib
import socket
import ssl
import stat
from datetime import timedelta
from email.utils import parseaddr
from pathlib import Path

from django.conf import settings
from django.core.mail import get_connection, send_mail
from django.core.management import CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from centers import storage

from ..backups import state
from ..backups.sealing import recipients
from ..console import typed
from .findings import attention, ok, wrong

SECRET_KEY_LENGTH = 50
CODE_KEY_LENGTH = 32
MEGABYTE = 1_000_000
BACKUP_MISSING = timedelta(days=7)


def env_file():
    return settings.VAR_DIR / "env"


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
            _("Run %(command)s; a day later remove SECRET_KEY_FALLBACKS.")
            % {"command": typed("relock")},
        )
    return ok(_("The keys are long enough and differ."))


def key_file():
    file = env_file()
    if not file.exists():
        return ok(_("The keys come from the environment, not from a file."))
    mode = stat.S_IMODE(file.stat().st_mode)
    if mode & 0o077:
        return wrong(
            _("Others than the portal can read %(file)s.") % {"file": file},
            _("Run: %(command)s") % {"command": f"sudo chmod 600 {file}"},
        )
    names = re.findall(r"^(?:export )?(\w+)=", file.read_text("utf-8"), re.MULTILINE)
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        return attention(
            _("Set twice in %(file)s: %(names)s.")
            % {"file": file, "names": ", ".join(sorted(twice))},
            _("Only one of the lines counts: remove the wrong one."),
        )
    return ok(_("Only the portal reads the file with the keys."))


def debug():
    if settings.DEBUG:
        return wrong(
            _("DEBUG is on: an error shows secrets to whoever causes it."),
            _("Remove DEBUG from %(file)s and start the portal again.")
            % {"file": env_file()},
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
    return ok(_("Who guesses codes shuts out nobody else."))


def mail():
    if settings.EMAIL_BACKEND.endswith(".dummy.EmailBackend"):
        return attention(
            _("No letter is sent: members do not hear of meetings."),
            _("Set EMAIL_URL, start the portal again, then try: %(command)s")
            % {"command": typed("doctor --mail …")},
        )
    sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    if "@" not in sender or sender.endswith("@localhost"):
        return attention(
            _("Letters have no sender: DEFAULT_FROM_EMAIL is %(value)s.")
            % {"value": settings.DEFAULT_FROM_EMAIL},
            _("Set it in %(file)s to an address of the mail server's.")
            % {"file": env_file()},
        )
    return ok(_("Letters go through %(server)s.") % {"server": settings.EMAIL_HOST})


def test_letter(to):
    """Send a letter to an address and say whether the mail server took it."""
    advice = _("Check EMAIL_URL and DEFAULT_FROM_EMAIL in %(file)s.") % {
        "file": env_file()
    }
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
            _("The mail server %(server)s did not take the letter: %(reason)s.")
            % {"server": settings.EMAIL_HOST, "reason": reason(error)},
            advice,
        )
    if not taken or settings.EMAIL_BACKEND.endswith(".dummy.EmailBackend"):
        return wrong(
            _("The letter went nowhere: no mail server is set."),
            advice,
        )
    return ok(
        _("The mail server took the letter to %(address)s: look whether it came.")
        % {"address": to}
    )


def reason(error):
    """Say why a mail server could not be used, where that is a common reason."""
    match error:
        case socket.gaierror():
            return _("no such name is known")
        case ConnectionRefusedError():
            return _("nothing answers there at this port")
        case TimeoutError():
            return _("it keeps silent")
        case ssl.SSLError():
            return _("its certificate or its way of encrypting is not right")
        case smtplib.SMTPAuthenticationError():
            return _("the name or the password is wrong")
        case smtplib.SMTPSenderRefused():
            return _("it does not let this sender send")
        case smtplib.SMTPRecipientsRefused():
            return _("it does not know this address")
    return str(error)


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
    advice = _("Run: %(command)s") % {
        "command": typed("collectstatic --no-input --clear")
    }
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


def backup_key():
    try:
        number = len(recipients())
    except CommandError:
        finding = wrong if settings.IS_SECURE else attention
        return finding(
            _("BACKUP_RECIPIENTS is missing or mistyped: no backup can be made."),
            _(
                "Put into %(file)s the whole line that %(command)s has printed; it"
                " begins with BACKUP_RECIPIENTS=age1."
            )
            % {"file": env_file(), "command": typed("backup --new-key …")},
        )
    return ok(_("Keys that open backups: %(number)s.") % {"number": number})


def last_backup():
    made = state.last_backup()
    advice = _("Run %(command)s and look at what it says.") % {
        "command": typed("backup")
    }
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
    backup_key,
    last_backup,
]
