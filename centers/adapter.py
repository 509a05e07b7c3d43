from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.mfa.signals import authentication_failed, authenticator_added
from django.conf import settings
from django.contrib import messages
from django.dispatch import receiver
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from . import actions, journal, limits
from .actions.access import note, tell
from .models import Membership, User
from .sessions import is_confirmed, note_session


class StaffBackend(AuthenticationBackend):
    """Knows a person by an address or a phone, and brings along what he serves."""

    # A form without a password has an empty one, which opens nothing.
    def _authenticate(self, request, login="", password="", **credentials):  # nosec B107
        return self._check_password(User.objects.find(login), password)

    def get_user(self, user_id):
        # By one question on every page.
        service = list(
            Membership.objects.live()
            .filter(user=user_id)
            .select_related("user", "center", "partner")
            .with_custodian()
        )
        if not service:
            return super().get_user(user_id)
        user = service[0].user
        user.live_memberships = service
        return user if self.user_can_authenticate(user) else None


class StaffAdapter(DefaultAccountAdapter):
    """Accounts come from invitations alone."""

    error_messages = DefaultAccountAdapter.error_messages | {
        # One answer, whether it is the name or the password that is wrong.
        "email_password_mismatch": _(
            "The e-mail or phone, or the password, is not right."
        )
    }

    def is_open_for_signup(self, request):
        return False

    def login(self, request, user):
        super().login(request, user)
        note_session(request, user)
        before = actions.note_sign_in(
            user=user,
            agent=request.headers.get("user-agent", ""),
            on_phone=request.session["on_phone"],
        )
        if before:
            messages.info(request, last_sign_in(before[0]))

    def get_login_stages(self):
        # Of allauth's own this is the only one that anything is asked in here.
        return ["centers.second_factor.CodeStage"]

    def authentication_failed(self, request, **credentials):
        # Of a name that is nobody's there is nothing to prove.
        if person := User.objects.find(credentials["login"]):
            note(journal.Kind.SIGN_IN_FAILED, detail={"user": person.pk})

    def reauthenticate(self, user, password):
        login = user.email or str(user.phone)
        return self.authenticate(self.request, login=login, password=password) == user

    def is_reauthentication_required(self, *, app, **kwargs):
        # Whoever has just signed in has just typed the password.
        return not is_confirmed(self.request)

    def set_password(self, user, password):
        current = self.request.session.session_key
        actions.change_password(user=user, password=password, keep=current)

    def get_password_change_redirect_url(self, request):
        return reverse("mfa_index")

    def send_password_reset_mail(self, user, email, context):
        with translation.override(user.language):
            key = f"{context['uid']}-{context['key']}"
            url = self.get_reset_password_from_key_url(key)
            # Not the host that was asked: a stranger asks for this letter, by any name.
            url = settings.SITE_URL + urlsplit(url).path
            context = context | {"password_reset_url": url}
            super().send_password_reset_mail(user, email, context)

    def get_client_ip(self, request):
        # Behind a proxy every client has the proxy's address: one stranger's mistakes
        # would shut all staff out. And the limits' cache is to keep no address either.
        return limits.client_key(request)

    def _get_login_attempts_cache_key(self, request, **credentials):
        # On the account alone a stranger could lock an officer out before an event.
        login = credentials.get("login") or credentials["email"]
        return f"{login}:{limits.client_key(request)}"


def last_sign_in(browser):
    """Return when and on what a person signed in before, and what if it was not he."""
    words = {
        True: _("Your last sign-in before this: %(when)s, on a phone."),
        False: _("Your last sign-in before this: %(when)s, on a computer."),
    }[browser.on_phone]
    when = date_format(localtime(browser.last_at), "SHORT_DATETIME_FORMAT")
    doubt = _("Was it not you? Press your name above and change your password.")
    return f"{words % {'when': when}} {doubt}"


@receiver(authentication_failed)
def note_wrong_code(sender, user, **kwargs):
    note(journal.Kind.SIGN_IN_FAILED, detail={"user": user.pk, "factor": "second"})


@receiver(authenticator_added)
def note_second_factor(sender, user, authenticator, **kwargs):
    kind = journal.Kind.SECOND_FACTOR_SET
    note(kind, by=user, detail={"type": authenticator.type})
    tell(user, kind)
