from django import template

from centers.permissions import Permission, can
from concerns.workflow import Status

from ..actions import refusal
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


@register.inclusion_tag("meetings/_propose.html")
def proposing(concern, user):
    """Lead a member to where he proposes a concern for the next agenda.

    Asks the database nothing: whether it is proposed already, that page knows.
    """
    may = can(user, Permission.READ_SUMMARIES, concern.center)
    return {"concern": concern, "is_offered": may and not refusal(concern)}
