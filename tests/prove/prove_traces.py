"""Whoever reads the machine's disk learns neither from where nor on what she wrote."""

import os
import subprocess
import tempfile
import time
from pathlib import Path
from secrets import token_hex

import pytest

from .phone import Phone
from .races import code_on

pytestmark = pytest.mark.server

FILINGS = 50


def test_fifty_filings_leave_neither_address_nor_browser(portal, tmp_path, proved):
    started = time.time()
    network = f"2001:db8:{token_hex(2)}:{token_hex(2)}"
    browser = f"Marked/{token_hex(8)}"
    aida = Phone(portal, f"{network}::7", browser)
    words = f"Көчөдө жарык жок {token_hex(8)}"

    for _ in range(FILINGS):
        lives_through_a_day(aida, words)
    loses_her_way(aida)

    filed = portal.ask("SELECT id FROM concerns_concern WHERE text = %s", words)
    assert len(filed) == FILINGS
    dump_if_postgresql(portal, tmp_path / "dump")
    # What is looked for can be found: her words are there.
    assert files_with(words, places(portal, tmp_path), since=started)
    found = {
        mark: files_with(mark, places(portal, tmp_path), since=started)
        for mark in (network, browser, browser.partition("/")[2])
    }
    assert found == {mark: [] for mark in found}
    proved("T18", f"{FILINGS} filings: address and browser in 0 files, rows, log lines")


def lives_through_a_day(aida, words):
    """File, read the receipt, follow, write, leave."""
    filed = aida.sends(*aida.form_for_filing(text=words))
    code = code_on(aida.opens(filed.place).html)
    path, fields = aida.opens("/follow/").form("/follow/")
    aida.sends(path, fields | {"c": code})
    path, fields = aida.opens("/follow/concern/").form("/message/")
    aida.sends(path, fields | {"text": words})
    aida.sends("/leave/", {})


def loses_her_way(aida):
    path, fields = aida.opens("/follow/").form("/follow/")
    aida.sends(path, fields | {"c": "0000 0000 0000 0000"})
    aida.opens("/nowhere/")
    # Without a token: the page for an expired form.
    aida.sends("/follow/", {"c": "1"})


def places(portal, folder):
    """Return where something could have been left: the portal's folder, /tmp, logs."""
    socket = os.environ.get("PGHOST", "")
    cluster = [Path(socket)] if socket.startswith("/") else []
    return [portal.folder, folder, Path(tempfile.gettempdir()), *cluster]


def dump_if_postgresql(portal, file):
    if url := portal.environment.get("DATABASE_URL"):
        subprocess.run(["pg_dump", "--file", file, url], check=True)


def files_with(text, folders, since):
    """Return the files written since a moment that hold a text, whole or in UTF-16."""
    forms = [text.encode(), text.encode("utf-16-le")]
    return [
        str(file)
        for folder in folders
        for file in folder.rglob("*")
        if is_written_since(file, since) and any(form in read(file) for form in forms)
    ]


def is_written_since(file, since):
    try:
        return file.is_file() and file.stat().st_mtime >= since - 60
    except OSError:  # gone meanwhile, or somebody else's
        return False


def read(file):
    try:
        return file.read_bytes()
    except OSError:
        return b""
