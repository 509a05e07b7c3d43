from django import template
from django.db.models import Prefetch

from concerns.workflow import Status

from ..models import Action, AgendaItem

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
        .select_related("meeting__center", "decision")
        .prefetch_related(
            Prefetch("decision__actions", Action.objects.select_related("partner"))
        )
        .order_by("-meeting__starts_at")
    )
    return {"items": items}
