"""What is done with several concerns at once: each as if it were alone."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

from .. import actions
from ..models import Concern


def seen(text):
    """Return the (reference, version) that a button or a box carries; version or -1."""
    reference, _dot, version = text.partition(".")
    is_number = version.isdecimal() and len(version) < 10
    # A NUL would make PostgreSQL fail where it only has to find nothing.
    return reference.replace("\0", ""), int(version) if is_number else -1


def readable(request, reference):
    """Return what a person may read of this number, or None."""
    concerns = Concern.objects.visible_to(request.user).select_related("center")
    return concerns.filter(reference=reference).first()


def attempt(request, chosen, do, **said):
    """Do something with one of those that a page shows; return '' or why it failed."""
    reference, version = seen(chosen)
    concern = readable(request, reference)
    if concern is None:
        return _("There is no such concern.")
    try:
        do(concern=concern, by=request.user, version=version, **said)
    except ValidationError as error:
        reason = " ".join(error.messages)
    except actions.MoveNotAllowed:
        reason = _("In its present state this cannot be done.")
    except (actions.Stale, Concern.DoesNotExist):
        reason = _("Somebody changed it meanwhile.")
    except PermissionDenied:
        reason = _("You may not do this.")
    else:
        return ""
    return f"{concern.number}: {reason}"
