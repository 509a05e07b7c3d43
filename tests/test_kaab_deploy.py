"""In production: no warning of Django's, no start without keys, no half migration."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from kaab import command_line

pytestmark = pytest.mark.once

ASK = """
import json
from django.conf import settings
names = %s
print(json.dumps({name: getattr(settings, name) for name in names}, default=str))
"""


def manage(tmp_path, *command, **environment):
    """Run manage.py as on a server of its own, and return what it said."""
    production = {
        "SECRET_KEY": "k" * 50 + "0123456789",
        "CODE_KEY": "another key, of the codes",
        "SITE_URL": "https://kaab.example.org",
        "ALLOWED_HOSTS": "kaab.example.org",
        "VAR_DIR": str(tmp_path),
    }
    system = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    named = system | production | environment
    return subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=settings.BASE_DIR,
        env={name: value for name, value in named.items() if value is not None},
        capture_output=True,
        text=True,
        timeout=60,
    )


def setting(tmp_path, *names, **environment):
    done = manage(tmp_path, "shell", "-v", "0", "-c", ASK % list(names), **environment)
    return json.loads(done.stdout.splitlines()[-1])


def test_django_has_nothing_to_warn_of(tmp_path):
    done = manage(tmp_path, "check", "--deploy", "--fail-level", "WARNING")

    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("name", ["SECRET_KEY", "CODE_KEY"])
@pytest.mark.parametrize("value", [None, ""], ids=["unset", "empty"])
def test_it_does_not_start_without_a_key(name, value, tmp_path):
    done = manage(tmp_path, "check", **{name: value})

    assert done.returncode != 0
    assert name in done.stderr


def test_former_keys_may_be_listed(tmp_path):
    found = setting(
        tmp_path, "SECRET_KEY_FALLBACKS", SECRET_KEY_FALLBACKS="one before,two before"
    )

    assert found == {"SECRET_KEY_FALLBACKS": ["one before", "two before"]}


def test_it_does_not_serve_the_world_in_clear(tmp_path):
    done = manage(tmp_path, "check", SITE_URL="http://kaab.example.org")

    assert done.returncode != 0
    assert "SITE_URL" in done.stderr


def test_cookies_belong_to_the_host_and_die_with_the_browser(tmp_path):
    found = setting(
        tmp_path,
        "SESSION_COOKIE_NAME",
        "CSRF_COOKIE_NAME",
        "SESSION_COOKIE_SECURE",
        "CSRF_COOKIE_SECURE",
        "SESSION_COOKIE_HTTPONLY",
        "SESSION_EXPIRE_AT_BROWSER_CLOSE",
        "CSRF_COOKIE_AGE",
        "SECURE_SSL_REDIRECT",
        "DEBUG",
    )

    assert found == {
        "SESSION_COOKIE_NAME": "__Host-sessionid",
        "CSRF_COOKIE_NAME": "__Host-csrftoken",
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_EXPIRE_AT_BROWSER_CLOSE": True,
        "CSRF_COOKIE_AGE": None,
        "SECURE_SSL_REDIRECT": True,
        "DEBUG": False,
    }


def test_a_counter_holds_in_every_process(tmp_path):
    cache = setting(tmp_path, "CACHES")["CACHES"]["default"]["BACKEND"]

    assert "locmem" not in cache
    assert "dummy" not in cache


def test_no_fault_is_mailed_with_a_residents_words():
    assert "mail_admins" not in settings.LOGGING["handlers"]
    assert not any(
        "AdminEmail" in str(h) for h in settings.LOGGING["handlers"].values()
    )


@pytest.mark.django_db
def test_the_migrations_are_what_the_models_say():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


# What is wrong is said in words


PASSWORD = "four#words"
WRONG = [
    ("EMAIL_URL", "mail.example.kg"),
    ("EMAIL_URL", f"smtp+tls://name:{PASSWORD}@mail.example.kg:587"),
    ("CLOSE_AFTER_DAYS", "thirty"),
    ("DATABASE_URL", "nothing"),
    ("DATABASE_URL", f"postgers://kaab:{PASSWORD}@/kaab"),
    ("CACHE_URL", "nothing"),
    ("SITE_URL", "http://kaab.example.org"),
]


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_a_setting_that_is_not_understood_is_named_and_not_shown(name, value, tmp_path):
    done = manage(tmp_path, "doctor", **{name: value})

    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert f"{name} " in done.stderr
    assert PASSWORD not in done.stderr + done.stdout


def test_what_is_wrong_is_said_in_both_languages(tmp_path):
    said = manage(tmp_path, "check", SECRET_KEY=None).stderr

    assert "туура эмес же коюлган эмес" in said
    assert "не задан или неверен" in said


def test_a_file_of_keys_that_one_may_not_read_is_named(monkeypatch):
    error = PermissionError(13, "Permission denied", "/var/lib/kaab/env")

    said = command_line.meaning(error)

    assert "/var/lib/kaab/env" in said
    assert "Permission" not in said


@pytest.mark.parametrize("command", ["verify_journal", "daily", "prepare"])
def test_a_database_that_does_not_answer_is_said_in_words(command, tmp_path):
    url = f"postgres://kaab:{PASSWORD}@127.0.0.1:1/kaab"

    done = manage(tmp_path, command, DATABASE_URL=url)

    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "Посмотрите, работает ли PostgreSQL" in done.stderr
    assert PASSWORD not in done.stderr


def test_who_asks_sees_the_traceback(tmp_path):
    done = manage(tmp_path, "check", "--traceback", SECRET_KEY=None)

    assert "Traceback" in done.stderr


@pytest.mark.django_db
def test_the_portal_does_not_start_on_the_database_of_a_newer_one():
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied)"
            " VALUES ('centers', '9999_not_yet', '2026-11-01')"
        )

    with pytest.raises(CommandError) as failure:
        call_command("prepare")

    assert "жаңыраак программа" in str(failure.value)
    assert "более новая программа" in str(failure.value)
