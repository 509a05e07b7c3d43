from django import template
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.urls import reverse

from ..explained import own_guide

register = template.Library()


@register.simple_tag(takes_context=True)
def again(context, name):
    """Print a block of the page once more: its title is a shared link's title too."""
    block = context.render_context[BLOCK_CONTEXT_KEY].get_block(name)
    return block.nodelist.render(context)


@register.simple_tag
def help_of(user):
    """Return the address of the help for a person's own role."""
    role = own_guide(user)
    return reverse("home:guide", args=[role]) if role else reverse("home:help")
