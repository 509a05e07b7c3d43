"""What staff are told by mail of a concern: that there is something, and never what."""

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.urls import reverse
from django.utils import translation

from centers import emails


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
