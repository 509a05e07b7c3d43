from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("meetings", "0012_guests_came")]

    operations = [
        migrations.AddField(
            model_name="membercalendar",
            name="mark",
            field=models.CharField(
                blank=True, default="", editable=False, max_length=16
            ),
            preserve_default=False,
        ),
    ]
