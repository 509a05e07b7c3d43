"""The paper as PDF/UA-1: tagged, with its letters inside, to be read by eye or by ear.

Typst refuses what is not accessible, so a file that is made is one. What people typed
reaches it as data: none of its signs means anything to it.
"""

import json
import re
import unicodedata
from pathlib import Path

import typst
from reportlab.pdfbase.pdfmetrics import getFont

from centers.poster import FONTS, PLAIN

TEMPLATE = Path(__file__).parent / "paper.typ"
# Where a word is longer than a line, it may be broken.
LONG = re.compile(r"\S{20}(?=\S{10})")
MAY_BREAK = "\u200b"


def pdf(paper, made_at):
    """Return a paper as a file; the same paper is the same file."""
    return typst.compile(
        TEMPLATE,
        format="pdf",
        pdf_standards=["ua-1"],
        font_paths=[FONTS],
        ignore_system_fonts=True,
        sys_inputs={"paper": json.dumps(settable(paper))},
        timestamp=int(made_at.timestamp()),
    )


def settable(thing):
    """Return the same data in letters that the font has."""
    if isinstance(thing, str):
        return LONG.sub(rf"\g<0>{MAY_BREAK}", drawn(thing))
    if isinstance(thing, dict):
        return {name: settable(value) for name, value in thing.items()}
    if hasattr(thing, "_asdict"):
        return settable(thing._asdict())
    if isinstance(thing, list | tuple):
        return [settable(one) for one in thing]
    return thing


def drawn(text):
    # Composed, "е" and its accent are one letter of the font; a sign that it has not
    # would keep the whole protocol from being made.
    known = getFont(PLAIN).face.charToGlyph
    text = unicodedata.normalize("NFC", text)
    return "".join(c if ord(c) in known or c == "\n" else "?" for c in text)
