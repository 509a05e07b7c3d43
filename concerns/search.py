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
