import datetime

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("centers", "0009_keys"),
        ("concerns", "0012_photo_consent"),
        ("meetings", "0008_protocol"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Rules",
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
                    "notice_days",
                    models.PositiveSmallIntegerField(
                        default=3,
                        validators=[django.core.validators.MaxValueValidator(30)],
                        verbose_name="days of notice",
                    ),
                ),
                (
                    "quorum",
                    models.CharField(
                        choices=[
                            ("none", "no rule"),
                            ("partners", "all three partners are present"),
                        ],
                        default="none",
                        max_length=8,
                        verbose_name="quorum",
                    ),
                ),
                (
                    "every",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (0, "no rhythm"),
                            (1, "every month"),
                            (2, "every two months"),
                            (3, "every three months"),
                            (6, "every six months"),
                        ],
                        default=0,
                        verbose_name="how often",
                    ),
                ),
                (
                    "week",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "first"),
                            (2, "second"),
                            (3, "third"),
                            (4, "fourth"),
                            (5, "last"),
                        ],
                        default=1,
                        verbose_name="which one of the month",
                    ),
                ),
                (
                    "weekday",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (0, "Monday"),
                            (1, "Tuesday"),
                            (2, "Wednesday"),
                            (3, "Thursday"),
                            (4, "Friday"),
                        ],
                        default=0,
                        verbose_name="day of the week",
                    ),
                ),
                (
                    "hour",
                    models.TimeField(default=datetime.time(10, 0), verbose_name="time"),
                ),
                (
                    "minutes",
                    models.PositiveSmallIntegerField(
                        default=90,
                        validators=[
                            django.core.validators.MinValueValidator(15),
                            django.core.validators.MaxValueValidator(600),
                        ],
                        verbose_name="length, minutes",
                    ),
                ),
                (
                    "venue",
                    models.CharField(blank=True, max_length=200, verbose_name="venue"),
                ),
                (
                    "venue_ky",
                    models.CharField(
                        blank=True, max_length=200, null=True, verbose_name="venue"
                    ),
                ),
                (
                    "venue_ru",
                    models.CharField(
                        blank=True, max_length=200, null=True, verbose_name="venue"
                    ),
                ),
                ("drafted_for", models.DateField(editable=False, null=True)),
                ("version", models.PositiveIntegerField(default=0, editable=False)),
            ],
        ),
        migrations.AddField(
            model_name="agendaitem",
            name="about",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="concerns.concern",
            ),
        ),
        migrations.AddField(
            model_name="agendaitem",
            name="action",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="agenda_items",
                to="meetings.action",
            ),
        ),
        migrations.AddField(
            model_name="agendaitem",
            name="carried_from",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="carried_to",
                to="meetings.agendaitem",
            ),
        ),
        migrations.AddField(
            model_name="agendaitem",
            name="minutes",
            field=models.PositiveSmallIntegerField(
                blank=True,
                null=True,
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(240),
                ],
                verbose_name="minutes for it",
            ),
        ),
        migrations.AddField(
            model_name="agendaitem",
            name="presenter",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="who presents it",
            ),
        ),
        migrations.AddField(
            model_name="meeting",
            name="village",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="centers.place",
                verbose_name="village",
            ),
        ),
        migrations.AlterField(
            model_name="meeting",
            name="former_venue",
            field=models.CharField(blank=True, editable=False, max_length=400),
        ),
        migrations.AlterField(
            model_name="meeting",
            name="former_venue_ky",
            field=models.CharField(
                blank=True, editable=False, max_length=400, null=True
            ),
        ),
        migrations.AlterField(
            model_name="meeting",
            name="former_venue_ru",
            field=models.CharField(
                blank=True, editable=False, max_length=400, null=True
            ),
        ),
        migrations.AddConstraint(
            model_name="agendaitem",
            constraint=models.UniqueConstraint(
                fields=("meeting", "action"), name="one_agenda_item_per_action"
            ),
        ),
        migrations.AddConstraint(
            model_name="agendaitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("concern", None), ("action", None), _connector="OR"
                ),
                name="agenda_item_is_concern_or_action",
            ),
        ),
        migrations.AddConstraint(
            model_name="agendaitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("about", None), ("action__isnull", False), _connector="OR"
                ),
                name="agenda_item_of_action_is_about_concern",
            ),
        ),
        migrations.AddConstraint(
            model_name="agendaitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("minutes", None), ("minutes__range", (1, 240)), _connector="OR"
                ),
                name="agenda_item_minutes_in_range",
            ),
        ),
        migrations.AddConstraint(
            model_name="meeting",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("village", None),
                    ("kind__in", ["visiting", "assembly"]),
                    _connector="OR",
                ),
                name="meeting_in_a_village_is_of_its_kind",
            ),
        ),
        migrations.AddField(
            model_name="rules",
            name="center",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="rules",
                to="centers.center",
            ),
        ),
        migrations.AddConstraint(
            model_name="rules",
            constraint=models.CheckConstraint(
                condition=models.Q(("quorum__in", ["none", "partners"])),
                name="quorum_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="rules",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("every__in", [0, 1, 2, 3, 6]),
                    ("week__range", (1, 5)),
                    ("weekday__range", (0, 4)),
                ),
                name="rhythm_is_known",
            ),
        ),
    ]
