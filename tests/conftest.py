from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, connections

from centers.journal import drop_triggers


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
