from django import template

from ..permissions import Permission, centers_of, centers_where

register = template.Library()
register.simple_tag(centers_of)


@register.simple_tag
def has_work(user):
    """Tell whether a person has concerns and meetings to look at, as members do."""
    return bool(centers_where(user, Permission.READ_SUMMARIES))


@register.simple_tag
def edits_center(user):
    """Tell whether a person writes the page of a centre."""
    return bool(centers_where(user, Permission.EDIT_CENTER))
