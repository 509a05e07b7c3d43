"""What a reporter said of an action is kept no longer than her own words."""

from django.db import transaction

from ..models import ActionChange


@transaction.atomic
def erase_answers():
    """Erase the answers of those whose concerns' words are erased; return how many.

    That she said yes or no stays: it made the action what it is.
    """
    said = ActionChange.objects.filter(
        side=ActionChange.Side.REPORTER, concern__words_erased_at__isnull=False
    )
    return said.exclude(note="").update(note="")
