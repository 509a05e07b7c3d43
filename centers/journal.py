"""The one door to the append-only journal: write a line, prove that none was changed.

Each centre has a chain of its own, and so has the installation (center None). A line
holds a person's id, never a name, and a public reference, never a resident's words.
"""

from dataclasses import dataclass
from enum import StrEnum

from django.db import DatabaseError, connections, models, transaction
from django.db.models.functions import Coalesce
from django.utils.translation import gettext, pgettext_lazy

from .models import Center, JournalEntry, JournalHead, User
from .models.journal import GENESIS

INSTALLATION = 0


class Kind(StrEnum):
    """What is journalled. Values are stored for ever: add, never rename."""

    SIGNED_IN = "signed_in"
    SIGN_IN_FAILED = "sign_in_failed"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105  # nosec B105
    SECOND_FACTOR_SET = "second_factor_set"
    SECOND_FACTOR_REMOVED = "second_factor_removed"
    SESSIONS_ENDED = "sessions_ended"
    LINK_GIVEN = "link_given"
    LINK_USED = "link_used"
    NEW_START_GIVEN = "new_start_given"
    NEW_START_USED = "new_start_used"
    CENTER_OPENED = "center_opened"
    MEMBER_INVITED = "member_invited"
    INVITATION_WITHDRAWN = "invitation_withdrawn"
    INVITATION_USED = "invitation_used"
    ROLE_GIVEN = "role_given"
    ROLE_ENDED = "role_ended"
    CONFIDENTIAL_READ = "confidential_read"
    IDENTITY_SEEN = "identity_seen"
    LEVEL_RAISED = "level_raised"
    LEVEL_LOWERED = "level_lowered"
    CUSTODY_TAKEN = "custody_taken"
    CUSTODY_RELEASED = "custody_released"
    PUBLISHED = "published"
    UNPUBLISHED = "unpublished"
    EXPORTED = "exported"
    TERM_SET = "term_set"
    IDENTITY_ASKED = "identity_asked"
    IDENTITY_ALLOWED = "identity_allowed"
    IDENTITY_REFUSED = "identity_refused"
    IDENTITY_ERASED = "identity_erased"
    CODE_PRINTED = "code_printed"
    CODE_CHANGED = "code_changed"
    CODE_ENDED = "code_ended"
    CODE_ASKED = "code_asked"
    CODE_ISSUED = "code_issued"
    PROTOCOL_APPROVED = "protocol_approved"
    PROTOCOL_AMENDED = "protocol_amended"
    PLAN_SIGNED = "plan_signed"
    PLAN_AMENDED = "plan_amended"
    PLAN_AMENDMENT_LEFT = "plan_amendment_left"
    PLAN_RESULT_WRITTEN = "plan_result_written"
    SIGNATURE_CORRECTED = "signature_corrected"
    SIGNATURE_STRUCK_OUT = "signature_struck_out"
    CALENDAR_MADE = "calendar_made"
    CALENDAR_ENDED = "calendar_ended"


class Problem(models.TextChoices):
    MISSING = "missing", pgettext_lazy("journal", "is missing")
    CHANGED = "changed", pgettext_lazy("journal", "was changed")
    OUT_OF_LINE = (
        "out_of_line",
        pgettext_lazy("journal", "does not follow the line before it"),
    )
    UNREADABLE = "unreadable", pgettext_lazy("journal", "cannot be read")
    NOT_LAST = (
        "not_last",
        pgettext_lazy("journal", "is not the last line that was written"),
    )
    STRAY = "stray", pgettext_lazy("journal", "stands past the end")


@dataclass(frozen=True)
class Fault:
    """The first line of a chain that is not as it was written."""

    center_id: int
    number: int
    problem: Problem
    # What the database or Python said, for whoever looks after the machine
    cause: str = ""

    def __str__(self):
        said = gettext("chain %(chain)s, line %(line)s: %(problem)s") % {
            "chain": self.center_id,
            "line": self.number,
            "problem": self.problem.label,
        }
        return f"{said} ({self.cause})" if self.cause else said


def record(
    *,
    center: Center | None,
    kind: Kind,
    by: User | None,
    subject: str = "",
    detail: dict[str, str | int | None] | None = None,
) -> JournalEntry:
    """
    Write one line at the end of a centre's chain and return it.

    `by` is None for a resident and for the portal itself. `subject` is a public
    reference; `detail` a flat dictionary of words and whole numbers that name nobody.

    Call it last in the transaction of the change: from here to the commit every other
    writer of the centre waits. Raises TransactionManagementError outside a transaction,
    ValueError for an unknown kind and TypeError for a detail of another shape.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError(
            "A journal line and the change it tells of share one transaction."
        )
    # Under READ COMMITTED two writers could read the same end and fork the chain: the
    # second waits here. Two who create the head at once meet at its primary key.
    head, _ = JournalHead.objects.select_for_update().get_or_create(
        center_id=center.pk if center else INSTALLATION
    )
    entry = JournalEntry(
        center_id=head.center_id,
        number=head.number + 1,
        kind=Kind(kind),
        by_id=by.pk if by else None,
        subject=subject,
        detail=checked(detail or {}),
        previous_hash=head.hash,
    )
    entry.hash = entry.digest()
    entry.save(force_insert=True)
    head.number, head.hash = entry.number, entry.hash
    head.save(update_fields=["number", "hash"])
    return entry


def checked(detail):
    # A float or a nested value could come back from the database written differently,
    # and an honest line would look like a forged one.
    for name, value in detail.items():
        if not isinstance(name, str) or not isinstance(value, str | int | None):
            raise TypeError(f"{name!r} of a journal line is neither text nor number.")
    return detail


def first_fault(center_id: int) -> Fault | None:
    """
    Return the first line of a chain that does not prove true, or None.

    A chain outlives its centre, so it is asked for by its number. Reads without locks:
    one that is written meanwhile is proved up to the end it had at the beginning.
    """
    entries = JournalEntry.objects.filter(center_id=center_id).order_by("number")
    head = JournalHead.objects.filter(center_id=center_id).first()
    head = head or JournalHead(center_id=center_id)

    number, last_hash = 0, GENESIS
    try:
        # One at a time: a damaged line is to be named, not the chunk it came in.
        for entry in entries.filter(number__lte=head.number).iterator(chunk_size=1):
            number += 1
            if entry.number != number:
                return Fault(center_id, number, Problem.MISSING)
            if entry.previous_hash != last_hash:
                return Fault(center_id, number, Problem.OUT_OF_LINE)
            if entry.hash != entry.digest():
                return Fault(center_id, number, Problem.CHANGED)
            last_hash = entry.hash
    except (DatabaseError, ValueError, AttributeError) as error:
        return Fault(center_id, number + 1, Problem.UNREADABLE, str(error))
    if number < head.number:
        return Fault(center_id, number + 1, Problem.MISSING)
    if last_hash != head.hash:
        return Fault(center_id, number, Problem.NOT_LAST)

    # One statement, one view of both tables: a line being written cannot seem stray.
    end = JournalHead.objects.filter(center_id=center_id).values("number")
    stray = entries.filter(number__gt=Coalesce(models.Subquery(end), 0)).first()
    return Fault(center_id, stray.number, Problem.STRAY) if stray else None


def chains() -> list[int]:
    """Return the numbers of all chains, 0 being the installation's."""
    heads = JournalHead.objects.values_list("center_id")
    entries = JournalEntry.objects.order_by().values_list("center_id")
    return sorted(center_id for (center_id,) in heads.union(entries))


# SQLite deletes in silence what INSERT OR REPLACE replaces: hence the third trigger.
TRIGGERS = {
    "sqlite": {
        "journal_no_update": "BEFORE UPDATE ON centers_journalentry",
        "journal_no_delete": "BEFORE DELETE ON centers_journalentry",
        "journal_no_replace": """BEFORE INSERT ON centers_journalentry WHEN EXISTS (
            SELECT 1 FROM centers_journalentry WHERE id = NEW.id
            OR (center_id = NEW.center_id AND number = NEW.number))""",
    },
    "postgresql": {
        "journal_no_change": "BEFORE UPDATE OR DELETE ON centers_journalentry"
        " FOR EACH ROW",
        "journal_no_truncate": "BEFORE TRUNCATE ON centers_journalentry"
        " FOR EACH STATEMENT",
    },
}

BODIES = {
    "sqlite": "BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END",
    "postgresql": "EXECUTE FUNCTION refuse_journal_change()",
}

REFUSAL = """
CREATE OR REPLACE FUNCTION refuse_journal_change() RETURNS trigger
LANGUAGE plpgsql AS $$ BEGIN
    RAISE EXCEPTION 'the journal is append-only' USING ERRCODE = 'restrict_violation';
END $$
"""

NAMES_IN_PLACE = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE tgenabled <> 'D'",
}


def install_triggers(connection):
    """Make the database itself refuse to change or delete a line; repeatable."""
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        drop_triggers(connection)
        if connection.vendor == "postgresql":
            cursor.execute(REFUSAL)
        for name, event in TRIGGERS[connection.vendor].items():
            cursor.execute(f"CREATE TRIGGER {name} {event} {BODIES[connection.vendor]}")


def drop_triggers(connection):
    """Take the guard away; for tests, whose databases are emptied between them."""
    on_table = " ON centers_journalentry" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        for name in TRIGGERS[connection.vendor]:
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on_table}")


def is_guarded(connection):
    """Say whether every trigger is in its place."""
    with connection.cursor() as cursor:
        cursor.execute(NAMES_IN_PLACE[connection.vendor])
        return TRIGGERS[connection.vendor].keys() <= {name for (name,) in cursor}


def guard(sender, using, **kwargs):
    """
    Set the triggers after every migrate.

    A migration of its own would not do: on SQLite an AlterField builds the table anew
    and drops its triggers in silence.
    """
    connection = connections[using]
    if JournalEntry._meta.db_table in connection.introspection.table_names():
        install_triggers(connection)
