"""Letters go to the mail server when the answer is out.

Nobody waits for a slow server, and nobody learns from the wait whether an address has
an account (ASVS 6.3.8). What the server does not take is lost, as it may be on the way
from there: the desk shows all that letters tell.
"""

import logging
from concurrent.futures import ThreadPoolExecutor

from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend as MailServer

# One after the other, as they were written.
POST = ThreadPoolExecutor(max_workers=1, thread_name_prefix="letters")


class AfterwardsBackend(BaseEmailBackend):
    """Django's way to the mail server, in a thread of its own.

    With `at_once` it is gone while one waits, and what is wrong is raised.
    """

    def __init__(self, *, at_once=False, **kwargs):
        super().__init__(**kwargs)
        self.at_once = at_once

    def send_messages(self, letters):
        letters = list(letters)
        if self.at_once:
            return MailServer().send_messages(letters)
        POST.submit(carry, letters)
        return len(letters)


def carry(letters):
    # One that is refused keeps none of the others back.
    taken = MailServer(fail_silently=True).send_messages(letters) or 0
    if taken < len(letters):
        # To whom is nobody's business.
        logging.warning("Of %s letters the mail server took %s.", len(letters), taken)


def finish():
    """Wait for what is on its way: a process that ends loses no letter."""
    POST.shutdown()
