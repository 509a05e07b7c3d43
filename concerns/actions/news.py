"""Where the reporter is told that there is news; kept and forgotten by her."""

from functools import partial

from django.db import transaction
from django.utils import timezone

from .. import emails
from ..models import Concern, NewsAddress
from ..workflow import Status
from .lock import hold


def tell(*concerns):
    """Send a letter to each reporter who wants any: one until she has looked again.

    The caller is in the transaction of what is news.
    """
    waiting = NewsAddress.objects.filter(concern__in=concerns, told_at=None)
    addresses = list(waiting.select_for_update().order_by("pk"))
    told = NewsAddress.objects.filter(pk__in=[address.pk for address in addresses])
    told.update(told_at=timezone.now())
    languages = {concern.pk: concern.language for concern in concerns}
    for address in addresses:
        language = languages[address.concern_id]
        transaction.on_commit(partial(emails.news, address, language))


def tell_joined(concern):
    """Tell those whose concerns were joined to one: their pages show what it is now."""
    joined = concern.repeats.filter(status=Status.DUPLICATE, code_ended_at=None)
    tell(*(one for one in joined.without_words() if concern.may_tell(one)))


@transaction.atomic
def keep_address(*, concern, email):
    """Keep the one address to which letters go; an earlier one is forgotten.

    The code has opened the concern. Where it opens it no more, none is kept.
    """
    held = hold(concern)
    # Pressed in one of her windows after the code was ended or changed in another.
    if held.code_ended_at or held.code_renewals != concern.code_renewals:
        return
    forget_address(concern=concern)
    NewsAddress.objects.create(concern=concern, email=email)


def forget_address(*, concern):
    NewsAddress.objects.filter(concern=concern).delete()


def stop_news(*, token):
    """Send nothing more to whoever has this token of a letter; any other is nothing."""
    NewsAddress.objects.filter(token=token).delete()


def note_look(*, concern):
    """The reporter has seen what there is: what comes from now on is new, and news."""
    now = timezone.now()
    Concern.objects.filter(pk=concern.pk).update(seen_by_reporter_at=now)
    if hasattr(concern, "news_address") and concern.news_address.told_at:
        NewsAddress.objects.filter(concern=concern).update(told_at=None)
