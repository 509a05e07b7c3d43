"""What the members of a centre are told of its meetings and of what they promised.

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


def addresses_of(center, but):
    """Return the addresses of who takes part in a centre's work, by language, once."""
    memberships = (
        Membership.objects.live()
        .filter(center=center, user__is_active=True, user__is_superuser=False)
        .exclude(user=but)
        .select_related("user", "partner")
    )
    addresses = defaultdict(set)
    for membership in memberships:
        may = GRANTS.get((membership.partner.kind, membership.role), ())
        if Permission.READ_SUMMARIES in may and membership.user.email:
            addresses[membership.user.language].add(membership.user.email)
    return addresses


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
