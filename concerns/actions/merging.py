"""What repeats what: whom a concern may follow, and what those who follow it hear."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from ..models import Change, Concern, Message
from ..workflow import Status, is_stricter
from .news import tell
from .status import put_status


def check_lead(concern, lead, by):
    """Return the concern that another repeats, as it stands now."""
    lead = (
        Concern.objects.visible_to(by)
        .filter(center=concern.center, pk=lead.pk)
        .exclude(pk=concern.pk)
        .first()
    )
    if lead is None:
        raise ValidationError({"lead": _("There is no such concern.")})
    if not lead.may_lead(concern):
        raise ValidationError(
            {
                "lead": _(
                    "It cannot be joined to that one: it has ended, fewer may read it, "
                    "or it is not a crime."
                )
            }
        )
    return lead


def put_back(*concerns):
    """Let concerns stand by themselves again: what they were joined with leads no more.

    Their reporters would wait for the news of something that is kept from them.
    """
    for concern in concerns:
        concern.lead = None
        put_status(concern, Status.REGISTERED, side=Change.Side.CLOCK, fields=["lead"])


def put_back_repeats(concern):
    """Put back those who may not hear any more what becomes of their lead."""
    repeats = concern.repeats.filter(status=Status.DUPLICATE).select_related("center")
    locked = repeats.select_for_update(of=["self"], no_key=True).order_by("pk")
    put_back(
        *(
            one
            for one in locked
            if concern.in_custody or is_stricter(concern.level, than=one.level)
        )
    )


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

    The word alone: not the lead's number, but each its own, nor anything that its
    reporter wrote.
    """
    repeats = heard_by(concern, by)
    Message.objects.bulk_create(
        Message(
            concern=one,
            from_reporter=False,
            text=text.replace(concern.number, one.number),
            by=by,
        )
        for one in repeats
    )
    for one in repeats:
        tell(one)
