"""The ready texts of a centre, as its coordinator keeps them."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from centers.pages import posted_from
from centers.permissions import Permission, need
from centers.views.desk import find

from .. import actions
from ..forms import TextTemplateForm
from ..models import TextTemplate

# What may stand in braces, in either language, and what each means.
NAMES = [
    (("номер",), gettext_lazy("the number of the concern")),
    (("мөөнөт", "срок"), gettext_lazy("the day by which the answer is due")),
    (("орган",), gettext_lazy("the body that it is forwarded to")),
    (("борбор", "центр"), gettext_lazy("the name of the centre")),
    (("телефон",), gettext_lazy("the phone of the centre")),
]


def find_center(request, slug):
    center = find(request, slug)
    need(request.user, Permission.EDIT_CENTER, center)
    return center


def find_text(request, slug, reference):
    center = find_center(request, slug)
    return get_object_or_404(center.text_templates, reference=reference)


@require_safe
def template_list(request, slug):
    center = find_center(request, slug)
    texts = TextTemplate.objects.select_related("category")
    return render(
        request,
        "desk/templates.html",
        {
            "center": center,
            "own": texts.filter(center=center),
            "common": texts.filter(center=None),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def add(request, slug):
    center = find_center(request, slug)
    text = TextTemplate(center=center)
    return write(request, text, _("The text is added."))


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request, slug, reference):
    text = find_text(request, slug, reference)
    return write(request, text, _("Saved."))


def write(request, text, done):
    form = TextTemplateForm(request.POST or None, instance=text)
    if not form.is_valid():
        return page(request, text, form, status=422 if form.is_bound else 200)
    try:
        actions.save_text(text=text, version=form.cleaned_data["version"])
    except actions.Stale:
        return page(request, text, renewed(form), status=409)
    messages.success(request, done)
    return redirect("desk:templates", text.center.slug)


def renewed(form):
    """Give a form the text's version of now; what was typed stays in it."""
    now = TextTemplate.objects.filter(pk=form.instance.pk)
    form.data = form.data.copy()
    form.data["version"] = now.values_list("version", flat=True).first() or 0
    return form


def page(request, text, form, status):
    return render(
        request,
        "desk/template.html",
        {
            "center": text.center,
            "text": text,
            "form": form,
            "names": NAMES,
            "is_stale": status == 409,
        },
        status=status,
    )


@posted_from("desk:edit_template", find_text)
def remove(request, slug, reference):
    find_text(request, slug, reference).delete()
    messages.success(request, _("The text is removed."))
    return redirect("desk:templates", slug)
