"""A thousand filings in a minute: the staff's list stays short, a human gets a code."""

import time
from concurrent.futures import ThreadPoolExecutor
from itertools import count

import pytest

from concerns.views.filing import PER_CENTER

from .phone import Phone
from .races import code_on

pytestmark = pytest.mark.server

FILINGS = 1000
SENDERS = 8


def test_a_thousand_filings_of_machines_bury_nobody(portal, proved):
    numbers = count()
    waiting = "SELECT count(*) FROM concerns_concern WHERE NOT is_quarantined"
    [[before]] = portal.ask(waiting)

    def file(_):
        number = next(numbers)
        # Every other one from one network, the rest from everywhere.
        place = "10.9.9.1" if number % 2 else f"10.{number // 250}.{number % 250}.1"
        bot = Phone(portal, place)
        answer = bot.sends(*bot.form_for_filing(text=f"Арзан кредит! {number}"))
        return answer.status

    began = time.monotonic()
    with ThreadPoolExecutor(SENDERS) as pool:
        statuses = set(pool.map(file, range(FILINGS)))
    seconds = time.monotonic() - began
    aida = Phone(portal, "10.9.9.1")
    receipt = aida.opens(aida.sends(*aida.form_for_filing()).place)

    assert statuses == {302}
    [[after]] = portal.ask(waiting)
    assert after - before <= PER_CENTER[1]
    assert len(code_on(receipt.html)) == 16
    proved(
        "T6",
        f"{FILINGS} in {seconds:.0f} s: no 5xx, {after - before} in the list (at most"
        f" {PER_CENTER[1]}), the others apart; a human of the same network has a code",
    )
