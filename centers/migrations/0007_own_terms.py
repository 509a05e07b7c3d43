from datetime import date

from django.db import migrations

# Before any centre: a term that held whenever something was filed.
ALWAYS = date(2000, 1, 1)


def keep_own_terms(apps, schema_editor):
    Center, Term = (
        apps.get_model("centers", "Center"),
        apps.get_model("centers", "Term"),
    )
    for center in Center.objects.exclude(reply_working_days=14):
        Term.objects.create(
            center=center,
            kind="report",
            working_days=center.reply_working_days,
            holds_from=ALWAYS,
        )


class Migration(migrations.Migration):
    dependencies = [
        ("centers", "0006_terms"),
    ]

    operations = [migrations.RunPython(keep_own_terms, migrations.RunPython.noop)]
