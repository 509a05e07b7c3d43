"""A PostgreSQL of a proof's own, which it may stop and freeze."""

import os
import shutil
import signal
import subprocess
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import mkdtemp

# Debian keeps each version's programs apart.
BINARIES = Path("/usr/lib/postgresql")


class Cluster:
    def __init__(self):
        # Short, since it names a socket.
        self.folder = Path(mkdtemp(prefix="kaab_"))
        self.url = f"postgres://kaab@/postgres?host={self.folder}"

    def __enter__(self):
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres")
        language = ("--encoding=UTF8", "--locale=C.UTF-8")
        self.run("initdb", "--username=kaab", "--auth=trust", "--no-sync", *language)
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()
        shutil.rmtree(self.folder)

    def run(self, program, *arguments):
        newest = max(BINARIES.glob("*/bin"), key=lambda bin: int(bin.parent.name))
        command = [newest / program, "-D", self.folder / "data", *arguments]
        if os.geteuid() == 0:
            # It refuses to run as root.
            command = ["runuser", "-u", "postgres", "--", *command]
        subprocess.run(
            command, cwd=self.folder, check=True, stdout=subprocess.DEVNULL, timeout=60
        )

    def start(self):
        options = f"-k {self.folder} -c listen_addresses=''"
        log = self.folder / "log"
        self.run("pg_ctl", "start", "--wait", f"--log={log}", f"--options={options}")

    def stop(self):
        self.run("pg_ctl", "stop", "--wait", "--mode=immediate")

    @contextmanager
    def stopped(self):
        self.stop()
        try:
            yield
        finally:
            self.start()

    @contextmanager
    def frozen(self):
        """Hold the server and every process of it, as a machine does that hangs."""
        postmaster = int((self.folder / "data/postmaster.pid").read_text().split()[0])
        # Itself first, so that it starts no more.
        os.kill(postmaster, signal.SIGSTOP)
        held = [*children_of(postmaster), postmaster]
        send(signal.SIGSTOP, held)
        try:
            yield
        finally:
            send(signal.SIGCONT, held)


def children_of(parent):
    for file in Path("/proc").glob("[0-9]*/stat"):
        with suppress(FileNotFoundError, ProcessLookupError):
            _state, of, *_ = file.read_text().rpartition(")")[2].split()
            if int(of) == parent:
                yield int(file.parent.name)


def send(what, processes):
    for process in processes:
        with suppress(ProcessLookupError):
            os.kill(process, what)
