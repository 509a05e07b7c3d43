"""No key and no password is in the repository, where everybody could read it."""

import re
import subprocess

import pytest

from .portal import ROOT

pytestmark = pytest.mark.once

KINDS = {
    "private key": r"-----BEGIN [A-Z ]*PRIVATE KEY",
    "identity of age": r"AGE-SECRET-KEY-1[0-9A-Z]{30}",
    "token": r"\bgh[pousr]_\w{30}|\bgithub_pat_\w{30}|\bglpat-[\w-]{20}|\bxox[abp]-\w"
    r"|\bAKIA[0-9A-Z]{16}|\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.|\bsk_live_\w{16}",
    "password in an address": r"\w://[^\s/:@\"']+:(?!(?:password|PASSWORD|пароль)@)"
    r"[^\s/@\"'{%…]{3,}@",
    "line of var/env": r"(?m)^\s*(?:export )?(?:SECRET_KEY|CODE_KEY|POSTGRES_PASSWORD"
    r"|DEMO_PASSWORD)=[\w+/-]{8}",
    "assignment": r"(?i)(?:password|passwd|secret|token|_key)[\"']?\s*[:=]\s*"
    r"[\"'][^\s\"'{}<>%]{8,}[\"']",
}
# The people of the tests sign in with these; a real one would be caught elsewhere too.
OF_TESTS = {"assignment"}


def secrets_in(text, kinds=KINDS):
    return [
        f"{kind}, line {text.count(chr(10), 0, found.start()) + 1}"
        for kind in kinds
        for found in re.finditer(KINDS[kind], text)
    ]


def tracked():
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return listed.stdout.strip("\0").split("\0")


def test_no_secret_is_in_a_file_of_the_repository():
    found = {}
    for name in tracked():
        if not (ROOT / name).is_file():
            continue
        text = (ROOT / name).read_bytes().decode("utf-8", errors="replace")
        kinds = KINDS.keys() - (OF_TESTS if name.startswith("tests/") else set())
        found[name] = secrets_in(text, kinds)

    assert len(found) > 200
    assert {name: lines for name, lines in found.items() if lines} == {}


# Put together here, so that this file holds none.
@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("private key", "-----BEGIN " + "EC PRIVATE KEY-----"),
        ("identity of age", "AGE-SECRET-KEY-" + "1" + "QPZ7" * 14),
        ("token", "gh" + "p_" + "a1B2" * 9),
        ("token", "AK" + "IA" + "ABCD" * 4),
        ("password in an address", "smtp+tls://me:" + "hunter22@mail.example.org"),
        ("line of var/env", "SECRET_KEY=" + "x" * 20),
        ("assignment", "EMAIL_PASSWORD = " + '"hunter22"'),
        ("assignment", '"api_key": ' + '"0123456789abcdef"'),
    ],
)
def test_a_secret_would_be_found(kind, text):
    assert secrets_in(f"first\n{text}\n") == [f"{kind}, line 2"]
