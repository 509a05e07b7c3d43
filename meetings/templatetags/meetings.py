from django import template

from concerns.workflow import Status

from ..models import AgendaItem

register = template.Library()


@register.inclusion_tag("meetings/_chain.html")
def chain(concern):
    """Show where a concern will be or was discussed, what was decided, and who acts.

    Only open meetings whose notice is published, whoever asks. What is confidential or
    waits to be registered stands on no agenda: then nothing is asked.
    """
    if concern.is_confidential or concern.status == Status.RECEIVED:
        return {"items": []}
    items = (
        AgendaItem.objects.public()
        .filter(concern=concern)
        .with_decisions()
        .select_related("meeting__center")
        .order_by("-meeting__starts_at")
    )
    return {"items": items}
