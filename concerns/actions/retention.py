"""What is not needed any more is erased: who filed, photos, words; figures are kept.

Counted in whole months from the day on which a concern ended, or from the last word on
one that waits outside the centre and on one kept apart as a machine's. What its
reporter wrote since then and nobody has opened holds it as long again after the last of
it. What stands on the public pages was written by the centre and stays; backups forget
as they rotate.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from ..models import Change, Concern, Identity, Message, Photo, PublicPhoto
from ..models.history import RENEWED
from ..workflow import RESTING, Level, Status
from .identity import forget_reasons
from .lock import save
from .news import forget_address
from .words import OUTCOME_FIELDS, SUMMARY_FIELDS

KEPT_WITH_WORDS = ["messages", "answers"]
OWN_WORDS = ["text", "landmark", "words_text", "crime_number", "crime_place"]
ERASED = ["approved_at", "approved_by", "words_erased_at"]
SUMMARY_TEXTS = [*SUMMARY_FIELDS, *OUTCOME_FIELDS, "search_text"]


@dataclass
class Erased:
    """How many concerns lost what: who filed, photos, their words, their code."""

    identities: int = 0
    photos: int = 0
    words: int = 0
    codes: int = 0


def erase_old(now=None, *, is_dry=False):
    """Erase what is kept long enough; return an Erased, of a dry run what it would be.

    Repeatable, and safe beside another run of itself: each concern is looked at anew
    under its lock, and one that was taken up again meanwhile is left alone.
    """
    now = now or timezone.now()
    erased = Erased()
    for name, (due, erase) in STEPS.items():
        for pk in list(due(now).values_list("pk", flat=True)):
            if is_dry or erase_one(pk, now, due, erase):
                setattr(erased, name, getattr(erased, name) + 1)
    return erased


def erase_one(pk, now, due, erase):
    with transaction.atomic():
        concern = (
            due(now).select_for_update(of=["self"], no_key=True).filter(pk=pk).first()
        )
        if concern:
            erase(concern, now)
    return concern is not None


def ended_before(now, months):
    """Return what ended so long ago, and what was left so long without a word.

    What repeats another has the time of that one: its reporter follows it.
    """
    moment = months_before(now, months)
    # The staff owe her a look, and the desk shows it; but what nobody opens for as long
    # is not kept for ever.
    waits = Q(unread_since__isnull=False) & written_since(moment)
    concerns = Concern.objects.filter(~waits)
    is_left = Q(status__in=RESTING) | Q(status=Status.RECEIVED, is_quarantined=True)
    over = Q(ended_at__lt=moment) & ~Q(status=Status.DUPLICATE)
    over |= is_left & Q(created_at__lt=moment) & ~happened_since(moment)
    # Asked of each in turn: under its lock one is looked at anew, and not all leads.
    leads = Exists(concerns.filter(over, pk=OuterRef("lead")))
    return concerns.filter(over | Q(leads, status=Status.DUPLICATE))


def happened_since(moment):
    """Match concerns with which something was done or said after a moment."""
    # What is erased here is no sign of life.
    changes = Change.objects.exclude(side=Change.Side.CLOCK)
    return any_since(moment, changes, Message.objects, Photo.objects)


def written_since(moment):
    """Match concerns to which the reporter wrote something after a moment."""
    changes = Change.objects.filter(side=Change.Side.REPORTER)
    messages = Message.objects.filter(from_reporter=True)
    return any_since(moment, changes, messages, Photo.objects)


def any_since(moment, *rows):
    after = {"concern": OuterRef("pk"), "created_at__gt": moment}
    return reduce(or_, (Q(Exists(some.filter(**after))) for some in rows))


def months_before(now, months):
    """Return the moment so many months ago; of a day that month lacks, its last."""
    local = timezone.localtime(now)
    year, month = divmod(local.year * 12 + local.month - 1 - months, 12)
    day = min(local.day, monthrange(year, month + 1)[1])
    return timezone.make_aware(
        datetime(year, month + 1, day, local.hour, local.minute, local.second)
    )


def with_identity(now):
    months = settings.KEEP_IDENTITY_MONTHS
    named = Identity.objects.filter(concern=OuterRef("pk"))
    # She may still look, and have asked for letters only now.
    looks = Q(seen_by_reporter_at__gte=months_before(now, months))
    return ended_before(now, months).filter(
        Exists(named) | Q(news_address__isnull=False) & ~looks
    )


def erase_identity(concern, now):
    forget_address(concern=concern)
    erased, _rows = Identity.objects.filter(concern=concern).delete()
    # No page says that who named nobody had left an address.
    if erased:
        forget_reasons(concern)
        save(concern)
        note(concern, "identity", now)


def with_photos(now):
    shown = Photo.objects.filter(concern=OuterRef("pk"))
    return ended_before(now, settings.KEEP_PHOTOS_MONTHS).filter(Exists(shown))


def erase_photos(concern, now):
    copies = PublicPhoto.objects.filter(photo__concern=concern)
    photos = [*concern.photos.all(), *copies]
    concern.photos.all().delete()
    save(concern)
    note(concern, "photos", now)
    # The rows first: a file that no row names is swept later, a row without one is a
    # broken picture.
    transaction.on_commit(lambda: [photo.erase() for photo in photos])


def with_words(now):
    due = Concern.objects.none()
    for level in Level:
        months = settings.KEEP_WORDS_MONTHS[level]
        # What was written after that has its own time, from the last word.
        is_new = happened_since(OuterRef("words_erased_at"))
        is_old = ~happened_since(months_before(now, months))
        due |= ended_before(now, months).filter(
            Q(words_erased_at=None) | is_new & is_old, level=level
        )
    return due


def erase_words(concern, now):
    for name in KEPT_WITH_WORDS:
        getattr(concern, name).all().delete()
    concern.changes.update(note="", body="", crime_number="", crime_place="")
    forget_reasons(concern)
    for name in OWN_WORDS:
        setattr(concern, name, "")
    if not concern.published_at:
        erase_summary(concern)
    concern.words_erased_at = now
    save(concern, *OWN_WORDS, *SUMMARY_TEXTS, *ERASED)
    note(concern, "words", now)


def erase_summary(concern):
    """Erase what the centre wrote of it for others but does not show to everyone."""
    concern.public_texts.all().delete()
    for name in SUMMARY_TEXTS:
        setattr(concern, name, "")
    concern.approved_at = concern.approved_by = None


def with_code(now):
    # While something is open, or what it repeats, she may come back to it.
    due = ended_before(now, settings.KEEP_CODE_MONTHS).ended()
    due = due.exclude(status=Status.DUPLICATE, lead__ended_at=None)
    # Who came for another code is to read with it what she came for.
    renewed = Change.objects.filter(
        concern=OuterRef("pk"),
        kind=Change.Kind.CODE,
        new__in=RENEWED,
        created_at__gt=months_before(now, settings.KEEP_CODE_MONTHS),
    )
    return due.filter(~Exists(renewed), code_ended_at=None)


def end_code(concern, now):
    concern.code_ended_at = now
    save(concern, "code_ended_at")
    forget_address(concern=concern)


def note(concern, what, now):
    Change.objects.create(
        concern=concern,
        kind=Change.Kind.ERASURE,
        new=what,
        side=Change.Side.CLOCK,
        created_at=now,
    )


STEPS = {
    "identities": (with_identity, erase_identity),
    "photos": (with_photos, erase_photos),
    "words": (with_words, erase_words),
    "codes": (with_code, end_code),
}
