"""What is told of meetings to those who are invited, and of promises to who made them.

Each is told in her own language.
"""

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


def member_invited(invited):
    if invited:
        write(invited[0].meeting, invited, "emails/meeting_published")


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
                # Others read mailboxes too: of a closed meeting the members read on
                # the desk what it is about, and guests learn it on the spot.
                "items": items if meeting.is_open else [],
                "link": "" if one.is_guest else desk,
                "answer_link": one.link,
                "invited": one,
            }
            subject, text = emails.written(name, context)
        letters.append(EmailMessage(subject, text, to=[one.email]))
    get_connection(fail_silently=True).send_messages(letters)


def executors_of(action):
    """Return who is told of an action's term: whoever is named, or all of his side.

    Who no longer serves the responsible partner is told nothing.
    """
    memberships = (
        Membership.objects.live()
        .filter(
            partner=action.partner_id, user__is_active=True, user__is_superuser=False
        )
        .select_related("user", "partner")
    )
    people = {
        membership.user
        for membership in memberships
        if Permission.HANDLE_CONCERN
        in GRANTS.get((membership.partner.kind, membership.role), ())
    }
    named = {person for person in people if person.pk == action.person_id}
    return sorted(
        (person for person in named or people if person.email),
        key=lambda person: person.pk,
    )


def due(action, people):
    """Remind people of an action's term, which comes or is over.

    Others read mailboxes too: what not everyone may read is left to the desk.
    """
    letters = []
    for person in people:
        with translation.override(person.language):
            link = settings.SITE_URL + action.get_desk_url()
            context = {"action": action, "link": link}
            subject, text = emails.written("emails/action_due", context)
        letters.append(EmailMessage(subject, text, to=[person.email]))
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
