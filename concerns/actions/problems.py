"""What several concerns have in common, written down by the partners together.

Who schedules meetings opens a problem and chooses its concerns; every side's members
say what they think of it, each for his own side. All raise Problem.DoesNotExist where
`by` serves the centre no more, Stale where somebody was faster.
"""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from centers.permissions import (
    SUPPORTER,
    Permission,
    ask_anew,
    can,
    memberships_of,
    need,
)

from ..models import CauseLine, Concern, Group, Problem
from .lock import Stale

# Read on one page, and said at one meeting.
MOST_CONCERNS, MOST_LINES = 50, 60


def sides_of(user, center):
    """Return the sides for which a person may write: who plans meetings, for all."""
    if can(user, Permission.SCHEDULE_MEETING, center):
        return ["residents", "council", "police"]
    return [
        m.partner.kind
        for m in memberships_of(user)
        if m.center_id == center.pk
        and m.partner.kind != SUPPORTER
        and can(user, Permission.READ_SUMMARIES, center)
    ]


def need_planner(by, center):
    need(by, Permission.SCHEDULE_MEETING, center)


def hold(problem, by, version):
    problem = (
        Problem.objects.select_for_update(of=["self"], no_key=True)
        .select_related("center")
        .get(pk=problem.pk)
    )
    ask_anew(by)
    if problem.version != version:
        raise Stale
    problem.version += 1
    problem.save(update_fields=["version"])
    return problem


def open_to(center, by):
    """Return the concerns that a person may group in a centre."""
    return Concern.objects.known_to(by).groupable().filter(center=center)


@transaction.atomic
def open_problem(*, center, title_ky, title_ru, concerns, by):
    """Open a problem; return it. `concerns` are references of what `by` may know of."""
    need_planner(by, center)
    problem = Problem.objects.create(
        center=center, title_ky=title_ky, title_ru=title_ru, by=by
    )
    put_concerns(problem, concerns, by)
    return problem


@transaction.atomic
def change_problem(*, problem, title_ky, title_ru, concerns, by, version):
    """Change its title and which concerns belong to it."""
    problem = hold(problem, by, version)
    need_planner(by, problem.center)
    problem.title_ky, problem.title_ru = title_ky, title_ru
    problem.save(update_fields=["title_ky", "title_ru"])
    put_concerns(problem, concerns, by)
    return problem


def put_concerns(problem, references, by):
    """Let these belong to a problem, of those that `by` may know of; others stay."""
    if len(references) > MOST_CONCERNS:
        raise ValidationError({"concerns": _("A problem has at most 50 concerns.")})
    known = open_to(problem.center, by)
    free = known.filter(Q(group=None) | Q(group__problem=problem))
    chosen = list(free.filter(reference__in=references))
    none_such = ValidationError({"concerns": _("There is no such concern.")})
    if len(chosen) < len(set(references)):
        raise none_such
    problem.groups.filter(concern__in=known).exclude(concern__in=chosen).delete()
    grouped = set(problem.groups.values_list("concern", flat=True))
    try:
        with transaction.atomic():
            Group.objects.bulk_create(
                Group(problem=problem, concern=concern)
                for concern in chosen
                if concern.pk not in grouped
            )
    except IntegrityError:
        # Somebody has just put one of them into another problem.
        raise none_such from None


@transaction.atomic
def add_line(*, problem, kind, side, text_ky, text_ru, by, version):
    """Write down what one side says: a cause, or what would help."""
    problem = hold(problem, by, version)
    if side not in sides_of(by, problem.center):
        raise PermissionDenied
    if problem.lines.count() >= MOST_LINES:
        raise ValidationError(_("A problem has at most 60 lines."))
    return CauseLine.objects.create(
        problem=problem, kind=kind, side=side, text_ky=text_ky, text_ru=text_ru, by=by
    )


@transaction.atomic
def remove_line(*, problem, line, by, version):
    """Strike out a line of a side for which `by` may write."""
    problem = hold(problem, by, version)
    line = problem.lines.filter(pk=line).first()
    if line is None:
        return
    if line.side not in sides_of(by, problem.center):
        raise PermissionDenied
    line.delete()
