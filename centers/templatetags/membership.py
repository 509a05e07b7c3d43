from django import template

from ..permissions import memberships_of

register = template.Library()


@register.simple_tag
def centers_of(user):
    """Return the centres that a person serves, each of them once."""
    return list({m.center_id: m.center for m in memberships_of(user)}.values())
