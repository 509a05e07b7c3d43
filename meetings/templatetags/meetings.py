from django import template

from ..models import AgendaItem

register = template.Library()


@register.inclusion_tag("meetings/_chain.html")
def chain(concern):
    """Show where a concern will be or was discussed, what was decided, and who acts.

    Only open meetings whose notice is published, whoever asks.
    """
    items = (
        AgendaItem.objects.public()
        .filter(concern=concern)
        .select_related("meeting__center", "decision")
        .prefetch_related("decision__actions__partner")
        .order_by("-meeting__starts_at")
    )
    return {"items": items}
