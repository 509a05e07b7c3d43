import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.db.transaction import TransactionManagementError
from django.utils import timezone

from centers.journal import (
    INSTALLATION,
    Kind,
    Problem,
    drop_triggers,
    first_fault,
    install_triggers,
    is_guarded,
    record,
)
from centers.models import Center, JournalEntry, JournalHead, User

pytestmark = pytest.mark.django_db

NOOKAT = Center(pk=5)


@pytest.fixture
def lines():
    """Three lines of the installation's chain."""
    return [
        record(center=None, kind=Kind.SIGNED_IN, by=None),
        record(
            center=None,
            kind=Kind.EXPORTED,
            by=User(pk=7),
            subject="48210937",
            detail={"rows": 12, "form": "таблица", "month": None},
        ),
        record(center=None, kind=Kind.CENTER_OPENED, by=User(pk=7), subject="nookat"),
    ]


@pytest.fixture
def unguarded(lines):
    """Stand in for someone with the database in his hands: the triggers are gone."""
    drop_triggers(connection)


def test_a_line_says_who_did_what_to_which_and_follows_the_one_before(lines):
    _, line, _ = JournalEntry.objects.all()

    assert (line.kind, line.by_id, line.subject) == ("exported", 7, "48210937")
    assert line.detail == {"rows": 12, "form": "таблица", "month": None}
    assert line.number == 2
    assert line.previous_hash == lines[0].hash


def test_an_honest_chain_proves_true(lines):
    assert first_fault(INSTALLATION) is None


def test_an_empty_chain_proves_true():
    assert first_fault(INSTALLATION) is None


def test_each_centre_has_a_chain_of_its_own(lines):
    line = record(center=NOOKAT, kind=Kind.CENTER_OPENED, by=None)

    assert (line.center_id, line.number) == (5, 1)
    assert first_fault(NOOKAT.pk) is None


def test_the_proof_does_not_depend_on_the_time_zone(lines):
    with timezone.override(ZoneInfo("America/Lima")):
        assert first_fault(INSTALLATION) is None


def test_a_moment_without_fraction_is_written_and_read_alike():
    noon = datetime(2026, 11, 23, 12, tzinfo=ZoneInfo("Asia/Bishkek"))
    line = JournalEntry.objects.create(
        center_id=0, number=1, kind="exported", created_at=noon
    )

    assert JournalEntry.objects.get().digest() == line.digest()


@pytest.mark.django_db(transaction=True)
def test_a_line_is_written_only_in_the_transaction_of_its_change():
    with pytest.raises(TransactionManagementError):
        record(center=None, kind=Kind.SIGNED_IN, by=None)


@pytest.mark.django_db(transaction=True)
def test_a_change_that_fails_takes_its_line_back():
    with pytest.raises(RuntimeError), transaction.atomic():
        record(center=None, kind=Kind.PUBLISHED, by=None)
        raise RuntimeError

    assert not JournalEntry.objects.exists()
    assert first_fault(INSTALLATION) is None


def test_an_unknown_kind_is_refused():
    with pytest.raises(ValueError):
        record(center=None, kind="gossip", by=None)


@pytest.mark.parametrize("value", [0.1, ["a"], {"a": 1}, timezone.now()])
def test_a_detail_that_databases_write_in_several_ways_is_refused(value):
    with pytest.raises(TypeError):
        record(center=None, kind=Kind.EXPORTED, by=None, detail={"value": value})


def test_many_writers_at_once_make_one_chain(together):
    def write():
        with transaction.atomic():
            return record(center=None, kind=Kind.SIGNED_IN, by=None).number

    numbers = together(write, threads=8)

    assert sorted(numbers) == list(range(1, 9))
    assert together(lambda: first_fault(INSTALLATION)) == [None]


# The guard


CHANGES = [
    "UPDATE centers_journalentry SET subject = 'other'",
    "DELETE FROM centers_journalentry",
    "DELETE FROM centers_journalentry WHERE number = 3",
]
OF_SQLITE = ["REPLACE INTO centers_journalentry SELECT * FROM centers_journalentry"]
OF_POSTGRESQL = [
    "TRUNCATE centers_journalentry",
    "INSERT INTO centers_journalentry SELECT * FROM centers_journalentry"
    " ON CONFLICT (id) DO UPDATE SET subject = 'other'",
]


@pytest.mark.parametrize(
    "statement",
    CHANGES + (OF_SQLITE if connection.vendor == "sqlite" else OF_POSTGRESQL),
)
def test_the_database_refuses_to_change_a_line(lines, statement):
    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)

    assert JournalEntry.objects.count() == 3
    assert first_fault(INSTALLATION) is None


@pytest.mark.parametrize(
    "change",
    [
        lambda line: line.save(),
        lambda line: line.delete(),
        lambda line: JournalEntry.objects.update(by_id=None),
        lambda line: JournalEntry.objects.all().delete(),
        lambda line: JournalEntry.objects.bulk_update([line], ["subject"]),
    ],
    ids=["save", "delete", "update", "delete all", "bulk update"],
)
def test_the_orm_cannot_change_a_line_either(lines, change):
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        change(lines[1])


def test_a_second_line_of_the_same_number_is_refused(lines):
    fork = JournalEntry(center_id=0, number=3, kind="published", hash="0" * 64)

    with pytest.raises(IntegrityError), transaction.atomic():
        fork.save()


@pytest.mark.django_db(transaction=True)
def test_the_guard_is_set_again_after_every_migrate():
    drop_triggers(connection)
    assert not is_guarded(connection)

    call_command("migrate", verbosity=0)

    assert is_guarded(connection)


def test_the_guard_may_be_set_twice(lines):
    install_triggers(connection)

    assert is_guarded(connection)


# What a thief with the database in his hands would try


def run(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("center_id", 99),
        ("number", 12),
        ("kind", "Exported"),
        ("by_id", 8),
        ("by_id", None),
        ("subject", "48210938"),
        ("detail", '{"rows": 13, "form": "таблица", "month": null}'),
        ("detail", '"rows"'),
        ("created_at", "2026-11-23 10:00:00.000001+00:00"),
        ("previous_hash", "0" * 64),
        ("hash", "0" * 64),
    ],
)
def test_a_changed_column_is_found_in_the_line_it_stands_in(unguarded, column, value):
    run(f"UPDATE centers_journalentry SET {column} = %s WHERE number = 2", value)  # noqa: S608

    assert first_fault(INSTALLATION).number == 2


UNREADABLE = {
    "sqlite": ["subject = CAST(x'ff' AS TEXT)", "created_at = '2026-99-23 10:00'"],
    "postgresql": ["created_at = '12000-01-01'", "created_at = 'infinity'"],
}


@pytest.mark.parametrize("damage", UNREADABLE[connection.vendor])
def test_a_line_that_cannot_even_be_read_is_named(unguarded, damage):
    run(f"UPDATE centers_journalentry SET {damage} WHERE number = 2")  # noqa: S608

    assert first_fault(INSTALLATION).number == 2


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_deleted_line_is_missed_at_the_end_too(unguarded, number):
    run("DELETE FROM centers_journalentry WHERE number = %s", number)

    fault = first_fault(INSTALLATION)

    assert (fault.number, fault.problem) == (number, Problem.MISSING)


def test_a_line_changed_together_with_its_hash_is_found_by_the_next_one(unguarded):
    line = JournalEntry.objects.get(number=2)
    line.by_id = None
    run(
        "UPDATE centers_journalentry SET by_id = NULL, hash = %s WHERE number = 2",
        line.digest(),
    )

    assert first_fault(INSTALLATION).number == 3


def test_the_last_line_changed_together_with_its_hash_is_found_by_the_head(unguarded):
    line = JournalEntry.objects.get(number=3)
    line.by_id = None
    run(
        "UPDATE centers_journalentry SET by_id = NULL, hash = %s WHERE number = 3",
        line.digest(),
    )

    assert first_fault(INSTALLATION).number == 3


def test_a_line_added_by_hand_is_found(lines):
    extra = JournalEntry(
        center_id=0, number=4, kind="exported", previous_hash=lines[2].hash
    )
    extra.hash = extra.digest()
    extra.save()

    assert first_fault(INSTALLATION).number == 4


def test_lines_whose_head_is_gone_are_found(lines):
    JournalHead.objects.all().delete()

    assert first_fault(INSTALLATION).number == 1


# The command


def test_the_command_prints_the_end_of_every_chain(lines, capsys):
    other = record(center=NOOKAT, kind=Kind.CENTER_OPENED, by=None)

    call_command("verify_journal")

    printed = [line.split(" ", 2) for line in capsys.readouterr().out.splitlines()]
    assert [(chain, number) for chain, number, _signs in printed] == [
        ("0", "3"),
        ("5", "1"),
    ]
    for [_chain, _number, signs], line in zip(printed, [lines[2], other], strict=True):
        assert re.fullmatch(r"[0-9a-f]{4}( [0-9a-f]{4}){3}", signs)
        assert line.hash.startswith(signs.replace(" ", ""))


def test_a_noted_end_is_found_again_when_the_journal_has_grown(lines, capsys):
    call_command("verify_journal")
    note = capsys.readouterr().out.split()
    record(center=None, kind=Kind.SIGNED_IN, by=None)

    call_command("verify_journal", noted=note)

    assert "как было записано" in capsys.readouterr().out


@pytest.mark.parametrize(
    "note",
    ["0 3 0000 0000 0000 0000", "0 9 62ec 11aa 9f00 1234", "7 1 0", "0", "a b c"],
)
def test_a_journal_that_was_written_anew_does_not_match_the_note(note, lines):
    with pytest.raises(CommandError, match="(?i)запис"):
        call_command("verify_journal", noted=note.split())


def test_the_command_fails_and_names_the_first_bad_line(unguarded):
    run("UPDATE centers_journalentry SET by_id = 8 WHERE number >= 2")
    install_triggers(connection)

    with pytest.raises(CommandError) as failure:
        call_command("verify_journal")

    assert str(failure.value) == "цепочка 0, строка 2: изменена"


def test_the_command_fails_without_the_guard(unguarded):
    with pytest.raises(CommandError, match="не охраняет"):
        call_command("verify_journal")
