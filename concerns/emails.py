"""To a reporter who left an address: that there is news, and not a word more.

Others may read her mailbox. No content, code, number, category or centre's name stands
in the letter; neither its sender nor its subject says what it is about.
"""

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from centers import emails


def news(address, language):
    """Send the letter in the language of the concern; it ends by one press."""
    with translation.override(language):
        link = settings.SITE_URL + reverse("follow:no_news", args=[address.token])
        emails.send(
            address.email,
            "emails/news",
            {"link": link},
            sender=settings.NEWS_FROM,
            headers={
                "Auto-Submitted": "auto-generated",
                # RFC 8058: the mailbox's own button.
                "List-Unsubscribe": f"<{link}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            },
        )
