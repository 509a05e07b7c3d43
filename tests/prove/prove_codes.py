"""A curious neighbour types codes: none opens, and nothing tells a miss from a hit."""

import secrets
from statistics import median
from time import perf_counter

import pytest
from django.test import Client

from concerns import codes

from ..factories import make_concern
from ..pages import without_tokens

pytestmark = pytest.mark.django_db

GUESSES = 10_000
CONCERNS = 200
# Of each; more makes the medians no steadier.
TIMED = 60


@pytest.fixture(autouse=True)
def _each_from_a_network_of_his_own(settings):
    settings.CLIENT_ADDRESS_HEADER = "HTTP_X_REAL_IP"


def somewhere(number):
    return {"x-real-ip": f"10.{number // 250}.{number % 250}.1"}


def guess():
    digits = f"{secrets.randbelow(10**15):015}"
    return digits + codes.check_digit(digits)


def answered(phone, code, number):
    return phone.post("/follow/", {"c": code}, headers=somewhere(number))


def test_of_ten_thousand_good_looking_codes_none_opens_anything(
    center, cheap_codes, proved
):
    for _ in range(CONCERNS):
        make_concern(center)
    phone = Client()

    answers = (answered(phone, guess(), number) for number in range(GUESSES))
    seen = {(answer.status_code, without_tokens(answer)) for answer in answers}

    assert [status for status, _page in seen] == [422]
    proved(
        "T5", f"{GUESSES} guesses at {CONCERNS} concerns: 0 hits, one and the same page"
    )


def took(code, number):
    phone = Client()
    began = perf_counter()
    answer = answered(phone, code, number)
    return answer.status_code, perf_counter() - began


def test_a_hit_takes_as_long_as_a_miss(center, proved):
    right = [hashed_in_earnest(make_concern(center)).code for _ in range(TIMED)]

    # In turn, so that a busy moment strikes both.
    hits, misses = zip(
        *(
            (took(code, number), took(guess(), number))
            for number, code in enumerate(right)
        ),
        strict=True,
    )

    assert {status for status, _seconds in hits} == {302}
    assert {status for status, _seconds in misses} == {422}
    hit, miss = (1000 * median(time for _, time in them) for them in (hits, misses))
    assert abs(hit - miss) < 0.2 * miss
    proved("T5", f"a hit takes {hit:.0f} ms, a miss {miss:.0f}")


def hashed_in_earnest(concern):
    concern.code_hash = codes.hash_code(concern.code)
    concern.save(update_fields=["code_hash"])
    return concern
