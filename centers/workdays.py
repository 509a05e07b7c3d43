"""Working days of Kyrgyzstan: terms of Law No. 67 on appeals are counted in them."""

from datetime import date, timedelta
from functools import cache

from holidays.countries import KG

from .models import SpecialDay


def add_working_days(day: date, count: int) -> date:
    """
    Return the last day of a term of `count` working days that begins on `day`.

    The day itself does not count: a term of 1 from a Friday ends on Monday.
    """
    special = dict(
        SpecialDay.objects.filter(day__gt=day).values_list("day", "is_working")
    )
    while count > 0:
        day += timedelta(days=1)
        count -= special.get(day, calendar(day.year).is_working_day(day))
    return day


def is_working_day(day: date) -> bool:
    """Tell whether a day is neither a holiday nor of a weekend, as the year has it."""
    moved = SpecialDay.objects.filter(day=day).values_list("is_working", flat=True)
    return next(iter(moved), calendar(day.year).is_working_day(day))


@cache
def calendar(year):
    # The year after too: a Saturday is sometimes worked for a day off in January. Made
    # whole, because the library's own growing by use is not safe among threads.
    return KG(years=(year, year + 1))
