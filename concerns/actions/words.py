from datetime import datetime, time

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from centers import journal
from centers.permissions import Permission

from ..models import Change, Message, PublicText
from ..search import fold
from ..workflow import ENDED
from .lock import MoveNotAllowed, lock, need, save
from .merging import heard_by, tell_repeats
from .news import tell

SUMMARY_FIELDS = ["title_ky", "title_ru", "summary_ky", "summary_ru"]
OUTCOME_FIELDS = ["outcome_ky", "outcome_ru"]


@transaction.atomic
def send_message(*, concern, text, by, version, to_all=False):
    """Write to the reporter, who reads it with the code.

    With `to_all` also to those whose concerns repeat this one.
    """
    concern = lock(concern, by, version)
    need(by, Permission.HANDLE_CONCERN, concern)
    if concern.status in ENDED:
        raise MoveNotAllowed
    if not text:
        raise ValidationError({"text": _("Write your message.")})
    message = Message.objects.create(
        concern=concern, from_reporter=False, text=text, by=by
    )
    concern.unread_since = None
    save(concern, "unread_since")
    tell(concern)
    if to_all:
        tell_repeats(concern, heard_by(concern, by), text, by)
    return message


@transaction.atomic
def save_summary(*, concern, by, version, **texts):
    """Keep a draft of the public title and summary; approved words are not drafted on.

    `texts` are SUMMARY_FIELDS and OUTCOME_FIELDS.
    """
    concern = lock(concern, by, version)
    need(by, Permission.PUBLISH_CONCERN, concern)
    if concern.approved_at:
        raise ValidationError(_("An approved text is changed by approving it anew."))
    write(concern, texts)
    save(concern, *texts)
    return concern


@transaction.atomic
def approve_summary(*, concern, by, version, publish_on=None, **texts):
    """Approve the title and summary in both languages; the text is kept as a version.

    A public concern is then on the public pages, or will be from the morning of
    `publish_on`, but what is there stays there; a restricted one is readable for
    members. Raises ValidationError for a confidential concern, for a missing language,
    and where the reporter did not allow a public summary.
    """
    concern = lock(concern, by, version)
    need(by, Permission.PUBLISH_CONCERN, concern)
    if concern.is_confidential:
        raise ValidationError(_("A confidential concern has no summary."))
    if concern.is_public and not concern.may_publish:
        raise ValidationError(_("The reporter did not allow publication."))
    missing = {
        field: _("Both languages are needed before it is shown.")
        for field in SUMMARY_FIELDS
        if not texts.get(field)
    }
    if missing:
        raise ValidationError(missing)
    now = timezone.now()
    if concern.approved_at and not concern.public_texts.exists():
        keep(concern)
    write(concern, texts)
    concern.search_text = fold(
        " ".join([concern.number, concern.reference, *filter(None, texts.values())])
    )
    concern.approved_at, concern.approved_by = now, by
    if concern.is_public and not concern.is_published:
        concern.published_at = max(now, morning_of(publish_on)) if publish_on else now
    keep(concern)
    save(concern, "search_text", "approved_at", "approved_by", "published_at", *texts)
    Change.objects.create(
        concern=concern, kind=Change.Kind.SUMMARY, new="approved", by=by
    )
    journal.record(
        center=concern.center,
        kind=journal.Kind.PUBLISHED,
        by=by,
        subject=concern.reference,
        detail={"level": concern.level, "text": concern.public_texts.count()},
    )
    return concern


def note_naming(*, concern, by):
    """Record that a person was told that his text may name the reporter."""
    Change.objects.create(concern=concern, kind=Change.Kind.SUMMARY, new="named", by=by)


@transaction.atomic
def unpublish(*, concern, by, version):
    """Take the summary off the public pages and from the members."""
    concern = lock(concern, by, version)
    need(by, Permission.PUBLISH_CONCERN, concern)
    if concern.approved_at is None:
        raise ValidationError(_("Nothing of it is approved."))
    concern.approved_at = concern.approved_by = concern.published_at = None
    save(concern, "approved_at", "approved_by", "published_at")
    Change.objects.create(
        concern=concern, kind=Change.Kind.SUMMARY, new="unpublished", by=by
    )
    journal.record(
        center=concern.center,
        kind=journal.Kind.UNPUBLISHED,
        by=by,
        subject=concern.reference,
    )
    return concern


def write(concern, texts):
    for field in SUMMARY_FIELDS + OUTCOME_FIELDS:
        if field in texts:
            setattr(concern, field, texts[field])


def keep(concern):
    """Keep the approved text as it stands as the next version of it."""
    PublicText.objects.create(
        concern=concern,
        number=concern.public_texts.count() + 1,
        by=concern.approved_by,
        created_at=concern.approved_at,
        **{
            field: getattr(concern, field) or ""
            for field in SUMMARY_FIELDS + OUTCOME_FIELDS
        },
    )


def morning_of(day):
    return timezone.make_aware(datetime.combine(day, time.min))
