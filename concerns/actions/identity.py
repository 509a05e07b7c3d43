"""Who filed a concern: who may know it, and that each look is recorded."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from centers import journal
from centers.models import JournalEntry
from centers.permissions import Permission, ask_anew

from ..models import Change, Concern, Identity
from .custody import end_wishes, side_of
from .lock import hold, lock, need, save


class SecondPersonNeeded(Exception):
    """Another one has to allow this look first."""


def hold_readable(concern, by):
    """Return the concern as this person may read it now, held until it is done."""
    # It may go into custody at this very moment: who waits for that sees it no more.
    Concern.objects.select_for_update(no_key=True).filter(pk=concern.pk).first()
    ask_anew(by)
    return (
        Concern.objects.visible_to(by)
        .select_related("center", "identity")
        .get(pk=concern.pk)
    )


def check_may_look(concern, by):
    need(by, Permission.READ_IDENTITY, concern)
    if not concern.is_handled_by(by):
        raise ValidationError(_("Only those who handle a concern see who filed it."))
    if not hasattr(concern, "identity"):
        raise ValidationError(_("The reporter did not say who it is."))


@transaction.atomic
def look_at_identity(*, concern, by, reason=""):
    """Return who filed a concern; the look and its reason go into the journal.

    Only the coordinator, the custodian and those who handle it may look; who handles a
    confidential one needs the coordinator's consent, of what is in custody the
    custodian's. Raises SecondPersonNeeded until that is given.
    """
    concern = hold_readable(concern, by)
    check_may_look(concern, by)
    if concern.is_confidential and not concern.is_led_by(by):
        wish = concern.identity_requests.granted().filter(by=by).first()
        if wish is None:
            raise SecondPersonNeeded
        # Shown again within two minutes it is the same look: one person, one consent,
        # one reason, all written down, and nothing is told that was not told already.
        if wish.used_at:
            return concern.identity
        wish.used_at = timezone.now()
        wish.save(update_fields=["used_at"])
        reason = wish.reason
    if not reason:
        raise ValidationError({"reason": _("Say why you need to know.")})
    # The journal is kept for ever and names nobody: the reason stands in the history.
    note(concern, by, journal.Kind.IDENTITY_SEEN, Change.Kind.IDENTITY, reason=reason)
    return concern.identity


@transaction.atomic
def ask_for_identity(*, concern, by, reason):
    """Ask to know who filed a confidential concern; the same wish twice is one."""
    concern = hold_readable(concern, by)
    check_may_look(concern, by)
    if not reason:
        raise ValidationError({"reason": _("Say why you need to know.")})
    now = timezone.now()
    wishes = concern.identity_requests
    if wishes.waiting().filter(by=by).exists():
        raise ValidationError(_("You have asked already: wait for the answer."))
    # What nobody answered in time makes room for the new one.
    wishes.filter(by=by, answered_at=None).update(answered_at=now)
    wish = wishes.create(by=by, reason=reason)
    note(
        concern,
        by,
        journal.Kind.IDENTITY_ASKED,
        Change.Kind.REQUEST,
        new="asked",
        reason=reason,
    )
    return wish


@transaction.atomic
def answer_wish(*, concern, wish, is_granted, by):
    """Allow a handler to know who filed it, once within a day; or refuse it.

    `wish` is the key of his request. Only who answers for the concern may, and never
    for himself. Raises IdentityRequest.DoesNotExist where it waits no more.
    """
    concern = hold_readable(concern, by)
    if not concern.is_led_by(by):
        raise PermissionDenied
    wish = concern.identity_requests.waiting().exclude(by=by).get(pk=wish)
    wish.answered_at, wish.answered_by = timezone.now(), by
    wish.is_granted = is_granted
    wish.save(update_fields=["answered_at", "answered_by", "is_granted"])
    note(
        concern,
        by,
        journal.Kind.IDENTITY_ALLOWED if is_granted else journal.Kind.IDENTITY_REFUSED,
        Change.Kind.REQUEST,
        new="allowed" if is_granted else "refused",
        person=wish.by,
    )
    return wish


@transaction.atomic
def erase_identity(*, concern, by, version, reason):
    """Erase who filed a concern, at her own wish or because it is not needed.

    Only who answers for the concern may. Raises ValidationError without a reason, and
    where nobody is named.
    """
    concern = lock(concern, by, version)
    if not concern.is_led_by(by):
        raise PermissionDenied
    if not hasattr(concern, "identity"):
        raise ValidationError(_("The reporter did not say who it is."))
    if not reason:
        raise ValidationError({"reason": _("Say why it is erased.")})
    concern.identity.delete()
    forget_reasons(concern)
    save(concern)
    note(
        concern,
        by,
        journal.Kind.IDENTITY_ERASED,
        Change.Kind.ERASURE,
        new="identity",
        reason=reason,
    )


@transaction.atomic
def forget_identity(*, concern):
    """Erase who the reporter is, at her own wish by her code; twice is once.

    Why somebody looked may name her too: it goes, and that he looked stays.
    """
    concern = hold(concern)
    erased, _rows = Identity.objects.filter(concern=concern).delete()
    if erased:
        forget_reasons(concern)
        save(concern)
        note(
            concern,
            None,
            journal.Kind.IDENTITY_ERASED,
            Change.Kind.ERASURE,
            new="identity",
        )


def forget_reasons(concern):
    end_wishes(concern)
    concern.identity_requests.update(reason="")
    looks = [Change.Kind.IDENTITY, Change.Kind.REQUEST]
    concern.changes.filter(kind__in=looks).update(note="")


def note(concern, by, journalled, kind, *, new="", reason="", person=None):
    change = Change.objects.create(
        concern=concern,
        kind=kind,
        new=new,
        note=reason,
        person=person,
        side=side_of(by),
        by=by,
    )
    journal.record(
        center=concern.center,
        kind=journalled,
        by=by,
        subject=concern.reference,
        detail={"change": change.pk},
    )


def note_reading(*, concern, by):
    """Record, once a day, that a person opened a confidential concern."""
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    seen = JournalEntry.objects.filter(
        center_id=concern.center_id,
        kind=journal.Kind.CONFIDENTIAL_READ,
        by_id=by.pk,
        subject=concern.reference,
        created_at__gte=today,
    )
    if not seen.exists():
        with transaction.atomic():
            journal.record(
                center=concern.center,
                kind=journal.Kind.CONFIDENTIAL_READ,
                by=by,
                subject=concern.reference,
            )
