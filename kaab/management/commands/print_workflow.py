from django.core.management.base import BaseCommand

from concerns.workflow import MOVES, Status

HEAD = """# The life of a concern

Printed from `concerns/workflow.py` by `manage.py print_workflow`; a test keeps it so.
A registrar and a handler are members whose role gives them that in
`centers/permissions.py`; the reporter acts with the code, the clock after 30 days.

| from | to | who | what must be said | also a crime |
|---|---|---|---|---|
"""


class Command(BaseCommand):
    help = "Print docs/workflow.md from the table of moves."

    def handle(self, *args, **options):
        self.stdout.write(page(), ending="")


def page():
    """Return the table of moves as a Markdown page."""
    return HEAD + "".join(
        f"| {move.source} | {move.target} | {move.actor.name.lower()} |"
        f" {', '.join(sorted(move.needs)) or '—'} |"
        f" {'yes' if move.open_to_crimes else 'no'} |\n"
        for status in Status
        for move in MOVES
        if move.source == status
    )
