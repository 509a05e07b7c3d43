from django.db.models import Max
from django.utils import timezone

from centers.models import Center

from ..models import Concern


def draw_number(concern):
    """Give a concern the next number of this year in its centre's journal.

    What is in custody has a series of its own, and what is given back but stays hidden
    from a side has the year alone: a gap would tell that one is hidden.
    """
    # The centre's row is the gate: two registrars must not draw one number. It is taken
    # before the journal's, everywhere, and lets residents go on filing (NO KEY).
    Center.objects.select_for_update(no_key=True).get(pk=concern.center_id)
    year = timezone.localdate().year
    numbers = Concern.objects.filter(
        center=concern.center, in_custody=concern.in_custody, journal_year=year
    )
    last = numbers.aggregate(last=Max("journal_number"))["last"] or 0
    is_counted = concern.in_custody or not concern.is_hidden
    concern.journal_year = year
    concern.journal_number = last + 1 if is_counted else None
