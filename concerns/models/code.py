"""What is kept beside a concern for the one who has its code."""

from datetime import timedelta
from secrets import token_urlsafe

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from .concern import Concern


def new_token():
    return token_urlsafe(24)


def in_a_day():
    return timezone.now() + timedelta(hours=24)


class NewsAddress(models.Model):
    """Where a reporter is told that there is news, and nothing else.

    No page shows it. The row goes with the code, with who filed the concern, and when
    no letter is wanted any more.
    """

    concern = models.OneToOneField(
        Concern, models.CASCADE, primary_key=True, related_name="news_address"
    )
    email = models.EmailField(max_length=200)
    # By which a letter's reader wants no more of them.
    token = models.CharField(
        max_length=32, unique=True, default=new_token, editable=False
    )
    # None while nothing was sent since she looked.
    told_at = models.DateTimeField(null=True, editable=False)

    def __str__(self):
        return str(self.concern)


class CodeRequestQuerySet(models.QuerySet):
    def open(self):
        return self.filter(confirmed_at=None, expires_at__gt=timezone.now())


class CodeRequest(models.Model):
    """One person saw the reporter and asks for a new code; another confirms it."""

    class Recognised(models.TextChoices):
        DETAILS = "details", pgettext_lazy("recognised", "knows details of the report")
        DOCUMENT = "document", pgettext_lazy("recognised", "showed a document")
        KNOWN = (
            "known",
            pgettext_lazy("recognised", "filed it here, before this person"),
        )

    concern = models.ForeignKey(Concern, models.CASCADE, related_name="code_requests")
    recognised = models.CharField(max_length=8, choices=Recognised)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField(default=in_a_day, editable=False)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, editable=False)

    objects = CodeRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_at=None, confirmed_by=None)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
                name="code_request_has_both_date_and_second",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("by")),
                name="code_request_takes_two",
            ),
        ]

    def __str__(self):
        return f"{self.concern}, {self.created_at:%Y-%m-%d}"
