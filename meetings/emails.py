"""What the members of a centre are told of its meetings, each in her own language."""

from collections import defaultdict

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils import translation

from centers import emails
from centers.models import Membership
from centers.permissions import GRANTS, Permission


def published(meeting, by):
    tell(meeting, by, "emails/meeting_published")


def moved(meeting, by):
    tell(meeting, by, "emails/meeting_moved")


def cancelled(meeting, by):
    tell(meeting, by, "emails/meeting_cancelled")


def tell(meeting, by, name):
    """Send a letter to every member but the one who acted, over one connection.

    Nothing is said of a meeting that is over.
    """
    if meeting.is_over or not emails.are_sent():
        return
    letters, items = [], list(meeting.items.shown())
    for language, addresses in addresses_of(meeting.center, but=by).items():
        with translation.override(language):
            context = {
                "meeting": meeting,
                "items": items,
                "link": settings.SITE_URL + meeting.get_desk_url(),
            }
            subject, text = emails.written(name, context)
        letters += [EmailMessage(subject, text, to=[address]) for address in addresses]
    get_connection(fail_silently=True).send_messages(letters)


def no_protocol(meeting, days):
    """Remind those who plan meetings of a protocol that nobody has put up."""
    if not emails.are_sent():
        return
    letters = []
    planners = addresses_of(meeting.center, may=Permission.SCHEDULE_MEETING)
    for language, addresses in planners.items():
        with translation.override(language):
            link = settings.SITE_URL + meeting.get_desk_url()
            context = {"meeting": meeting, "days": days, "link": link}
            subject, text = emails.written("emails/no_protocol", context)
        letters += [EmailMessage(subject, text, to=[address]) for address in addresses]
    get_connection(fail_silently=True).send_messages(letters)


def addresses_of(center, but=None, may=Permission.READ_SUMMARIES):
    """Return the addresses of who may do something in a centre, by language, once."""
    memberships = (
        Membership.objects.live()
        .filter(center=center, user__is_active=True, user__is_superuser=False)
        .exclude(user=but)
        .select_related("user", "partner")
    )
    addresses = defaultdict(set)
    for membership in memberships:
        granted = GRANTS.get((membership.partner.kind, membership.role), ())
        if may in granted and membership.user.email:
            addresses[membership.user.language].add(membership.user.email)
    return addresses
