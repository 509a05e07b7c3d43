import gc
import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.conf import settings
from django.db import connection, connections
from django.utils import timezone, translation

from centers.journal import drop_triggers
from centers.models import Role
from concerns import codes
from concerns.workflow import Level

from .factories import (
    CHEAP,
    COUNCIL,
    POLICE,
    RESIDENTS,
    SUPPORTER,
    make_category,
    make_center,
    make_meeting,
    make_member,
    make_membership,
    make_topic,
    make_user,
)

# With NO_SKIP=1 everything is proved: browser, server and checker too, and a skipped
# test fails the run. Without, what needs more than Python is left out.
NO_SKIP = os.environ.get("NO_SKIP") == "1"
NEEDS_MORE = {"browser", "server", "html", "paper"}


def pytest_configure():
    # The collector would walk through the same modules again and again.
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
    settings.STORAGES["staticfiles"]["BACKEND"] = (
        "django.contrib.staticfiles.storage.StaticFilesStorage"
    )
    # Files too are gone after each run; those of their own tests lie on a disk.
    settings.STORAGES["default"]["BACKEND"] = (
        "django.core.files.storage.InMemoryStorage"
    )
    # A test asks for what is there now; those of the copies switch them on.
    settings.CACHES["pages"]["BACKEND"] = "django.core.cache.backends.dummy.DummyCache"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)


def asked_before(items):
    """Return what asks the same as one before it, only of something else."""
    first = {}
    for item in items:
        first.setdefault((item.path, item.originalname), item)
    return set(items) - set(first.values())


def pytest_collection_modifyitems(config, items):
    names = [] if config.pluginmanager.hasplugin("tests.prove.proofs") else ["proof"]
    if connection.vendor != "sqlite":
        names += ["once", "sweep"] if names else ["once"]
    left = {item for item in items if any(map(item.get_closest_marker, names))}
    if connection.vendor != "sqlite" and "proof" in names:
        left |= asked_before([item for item in items if item not in left])
    config.hook.pytest_deselected(items=list(left))
    items[:] = [item for item in items if item not in left]
    for item in items:
        if "playwright" in item.fixturenames:
            item.add_marker("browser")
        needed = NEEDS_MORE.intersection(mark.name for mark in item.iter_markers())
        if needed and not NO_SKIP:
            reason = f"needs the {' and '.join(sorted(needed))}: run with NO_SKIP=1"
            item.add_marker(pytest.mark.skip(reason))


def pytest_sessionfinish(session):
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if NO_SKIP and reporter and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    """Launch the system's Chromium: none is downloaded."""
    return browser_type_launch_args | {
        "executable_path": shutil.which("chromium") or shutil.which("google-chrome"),
        "args": [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ],
    }


@pytest.fixture(scope="session")
def shared(tmp_path_factory):
    """A folder that all workers of the run have in common."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Leave no session behind that would keep the test database from being dropped.

    Beside a browser's running loop Django keeps connections apart from those before it,
    and closes in the end but the ones of the moment.
    """
    yield
    if connection.vendor == "postgresql":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


@pytest.fixture(autouse=True)
def _journal_may_be_emptied(request):
    """After a test that commits, its tables are emptied: the guard must stand aside."""
    marker = request.node.get_closest_marker("django_db")
    commits = marker is not None and marker.kwargs.get("transaction", False)
    if not commits and {"transactional_db", "live_server"}.isdisjoint(
        request.fixturenames
    ):
        yield
        return
    request.getfixturevalue("transactional_db")
    yield
    drop_triggers(connection)


@pytest.fixture
def together(transactional_db, tmp_path, monkeypatch):
    """
    Give a function that runs work in several threads at once, each with a connection.

    SQLite's test database is in memory, where threads fail on each other's locks as
    they never do in a file: they get a copy of it in one, and the test asks its
    questions about it through the same function.
    """
    if connection.vendor == "sqlite":
        copy = tmp_path / "copy.sqlite3"
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(copy)])
        monkeypatch.setitem(connections.settings["default"], "NAME", copy)

    def run(work, threads=1):
        start = Barrier(threads)

        def one(_):
            start.wait()
            try:
                return work()
            finally:
                connections.close_all()

        with ThreadPoolExecutor(threads) as pool:
            return list(pool.map(one, range(threads)))

    return run


@pytest.fixture(autouse=True)
def _kyrgyz():
    """Undo the language that the last page of a test before this one was asked in."""
    with translation.override("ky"):
        yield


@pytest.fixture
def cheap_codes(monkeypatch):
    """Hash residents' codes in no time, the code that opens nothing included."""
    monkeypatch.setattr(codes, "HASHER", CHEAP)


# The cast. Aida, a resident, has no account: she is whoever nobody is signed in as.


@pytest.fixture
def center(db):
    return make_center(
        slug="mirmakhmudov", name_ky="Мирмахмудов", name_ru="Мирмахмудов"
    )


@pytest.fixture
def other_center(db):
    return make_center(slug="aral", name_ky="Арал", name_ru="Арал")


@pytest.fixture
def aida(client):
    """A resident's phone."""
    return client


@pytest.fixture
def cholpon(center):
    """The coordinator, of the council."""
    return make_member(center, COUNCIL, Role.COORDINATOR, full_name="Асанова Чолпон")


@pytest.fixture
def elmira(center):
    """A member of the council's staff."""
    return make_member(center, COUNCIL, full_name="Бекова Элмира")


@pytest.fixture
def bakyt(center):
    """The district police officer."""
    return make_member(center, POLICE, full_name="Сыдыков Бакыт")


@pytest.fixture
def ruslan(center):
    """His colleague."""
    return make_member(center, POLICE, full_name="Орозов Руслан")


@pytest.fixture
def farida(center):
    """Takes in what is confidential."""
    return make_member(center, COUNCIL, Role.INTAKE, full_name="Юсупова Фарида")


@pytest.fixture
def jamila(center):
    """The custodian, a resident."""
    return make_member(center, RESIDENTS, Role.CUSTODIAN, full_name="Маматова Жамиля")


@pytest.fixture
def nurlan(center):
    """A member of the elders' court."""
    return make_member(center, RESIDENTS, full_name="Эргешов Нурлан")


@pytest.fixture
def olga(center):
    """An observer of a supporting organisation."""
    return make_member(center, SUPPORTER, Role.OBSERVER, full_name="Ольга Ким")


@pytest.fixture
def daniyar(other_center):
    """Coordinator of another centre, who must never get in."""
    return make_member(
        other_center, COUNCIL, Role.COORDINATOR, full_name="Абдиев Данияр"
    )


@pytest.fixture
def temir(center, other_center):
    """Of the council here and of the police elsewhere."""
    user = make_member(center, COUNCIL, full_name="Жолдошев Темир")
    make_membership(other_center, POLICE, user=user)
    return user


@pytest.fixture
def emil(center):
    """The coordinator of before, whose membership has ended."""
    user = make_user(full_name="Касымов Эмил")
    make_membership(
        center, COUNCIL, Role.COORDINATOR, user=user, ended_at=timezone.now()
    )
    return user


@pytest.fixture
def sultan(center):
    """Runs the installation; that a centre gave him a role too must not help him."""
    user = make_user(full_name="Султан", is_superuser=True, is_staff=True)
    make_membership(center, COUNCIL, Role.COORDINATOR, user=user)
    return user


# What worries Aida


@pytest.fixture
def lighting():
    return make_category(code="street_lighting")


@pytest.fixture
def violence():
    return make_category(Level.CONFIDENTIAL, code="domestic_violence")


# What is discussed


@pytest.fixture
def three_topics(center):
    meeting = make_meeting(center)
    for topic in ("а", "б", "в"):
        make_topic(meeting, topic_ky=topic)
    return meeting
