"""Who has a concern in hand: a side of the centre, and those of its people."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from centers.models import Role
from centers.permissions import SUPPORTER, Permission, can

from ..models import Assignment, Change
from ..workflow import ENDED, Status
from .lock import MoveNotAllowed, lock, need, save

HANDLERS = [Role.COORDINATOR, Role.MEMBER, Role.INTAKE, Role.CUSTODIAN]


@transaction.atomic
def assign(*, concern, partner, by, version, person=None, people=()):
    """Give a concern to a partner of the centre and, if named, to some of its people.

    `people`, of whom `person` is one, are all who have it in hand from now on: who had
    it and is not named has it no more. A handler who may not assign may take what
    nobody handles yet upon himself. A confidential concern always goes to people by
    name, of whatever side it is not hidden from: only they will read it. Raises
    ValidationError where the partner or a person cannot have it.
    """
    concern = lock(concern, by, version)
    people = {one.pk: one for one in [*people, *filter(None, [person])]}
    if concern.status in ENDED:
        raise MoveNotAllowed
    if concern.status == Status.RECEIVED:
        raise ValidationError(_("Register it first."))
    if not can(by, Permission.ASSIGN_CONCERN, concern.center):
        need(by, Permission.HANDLE_CONCERN, concern)
        if concern.partner_id or list(people.values()) != [by]:
            raise PermissionDenied
    if partner.center_id != concern.center_id or partner.kind == SUPPORTER:
        raise ValidationError({"partner": _("This partner cannot handle it.")})
    if concern.is_hidden_from(partner.kind):
        raise ValidationError({"partner": _("It is hidden from this side.")})
    if concern.is_confidential and not people:
        raise ValidationError(
            {"person": _("A confidential concern is given to a person by name.")}
        )
    sides = {one: side_of(concern, partner, one) for one in people.values()}
    refused = sorted(one.full_name for one, side in sides.items() if side is None)
    if refused:
        raise ValidationError(
            {
                "person": _("This person cannot handle it: %(names)s")
                % {"names": ", ".join(refused)}
            }
        )
    hand_over(concern, partner, sides, by)
    concern.partner = partner
    save(concern, "partner")
    return concern


def side_of(concern, partner, person):
    """Return the side for which a person may handle a concern, or None.

    It is the partner that has the concern; of a confidential one also another side of
    the centre, since nobody reads it but who is named.
    """
    if can_have(concern, partner, person):
        return partner
    if not concern.is_confidential:
        return None
    sides = concern.center.partners.exclude(kind=SUPPORTER)
    return next((side for side in sides if can_have(concern, side, person)), None)


def can_have(concern, partner, person):
    """Tell whether a person may handle a concern on behalf of a partner."""
    memberships = list(person.memberships.live().select_related("partner"))
    return (
        person.is_active
        and not person.is_superuser
        and any(m.partner_id == partner.pk and m.role in HANDLERS for m in memberships)
        and not any(concern.is_hidden_from(m.partner.kind) for m in memberships)
    )


def hands_of(concern):
    """Return the assignments that count for a concern.

    Of a hidden one, not that of who was given a new start since: he must be named anew.
    """
    hands = concern.assignments.live().select_related("user", "partner")
    is_hidden = concern.in_custody or concern.is_hidden
    return hands.given_since_new_start() if is_hidden else hands


def hand_over(concern, partner, sides, by):
    """Put a concern into some hands and write who was added and who taken off."""
    was = concern.partner_id
    had = {hand.user: hand for hand in hands_of(concern)}
    kept = {
        person
        for person, side in sides.items()
        if person in had and (had[person].partner_id or was) == side.pk
    }
    ended = concern.assignments.filter(ended_at=None)
    ended.exclude(user__in=kept).update(ended_at=timezone.now())
    # A share of another side is said with it; who serves the partner needs no word.
    for person in kept:
        keep_side(had[person], sides[person], partner)
    lines = [
        Change(partner=hand.side, person=person, new="removed")
        for person, hand in had.items()
        if person not in sides
    ]
    added = [person for person in sides if person not in kept]
    for person in added:
        Assignment.objects.create(
            concern=concern,
            user=person,
            by=by,
            partner=None if sides[person] == partner else sides[person],
        )
    # Whom it is given to is said once: by the people, or where none is new by the side.
    if not added and (was != partner.pk or not sides):
        lines.append(Change(partner=partner))
    lines += [Change(partner=sides[person], person=person) for person in added]
    for line in lines:
        line.concern, line.kind, line.by = concern, Change.Kind.ASSIGNMENT, by
        line.save(force_insert=True)


def keep_side(hand, side, partner):
    named = None if side == partner else side
    if hand.partner != named:
        hand.partner = named
        hand.save(update_fields=["partner"])
