"""No English, no hole, no broken plural: the catalogues against the source."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import polib
import pytest
from django.conf import settings

pytestmark = pytest.mark.once

ROOT = Path(settings.BASE_DIR)
CATALOGUES = sorted(ROOT.glob("locale/**/*.po"))
OURS = [path for path in CATALOGUES if "overrides" not in path.parts]
# Kyrgyz nouns do not change after a number; Russian has the four forms of Django's own.
FORMS = {"ky": 1, "ru": 4}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}")

each_catalogue = pytest.mark.parametrize(
    "path", CATALOGUES, ids=lambda path: str(path.relative_to(ROOT / "locale"))
)


def texts(entry):
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def language(path):
    return path.parts[-3]


@each_catalogue
def test_every_text_is_translated_and_none_is_a_guess(path):
    entries = polib.pofile(str(path))

    holes = [e.msgid for e in entries if e.fuzzy or not all(texts(e))]

    assert holes == []


@each_catalogue
def test_every_plural_has_the_forms_of_its_language(path):
    entries = [e for e in polib.pofile(str(path)) if e.msgid_plural]

    wrong = [e.msgid for e in entries if len(texts(e)) != FORMS[language(path)]]

    assert wrong == []


@pytest.mark.parametrize("path", OURS, ids=language)
def test_every_translation_has_the_places_of_its_source(path):
    entries = polib.pofile(str(path))

    wrong = [
        e.msgid
        for e in entries
        for text in texts(e)
        if set(PLACEHOLDER.findall(text)) != set(PLACEHOLDER.findall(e.msgid))
    ]

    assert wrong == []


@each_catalogue
def test_what_is_compiled_is_what_is_written(path):
    written = {(e.msgctxt, e.msgid): texts(e) for e in polib.pofile(str(path))}

    compiled = polib.mofile(str(path.with_suffix(".mo")))

    assert {(e.msgctxt, e.msgid): texts(e) for e in compiled} == written


@pytest.mark.skipif(shutil.which("xgettext") is None, reason="needs gettext")
def test_the_catalogues_hold_every_text_of_the_source_and_no_other(tmp_path):
    for part in ("centers", "concerns", "meetings", "kaab", "templates", "locale"):
        shutil.copytree(ROOT / part, tmp_path / part)
    shutil.copytree(ROOT / "static", tmp_path / "static")
    shutil.copy(ROOT / "manage.py", tmp_path)

    command = [sys.executable, "manage.py", "makemessages", "-l", "ky", "--no-obsolete"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)

    path = Path("locale/ky/LC_MESSAGES/django.po")
    fresh = {(e.msgctxt, e.msgid) for e in polib.pofile(str(tmp_path / path))}
    assert fresh == {(e.msgctxt, e.msgid) for e in polib.pofile(str(ROOT / path))}
