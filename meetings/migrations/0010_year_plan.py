import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import centers.references


class Migration(migrations.Migration):
    dependencies = [
        ("centers", "0009_keys"),
        ("concerns", "0012_photo_consent"),
        ("meetings", "0009_agenda_drafting"),
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
                ],
                max_length=8,
            ),
        ),
        migrations.CreateModel(
            name="Goal",
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
                    "reference",
                    models.CharField(
                        default=centers.references.new_reference,
                        editable=False,
                        max_length=8,
                        unique=True,
                    ),
                ),
                ("order", models.PositiveSmallIntegerField(default=0)),
                ("problem", models.CharField(max_length=120, verbose_name="problem")),
                (
                    "problem_ky",
                    models.CharField(max_length=120, null=True, verbose_name="problem"),
                ),
                (
                    "problem_ru",
                    models.CharField(max_length=120, null=True, verbose_name="problem"),
                ),
                ("cause", models.CharField(max_length=300, verbose_name="cause")),
                (
                    "cause_ky",
                    models.CharField(max_length=300, null=True, verbose_name="cause"),
                ),
                (
                    "cause_ru",
                    models.CharField(max_length=300, null=True, verbose_name="cause"),
                ),
                ("text", models.CharField(max_length=200, verbose_name="goal")),
                (
                    "text_ky",
                    models.CharField(max_length=200, null=True, verbose_name="goal"),
                ),
                (
                    "text_ru",
                    models.CharField(max_length=200, null=True, verbose_name="goal"),
                ),
                (
                    "indicator",
                    models.CharField(max_length=200, verbose_name="indicator"),
                ),
                (
                    "indicator_ky",
                    models.CharField(
                        max_length=200, null=True, verbose_name="indicator"
                    ),
                ),
                (
                    "indicator_ru",
                    models.CharField(
                        max_length=200, null=True, verbose_name="indicator"
                    ),
                ),
                (
                    "baseline",
                    models.CharField(
                        blank=True,
                        max_length=20,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[0-9][0-9 .,%/–-]*\\Z",
                                "Write a figure alone, like 38 or 12,5.",
                            )
                        ],
                        verbose_name="at the beginning",
                    ),
                ),
                (
                    "target",
                    models.CharField(
                        max_length=20,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[0-9][0-9 .,%/–-]*\\Z",
                                "Write a figure alone, like 38 or 12,5.",
                            )
                        ],
                        verbose_name="target",
                    ),
                ),
                (
                    "result",
                    models.CharField(
                        blank=True,
                        max_length=20,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[0-9][0-9 .,%/–-]*\\Z",
                                "Write a figure alone, like 38 or 12,5.",
                            )
                        ],
                        verbose_name="result",
                    ),
                ),
                ("result_on", models.DateField(blank=True, null=True)),
                ("is_dropped", models.BooleanField(default=False, editable=False)),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="goals",
                        to="concerns.problem",
                    ),
                ),
            ],
            options={
                "ordering": ["order", "pk"],
            },
        ),
        migrations.AddField(
            model_name="action",
            name="goal",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="actions",
                to="meetings.goal",
            ),
        ),
        migrations.CreateModel(
            name="Plan",
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
                ("year", models.PositiveSmallIntegerField()),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("reason_ky", models.CharField(blank=True, max_length=300, null=True)),
                ("reason_ru", models.CharField(blank=True, max_length=300, null=True)),
                ("version", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "center",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="plans",
                        to="centers.center",
                    ),
                ),
            ],
            options={
                "ordering": ["-year"],
            },
        ),
        migrations.AddField(
            model_name="goal",
            name="plan",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="goals",
                to="meetings.plan",
            ),
        ),
        migrations.CreateModel(
            name="PlanVersion",
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
                ("version", models.PositiveSmallIntegerField()),
                ("content", models.JSONField(editable=False)),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("reason_ky", models.CharField(blank=True, max_length=300, null=True)),
                ("reason_ru", models.CharField(blank=True, max_length=300, null=True)),
                (
                    "made_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False
                    ),
                ),
                ("signed_at", models.DateTimeField(editable=False, null=True)),
                ("withdrawn_at", models.DateTimeField(editable=False, null=True)),
                ("words", models.TextField(blank=True)),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="versions",
                        to="meetings.plan",
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["version"],
            },
        ),
        migrations.CreateModel(
            name="Signature",
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
                    "office",
                    models.CharField(
                        choices=[
                            ("police", "chief of the district police department"),
                            ("council", "head of the aiyl okmotu"),
                            ("kenesh", "chair of the aiyl kenesh"),
                        ],
                        max_length=7,
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("signed_on", models.DateField()),
                (
                    "at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False
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
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="signatures",
                        to="meetings.planversion",
                    ),
                ),
            ],
            options={
                "ordering": ["signed_on", "pk"],
            },
        ),
        migrations.AddConstraint(
            model_name="plan",
            constraint=models.UniqueConstraint(
                fields=("center", "year"), name="one_plan_per_center_and_year"
            ),
        ),
        migrations.AddConstraint(
            model_name="goal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("result", ""), ("result_on", None)),
                    models.Q(
                        models.Q(("result", ""), _negated=True),
                        ("result_on__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="goal_result_has_a_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="planversion",
            constraint=models.UniqueConstraint(
                fields=("plan", "version"), name="one_plan_version_per_number"
            ),
        ),
        migrations.AddConstraint(
            model_name="planversion",
            constraint=models.UniqueConstraint(
                condition=models.Q(("signed_at", None), ("withdrawn_at", None)),
                fields=("plan",),
                name="one_plan_version_up_for_signing",
            ),
        ),
        migrations.AddConstraint(
            model_name="planversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("withdrawn_at", None), ("withdrawn_by", None)),
                    models.Q(
                        ("signed_at", None),
                        ("withdrawn_at__isnull", False),
                        ("withdrawn_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="plan_version_withdrawn_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="signature",
            constraint=models.UniqueConstraint(
                fields=("version", "office"), name="one_signature_per_office"
            ),
        ),
        migrations.AddConstraint(
            model_name="signature",
            constraint=models.CheckConstraint(
                condition=models.Q(("office__in", ["police", "council", "kenesh"])),
                name="signature_office_is_known",
            ),
        ),
    ]
