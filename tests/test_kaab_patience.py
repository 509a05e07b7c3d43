"""A server that keeps silent is given up: PostgreSQL's own limits need it awake."""

import socket

import psycopg2
import pytest
from django.db import OperationalError
from psycopg2.extensions import get_wait_callback, set_wait_callback

from kaab import patience


@pytest.fixture
def _impatient(monkeypatch):
    before = get_wait_callback()
    monkeypatch.setattr(patience, "SECONDS", 0.05)
    set_wait_callback(patience.wait)
    yield
    set_wait_callback(before)


@pytest.mark.usefixtures("_impatient")
def test_a_server_that_takes_the_line_and_says_nothing_is_given_up():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        host, port = silent.getsockname()

        with pytest.raises(OperationalError):
            psycopg2.connect(host=host, port=port, sslmode="disable", connect_timeout=9)
