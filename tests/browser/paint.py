"""Time the first paint of the first views beside a hand-made page of the same words.

    .venv/bin/python -m tests.browser.paint

What `make paint` does: it starts a portal of its own with the demo, and opens each
page with an empty cache over the browser's own imitation of a slow line and a slow
phone. The hand-made page has the same words and fields, the least of tags and some 400
bytes of style.
"""

import gzip
import statistics
import tempfile
from html import escape
from html.parser import HTMLParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from .pictures import CENTER, DEMO, Portal, browser, own_database
from .visitor import PHONE

FIRST = {
    "centre": CENTER,
    "categories": f"{CENTER}concerns/new/",
    "form": f"{CENTER}concerns/new/street_lighting/?new",
    "concerns": f"{CENTER}concerns/",
}
# Milliseconds there and back, and bytes a second down and up.
LINES = {
    "3G, slow": {"latency": 400, "down": 50_000, "up": 50_000},
    "GPRS": {"latency": 500, "down": 6_250, "up": 2_500},
}
TIMES = 5
SLOWER = 4  # times than this machine: a cheap phone
PAINTED = """() => new Promise(done => new PerformanceObserver(list => {
  for (const entry of list.getEntries())
    if (entry.name === "first-contentful-paint") done(entry.startTime);
}).observe({type: "paint", buffered: true}))"""

TAGS = {
    *("h1", "h2", "h3", "p", "a", "ul", "ol", "li", "dl", "dt", "dd", "b", "time"),
    *("form", "fieldset", "legend", "label", "input", "textarea", "button"),
    *("select", "optgroup", "option", "details", "summary"),
    *("main", "footer", "nav", "header"),
}
ATTRIBUTES = {"href", "type", "name", "id", "for", "rows", "method", "label"}
HEAD = """<!DOCTYPE html><html lang="ky"><head><meta charset="utf-8">
<title>Портал</title><meta name="viewport" content="width=device-width"><style>
body{font:16px/1.5 sans-serif;max-width:40rem;margin:auto;padding:0 1rem;color:#222}
a{color:#0d5246}h1{font-size:1.5rem}li{margin:.5rem 0}input,select,textarea,button{font:
inherit;padding:.5rem;width:100%;box-sizing:border-box}[type=radio],[type=checkbox]{width:
auto}button{background:#0d5246;color:#fff;border:0}</style>
<link rel="icon" href="data:,"></head><body>"""


class ByHand(HTMLParser):
    """A page's words and fields in the least of tags."""

    def __init__(self, html):
        super().__init__()
        self.parts, self.hidden = [HEAD], 0
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.hidden += tag in ("head", "svg")
        if tag in TAGS and not self.hidden:
            kept = [(name, value) for name, value in attrs if name in ATTRIBUTES]
            said = "".join(f' {name}="{escape(value or "")}"' for name, value in kept)
            self.parts.append(f"<{tag}{said}>")

    def handle_endtag(self, tag):
        self.hidden -= tag in ("head", "svg")
        if tag in TAGS and not self.hidden and tag != "input":
            self.parts.append(f"</{tag}>")

    def handle_data(self, data):
        if not self.hidden:
            self.parts.append(escape(data, quote=False) if data.strip() else "\n")

    @property
    def html(self):
        return "".join(self.parts)


def served(pages):
    """Serve compressed pages, each under its name; return the server's address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            body = pages.get(self.path[1:], b"")
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}"


def visit(chromium, url, line):
    """Return the seconds to the first paint, the bytes and the requests of a visit."""
    context = chromium.new_context(**PHONE)
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    arrived, asked = [], []
    session.on("Network.loadingFinished", lambda e: arrived.append(e))
    page.on("request", lambda r: asked.append(r) if r.url.startswith("http") else None)
    session.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": line["latency"],
            "downloadThroughput": line["down"],
            "uploadThroughput": line["up"],
        },
    )
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.goto(url)
    painted = page.evaluate(PAINTED) / 1000
    context.close()
    return painted, sum(e["encodedDataLength"] for e in arrived), len(asked)


def main():
    with (
        tempfile.TemporaryDirectory() as var,
        own_database() as environment,
        Portal(Path(var), **environment, **DEMO) as portal,
        browser() as chromium,
    ):
        pages = {}
        for name, path in FIRST.items():
            page = chromium.new_page()
            page.goto(portal.url + path)
            pages[name] = gzip.compress(ByHand(page.content()).html.encode(), 6)
            page.close()
        by_hand = served(pages)
        print(
            "| line | page | bytes | requests | paint, s | by hand: bytes | paint | × |"
        )
        print("|---|---|--:|--:|--:|--:|--:|--:|")
        for line, speed in LINES.items():
            for name, path in FIRST.items():
                urls = portal.url + path, f"{by_hand}/{name}"
                # One of each in turn, so that a busy moment hits both.
                seen = [
                    [visit(chromium, url, speed) for url in urls] for _ in range(TIMES)
                ]
                ours, theirs = zip(*seen, strict=True)
                took, least = (
                    statistics.median(paint for paint, _bytes, _requests in visits)
                    for visits in (ours, theirs)
                )
                print(
                    f"| {line} | {name} | {ours[0][1]} | {ours[0][2]} | {took:.2f} |"
                    f" {theirs[0][1]} | {least:.2f} | {took / least:.2f} |"
                )


if __name__ == "__main__":
    main()
