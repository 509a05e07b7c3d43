"""What those who are invited to a meeting are told of it, each in her own language."""

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils import translation

from centers import emails


def published(meeting, by):
    tell(meeting, by, "emails/meeting_published")


def moved(meeting, by):
    tell(meeting, by, "emails/meeting_moved")


def cancelled(meeting, by):
    tell(meeting, by, "emails/meeting_cancelled")


def guest_invited(invited):
    for one in invited:
        write(one.meeting, [one], "emails/meeting_invited")


def reminded(invited):
    if invited:
        write(invited[0].meeting, invited, "emails/meeting_reminded")


def tell(meeting, by, name):
    """Send a letter to everybody invited but the one who acted.

    Nothing is said of a meeting that is over, nor to a member who has left.
    """
    if not meeting.is_over:
        write(meeting, meeting.invited.reached().exclude(user=by), name)


def write(meeting, invited, name):
    """Send a letter with the personal link to each, over one connection."""
    if not emails.are_sent():
        return
    letters, items = [], list(meeting.items.shown())
    for one in invited:
        with translation.override(one.language):
            desk = settings.SITE_URL + meeting.get_desk_url()
            context = {
                "meeting": meeting,
                # Of a closed meeting a guest learns on the spot what it is about.
                "items": items if meeting.is_open or not one.is_guest else [],
                "link": "" if one.is_guest else desk,
                "answer_link": one.link,
                "invited": one,
            }
            subject, text = emails.written(name, context)
        letters.append(EmailMessage(subject, text, to=[one.email]))
    get_connection(fail_silently=True).send_messages(letters)
