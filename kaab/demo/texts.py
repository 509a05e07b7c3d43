"""What the .toml files beside this one say, and the codes of their concerns."""

import hashlib
import tomllib
from pathlib import Path

from django.conf import settings

from concerns import codes

FOLDER = Path(__file__).parent


def read(name):
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def plans(kind):
    """Return every concern or every meeting, from the files of their folder."""
    files = sorted((FOLDER / f"{kind}s").glob("*.toml"))
    return [plan for file in files for plan in read(f"{kind}s/{file.stem}")[kind]]


def both(plan, *fields):
    """Return the two languages of a plan's texts, as the models name them."""
    return {
        f"{field}_{language}": plan.get(f"{field}_{language}", "").strip()
        for field in fields
        for language in ("ky", "ru")
    }


def key_of(name):
    """Return the form's key of a demo concern, so that its code can be shown again."""
    secret = f"{settings.SECRET_KEY}:demo:{name}"
    return hashlib.sha256(secret.encode()).hexdigest()[:32]


def code_of(name):
    """Return the code of a demo concern, as its reporter has it on paper."""
    return codes.grouped(codes.derive(key_of(name)))
