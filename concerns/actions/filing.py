from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from centers import journal
from centers.models import User
from centers.references import new_reference

from .. import codes
from ..models import Answer, Change, Concern, Identity, Involved, Message
from ..search import fold
from ..workflow import OWED, Level, Status
from .custody import NAMES_COUNCIL, NAMES_POLICE, into_custody, side_of
from .lock import hold, save
from .status import answer_by, register_by

HIDES_POLICE = NAMES_POLICE | {Involved.UNSAID}
HIDES_COUNCIL = NAMES_COUNCIL | {Involved.UNSAID}
# Of two answers the one that stands later names the sides of the other too.
SAYS_MORE = [
    *(Involved.NO, Involved.UNSAID),
    *(Involved.POLICE, Involved.COUNCIL, Involved.BOTH),
]
RECEIPT_HOURS = 24
CORRECTED = ["village", "landmark", "happened_on", "may_publish"]


@dataclass(frozen=True)
class Intake:
    """How a concern came that one of the staff writes down: on paper, by phone."""

    channel: str
    received_on: date
    by: User
    # The code is shown to whom it must not be known: once, to be printed.
    is_code_printed: bool

    def received_at(self, now):
        """Return the moment from which its terms run; of an earlier day, its noon."""
        if self.received_on == timezone.localdate(now):
            return now
        return timezone.make_aware(datetime.combine(self.received_on, time(12)))


class ReceiptExpired(Exception):
    """The same form came again, a day after its receipt: the code is not shown now."""


def file(
    *,
    center,
    category,
    key,
    words,
    identity=None,
    answers=(),
    language,
    is_suspect=False,
    intake=None,
):
    """File a resident's concern once; return it, its code and whether it is new.

    `words` are the fields of Concern that the resident filled in, `identity` those of
    Identity or None, `answers` pairs of a question and what she said to it. The same
    `key` (the form's own, 32 hexadecimal digits) returns the first concern and the same
    code for 24 hours, so a lost answer loses nothing; what the reporter changed before
    she sent it again is taken in too. `intake` says how it came where one of the staff
    writes it down: sending it again
    he hides more at most. Raises ReceiptExpired after
    that, when the code has ended or another was given out, and for anybody else's key.
    """
    earlier = Concern.objects.filter(key_hash=codes.key_hash(key)).first()
    if earlier is None:
        code = codes.derive(key)
        # Hashed before the transaction: 30 ms during which nobody should wait for us.
        code_hash = codes.hash_code(code)
        try:
            concern = create(
                center=center,
                category=category,
                key=key,
                code=code,
                code_hash=code_hash,
                words=words,
                identity=identity,
                answers=answers,
                language=language,
                is_suspect=is_suspect,
                intake=intake,
            )
        except IntegrityError:
            # The second of two presses at once: the first one's row is there now.
            earlier = Concern.objects.get(key_hash=codes.key_hash(key))
        else:
            return concern, code, True
    check_receipt(earlier, intake)
    if intake is None:
        earlier = resend(earlier, category, words, identity, answers)
    else:
        earlier = hide_more(earlier, category, words["involved"], intake.by)
    return earlier, codes.derive(key, earlier.code_key_id), False


def check_receipt(concern, intake):
    """Raise ReceiptExpired where a form that comes again gets its receipt no more."""
    writer = intake.by.pk if intake else None
    # The terms of a letter run from its day, its receipt from when it was written down.
    age = timezone.now() - concern.changes.earliest("created_at").created_at
    if (
        concern.taken_in_by_id != writer
        or age > timedelta(hours=RECEIPT_HOURS)
        or concern.code_ended_at
        or concern.code_renewals
    ):
        raise ReceiptExpired


@transaction.atomic
def create(
    *,
    center,
    category,
    key,
    code,
    code_hash,
    words,
    identity,
    answers,
    language,
    is_suspect,
    intake,
):
    now = timezone.now()
    received_at = intake.received_at(now) if intake else now
    involved = words["involved"]
    in_custody = category.is_hidden or involved != Involved.NO
    key_id = codes.current_key_id()
    concern = Concern(
        center=center,
        category=category,
        reference=free_reference(),
        level=Level.CONFIDENTIAL if in_custody else category.level,
        hidden_from_police=category.hidden_from_police or involved in HIDES_POLICE,
        hidden_from_council=category.hidden_from_council or involved in HIDES_COUNCIL,
        in_custody=in_custody,
        is_quarantined=is_suspect,
        language=language,
        due_on=register_by(center, timezone.localdate(received_at)),
        created_at=received_at,
        key_hash=codes.key_hash(key),
        code_key_id=key_id,
        code_bucket=codes.bucket(code, key_id),
        code_hash=code_hash,
        **words,
    )
    concern.words_text = searched(concern)
    if intake:
        concern.channel, concern.taken_in_by = intake.channel, intake.by
        # Whoever it complains about must not read on by her code.
        is_printed = intake.is_code_printed and not concern.is_about_side_of(intake.by)
        concern.is_code_known = is_printed
    if identity:
        identity = Identity(
            concern=concern, consent_version=settings.CONSENT_VERSION, **identity
        )
        if identity.is_complete:
            concern.kind = Concern.Kind.APPEAL
    concern.save(force_insert=True)
    if identity:
        identity.concern = concern
        identity.save(force_insert=True)
    put_answers(concern, answers)
    Change.objects.create(
        concern=concern,
        new=Status.RECEIVED,
        side=side_of(intake and intake.by),
        by=intake and intake.by,
        created_at=now,
    )
    if concern.is_code_known:
        journal.record(
            center=center,
            kind=journal.Kind.CODE_PRINTED,
            by=intake.by,
            subject=concern.reference,
        )
    return concern


def free_reference():
    """Return a reference that no concern has: of a million, each ninetieth is taken."""
    reference = new_reference()
    while Concern.objects.filter(reference=reference).exists():
        reference = new_reference()
    return reference


def is_kept(key, text, involved):
    """Tell whether what a form's key filed says this text, or a message to it does.

    And whether it hides from all whom the form, sent now, would hide it from.
    """
    filed = Concern.objects.filter(key_hash=codes.key_hash(key))
    hers = Q(messages__from_reporter=True, messages__text=text)
    concern = filed.filter(Q(text=text) | hers).first()
    if concern is None:
        return False
    return together(concern.involved, involved) == concern.involved


@transaction.atomic
def resend(concern, category, words, identity, answers):
    """Take in what the reporter changed: hers is the last word, and none is lost.

    A changed text is added as a message. What she hides only now is hidden from now on.
    Raises ValidationError where her code stands in the text.
    """
    concern = hold(concern)
    check_receipt(concern, None)
    text = words["text"]
    said = {f"answer {n}": value for n, (_q, value) in enumerate(answers)}
    check_words(concern, landmark=words.get("landmark", ""), **said)
    if text != concern.text and not concern.messages.filter(text=text).exists():
        check_words(concern, text=text)
        message = Message.objects.create(concern=concern, from_reporter=True, text=text)
        concern.unread_since = concern.unread_since or message.created_at
        save(concern, "unread_since")
    if identity:
        keep_identity(concern, identity)
    concern = hide_more(concern, category, words["involved"], None)
    take_in(concern, words)
    earlier = [(answer.question, answer.value) for answer in concern.answers.all()]
    if earlier != list(answers):
        concern.answers.all().delete()
        put_answers(concern, answers)
        save(concern)
    return concern


@transaction.atomic
def hide_more(concern, category, involved, by):
    """Hide what is hidden only by what was said the second time; never less.

    Return the concern as it stands then: it may have been registered meanwhile.
    """
    concern = hold(concern)
    if category.is_hidden:
        into_custody(
            concern,
            from_police=category.hidden_from_police,
            from_council=category.hidden_from_council,
            by=by,
        )
    if involved not in (Involved.NO, concern.involved):
        into_custody(
            concern,
            from_police=involved in HIDES_POLICE,
            from_council=involved in HIDES_COUNCIL,
            by=by,
        )
        concern.involved = together(concern.involved, involved)
        save(concern, "involved")
    return concern


def together(first, second):
    """Return the answer that says all that two say: a side once named stays named."""
    both = {first, second}
    if both == {Involved.POLICE, Involved.COUNCIL}:
        return Involved.BOTH
    return max(both, key=SAYS_MORE.index)


def put_answers(concern, answers):
    Answer.objects.bulk_create(
        Answer(concern=concern, order=order, question=question, value=value)
        for order, (question, value) in enumerate(answers, start=1)
    )


def take_in(concern, words):
    """Take in where, when and whether it may be published, as said the last time."""
    corrected = {
        name: words[name]
        for name in CORRECTED
        if name in words and words[name] != getattr(concern, name)
    }
    for name, value in corrected.items():
        setattr(concern, name, value)
    if not concern.may_publish:
        concern.published_at = None
    concern.words_text = searched(concern)
    if corrected:
        save(concern, *CORRECTED, "published_at", "words_text")


def searched(concern):
    return fold(f"{concern.text} {concern.landmark}")


def check_words(concern, **words):
    """Raise ValidationError where the reporter gives her own code away to the staff."""
    for field, text in words.items():
        for code in codes.codes_in(text):
            # The bucket first: a hash for every number in a long text would take long.
            bucket = codes.bucket(code, concern.code_key_id)
            if bucket == concern.code_bucket and codes.check_code(
                code, concern.code_hash
            ):
                raise ValidationError(
                    {field: _("Your code stands here: take it out, it is yours alone.")}
                )


def keep_identity(concern, given):
    said = {field: text for field, text in given.items() if text}
    consent = {
        "consent_version": settings.CONSENT_VERSION,
        "consented_at": timezone.now(),
    }
    identity, _is_new = Identity.objects.update_or_create(
        concern=concern, defaults=said | consent
    )
    if identity.is_complete and concern.kind != Concern.Kind.APPEAL:
        concern.kind = Concern.Kind.APPEAL
        # Registered meanwhile as a report, it is answered by the law's day: so the
        # receipt promises. What was put off for a reason stays so.
        is_owed = concern.status in OWED - {Status.RECEIVED}
        if is_owed and concern.due_on and not concern.extended_to:
            concern.due_on = min(concern.due_on, answer_by(concern))
        save(concern, "kind", "due_on")
