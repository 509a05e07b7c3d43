import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import concerns.models.photo


class Migration(migrations.Migration):
    dependencies = [
        ("meetings", "0010_year_plan"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="actionchange",
            name="kind",
            field=models.CharField(
                choices=[
                    ("status", "status"),
                    ("progress", "progress"),
                    ("term", "term"),
                    ("person", "responsible person"),
                    ("goal", "goal"),
                    ("photo", "photo"),
                ],
                max_length=8,
            ),
        ),
        migrations.CreateModel(
            name="MemberCalendar",
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
                    "token_hash",
                    models.CharField(editable=False, max_length=64, unique=True),
                ),
                (
                    "made_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False
                    ),
                ),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="calendar",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ActionPhoto",
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
                ("width", models.PositiveSmallIntegerField()),
                ("height", models.PositiveSmallIntegerField()),
                (
                    "taken",
                    models.CharField(
                        choices=[
                            ("before", "before the work"),
                            ("after", "after the work"),
                        ],
                        max_length=6,
                        verbose_name="when it was taken",
                    ),
                ),
                ("digest", models.CharField(editable=False, max_length=64)),
                ("small_bytes", models.PositiveIntegerField()),
                ("large_bytes", models.PositiveIntegerField()),
                (
                    "created_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False
                    ),
                ),
                (
                    "alt",
                    models.CharField(
                        blank=True, max_length=200, verbose_name="what the photo shows"
                    ),
                ),
                (
                    "alt_ky",
                    models.CharField(
                        blank=True,
                        max_length=200,
                        null=True,
                        verbose_name="what the photo shows",
                    ),
                ),
                (
                    "alt_ru",
                    models.CharField(
                        blank=True,
                        max_length=200,
                        null=True,
                        verbose_name="what the photo shows",
                    ),
                ),
                ("cleared_at", models.DateTimeField(editable=False, null=True)),
                (
                    "action",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="photos",
                        to="meetings.action",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "cleared_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-taken", "created_at", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("action", "digest"), name="one_action_photo_of_a_kind"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("taken__in", ["before", "after"])),
                        name="action_photo_is_before_or_after",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("cleared_at", None), ("cleared_by", None)),
                            models.Q(
                                ("cleared_at__isnull", False),
                                ("cleared_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="action_photo_cleared_by_somebody",
                    ),
                ],
            },
        ),
    ]
