import django.db.models.deletion
import django.utils.timezone
import phonenumber_field.modelfields
from django.conf import settings
from django.db import migrations, models

import centers.models.person
import centers.references


class Migration(migrations.Migration):
    dependencies = [
        ("centers", "0001_opening"),
        ("sessions", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="ReturnLink",
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
                ("is_new_start", models.BooleanField()),
                (
                    "token_hash",
                    models.CharField(editable=False, max_length=64, unique=True),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False
                    ),
                ),
                (
                    "expires_at",
                    models.DateTimeField(
                        default=centers.models.person.in_72_hours, editable=False
                    ),
                ),
                ("used_at", models.DateTimeField(editable=False, null=True)),
            ],
            options={
                "ordering": ["-created_at"],
            },
        ),
        migrations.CreateModel(
            name="SignIn",
            fields=[
                (
                    "session",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="sign_in",
                        serialize=False,
                        to="sessions.session",
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
            ],
        ),
        migrations.AddField(
            model_name="invitation",
            name="phone",
            field=phonenumber_field.modelfields.PhoneNumberField(
                blank=True, max_length=128, region=None, verbose_name="phone"
            ),
        ),
        migrations.AddField(
            model_name="user",
            name="new_start_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AlterField(
            model_name="invitation",
            name="email",
            field=models.EmailField(blank=True, max_length=254, verbose_name="e-mail"),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(
                condition=models.Q(("email", ""), ("phone", ""), _negated=True),
                name="invitation_has_email_or_phone",
            ),
        ),
        migrations.AddField(
            model_name="returnlink",
            name="by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="returnlink",
            name="membership",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="return_links",
                to="centers.membership",
            ),
        ),
        migrations.AddField(
            model_name="returnlink",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="return_links",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="signin",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="sign_ins",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="returnlink",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("by", None), ("membership", None)),
                    models.Q(("by__isnull", False), ("membership__isnull", False)),
                    _connector="OR",
                ),
                name="return_link_has_place_and_author",
            ),
        ),
    ]
