"""Photos that everyone may see: cleared one by one, parts of them painted over.

Each takes a `photo`, `by` and the concern's `version`. What is covered is changed only
while the photo is not cleared: everyone sees what somebody looked at as a whole.
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from centers import journal, pictures, storage
from centers.permissions import Permission

from ..models import Change, Cover, PublicPhoto
from .lock import lock, need, save

SIZE = PublicPhoto.Size
# Who needs more covers the whole of it.
MOST_COVERS = 20


def hold(photo, by, version):
    """Return the photo, its concern held until the transaction ends."""
    concern = lock(photo.concern, by, version)
    need(by, Permission.PUBLISH_CONCERN, concern)
    photo = concern.photos.select_related("cleared").get(pk=photo.pk)
    photo.concern = concern
    return photo


def hold_uncleared(photo, by, version):
    photo = hold(photo, by, version)
    if is_cleared(photo):
        raise ValidationError(_("Take the photo back from publication first."))
    return photo


def is_cleared(photo):
    return hasattr(photo, "cleared")


def boxes_of(photo):
    return [cover.box for cover in photo.covers.all()]


@transaction.atomic
def cover(*, photo, left, top, right, bottom, by, version):
    """Cover a part of a photo, in percents of its sides."""
    photo = hold_uncleared(photo, by, version)
    if photo.covers.count() >= MOST_COVERS:
        raise ValidationError(_("No more than 20 parts of a photo are covered."))
    box = {"left": left, "top": top, "right": right, "bottom": bottom}
    made = Cover.objects.create(photo=photo, **box)
    save(photo.concern)
    return made


@transaction.atomic
def uncover(*, photo, cover, by, version):
    """Take away a cover, by its number."""
    photo = hold_uncleared(photo, by, version)
    photo.covers.filter(pk=cover).delete()
    save(photo.concern)


def clear(*, photo, by, version):
    """Make the copy that everyone may see once the concern is public; return it.

    Raises ValidationError where the concern is not of the public level, where the
    reporter does not let it be shown, and where there is no room for files.
    """
    if storage.is_full():
        raise ValidationError(_("There is no room for photos just now."))
    try:
        # Before anybody waits for it: a version later, the covers may be others.
        drawn = pictures.covered(photo.read(SIZE.LARGE), boxes_of(photo))
    except (FileNotFoundError, pictures.NotAPicture):
        raise ValidationError(_("The file of this photo is missing.")) from None
    copy = PublicPhoto(
        width=drawn.width,
        height=drawn.height,
        small_bytes=len(drawn.small),
        large_bytes=len(drawn.large),
        by=by,
    )
    with copy.kept_whole():
        copy.photo = hold_uncleared(photo, by, version)
        check_public(copy.photo)
        copy.keep(drawn)
        note(copy.photo, "photo_cleared", journal.Kind.PUBLISHED, by)
    return copy


def check_public(photo):
    if not photo.concern.is_public:
        raise ValidationError(_("Only a public concern shows photos."))
    if not (photo.may_show and photo.concern.may_publish):
        raise ValidationError(_("The reporter did not allow this photo to be shown."))


@transaction.atomic
def withhold(*, photo, by, version):
    """Take a photo back from publication: its copy is deleted."""
    photo = hold(photo, by, version)
    if not is_cleared(photo):
        raise ValidationError(_("The photo is not cleared for publication."))
    copy = photo.cleared
    copy.delete()
    note(photo, "photo_withheld", journal.Kind.UNPUBLISHED, by)
    transaction.on_commit(copy.erase)


def note(photo, what, kind, by):
    concern = photo.concern
    save(concern)
    Change.objects.create(concern=concern, kind=Change.Kind.SUMMARY, new=what, by=by)
    journal.record(
        center=concern.center,
        kind=kind,
        by=by,
        subject=concern.reference,
        detail={"what": "photo", "number": photo.pk},
    )
