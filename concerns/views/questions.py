"""What a centre's forms ask beside the words: written by its coordinator."""

from itertools import groupby

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from centers.pages import posted_from
from centers.views.page import find_edited, version_in

from .. import actions
from ..actions.questions import TEXTS, version_of
from ..forms.questions import Questions
from ..models import Category, Question


@require_safe
def question_list(request, slug):
    center = find_edited(request, slug)
    asked = {}
    for question in Question.objects.asked_in(center):
        asked.setdefault(question.category_id, []).append(question)
    categories = list(Category.objects.select_related("group"))
    for category in categories:
        category.asked = asked.get(category.pk, [])
    groups = [
        (group, list(of)) for group, of in groupby(categories, lambda one: one.group)
    ]
    return render(request, "desk/questions.html", {"center": center, "groups": groups})


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request, slug, category):
    center = find_edited(request, slug)
    category = get_object_or_404(Category, code=category)
    version = version_of(center, category)
    initial = [row_of(one) for one in asked(center, category)]
    if request.method != "POST":
        questions = Questions(initial=initial, category=category)
        return page(request, center, category, questions, version)
    questions = Questions(request.POST, initial=initial, category=category)
    if not questions.is_valid():
        return page(
            request, center, category, questions, version_in(request), status=422
        )
    try:
        actions.save_questions(
            center=center,
            category=category,
            rows=questions.rows,
            by=request.user,
            version=version_in(request),
        )
    except actions.Stale:
        # The words stay; sent again, they take the place of the other's. The version
        # is read anew: it may have changed while this one waited.
        version = version_of(center, category)
        return page(request, center, category, questions, version, status=409)
    messages.success(request, _("Saved. The form asks these from now on."))
    return redirect("desk:category_questions", slug, category.code)


def asked(center, category):
    return Question.objects.asked_in(center).filter(category=category)


def row_of(question):
    texts = {name: getattr(question, name) for name in TEXTS}
    return {"id": question.pk, "kind": question.kind, **texts}


def page(request, center, category, questions, version, status=200):
    return render(
        request,
        "desk/category_questions.html",
        {
            "center": center,
            "category": category,
            "questions": questions,
            "version": version,
            "is_stale": status == 409,
            "is_wrong": status == 422,
        },
        status=status,
    )


def find_category(request, slug, category):
    find_edited(request, slug)
    get_object_or_404(Category, code=category)


@posted_from("desk:category_questions", find_category)
def ask_common(request, slug, category):
    center = find_edited(request, slug)
    category = get_object_or_404(Category, code=category)
    try:
        actions.ask_common_questions(
            center=center,
            category=category,
            by=request.user,
            version=version_in(request),
        )
    except actions.Stale:
        messages.error(request, _("Somebody changed them meanwhile: look again."))
    else:
        messages.success(request, _("The common questions are asked again."))
    return redirect("desk:category_questions", slug, category.code)
