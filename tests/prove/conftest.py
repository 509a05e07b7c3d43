"""The portal that the proofs are held against, and the lines they leave behind."""

from collections import defaultdict

import pytest
from django.conf import settings

from ..portal import Portal, own_database
from .phone import Phone
from .targets import TARGETS

PASSWORD = "кеч киргенде жел турат"
KEYS = {
    "SECRET_KEY": settings.SECRET_KEY,
    "CODE_KEY": ",".join(settings.CODE_KEYS),
    "DEMO_PASSWORD": PASSWORD,
    "CLIENT_ADDRESS_HEADER": "HTTP_X_REAL_IP",
}


@pytest.fixture(scope="module")
def portal(tmp_path_factory):
    """A portal as `make run` starts it, with its demo, for each file of proofs."""
    with (
        own_database() as environment,
        Portal(tmp_path_factory.mktemp("portal"), **environment, **KEYS) as portal,
    ):
        yield portal


@pytest.fixture
def comes(portal):
    """Give a function that brings somebody from a network of her own."""
    networks = iter(range(1, 60_000))

    def comes():
        number = next(networks)
        return Phone(portal, f"10.{number // 250}.{number % 250}.1")

    return comes


@pytest.fixture
def staff(comes):
    """Give a function that brings one of the demo's staff, signed in."""

    def staff(name):
        person = comes()
        person.signs_in(f"{name}@example.org", PASSWORD)
        return person

    return staff


# What is said at the end: a line a target, with its figures.

figures = defaultdict(list)
outcomes = defaultdict(lambda: defaultdict(int))


@pytest.fixture
def proved(request):
    """Give a function that notes a figure under a target: "R8", "20 moves: 1 won"."""

    def note(target, figure):
        assert target in TARGETS
        figures[target].append(figure)

    return note


def targets_of(nodeid):
    for target, (_promise, places) in TARGETS.items():
        if nodeid.startswith(tuple(places)):
            yield target


def pytest_runtest_logreport(report):
    if report.when == "call" or report.failed:
        for target in targets_of(report.nodeid):
            outcomes[target][report.outcome] += 1


def pytest_terminal_summary(terminalreporter):
    say = terminalreporter.write_line
    terminalreporter.section(
        f"proved on {settings.DATABASES['default']['ENGINE'].rpartition('.')[2]}"
    )
    for target, (promise, _places) in TARGETS.items():
        if outcome := outcomes[target]:
            word = "FAILED" if outcome["failed"] else "ok"
            tests = f"{sum(outcome.values())} tests"
            say(
                "  ".join(
                    [
                        f"{word:6} {target:4} {promise}:",
                        "; ".join([*figures[target], tests]),
                    ]
                )
            )
