"""The bench fills a scratch database, and times pages that are there."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from concerns.models import Concern

from .factories import make_center

pytestmark = pytest.mark.django_db


def test_it_fills_and_times_every_main_page():
    call_command("load_reference", verbosity=0, stdout=StringIO())
    out = StringIO()

    for number in (30, 40):
        call_command("bench", concerns=number, rounds=2, stdout=out)

    assert Concern.objects.count() >= 40
    rows = [line.split("|") for line in out.getvalue().splitlines() if "desk," in line]
    assert len(rows) == 12
    pages = [row for row in rows if "a move" not in row[1]]
    assert all(int(queries) <= 8 for _start, _name, queries, *_figures in pages)


def test_it_touches_no_database_that_holds_a_centre():
    make_center()

    with pytest.raises(CommandError):
        call_command("bench", concerns=1, rounds=2)

    assert not Concern.objects.exists()
