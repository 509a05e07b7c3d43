"""Another code for a reporter who stands before them: given out by two of the staff.

One sees her and asks, another confirms within a day and hands it over. Alone, nobody
could open what she reads; together they sign for it in the history and the journal.
"""

from datetime import timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Min
from django.utils import timezone
from django.utils.translation import gettext as _

from centers import journal
from centers.permissions import Permission

from .. import codes
from ..models import Change, CodeRequest, Concern
from ..workflow import Status
from .lock import MoveNotAllowed, hold, lock, need, save
from .news import forget_address

UNTIL_VOUCHED = timedelta(days=30)


@transaction.atomic
def ask_for_code(*, concern, recognised, by, version):
    """Say that the reporter came in person, and how she was recognised.

    Raises MoveNotAllowed for what she took back, ValidationError where it is asked for
    already, and for who has just had a new start.
    """
    concern = lock_renewed(concern, by, version)
    check_vouches(by, concern)
    if open_request(concern):
        raise ValidationError(_("A new code has been asked for already."))
    request = CodeRequest.objects.create(concern=concern, recognised=recognised, by=by)
    save(concern)
    write_down(concern, "asked", journal.Kind.CODE_ASKED, by)
    return request


def confirm_code(*, concern, key, by, version):
    """Confirm as the second: the code that is derived from `key` is in force.

    The former code, and what it opened, is closed from now on. Raises MoveNotAllowed
    where nothing is asked for any more, PermissionDenied for who asked himself, and
    ValidationError where one of the two has just had a new start.
    """
    code = codes.derive(key)
    # Hashed before the transaction: 30 ms during which nobody should wait for us.
    code_hash = codes.hash_code(code)
    with transaction.atomic():
        put_code(concern, code, code_hash, by, version)


def take_own_code(*, concern, key, key_id):
    """Put the code that the reporter has written down in the place of a printed one.

    `key` and `key_id` are what it is derived from. What the staff printed opens nothing
    from now on, and letters go nowhere that somebody else may have named. Returns how
    often the code was renewed. Raises MoveNotAllowed where no printed code is in force.
    """
    code = codes.derive(key, key_id)
    code_hash = codes.hash_code(code)
    with transaction.atomic():
        concern = hold(concern)
        if concern.code_ended_at or not concern.is_code_known:
            raise MoveNotAllowed
        replace_code(concern, code, code_hash, key_id, is_known=False)
        forget_address(concern=concern)
        Change.objects.create(
            concern=concern,
            kind=Change.Kind.CODE,
            new="changed",
            side=Change.Side.REPORTER,
        )
        journal.record(
            center=concern.center,
            kind=journal.Kind.CODE_CHANGED,
            by=None,
            subject=concern.reference,
        )
    return concern.code_renewals


def put_code(concern, code, code_hash, by, version):
    concern = lock_renewed(concern, by, version)
    request = open_request(concern)
    if request is None:
        raise MoveNotAllowed
    if request.by_id == by.pk:
        raise PermissionDenied
    check_vouches(by, concern)
    check_vouches(request.by, concern)
    request.confirmed_by, request.confirmed_at = by, timezone.now()
    request.save(update_fields=["confirmed_by", "confirmed_at"])
    replace_code(concern, code, code_hash, codes.current_key_id(), is_known=True)
    # Whoever had the former code may have left it.
    forget_address(concern=concern)
    write_down(concern, "issued", journal.Kind.CODE_ISSUED, by)


def replace_code(concern, code, code_hash, key_id, *, is_known):
    concern.code_key_id = key_id
    concern.code_bucket = codes.bucket(code, concern.code_key_id)
    concern.code_hash, concern.code_ended_at = code_hash, None
    concern.code_renewals += 1
    concern.is_code_known = is_known
    save(
        concern,
        *("code_key_id", "code_bucket", "code_hash"),
        *("code_ended_at", "code_renewals", "is_code_known"),
    )


def lock_renewed(concern, by, version):
    concern = lock(concern, by, version)
    need(by, Permission.HANDLE_CONCERN, concern)
    if concern.status == Status.WITHDRAWN:
        raise MoveNotAllowed
    return concern


def open_request(concern):
    """Return what waits for a second person, or None.

    Who asked has to read the concern still: hidden from him since, he vouches not.
    """
    for request in concern.code_requests.open().select_related("by"):
        if Concern.objects.visible_to(request.by).filter(pk=concern.pk).exists():
            return request
    return None


def check_vouches(person, concern):
    """Raise ValidationError for who is new here, or had a new start.

    Two people are needed, not one with two accounts: whoever invited him or gave him
    the new start could sign in as he. Within some weeks the others have noticed.
    """
    served = person.memberships.filter(center=concern.center_id)
    since = served.aggregate(first=Min("started_at"))["first"]
    if timezone.now() - max(since, person.new_start_at or since) < UNTIL_VOUCHED:
        raise ValidationError(
            _(
                "For 30 days after an invitation or a new start a person vouches for"
                " nobody."
            )
        )


def write_down(concern, what, kind, by):
    Change.objects.create(concern=concern, kind=Change.Kind.CODE, new=what, by=by)
    journal.record(center=concern.center, kind=kind, by=by, subject=concern.reference)
