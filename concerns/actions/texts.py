from django.db import transaction
from django.db.models import F

from ..models import TextTemplate
from .lock import Stale


@transaction.atomic
def save_text(*, text, version):
    """Keep a ready text, new or changed.

    Raises Stale where somebody changed or removed it since `version` was shown.
    """
    if text.pk:
        shown = TextTemplate.objects.filter(pk=text.pk, version=version)
        if not shown.update(version=F("version") + 1):
            raise Stale
        text.version = version + 1
    text.save()
