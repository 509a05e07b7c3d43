"""The second factor: an app, or a printed sheet of codes that open once each.

allauth keeps and checks both. For it the codes only help where an app is; here a sheet
alone will do, for not every member has a smartphone, and whoever has an app has a sheet
too, for phones are lost.
"""

from base64 import urlsafe_b64encode

from allauth.mfa import app_settings
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.stages import AuthenticateStage
from allauth.mfa.totp.internal.auth import generate_totp_secret
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from .permissions import memberships_of

App, Sheet = Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES


class SecondFactorAdapter(DefaultMFAAdapter):
    def get_totp_label(self, user):
        return user.email or str(user.phone)

    def is_mfa_enabled(self, user, types=None):
        # allauth names both kinds of device where it decides whether to ask for a code,
        # and a single kind wherever it is about that one.
        is_any = types is None or len(types) > 1
        return super().is_mfa_enabled(user, None if is_any else types)

    def encrypt(self, text):
        return safe().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text):
        try:
            return safe().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            # SECRET_KEY was lost: what cannot be read must match nothing that is typed.
            return generate_totp_secret()


class CodeStage(AuthenticateStage):
    """The step between password and code: it leads on only from what is still so.

    Nobody is signed in yet, so there is no session that a new password could end. And
    whose second factor is gone meanwhile would be sent to and fro for ever.
    """

    def handle(self):
        self.state["auth_hash"] = self.login.user.get_session_auth_hash()
        return super().handle()

    def is_resumable(self, request):
        user = self.login.user
        return user.authenticator_set.exists() and constant_time_compare(
            self.state.get("auth_hash", ""), user.get_session_auth_hash()
        )


def safe():
    """Return what locks the seeds away: they open nothing for who has the database."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(seal_of(key)) for key in keys])


def seal_of(key):
    digest = salted_hmac("kaab.second_factor", "", secret=key, algorithm="sha256")
    return urlsafe_b64encode(digest.digest())


def relocked(kept):
    """Return what is kept of a factor with its seed locked by the first key.

    Raises InvalidToken if no key opens it.
    """
    names = {"secret", "seed"} & kept.keys()
    return kept | {name: safe().rotate(kept[name]).decode() for name in names}


def is_lost(factor):
    """Tell whether no key opens a factor any more."""
    try:
        relocked(factor.data)
    except InvalidToken:
        return True
    return False


def needs_second_factor(user):
    """Tell whether a person must use one: everybody but the people of the demo."""
    memberships = memberships_of(user)
    return not memberships or not all(m.center.is_demo for m in memberships)


class SecondFactor:
    """What a person has of it; asked of the database once."""

    def __init__(self, user):
        kept = {one.type: one for one in user.authenticator_set.all()}
        self.app, self.sheet = kept.get(App), kept.get(Sheet)

    @property
    def codes_left(self):
        if not self.sheet:
            return 0
        return (
            app_settings.RECOVERY_CODE_COUNT - self.sheet.data["used_mask"].bit_count()
        )

    @property
    def is_complete(self):
        """A sheet, on which a code is left or beside which there is an app."""
        return bool(self.sheet and (self.app or self.codes_left))


def new_seed():
    """Return what the codes of a new sheet are made from, locked away."""
    return SecondFactorAdapter().encrypt(RecoveryCodes.generate_seed())


def codes_of(seed):
    """Return the codes of a sheet, as they are printed: 4821 0937."""
    sheet = Authenticator(type=Sheet, data={"seed": seed, "used_mask": 0})
    return [f"{code[:4]} {code[4:]}" for code in sheet.wrap().generate_codes()]
