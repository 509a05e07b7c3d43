"""The doctor, asked about installations that are really broken."""

import os
import re
import shutil
import time
from collections import namedtuple
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from django.utils.translation import override
from pyrage import x25519

from centers import journal
from centers.journal import drop_triggers
from centers.models import Center, JournalEntry
from kaab.doctor import State, examine, inside, machine

from .factories import make_center, make_sheet, make_user
from .test_kaab_deploy import manage

pytestmark = pytest.mark.django_db

LONG, OTHER = "k" * 60, "c" * 40


@pytest.fixture(autouse=True)
def sound(settings, tmp_path):
    """A sound installation, which each test breaks in its own way."""
    settings.SECRET_KEY, settings.CODE_KEYS = LONG, [OTHER]
    settings.SITE_URL, settings.IS_SECURE = "https://portal.example.kg", True
    settings.CLIENT_ADDRESS_HEADER = "HTTP_X_REAL_IP"
    settings.VAR_DIR = tmp_path
    settings.BACKUP_RECIPIENTS = [str(x25519.Identity.generate().to_public())]
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STATIC_ROOT.mkdir()
    (settings.STATIC_ROOT / "staticfiles.json").write_text('{"paths": {}}')
    (tmp_path / "env").touch(mode=0o600)
    (tmp_path / "last_backup").touch()
    call_command("createcachetable")
    set_log(inside.SILENT_LOG)


def set_log(values):
    """Tell PostgreSQL what to write in its log, until the test is over."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for name, value in values.items():
                cursor.execute(f"SET LOCAL {name} = '{value}'")


def examined(language="ru"):
    out = StringIO()
    try:
        call_command("doctor", stdout=out, language=language)
    except SystemExit as end:
        return end.code, out.getvalue()
    return 0, out.getvalue()


def grow_old(file, days):
    moment = time.time() - days * 24 * 60 * 60
    os.utime(file, (moment, moment))


# What it says as a whole


def test_a_sound_installation_has_nothing_wrong():
    wrong = [f for f in examine() if f.state is State.WRONG]

    assert wrong == []


def test_it_ends_well_where_nothing_is_wrong():
    status, words = examined()

    assert status == 0
    assert "[в порядке]" in words
    assert "[неверно]" not in words


def test_it_ends_badly_where_something_is(settings):
    settings.DEBUG = True

    status, words = examined()

    assert status == 1
    assert "[неверно] DEBUG включён" in words
    assert words.splitlines()[-1] == "Неверно: 1."


def test_each_check_has_one_line(settings):
    settings.CODE_KEYS = ["short"]
    settings.DEBUG = True

    words = examined()[1]

    checks = len(machine.CHECKS + inside.FOUNDATION + inside.CHECKS)
    # And the last says how many are wrong.
    assert len(words.splitlines()) == checks + 1


def test_it_speaks_kyrgyz_too():
    assert "[жайында] DEBUG өчүк." in examined("ky")[1]


def test_it_shows_no_key(settings):
    settings.SECRET_KEY, settings.CODE_KEYS = "fish", ["fowl"]

    words = examined()[1]

    assert "fish" not in words
    assert "fowl" not in words


# The machine and the settings


@pytest.mark.parametrize(
    ("secret_key", "code_keys"),
    [(LONG, [OTHER, "short"]), ("short", [OTHER]), (LONG, [LONG])],
    ids=["short code key", "short secret key", "the same"],
)
def test_weak_keys_are_wrong(settings, secret_key, code_keys):
    settings.SECRET_KEY, settings.CODE_KEYS = secret_key, code_keys

    assert machine.keys().state is State.WRONG


def test_a_former_key_is_not_forgotten(settings):
    settings.SECRET_KEY_FALLBACKS = [LONG[::-1]]

    assert machine.keys().state is State.ATTENTION


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644])
def test_keys_that_others_can_read_are_wrong(tmp_path, mode):
    (tmp_path / "env").chmod(mode)

    found = machine.key_file()

    assert found.state is State.WRONG
    assert f"chmod 600 {tmp_path}" in found.advice


def test_a_setting_that_stands_twice_is_worth_a_look(tmp_path):
    lines = "BACKUP_RECIPIENTS=age1…\nSITE_URL=x\nBACKUP_RECIPIENTS=age1x\n"
    (tmp_path / "env").write_text(lines)

    found = machine.key_file()

    assert found.state is State.ATTENTION
    assert "BACKUP_RECIPIENTS." in found.text


@pytest.mark.parametrize("recipients", [[], ["age1…"]], ids=["none", "mistyped"])
def test_nobody_to_lock_backups_for_is_wrong(recipients, settings):
    settings.BACKUP_RECIPIENTS = recipients

    found = machine.backup_key()

    assert found.state is State.WRONG
    assert str(settings.VAR_DIR / "env") in found.advice


def test_a_portal_of_this_machine_alone_says_so(settings):
    settings.SITE_URL, settings.IS_SECURE = "http://127.0.0.1:8000", False

    assert machine.address().state is State.ATTENTION
    assert machine.client_address().state is State.OK


def test_one_limit_for_all_residents_is_wrong(settings):
    settings.CLIENT_ADDRESS_HEADER = ""

    assert machine.client_address().state is State.WRONG


def test_letters_that_go_nowhere_are_worth_a_look(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"

    assert machine.mail().state is State.ATTENTION
    assert machine.test_letter("aigul@example.org").state is State.WRONG


def test_a_test_letter_is_sent_to_whom_one_names(mailoutbox):
    call_command("doctor", language="ky", mail="aigul@example.org", stdout=StringIO())

    assert [letter.to for letter in mailoutbox] == [["aigul@example.org"]]
    assert "портал кат жөнөтө алат" in mailoutbox[0].body


def test_a_mail_server_that_is_not_there_is_wrong(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9

    with override("ru"):
        found = machine.test_letter("aigul@example.org")

    assert found.state is State.WRONG
    assert found.text.endswith(
        "127.0.0.1 не принял письмо: на этом порту никто не отвечает."
    )


@pytest.mark.parametrize("sender", ["portal", "portal@localhost", "Портал"])
def test_letters_without_a_sender_are_worth_a_look(sender, settings):
    settings.DEFAULT_FROM_EMAIL = sender

    assert machine.mail().state is State.ATTENTION


@pytest.mark.parametrize(
    ("total", "free", "state"),
    [
        (100_000, 50_000, State.OK),
        (100_000, 9_000, State.ATTENTION),
        (5_000, 999, State.ATTENTION),
        (100_000, 2_000, State.WRONG),
        (1_000, 199, State.WRONG),
    ],
)
def test_a_disk_is_full_by_share_and_by_size(monkeypatch, total, free, state):
    usage = namedtuple("usage", "total used free")
    space = usage(*(n * 1_000_000 for n in (total, total - free, free)))
    monkeypatch.setattr(shutil, "disk_usage", lambda path: space)

    assert machine.disk().state is state


def test_styles_that_were_never_collected_are_wrong(settings):
    (settings.STATIC_ROOT / "staticfiles.json").unlink()

    assert machine.static_files().state is State.WRONG


def test_a_style_that_is_gone_is_wrong(settings):
    manifest = settings.STATIC_ROOT / "staticfiles.json"
    manifest.write_text('{"paths": {"style.css": "style.12345678.css"}}')

    assert machine.static_files().state is State.WRONG


def test_styles_of_an_earlier_program_are_worth_a_look(settings):
    grow_old(settings.STATIC_ROOT / "staticfiles.json", days=9999)

    assert machine.static_files().state is State.ATTENTION


@pytest.mark.parametrize(
    ("days", "state"), [(1, State.OK), (3, State.ATTENTION), (8, State.WRONG)]
)
def test_a_backup_grows_old(tmp_path, days, state):
    grow_old(tmp_path / "last_backup", days)

    assert machine.last_backup().state is state


def test_no_backup_is_wrong_for_residents_and_not_for_a_try(settings, tmp_path):
    (tmp_path / "last_backup").unlink()
    assert machine.last_backup().state is State.WRONG

    settings.IS_SECURE = False
    assert machine.last_backup().state is State.ATTENTION


# The database and what is in it


@pytest.mark.parametrize(
    "url", ["postgres://kaab@127.0.0.1:1/kaab", "sqlite:////nowhere/kaab.sqlite3"]
)
def test_a_database_that_does_not_answer_ends_the_examination(tmp_path, url):
    done = manage(tmp_path, "doctor", DATABASE_URL=url)

    assert done.returncode == 1
    last = done.stdout.splitlines()[-2]
    assert last.startswith("[неверно] База данных не отвечает")
    assert ("PostgreSQL" in last) == url.startswith("postgres")


def test_a_migration_that_is_missing_ends_the_examination():
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'meetings'")

    last = list(examine())[-1]

    assert last.state is State.WRONG
    assert "migrate" in last.advice


def test_a_database_of_a_newer_program_ends_the_examination():
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied)"
            " VALUES ('centers', '9999_not_yet', '2026-11-01')"
        )

    last = list(examine())[-1]

    assert last.state is State.WRONG
    assert "Обновить и вернуться назад" in last.advice


def test_a_damaged_file_ends_the_examination_without_a_traceback(tmp_path):
    (tmp_path / "kaab.sqlite3").write_text("not a database " * 999)

    done = manage(tmp_path, "doctor", DATABASE_URL=None)

    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "повреждена" in done.stdout.splitlines()[-2]


def test_a_second_step_that_no_key_opens_is_wrong(settings):
    user = make_user()
    user.authenticator_set.all().delete()
    make_sheet(user)
    assert inside.second_factors().state is State.OK

    settings.SECRET_KEY = "another " * 9

    found = inside.second_factors()
    assert found.state is State.WRONG
    assert "relock" in found.advice


@pytest.mark.parametrize(
    "value",
    [
        {"log_min_error_statement": "error"},
        {"log_error_verbosity": "default"},
        {"log_statement": "mod"},
        {"log_min_duration_statement": "500"},
    ],
    ids=lambda value: next(iter(value)),
)
def test_a_log_with_residents_words_is_wrong(value):
    set_log(value)

    found = inside.database_log()

    # SQLite has none.
    is_postgresql = connection.vendor == "postgresql"
    assert (found.state is State.WRONG) == is_postgresql
    assert (next(iter(value)) in found.advice) == is_postgresql


def test_a_journal_without_its_guard_is_wrong():
    drop_triggers(connection)

    assert inside.journal().state is State.WRONG


def test_a_journal_that_was_changed_is_wrong(center):
    journal.record(center=center, kind=journal.Kind.CENTER_OPENED, by=None)
    drop_triggers(connection)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE centers_journalentry SET subject = 'another'")
    journal.install_triggers(connection)

    found = inside.journal()

    assert found.state is State.WRONG
    assert f"{center.pk}-чынжыр, 1-сап" in found.text


@pytest.mark.parametrize("kind", ["locmem.LocMemCache", "dummy.DummyCache"])
def test_a_cache_of_each_process_alone_is_wrong(settings, kind):
    backend = f"django.core.cache.backends.{kind}"
    settings.CACHES = settings.CACHES | {"default": {"BACKEND": backend}}

    assert inside.shared_cache().state is State.WRONG


def test_a_cache_that_does_not_keep_is_wrong(settings, tmp_path):
    backend = "django.core.cache.backends.filebased.FileBasedCache"
    (tmp_path / "file").touch()
    settings.CACHES = settings.CACHES | {
        "default": {"BACKEND": backend, "LOCATION": str(tmp_path / "file" / "cache")}
    }

    assert inside.shared_cache().state is State.WRONG


def test_a_full_cache_is_worth_a_look(settings):
    table = settings.CACHES["default"]
    options = {"OPTIONS": {"MAX_ENTRIES": 10}}
    settings.CACHES = settings.CACHES | {"default": table | options}
    cache.set_many({str(number): number for number in range(9)}, 60)
    assert inside.shared_cache().state is State.ATTENTION

    cache.clear()
    cache.set_many({str(number): number for number in range(9)}, -1)
    assert inside.shared_cache().state is State.OK


def test_a_clock_behind_the_journal_is_wrong(center):
    journal.record(center=center, kind=journal.Kind.CENTER_OPENED, by=None)
    drop_triggers(connection)
    tomorrow = timezone.now() + timedelta(days=1)
    JournalEntry.objects.update(created_at=tomorrow)

    assert inside.clock().state is State.WRONG


def test_another_time_zone_is_wrong(settings):
    settings.TIME_ZONE = "Europe/Moscow"

    assert inside.clock().state is State.WRONG


def test_the_demo_beside_a_real_centre_is_worth_a_look(center):
    assert inside.demo().state is State.OK

    make_center(slug="invented", is_demo=True)
    assert inside.demo().state is State.ATTENTION


def test_a_portal_without_a_centre_is_worth_a_look():
    assert inside.people().state is State.ATTENTION


@pytest.mark.usefixtures("center", "cholpon")
def test_a_centre_without_a_custodian_is_named():
    assert Center.objects.count() == 1

    found = inside.people()

    assert found.state is State.ATTENTION
    assert "mirmakhmudov" in found.text


@pytest.mark.usefixtures("cholpon", "jamila")
def test_a_centre_with_both_is_in_order():
    assert inside.people().state is State.OK


@pytest.mark.parametrize(
    ("module", "listed"),
    [(machine, machine.CHECKS), (inside, inside.FOUNDATION + inside.CHECKS)],
    ids=["machine", "inside"],
)
def test_every_check_of_a_module_is_in_its_list(module, listed):
    source = Path(module.__file__).read_text(encoding="utf-8")
    functions = re.findall(r"\ndef (\w+)\(\):\n(.*?)(?=\n\n\n|\Z)", source, re.S)

    checks = {name for name, body in functions if "return ok(" in body}
    assert checks == {check.__name__ for check in listed}
