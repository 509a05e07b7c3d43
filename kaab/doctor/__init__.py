"""What may be wrong with an installation: one question each, answered in plain words.

A check is a function that returns one Finding; a new one goes into the list it belongs
to. None writes anything but a passing entry of the cache, and none shows a secret.
"""

from django.db import DatabaseError
from django.utils.translation import gettext as _

from . import inside, machine
from .findings import State, wrong

__all__ = ["State", "examine"]


def examine():
    """
    Yield a finding for each check.

    Without a whole database nothing that stands in it can be examined: whoever reads
    is told of that alone.
    """
    for check in machine.CHECKS:
        yield check()
    for check in inside.FOUNDATION:
        finding = answered(check)
        yield finding
        if finding.state is State.WRONG:
            return
    for check in inside.CHECKS:
        yield answered(check)


def answered(check):
    """Return the finding of a check that asks the database, which may refuse."""
    try:
        return check()
    except DatabaseError as error:
        return wrong(
            _("The database refuses an answer (%(error)s).")
            % {"error": type(error).__name__},
            _("Ask the doctor again; if it stays, restore the last backup."),
        )
