from django.db import connection
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from .backups.state import backup_hours


@require_safe
def alive(request):
    return HttpResponse("ok", content_type="text/plain")


@require_safe
def ready(request):
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    # A late backup is told to people, and keeps nobody from the portal.
    hours = backup_hours()
    age = "never" if hours is None else hours
    return HttpResponse(f"ok\nbackup_hours {age}\n", content_type="text/plain")
