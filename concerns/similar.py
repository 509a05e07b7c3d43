"""Which concerns may be of the same matter: near in kind, place, time and words."""

import re
from datetime import timedelta

from django.db.models import Case, Q, Value, When

from .models import Concern
from .search import fold
from .workflow import Actor, Status, find_move

DAYS = 120
LOOKED_AT = 100
SHOWN = 15
# Shorter ones are in every text.
SHORTEST = 4


def words_of(concern):
    """Return the beginnings of a text's words, without the endings of Kyrgyz."""
    text = concern.words_text or fold(f"{concern.text} {concern.landmark}")
    words = re.findall(r"\w+", text)
    return {word[:6] for word in words if len(word) >= SHORTEST}


def similar_to(concern, by):
    """Return what a person may read that may be of the same matter, likeliest first.

    Of the same centre and group, not ended, filed within some months of it; the same
    category and village count first, then shared words, then how near it was filed.
    Each has `may_repeat`, whether it can be merged into this one, and `may_lead`, the
    other way about.
    """
    span = timedelta(days=DAYS)
    is_near = Case(When(village=concern.village_id, then=Value(0)), default=Value(1))
    near = (
        Concern.objects.visible_to(by)
        .open()
        .filter(
            Q(category=concern.category_id)
            | Q(category__group=concern.category.group_id),
            center=concern.center_id,
            created_at__gte=concern.created_at - span,
            created_at__lte=concern.created_at + span,
        )
        .exclude(pk=concern.pk)
        .select_related("category", "village", "partner")
        .order_by(is_near, "-created_at")[:LOOKED_AT]
    )
    own = words_of(concern)
    found = []
    for one in near:
        one.shared = len(own & words_of(one))
        one.may_repeat = may_merge(one, concern)
        one.may_lead = may_merge(concern, one)
        found.append(one)
    found.sort(key=lambda one: likeness(concern, one))
    return found[:SHOWN]


def likeness(concern, one):
    apart = abs(one.created_at - concern.created_at)
    return (
        one.village_id != concern.village_id,
        one.category_id != concern.category_id,
        -one.shared,
        apart,
    )


def may_merge(repeat, lead):
    """Tell whether one may be made to repeat another, as the action will decide."""
    step = find_move(repeat.status, Status.DUPLICATE, {Actor.REGISTRAR})
    return step is not None and lead.may_lead(repeat)


def repeats_of(concern, by):
    """Return what was merged under a concern, of what a person may read."""
    return (
        Concern.objects.visible_to(by)
        .filter(lead=concern, status=Status.DUPLICATE)
        .select_related("category", "village", "partner")
        .order_by("-created_at")
    )
