"""What may give a person away in words that everyone will read.

It warns and never forbids: who approves the words looks at what is found and decides.
"""

import re
from enum import StrEnum
from os.path import commonprefix
from typing import NamedTuple

from phonenumbers import Leniency, PhoneNumberMatcher

from .search import fold


class Kind(StrEnum):
    PHONE = "phone"
    PLATE = "plate"
    ADDRESS = "address"
    EMAIL = "email"
    NAME = "name"
    PERSON = "person"  # a word by which the reporter named herself
    COPIED = "copied"


class Giveaway(NamedTuple):
    kind: Kind
    words: str


CAPITAL = "[А-ЯЁҢӨҮA-Z]"
# A name stands with the endings of both languages: Айданын, Айдой.
NAME = rf"\b{CAPITAL}[\w-]+"

EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.\w[\w.-]*")
# Nine digits however grouped, and the short numbers of a village: 5-12-34.
DIGITS = re.compile(
    r"(?<![\d.,])\+?\d(?:[ \u00a0()–-]{0,2}\d){8,11}(?![\d.,]\d)"
    r"|(?<![\d-])\d{1,3}[–-]\d{2}[–-]\d{2}(?![\d-])"
)
PLATE = re.compile(
    # 01 123 ABC, with KG or without: no sum of money begins with a nought
    r"(?<!\w)0[1-9][ -]?(?:(?:KG|kg)[ -]?)?\d{3}[ -]?[A-ZА-Яa-zа-я]{2,3}(?!\w)"
    # A 1234 BC of before, and A123BC of the neighbours
    r"|(?<!\w)[A-ZА-Я][ -]?\d{4}[ -]?[A-ZА-Я]{1,2}(?!\w)"
    r"|(?<!\w)[A-ZА-Яa-zа-я]\d{4}[A-ZА-Яa-zа-я]{1,2}(?!\w)"
    r"|(?<!\w)[A-ZА-Яa-zа-я]\d{3}[A-ZА-Яa-zа-я]{2}(?!\w)"
)
# Twice at most: a long "үйүйүй…" is read in one way alone.
HOUSE = r"(?:№\s*|үй\w*\s*|д(?:ом\w*|\.)\s*){0,2}\d+(?:\s?[/-]\s?\d+)?[а-яa-z]?"
ADDRESS = re.compile(
    rf"[\w-]+\s+көч(?:ө\w*|\.)[\s,]*{HOUSE}"
    rf"|\b(?:ул\.|улиц\w+|пер\.|переул\w+|пр\.|просп\w*\.?|мкр\w*\.?)"
    rf"\s*[\w -]{{1,40}}?[\s,]+{HOUSE}"
    r"|\b(?:үй(?:дө|дөн|дүн|гө|дөгү|ү|ү?нүн)?|дом(?:а|е|у|ом)?|батир\w*|квартир\w+)"
    r"\s*№?\s*\d+\w?"
    r"|\b(?:д|кв)\.\s*№?\s*\d+\w?"
    r"|(?<!\d)\d+\s?-\s?(?:үй|батир)(?!\w*л[аөү]р)\w*",
    re.IGNORECASE,
)
NAMES = re.compile(
    rf"(?:{NAME}\s+)?{NAME}\s+(?:уулу|кызы)\w*"
    rf"|(?:{NAME}\s+)*\b{CAPITAL}\w+(?:[ое]вич\w{{0,5}}|[ое]вн(?:а(?:[гдн]\w+)?|ы|е|у))\b"
    rf"|(?:{NAME}\s+)+{CAPITAL}\w+[ое]вной\b"
)
PAIR = re.compile(rf"(?=({NAME})\s+({CAPITAL}[\w-]+))")
WORD = re.compile(r"\w+")

# So many words of hers in a row are her own sentence.
IN_A_ROW = 8


def giveaways(text, *, original="", identity=()):
    """Return what may give a person away in a text, each once, as Giveaways.

    `original` is what the reporter wrote, `identity` the words by which she named
    herself.
    """
    found = [*outright(text), *named_in(text, original), *said_by(text, identity)]
    if copied := copied_from(original, text):
        found.append(Giveaway(Kind.COPIED, copied))
    return list(dict.fromkeys(found))


def outright(text):
    """Yield what is plain to see; what stands in a phone number is no address too."""
    taken = []
    for kind, places in (
        (Kind.EMAIL, spans(EMAIL, text)),
        (Kind.PLATE, spans(PLATE, text)),
        (Kind.PHONE, phones(text)),
        (Kind.PHONE, spans(DIGITS, text)),
        (Kind.ADDRESS, spans(ADDRESS, text)),
        (Kind.NAME, spans(NAMES, text)),
    ):
        for start, end in places:
            if all(end <= first or last <= start for first, last in taken):
                taken.append((start, end))
                yield Giveaway(kind, text[start:end].strip())


def spans(pattern, text):
    return [match.span() for match in pattern.finditer(text)]


def phones(text):
    found = PhoneNumberMatcher(text, "KG", leniency=Leniency.VALID)
    return [(match.start, match.end) for match in found]


def named_in(text, original):
    """Yield pairs of capitalised words that stand in the original too, in any case."""
    written = words(original)
    pairs = list(zip(written, written[1:], strict=False))
    for match in PAIR.finditer(text):
        first, second = map(fold, match.groups())
        if any(is_like(first, one) and is_like(second, other) for one, other in pairs):
            yield Giveaway(Kind.NAME, " ".join(match.groups()))


def said_by(text, identity):
    """Yield the words of a text that are like one by which she named herself."""
    hers = [word for name in identity for word in words(name) if len(word) > 2]
    for word in WORD.findall(text) if hers else ():
        if any(is_like(fold(word), own) for own in hers):
            yield Giveaway(Kind.PERSON, word)


def is_like(word, other):
    """Tell whether two folded words are one, but for the endings of both languages."""
    shorter = min(len(word), len(other))
    common = len(commonprefix([word, other]))
    return common >= max(min(shorter, 4), shorter - 2)


def copied_from(original, text):
    """Return the first words of a text that stand so in the original, or nothing."""
    hers, ours = words(original), words(text)
    rows = {
        tuple(hers[place : place + IN_A_ROW])
        for place in range(len(hers) - IN_A_ROW + 1)
    }
    for place in range(len(ours) - IN_A_ROW + 1):
        row = ours[place : place + IN_A_ROW]
        if tuple(row) in rows:
            return " ".join(WORD.findall(text)[place : place + IN_A_ROW])
    return ""


def words(text):
    return [fold(word) for word in WORD.findall(text)]
