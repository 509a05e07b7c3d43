"""Runs what proves a target and nothing else, and says at the end what came out.

    .venv/bin/pytest -p tests.prove.proofs …

What `make prove` does; PROOFS="T5 R8" names some.
"""

import os
from collections import Counter, defaultdict

import pytest
from django.conf import settings

from .targets import TARGETS

wanted = os.environ.get("PROOFS", "").split() or list(TARGETS)
figures, outcomes = defaultdict(list), defaultdict(Counter)
# Targets with tests that one database answers for all: the run on SQLite asks them
elsewhere = set()


def targets_of(nodeid):
    return [
        target for target in wanted if nodeid.startswith(tuple(TARGETS[target].places))
    ]


# After the tests' own: those leave some out.
@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    others = [item for item in items if not targets_of(item.nodeid)]
    config.hook.pytest_deselected(items=others)
    items[:] = [item for item in items if item not in others]


def pytest_deselected(items):
    for item in items:
        if item.get_closest_marker("once") or item.get_closest_marker("sweep"):
            elsewhere.update(targets_of(item.nodeid))


def word_for(target):
    """Return what came out: what was not run is not proved."""
    outcome = outcomes[target]
    if not outcome and target in elsewhere:
        return "SQLite"
    return "ok" if outcome["passed"] and not outcome["failed"] else "FAILED"


@pytest.fixture
def proved(record_property):
    """Give a function that notes a figure under a target: "R8", "20 moves: 1 won"."""

    def note(target, figure):
        record_property(target, figure)

    return note


def pytest_runtest_logreport(report):
    if report.when != "call" and not report.failed:
        return
    for target in targets_of(report.nodeid):
        outcomes[target][report.outcome] += 1
    for target, figure in report.user_properties:
        figures[target].append(figure)


def pytest_terminal_summary(terminalreporter):
    terminalreporter.section(f"proved on {settings.DATABASES['default']['ENGINE']}")
    for target in wanted:
        said = [*dict.fromkeys(figures[target]), f"{outcomes[target].total()} tests"]
        promise = f"{TARGETS[target].promise}: {'; '.join(said)}"
        terminalreporter.write_line(f"{word_for(target):6}  {target:4} {promise}")


def pytest_sessionfinish(session):
    if "FAILED" in map(word_for, wanted):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
