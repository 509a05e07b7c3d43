"""Letters: the mail server takes them after the answer, or not at all."""

import logging
import socket
import time

import pytest
from aiosmtpd.controller import Controller
from django.core.mail import EmailMessage, get_connection
from django.urls import reverse

from centers import letters

from .factories import make_user

pytestmark = pytest.mark.usefixtures("by_server")


class Box:
    """A mail server's box, which refuses addresses of one domain."""

    def __init__(self):
        self.came = []

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.endswith("@refused.example.org"):
            return "550 no such person"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.came += envelope.rcpt_tos
        return "250 OK"


@pytest.fixture
def by_server(settings):
    settings.EMAIL_BACKEND = "centers.letters.AfterwardsBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@pytest.fixture
def box(settings):
    box = Box()
    server = Controller(box, hostname="127.0.0.1", port=settings.EMAIL_PORT)
    server.start()
    yield box
    server.stop()


def letter_to(*addresses):
    return [EmailMessage("Салам", "Кат", to=[address]) for address in addresses]


def all_carried():
    """Wait for the letters that are on their way."""
    letters.POST.submit(int).result(timeout=20)


def test_a_letter_comes_to_the_server(box):
    get_connection().send_messages(letter_to("aida@example.org"))

    all_carried()
    assert box.came == ["aida@example.org"]


def test_one_that_is_refused_keeps_none_back_and_is_counted(box, caplog):
    two = letter_to("aida@refused.example.org", "bakyt@example.org")

    get_connection().send_messages(two)

    all_carried()
    assert box.came == ["bakyt@example.org"]
    assert "Of 2 letters the mail server took 1." in caplog.text
    assert "aida" not in caplog.text


def test_without_a_server_the_loss_is_counted_and_breaks_nothing(caplog):
    get_connection().send_messages(letter_to("aida@example.org"))

    all_carried()
    assert [record.levelno for record in caplog.records] == [logging.WARNING]


def test_what_is_sent_at_once_says_what_is_wrong():
    with pytest.raises(ConnectionRefusedError):
        get_connection(at_once=True).send_messages(letter_to("aida@example.org"))


@pytest.mark.django_db
def test_who_forgot_a_password_does_not_wait_for_a_silent_server(client, settings):
    make_user(email="bakyt@example.org")
    settings.EMAIL_TIMEOUT = 3

    with socket.create_server(("127.0.0.1", settings.EMAIL_PORT)):
        started = time.monotonic()
        client.post(reverse("account_reset_password"), {"email": "bakyt@example.org"})
        waited = time.monotonic() - started
        all_carried()
        carried = time.monotonic() - started

    # Whoever has no account is answered at once too.
    assert waited < 2 < carried
