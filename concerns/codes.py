"""
The resident's code: 16 digits that are her only key to what she told.

It is made from the form's own one-time key, so that a form sent twice gives one code.
Of a code the database keeps a bucket of 20 bits, under which it is looked for, and an
Argon2id hash. Both the code and its bucket need a CODE_KEY, which is in no database.
"""

import hashlib
import hmac
import re
import secrets
import threading
import time
import unicodedata
from contextlib import contextmanager

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from django.conf import settings
from django.core.signing import BadSignature, Signer

LENGTH = 16
LONGEST_TYPED = 64
LOOK_ALIKES = str.maketrans("ОоOoЗз", "000033")
# Between two digits of a code in a text up to six blanks, dashes and dots.
IN_A_TEXT = rf"(?=(\d(?: {{0,6}}\d){{{LENGTH - 1}}}))"

# The quasigroup of order 10 in H. Michael Damm's thesis (Marburg 2004): a row for the
# digit so far, a column for the next. The card numbers' Luhn is avoided on purpose:
# browsers offer to save what looks like a card.
DAMM = [
    [0, 3, 1, 7, 5, 9, 8, 6, 4, 2],
    [7, 0, 9, 2, 1, 5, 4, 8, 6, 3],
    [4, 2, 0, 6, 8, 7, 1, 3, 5, 9],
    [1, 7, 5, 0, 9, 8, 3, 4, 2, 6],
    [6, 1, 2, 3, 0, 4, 5, 9, 7, 8],
    [3, 6, 7, 4, 2, 0, 9, 5, 8, 1],
    [5, 8, 6, 9, 7, 2, 0, 1, 3, 4],
    [8, 9, 4, 5, 3, 6, 2, 0, 1, 7],
    [9, 4, 3, 8, 6, 1, 7, 2, 0, 5],
    [2, 5, 8, 1, 4, 3, 6, 7, 9, 0],
]


class Malformed(ValueError):
    """What was typed cannot be a code: nothing needs to be looked up."""


class BadKey(ValueError):
    """A form's key was not made here."""


class Busy(Exception):
    """Too many hashes at once; it will work in a minute."""


# What people type


def check_digit(digits: str) -> str:
    """Return Damm's check digit, which betrays a wrong digit and swapped neighbours."""
    so_far = 0
    for digit in digits:
        so_far = DAMM[so_far][int(digit)]
    return str(so_far)


def normalise(typed: str) -> str:
    """
    Return the 16 digits that someone meant, or raise Malformed.

    Digits of any script count, with blanks, dashes and dots between them, and the
    letters О and З, which a keyboard left in Cyrillic offers instead of 0 and 3.
    """
    if len(typed) > LONGEST_TYPED:
        raise Malformed
    digits = "".join(map(digit_of, typed.translate(LOOK_ALIKES)))
    if len(digits) != LENGTH or check_digit(digits) != "0":
        raise Malformed
    return digits


def digit_of(character):
    digit = unicodedata.decimal(character, None)
    if digit is not None:
        return str(digit)
    if character in ".·−" or character.isspace() or is_dash_or_invisible(character):
        return ""
    raise Malformed


def is_dash_or_invisible(character):
    return unicodedata.category(character) in ("Pd", "Cf")


def codes_in(text: str) -> list[str]:
    """Return whatever stands in a text that could be a code, as people write one."""
    marks = "".join(map(mark_of, text.translate(LOOK_ALIKES)))
    # Looked for from every digit on: another number may stand right before it.
    found = (typed.replace(" ", "") for typed in re.findall(IN_A_TEXT, marks))
    return [digits for digits in found if check_digit(digits) == "0"]


def mark_of(character):
    """Return the digit that a character is, a blank for what may stand between two."""
    try:
        return digit_of(character) or " "
    except Malformed:
        return "x"


def grouped(code: str) -> str:
    """Return a code as it is shown: 4821 0937 5564 1208."""
    return " ".join(code[place : place + 4] for place in range(0, LENGTH, 4))


# The form's key


def new_key() -> str:
    """Return 128 random bits in hex."""
    return secrets.token_hex(16)


def issue_key(form: str) -> str:
    """Return a new key and the moment, signed, for a centre's form."""
    return signer(form).sign(f"{new_key()}.{int(time.time())}")


def read_key(value: str, form: str) -> tuple[str, int]:
    """
    Return the key and its age in seconds, or raise BadKey.

    Another form's key is bad: it could bring the receipt of a concern filed there.
    """
    try:
        key, issued_at = signer(form).unsign(value).split(".")
    except BadSignature:
        raise BadKey from None
    return key, int(time.time()) - int(issued_at)


def signer(form):
    return Signer(salt=f"concerns.codes.form_key:{form}")


def key_hash(key: str) -> str:
    """Return what a concern keeps of its form's key; 128 random bits need no salt."""
    return hashlib.sha256(key.encode()).hexdigest()


# From the key to the code, and from the code to its bucket


def code_keys() -> dict[str, bytes]:
    """Return the secrets of CODE_KEYS by their ids, the one for new codes first."""
    return {
        hashlib.sha256(b"id of " + secret).hexdigest()[:8]: secret
        for secret in (text.encode() for text in settings.CODE_KEYS)
    }


def current_key_id() -> str:
    return next(iter(code_keys()))


def derive(key: str, key_id: str | None = None) -> str:
    """
    Return the code of a form's key.

    A concern names the id of the secret it was filed under. Given that, a receipt asked
    for again shows the same code even after the secret was changed; KeyError if that
    secret is gone.
    """
    number = int.from_bytes(keyed("code", key, key_id or current_key_id()))
    digits = f"{number % 10 ** (LENGTH - 1):0{LENGTH - 1}}"
    return digits + check_digit(digits)


def bucket(code: str, key_id: str) -> int:
    """Return the 20 bits under which a code is looked for; they do not give it away."""
    return int.from_bytes(keyed("bucket", code, key_id)[:3]) >> 4


def candidate_buckets(code: str) -> list[tuple[str, int]]:
    """Return (key id, bucket) for every secret that a code may have been made with."""
    return [(key_id, bucket(code, key_id)) for key_id in code_keys()]


def keyed(purpose, text, key_id):
    return hmac.digest(code_keys()[key_id], f"{purpose}:{text}".encode(), "sha256")


# What is kept of a code

# Random digits need less than a person's password: OWASP's smallest figures, 30 ms and
# 19 MiB instead of 250 ms and 100 MiB, so that a storm of guesses leaves the portal up.
HASHER = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
HASHES_AT_ONCE = threading.BoundedSemaphore(2)

# Seconds in the queue. A filing may wait longer than a look-up: who guesses codes
# is not to keep out one who reports.
FILING_WAITS = 10
LOOKING_UP_WAITS = 1


def hash_code(code: str) -> str:
    """Return the Argon2id hash of a code, or raise Busy."""
    with hashing(FILING_WAITS):
        return HASHER.hash(code)


def check_code(code: str, code_hash: str) -> bool:
    """Say whether a hash is this code's, or raise Busy."""
    with hashing(LOOKING_UP_WAITS):
        try:
            return HASHER.verify(code_hash, code)
        except VerifyMismatchError:
            return False


def check_nothing(code: str) -> None:
    """Take as long as check_code, so that the time does not tell a miss from a hit."""
    with hashing(LOOKING_UP_WAITS):
        HASHER.hash(code)


@contextmanager
def hashing(seconds):
    if not HASHES_AT_ONCE.acquire(timeout=seconds):
        raise Busy
    try:
        yield
    finally:
        HASHES_AT_ONCE.release()
