"""Random public numbers: a sequence with gaps would betray that hidden rows exist."""

import secrets

# What people write around and within a number, dashes of every length among it.
PUNCTUATION = "№#-‐‑‒–—−. \t\n\u00a0"


def new_reference():
    """Return eight random digits, the first not zero."""
    return str(secrets.randbelow(90_000_000) + 10_000_000)


def dashed(reference):
    """Return a reference as people read it out: 4821-0937."""
    return f"{reference[:4]}-{reference[4:]}"


def undashed(typed):
    """Return the reference that somebody typed, with or without №, dash and blanks."""
    return "".join(sign for sign in typed if sign not in PUNCTUATION)
