"""Each door to residents' data, opened in turn: some test must fail."""

import ast
import json
import os
import subprocess
import sys
from collections import defaultdict

import pytest

from ..test_architecture import name_of, sources, tree_of
from .doors import NAMES

pytestmark = pytest.mark.server

PYTEST = [sys.executable, "-m", "pytest", "-q", "-p", "tests.prove.doors"]
# Of the tests that go through a door, the first that are asked: most fail at once.
ENOUGH = 400


# Where nobody comes by a page.
ASIDE = ("kaab/demo", "kaab/bench", "kaab/management")


# Lines whose door cuts nothing that another condition there does not: it stands so that
# no read begins without one. No test can miss it.
DOUBLED = {
    # Whoever plans a centre's meetings sees them all.
    "others = Meeting.objects.visible_to(self.by).filter(center=self.center)",
    # What is hidden from somebody is confidential, and that goes on no agenda.
    "Concern.objects.known_to(by)",
}


def doors():
    """Return each place where a door is asked for, as file:line."""
    return sorted(
        {
            f"{name_of(path)}:{node.func.end_lineno}"
            for path in sources()
            if not name_of(path).startswith(ASIDE)
            for node in ast.walk(tree_of(path))
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in NAMES
            and line_of(path, node.func.end_lineno) not in DOUBLED
        }
    )


def line_of(path, number):
    return path.read_text().splitlines()[number - 1].strip()


def run(*arguments):
    # Neither browser nor server: what they do, they do in other processes.
    environment = os.environ | {"NO_SKIP": "0"}
    return subprocess.run(
        [*PYTEST, *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def through(tmp_path_factory):
    """Return the tests that go through each door, by its place."""
    folder = tmp_path_factory.mktemp("doors")
    noted = run("-n", "2", "--noted", folder, "--ignore", "tests/browser", "tests")
    assert noted.returncode == 0, noted.stdout
    tests = defaultdict(list)
    for file in folder.glob("*.json"):
        for place, names in json.loads(file.read_text()).items():
            tests[place] += names
    return tests


@pytest.mark.parametrize("door", doors())
def test_an_open_door_is_noticed(door, through, proved):
    asked = sorted(through[door], key=is_general)[:ENOUGH]

    opened = run("-x", "--opened", door, *asked)

    assert asked, "no test goes through it"
    assert opened.returncode == pytest.ExitCode.TESTS_FAILED, opened.stdout
    proved("R6", door)


def is_general(name):
    """What asks for every page comes last: it takes longest."""
    return not name.startswith(("tests/test_access", "tests/test_canary")), name
