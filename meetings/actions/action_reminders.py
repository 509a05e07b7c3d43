"""Letters about the terms of actions: before the day, after it, and while it is over.

A letter is lost where the mail server takes none; the desk shows the same.
"""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from centers import emails as letters

from .. import emails
from ..models import Action

# How many days before its day an action is reminded of, and how often after it.
BEFORE, EVERY = timedelta(days=3), timedelta(days=7)


@transaction.atomic
def remind(*, today=None):
    """Remind of the terms that come and of those that are over; return of how many.

    Run again on the same day, it sends nothing; a day left out is made up for. Whoever
    is named is told, or the members of the responsible partner where nobody who still
    serves it is.
    """
    if not letters.are_sent():
        return 0
    today = today or timezone.localdate()
    number = 0
    for action in due_for_letter(today):
        people = emails.executors_of(action)
        # Another run at the same time may have taken it.
        if people and claim(action, today):
            number += 1
            tell(action, people)
    return number


def due_for_letter(today):
    """Return the actions of which a letter is due, by the day of the last one."""
    actions = Action.objects.shown().running().filter(due_on__lte=today + BEFORE)
    return [
        action
        for action in actions.with_person().select_related(
            "partner__center",
            "decision__item__concern",
            "decision__item__about",
            "decision__item__meeting",
        )
        if is_due(action, today)
    ]


def is_due(action, today):
    last = action.reminded_on
    if today <= action.due_on:
        return last is None or last < action.due_on - BEFORE
    return last is None or last <= action.due_on or today - last >= EVERY


def claim(action, today):
    same = Q(pk=action.pk, reminded_on=action.reminded_on)
    return Action.objects.filter(same).update(reminded_on=today)


def tell(action, people):
    # Not a partial: Django asks what fails here for its name.
    def send():
        emails.due(action, people)

    transaction.on_commit(send, robust=True)
