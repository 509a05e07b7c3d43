import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import get_commands

from kaab.management.commands.print_workflow import page

pytestmark = pytest.mark.once

GUIDES = ["docs/operations.md", "docs/operations.en.md"]
DOCUMENTS = ["README.md", "docs/architecture.md", *GUIDES]
# What stands in capitals in a command and is no variable of the portal's.
PLACEHOLDERS = {"CONCERNS", "TESTS", "NO_SKIP"}


def read(name):
    return Path(settings.BASE_DIR, name).read_text(encoding="utf-8")


def test_the_workflow_page_says_what_the_table_of_moves_says():
    text = Path(settings.BASE_DIR, "docs", "workflow.md").read_text(encoding="utf-8")

    assert text == page()


def test_every_file_that_the_documents_name_is_there():
    root = Path(settings.BASE_DIR)
    text = "".join(map(read, DOCUMENTS)).replace("/srv/kaab/", "")

    apps = r"(?<![\w/])(?:centers|concerns|meetings|kaab|deploy)"
    named = set(re.findall(rf"{apps}/[\w/]+\.\w+", text))
    named |= set(re.findall(r'src="([^"]+)"', text))

    assert len(named) > 15
    assert [name for name in sorted(named) if not (root / name).exists()] == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_command_of_a_document_is_there(name):
    text = read(name)

    run = set(re.findall(r"\bmanage\.py ([a-z_]+)", text))
    run |= set(re.findall(r"\bsudo kaab ([a-z_]+)", text))

    assert run - get_commands().keys() == set()


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_target_of_make_in_a_document_is_there(name):
    targets = set(re.findall(r"^([\w./$()]+)(?:,|:)(?!=)", read("Makefile"), re.M))
    targets = {target.replace("$(VAR_DIR)", "/var/lib/kaab") for target in targets}

    command = r"\bmake (?:-C \S+ )?(?:[A-Z_]+=\S+ )*([a-z.][\w./-]*|/var/[\w./]+)"
    # In a line of its own, indented, or within backquotes: elsewhere it is English.
    lines = re.findall(r"^ {3,}.*|`[^`\n]+`", read(name), re.M)
    asked = {target for line in lines for target in re.findall(command, line)}

    assert asked - targets - {"curl"} == set()


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_variable_that_a_document_sets_is_there(name):
    source = "".join(
        read(file)
        for file in ("kaab/settings.py", "kaab/serve.py", "Makefile")
        + ("kaab/management/commands/prepare.py", "kaab/demo/texts.py")
        + ("kaab/management/commands/demo.py",)
    )

    named = set(re.findall(r"\b([A-Z][A-Z_]{3,})=", read(name)))
    named |= set(re.findall(r"^\| `([A-Z_]+)`", read(name), re.M))

    unknown = named - PLACEHOLDERS
    assert {variable for variable in unknown if variable not in source} == set()


def test_both_guides_give_the_same_commands():
    russian, english = (
        [
            re.sub(r"АДРЕС|ADDRESS|НОМЕР|NUMBER|вы@|you@", "…", line.strip())
            for line in re.findall(r"^ {4,}[a-z\-].*", read(guide), re.M)
        ]
        for guide in GUIDES
    )

    assert len(russian) > 80
    assert russian == english


@pytest.mark.parametrize("guide", GUIDES)
def test_a_guide_leads_to_the_other_and_the_readme_to_both(guide):
    other = {"docs/operations.md": "operations.en.md"}.get(guide, "operations.md")

    assert f"({other})" in read(guide)
    assert f"({guide})" in read("README.md")


def test_the_pictures_are_small():
    pictures = list(Path(settings.BASE_DIR, "docs", "pictures").iterdir())

    sizes = {picture.name: picture.stat().st_size for picture in pictures}
    assert {name: size for name, size in sizes.items() if size > 60_000} == {}
    assert sum(sizes.values()) < 2_500_000
