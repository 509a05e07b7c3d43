from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.signals import authentication_failed
from django.db import transaction
from django.dispatch import receiver

from . import journal, limits
from .models import Membership, User
from .permissions import memberships_of


class StaffBackend(AuthenticationBackend):
    """Brings a person together with what he serves, by one question on every page."""

    def get_user(self, user_id):
        service = list(
            Membership.objects.live()
            .filter(user=user_id)
            .select_related("user", "center", "partner")
        )
        if not service:
            return super().get_user(user_id)
        user = service[0].user
        user.live_memberships = service
        return user if self.user_can_authenticate(user) else None


class StaffAdapter(DefaultAccountAdapter):
    """Accounts come from invitations alone."""

    def is_open_for_signup(self, request):
        return False

    def login(self, request, user):
        super().login(request, user)
        note(journal.Kind.SIGNED_IN, by=user)

    def authentication_failed(self, request, **credentials):
        # Of an address that is nobody's there is nothing to prove.
        email = (credentials.get("email") or "").strip().lower()
        if person := User.objects.filter(email=email).first():
            note(journal.Kind.SIGN_IN_FAILED, detail={"user": person.pk})

    def get_client_ip(self, request):
        # Behind a proxy every client has the proxy's address: one stranger's mistakes
        # would shut all staff out. And the limits' cache is to keep no address either.
        return limits.client_key(request)

    def _get_login_attempts_cache_key(self, request, **credentials):
        # On the account alone a stranger could lock an officer out before an event.
        account = super()._get_login_attempts_cache_key(request, **credentials)
        return f"{account}:{limits.client_key(request)}"


@receiver(authentication_failed)
def note_wrong_code(sender, user, **kwargs):
    note(journal.Kind.SIGN_IN_FAILED, detail={"user": user.pk, "factor": "second"})


@transaction.atomic
def note(kind, by=None, **detail):
    """Write of a sign-in into the installation's chain: people serve many centres."""
    journal.record(center=None, kind=kind, by=by, **detail)


class SecondFactorAdapter(DefaultMFAAdapter):
    def get_totp_label(self, user):
        return user.email or str(user.phone)


def needs_second_factor(user):
    """Tell whether a person must use one: everybody but the people of the demo."""
    memberships = memberships_of(user)
    return not memberships or not all(m.center.is_demo for m in memberships)
