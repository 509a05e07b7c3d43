"""Photos: after the words, one at a time, and never instead of them."""

import hashlib
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from centers import pictures, storage

from ..models import Concern, Photo, PublicPhoto
from ..models.photo import FOLDER
from ..workflow import Level
from .lock import hold
from .reporter import mark_unread

# With one message, and with one concern.
MOST, MOST_OF_ALL = 6, 30


def add_photo(*, concern, file, may_show=False):
    """Keep a photo with what the reporter wrote last; return it.

    `may_show` is whether she lets everyone see it, parts of it covered. The same one
    sent again is the one that is there, and what she says of it last holds.

    Raises ValidationError where it is no picture, too large (8 MB, 40 megapixels), or
    one too many, and where the room that is left on the disk is kept for words.
    """
    if storage.is_full():
        raise refused(_("There is no room for photos just now. Your words are safe."))
    drawn = draw(file)
    digest = hashlib.sha256(drawn.large).hexdigest()
    photo = Photo(
        width=drawn.width, height=drawn.height, digest=digest, may_show=may_show
    )
    with photo.kept_whole():
        concern = hold(concern)
        kept = concern.photos.filter(digest=digest).first()
        if kept:
            return let_show(kept, may_show)
        photo.concern = concern
        photo.message = concern.messages.filter(from_reporter=True).last()
        check_number(photo)
        photo.keep(drawn)
        mark_unread(concern, photo.created_at)
    return photo


def draw(file):
    try:
        return pictures.drawn(file)
    except pictures.TooLarge:
        text = _("This photo is too large. Send a smaller one, of up to 8 MB.")
    except pictures.NotAPicture:
        text = _("This is not a photo that can be read. Choose another one.")
    raise refused(text)


def let_show(photo, may_show):
    """Let what she says of a photo hold; what everyone sees of it already goes."""
    if photo.may_show != may_show:
        photo.may_show = may_show
        photo.save(update_fields=["may_show"])
        if not may_show:
            take_back(PublicPhoto.objects.filter(photo=photo))
    return photo


def take_back(copies):
    for copy in copies:
        copy.delete()
        transaction.on_commit(copy.erase)


def check_number(photo):
    photos = photo.concern.photos
    with_message = photos.filter(message=photo.message)
    if photos.count() >= MOST_OF_ALL or with_message.count() >= MOST:
        raise refused(
            _(
                "No more photos are taken with this message. Write another one, then"
                " add the photo."
            )
        )


def refused(text):
    return ValidationError({"photo": text})


def sweep_photos():
    """Delete public copies that may be shown no more, and files that no row names."""
    shown = Concern.objects.filter(level=Level.PUBLIC, may_publish=True)
    take_back(PublicPhoto.objects.exclude(photo__concern__in=shown))
    sweep(FOLDER, Photo, PublicPhoto)


def sweep(place, *models):
    """Delete the files of a place that no row of its models names.

    Files are of sends that failed; they are left alone until the day after.
    """
    # A file has the time of its day's beginning, and a day may end while one is sent.
    recent = timezone.now() - timedelta(days=2)
    if not default_storage.exists(place):
        return
    folders, _files = default_storage.listdir(place)
    for folder in folders:
        known = {
            name
            for model in models
            for name in model.objects.filter(name__startswith=folder).values_list(
                "name", flat=True
            )
        }
        for file in default_storage.listdir(f"{place}/{folder}")[1]:
            if file.partition("-")[0] in known:
                continue
            path = f"{place}/{folder}/{file}"
            if default_storage.get_modified_time(path) < recent:
                default_storage.delete(path)
