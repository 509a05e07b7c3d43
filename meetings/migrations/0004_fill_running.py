from datetime import timedelta

from django.db import migrations

from centers.references import new_reference


def fill(apps, schema_editor):
    """Give what was recorded before its beginning, its end, its number and concern."""
    meetings = apps.get_model("meetings", "Meeting")
    for meeting in meetings.objects.filter(status="held"):
        meeting.began_at = meeting.starts_at
        meeting.ended_at = meeting.starts_at + timedelta(minutes=meeting.minutes)
        meeting.save(update_fields=["began_at", "ended_at"])
    for action in apps.get_model("meetings", "Action").objects.filter(reference=""):
        action.reference = new_reference()
        # Nobody could say until now that one was done, but a database may have it.
        if action.status == "done":
            action.finished_on = action.due_on
        action.save(update_fields=["reference", "finished_on"])
    decisions = apps.get_model("meetings", "Decision").objects
    for decision in decisions.exclude(item__concern=None).select_related("item"):
        decision.answers.add(decision.item.concern_id)


class Migration(migrations.Migration):
    dependencies = [("meetings", "0003_running_and_acting")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
