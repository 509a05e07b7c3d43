from django.db import connection
from django.http import HttpResponse
from django.views.decorators.http import require_safe


@require_safe
def alive(request):
    return HttpResponse("ok", content_type="text/plain")


@require_safe
def ready(request):
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")
