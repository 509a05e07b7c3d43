"""What repeats what: whom a concern may follow, and what those who follow it hear."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from ..models import Change, Concern, Message
from ..workflow import Status
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


def hold_repeats(concern):
    """Return what repeats a concern, held: before the centre's row, everywhere."""
    repeats = concern.repeats.filter(status=Status.DUPLICATE)
    return list(
        repeats.select_related("center")
        # After the rows are held: joined to them, it would drop one that is just put
        # in another category.
        .prefetch_related("category")
        .select_for_update(of=["self"], no_key=True)
        .order_by("pk")
    )


def take_along(concern):
    """Let those who follow a concern hear the news of the one that it repeats."""
    for one in hold_repeats(concern):
        one.lead = concern.lead
        put_status(one, Status.DUPLICATE, side=Change.Side.CLOCK, fields=["lead"])


def part(concern):
    """Let what its lead may keep no more stand by itself again.

    Its reporter would wait for the news of something that is kept from her, and a crime
    for what is dealt with as none.
    """
    apart = [one for one in hold_repeats(concern) if not concern.may_keep(one)]
    if concern.status == Status.DUPLICATE and not concern.lead.may_keep(concern):
        apart.append(concern)
    for one in apart:
        one.lead = None
        put_status(one, Status.REGISTERED, side=Change.Side.CLOCK, fields=["lead"])


def heard_by(concern, by):
    """Return the concerns whose reporters hear what a person writes of their lead.

    Those that he may read himself: a word of his to another would come from nowhere.
    """
    repeats = Concern.objects.visible_to(by).filter(
        lead=concern, status=Status.DUPLICATE, code_ended_at=None
    )
    return [one for one in repeats if concern.may_tell(one)]


def tell_repeats(concern, repeats, text, by):
    """Copy a word of the staff into the conversation of each that repeats a concern.

    The word alone: not the lead's number, but each its own, nor anything that its
    reporter wrote.
    """
    Message.objects.bulk_create(
        Message(
            concern=one,
            from_reporter=False,
            text=with_own_number(text, concern, one),
            by=by,
        )
        for one in repeats
    )
    tell(*repeats)


def with_own_number(text, lead, one):
    """Return a text in which each number of the lead is that of another concern."""
    text = text.replace(lead.number, one.number)
    return text.replace(lead.reference, one.number)
