from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone

from ..references import new_reference
from .person import LinkQuerySet, Membership, User, in_72_hours


class SignIn(models.Model):
    """A session in which a person is signed in, so that he sees it and can end it.

    Since when, last when and on what stands in the session and goes with it; from where
    stands nowhere.
    """

    session = models.OneToOneField(
        "sessions.Session", models.CASCADE, primary_key=True, related_name="sign_in"
    )
    user = models.ForeignKey(User, models.CASCADE, related_name="sign_ins")
    reference = models.CharField(
        max_length=8, unique=True, default=new_reference, editable=False
    )

    def __str__(self):
        return self.reference


class BrowserQuerySet(models.QuerySet):
    def forgotten(self):
        """Return those that nobody has signed in with for a year."""
        return self.filter(last_at__lt=timezone.now() - timedelta(days=365))


class Browser(models.Model):
    """What a person has signed in with, so that he is told of what he never used.

    `mark` is a keyed hash of what the browser calls itself: it can be known again, and
    nothing be read from it.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="browsers")
    mark = models.CharField(max_length=64, editable=False)
    on_phone = models.BooleanField()
    last_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = BrowserQuerySet.as_manager()

    class Meta:
        ordering = ["-last_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "mark"], name="one_browser_per_mark"
            )
        ]

    def __str__(self):
        return f"{self.user}, {self.last_at:%Y-%m-%d}"


class ReturnLinkQuerySet(LinkQuerySet):
    def shown(self):
        """Return the last link of this month, to be shown to those it concerns."""
        since = timezone.now() - timedelta(days=30)
        return self.filter(created_at__gt=since).select_related("by").first()


class ReturnLink(models.Model):
    """A link by which a member comes back who has lost what he signs in with.

    It sets a new password; a new start takes the second factor away too. `membership`
    is where the coordinator gave it; it and `by` are None where whoever runs the
    installation did.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="return_links")
    membership = models.ForeignKey(
        Membership, models.CASCADE, null=True, related_name="return_links"
    )
    is_new_start = models.BooleanField()
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField(default=in_72_hours, editable=False)
    used_at = models.DateTimeField(null=True, editable=False)

    objects = ReturnLinkQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(membership=None, by=None)
                | Q(membership__isnull=False, by__isnull=False),
                name="return_link_has_place_and_author",
            )
        ]

    def __str__(self):
        return f"{self.user}, {self.created_at:%Y-%m-%d}"

    @property
    def is_open(self):
        return self.used_at is None and self.expires_at > timezone.now()
