"""Long lists: pages 1 to 40, and no totals, which would betray what is hidden."""

from django.http import Http404

PAGE_SIZE = 20
LAST_PAGE = 40
NUMBERS = {str(number): number for number in range(1, LAST_PAGE + 1)}


def page_number(request):
    """Return ?page= as a number from 1 to 40, or raise Http404."""
    number = NUMBERS.get(request.GET.get("page", "1"))
    if number is None:
        raise Http404
    return number


def cut(rows, number, size=PAGE_SIZE):
    """Return a page of rows and the next page's number, known from one row more.

    Raises Http404 for a page behind the last one.
    """
    rows = list(rows[(number - 1) * size : number * size + 1])
    if number > 1 and not rows:
        raise Http404
    has_next = len(rows) > size and number < LAST_PAGE
    return rows[:size], number + 1 if has_next else None
