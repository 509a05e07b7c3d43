"""Who belongs to a centre: invited, accepted, given another role, ended at once."""

from functools import partial

from allauth.account.models import EmailAddress
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .. import emails, journal
from ..logins import called, normalised
from ..models import Center, Invitation, Membership, Role, User
from ..models.person import hash_token, new_token
from ..permissions import GRANTS, Permission, ask_anew, can, need

KEPT = {
    Role.COORDINATOR: gettext_lazy(
        "A centre keeps at least one coordinator: name another one first."
    ),
    Role.CUSTODIAN: gettext_lazy(
        "A centre keeps its custodian, who alone reads what is hidden from the police "
        "or the council: name another one first."
    ),
}


# What goes along into another role: how the centre's page shows a member, since when.
KEPT_ALONG = [
    *("position_ky", "position_ru", "hours_ky", "hours_ru"),
    *("consented_on", "started_at"),
]
NAMED_BY_OTHERS = gettext_lazy(
    "This centre has a custodian, who reads complaints about its staff too. Another "
    "one is named by whoever runs the portal, not by you."
)
NO_LOGIN = gettext_lazy("Write an e-mail address or a phone number.")


class InvitationUsed(Exception):
    """The link has been used, withdrawn, or is older than 72 hours."""


def check_role(partner, role):
    if (partner.kind, role) not in GRANTS:
        raise ValidationError(
            {"role": _("This partner's members cannot have this role.")}
        )


def check_custody(center, user, role):
    """Raise ValidationError where one person would coordinate and keep custody.

    The custodian reads complaints that may be about the coordinator.
    """
    apart = {Role.COORDINATOR: Role.CUSTODIAN, Role.CUSTODIAN: Role.COORDINATOR}
    if role == Role.CUSTODIAN and user.new_start_at:
        # What is hidden stays shut to this account: complaints would lie unread.
        raise ValidationError(
            _(
                "This person came back by a link of yours. A custodian first comes "
                "back by one of whoever runs the portal."
            )
        )
    service = Membership.objects.live().filter(center=center, user=user)
    if service.filter(role=apart.get(role)).exists():
        raise ValidationError(
            _("Nobody is coordinator and custodian of one centre at once.")
        )


def check_naming(center, role, by):
    """Raise ValidationError where a coordinator would choose who else keeps custody.

    The first custodian comes before there is anything to read. After that whoever may
    be complained about chooses no reader: manage.py name_custodian does, by nobody.
    """
    custodians = Membership.objects.live().filter(center=center, role=Role.CUSTODIAN)
    if role == Role.CUSTODIAN and by is not None and custodians.exists():
        raise ValidationError({"role": NAMED_BY_OTHERS})


def need_manager(by, center):
    need(by, Permission.MANAGE_MEMBERS, center)


@transaction.atomic
def invite(
    *, center, partner, role, full_name, language, by, email="", phone="", position=""
):
    """Invite a person and return the invitation and its token, which is kept nowhere.

    E-mail or phone, or both, are what she will sign in by. `by` is None when the centre
    is being opened: its first coordinator has nobody before her. The letter goes out
    after the commit, where there is an e-mail. Raises ValidationError where neither is
    given, the role does not fit the partner's side, or the person has it already.
    """
    if by is not None:
        need_manager(by, center)
    if partner.center_id != center.pk:
        raise PermissionDenied
    check_role(partner, role)
    check_naming(center, role, by)
    email, phone = normalised(email), normalised(str(phone))
    if not (email or phone):
        raise ValidationError({"email": NO_LOGIN})
    # The centre's row is the gate: two presses at once must not leave two live links.
    Center.objects.select_for_update(no_key=True).get(pk=center.pk)
    member = Membership.objects.live().filter(
        called(email, phone, prefix="user__"), center=center, partner=partner, role=role
    )
    if member.exists():
        field = "email" if email else "phone"
        raise ValidationError({field: _("This person has this role already.")})
    # One person, one live link: a mistake is mended by inviting her again.
    center.invitations.filter(called(email, phone)).expire()
    token = new_token()
    invitation = Invitation.objects.create(
        center=center,
        partner=partner,
        role=role,
        full_name=full_name,
        email=email,
        phone=phone,
        position=position,
        language=language,
        token_hash=hash_token(token),
        by=by,
    )
    journal.record(
        center=center,
        kind=journal.Kind.MEMBER_INVITED,
        by=by,
        detail={"role": role, "partner": partner.pk},
    )
    if email:
        transaction.on_commit(partial(emails.invited, invitation, token))
    return invitation, token


@transaction.atomic
def withdraw_invitation(*, invitation, by):
    """Make an invitation's link worthless at once, where it is not so already."""
    need_manager(by, invitation.center)
    if not Invitation.objects.filter(pk=invitation.pk).expire():
        return
    journal.record(
        center=invitation.center,
        kind=journal.Kind.INVITATION_WITHDRAWN,
        by=by,
        detail={"role": invitation.role, "partner": invitation.partner_id},
    )


@transaction.atomic
def accept(*, token, password=None, user=None):
    """Use an invitation: make the person's account, or add a membership to her own.

    A person who has an account signs in first and is passed as `user`; her password is
    not changed. Raises InvitationUsed, and PermissionDenied where the invitation is for
    somebody else.
    """
    found = Invitation.objects.filter(token_hash=hash_token(token))
    # The centre's row is the gate to its roles: two must not be named custodian at
    # once. It is taken before what hangs on it, as everywhere.
    Center.objects.select_for_update(no_key=True).filter(
        pk__in=found.values("center")
    ).first()
    invitation = (
        found.select_for_update(of=["self"])
        .select_related("center", "partner")
        .filter(used_at=None, expires_at__gt=timezone.now())
        .first()
    )
    if invitation is None or not is_still_meant(invitation):
        raise InvitationUsed
    if user is None:
        user = make_account(
            email=invitation.email,
            phone=invitation.phone,
            full_name=invitation.full_name,
            language=invitation.language,
            password=password,
        )
    elif user not in invitation.people:
        raise PermissionDenied
    invitation.used_at = timezone.now()
    invitation.save(update_fields=["used_at"])
    membership = give_role(
        center=invitation.center,
        partner=invitation.partner,
        user=user,
        role=invitation.role,
        by=invitation.by,
        **{f"position_{invitation.language}": invitation.position},
    )
    journal.record(
        center=invitation.center,
        kind=journal.Kind.INVITATION_USED,
        by=user,
        subject=membership.reference,
    )
    return membership


def is_still_meant(invitation):
    """Tell whether who invited may still do so: the dismissed leave no door open."""
    by, center = invitation.by, invitation.center
    try:
        check_naming(center, invitation.role, by)
    except ValidationError:
        return False
    return by is None or can(by, Permission.MANAGE_MEMBERS, center)


def make_account(*, full_name, language, password, email="", phone=""):
    """Create a person who can sign in; the address counts as verified by its link."""
    user = User.objects.create_user(
        email, password, phone=phone or None, full_name=full_name, language=language
    )
    if user.email:
        EmailAddress.objects.create(
            user=user, email=user.email, verified=True, primary=True
        )
    return user


@transaction.atomic
def give_role(*, center, partner, user, role, by, **shown):
    """Make a person a member, and journal it. Raises ValidationError if she is one.

    `shown` is how the centre's page shows her: position, contact hours, consent.
    """
    check_role(partner, role)
    check_naming(center, role, by)
    check_custody(center, user, role)
    try:
        with transaction.atomic():
            membership = Membership.objects.create(
                center=center, partner=partner, user=user, role=role, **shown
            )
    except IntegrityError:
        raise ValidationError(_("This person has this role already.")) from None
    journal.record(
        center=center,
        kind=journal.Kind.ROLE_GIVEN,
        by=by,
        subject=membership.reference,
        detail={"role": role, "user": user.pk, "partner": partner.pk},
    )
    return membership


@transaction.atomic
def end_membership(*, membership, by):
    """End a membership at once: the person's next request is refused.

    Raises ValidationError where the centre would be left without a coordinator, or
    without the custodian who alone reads what is hidden from the others.
    """
    membership = hold(membership, by)
    was_there = is_there(membership)
    membership.ended_at = timezone.now()
    membership.save(update_fields=["ended_at"])
    if was_there and not is_there(membership):
        raise ValidationError(KEPT[membership.role])
    # Nor does the person come back by a link that was still on its way.
    user = membership.user
    membership.center.invitations.filter(called(user.email, user.phone)).expire()
    journal.record(
        center=membership.center,
        kind=journal.Kind.ROLE_ENDED,
        by=by,
        subject=membership.reference,
        detail={"role": membership.role, "user": membership.user_id},
    )
    return membership


@transaction.atomic
def change_role(*, membership, role, by):
    """Give a member another role: the old membership ends, a new one begins."""
    membership = hold(membership, by)
    if role == membership.role:
        return membership
    end_membership(membership=membership, by=by)
    return give_role(
        center=membership.center,
        partner=membership.partner,
        user=membership.user,
        role=role,
        by=by,
        **{name: getattr(membership, name) for name in KEPT_ALONG},
    )


def hold(membership, by):
    # The centre's row is the gate: two coordinators must not end each other at once.
    membership = (
        Membership.objects.live()
        .select_related("center", "partner", "user")
        .select_for_update(of=["self", "center"], no_key=True)
        .get(pk=membership.pk)
    )
    ask_anew(by)
    need_manager(by, membership.center)
    return membership


def is_there(membership):
    """Tell whether the centre has somebody for a role that it must not be without."""
    if membership.role == Role.CUSTODIAN:
        return membership.center.has_custodian()
    return membership.role == Role.COORDINATOR and membership.center.has(
        Role.COORDINATOR
    )
