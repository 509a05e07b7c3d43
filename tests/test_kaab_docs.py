import re
from pathlib import Path

from django.conf import settings

from kaab.management.commands.print_workflow import page


def test_the_workflow_page_says_what_the_table_of_moves_says():
    text = Path(settings.BASE_DIR, "docs", "workflow.md").read_text(encoding="utf-8")

    assert text == page()


def test_every_file_that_the_documents_name_is_there():
    root = Path(settings.BASE_DIR)
    text = "".join(
        (root / name).read_text(encoding="utf-8")
        for name in ("README.md", "docs/architecture.md")
    )

    named = set(re.findall(r"\b(?:centers|concerns|meetings|kaab)/[\w/]+\.\w+", text))
    named |= set(re.findall(r'src="([^"]+)"', text))

    assert len(named) > 15
    assert [name for name in sorted(named) if not (root / name).exists()] == []


def test_the_pictures_are_small():
    pictures = list(Path(settings.BASE_DIR, "docs", "pictures").iterdir())

    sizes = {picture.name: picture.stat().st_size for picture in pictures}
    assert {name: size for name, size in sizes.items() if size > 60_000} == {}
    assert sum(sizes.values()) < 2_500_000
