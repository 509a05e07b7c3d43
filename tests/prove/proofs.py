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
        outcome = outcomes[target]
        # What was not run is not proved.
        word = "ok" if outcome["passed"] and not outcome["failed"] else "FAILED"
        said = [*dict.fromkeys(figures[target]), f"{outcome.total()} tests"]
        terminalreporter.write_line(
            f"{word:6}  {target:4} {TARGETS[target].promise}: {'; '.join(said)}"
        )


def pytest_sessionfinish(session):
    if not all(outcomes[target]["passed"] for target in wanted):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
