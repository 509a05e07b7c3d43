from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter

from . import limits
from .permissions import memberships_of


class StaffAdapter(DefaultAccountAdapter):
    """Accounts come from invitations alone."""

    def is_open_for_signup(self, request):
        return False

    def _get_login_attempts_cache_key(self, request, **credentials):
        # On the account alone a stranger could lock an officer out before an event.
        account = super()._get_login_attempts_cache_key(request, **credentials)
        return f"{account}:{limits.client_key(request)}"


class SecondFactorAdapter(DefaultMFAAdapter):
    def get_totp_label(self, user):
        return user.email or str(user.phone)


def needs_second_factor(user):
    """Tell whether a person must use one: everybody but the people of the demo."""
    memberships = memberships_of(user)
    return not memberships or not all(m.center.is_demo for m in memberships)
