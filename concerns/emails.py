"""Letters that say that there is something, never what: others read mailboxes too."""

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.urls import reverse
from django.utils import translation

from centers import emails


def news(address, language):
    """Tell a reporter who left an address that there is news, and not a word more.

    No content, code, number, category or centre's name stands in the letter, which is
    in the language of the concern; neither its sender nor its subject says what it is
    about. One press ends them.
    """
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


def mentioned(people):
    """Tell people that a note names them: not in which concern, nor who wrote it.

    Even that there is a concern may be confidential, and a letter is read by others.
    """
    if not emails.are_sent():
        return
    letters = []
    for person in people:
        if person.email:
            with translation.override(person.language):
                link = settings.SITE_URL + reverse("desk:today")
                context = {"user": person, "link": link}
                subject, text = emails.written("emails/mentioned", context)
            letters.append(EmailMessage(subject, text, to=[person.email]))
    if letters:
        get_connection(fail_silently=True).send_messages(letters)
