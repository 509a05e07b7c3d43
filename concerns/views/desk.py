"""One concern as the staff see it: its words, its history, what may be done with it."""

from django.db.models import Exists, OuterRef, Subquery
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from centers.permissions import Permission, permissions

from .. import actions
from ..forms import (
    AssignForm,
    CategoryForm,
    ChangeForm,
    IdentityForm,
    LevelForm,
    MessageForm,
    MoveForm,
    RegisterForm,
    ReleaseForm,
)
from ..models import Category, Concern, Photo
from ..workflow import ENDED, Status
from .apart import APART

P = Permission


def readable(by):
    """Return what a person may read, each with its lead's number if he may know it."""
    seen = Concern.objects.visible_to(by)
    lead = seen.filter(pk=OuterRef("lead")).values("reference")
    return seen.select_related(
        "center", "category", "village", "partner", "identity"
    ).annotate(
        lead_reference=Subquery(lead),
        has_photos=Exists(Photo.objects.filter(concern=OuterRef("pk"))),
    )


def find(request, reference):
    """Return a concern whose words this person may read; all else does not exist."""
    return get_object_or_404(readable(request.user), reference=reference)


@require_safe
def concern(request, reference):
    seen = readable(request.user).filter(reference=reference).first()
    if seen is not None:
        return page(request, seen)
    summary = get_object_or_404(
        Concern.objects.summarised_to(request.user).select_related(
            "center", "category", "village"
        ),
        reference=reference,
    )
    return render(request, "desk/summary.html", {"concern": summary})


def page(request, concern, status=200, is_stale=False, identity=None, **forms):
    note_reading(request, concern)
    lines = timeline(concern)
    return render(
        request,
        "desk/concern.html",
        {
            "concern": concern,
            "timeline": lines,
            "photos": concern.photos.all() if concern.has_photos else [],
            "handlers": concern.handlers,
            "may": permissions(request.user, concern.center),
            "acts": acts_for(request.user, concern),
            "is_stale": is_stale,
            "last": lines[0],
            "is_wrong": status == 422,
            "identity": identity,
        }
        | forms_for(request.user, concern)
        | forms,
        status=status,
    )


def note_reading(request, concern):
    request.center = concern.center
    if concern.is_confidential:
        actions.note_reading(concern=concern, by=request.user)


def timeline(concern):
    """Return what happened to a concern and what was said of it, newest first."""
    category = Category.objects.filter(code=OuterRef("new"))
    changes = concern.changes.select_related("by", "partner", "person").annotate(
        category=Subquery(category.values(f"name_{get_language()}"))
    )
    lines = [*changes, *concern.messages.select_related("by")]
    return sorted(lines, key=lambda line: line.created_at)[::-1]


def acts_for(by, concern):
    """Return the forms of what this person may do with this concern now, by name."""
    may = permissions(by, concern.center)
    acts = {}
    if concern.status == Status.RECEIVED and P.REGISTER_CONCERN in may:
        acts["register"] = RegisterForm
    if P.HANDLE_CONCERN in may:
        acts["move"] = MoveForm
        acts["level"] = LevelForm
        if P.REGISTER_CONCERN in may:
            acts["category"] = CategoryForm
        if concern.status not in ENDED:
            acts["message"] = MessageForm
        if concern.status not in ENDED | {Status.RECEIVED}:
            if P.ASSIGN_CONCERN in may:
                acts["assign"] = AssignForm
            elif concern.partner_id is None:
                acts["take"] = ChangeForm
    may_look = P.READ_IDENTITY in may and concern.is_handled_by(by)
    if may_look and hasattr(concern, "identity"):
        acts["identity"] = IdentityForm
    if concern.in_custody and not concern.category.is_hidden and P.KEEP_CUSTODY in may:
        acts["release"] = ReleaseForm
    return acts


def make(form_class, name, *args, concern, by, **kwargs):
    return form_class(*args, concern=concern, by=by, auto_id=f"{name}_%s", **kwargs)


def forms_for(by, concern):
    """Return the forms that stand on a concern's own page, by the name of the act."""
    forms = {
        f"{name}_form": make(form_class, name, concern=concern, by=by)
        for name, form_class in acts_for(by, concern).items()
        if name not in APART
    }
    # Nothing to choose from is nothing to offer.
    if "move_form" in forms and not forms["move_form"].moves:
        del forms["move_form"]
    if "level_form" in forms and len(forms["level_form"].fields["level"].choices) == 1:
        del forms["level_form"]
    return forms
