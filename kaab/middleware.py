"""The language an address has, how long a member of staff stays signed in, and 405."""

import re
from time import time

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.middleware.locale import LocaleMiddleware
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers

from centers.adapter import needs_second_factor
from centers.permissions import memberships_of

from .errors import error_page, long_words

GUARDED = ("/desk/", "/admin/")


class LanguageOfAddress(LocaleMiddleware):
    """One address is one language, so no answer varies by what the browser prefers."""

    def process_response(self, request, response):
        return response


def staff_session(get_response):
    """Guard desk and admin: signed in, with a second factor, not idle, not for ever."""

    def middleware(request):
        path = request.path_info.removeprefix("/ru")
        if not path.startswith(GUARDED):
            return get_response(request)
        response = refuse(request) or get_response(request)
        add_never_cache_headers(response)
        return response

    return middleware


def to_login(request):
    """Send to the sign-in page; what was being sent is given back on the way."""
    if request.method != "POST":
        return redirect_to_login(request.get_full_path(), reverse("account_login"))
    # Not the address of the act itself, which answers nothing but a POST.
    place = re.match(r"(/ru)?/(admin|desk/(\w+/\w[\w-]*/)?)", request.path)[0]
    context = {"words": long_words(request), "next": place}
    return render(request, "desk/signed_out.html", context, status=403)


def refuse(request):
    """Return the redirect that a visitor of the desk needs first, or None."""
    if not request.user.is_authenticated:
        return to_login(request)
    now = int(time())
    since = request.session.setdefault("since", now)
    seen = request.session.get("seen", now)
    if (
        now - seen > settings.STAFF_IDLE_SECONDS
        or now - since > settings.STAFF_TOTAL_SECONDS
    ):
        words = to_login(request)
        logout(request)
        return words
    # Once a minute is often enough to know, and spares a write on every page.
    if "seen" not in request.session or now - seen > 60:
        request.session["seen"] = now
    if not memberships_of(request.user) and not request.user.is_superuser:
        return render(request, "desk/ended.html", status=403)
    # Asked once in a session: only its own person could switch it off.
    if needs_second_factor(request.user) and "second_factor" not in request.session:
        if not is_mfa_enabled(request.user):
            return redirect("mfa_activate_totp")
        request.session["second_factor"] = True
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
