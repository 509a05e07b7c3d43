"""The limits: bare Django pages that do the least of what each of ours has to do.

No middleware, no addresses, nothing of ours but the table that they ask.
"""

from django.db import transaction
from django.http import HttpResponse
from django.template import Context, Engine
from django.test.client import ClientHandler
from django.utils import timezone

from concerns.models import Change, Concern

# A page as one writes it by hand: some fields, and rows with a link, a name, a state in
# the reader's language and a day. What is left of its bytes stands for style and words.
PAGE = Engine(libraries={"i18n": "django.templatetags.i18n"}).from_string(
    """{% load i18n %}<!DOCTYPE html><html>
<head><title>{% translate "Concerns" %}</title>
<style>{{ rest }}</style></head><body><h1>{% translate "Concerns" %}</h1>
<form method="post">{% for name in fields %}<label for="{{ name }}">{{ name }}</label>
<input id="{{ name }}" name="{{ name }}">{% endfor %}</form><ul>
{% for row in rows %}<li><a href="{% url "concerns:detail" "center" row.number %}">
{{ row.name }}</a> <b>{% if row.state %}{% translate row.state %}{% endif %}</b>
<time>{{ row.day|date:"DATE_FORMAT" }}</time></li>{% endfor %}</ul></body></html>"""
)
FIELDS = [f"field{number}" for number in range(10)]
ROWS = 16
ROW = {"number": "12345678", "name": "A name of a row", "state": "Received"}
FRAME = 3000  # bytes, about


def page(request, rows=None):
    day = timezone.now()
    rows = rows or [ROW] * ROWS
    rest = "x" * max(0, int(request.GET["size"]) - FRAME)
    context = {"fields": FIELDS, "rows": [{"day": day} | row for row in rows]}
    return HttpResponse(PAGE.render(Context(context | {"rest": rest})))


def template(request):
    """A page of so many bytes, from a template and nothing else."""
    return page(request)


def rows(request):
    """The same with the rows of one question that an index answers."""
    newest = Concern.objects.order_by("-pk").values_list("reference", "title_ky")
    return page(request, [ROW | {"number": n, "name": t} for n, t in newest[:ROWS]])


def detail(request):
    """The same with one row found by its number, and the rows that belong to it."""
    found = Concern.objects.values_list("pk", "text").get(
        reference=request.GET["reference"]
    )
    changes = Change.objects.filter(concern=found[0]).values_list("created_at")
    rows = [ROW | {"day": day} for (day,) in changes[:ROWS]]
    return page(request, [ROW | {"name": found[1]}, *rows])


def insert(request):
    """One row written, to be there after a power cut."""
    with transaction.atomic():
        concern = Concern.objects.values_list("pk").get(
            reference=request.GET["reference"]
        )
        Change.objects.create(concern_id=concern[0], kind=Change.Kind.IDENTITY)
    return HttpResponse(status=302)


class Handler(ClientHandler):
    """Answers everything with one view."""

    def __init__(self, view):
        super().__init__(enforce_csrf_checks=False)
        self.view = view

    def load_middleware(self, is_async=False):
        self._middleware_chain = self.view
