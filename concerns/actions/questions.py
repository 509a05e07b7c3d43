from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from centers.models import Center
from centers.permissions import Permission, ask_anew, need

from ..models import OwnQuestions, Question
from .lock import Stale

TEXTS = [
    f"{name}_{language}"
    for name in ("text", "hint", "choices")
    for language in ("ky", "ru")
]
MOST, MOST_CONFIDENTIAL = 8, 2


def version_of(center, category):
    """Return the version of a centre's own questions, 0 where it asks the common."""
    own = OwnQuestions.objects.filter(center=center, category=category).first()
    return own.version if own else 0


def check_number(category, number):
    """Raise ValidationError where a form would ask too much."""
    if category.is_confidential and number > MOST_CONFIDENTIAL:
        raise ValidationError(
            _(
                "In a confidential category two questions at most: each answer is one"
                " more thing by which the person may be recognised."
            )
        )
    if number > MOST:
        raise ValidationError(_("Eight questions at most: a long form is not sent."))


@transaction.atomic
def save_questions(*, center, category, rows, by, version):
    """Ask a centre's own questions in a category, in place of the common ones.

    `rows` are dictionaries of `kind` and TEXTS in their order; the `id` of a question
    of the centre's own changes that one. Without rows nothing is asked. Raises Stale
    where somebody was faster.
    """
    own = hold_own(center, category, by, version)
    check_number(category, len(rows))
    if own is None:
        OwnQuestions.objects.create(center=center, category=category)
    else:
        own.version += 1
        own.save(update_fields=["version"])
    there = Question.objects.filter(center=center, category=category)
    known, kept = {question.pk: question for question in there}, []
    for order, row in enumerate(rows, start=1):
        question = known.get(row.get("id")) or Question(
            center=center, category=category
        )
        question.order, question.kind = order, row["kind"]
        for name in TEXTS:
            setattr(question, name, row.get(name) or "")
        question.save()
        kept.append(question.pk)
    there.exclude(pk__in=kept).delete()


@transaction.atomic
def ask_common_questions(*, center, category, by, version):
    """Ask the common questions again; the centre's own are deleted."""
    own = hold_own(center, category, by, version)
    if own:
        Question.objects.filter(center=center, category=category).delete()
        own.delete()


def hold_own(center, category, by, version):
    Center.objects.select_for_update(no_key=True).get(pk=center.pk)
    ask_anew(by)
    need(by, Permission.EDIT_CENTER, center)
    own = OwnQuestions.objects.filter(center=center, category=category).first()
    if (own.version if own else 0) != version:
        raise Stale
    return own
