"""Take pictures of the main pages, on a phone and on a desktop, in both languages.

    .venv/bin/python -m tests.browser.pictures FOLDER [360 | 1280 | ky | ru | dark] ...

Names of pages, such as `center form`, take these alone, and `top` no more of each than
fits a document; `make pictures` does both. It starts a portal of its own with the demo,
and leaves nothing but the pictures.
"""

import base64
import os
import shutil
import sys
import tempfile
from contextlib import contextmanager
from itertools import product
from pathlib import Path

import django
from playwright.sync_api import sync_playwright

os.environ["DJANGO_SETTINGS_MODULE"] = "kaab.settings"
os.environ.setdefault("SECRET_KEY", "pictures show nobody's secrets")
os.environ.setdefault("CODE_KEY", "nor do they open anything")
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
django.setup()

from kaab.demo import load  # noqa: E402

from ..portal import Portal, own_database  # noqa: E402
from .conftest import CENTER, DEMO, sign_in  # noqa: E402
from .visitor import DESKTOP, PHONE, Visitor  # noqa: E402

WIDTHS = {360: PHONE, 1280: DESKTOP}
SCHEMES = ["light", "dark"]
LANGUAGES = ["ky", "ru"]
# How many pixels of a picture to one of the page, and where its top ends.
SCALES = {360: 1.5, 1280: 1}
TOPS = {360: 1000, 1280: 960}
PAGES = {
    "directory": "/",
    "center": CENTER,
    "concerns": f"{CENTER}concerns/",
    "categories": f"{CENTER}concerns/new/",
    "form": f"{CENTER}concerns/new/street_lighting/?new",
    "emergency_form": f"{CENTER}concerns/new/public_order/?new",
    "meetings": f"{CENTER}meetings/",
    "follow": "/follow/",
    "about": "/about/",
    "help": "/help/",
    "privacy": "/privacy/",
    "accessibility": "/accessibility/",
    "sign_in": "/login/",
    "not_found": "/nowhere/",
}
DESK = {
    "coordinator": {
        "desk_today": "/desk/",
        "desk_concerns": "/desk/concerns/",
        "desk_meetings": "/desk/meetings/",
        "desk_new_meeting": "/desk/meetings/new/mirmakhmudov/",
        "desk_members": "/desk/members/mirmakhmudov/",
        "desk_invite": "/desk/members/mirmakhmudov/invite/",
        "account": "/account/",
    },
    "officer": {"desk_officer": "/desk/"},
}


def enters(visitor, links, place=-1):
    """Follow one of the links, the last by default."""
    visitor.goes(visitor.page.locator(links).nth(place))


def resident(visitor):
    """Yield the names of pictures, with the page of each open."""
    for name, path in PAGES.items():
        visitor.opens(path)
        yield name
    visitor.opens(f"{CENTER}concerns/")
    enters(visitor, "main .rows a")
    yield "concern"
    visitor.opens(f"{CENTER}meetings/")
    enters(visitor, "main .rows a")
    yield "meeting"
    visitor.opens(f"{CENTER}concerns/new/street_lighting/?new")
    visitor.presses("Send")
    yield "form_mistakes"
    visitor.writes("What happened?", "Мектептин жанында жарык жок.")
    visitor.chooses("No", context="involved")
    visitor.presses("Send")
    yield "receipt"
    visitor.opens("/follow/")
    visitor.page.locator("[name=c]").fill(load.code_of("canal"))
    visitor.presses("Open my report")
    yield "followed"


def staff(visitor, name):
    sign_in(visitor, f"{name}@example.org")
    for picture, path in DESK[name].items():
        visitor.opens(path)
        yield picture
    visitor.opens("/desk/")
    enters(visitor, "tbody th a", place=0)
    yield f"desk_concern_{name}"
    visitor.opens("/desk/meetings/")
    enters(visitor, "main .rows a", place=0)
    yield f"desk_meeting_{name}"
    if name == "coordinator":
        visitor.opens("/desk/concerns/?state=ended")
        enters(visitor, "tbody th a", place=0)
        visitor.follows("Public text")
        yield "desk_publish"


WALKS = [
    resident,
    lambda visitor: staff(visitor, "coordinator"),
    lambda visitor: staff(visitor, "officer"),
]


def take(chromium, portal, folder, kinds, names, is_top):
    """Take the pictures of these kinds and names; where there are none, of all."""
    for language, width, scheme in product(LANGUAGES, WIDTHS, SCHEMES):
        for walk in WALKS if kinds <= {language, str(width), scheme} else []:
            context = chromium.new_context(
                color_scheme=scheme, locale=f"{language}-KG", **WIDTHS[width]
            )
            visitor = Visitor(context, portal, language)
            for name in walk(visitor):
                if not names or name in names:
                    dark = "-dark" * (scheme == "dark")
                    file = folder / f"{name}-{width}-{language}{dark}.webp"
                    file.write_bytes(picture(visitor.page, width, is_top))
            context.close()


def picture(page, width, is_top=False):
    """Return a page as WebP, which Playwright itself does not write: half of a JPEG."""
    height = page.evaluate("document.documentElement.scrollHeight")
    clip = {
        "x": 0,
        "y": 0,
        "width": width,
        "height": min(height, TOPS[width]) if is_top else height,
        "scale": SCALES[width],
    }
    session = page.context.new_cdp_session(page)
    taken = session.send(
        "Page.captureScreenshot",
        {"format": "webp", "quality": 50, "clip": clip, "captureBeyondViewport": True},
    )
    session.detach()
    return base64.b64decode(taken["data"])


@contextmanager
def browser():
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        yield chromium
        chromium.close()


def main():
    folder, words = Path(sys.argv[1]), set(sys.argv[2:])
    kinds = words & {*LANGUAGES, *map(str, WIDTHS), *SCHEMES}
    folder.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as var,
        own_database() as environment,
        Portal(Path(var), **environment, **DEMO) as portal,
        browser() as chromium,
    ):
        names = words - kinds - {"top"}
        take(chromium, portal, folder, kinds, names, "top" in words)


if __name__ == "__main__":
    main()
