"""Photos of the work on an action: taken by who does it, shown by who publishes."""

import hashlib

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from centers import journal, storage
from centers.permissions import Permission, can
from concerns.actions.photos import draw, refused, sweep, take_back
from concerns.actions.retention import months_before

from ..models import Action, ActionChange, ActionPhoto
from .execution import Kind, hold_action, note_change
from .lock import Stale

MOST = 6


def publishes(by, action):
    """Tell whether a person may let everyone see a photo of an action."""
    return can(by, Permission.PUBLISH_CONCERN, action.partner.center)


def add_photo(*, action, by, photo, taken):
    """Keep a photo of an action; the same one sent again is the one that is there.

    Raises PermissionDenied for who does not act on it, ValidationError where the file
    is no picture, too large (8 MB, 40 megapixels), or the seventh, and where the room
    that is left on the disk is kept for words.
    """
    if storage.is_full():
        raise refused(_("There is no room for photos just now."))
    drawn = draw(photo)
    made = ActionPhoto(
        by=by,
        taken=taken,
        width=drawn.width,
        height=drawn.height,
        small_bytes=len(drawn.small),
        large_bytes=len(drawn.large),
        digest=hashlib.sha256(drawn.large).hexdigest(),
    )
    with made.kept_whole():
        made.action = hold_action(action, by)
        kept = made.action.photos.filter(digest=made.digest).first()
        if kept:
            return kept
        if made.action.photos.count() >= MOST:
            raise refused(_("An action has six photos at most: delete one first."))
        made.keep(drawn)
        note_change(made.action, Kind.PHOTO, by=by, new="added")
    return made


def hold_photo(photo, by):
    """Return a photo as it is now, its action held until the transaction ends."""
    action = hold_action(photo.action, by)
    photo = action.photos.get(pk=photo.pk)
    photo.action = action
    return photo


@transaction.atomic
def clear_photo(*, photo, by, alt_ky, alt_ru, version=""):
    """Let everyone see a photo, with words for whoever does not see it.

    Said again, the words are changed; pressed twice, it is done once. Raises
    PermissionDenied for who does not publish, Stale where another cleared it or took it
    back since it was the `version`, ValidationError where not everyone reads the
    action.
    """
    photo = hold_photo(photo, by)
    if not publishes(by, photo.action):
        raise PermissionDenied
    if photo.is_cleared and (photo.alt_ky, photo.alt_ru) == (alt_ky, alt_ru):
        return
    if photo.version != version:
        raise Stale
    if not Action.objects.public().filter(pk=photo.action_id).exists():
        raise ValidationError(_("Not everyone reads this action: nor its photos."))
    photo.alt_ky, photo.alt_ru = alt_ky, alt_ru
    photo.cleared_at, photo.cleared_by = timezone.now(), by
    photo.save()
    note(photo, "shown", journal.Kind.PUBLISHED, by)


@transaction.atomic
def withhold_photo(*, photo, by):
    """Show a photo to the members alone again; pressed twice, it is done once."""
    photo = hold_photo(photo, by)
    if not publishes(by, photo.action):
        raise PermissionDenied
    if photo.is_cleared:
        photo.cleared_at = photo.cleared_by = None
        photo.save()
        note(photo, "hidden", journal.Kind.UNPUBLISHED, by)


@transaction.atomic
def delete_photo(*, photo, by):
    """Delete a photo and its files; whoever acts on the action may.

    One that everyone sees only who publishes: else PermissionDenied is raised.
    """
    photo = hold_photo(photo, by)
    if photo.is_cleared and not publishes(by, photo.action):
        raise PermissionDenied
    if photo.is_cleared:
        note(photo, "deleted", journal.Kind.UNPUBLISHED, by)
    else:
        note_change(photo.action, Kind.PHOTO, by=by, new="deleted")
    photo.delete()
    transaction.on_commit(photo.erase)


def note(photo, what, kind, by):
    note_change(photo.action, Kind.PHOTO, by=by, new=what)
    journal.record(
        center=photo.action.partner.center,
        kind=kind,
        by=by,
        subject=photo.action.reference,
        detail={"what": "photo of an action", "number": photo.pk},
    )


def sweep_action_photos():
    """Take back what is public no more, delete what nobody cleared in its time.

    Once taken back, a photo is looked at again before everyone sees it. Its time is
    that of concerns' photos, from the last word on an action whose term is over. Files
    of sends that failed are deleted too.
    """
    public = Action.objects.public().values("pk")
    cleared = ActionPhoto.objects.filter(cleared_at__isnull=False)
    cleared.exclude(action__in=public).update(cleared_at=None, cleared_by=None)
    moment = months_before(timezone.now(), settings.KEEP_PHOTOS_MONTHS)
    said = ActionChange.objects.filter(action=OuterRef("action"), created_at__gt=moment)
    take_back(
        ActionPhoto.objects.filter(
            ~Exists(said),
            cleared_at=None,
            created_at__lt=moment,
            action__due_on__lt=moment.date(),
        )
    )
    sweep(ActionPhoto.folder, ActionPhoto)
