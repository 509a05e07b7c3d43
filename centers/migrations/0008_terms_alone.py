from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("centers", "0007_own_terms"),
    ]

    operations = [
        migrations.RemoveField(
            model_name="center",
            name="reply_working_days",
        ),
    ]
