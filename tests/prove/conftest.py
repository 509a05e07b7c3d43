"""The portal that the proofs are held against, and who comes to it."""

import pytest

from ..browser.conftest import DEMO, PASSWORD
from ..portal import Portal, own_database
from .phone import Phone


@pytest.fixture(scope="module")
def portal(tmp_path_factory):
    """A portal as `make run` starts it, with its demo, for each file of proofs."""
    with (
        own_database() as environment,
        Portal(tmp_path_factory.mktemp("portal"), **environment, **DEMO) as portal,
    ):
        yield portal


@pytest.fixture
def comes(portal):
    """Give a function that brings somebody from a network of her own."""
    networks = iter(range(1, 60_000))

    def comes():
        number = next(networks)
        return Phone(portal, f"10.{number // 250}.{number % 250}.1")

    return comes


@pytest.fixture
def staff(comes):
    """Give a function that brings one of the demo's staff, signed in."""

    def staff(name):
        person = comes()
        person.signs_in(f"{name}@example.org", PASSWORD)
        return person

    return staff
