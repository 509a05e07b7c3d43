from django import template

from ..permissions import centers_of

register = template.Library()
register.simple_tag(centers_of)
