from django.db import migrations

from concerns.search import fold


def fill(apps, schema_editor):
    concerns = apps.get_model("concerns", "Concern").objects
    for concern in concerns.filter(words_text="").iterator():
        concern.words_text = fold(f"{concern.text} {concern.landmark}")
        concern.save(update_fields=["words_text"])


class Migration(migrations.Migration):
    dependencies = [("concerns", "0002_search_and_news")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
