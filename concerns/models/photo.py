from contextlib import contextmanager
from secrets import token_hex

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import models, transaction
from django.utils import timezone

from .concern import Concern
from .history import Message

FOLDER = "photos"


def new_name():
    return token_hex(16)


class Picture(models.Model):
    """A picture in two sizes, each a file; both named by chance."""

    class Size(models.TextChoices):
        LARGE = "large"
        SMALL = "small"

    # Where its files lie
    folder = FOLDER

    name = models.CharField(
        max_length=32, unique=True, default=new_name, editable=False
    )
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()

    class Meta:
        abstract = True

    def __str__(self):
        return self.name

    def path(self, size):
        """Return where a file of it lies, within the portal's files."""
        return f"{self.folder}/{self.name[:2]}/{self.name}-{size}.jpg"

    def read(self, size):
        with default_storage.open(self.path(size)) as file:
            return file.read()

    def write(self, drawn):
        """Keep the files of a picture, on the disk when this returns."""
        for size in self.Size:
            default_storage.save(self.path(size), ContentFile(getattr(drawn, size)))

    def erase(self):
        for size in self.Size:
            default_storage.delete(self.path(size))

    @contextmanager
    def kept_whole(self):
        """Keep a picture in a transaction; where that fails, no file of it stays."""
        try:
            with transaction.atomic():
                yield
        except BaseException:
            self.erase()
            raise

    def keep(self, drawn):
        # First the files: no row may name what a power cut took.
        self.write(drawn)
        self.save(force_insert=True)


class Photo(Picture):
    """What a reporter's photo shows, drawn anew.

    Like her words it is read by those who handle the concern. `message` is what it came
    with; None where it came with the words that filed the concern.
    """

    concern = models.ForeignKey(Concern, models.CASCADE, related_name="photos")
    message = models.ForeignKey(
        Message, models.CASCADE, null=True, related_name="photos"
    )
    # Whether the reporter lets everyone see it, once parts of it are covered.
    may_show = models.BooleanField(default=False)
    # Of what it shows: the same one sent again is known by it.
    digest = models.CharField(max_length=64, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["concern", "digest"], name="one_photo_of_a_kind"
            )
        ]
