"""The portal as `make run` starts it: the production server on a port of its own."""

import os
import re
import signal
import socket
import stat
import subprocess
import time
from contextlib import ExitStack
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2
import pytest

pytestmark = pytest.mark.server

ROOT = Path(__file__).parent.parent
HALF_SENT_FORM = b"\r\n".join(
    [
        b"POST /follow/ HTTP/1.1",
        b"Host: 127.0.0.1",
        # Without the cookie the portal refuses before it reads the form.
        b"Cookie: csrftoken=" + b"a" * 32,
        b"Content-Type: application/x-www-form-urlencoded",
        b"Content-Length: 100000",
        b"",
        b"0123456789",
    ]
)


class Portal:
    """`make run` in a folder of its own."""

    def __init__(self, folder, **environment):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.folder = folder
        self.url = f"http://127.0.0.1:{self.port}"
        inherited = {"PATH", "HOME", "PGHOST"} & os.environ.keys()
        self.environment = {
            **{name: os.environ[name] for name in inherited},
            **environment,
            "PORT": str(self.port),
            "VAR_DIR": str(folder),
        }

    def __enter__(self):
        started = time.monotonic()
        with (self.folder / "output").open("w") as output:
            self.process = subprocess.Popen(
                ["make", "run"],
                cwd=ROOT,
                env=self.environment,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        while not self.answers():
            assert self.process.poll() is None, self.output()
            time.sleep(0.05)
        self.seconds_to_start = time.monotonic() - started
        return self

    def __exit__(self, *_):
        os.killpg(self.process.pid, signal.SIGINT)
        self.process.wait(timeout=20)

    def answers(self):
        try:
            return self.get("/healthz") == 200
        except ConnectionRefusedError:
            return False

    def get(self, path):
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.request("GET", path)
        return connection.getresponse().status

    def output(self):
        return (self.folder / "output").read_text()

    def manage(self, *arguments):
        return subprocess.run(
            [".venv/bin/python", "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            check=True,
            capture_output=True,
            text=True,
        ).stdout


@pytest.fixture(scope="module")
def environment():
    """Give the portal a database: its own file, or a new one beside the tests'."""
    server = urlsplit(os.environ.get("DATABASE_URL", ""))
    if not server.scheme.startswith("postgres"):
        yield {}
        return
    name = f"kaab_run_{os.getpid()}"
    administration = psycopg2.connect(server._replace(path="/postgres").geturl())
    administration.autocommit = True
    administration.cursor().execute(f"CREATE DATABASE {name}")
    yield {"DATABASE_URL": server._replace(path=f"/{name}").geturl(), "DEMO": "1"}
    administration.cursor().execute(f"DROP DATABASE {name} WITH (FORCE)")
    administration.close()


@pytest.fixture(scope="module")
def portal(environment, tmp_path_factory):
    with Portal(tmp_path_factory.mktemp("var"), **environment) as portal:
        yield portal


@pytest.mark.parametrize("number", [40, 200])
def test_half_sent_forms_stop_nobody(portal, number):
    with ExitStack() as held:
        for _ in range(number):
            phone = socket.create_connection(("127.0.0.1", portal.port))
            held.enter_context(phone).sendall(HALF_SENT_FORM)
        time.sleep(0.5)
        started = time.monotonic()

        assert portal.get("/") == 200
        assert time.monotonic() - started < 1


def test_it_prints_its_address_and_the_sign_ins_of_the_demo(portal):
    assert portal.url in portal.output()
    assert re.search(r"coordinator@example\.org", portal.output())


def test_its_keys_are_for_its_owner_only(portal):
    mode = stat.S_IMODE((portal.folder / "env").stat().st_mode)

    assert oct(mode) == "0o600"


def test_a_second_start_is_quick_and_changes_nothing(portal, environment):
    keys = (portal.folder / "env").read_text()
    rows = portal.manage("dumpdata")

    with Portal(portal.folder, **environment) as again:
        assert again.seconds_to_start < 5

    assert (portal.folder / "env").read_text() == keys
    assert portal.manage("dumpdata") == rows
