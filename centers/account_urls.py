"""Signing in: allauth's views under their own names, /login/ at the root, and ours."""

from allauth.account import views as allauth
from allauth.mfa.base import views as mfa
from allauth.mfa.totp import views as totp
from django.urls import path, re_path

from . import emails
from .views import account, joining

urlpatterns = [
    path("login/", allauth.login, name="account_login"),
    path("logout/", allauth.logout, name="account_logout"),
    path("account/inactive/", allauth.account_inactive, name="account_inactive"),
    path(
        "account/reauthenticate/", allauth.reauthenticate, name="account_reauthenticate"
    ),
    path("account/password/", allauth.password_change, name="account_change_password"),
    path(
        "account/password/reset/",
        allauth.PasswordResetView.as_view(
            extra_context={"are_letters_sent": emails.are_sent}
        ),
        name="account_reset_password",
    ),
    path(
        "account/password/reset/sent/",
        allauth.password_reset_done,
        name="account_reset_password_done",
    ),
    re_path(
        r"^account/password/reset/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)/$",
        allauth.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "account/password/reset/done/",
        allauth.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    # Under the names by which allauth leads to them.
    path("account/", account.mine, name="mfa_index"),
    path("account/2fa/app/", totp.activate_totp, name="mfa_activate_totp"),
    path("account/2fa/off/", account.switch_off, name="mfa_deactivate_totp"),
    path("account/2fa/authenticate/", account.code, name="mfa_authenticate"),
    path("account/2fa/reauthenticate/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("account/2fa/", account.second_factor, name="second_factor"),
    path("account/2fa/sheet/", account.sheet, name="sheet"),
    path("account/keys/", account.show_keys, name="keys"),
    path("account/sessions/end/", account.end_session, name="end_session"),
    path("account/invitation/<str:token>/", joining.accept, name="accept_invitation"),
    path("account/return/<str:token>/", joining.come_back, name="come_back"),
]
