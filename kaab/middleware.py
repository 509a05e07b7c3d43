"""The language an address has, whose pages may use it, how long staff stay, and 405."""

from allauth.account.internal.flows.reauthentication import STATE_SESSION_KEY
from allauth.core.exceptions import ReauthenticationRequired
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.middleware.locale import LocaleMiddleware
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers

from centers.permissions import memberships_of
from centers.second_factor import SecondFactor, needs_second_factor
from centers.sessions import is_over

from .errors import error_page, long_words

GUARDED = ("/desk/", "/admin/")
# Open to guests too, but nobody comes back here to what he left idle.
OWN = "/account/"


class LanguageOfAddress(LocaleMiddleware):
    """One address is one language, so no answer varies by what the browser prefers."""

    def process_response(self, request, response):
        return response


def own_resources(get_response):
    """Let no other site's page load what is ours: page, style, picture or file."""

    def middleware(request):
        response = get_response(request)
        response["Cross-Origin-Resource-Policy"] = "same-origin"
        return response

    return middleware


def staff_session(get_response):
    """Guard desk and admin: signed in, with a second factor, not idle, not for ever."""

    def middleware(request):
        path = request.path_info.removeprefix("/ru")
        is_guarded = path.startswith(GUARDED)
        if not is_guarded and not path.startswith(OWN):
            return get_response(request)
        if request.user.is_authenticated and is_over(request):
            logout(request)
        response = (is_guarded and refuse(request)) or get_response(request)
        add_never_cache_headers(response)
        return response

    def process_exception(request, exception):
        # What is sent waits in the session for the password. Given up there, it is not
        # to be done when somebody only opens the page again.
        if isinstance(exception, ReauthenticationRequired) and request.method != "POST":
            request.session.pop(STATE_SESSION_KEY, None)

    middleware.process_exception = process_exception
    return middleware


def to_login(request):
    """Send to the sign-in page; what was being sent is given back on the way."""
    if request.method != "POST":
        return redirect_to_login(request.get_full_path(), reverse("account_login"))
    # The address of an act leads whoever opens it to the page from which it is sent.
    context = {"words": long_words(request), "next": request.path}
    return render(request, "desk/signed_out.html", context, status=403)


def refuse(request):
    """Return what a visitor of the desk needs first, or None."""
    if not request.user.is_authenticated:
        return to_login(request)
    if not memberships_of(request.user) and not request.user.is_superuser:
        return render(request, "desk/ended.html", status=403)
    # Asked once in a session: only its own person could take it away.
    if needs_second_factor(request.user) and "codes_left" not in request.session:
        factor = SecondFactor(request.user)
        if not factor.is_complete:
            return redirect("second_factor")
        request.session["codes_left"] = factor.codes_left
    return None


def refused_method(get_response):
    """Give a page of ours to whoever opens an address that is made for sending."""

    def middleware(request):
        response = get_response(request)
        if response.status_code != 405:
            return response
        page = error_page(request, 405)
        page["Allow"] = response["Allow"]
        return page

    return middleware
