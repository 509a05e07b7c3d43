"""How a person gets in and is put out: passwords, second factors, links, sessions.

What a person does himself stands in the installation's chain of the journal, for he
may serve many centres; what a coordinator gives him stands in her centre's.
"""

import re
from functools import partial

from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from .. import emails, journal
from ..models import Browser, ReturnLink, Role
from ..models.person import hash_token, new_token
from ..permissions import Permission, can, memberships_of
from ..second_factor import needs_second_factor
from .members import hold

OUT_OF_REACH = _(
    "Only whoever runs the portal lets this person in again: a coordinator, a"
    " custodian, or somebody who serves in several centres."
)


class LinkUsed(Exception):
    """The link has been used or replaced, is too old, or its giver may give none."""


@transaction.atomic
def note(kind, by=None, **detail):
    """Write into the installation's chain what a person did to his own account."""
    journal.record(center=None, kind=kind, by=by, **detail)


def tell(user, kind):
    """Tell a person by letter what has become of his account, whoever did it."""
    transaction.on_commit(partial(emails.account_changed, user, kind))


# Signing in

# A browser that has updated itself is the same one.
VERSION = re.compile(r"[\d._]+")


@transaction.atomic
def note_sign_in(*, user, agent, on_phone):
    """Note with what a person signs in; return what he used before, the last first.

    A letter tells of a browser that he never used, unless it is his first. `agent` is
    what the browser calls itself.
    """
    before = list(user.browsers.all())
    salted = salted_hmac("kaab.browser", f"{user.pk} {VERSION.sub('', agent)}")
    browser, is_new = Browser.objects.update_or_create(
        user=user,
        mark=salted.hexdigest(),
        defaults={"on_phone": on_phone, "last_at": timezone.now()},
    )
    if is_new and before:
        transaction.on_commit(partial(emails.signed_in, browser))
    note(journal.Kind.SIGNED_IN, by=user)
    return before


# Passwords


@transaction.atomic
def change_password(*, user, password, keep=None):
    """Set a person's new password; all his sessions end but the one with this key."""
    put_password(user, password, keep)
    note(journal.Kind.PASSWORD_CHANGED, by=user)
    tell(user, journal.Kind.PASSWORD_CHANGED)


def put_password(user, password, keep=None):
    user.set_password(password)
    user.save(update_fields=["password"])
    sessions_of(user, but=keep).delete()
    # A link that is still on its way would take the new password away again.
    user.return_links.expire()


# Links for those who cannot sign in any more


def is_out_of_reach(user):
    """Tell whether no coordinator may let a person in again, and must not.

    A link is handed over by whoever gave it, who could use it herself and act as the
    person. So she gives none to a custodian, who reads complaints about her, none to
    another coordinator, and none to who serves elsewhere, where she is nobody. They ask
    whoever runs the installation: `manage.py new_start`. What is hidden from her and
    was given to a member by name stays shut after a new start of hers: `visible_to`.
    """
    service = memberships_of(user)
    return (
        not service
        or len({membership.center_id for membership in service}) > 1
        or any(m.role in (Role.COORDINATOR, Role.CUSTODIAN) for m in service)
    )


@transaction.atomic
def give_link(*, membership, is_new_start, by):
    """Give a member a way back; return the link and its token, which is kept nowhere.

    By it she sets a new password; a new start also takes her second factor away, and
    she chooses another when she signs in. Raises ValidationError where the person is
    out of a coordinator's reach.
    """
    membership = hold(membership, by)
    if is_out_of_reach(membership.user):
        raise ValidationError(OUT_OF_REACH)
    link, token = make_link(membership.user, is_new_start, membership, by)
    kind = journal.Kind.NEW_START_GIVEN if is_new_start else journal.Kind.LINK_GIVEN
    journal.record(
        center=membership.center,
        kind=kind,
        by=by,
        subject=membership.reference,
        detail={"user": membership.user_id},
    )
    tell(membership.user, kind)
    return link, token


@transaction.atomic
def give_new_start(*, user):
    """Give anybody a new start, as whoever runs the installation: link and token."""
    link, token = make_link(user, is_new_start=True)
    note(journal.Kind.NEW_START_GIVEN, detail={"user": user.pk})
    tell(user, journal.Kind.NEW_START_GIVEN)
    return link, token


def make_link(user, is_new_start, membership=None, by=None):
    user.return_links.expire()
    token = new_token()
    link = ReturnLink.objects.create(
        user=user,
        is_new_start=is_new_start,
        membership=membership,
        by=by,
        token_hash=hash_token(token),
    )
    return link, token


@transaction.atomic
def come_back(*, token, password):
    """Use a link: set the password and end every session; return the person.

    A new start takes the second factor away too. Raises LinkUsed.
    """
    links = ReturnLink.objects.select_for_update(of=["self"])
    link = links.select_related("user", "by", "membership__center").find(token)
    if link is None or not is_good(link):
        raise LinkUsed
    user, membership = link.user, link.membership
    put_password(user, password)
    link.used_at = timezone.now()
    link.save(update_fields=["used_at"])
    # Who had no second factor yet chooses one after any link, like after a new start.
    is_new_start = link.is_new_start or not user.authenticator_set.exists()
    if is_new_start:
        user.authenticator_set.all().delete()
        # By whoever runs the installation the account is its person's own again.
        user.new_start_at = link.used_at if membership else None
        user.save(update_fields=["new_start_at"])
    kind = journal.Kind.NEW_START_USED if link.is_new_start else journal.Kind.LINK_USED
    journal.record(
        center=membership and membership.center,
        kind=kind,
        by=user,
        subject=membership.reference if membership else "",
        detail={"given_by": link.by_id},
    )
    tell(user, kind)
    return user


def is_good(link):
    """Tell whether who gave a link might still give it: roles may have changed."""
    membership, by = link.membership, link.by
    if membership is None:
        return link.user.is_active
    return (
        membership.ended_at is None
        and can(by, Permission.MANAGE_MEMBERS, membership.center)
        and not is_out_of_reach(link.user)
    )


# Second factors


@transaction.atomic
def put_sheet_in_force(*, user, seed):
    """Make the codes of a printed sheet open an account; those before open nothing."""
    Authenticator.objects.update_or_create(
        user=user,
        type=Authenticator.Type.RECOVERY_CODES,
        defaults={
            "data": {"seed": seed, "used_mask": 0},
            "created_at": timezone.now(),
            "last_used_at": None,
        },
    )
    note(journal.Kind.SECOND_FACTOR_SET, by=user, detail={"type": "sheet"})
    tell(user, journal.Kind.SECOND_FACTOR_SET)


@transaction.atomic
def switch_off(*, user):
    """Take the app away; where no second factor is needed, the sheet too."""
    factors = user.authenticator_set.all()
    if needs_second_factor(user):
        factors = factors.filter(type=Authenticator.Type.TOTP)
    factors.delete()
    note(journal.Kind.SECOND_FACTOR_REMOVED, by=user)
    tell(user, journal.Kind.SECOND_FACTOR_REMOVED)


# Sessions


def sessions_of(user, *, but=None):
    return Session.objects.filter(sign_in__user=user).exclude(pk=but)


@transaction.atomic
def end_session(*, user, reference):
    """End one of a person's sessions: its next request is a stranger's."""
    ended, _rows = sessions_of(user).filter(sign_in__reference=reference).delete()
    if ended:
        note(journal.Kind.SESSIONS_ENDED, by=user)


@transaction.atomic
def end_other_sessions(*, user, keep):
    """End all of a person's sessions but the one with this key."""
    ended, _rows = sessions_of(user, but=keep).delete()
    if ended:
        note(journal.Kind.SESSIONS_ENDED, by=user)
