"""Take pictures of the main pages, on a phone and on a desktop, in both languages.

    .venv/bin/python -m tests.browser.pictures FOLDER [360 | 1280 | ky | ru | dark] ...

It starts a portal of its own with the demo, and leaves nothing but the pictures.
"""

import os
import shutil
import sys
import tempfile
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
PAGES = {
    "directory": "/",
    "center": CENTER,
    "concerns": f"{CENTER}concerns/",
    "categories": f"{CENTER}concerns/new/",
    "form": f"{CENTER}concerns/new/street_lighting/",
    "emergency_form": f"{CENTER}concerns/new/public_order/",
    "meetings": f"{CENTER}meetings/",
    "follow": "/follow/",
    "help": "/help/",
    "privacy": "/privacy/",
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


def resident(visitor):
    """Yield the names of pictures, with the page of each open."""
    for name, path in PAGES.items():
        visitor.opens(path)
        yield name
    visitor.opens(f"{CENTER}concerns/")
    visitor.page.locator("main .rows a").last.click()
    yield "concern"
    visitor.opens(f"{CENTER}meetings/")
    visitor.page.locator("main .rows a").last.click()
    yield "meeting"
    visitor.opens(f"{CENTER}concerns/new/street_lighting/")
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
    visitor.page.locator("tbody th a").first.click()
    yield f"desk_concern_{name}"
    visitor.opens("/desk/meetings/")
    visitor.page.locator("main .rows a").first.click()
    yield f"desk_meeting_{name}"
    if name == "coordinator":
        visitor.opens("/desk/concerns/?state=ended")
        visitor.page.locator("tbody th a").first.click()
        visitor.follows("Public text")
        yield "desk_publish"


WALKS = [
    resident,
    lambda visitor: staff(visitor, "coordinator"),
    lambda visitor: staff(visitor, "officer"),
]


def take(browser, portal, folder, wanted):
    """Take the pictures of every kind that has all the wanted words in its name."""
    for language, width, scheme in product(["ky", "ru"], WIDTHS, ["light", "dark"]):
        kind = {language, str(width), scheme}
        for walk in WALKS if wanted <= kind else []:
            context = browser.new_context(
                color_scheme=scheme, locale=f"{language}-KG", **WIDTHS[width]
            )
            visitor = Visitor(context, portal, language)
            for name in walk(visitor):
                file = folder / f"{name}_{width}_{language}_{scheme}.png"
                visitor.page.screenshot(path=file, full_page=True)
            context.close()


def main():
    folder, wanted = Path(sys.argv[1]), set(sys.argv[2:])
    folder.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as var,
        own_database() as environment,
        Portal(Path(var), **environment, **DEMO) as portal,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        take(browser, portal, folder, wanted)
        browser.close()


if __name__ == "__main__":
    main()
