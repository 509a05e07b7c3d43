"""What may give a person away in words that everyone will read.

It warns and never forbids: who approves the words looks at what is found and decides.
"""

import re
from enum import StrEnum
from operator import eq
from os.path import commonprefix
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _
from phonenumbers import Leniency, PhoneNumberMatcher

from centers.models import OutsideBody

from .search import fold


class Kind(StrEnum):
    PHONE = "phone"
    PLATE = "plate"
    PAPER = "paper"  # a passport or a personal number
    ADDRESS = "address"
    EMAIL = "email"
    NAME = "name"
    PERSON = "person"  # a word by which the reporter named herself
    COPIED = "copied"


SAYS = {
    Kind.PHONE: _("Looks like a phone number: %(words)s"),
    Kind.PLATE: _("Looks like a number plate: %(words)s"),
    Kind.PAPER: _("Looks like the number of a passport or a person: %(words)s"),
    Kind.ADDRESS: _("Looks like an address: %(words)s"),
    Kind.EMAIL: _("An e-mail address: %(words)s"),
    Kind.NAME: _("May name a person: %(words)s"),
    Kind.PERSON: _("This word may name the person who wrote: %(words)s"),
    Kind.COPIED: _("Copied from the reporter word for word: %(words)s"),
}


class Giveaway(NamedTuple):
    kind: Kind
    words: str

    def __str__(self):
        return str(SAYS[self.kind]) % {"words": self.words}


CAPITAL = "[А-ЯЁҢӨҮA-Z]"
# A name stands with the endings of both languages: Айданын, Айдой.
NAME = rf"\b{CAPITAL}[\w-]+"

EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.\w[\w.-]*")
# Nine digits however grouped, and the short numbers of a village: 5-12-34.
DIGITS = re.compile(
    r"(?<![\d.,])\+?\d(?:[ \u00a0()–-]{0,2}\d){8,11}(?![\d.,]\d)"
    r"|(?<![\d-])\d{1,3}[–-]\d{2}[–-]\d{2}(?![\d-])"
)
# A passport, AN1234567, and the fourteen digits of a personal number.
PAPER = re.compile(
    rf"(?<!\w){CAPITAL}{{2}}[ -]?(?:№ ?)?\d{{7}}(?!\w)"
    r"|(?<![\w.,])[012](?:[ -]?\d){13}(?!\w)"
)
PLATE = re.compile(
    # 01 123 ABC, with KG or without: no sum of money begins with a nought
    r"(?<!\w)0[1-9][ -]?(?:(?:KG|kg)[ -]?)?\d{3}[ -]?[A-ZА-Яa-zа-я]{2,3}(?!\w)"
    # A 1234 BC of before, and A123BC of the neighbours
    r"|(?<!\w)[A-ZА-Я][ -]?\d{4}[ -]?[A-ZА-Я]{1,2}(?!\w)"
    r"|(?<!\w)[A-ZА-Яa-zа-я]\d{4}[A-ZА-Яa-zа-я]{1,2}(?!\w)"
    r"|(?<!\w)[A-ZА-Яa-zа-я]\d{3}[A-ZА-Яa-zа-я]{2}(?!\w)"
    # 1234 ОШ of before; a year stands before capitals too
    r"|(?<![\w№-])(?!19[89]\d|20[0-3]\d)\d{4}[ -]?[A-ZА-ЯЁ]{2}(?!\w)"
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
# «На Ленина, 12»: a street without its word has an ending of its own, and a number
# of which nothing is counted.
ON_STREET = re.compile(
    rf"\b(?:[Нн]а|[Пп]о)\s+{CAPITAL}[\w-]*(?:[ая]|[оеи]й|[ое]го)"
    r"(?:,\s*|\s+)\d{1,3}(?:\s?/\s?\d+)?[а-я]?(?![\w-]|[.:]\d)"
    r"(?!\s+(?:январ|феврал|март|апрел|ма[яй]|июн|июл|август|сентябр|октябр|ноябр"
    r"|декабр|год|раз|дн[яе]|час|сом|столб|фонар|чырак|челов|метр|км|м\b|шт))"
)
# Who is called an aunt, an uncle or a neighbour is called by a name.
KIN = (
    r"(?:эже|байке|ава|апа|аке|ажы)"
    r"(?:м|си)?(?:н[иы]н|[гк][еа]|[дт][еа]н?|н[иы])?"
)
OF_KIN = re.compile(
    rf"(?:{NAME}\s+)?({CAPITAL}[\w-]+)\s+{KIN}\b"
    rf"|\b(?:[Тт][её]т|[Дд]яд|[Бб]абушк)(?:[яиюей]|[её]й|ой|[ауе])\s+({CAPITAL}[\w-]+)"
)
# Асанов Б. К., А. Токтосунова
INITIALS = re.compile(
    rf"{NAME}\s+{CAPITAL}\.(?:\s?{CAPITAL}\.)?(?!\s*{CAPITAL}[а-яёңөү])"
    rf"|\b{CAPITAL}\.\s?(?:{CAPITAL}\.\s?)?{CAPITAL}[а-яёңөүa-z][\w-]+"
)
NAMES = re.compile(
    rf"(?:{NAME}\s+)?{NAME}\s+(?:уулу|кызы)\w*"
    rf"|(?:{NAME}\s+)*\b{CAPITAL}\w+(?:[ое]вич\w{{0,5}}|[ое]вн(?:а(?:[гдн]\w+)?|ы|е|у))\b"
    rf"|(?:{NAME}\s+)+{CAPITAL}\w+[ое]вной\b"
)
# A word as a name is written, and how a surname of both languages ends.
CALLED = re.compile(rf"{CAPITAL}[а-яёңөүa-z][\w-]*")
SURNAME = re.compile(
    r"\w+(?:[оеё]в|[иы]н(?=а|ой|ым))"
    r"(?:а|ой|ою|у|ым|е)?(?:н[ыуи]н|д[уы]н|[гк]а|го|ду|[дт][ао]н?|[дт]он|н[ыи])?"
)
# Beside these, or with one of them, capitals name a place or an office.
OFFICES = re.compile(
    r"(?:айыл|айл|аймак|аймаг|өкмөт|кеңеш|облус|област|район|респуб|министр|министер"
    r"|мамлекет|кыргыз|киргиз|борбор|центр|комитет|милиц|полиц|мектеп|мектеб|шаар|"
    r"сел[оаеу]\b|селе\b|село|город|посел|посёл|участ|участк|канал|суу\b|көл|тоо"
    r"|көчө|улиц|ул\b|парк|база|рын|жомок|мечит|мечет|завод|ферма|бөлүм|бөлүг|отдел"
    r"|управ|совет|башкарма|уюм|фонд|президент|закон|мыйзам|кодекс|им\b|имени"
    r"|атында|г\b|с\b)",
    re.IGNORECASE,
)
# What begins a sentence before such a word as «эже».
NOBODY = frozenset(
    fold(word)
    for word in (
        *("бул", "ошол", "ушул", "тиги", "бир", "эки", "үч", "ар", "улуу", "кичүү"),
        *("биз", "биздин", "менин", "сиздин", "ал", "анын", "алардын", "кошуна"),
    )
)
PIECE = re.compile(r"[\w-]+|\n|[^\w\s]")
ENDS = set('.!?…:;\n«»"“”„()—–№•*')
PAIR = re.compile(rf"(?=({NAME})\s+({CAPITAL}[\w-]+))")
WORD = re.compile(r"\w+")

# So many words of hers in a row are her own sentence.
IN_A_ROW = 8


def giveaways(text, *, original="", identity=(), known=()):
    """Return what may give a person away in a text, each once, as Giveaways.

    `original` is what the reporter wrote, `identity` the words by which she named
    herself, `known` the names of places and bodies, which name no person.
    """
    plain = {word for name in known for word in words(name)}
    names = [*named_in(text, original, plain), *called(text, plain)]
    found = [*outright(text), *longest(names), *said_by(text, identity)]
    if copied := copied_from(original, text):
        found.append(Giveaway(Kind.COPIED, copied))
    return list(dict.fromkeys(found))


def names_known(center):
    """Return what the places and bodies around a centre are called."""
    aimak = center.aimak
    raion = aimak.parent
    places = [
        *(aimak, raion, raion and raion.parent),
        *center.villages.all(),
        *aimak.parts.all(),
    ]
    named = [center, *filter(None, places), *center.partners.all()]
    named += OutsideBody.objects.all()
    return [name for one in named for name in (one.name_ky, one.name_ru) if name]


def outright(text):
    """Yield what is plain to see; what stands in a phone number is no address too."""
    taken = []
    for kind, places in (
        (Kind.EMAIL, spans(EMAIL, text)),
        (Kind.PAPER, spans(PAPER, text)),
        (Kind.PLATE, spans(PLATE, text)),
        (Kind.PHONE, phones(text)),
        (Kind.PHONE, spans(DIGITS, text)),
        (Kind.ADDRESS, spans(ADDRESS, text)),
        (Kind.ADDRESS, spans(ON_STREET, text)),
        (Kind.NAME, spans(NAMES, text)),
        (Kind.NAME, of_kin(text)),
        (Kind.NAME, spans(INITIALS, text)),
    ):
        for start, end in places:
            if all(end <= first or last <= start for first, last in taken):
                taken.append((start, end))
                yield Giveaway(kind, text[start:end].strip())


def spans(pattern, text):
    return [match.span() for match in pattern.finditer(text)]


def of_kin(text):
    """Return where somebody is called by a name and a word of kinship."""
    return [
        match.span()
        for match in OF_KIN.finditer(text)
        if fold(match[1] or match[2]) not in NOBODY
    ]


def phones(text):
    found = PhoneNumberMatcher(text, "KG", leniency=Leniency.VALID)
    return [(match.start, match.end) for match in found]


def called(text, plain):
    """Yield what is written as a name: words with capitals, as they stand in a row.

    One alone is a name where it ends as a surname does. The word that begins a sentence
    has its capital from there, and counts beside a surname only.
    """
    row, before, is_first = [], "", True
    for piece in [*PIECE.findall(text), "."]:
        if CALLED.fullmatch(piece) and fold(piece) not in NOBODY:
            row.append((piece, is_first))
        else:
            # A place stands before its name in Russian, after it in Kyrgyz.
            if row and not OFFICES.match(before) and not OFFICES.match(piece):
                yield from in_row(row, plain)
            row, before = [], piece
        is_first = piece in ENDS


def in_row(row, plain):
    if any(OFFICES.match(word) for word, _is_first in row):
        return
    unknown = [
        (word, is_first) for word, is_first in row if not is_plain(fold(word), plain)
    ]
    names = [word for word, is_first in unknown if not is_first]
    surnames = [word for word in names if SURNAME.fullmatch(word)]
    opens = [word for word, is_first in unknown if is_first]
    if surnames or len(names) > 1 or (names and SURNAME.fullmatch("".join(opens))):
        yield Giveaway(Kind.NAME, " ".join(word for word, _is_first in unknown))


def named_in(text, original, plain):
    """Yield pairs of capitalised words that stand in the original too, in any case."""
    written = words(original)
    pairs = list(zip(written, written[1:], strict=False))
    for match in PAIR.finditer(text):
        first, second = map(fold, match.groups())
        if is_plain(first, plain) or is_plain(second, plain):
            continue
        if any(is_like(first, one) and is_like(second, other) for one, other in pairs):
            yield Giveaway(Kind.NAME, " ".join(match.groups()))


def longest(names):
    """Return the names without those that are a part of another one."""
    return [
        name
        for name in names
        if not any(name != other and name.words in other.words for other in names)
    ]


def is_plain(word, plain):
    """Tell whether a word is one of a place or a body; a short one has no endings."""
    return word in plain or any(len(one) > 2 and is_like(word, one) for one in plain)


def said_by(text, identity):
    """Yield the words of a text that are like one by which she named herself.

    Of a short word too many begin so: it must be hers as it stands.
    """
    hers = [word for name in identity for word in words(name) if len(word) > 2]
    for word in WORD.findall(text) if hers else ():
        is_same = is_like if len(word) > 3 else eq
        if any(is_same(fold(word), own) for own in hers):
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
