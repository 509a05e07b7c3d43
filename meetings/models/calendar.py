"""The secret address at which a member's calendar asks for what he has to come to."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.crypto import salted_hmac

from centers.models import Membership
from centers.models.person import hash_token


class CalendarQuerySet(models.QuerySet):
    def serving(self):
        """Return those of people who still serve a centre."""
        live = Membership.objects.live().filter(user=OuterRef("user"))
        return self.filter(Exists(live), user__is_active=True)

    def find(self, token):
        """Return the calendar that an address opens, or None."""
        found = self.serving().select_related("user")
        calendar = found.filter(token_hash=hash_token(token)).first()
        # Under another password it opens nothing any more.
        is_good = calendar and token.endswith(mark_of(calendar.user))
        return calendar if is_good else None


def mark_of(user):
    """Return the end of a token, which is another with each password of a person."""
    return salted_hmac("meetings.calendar", user.password).hexdigest()[:16]


class MemberCalendar(models.Model):
    """That a member has such an address; of the token in it only a hash is kept."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="calendar"
    )
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    # Of the password under which it was made, as at the end of the token
    mark = models.CharField(max_length=16, blank=True, editable=False)
    made_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = CalendarQuerySet.as_manager()

    def __str__(self):
        return str(self.user)

    @property
    def is_good(self):
        """Tell whether its address still opens it: under another password it does not.

        Of those made before the mark was kept, that it may.
        """
        return self.mark in ("", mark_of(self.user))
