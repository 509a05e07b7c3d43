"""A phone of one language, and whom it meets in the demo."""

from django.test import Client

from centers.models import Center, User

from .crawl import PREFIXES
from .factories import sign_in

CENTER = "/mirmakhmudov/"
SECRET = "domestic_violence"
TEXT = "Кечинде көчөдө жарык жок."


class Phone(Client):
    """A browser of one language; its answers carry their `html` and their kind."""

    def __init__(self, language, **options):
        super().__init__(**options)
        self.prefix = PREFIXES[language]

    def request(self, **environ):
        answer = super().request(**environ)
        is_page = answer.get("Content-Type", "").startswith("text/html")
        answer.html = answer.content.decode() if is_page else ""
        return answer

    def opens(self, path):
        return self.get(self.prefix + path)

    def sends(self, path, **fields):
        """Send a form and go where that leads."""
        return self.post(self.prefix + path, fields, follow=True)


def member(language, email):
    phone = Phone(language)
    sign_in(phone, User.objects.get(email=email))
    return phone


def center():
    return Center.objects.get(slug="mirmakhmudov")


def coordinator_user():
    return User.objects.get(email="coordinator@example.org")
