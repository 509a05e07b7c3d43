"""Where a person is signed in: since when, last when, on what; never from where."""

import re
from datetime import datetime
from time import time

from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils import timezone

from .models import SignIn

PHONE = re.compile("Mobi|Android|iPad")


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
