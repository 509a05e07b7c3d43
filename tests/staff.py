"""A concern in the hands of the staff: seen or not, and acted on as it is now."""

from concerns import actions
from concerns.models import Concern

from .factories import again


def sees(user, concern):
    return Concern.objects.visible_to(again(user)).filter(pk=concern.pk).exists()


def set_level(concern, level, by, reason=""):
    concern.refresh_from_db()
    return actions.set_level(
        concern=concern, level=level, by=by, version=concern.version, reason=reason
    )


def register(concern, category, by, level=None):
    concern.refresh_from_db()
    return actions.register(
        concern=concern,
        category=category,
        level=level or category.level,
        by=by,
        version=concern.version,
    )
