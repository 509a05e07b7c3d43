"""Each door to residents' data, opened in turn: some test must fail.

NOTED=FOLDER keeps there which tests go through which door, and goes by what is there
already: for whoever runs it again, having changed none but tests.
"""

import ast
import json
import os
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest

from ..test_architecture import name_of, sources, tree_of
from .doors import NAMES

# Which test misses a door, no database changes.
pytestmark = [pytest.mark.server, pytest.mark.once]

PYTEST = [sys.executable, "-m", "pytest", "-q", "-p", "tests.prove.doors"]
# Of the tests that go through a door, the first that are asked: most fail at once.
ENOUGH = 400


# Where nobody comes by a page.
ASIDE = ("kaab/demo", "kaab/bench", "kaab/management")


# Lines whose door cuts nothing that another condition there does not: it stands so that
# no read begins without one. No test can miss it.
DOUBLED = {
    "concerns/views/public.py": [
        # Its concern came through the door of what everyone reads.
        '"photos": PublicPhoto.objects.public().filter(photo__concern=concern),'
    ],
    "meetings/actions/agenda.py": [
        # Of things that one may know of, at meetings held in the same centre.
        "items = AgendaItem.objects.visible_to(by).filter("
    ],
    # Whoever plans a centre's meetings sees them all.
    "meetings/forms/planning.py": [
        "others = Meeting.objects.visible_to(self.by).filter(center=self.center)"
    ],
    "meetings/models/agenda.py": [
        "return self.filter(meeting__in=Meeting.objects.visible_to(user).awaited())"
    ],
    "meetings/waiting.py": [
        "meeting__in=Meeting.objects.visible_to(user),",
        "meeting__in=Meeting.objects.visible_to(user).awaited()",
        "return AgendaItem.objects.visible_to(user).filter(",
    ],
    "meetings/views/plan.py": [
        # Its action came through the door of actions, which asks the same of its item.
        '"item": AgendaItem.objects.public().get(pk=action.decision.item_id),'
    ],
}


def doors():
    """Return each place where a door is asked for, as file:line:name."""
    return sorted(
        {
            f"{name_of(path)}:{node.func.end_lineno}:{node.func.attr}"
            for path in sources()
            if not name_of(path).startswith(ASIDE)
            for node in ast.walk(tree_of(path))
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in NAMES
            and line_of(path, node.func.end_lineno)
            not in DOUBLED.get(name_of(path), [])
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
    folder = Path(os.environ.get("NOTED") or tmp_path_factory.mktemp("doors"))
    folder.mkdir(parents=True, exist_ok=True)
    if not any(folder.glob("*.json")):
        noted = run("-n", "2", "--noted", folder, "--ignore", "tests/browser", "tests")
        assert noted.returncode == 0, noted.stdout
    tests = defaultdict(list)
    for file in folder.glob("*.json"):
        for place, names in json.loads(file.read_text()).items():
            tests[place] += names
    return tests


@pytest.mark.parametrize("door", doors())
def test_an_open_door_is_noticed(door, through, proved):
    app = door.partition("/")[0]
    asked = sorted(through[door], key=lambda name: farness(name, app))[:ENOUGH]
    assert asked, "no test goes through it"

    # That it fails is enough: to say how two pages differ may take minutes.
    opened = run("--assert", "plain", "-x", "--opened", door, *asked)

    assert opened.returncode == pytest.ExitCode.TESTS_FAILED, opened.stdout
    proved("R6", door)


# What asks for every page takes longest.
GENERAL = ("tests/test_access", "tests/test_canary")


def farness(name, app):
    """Return what to sort tests by: first those of the door's app, last the general."""
    is_near = name.startswith(f"tests/test_{app}_")
    return name.startswith(GENERAL), not is_near, name
