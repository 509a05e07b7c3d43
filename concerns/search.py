"""Searching as people type: Russian letters for Kyrgyz ones, whatever the case."""

import unicodedata

# Beside ң ө ү and ё the look-alikes of old fonts and of the neighbours' alphabets.
LETTERS = str.maketrans("ңӊњҥөѳɵүұїёқғҳў", "нннноооуууекгху")


def fold(text: str) -> str:
    """
    Return a text as it is searched; what is stored and what is typed are both folded.

    Composed before anything else, because ё and ї may come as a letter and a mark.
    """
    text = unicodedata.normalize("NFC", text).casefold().translate(LETTERS)
    return " ".join(text.split())


# As people write Kyrgyz and Russian names with Latin letters, longest first.
LATIN = [
    *(("shch", "щ"), ("sh", "ш"), ("ch", "ч"), ("zh", "ж"), ("kh", "х"), ("ts", "ц")),
    *(("yu", "ю"), ("ya", "я"), ("yo", "е"), ("x", "кс")),
    *zip("abvwgdejziyklmnopqrstufhc", "абввгдежзииклмнопкрстуфхк", strict=True),
]


def sound(name: str) -> str:
    """
    Return how a name sounds, to find a place by it: «Nookat» is «Ноокат».

    Looser than fold: й, ы and и are one, since one Latin letter stands for all three.
    """
    # However its parts are joined: «Көгүчкөн-Булак» is «Көгүчкөн Булак».
    text = "".join(filter(str.isalnum, fold(name)))
    for latin, cyrillic in LATIN:
        text = text.replace(latin, cyrillic)
    return text.translate(str.maketrans("йы", "ии"))
