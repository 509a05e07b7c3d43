from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from concerns.models import Concern
from concerns.workflow import Level, Status

from .agenda import AgendaItem
from .meeting import Meeting


class ProposalQuerySet(models.QuerySet):
    def waiting_for(self, user):
        """Return the proposals that no agenda has answered, as far as one may know.

        Answered is one whose concern stands on the agenda of a meeting to come, or
        stood on that of a meeting held since, which did not leave it to another. A
        draft answers only to those who see drafts: it must not show by what is missing.
        """
        concerns = (
            Concern.objects.known_to(user)
            .open()
            .exclude(status=Status.RECEIVED)
            .exclude(level=Level.CONFIDENTIAL)
        )
        answers = AgendaItem.objects.filter(
            Q(meeting__in=Meeting.objects.awaited())
            | Q(
                meeting__status=Meeting.Status.HELD,
                meeting__starts_at__gt=OuterRef("created_at"),
            )
            & ~Q(status=AgendaItem.Status.POSTPONED),
            concern=OuterRef("concern"),
            meeting__in=Meeting.objects.visible_to(user),
        )
        return self.filter(~Exists(answers), concern__in=concerns)


class Proposal(models.Model):
    """A member's wish that a concern be discussed: the staff's alone to know of."""

    concern = models.ForeignKey(Concern, models.CASCADE, related_name="proposals")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="proposals"
    )
    words = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["concern", "by"], name="one_proposal_per_person_and_concern"
            )
        ]

    def __str__(self):
        return f"{self.concern}, {self.by}"
