from django.core.exceptions import PermissionDenied

from centers.permissions import ask_anew, can

from ..models import Concern


class Stale(Exception):
    """Somebody changed the concern meanwhile."""


class MoveNotAllowed(Exception):
    """The workflow has no such move from here."""


def lock(concern, by, version, among="visible_to"):
    """Return the concern as it stands now, held until the transaction ends.

    Two officers may press the button at once: the second must see the first's change.
    What a person may see is asked again, for that too may have changed meanwhile.
    """
    # NO KEY: a row that refers to this one may be written meanwhile, as is a message to
    # all who reported the same, by a hand that holds what this one will ask for next.
    Concern.objects.select_for_update(no_key=True).filter(pk=concern.pk).first()
    ask_anew(by)
    concern = (
        getattr(Concern.objects, among)(by)
        .select_related("center", "category")
        .get(pk=concern.pk)
    )
    if concern.version != version:
        raise Stale
    return concern


def hold(concern):
    """Return the concern that a code opened, held until the transaction ends."""
    # First the row alone: joined to its category, PostgreSQL would drop one that is put
    # in another while we wait.
    Concern.objects.select_for_update(no_key=True).filter(pk=concern.pk).first()
    return Concern.objects.select_related("center", "category").get(pk=concern.pk)


def need(by, permission, concern):
    if not can(by, permission, concern.center):
        raise PermissionDenied


def save(concern, *fields):
    concern.version += 1
    concern.save(update_fields=["version", *fields])
