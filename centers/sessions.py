"""Where a person is signed in: since when, last when, on what; never from where.

And whether it is still he who sits there: what opens identities and changes who serves
asks for the password or a code once more, unless it was typed five minutes ago.
"""

import re
from datetime import datetime
from time import time

from allauth.account import app_settings
from allauth.account.authentication import get_authentication_records
from allauth.core.exceptions import ReauthenticationRequired
from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils import timezone

from .models import SignIn

PHONE = re.compile("Mobi|Android|iPad")
# Of a request that waits: what its page needs, and nothing of where it came from.
NEEDED_LATER = {
    *("SERVER_NAME", "SERVER_PORT", "HTTP_HOST", "HTTP_X_FORWARDED_PROTO"),
    *("CONTENT_TYPE", "CONTENT_LENGTH", "HTTP_ACCEPT_ENCODING", "CSRF_COOKIE"),
}


def is_over(request):
    """Tell whether a session was left idle or has lasted too long; note its use.

    Once a minute is often enough to know, and spares a write on every page.
    """
    session, now = request.session, int(time())
    since = session.setdefault("since", now)
    seen = session.get("seen", now)
    if (
        now - seen > settings.STAFF_IDLE_SECONDS
        or now - since > settings.STAFF_TOTAL_SECONDS
    ):
        return True
    if "seen" not in session or now - seen > 60:
        session["seen"] = now
    # A change of the password gives the session another key.
    if session.get("listed") != session.session_key:
        note_session(request, request.user)
    return False


def note_session(request, user):
    """List a session among its person's, so that it can be ended from another."""
    session = request.session
    session["on_phone"] = bool(PHONE.search(request.headers.get("user-agent", "")))
    if session.session_key is None or not session.exists(session.session_key):
        session.save()
    session["listed"] = session.session_key
    SignIn.objects.get_or_create(
        session_id=session.session_key, defaults={"user": user}
    )


def open_sessions(user, current):
    """Return a person's sessions that are alive, as dicts; the current one first."""
    rows = Session.objects.filter(
        sign_in__user=user, expire_date__gt=timezone.now()
    ).select_related("sign_in")
    found = [describe(row, row.get_decoded(), current) for row in rows]
    oldest = time() - settings.STAFF_IDLE_SECONDS
    alive = [one for one in found if one["is_current"] or one["seen"] > moment(oldest)]
    return sorted(
        alive, key=lambda one: (not one["is_current"], -one["seen"].timestamp())
    )


def describe(row, state, current):
    return {
        "reference": row.sign_in.reference,
        "is_current": row.pk == current,
        "on_phone": state.get("on_phone", False),
        "since": moment(state.get("since", 0)),
        "seen": moment(state.get("seen", 0)),
    }


def moment(seconds):
    return datetime.fromtimestamp(seconds, tz=timezone.get_current_timezone())


# Is it still he?


def is_confirmed(request):
    """Tell whether the password or a code was typed within the last five minutes."""
    records = get_authentication_records(request, request.user)
    age = time() - records[-1]["at"] if records else None
    return age is not None and age <= app_settings.REAUTHENTICATION_TIMEOUT


def step_up(request):
    """Let on who has just shown who he is; lead all others to where they show it.

    Somebody else may sit at a computer that was left (ASVS 7.5.3). What was sent waits
    in the session meanwhile, so that no word is typed twice: call it before anything is
    done, and after it is known that this person may do it.
    """
    if is_confirmed(request):
        return
    request.META = {
        name: value for name, value in request.META.items() if name in NEEDED_LATER
    }
    raise ReauthenticationRequired
