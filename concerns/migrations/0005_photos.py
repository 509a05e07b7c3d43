import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import concerns.models.photo


class Migration(migrations.Migration):
    dependencies = [
        ("concerns", "0004_solved_first"),
    ]

    operations = [
        migrations.CreateModel(
            name="Photo",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        default=concerns.models.photo.new_name,
                        editable=False,
                        max_length=32,
                        unique=True,
                    ),
                ),
                ("digest", models.CharField(editable=False, max_length=64)),
                ("width", models.PositiveSmallIntegerField()),
                ("height", models.PositiveSmallIntegerField()),
                (
                    "created_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False
                    ),
                ),
                (
                    "concern",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="photos",
                        to="concerns.concern",
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="photos",
                        to="concerns.message",
                    ),
                ),
            ],
            options={
                "ordering": ["created_at", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("concern", "digest"), name="one_photo_of_a_kind"
                    )
                ],
            },
        ),
    ]
