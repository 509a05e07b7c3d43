"""What the centre says of a concern to everyone, beside what the reporter wrote."""

from contextlib import suppress
from copy import copy

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from centers.permissions import permissions

from .. import actions
from ..differences import differences
from ..forms import ChangeForm, SummaryForm
from ..forms.publication import TEXTS
from ..models import Concern, PublicPhoto
from .acts import act, typed_in
from .desk import P, find, make, note_reading, page

# Versions in the list; all are kept.
SHOWN = 20
# More no database column takes; nobody writes so many.
MOST_VERSIONS = 9999


def need_publisher(request, concern):
    if P.PUBLISH_CONCERN not in permissions(request.user, concern.center):
        raise PermissionDenied


def find_to_publish(request, reference):
    concern = find(request, reference)
    need_publisher(request, concern)
    return concern


@require_http_methods(["GET", "HEAD", "POST"])
def publish(request, reference):
    concern = find_to_publish(request, reference)
    if request.method != "POST":
        if not concern.may_have_text:
            raise PermissionDenied
        return publish_page(request, concern)
    if request.POST.get("do") == "unpublish":
        return take_back(request, concern)
    if concern.is_confidential:
        return refuse(request, concern)
    if request.POST.get("do") == "preview":
        return preview(request, concern)
    do = {
        "save": (save, _("The draft is saved.")),
        "approve": (actions.approve_summary, _("The text is approved.")),
    }.get(request.POST.get("do"))
    if do is None:
        return publish_page(request, concern, status=422)
    return act(request, reference, "summary", SummaryForm, *do, show=publish_page)


def refuse(request, concern):
    """Take no text of what is confidential; who wrote it before that gets it back."""
    form = make(ChangeForm, "summary", request.POST, concern=concern, by=request.user)
    if not (form.is_valid() and form.is_outdated):
        raise PermissionDenied
    typed = [request.POST.get(name, "").strip() for name in TEXTS]
    words = list(filter(None, typed))
    return page(request, concern, status=409, is_stale=True, words=words)


def save(*, publish_on=None, **words):
    return actions.save_summary(**words)


def take_back(request, concern):
    """Take the text off, whatever else is typed: that waits on the page, unjudged."""
    form = make(ChangeForm, "summary", request.POST, concern=concern, by=request.user)
    version = form.cleaned_data["version"] if form.is_valid() else None
    # Taken back already, by a first press or by somebody else, it is what he wants.
    with suppress(actions.Stale, ValidationError, Concern.DoesNotExist):
        actions.unpublish(concern=concern, by=request.user, version=version)
    concern = find_to_publish(request, concern.reference)
    sent = make(SummaryForm, "summary", request.POST, concern=concern, by=request.user)
    is_stale = concern.approved_at is not None
    if not is_stale:
        messages.success(request, _("The text is taken back."))
        is_in = sent.is_valid() and sent.is_in(concern)
        if is_in or concern.is_confidential:
            return redirect(concern.get_desk_url())
    typed = typed_in(request, sent) | {"version": concern.version}
    kept = make(SummaryForm, "summary", initial=typed, concern=concern, by=request.user)
    return publish_page(request, concern, 409 if is_stale else 200, is_stale, kept)


def preview(request, concern):
    """Show what the public page would show of what was typed; nothing is saved."""
    form = make(SummaryForm, "summary", request.POST, concern=concern, by=request.user)
    if not form.is_valid():
        return publish_page(request, concern, status=422, summary_form=form)
    shown = copy(concern)
    for field in TEXTS:
        setattr(shown, field, form.cleaned_data[field])
    seen = faces(shown)
    for face in seen:
        if found := form.warnings(face["code"]):
            warning = render_to_string("desk/_giveaways.html", {"found": found})
            face["html"] = warning + face["html"]
    return publish_page(request, concern, summary_form=form, faces=seen)


def faces(concern):
    """Return in each language what the public page would show."""
    cleared = PublicPhoto.objects.filter(photo__concern=concern)
    photos = list(cleared.select_related("photo"))
    page = {"concern": concern, "center": concern.center, "photos": photos}
    faces = []
    for language, name in settings.LANGUAGES:
        with translation.override(language):
            html = render_to_string("concerns/_shown.html", page | {"is_desk": True})
        title = getattr(concern, f"title_{language}")
        faces.append({"code": language, "name": name, "title": title, "html": html})
    return faces


def publish_page(
    request, concern, status=200, is_stale=False, summary_form=None, faces=None
):
    note_reading(request, concern)
    if summary_form and summary_form.names_her:
        actions.note_naming(concern=concern, by=request.user)
    photos = concern.photos.select_related("cleared")
    return render(
        request,
        "desk/publish.html",
        {
            "concern": concern,
            "is_stale": is_stale,
            "may": permissions(request.user, concern.center),
            "form": summary_form
            or make(SummaryForm, "summary", concern=concern, by=request.user),
            "faces": faces,
            "photos": photos,
            "versions": concern.public_texts.select_related("by").reverse()[:SHOWN],
        },
        status=status,
    )


@require_safe
def version(request, reference, number):
    """A text that was approved once, and what it changed in the one before it."""
    concern = find_to_publish(request, reference)
    note_reading(request, concern)
    if number > MOST_VERSIONS:
        raise Http404
    texts = concern.public_texts.filter(number__in=[number - 1, number])
    texts = {text.number: text for text in texts.select_related("by")}
    if number not in texts:
        raise Http404
    text, before = texts[number], texts.get(number - 1)
    columns = [
        {
            "code": language,
            "name": name,
            "parts": {
                part: list(
                    differences(
                        getattr(before, f"{part}_{language}", ""),
                        getattr(text, f"{part}_{language}"),
                    )
                    if before
                    else [("same", getattr(text, f"{part}_{language}"))]
                )
                for part in ("title", "summary", "outcome")
            },
        }
        for language, name in settings.LANGUAGES
    ]
    return render(
        request,
        "desk/public_text.html",
        {
            "concern": concern,
            "text": text,
            "before": before,
            "columns": columns,
            "is_current": concern.approved_at == text.created_at,
        },
    )
