"""How a year's plan comes to be: written, put up, signed by three offices, amended.

Its text may be changed until it is put up, and again once that was withdrawn, or one
in force is amended. The offices sign on paper, and have no account: the coordinator
records who signed, and on which day.
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from centers import journal
from centers.models import Center
from centers.permissions import Permission, ask_anew, need

from ..models import Goal, Plan, Signature
from .lock import Stale

# Read on one page of paper, and worked on in one year.
MOST_GOALS = 10
FIELDS = [f"{text}_{code}" for text in Goal.TEXTS for code in ("ky", "ru")]
FROZEN = ["reference", *FIELDS, *Goal.FIGURES]


def hold(plan, by):
    """Return the plan as it stands now, held until the transaction ends."""
    plan = (
        Plan.objects.select_related("center")
        .select_for_update(of=["self"], no_key=True)
        .get(pk=plan.pk)
    )
    # What a person may do may have changed while he waited.
    ask_anew(by)
    need(by, Permission.KEEP_PLAN, plan.center)
    return plan


def hold_text(plan, by, version):
    """Return the plan, held, if its text is open and as the person saw it."""
    plan = hold(plan, by)
    need_open(plan, version)
    return plan


def need_open(plan, version):
    if not plan.is_open:
        if plan.last.is_up:
            raise ValidationError(_("It is up for signing: withdraw it first."))
        raise ValidationError(_("It is signed: write first why it is amended."))
    if plan.version != version:
        raise Stale


def save(plan, *fields):
    plan.version += 1
    plan.save(update_fields=["version", *fields])


@transaction.atomic
def begin_plan(*, center, year, by):
    """Begin the plan of a year, or return the one that is there."""
    Center.objects.select_for_update(no_key=True).get(pk=center.pk)
    ask_anew(by)
    need(by, Permission.KEEP_PLAN, center)
    return Plan.objects.get_or_create(center=center, year=year)[0]


# Its goals


@transaction.atomic
def add_goal(*, plan, by, version, source=None, **words):
    """Add a goal at the end. Pressed twice, it is one.

    Raises ValidationError for a problem of another centre and for one goal too many.
    """
    plan = hold(plan, by)
    same = plan.goals.standing().filter(**words).first()
    if same:
        return same
    need_open(plan, version)
    if source and source.center_id != plan.center_id:
        raise ValidationError(_("It is a problem of another centre."))
    orders = plan.goals.standing().values_list("order", flat=True)
    if len(orders) >= MOST_GOALS:
        raise ValidationError(_("A plan has at most 10 goals."))
    last = max(orders, default=0)
    goal = Goal.objects.create(plan=plan, source=source, order=last + 1, **words)
    save(plan)
    return goal


@transaction.atomic
def change_goal(*, plan, goal, by, version, **words):
    plan = hold_text(plan, by, version)
    goal = standing_at(plan, goal)
    for name, text in words.items():
        setattr(goal, name, text)
    goal.save(update_fields=list(words))
    save(plan)
    return goal


def standing_at(plan, reference):
    goal = plan.goals.standing().filter(reference=reference).first()
    if goal is None:
        raise ValidationError(_("There is no such goal."))
    return goal


@transaction.atomic
def arrange_goals(*, plan, goal, do, by, version):
    """Move a goal "up" or "down", or "remove" it."""
    plan = hold_text(plan, by, version)
    goal = standing_at(plan, goal)
    goals = list(plan.goals.standing())
    place = goals.index(goal)
    goals.remove(goal)
    if do == "remove":
        take_out(plan, goal)
    else:
        goals.insert(max(0, place + {"up": -1, "down": 1}[do]), goal)
    for order, one in enumerate(goals, start=1):
        one.order = order
    Goal.objects.bulk_update(goals, ["order"])
    save(plan)


def take_out(plan, goal):
    """Remove a goal; one that a signed plan or an action names stays for those."""
    # Held, so that no action takes it up meanwhile.
    goal = plan.goals.select_for_update(no_key=True).get(pk=goal.pk)
    if plan.versions.signed().exists() or goal.actions.exists():
        goal.is_dropped = True
        goal.save(update_fields=["is_dropped"])
    else:
        goal.delete()


@transaction.atomic
def set_result(*, plan, goal, result, result_on, by, version):
    """Write down what was reached, by which day, of a goal in force. Once if repeated.

    Of what was signed last, whatever an amendment that is being written makes of it.
    """
    plan = hold(plan, by)
    if goal not in plan.in_force:
        raise ValidationError(_("This goal is not signed yet."))
    goal = plan.goals.get(reference=goal)
    before = goal.result, goal.result_on
    if before == (result, result_on):
        return goal
    if plan.version != version:
        raise Stale
    if result_on > timezone.localdate():
        raise ValidationError({"result_on": _("This day has not come yet.")})
    if result_on.year < plan.year:
        raise ValidationError({"result_on": _("This day is before the plan's year.")})
    goal.result, goal.result_on = result, result_on
    goal.save(update_fields=["result", "result_on"])
    save(plan)
    journal.record(
        center=plan.center,
        kind=journal.Kind.PLAN_RESULT_WRITTEN,
        by=by,
        subject=str(plan.year),
        detail={
            "goal": goal.reference,
            "from": said_of(*before),
            "to": said_of(result, result_on),
        },
    )
    return goal


def said_of(result, result_on):
    return f"{result} ({result_on.isoformat()})" if result else ""


# Its signatures


def frozen(plan):
    """Return what a plan says, to be kept word for word."""
    return [
        {"order": order} | {name: getattr(goal, name) or "" for name in FROZEN}
        for order, goal in enumerate(plan.goals.standing(), start=1)
    ]


@transaction.atomic
def put_up_plan(*, plan, by, version):
    """Freeze what the plan says as its next version, for the offices to sign.

    Pressed twice it is one. Raises ValidationError for a plan without a goal.
    """
    plan = hold(plan, by)
    last = plan.last
    if last and last.is_up and last.made_by_id == by.pk and plan.version == version + 1:
        return last
    need_open(plan, version)
    content = frozen(plan)
    if not content:
        raise ValidationError(_("Write a goal first."))
    number = plan.versions.aggregate(last=Max("version"))["last"] or 0
    save(plan)
    return plan.versions.create(
        version=number + 1,
        content=content,
        reason_ky=plan.reason_ky,
        reason_ru=plan.reason_ru,
        made_by=by,
    )


def hold_version(plan, by, number):
    plan = hold(plan, by)
    version = plan.versions.filter(version=number).first()
    if version is None:
        raise Stale
    version.plan = plan
    return version


@transaction.atomic
def sign_plan(*, plan, version, office, name, signed_on, by):
    """Record that an office signed the version of a number; the third puts it in force.

    Raises Stale where it is no longer up, ValidationError where the office signed it
    already and for a day that cannot be.
    """
    version = hold_version(plan, by, version)
    given = {one.office: one for one in version.signatures.all()}
    same = given.get(office)
    said = same and (same.name, same.signed_on) == (name, signed_on)
    if said and not version.is_withdrawn:
        return same
    if not version.is_up:
        raise Stale
    if same:
        raise ValidationError({"office": _("This office has signed it already.")})
    check_day(version.plan, signed_on)
    signature = Signature.objects.create(
        version=version, office=office, name=name, signed_on=signed_on, by=by
    )
    if len(given) + 1 == len(Signature.Office):
        put_in_force(version, by)
    return signature


def check_day(plan, signed_on):
    if signed_on > timezone.localdate():
        raise ValidationError({"signed_on": _("This day has not come yet.")})
    if signed_on.year < plan.year - 1:
        raise ValidationError({"signed_on": _("This day is long before its year.")})


@transaction.atomic
def correct_signature(*, plan, version, office, name, signed_on, by):
    """Write anew who signed for an office, or when: it was mistyped. Once if repeated.

    Of the version that is up, or was signed last. Raises Stale where nothing of that
    office stands there any more, ValidationError for a day that cannot be.
    """
    plan = hold(plan, by)
    signature = plan.signature_of(office)
    if signature is None:
        raise Stale
    before = signature.name, signature.signed_on
    if before == (name, signed_on):
        return signature
    if plan.version != version:
        raise Stale
    check_day(plan, signed_on)
    signature.name, signature.signed_on = name, signed_on
    signature.save(update_fields=["name", "signed_on"])
    save(plan)
    detail = {"from": said_of(*before), "to": said_of(name, signed_on)}
    kind = journal.Kind.SIGNATURE_CORRECTED
    write_down(plan.last, kind, by, office=office, **detail)
    return signature


@transaction.atomic
def strike_signature(*, plan, version, office, by):
    """Strike out what was recorded of an office that has not signed. Once if repeated.

    Of the version that is up: one in force is amended. Raises Stale for another.
    """
    plan = hold(plan, by)
    if not (plan.last and plan.last.is_up):
        raise Stale
    signature = plan.signature_of(office)
    if signature is None:
        return
    if plan.version != version:
        raise Stale
    signature.delete()
    save(plan)
    before = said_of(signature.name, signature.signed_on)
    kind = journal.Kind.SIGNATURE_STRUCK_OUT
    write_down(plan.last, kind, by, office=office, **{"from": before})


def put_in_force(version, by):
    version.signed_at = timezone.now()
    version.save(update_fields=["signed_at"])
    plan = version.plan
    plan.reason_ky = plan.reason_ru = ""
    save(plan, "reason_ky", "reason_ru")
    write_down(version, journal.Kind.PLAN_SIGNED, by)


def write_down(version, kind, by, **detail):
    journal.record(
        center=version.plan.center,
        kind=kind,
        by=by,
        subject=str(version.plan.year),
        detail={"version": version.version} | detail,
    )


@transaction.atomic
def withdraw_plan(*, plan, version, words, by):
    """Take back the version that is up, with the reason; its text is open again."""
    version = hold_version(plan, by, version)
    if version.is_withdrawn and (version.withdrawn_by, version.words) == (by, words):
        return version
    if not version.is_up:
        raise Stale
    version.withdraw(by, words)
    save(version.plan)
    return version


@transaction.atomic
def amend_plan(*, plan, version, reason_ky, reason_ru, by):
    """Open the text of a plan in force, with a reason that everyone reads.

    The signed one stays until another takes its place. Said again, the reason is
    changed.
    """
    plan = hold(plan, by)
    if (plan.reason_ky, plan.reason_ru) == (reason_ky, reason_ru):
        return plan
    was_amended = plan.is_amended
    need_signed(plan, version)
    plan.reason_ky, plan.reason_ru = reason_ky, reason_ru
    save(plan, "reason_ky", "reason_ru")
    if not was_amended:
        write_down(plan.last, journal.Kind.PLAN_AMENDED, by)
    return plan


def need_signed(plan, version):
    """Raise Stale where another than what was signed last waits, or was seen."""
    last = plan.last
    if last is None or not last.is_signed or plan.version != version:
        raise Stale


@transaction.atomic
def leave_plan(*, plan, version, by):
    """Give up an amendment: the goals are as they were signed. Once if repeated."""
    plan = hold(plan, by)
    if not plan.is_amended:
        return plan
    need_signed(plan, version)
    signed = {one["reference"]: one for one in plan.last.content}
    for goal in plan.goals.all():
        words = signed.get(goal.reference)
        goal.is_dropped = words is None
        for name, text in (words or {}).items():
            setattr(goal, name, text)
        goal.save()
    plan.reason_ky = plan.reason_ru = ""
    save(plan, "reason_ky", "reason_ru")
    write_down(plan.last, journal.Kind.PLAN_AMENDMENT_LEFT, by)
    return plan
