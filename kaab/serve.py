"""Serve the portal: waitress, in several processes on one socket.

Waitress hands a thread only requests that have arrived whole, and keeps an answer until
it is taken: a phone on a slow line costs a connection, never a thread. Hundreds of
half-sent forms leave the next page as quick as ever.
"""

import gc
import logging
import os
import resource
import signal
import socket
import sys
import time
from contextlib import suppress

from django.conf import settings
from django.db import DatabaseError, connection
from waitress import create_server, wasyncore

from centers import letters

from .wsgi import application

PROCESSES = int(os.environ.get("WEB_CONCURRENCY", 2))
THREADS = 4
CONNECTIONS = 2000
IDLE_SECONDS = 60
GRACE_SECONDS = 10


def main():
    host, port = "127.0.0.1", int(os.environ.get("PORT", 8000))
    _allow_open_files(2 * CONNECTIONS)
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except OSError as error:
            sys.exit(f"{host}:{port}: {error.strerror}. Another port: PORT=8001")
        listener.listen(1024)
        # What is loaded stays: the collector need not walk through it on every page,
        # and the processes share it.
        gc.freeze()
        print(f"The portal is at {settings.SITE_URL} (Ctrl-C ends it)", flush=True)
        _supervise(listener)


def _supervise(listener):
    """Keep the processes alive until told to stop; then let them finish."""
    processes = set()

    def stop(*_):
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        for process in processes:
            os.kill(process, signal.SIGTERM)
        while processes:
            processes.discard(os.wait()[0])
        sys.exit()

    def start():
        process = os.fork()
        if not process:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            _work(listener)
        processes.add(process)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    for _ in range(PROCESSES):
        start()
    while True:
        process, status = os.wait()
        processes.discard(process)
        logging.error("Process %s ended (status %s), starting another", process, status)
        time.sleep(1)
        start()


def _work(listener):
    supervisor = os.getppid()
    # Threads that hand the interpreter on every 5 ms, the default, served half as many
    # pages under load as those that keep it about as long as a page takes.
    sys.setswitchinterval(0.02)
    _hold_log()
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    connections = {}
    server = create_server(
        application,
        map=connections,
        sockets=[listener],
        threads=THREADS,
        connection_limit=CONNECTIONS,
        channel_timeout=IDLE_SECONDS,
        max_request_body_size=10_000_000,
        ident=None,
        # The proxy that terminates TLS stands on this machine and says so itself.
        **(
            {"trusted_proxy": "127.0.0.1", "trusted_proxy_headers": "x-forwarded-proto"}
            if settings.IS_SECURE
            else {}
        ),
    )

    def stop(*_):
        server.accepting = False
        signal.alarm(GRACE_SECONDS)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while server.accepting or any(
        channel.requests or channel.total_outbufs_len
        for channel in server.active_channels.values()
    ):
        wasyncore.loop(timeout=1, use_poll=True, map=connections, count=1)
        if server.accepting and os.getppid() != supervisor:
            stop()
    letters.finish()
    connection.close()
    os._exit(0)


def _hold_log():
    """Keep SQLite's write-ahead log where it is, by a connection that stays open.

    Whoever closes the last one takes the log away; and without room for a new one
    nobody opens the file, not even to read.
    """
    if connection.vendor == "sqlite":
        # Unreachable now, it may be there when the first page is asked for.
        with suppress(DatabaseError):
            connection.ensure_connection()


def _allow_open_files(number):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < number:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(number, hard), hard))


if __name__ == "__main__":
    main()
