"""How long the portal waits for a word of PostgreSQL.

The limits on statements and locks are the server's own: one that hangs keeps none of
them, nor does its machine tell, and who writes a form would wait for ever.
"""

from select import POLLIN, POLLOUT, poll

from django.db import OperationalError
from psycopg2.extensions import POLL_OK, POLL_READ

# Less than the five that people wait at most; connecting and asking are one wait each.
SECONDS = 4


def wait(connection):
    """Wait as psycopg2 does by itself, but not for ever: its "wait callback"."""
    while (state := connection.poll()) != POLL_OK:
        # Not select(), which knows no more than 1024 files.
        line = poll()
        line.register(connection, POLLIN if state == POLL_READ else POLLOUT)
        if not line.poll(1000 * SECONDS):
            # Django's: of psycopg2's own the health check makes a second attempt,
            # which would last as long again.
            raise OperationalError("The server keeps silent.")
