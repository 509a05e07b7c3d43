"""The append-only journal: what must be provable, one hash chain per centre."""

import hashlib
import json
from datetime import UTC

from django.db import models
from django.utils import timezone

GENESIS = "0" * 64


class JournalEntry(models.Model):
    """
    One line of a centre's chain, or, with centre 0, of the installation's own.

    Neither foreign keys nor personal data: a line outlives the rows it tells of,
    and no retention rule may ever want to erase it. Database triggers refuse to
    change or delete one. Only centers.journal.record() writes here.
    """

    center_id = models.PositiveBigIntegerField(editable=False)
    number = models.PositiveBigIntegerField(editable=False)
    kind = models.CharField(max_length=40, editable=False)
    by_id = models.PositiveBigIntegerField(null=True, editable=False)
    subject = models.CharField(max_length=64, blank=True, editable=False)
    detail = models.JSONField(default=dict, blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    previous_hash = models.CharField(max_length=64, editable=False)
    hash = models.CharField(max_length=64, editable=False)

    class Meta:
        ordering = ["center_id", "number"]
        constraints = [
            # Should a lock ever fail to serialise two writers, the second one
            # is refused here instead of forking the chain.
            models.UniqueConstraint(
                fields=["center_id", "number"], name="one_journal_entry_per_number"
            ),
        ]

    def __str__(self):
        return f"{self.center_id}/{self.number} {self.kind} {self.subject}".rstrip()

    def digest(self):
        """
        SHA-256, in hex, of the line and of the hash before it.

        The moment is taken in UTC with microseconds and the text as ASCII JSON, so
        that neither a time zone nor a database changes what was signed.
        """
        line = {
            "center": self.center_id,
            "number": self.number,
            "kind": self.kind,
            "by": self.by_id,
            "subject": self.subject,
            "detail": self.detail,
            "at": self.created_at.astimezone(UTC).isoformat(timespec="microseconds"),
            "previous": self.previous_hash,
        }
        text = json.dumps(line, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode("ascii")).hexdigest()


class JournalHead(models.Model):
    """The end of one chain: the row that writers lock, and the proof of its length."""

    center_id = models.PositiveBigIntegerField(primary_key=True, editable=False)
    number = models.PositiveBigIntegerField(default=0, editable=False)
    hash = models.CharField(max_length=64, default=GENESIS, editable=False)

    def __str__(self):
        return f"{self.center_id}/{self.number} {self.hash[:12]}"
