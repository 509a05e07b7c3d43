"""Counters against guessing and flooding: exact across processes, and no address kept.

A day's random salt turns an address into a key. At local midnight the salt is replaced
and destroyed, and what was counted belongs to nobody any more.
"""

import hmac
import ipaddress
import secrets
from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.utils import timezone

from .models import DaySalt, Limit

UPSERT = """
INSERT INTO centers_limit (key, hits, expires_at) VALUES (%(key)s, 1, %(end)s)
ON CONFLICT (key) DO UPDATE SET
    hits = CASE WHEN centers_limit.expires_at <= %(now)s
        THEN 1 ELSE centers_limit.hits + 1 END,
    expires_at = CASE WHEN centers_limit.expires_at <= %(now)s
        THEN excluded.expires_at ELSE centers_limit.expires_at END
RETURNING hits
"""


def hit(name: str, key: str, *, limit: int, seconds: int) -> bool:
    """
    Count one more `name` by `key` and say whether it is still within the limit.

    The window of so many seconds opens with the first hit and is not prolonged by
    later ones. One statement, so that two at the same moment are counted as two. Call
    it outside a transaction: a rollback would forget the hit, and until the commit
    all others of the same key would wait.
    """
    now = timezone.now()
    moment = connection.ops.adapt_datetimefield_value
    values = {
        "key": f"{name}:{key}",
        "now": moment(now),
        "end": moment(now + timedelta(seconds=seconds)),
    }
    with connection.cursor() as cursor:
        cursor.execute(UPSERT, values)
        [(hits,)] = cursor.fetchall()
    return hits <= limit


def client_key(request) -> str:
    """
    Return today's key of the network that a request comes from: /24 or, for IPv6, /64.

    Whole networks, because a phone changes its address at will. A mobile operator puts
    a village behind one address: these keys may slow people down, never shut them out.
    """
    salt, where = day_salt().encode(), network(request).encode()
    return hmac.digest(salt, where, "sha256").hex()[:32]


def network(request):
    header = settings.CLIENT_ADDRESS_HEADER or "REMOTE_ADDR"
    # Of a list only the last part was written by the trusted proxy.
    text = request.META.get(header, "").rpartition(",")[2].strip()
    try:
        address = ipaddress.ip_address(text)
        address = getattr(address, "ipv4_mapped", None) or address
        length = 24 if address.version == 4 else 64
        return str(ipaddress.ip_network(f"{address}/{length}", strict=False))
    except ValueError:
        return "unknown"


def day_salt():
    today = timezone.localdate()
    salt, is_new = DaySalt.objects.get_or_create(
        day=today, defaults={"salt": secrets.token_hex(32)}
    )
    if is_new:
        DaySalt.objects.filter(day__lt=today).delete()
    return salt.salt


def sweep(now=None):
    """Delete the counters that have run out and the salts of earlier days."""
    now = now or timezone.now()
    Limit.objects.filter(expires_at__lte=now).delete()
    DaySalt.objects.filter(day__lt=timezone.localdate(now)).delete()


def is_within(name: str, key: str, *, limit: int) -> bool:
    """Say whether one more would still be within the limit, without counting it."""
    return not Limit.objects.filter(
        key=f"{name}:{key}", hits__gte=limit, expires_at__gt=timezone.now()
    ).exists()
