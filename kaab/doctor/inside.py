"""The database, and what can only be asked of it."""

import secrets
from datetime import date, timedelta

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.cache import cache, caches
from django.core.cache.backends.db import DatabaseCache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from django.utils.translation import gettext as _

from centers.journal import chains, first_fault, is_guarded
from centers.models import Center, JournalEntry, Role
from centers.second_factor import is_lost

from ..backups import soundness
from ..backups.contents import last_migrations, unknown
from ..console import typed
from .findings import attention, ok, wrong

# No clock that is right shows a day before this program was written.
WRITTEN_ON = date(2026, 11, 1)
# A code of an app is good for half a minute.
CLOCK_TOLERANCE = timedelta(seconds=30)
FULL_SHARE = 0.9
UNSHARED_CACHES = ("locmem", "dummy")
ORDERS_OF_LETTERS = ("C.UTF-8", "C.utf8")
# What PostgreSQL must not write of a statement: a resident's words are in it.
SILENT_LOG = {
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_statement": "none",
    "log_min_duration_statement": "-1",
}


def database():
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        return wrong(
            _("The database does not answer (%(error)s).")
            % {"error": soundness.first_line(error)},
            str(soundness.meaning(error)),
        )
    if found := soundness.trouble():
        return wrong(_("The database cannot be used."), str(found))
    kind = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[connection.vendor]
    return ok(_("The database answers: %(kind)s.") % {"kind": kind})


def migrations():
    if unknown(last_migrations(connection)):
        return wrong(
            _("The database was used by a newer program."),
            _(
                "Do not start this one. Install the newer program again, or restore the"
                " backup made before the upgrade: “Upgrade, and go back”."
            ),
        )
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        return wrong(
            _("The database is older than the program: changes to be made: %(number)s.")
            % {"number": len(plan)},
            _("Make a backup, then run: %(command)s") % {"command": typed("migrate")},
        )
    return ok(_("The database fits the program."))


# What is in it


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
            _("The database does not guard the journal."),
            _("Run: %(command)s") % {"command": typed("migrate")},
        )
    return ok(_("The journal is whole and guarded."))


def second_factors():
    number = sum(map(is_lost, Authenticator.objects.all()))
    if number:
        return wrong(
            _("No key opens the second step of people: %(number)s.")
            % {"number": number},
            _(
                "They are told that the code is wrong. SECRET_KEY was changed: add the"
                " former one to %(file)s as SECRET_KEY_FALLBACKS, restart the portal,"
                " run %(command)s. If it is lost, give each a new start."
            )
            % {"file": settings.VAR_DIR / "env", "command": typed("relock")},
        )
    return ok(_("The keys open everybody's second step."))


def shared_cache():
    backend = settings.CACHES["default"]["BACKEND"]
    if any(name in backend.lower() for name in UNSHARED_CACHES):
        return wrong(
            _("Each process remembers used codes by itself: one opens twice."),
            _("Remove CACHE_URL from %(file)s: a table of the database serves.")
            % {"file": settings.VAR_DIR / "env"},
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
            _("Run %(command)s, or check CACHE_URL.")
            % {"command": typed("createcachetable")},
        )
    if isinstance(caches["default"], DatabaseCache) and is_full(caches["default"]):
        return attention(
            _("The memory for used codes is nearly full."),
            _("Somebody may be guessing passwords: look at it again in an hour."),
        )
    return ok(_("A code that was used does not open a second time."))


def is_full(backend):
    table = connection.ops.quote_name(backend._table)
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    # The table's name is of the settings.
    count = f"SELECT COUNT(*) FROM {table} WHERE expires > %s"  # noqa: S608  # nosec B608
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
    if not Center.objects.exists():
        return attention(
            _("No centre is open yet."),
            _("Open one as the guide says: %(command)s")
            % {"command": typed("open_center")},
        )
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


# Without these, in this order, nothing else can be asked.
FOUNDATION = [database, migrations]
CHECKS = [
    letters,
    database_log,
    journal,
    second_factors,
    shared_cache,
    clock,
    demo,
    people,
]
