"""Draw the portal's icons, and the picture of a shared link with its words.

    .venv/bin/python -m tests.browser.icons

Chromium paints each page of this file, and what it painted is kept in static/. To be
run again when the mark, the colours or the words change.
"""

import struct
from pathlib import Path

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext

from .pictures import browser

STATIC = Path(settings.BASE_DIR, "static")
MARK = """<svg width="{size}" height="{size}" viewBox="0 0 24 24" fill="none"
  stroke="{colour}" stroke-width="5"><circle cx="12" cy="12" r="9"
  stroke-dasharray="14 4.85"/><path d="M12 12h.01" stroke-linecap="round"/></svg>"""
PINE, PAPER = "#0d5246", "#f8f5ed"
# A phone may cut an icon down to a circle of four fifths of its width.
ICON = """<style>body{{margin:0;display:grid;place-items:center;height:100vh;
  background:{ground}}}</style>{mark}"""
SHARED = """<style>
body{{margin:0;box-sizing:border-box;height:630px;padding:70px 80px 0;
  border-top:24px solid {pine};background:{paper};color:#1a2320;
  font:34px/1.45 "DejaVu Sans",sans-serif;text-wrap:balance}}
p{{display:flex;align-items:center;gap:28px;margin:0;padding-bottom:34px;
  border-bottom:8px double #d8d1c1;font-size:64px;font-weight:800}}
h1{{margin:44px 0 24px;font-size:58px;line-height:1.15;letter-spacing:-.02em}}
</style><p>{mark}{short}</p><h1>{name}</h1>{words}"""


def icon(size, *, part, colour=PAPER, ground=PINE):
    mark = MARK.format(size=round(size * part), colour=colour)
    return ICON.format(ground=ground, mark=mark)


def shared():
    return SHARED.format(
        pine=PINE,
        paper=PAPER,
        mark=MARK.format(size=96, colour=PINE),
        short=gettext("LCPC"),
        name=gettext("Prevention centres' portal"),
        words=gettext(
            "Residents, the council and the police solve together what threatens"
            " people's safety."
        ),
    )


def in_ico(png, size):
    """Put a PNG into the one-picture file that browsers ask for as favicon.ico."""
    entry = struct.pack("<BBBBHHII", size, size, 0, 0, 1, 32, len(png), 22)
    return struct.pack("<HHH", 0, 1, 1) + entry + png


def main():
    with browser() as chromium:
        page = chromium.new_page()

        def paint(html, width, height):
            page.set_viewport_size({"width": width, "height": height})
            page.set_content(html)
            return page.screenshot(omit_background=True)

        for size in (192, 512):
            png = paint(icon(size, part=0.52), size, size)
            (STATIC / f"icon-{size}.png").write_bytes(png)
        png = paint(icon(180, part=0.6), 180, 180)
        (STATIC / "root" / "apple-touch-icon.png").write_bytes(png)
        png = paint(icon(32, part=1, colour=PINE, ground="none"), 32, 32)
        (STATIC / "root" / "favicon.ico").write_bytes(in_ico(png, 32))
        for language, _name in settings.LANGUAGES:
            with translation.override(language):
                png = paint(shared(), 1200, 630)
            (STATIC / f"share-{language}.png").write_bytes(png)


if __name__ == "__main__":
    main()
