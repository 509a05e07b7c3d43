"""Who is expected at a meeting: its members, and guests who have no account."""

from datetime import timedelta

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from phonenumber_field.modelfields import PhoneNumberField

from centers.models import Membership
from centers.references import new_reference

from .meeting import Meeting

# The personal link holds for this one invitation: whoever has it answers for it, and
# learns no more than the notice says.
SIGNER = Signer(salt="meeting invitation")


# After a meeting: then of the guests no more is known than how many came.
GUESTS_KEPT = timedelta(days=90)


def answer_path(reference):
    """Return where an invitation is answered, in the language of now."""
    return reverse("invited:answer", args=[SIGNER.sign(reference)])


class InvitedQuerySet(models.QuerySet):
    def find(self, token):
        """Return whom a personal link is for; None where he has left the centre."""
        try:
            reference = SIGNER.unsign(token)
        except BadSignature:
            return None
        found = self.expected().select_related("meeting__center", "user")
        return found.filter(reference=reference).first()

    def expected(self):
        """Return the guests, and who still is a member."""
        members = Membership.objects.live().filter(
            center=OuterRef("meeting__center"),
            user=OuterRef("user"),
            user__is_active=True,
        )
        return self.filter(Q(user=None) | Exists(members))

    def reached(self):
        """Return those of them who are written to."""
        return self.expected().exclude(email="")

    def guests(self):
        return self.filter(user=None)

    def silent(self):
        return self.filter(answer="")


class Invited(models.Model):
    """One who is invited to a meeting, what he answered, and what he needs to come."""

    class Answer(models.TextChoices):
        YES = "yes", pgettext_lazy("invitation", "Will come")
        MAYBE = "maybe", pgettext_lazy("invitation", "Perhaps")
        NO = "no", pgettext_lazy("invitation", "Will not come")

    NEEDS = ("needs_childcare", "needs_interpreter", "needs_transport")

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="invited")
    reference = models.CharField(
        max_length=8, unique=True, default=new_reference, editable=False
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    name = models.CharField(_("full name"), max_length=120)
    body = models.CharField(_("organisation"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = PhoneNumberField(_("phone"), blank=True)
    language = models.CharField(
        _("language"), max_length=2, choices=settings.LANGUAGES, default="ky"
    )
    answer = models.CharField(_("answer"), max_length=5, choices=Answer, blank=True)
    words = models.CharField(_("a word to the centre"), max_length=300, blank=True)
    needs_childcare = models.BooleanField(_("care for my children"), default=False)
    needs_interpreter = models.BooleanField(_("an interpreter"), default=False)
    needs_transport = models.BooleanField(_("transport"), default=False)
    # Whether a guest took part; of members their attendance says so.
    came = models.BooleanField(_("took part"), null=True, editable=False)
    answered_at = models.DateTimeField(null=True, editable=False)
    told_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = InvitedQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "user"], name="one_invitation_per_member"
            ),
            models.UniqueConstraint(
                fields=["meeting", "name", "email", "phone"],
                condition=Q(user=None),
                name="one_invitation_per_guest",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def is_guest(self):
        return self.user_id is None

    @property
    def full_name(self):
        """Return a name, and for whom he stands."""
        return f"{self.name} ({self.body})" if self.body else self.name

    @property
    def link(self):
        """Return the personal address, in the language of whom it is for."""
        with translation.override(self.language):
            return settings.SITE_URL + answer_path(self.reference)

    @property
    def needs(self):
        """Return what he needs to come, in words."""
        return [
            self._meta.get_field(name).verbose_name
            for name in self.NEEDS
            if getattr(self, name)
        ]
