"""The portal as `make run` starts it, on a port and a database of its own."""

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import time
from contextlib import closing, contextmanager
from fcntl import LOCK_EX, flock
from http.client import HTTPConnection
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit
from zlib import crc32

import psycopg2

ROOT = Path(__file__).parent.parent
databases = count(1)


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

    def prepare_once(self, run):
        """Prepare it, or copy another of the run's that was asked for in these words.

        run is a folder that all workers share. Preparing takes half a minute; the tests
        of a portal's first start do without.
        """
        if "DATABASE_URL" in self.environment:
            return
        words = self.environment | {"PORT": "", "VAR_DIR": ""}
        prepared = run / f"prepared-{crc32(repr(sorted(words.items())).encode())}"
        static = f"{prepared}/static/staticfiles.json"
        with (run / "preparing").open("w") as alone:
            flock(alone, LOCK_EX)
            if not prepared.exists():
                subprocess.run(
                    ["make", "prepare", static],
                    cwd=ROOT,
                    env=words | {"VAR_DIR": str(prepared)},
                    check=True,
                    capture_output=True,
                )
        shutil.copytree(prepared, self.folder, dirs_exist_ok=True)

    def __enter__(self):
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
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=10)) as connection:
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

    def connect(self):
        """Connect to its database, as one of its own processes does."""
        url = self.environment.get("DATABASE_URL")
        file = self.folder / "kaab.sqlite3"
        return closing(psycopg2.connect(url) if url else sqlite3.connect(file, 20))

    def ask(self, statement, *values):
        """Run a statement of SQL, %s being a value; return its rows, if it has any."""
        with self.connect() as database:
            if isinstance(database, sqlite3.Connection):
                statement = statement.replace("%s", "?")
            cursor = database.cursor()
            cursor.execute(statement, values)
            rows = cursor.fetchall() if cursor.description else []
            database.commit()
        return rows


@contextmanager
def own_database():
    """Give a portal its database: its own file, or a new one beside the tests'."""
    server = urlsplit(os.environ.get("DATABASE_URL", ""))
    if not server.scheme.startswith("postgres"):
        yield {}
        return
    name = f"kaab_run_{os.getpid()}_{next(databases)}"
    administration = psycopg2.connect(server._replace(path="/postgres").geturl())
    administration.autocommit = True
    administration.cursor().execute(f"CREATE DATABASE {name}")
    yield {"DATABASE_URL": server._replace(path=f"/{name}").geturl(), "DEMO": "1"}
    administration.cursor().execute(f"DROP DATABASE {name} WITH (FORCE)")
    administration.close()
