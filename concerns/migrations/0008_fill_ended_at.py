from django.db import migrations
from django.db.models import OuterRef, Subquery

ENDED = ["closed", "declined", "duplicate", "withdrawn"]


def fill_ended_at(apps, schema_editor):
    Concern = apps.get_model("concerns", "Concern")
    Change = apps.get_model("concerns", "Change")
    last = (
        Change.objects.filter(concern=OuterRef("pk"), kind="status")
        .order_by("-created_at", "-pk")
        .values("created_at")[:1]
    )
    Concern.objects.filter(status__in=ENDED).update(ended_at=Subquery(last))


class Migration(migrations.Migration):
    dependencies = [
        ("concerns", "0007_intake"),
    ]

    operations = [migrations.RunPython(fill_ended_at, migrations.RunPython.noop)]
