"""Kyrgyz alphabetical order, the same on both databases.

PostgreSQL gets the collation "ky" from ICU by migration; SQLite is taught one of the
same name here. It is used in ORDER BY only: in a column or an index it would make the
file unreadable for SQLite's own tools.
"""

from django.db.models import F, Value
from django.db.models.functions import Coalesce, Collate, NullIf
from django.utils.translation import get_language

ALPHABET = "абвгдеёжзийклмнңоөпрстуүфхцчшщъыьэюя"
PLACE = {letter: chr(0x430 + place) for place, letter in enumerate(ALPHABET)}


def sort_key(text):
    """Return a string that sorts as the Kyrgyz alphabet does; case does not count."""
    return "".join(PLACE.get(letter, letter) for letter in text.lower())


def compare(one, other):
    one, other = (sort_key(one), one), (sort_key(other), other)
    return (one > other) - (one < other)


def teach(connection, **kwargs):
    """Give a new SQLite connection the collation "ky"."""
    if connection.vendor == "sqlite":
        connection.connection.create_collation("ky", compare)


def alphabetical():
    """Return an ordering by name: in the language of the page, or else the other."""
    language = get_language() or "ky"
    other = "ru" if language == "ky" else "ky"
    # An empty name is none: what is shown instead is what it stands under.
    own = NullIf(F(f"name_{language}"), Value(""))
    return Collate(Coalesce(own, F(f"name_{other}")), "ky")
