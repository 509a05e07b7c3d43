"""How whoever runs the portal is spoken to: in words, on a console."""

from dataclasses import dataclass, field
from gettext import translation
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext

ROOT = Path(__file__).resolve().parent.parent
INSTALLED = Path("/usr/local/bin/kaab")


def gettext_noop(text):
    """Mark a text for the catalogues. Django's own of this name wants settings."""
    return text


@dataclass(frozen=True)
class Message:
    """A text of the catalogues, and what goes into it."""

    text: str
    values: dict = field(default_factory=dict)

    def __str__(self):
        return gettext(self.text) % self.values

    def in_both_languages(self):
        """Return it in Kyrgyz and in Russian, without asking the settings for either.

        At a start nobody has said which he reads, and the settings may be what is
        wrong.
        """
        said = (
            translation("django", ROOT / "locale", [language], fallback=True)
            for language in ("ky", "ru")
        )
        return "\n\n".join(one.gettext(self.text) % self.values for one in said)


class WrongSetting(ImproperlyConfigured):
    """A setting with which nothing can start."""

    def __init__(self, text, **values):
        super().__init__(text % values)
        self.message = Message(text, values)


def typed(command):
    """Return a command of manage.py as it is typed where the portal stands."""
    program = "sudo kaab" if INSTALLED.exists() else ".venv/bin/python manage.py"
    return f"{program} {command}"
