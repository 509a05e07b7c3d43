from pathlib import Path

from django.conf import settings

from kaab.management.commands.print_workflow import page


def test_the_workflow_page_says_what_the_table_of_moves_says():
    text = Path(settings.BASE_DIR, "docs", "workflow.md").read_text(encoding="utf-8")

    assert text == page()
