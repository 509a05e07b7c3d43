"""Opens one door to residents' data, or notes which tests go through which.

    pytest -p tests.prove.doors --opened concerns/views/desk.py:76:visible_to …
    pytest -p tests.prove.doors --noted FOLDER …

A door is a place in the code where rows are cut down to what somebody may read.
Opened, it cuts nothing: some test must fail.
"""

import json
import os
import sys
from collections import defaultdict
from functools import wraps
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).parents[2]
NAMES = {
    *("visible_to", "public", "summarised_to", "known_to", "waiting_for"),
    *("followed_in", "filed_with", "shown", "to_come", "promised"),
}


def pytest_addoption(parser):
    parser.addoption("--opened", help="the door that cuts nothing")
    parser.addoption("--noted", type=Path, help="where to note who goes through which")


def place_of(frame):
    """Return from where in the apps a door was asked for, as file:line."""
    while frame := frame.f_back:
        path = Path(frame.f_code.co_filename)
        if path.is_relative_to(ROOT) and path.parts[len(ROOT.parts)] != ".venv":
            return f"{path.relative_to(ROOT)}:{frame.f_lineno}"
    return None


class Doors:
    def __init__(self, opened, noted):
        self.opened, self.noted = opened, noted
        self.through, self.test = defaultdict(list), None
        # A queryset of translated rows is made of ours, which may serve several models.
        kinds = {
            kind
            for model in apps.get_models()
            for kind in type(model._default_manager.all()).__mro__
        }
        for kind in kinds:
            for name in vars(kind).keys() & NAMES:
                setattr(kind, name, self.watched(vars(kind)[name]))

    def watched(self, door):
        @wraps(door)
        def asked(rows, *args, **kwargs):
            place = f"{place_of(sys._getframe())}:{door.__name__}"
            if place == self.opened:
                return rows.all()
            if self.test and self.test not in self.through[place]:
                self.through[place].append(self.test)
            return door(rows, *args, **kwargs)

        return asked

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item):
        self.test = item.nodeid
        return (yield)

    def pytest_sessionfinish(self):
        if self.noted:
            name = os.environ.get("PYTEST_XDIST_WORKER", "alone")
            (self.noted / f"{name}.json").write_text(json.dumps(self.through))


def pytest_configure(config):
    config.pluginmanager.register(
        Doors(config.getoption("--opened"), config.getoption("--noted"))
    )
