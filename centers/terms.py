"""Within how many working days what is due: the law's terms and a centre's own."""

from datetime import date

from django.db.models import F, Q

from .models import Center, Term

# What holds while nobody has set anything else: Law No. 67 asks for registration within
# one working day of receipt, and for the answer to a named appeal within 14.
FIRST = {Term.Kind.REGISTRATION: 1, Term.Kind.APPEAL: 14, Term.Kind.REPORT: 14}


def terms_on(day: date, center: Center | None = None) -> dict[str, int]:
    """
    Return the terms that hold for what is received on a day, in working days by kind.

    A centre's own goes before the common one; without a centre the common ones.
    """
    rows = (
        Term.objects.filter(Q(center=None) | Q(center=center), holds_from__lte=day)
        # The last one that says something has the word.
        .order_by(F("center").asc(nulls_first=True), "holds_from")
        .values_list("kind", "working_days")
    )
    return FIRST | dict(rows)
