"""Who is invited to a meeting, who answers, and who is reminded."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from centers import emails as letters
from centers.models import Membership
from centers.permissions import GRANTS, Permission

from .. import emails
from ..models import Invited, Meeting
from .lock import Stale, hold_row

# Nobody is reminded twice on one day.
PAUSE = timedelta(hours=20)


def newcomers(meeting):
    """Return an invitation, not saved yet, for each who takes part and has none."""
    memberships = (
        Membership.objects.live()
        .filter(center=meeting.center, user__is_active=True, user__is_superuser=False)
        .exclude(user__in=meeting.invited.exclude(user=None).values("user"))
        .select_related("user", "partner")
    )
    takes_part = {
        membership.user_id: membership
        for membership in memberships
        if Permission.READ_SUMMARIES
        in GRANTS.get((membership.partner.kind, membership.role), ())
    }
    return [
        Invited(
            meeting=meeting,
            user=membership.user,
            name=membership.user.full_name,
            body=membership.partner.name,
            email=membership.user.email or "",
            language=membership.user.language,
        )
        for membership in takes_part.values()
    ]


def invite_members(meeting, by):
    """Invite everybody who takes part in the centre's work, each once; return the new.

    Called where the notice is published, and by whoever moves or cancels the meeting,
    invites a guest or reminds, so that new members are invited too.
    """
    invited = newcomers(meeting)
    told_at = timezone.now() if letters.are_sent() else None
    for one in invited:
        one.told_at = told_at
        # Whoever calls a meeting comes to it.
        one.answer = Invited.Answer.YES if one.user == by else ""
    return Invited.objects.bulk_create(invited)


def invite_new_members(meeting, by):
    """Invite who became a member since the notice; return how many letters go out."""
    invited = invite_members(meeting, by)
    return tell([o for o in invited if o.email and o.user != by], emails.member_invited)


def forget_answers(meeting, by):
    """Forget who said that he comes: he said it of another day."""
    others = meeting.invited.exclude(user=by)
    others.exclude(answer="").update(answer="", answered_at=None)


def need_expected(meeting):
    if not meeting.is_planned or meeting.has_begun:
        raise ValidationError(_("Nobody is invited to it any more."))
    if not meeting.is_published:
        raise ValidationError(_("Publish it first: a draft is seen by nobody."))


@transaction.atomic
def invite_guest(*, meeting, by, name, language, email="", phone="", body=""):
    """Invite one without an account, and new members; return him, and if he is new.

    The same one twice is one, and gets no second letter: what is said of him is kept.
    Raises ValidationError where no e-mail and no phone is given, for a draft, and for a
    meeting that has begun or is cancelled.
    """
    meeting = hold_row(meeting, by)
    need_expected(meeting)
    if not (email or phone):
        raise ValidationError({"email": _("Write an e-mail or a phone.")})
    invited, is_new = Invited.objects.get_or_create(
        meeting=meeting,
        user=None,
        name=name,
        email=email,
        phone=phone,
        defaults={"body": body, "language": language},
    )
    invite_new_members(meeting, by)
    if is_new and email:
        tell([invited], emails.guest_invited)
    elif not is_new:
        invited.body, invited.language = body or invited.body, language
        invited.save(update_fields=["body", "language"])
    return invited, is_new


@transaction.atomic
def take_off(*, meeting, invited, by):
    """Take a guest off the list; his link opens nothing then.

    Raises ValidationError where the meeting has begun or is cancelled: what was
    approved may name him.
    """
    meeting = hold_row(meeting, by)
    need_expected(meeting)
    meeting.invited.filter(user=None, pk=invited.pk).delete()


@transaction.atomic
def remind_invited(*, meeting, by):
    """Write to those who have not answered; return how many letters go out.

    New members are invited, and sent the notice. Whoever has no e-mail is called by
    phone: the list says who. Where no letters are sent at all, that is everybody.
    """
    meeting = hold_row(meeting, by)
    need_expected(meeting)
    number = invite_new_members(meeting, by)
    before = timezone.now() - PAUSE
    silent = [
        one
        for one in meeting.invited.silent().reached()
        if one.told_at is None or one.told_at < before
    ]
    return number + tell(silent, emails.reminded)


def tell(invited, letter):
    """Write to the invited, and note when; return how many letters go out."""
    if not letters.are_sent():
        return 0
    now = timezone.now()
    Invited.objects.filter(pk__in=[one.pk for one in invited]).update(told_at=now)

    def send():
        letter(invited)

    transaction.on_commit(send, robust=True)
    return len(invited)


@transaction.atomic
def answer_invitation(*, invited, answer, seen="", words="", **needs):
    """Keep what somebody answers by his personal link; said anew, it replaces that.

    `seen` is the moment that his page named as the beginning, in the form of ISO 8601.
    Raises Stale where the meeting was moved since he was found, or since then,
    Invited.DoesNotExist where he was taken off, and ValidationError where the meeting
    has begun or is cancelled.
    """
    seen = seen or invited.meeting.starts_at.isoformat()
    # NO KEY: an answer changes no meeting, and others refer to it meanwhile.
    meeting = Meeting.objects.select_for_update(no_key=True).get(pk=invited.meeting_id)
    need_expected(meeting)
    if meeting.starts_at.isoformat() != seen:
        raise Stale
    invited = meeting.invited.get(pk=invited.pk)
    invited.answer, invited.words = answer, words
    for name in Invited.NEEDS:
        setattr(invited, name, bool(needs.get(name)) and answer != Invited.Answer.NO)
    invited.answered_at = timezone.now()
    invited.save(update_fields=["answer", "words", *Invited.NEEDS, "answered_at"])
    return invited
