"""What may be wrong with an installation: one question each, answered in plain words.

A check is a function that returns one Finding; a new one goes into the list it belongs
to. None writes anything but a passing entry of the cache, and none shows a secret.
"""

import json
import secrets
import shutil
import stat
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from pathlib import Path

from django.conf import settings
from django.core.cache import cache, caches
from django.core.cache.backends.db import DatabaseCache
from django.core.mail import send_mail
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from django.utils.translation import gettext as _

from centers.journal import chains, first_fault, is_guarded
from centers.models import Center, JournalEntry, Role

SECRET_KEY_LENGTH = 50
CODE_KEY_LENGTH = 32
# No clock that is right shows a day before this program was written.
WRITTEN_ON = date(2026, 11, 1)
# A code of an app is good for half a minute.
CLOCK_TOLERANCE = timedelta(seconds=30)
MEGABYTE = 1_000_000
FULL_SHARE = 0.9
BACKUP_LATE, BACKUP_MISSING = timedelta(days=2), timedelta(days=7)
UNSHARED_CACHES = ("locmem", "dummy")
ORDERS_OF_LETTERS = ("C.UTF-8", "C.utf8")
# What PostgreSQL must not write of a statement: a resident's words are in it.
SILENT_LOG = {
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_statement": "none",
    "log_min_duration_statement": "-1",
}


class State(Enum):
    OK = "ok"
    ATTENTION = "attention"
    WRONG = "wrong"


@dataclass(frozen=True)
class Finding:
    """What was found, and what to do about it unless it is in order."""

    state: State
    text: str
    advice: str = ""


def ok(text):
    return Finding(State.OK, text)


def attention(text, advice):
    return Finding(State.ATTENTION, text, advice)


def wrong(text, advice):
    return Finding(State.WRONG, text, advice)


def examine():
    """
    Yield a finding for each check.

    Without a whole database nothing that stands in it can be examined: whoever reads
    is told of that alone.
    """
    for check in MACHINE:
        yield check()
    for check in FOUNDATION:
        finding = check()
        yield finding
        if finding.state is State.WRONG:
            return
    for check in CONTENTS:
        try:
            yield check()
        except DatabaseError as error:
            yield wrong(
                _("The database refuses an answer (%(error)s).")
                % {"error": type(error).__name__},
                _("Ask the doctor again; if it stays, restore the last backup."),
            )


# The machine and the settings


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
    space = shutil.disk_usage(settings.VAR_DIR)
    free, share = space.free // MEGABYTE, space.free / space.total
    text = _("Free disk space: %(free)s MB.") % {"free": free}
    advice = _("Make room as the guide says: “The disk is full”.")
    if free < 200 or share < 0.03:
        return wrong(text, advice)
    if free < 1000 or share < 0.1:
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
    made = newest_backup()
    advice = _("Run manage.py backup and look at what it says.")
    if made is None or timezone.now() - made > BACKUP_MISSING:
        text = (
            _("The last backup is of %(day)s.") % {"day": f"{made:%d.%m.%Y}"}
            if made
            else _("There is no backup.")
        )
        return (wrong if settings.IS_SECURE else attention)(text, advice)
    text = _("The last backup is of %(day)s.") % {"day": f"{made:%d.%m.%Y}"}
    return ok(text) if timezone.now() - made < BACKUP_LATE else attention(text, advice)


def newest_backup():
    """Return when the newest backup was written, or None."""
    folder = settings.VAR_DIR / "backups"
    written = [file.stat().st_mtime for file in folder.glob("kaab-*.tar.age")]
    if not written:
        return None
    return datetime.fromtimestamp(max(written), tz=timezone.get_current_timezone())


# The database, without which nothing else can be asked


def database():
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        return wrong(
            _("The database does not answer (%(error)s).")
            % {"error": str(error).strip().splitlines()[0]},
            _("Look whether PostgreSQL runs and whether DATABASE_URL names it."),
        )
    kind = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[connection.vendor]
    return ok(_("The database answers: %(kind)s.") % {"kind": kind})


def migrations():
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        return wrong(
            _("The database is older than the program (%(number)s steps behind).")
            % {"number": len(plan)},
            _("Make a backup, then run: manage.py migrate"),
        )
    return ok(_("The database fits the program."))


# What is in the database


def letters():
    if connection.vendor != "postgresql":
        return ok(_("Kyrgyz letters are kept and sorted rightly."))
    [(encoding, order, provider)] = ask(
        "SELECT pg_encoding_to_char(encoding), datcollate, datlocprovider"
        " FROM pg_database WHERE datname = current_database()"
    )
    if encoding != "UTF8":
        return wrong(
            _("The database does not keep Kyrgyz letters: its encoding is %(name)s.")
            % {"name": encoding},
            _("Make a new database: --encoding UTF8 --locale C.UTF-8"),
        )
    if provider != "i" and order not in ORDERS_OF_LETTERS:
        return attention(
            _("The order of letters of the database is %(name)s.") % {"name": order},
            _("When it moves, make the new one: --encoding UTF8 --locale C.UTF-8"),
        )
    return ok(_("Kyrgyz letters are kept and sorted rightly."))


def database_log():
    if connection.vendor != "postgresql":
        return ok(_("The database writes no log in which residents' words could be."))
    loud = [
        name for name, value in SILENT_LOG.items() if ask(f"SHOW {name}") != [(value,)]
    ]
    if loud:
        return wrong(
            _("The log of PostgreSQL may hold residents' words (%(names)s).")
            % {"names": ", ".join(loud)},
            " ".join(
                f"ALTER ROLE {connection.settings_dict['USER'] or 'kaab'}"
                f" SET {name} = '{SILENT_LOG[name]}';"
                for name in loud
            ),
        )
    return ok(_("The database writes no log in which residents' words could be."))


def journal():
    faults = [str(fault) for fault in map(first_fault, chains()) if fault]
    if faults:
        return wrong(
            _("The journal was changed: %(faults)s.") % {"faults": "; ".join(faults)},
            _("Change nothing, keep a copy, and ask who had access to the machine."),
        )
    if not is_guarded(connection):
        return wrong(
            _("The database does not guard the journal."), _("Run: manage.py migrate")
        )
    return ok(_("The journal is whole and guarded."))


def shared_cache():
    backend = settings.CACHES["default"]["BACKEND"]
    if any(name in backend.lower() for name in UNSHARED_CACHES):
        return wrong(
            _("Each process remembers used codes by itself: one opens twice."),
            _("Remove CACHE_URL from var/env: a table of the database serves."),
        )
    name, value = f"doctor-{secrets.token_hex(8)}", secrets.token_hex(8)
    try:
        cache.set(name, value, 60)
        is_kept = cache.get(name) == value
        cache.delete(name)
    # Redis and Memcached have errors of their own.
    except Exception:
        is_kept = False
    if not is_kept:
        return wrong(
            _("Used codes and counted mistakes are not remembered."),
            _("Run manage.py createcachetable, or check CACHE_URL."),
        )
    if isinstance(caches["default"], DatabaseCache) and is_full(caches["default"]):
        return attention(
            _("The memory for used codes is nearly full."),
            _("Somebody may be guessing passwords: look at it again in an hour."),
        )
    return ok(_("All processes remember used codes together."))


def is_full(backend):
    table = connection.ops.quote_name(backend._table)
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    # The table's name is of the settings.
    count = f"SELECT COUNT(*) FROM {table} WHERE expires > %s"  # noqa: S608
    [(entries,)] = ask(count, [now])
    return entries >= FULL_SHARE * backend._max_entries


def clock():
    now = timezone.now()
    advice = _("Set the clock and switch on: timedatectl set-ntp true")
    last = JournalEntry.objects.order_by("-created_at").first()
    is_past = last and last.created_at > now + CLOCK_TOLERANCE
    if now.date() < WRITTEN_ON or is_past:
        return wrong(
            _("The clock shows %(moment)s, which is past already.")
            % {"moment": f"{timezone.localtime(now):%d.%m.%Y %H:%M}"},
            advice,
        )
    if connection.vendor == "postgresql":
        [(theirs,)] = ask("SELECT clock_timestamp()")
        if abs(theirs - timezone.now()) > CLOCK_TOLERANCE:
            return wrong(
                _("The clocks of the portal and of the database differ."), advice
            )
    here = timezone.localtime(now)
    if here.utcoffset() != timedelta(hours=6):
        return wrong(
            _("The time of Bishkek is not known rightly."),
            _("Install the package tzdata."),
        )
    return ok(
        _("The clock shows %(moment)s in Bishkek.")
        % {"moment": f"{here:%d.%m.%Y %H:%M}"}
    )


def demo():
    if not Center.objects.filter(is_demo=True).exists():
        return ok(_("There is no invented data."))
    if Center.objects.filter(is_demo=False).exists():
        return attention(
            _("Invented data stands beside a real centre."),
            _("Open the real centre on a database of its own."),
        )
    return attention(
        _("This is the demo: its people and concerns are invented."),
        _("For a real centre take an empty database, with DEMO=0."),
    )


def people():
    lacking = [
        center.slug
        for center in Center.objects.filter(is_demo=False)
        if not (center.has(Role.COORDINATOR) and center.has_custodian())
    ]
    if lacking:
        return attention(
            _("Without a coordinator or a custodian: %(centers)s.")
            % {"centers": ", ".join(lacking)},
            _("The coordinator names the first custodian on the page of members."),
        )
    return ok(_("Every centre has a coordinator and a custodian."))


def ask(statement, values=None):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


MACHINE = [
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
FOUNDATION = [database, migrations]
CONTENTS = [
    letters,
    database_log,
    journal,
    shared_cache,
    clock,
    demo,
    people,
]
