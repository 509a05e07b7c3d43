from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from centers.permissions import Permission, permissions

from ..models import Change, Concern
from ..workflow import Actor, Need, Status, find_move, is_stricter
from .custody import into_custody, put_level
from .lock import MoveNotAllowed, lock, need, save
from .merging import check_lead, heard_by, hold_repeats, part, take_along, tell_repeats
from .numbers import draw_number
from .status import put_status

REGISTRATION = (Status.RECEIVED, Status.REGISTERED)


@transaction.atomic
def register(*, concern, category, level, by, version, note=""):
    """Register a received concern under a category and a level, with a journal number.

    A level below the present one or the category's changes nothing: lowering is another
    act. Raises MoveNotAllowed where it is registered already.
    """
    concern = lock(concern, by, version)
    need(by, Permission.REGISTER_CONCERN, concern)
    if concern.status != Status.RECEIVED:
        raise MoveNotAllowed
    hold_repeats(concern)
    draw_number(concern)
    # What the level sets apart draws its own next, and must find this one drawn.
    concern.save(update_fields=["journal_year", "journal_number"])
    was = concern.category
    if category != was:
        put_in(concern, category, by)
    if was.code == "other" and concern.level == was.level and not was_levelled(concern):
        # "Other" is restricted only until somebody has read it and said what it is.
        put_level(concern, category.level, by, "")
    if is_stricter(level, than=concern.level):
        put_level(concern, level, by, "")
    return put_status(concern, Status.REGISTERED, by=by, note=note)


def was_levelled(concern):
    """Tell whether a level was put by hand: by hand it is lowered, with a reason."""
    return concern.changes.filter(kind=Change.Kind.LEVEL).exists()


@transaction.atomic
def move(
    *,
    concern,
    target,
    by,
    version,
    note="",
    body="",
    crime_number="",
    crime_place="",
    identity_passed=None,
    lead=None,
    to_all=False,
):
    """Move a concern to another status, write it in the history, tell the reporter.

    What is forwarded says whether the body was told who filed it, where anybody did:
    the reporter must learn of it. With `to_all` the words go to those whose concerns
    repeat this one too.
    Raises MoveNotAllowed where the table of moves has none, ValidationError where words
    that the move needs are missing. Registering is an act of its own.
    """
    if lead is not None:
        # Both rows in one order: two that are made to repeat each other must not wait
        # for each other.
        both = Concern.objects.filter(pk__in=[concern.pk, lead.pk]).order_by("pk")
        list(both.select_for_update(no_key=True))
    concern = lock(concern, by, version)
    actors = permissions(by, concern.center) & set(Actor)
    step = find_move(concern.status, target, actors, is_crime=concern.is_crime)
    if step is None or (concern.status, target) == REGISTRATION:
        raise MoveNotAllowed
    # What stands in a field that the move does not ask for was not meant.
    if Need.BODY not in step.needs:
        body, crime_number, crime_place, identity_passed = "", "", "", None
    missing = {}
    if Need.WORDS in step.needs and not note:
        missing["note"] = _("Write a word to the reporter.")
    if Need.BODY in step.needs and not body:
        missing["body"] = _("Name the body it is forwarded to.")
    if (
        Need.NUMBER in step.needs
        and concern.is_crime
        and not (crime_number or concern.crime_number)
    ):
        missing["crime_number"] = _("Write the number of the crime register.")
    if (
        Need.BODY in step.needs
        and identity_passed is None
        and hasattr(concern, "identity")
    ):
        missing["identity_passed"] = _("Say whether the body was told who filed it.")
    if Need.LEAD in step.needs and lead is None:
        missing["lead"] = _("Name the concern that this one repeats.")
    if missing:
        raise ValidationError(missing)
    # Who repeats it now hears of it: merged itself, it has nobody left.
    repeats = heard_by(concern, by) if to_all and note else []
    concern.lead = None
    if Need.LEAD in step.needs:
        concern.lead = check_lead(concern, lead, by)
        take_along(concern)
    concern.crime_number = crime_number or concern.crime_number
    concern.crime_place = crime_place or concern.crime_place
    change = put_status(
        concern,
        target,
        by=by,
        note=note,
        body=body,
        crime_number=crime_number,
        crime_place=crime_place,
        identity_passed=identity_passed,
        fields=["lead", "crime_number", "crime_place"],
    )
    tell_repeats(concern, repeats, note, by)
    return change


@transaction.atomic
def confirm_at_meeting(*, concern, by, version, note=""):
    """A meeting says that a concern is solved; whoever keeps its record writes it down.

    He need not read her words: it is enough that he may know of the concern. Raises
    MoveNotAllowed where it is not said to be solved (any more).
    """
    concern = lock(concern, by, version, among="known_to")
    need(by, Permission.SCHEDULE_MEETING, concern)
    if find_move(concern.status, Status.CLOSED, {Actor.MEETING}) is None:
        raise MoveNotAllowed
    side = Change.Side.MEETING
    return put_status(concern, Status.CLOSED, by=by, side=side, note=note)


@transaction.atomic
def categorise(*, concern, category, by, version):
    """Put a concern in another category; its level and what it hides come along.

    A crime repeats no longer what is none: it stands by itself.
    """
    concern = lock(concern, by, version)
    need(by, Permission.REGISTER_CONCERN, concern)
    if category != concern.category:
        put_in(concern, category, by)
        save(concern)
    return concern


def put_in(concern, category, by):
    Change.objects.create(
        concern=concern,
        kind=Change.Kind.CATEGORY,
        old=concern.category.code,
        new=category.code,
        by=by,
    )
    concern.category = category
    concern.save(update_fields=["category"])
    if category.is_hidden:
        into_custody(
            concern,
            from_police=category.hidden_from_police,
            from_council=category.hidden_from_council,
            by=by,
        )
    elif is_stricter(category.level, than=concern.level):
        put_level(concern, category.level, by, "")
    else:
        # Custody and a level ask it themselves; a crime is to be set apart without.
        part(concern)


@transaction.atomic
def set_level(*, concern, level, by, version, reason=""):
    """Raise a concern's level, or lower it with a reason that the journal keeps.

    Anyone who handles it may raise it; only the coordinator or the custodian lowers it,
    never below its category's level and never while it is in custody or hidden.
    """
    concern = lock(concern, by, version)
    if is_stricter(concern.level, than=level):
        need(by, Permission.LOWER_LEVEL, concern)
        if not reason:
            raise ValidationError({"reason": _("Say why the level is lowered.")})
        if concern.in_custody or concern.is_hidden:
            raise ValidationError(
                {"level": _("Hidden from a side, it stays confidential.")}
            )
        if is_stricter(concern.category.level, than=level):
            raise ValidationError({"level": _("Its category asks for more.")})
    else:
        need(by, Permission.HANDLE_CONCERN, concern)
    if level != concern.level:
        put_level(concern, level, by, reason)
        save(concern)
    elif reason:
        raise ValidationError({"level": _("It has this level: choose another one.")})
    return concern
