"""What repeats what: whom a concern may follow, and what those who follow it hear."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from ..models import Concern, Message
from ..workflow import Status, is_stricter
from .news import tell


def check_lead(concern, lead, by):
    """Return the concern that another repeats, as it stands now.

    Merged into a more closed one, or into one that repeats a third, it would vanish
    from those who follow it.
    """
    lead = (
        Concern.objects.visible_to(by)
        .filter(center=concern.center, pk=lead.pk)
        .exclude(pk=concern.pk)
        .exclude(status=Status.DUPLICATE)
        .first()
    )
    if lead is None or is_stricter(lead.level, than=concern.level):
        raise ValidationError({"lead": _("There is no such concern.")})
    if concern.repeats.filter(status=Status.DUPLICATE).exists():
        raise ValidationError(
            {"lead": _("Others repeat this concern: let the other one repeat it too.")}
        )
    return lead


def heard_by(concern, by):
    """Return the concerns whose reporters hear what a person writes of their lead.

    Those that he may read himself: a word of his to another would come from nowhere.
    What is hidden, and what fewer may read than the repeat, is told to nobody else.
    """
    if concern.in_custody or concern.is_hidden:
        return Concern.objects.none()
    repeats = Concern.objects.visible_to(by).filter(
        lead=concern, status=Status.DUPLICATE, code_ended_at=None
    )
    return [one for one in repeats if not is_stricter(concern.level, than=one.level)]


def tell_repeats(concern, text, by):
    """Copy a word of the staff into the conversation of each that repeats a concern.

    The word alone: not the lead's number, nor anything that its reporter wrote.
    """
    repeats = heard_by(concern, by)
    Message.objects.bulk_create(
        Message(concern=one, from_reporter=False, text=text, by=by) for one in repeats
    )
    for one in repeats:
        tell(one)
