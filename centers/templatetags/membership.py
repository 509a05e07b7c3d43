from django import template

from ..permissions import Permission, can, centers_of, centers_where, permissions

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


@register.simple_tag
def centers_taking_in(user):
    """Return the centres in which a person writes down what others report."""
    return [c for c in centers_of(user) if can(user, Permission.TAKE_IN_CONCERN, c)]


@register.simple_tag
def centers_at_work(user):
    """Return the centres whose work a person is shown."""
    return [c for c in centers_of(user) if can(user, Permission.READ_SUMMARIES, c)]


@register.simple_tag
def registers_of(user):
    """Return the centres whose register a person keeps."""
    keeps = {Permission.READ_JOURNAL_NUMBER, Permission.KEEP_CUSTODY}
    return [c for c in centers_of(user) if keeps & permissions(user, c)]
