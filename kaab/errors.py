"""Pages for when something is wrong: what happened, and what was typed."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string

from centers.pages import has_left
from concerns.codes import Busy

from .context import style

# Beside whatever has a password in its name.
SECRET_FIELDS = {"csrfmiddlewaretoken", "code", "c"}
# Numbers and choices are quickly made again; a sentence is not.
SHORT = 30
# What the page says; the limits on signing in last half of it.
WAIT_SECONDS = 10 * 60
UNREACHABLE = (OperationalError, InterfaceError, Busy)


def error_page(request, status):
    """Show a page of ours; what was being sent when it happened stays readable."""
    request.is_error = True
    is_sent = request.method == "POST" and not has_left(request)
    context = {
        "words": long_words(request) if is_sent else [],
        "is_desk": "/desk/" in request.path,
    }
    response = render(request, f"{status}.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


def bad_request(request, exception):
    # A session that could not be kept is to Django one that somebody has ended.
    if is_unreachable(exception):
        return unreachable(request)
    # Cut off on its way, a form has nothing in it that could be given back.
    is_broken = isinstance(exception, MultiPartParserError)
    return error_page(request, 422 if is_broken else 400)


def forbidden(request, exception):
    return error_page(request, 403)


def not_found(request, exception):
    return error_page(request, 404)


def too_many(request):
    """Ask to wait, where allauth has counted too many attempts to sign in."""
    response = error_page(request, 429)
    response["Retry-After"] = str(WAIT_SECONDS)
    return response


def server_error(request):
    """Answer 503 where the database is out of reach, else 500; ask it for nothing."""
    if is_unreachable(sys.exc_info()[1]):
        return unreachable(request)
    return alone(request, 500)


def is_unreachable(error):
    """Tell whether the database was out of reach, whatever was made of that since."""
    while error and not isinstance(error, UNREACHABLE):
        error = error.__context__
    return bool(error)


def unreachable(request):
    response = alone(request, 503)
    response["Retry-After"] = "60"
    return response


def alone(request, status):
    """Return a page that needs no session, no user and no database to be made."""
    context = {
        "inline_style": style(),
        "kept": kept(request),
        "action": request.get_full_path(),
        "csrf_token": get_token(request),
    }
    response = HttpResponse(render_to_string(f"{status}.html", context), status=status)
    response["Cache-Control"] = "no-store"
    return response


def csrf_failure(request, reason=""):
    """An expired form: give it back with a fresh token, one press from being sent."""
    # And one press must not do what another site made up: the visitor's session, which
    # its own request came without, would go with ours.
    is_foreign = reason.startswith(("Origin checking", "Referer checking"))
    context = {
        "kept": [] if has_left(request) or is_foreign else kept(request),
        "action": request.get_full_path(),
    }
    request.is_error = True
    response = render(request, "403_csrf.html", context, status=403)
    response["Cache-Control"] = "no-store"
    return response


def kept(request):
    """Return what was typed, as (name, value) pairs; secrets are not echoed."""
    try:
        fields = request.POST.lists()
    except Exception:  # a body cut off on its way has no fields; the page must stand
        return []
    return [
        (name, value)
        for name, values in fields
        if name not in SECRET_FIELDS and "password" not in name
        for value in values
    ]


def long_words(request):
    """Return what was typed in words; what was chosen is quickly chosen again."""
    return [
        value
        for name, value in kept(request)
        if name != "key" and (len(value) > SHORT or is_written(value))
    ]


def is_written(value):
    # The names of choices are one word of Latin letters.
    return not value.isascii() or " " in value.strip()
