"""Photos: after the words, one at a time, and never instead of them."""

import hashlib

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from centers import pictures

from ..models import Photo
from .reporter import hold

# With one message, and with one concern.
MOST, MOST_OF_ALL = 6, 30


def add_photo(*, concern, file):
    """Keep a photo with what the reporter wrote last; return it.

    The same one sent again is the one that is there. Raises ValidationError where it
    is no picture, too large (8 MB, 40 megapixels), or one too many.
    """
    drawn = draw(file)
    digest = hashlib.sha256(drawn.large).hexdigest()
    photo = Photo(width=drawn.width, height=drawn.height, digest=digest)
    try:
        with transaction.atomic():
            concern = hold(concern)
            kept = concern.photos.filter(digest=digest).first()
            if kept:
                return kept
            photo.concern = concern
            photo.message = concern.messages.filter(from_reporter=True).last()
            check_number(photo)
            # First the files: no row may name what a power cut took.
            photo.write(drawn)
            photo.save(force_insert=True)
    except BaseException:
        photo.erase()
        raise
    return photo


def draw(file):
    try:
        return pictures.drawn(file)
    except pictures.TooLarge:
        raise ValidationError(
            {"photo": _("This photo is too large. Send a smaller one, of up to 8 MB.")}
        ) from None
    except pictures.NotAPicture:
        raise ValidationError(
            {"photo": _("This is not a photo that can be read. Choose another one.")}
        ) from None


def check_number(photo):
    photos = photo.concern.photos
    if photos.count() >= MOST_OF_ALL or (
        photos.filter(message=photo.message).count() >= MOST
    ):
        raise ValidationError(
            {
                "photo": _(
                    "No more photos are taken with this message. Write another one,"
                    " then add the photo."
                )
            }
        )
