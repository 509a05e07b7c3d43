"""What people sign in by: an e-mail address, or a phone however they write it."""

from django.conf import settings
from django.db.models import Q
from phonenumber_field.phonenumber import to_python


def normalised(login):
    """Return an address in small letters, or a phone as +996770080050.

    What is neither is returned as it is: it is nobody's.
    """
    login = login.strip().lower()
    if "@" in login:
        return login
    phone = to_python(login, region=settings.PHONENUMBER_DEFAULT_REGION)
    return phone.as_e164 if phone and phone.is_valid() else login


def called(*logins, prefix=""):
    """Match whoever signs in by one of these; an empty one is nobody's."""
    match = Q(pk__in=[])
    for login in map(str, filter(None, logins)):
        field = "email" if "@" in login else "phone"
        match |= Q(**{f"{prefix}{field}": login})
    return match
