"""Notes among those who read a concern's words: never the reporter's, never changed."""

from functools import partial

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from centers.permissions import Permission

from .. import emails
from ..models import Change, Mention
from ..readers import readers_of
from .lock import lock, need, save


@transaction.atomic
def add_note(*, concern, text, by, version, people=()):
    """Write a note to those who may read a concern, and name some of them.

    Whom it names finds it on the first screen of the desk. A mention lets nobody in:
    raises ValidationError where a person may not read the concern now.
    """
    concern = lock(concern, by, version)
    need(by, Permission.HANDLE_CONCERN, concern)
    if not text:
        raise ValidationError({"text": _("Write the note.")})
    readers = readers_of(concern) if people else []
    if not set(people) <= set(readers):
        raise ValidationError({"people": _("Not all of them may read it now.")})
    note = Change.objects.create(
        concern=concern, kind=Change.Kind.NOTE, note=text, by=by
    )
    named = [person for person in people if person != by]
    Mention.objects.bulk_create(Mention(note=note, user=person) for person in named)
    save(concern)
    transaction.on_commit(partial(emails.mentioned, named))
    return note


def see_mentions(*, concern, by):
    """Take what names a person off his first screen: he has opened the concern."""
    Mention.objects.filter(note__concern=concern, user_id=by.pk, seen_at=None).update(
        seen_at=timezone.now()
    )
