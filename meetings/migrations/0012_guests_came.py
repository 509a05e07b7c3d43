from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("meetings", "0011_chain")]

    operations = [
        migrations.AddField(
            model_name="invited",
            name="came",
            field=models.BooleanField(
                editable=False, null=True, verbose_name="took part"
            ),
        ),
    ]
