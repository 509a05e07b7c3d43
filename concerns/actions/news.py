"""Where the reporter is told that there is news; kept and forgotten by her."""

from functools import partial

from django.db import transaction
from django.utils import timezone

from .. import emails
from ..models import Concern, NewsAddress


def tell(concern):
    """Send a letter, if she wants any: one until she has looked again.

    The caller is in the transaction of what is news.
    """
    waiting = NewsAddress.objects.filter(concern=concern, told_at=None)
    address = waiting.first()
    if address and waiting.update(told_at=timezone.now()):
        transaction.on_commit(partial(emails.news, address, concern.language))


@transaction.atomic
def keep_address(*, concern, email):
    """Keep the one address to which letters go; an earlier one is forgotten."""
    forget_address(concern=concern)
    return NewsAddress.objects.create(concern=concern, email=email)


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
