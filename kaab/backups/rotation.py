"""Which backups are kept: a mistake is noticed within days, or only after months."""

import re
from datetime import datetime
from itertools import islice

NAME = "kaab-%Y%m%dT%H%M%S.tar.age"
SHAPE = re.compile(r"kaab-\d{8}T\d{6}\.tar\.age")

# A week day by day, and a year that costs seventeen files more.
LAST, WEEKS, MONTHS = 7, 5, 12


def backups_in(folder):
    """Return the complete backups of a folder, newest first."""
    found = (path for path in folder.glob("kaab-*") if SHAPE.fullmatch(path.name))
    return sorted(found, reverse=True)


def kept(newest_first):
    """Return the last seven, before them one a week, and before those one a month."""
    days, rest = newest_first[:LAST], newest_first[LAST:]
    weeks = newest_of_each(rest, lambda day: day.isocalendar()[:2], WEEKS)
    rest = [path for path in rest if not weeks or path < weeks[-1]]
    months = newest_of_each(rest, lambda day: (day.year, day.month), MONTHS)
    return {*days, *weeks, *months}


def newest_of_each(newest_first, span, most):
    found = {}
    for path in newest_first:
        found.setdefault(span(datetime.strptime(path.name, NAME)), path)
    return list(islice(found.values(), most))


def rotate(folder):
    """Delete the backups of a folder that are not kept; return how many remain."""
    found = backups_in(folder)
    keep = kept(found)
    for path in found:
        if path not in keep:
            path.unlink()
    return len(keep)
