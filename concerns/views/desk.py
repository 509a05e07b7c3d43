"""One concern as the staff see it: its words, its history, what may be done with it."""

from django.db.models import Exists, OuterRef, Subquery
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from centers.permissions import Permission, permissions

from .. import actions, beside
from ..forms import (
    AssignForm,
    CategoryForm,
    ChangeForm,
    CustodyForm,
    EraseIdentityForm,
    ExtendForm,
    IdentityForm,
    LevelForm,
    MessageForm,
    MoveForm,
    NoteForm,
    RegisterForm,
    ReleaseForm,
)
from ..models import (
    Category,
    CodeRequest,
    Concern,
    IdentityRequest,
    Mention,
    Problem,
)
from ..models.history import confided
from ..workflow import ENDED, OWED, Status
from .apart import APART

P = Permission


def readable(by):
    """Return what a person may read, each with its lead's number if he may know it."""
    seen = Concern.objects.visible_to(by)
    lead = seen.filter(pk=OuterRef("lead")).values("reference")
    wishes = IdentityRequest.objects.filter(concern=OuterRef("pk"))
    repeats = seen.filter(lead=OuterRef("pk"), status=Status.DUPLICATE)
    return seen.select_related(
        "center", "category", "village", "partner", "identity"
    ).annotate(
        lead_reference=Subquery(lead),
        has_wishes=Exists(wishes.waiting()),
        is_look_granted=Exists(wishes.granted().filter(by=by)),
        is_look_asked=Exists(wishes.waiting().filter(by=by)),
        has_code_request=Exists(
            CodeRequest.objects.open().filter(concern=OuterRef("pk"))
        ),
        problem_reference=Subquery(
            Problem.objects.filter(groups__concern=OuterRef("pk")).values("reference")
        ),
        has_repeats=Exists(repeats),
        has_hearers=Exists(repeats.filter(code_ended_at=None)),
        is_mentioned=Exists(
            Mention.objects.filter(
                note__concern=OuterRef("pk"), user_id=by.pk, seen_at=None
            )
        ),
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
    beside.beside(concern)
    note_reading(request, concern)
    actions.note_opening(concern=concern, by=request.user)
    if concern.is_mentioned:
        actions.see_mentions(concern=concern, by=request.user)
    lines = timeline(concern, request.user)
    return render(
        request,
        "desk/concern.html",
        {
            "concern": concern,
            "timeline": lines,
            "photos": beside.photos(concern),
            "answers": beside.answers(concern),
            "hands": concern.hands,
            "may": permissions(request.user, concern.center),
            "acts": acts_for(request.user, concern),
            "is_stale": is_stale,
            "last": lines[0],
            "is_wrong": status == 422,
            "identity": identity,
            "is_led": concern.is_led_by(request.user),
            "wishes": wishes_for(request.user, concern),
        }
        | forms_for(request.user, concern)
        | forms,
        status=status,
    )


def wishes_for(by, concern):
    """Return who waits for this person's word to know who filed a concern."""
    if not concern.has_wishes or not concern.is_led_by(by):
        return []
    return concern.identity_requests.waiting().exclude(by=by).select_related("by")


def note_reading(request, concern):
    request.center = concern.center
    if concern.is_confidential:
        actions.note_reading(concern=concern, by=request.user)


def timeline(concern, by):
    """Return what happened to a concern and what was said of it, newest first.

    What the custodian alone is to read is there without its words for anybody else.
    """
    category = Category.objects.filter(code=OuterRef("new"))
    changes = concern.changes.select_related("by", "partner", "person").annotate(
        category=Subquery(category.values(f"name_{get_language()}"))
    )
    lines = [*changes, *concern.messages.select_related("by")]
    since = concern.unread_since
    for line in lines:
        is_later = since is not None and line.created_at >= since
        line.is_new = is_later and line.from_reporter
    names = beside.mentioned(concern)
    for line in changes:
        line.named = names[line.pk]
    if P.KEEP_CUSTODY not in permissions(by, concern.center):
        for line in confided(changes):
            line.is_confided, line.note, line.named = True, "", []
            line.by = line.person = None
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
        acts["note"] = NoteForm
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
        if concern.is_led_by(by):
            acts["erase_identity"] = EraseIdentityForm
    if concern.in_custody and not concern.category.is_hidden and P.KEEP_CUSTODY in may:
        acts["release"] = ReleaseForm
    is_hidden_from_both = concern.hidden_from_police and concern.hidden_from_council
    if P.HANDLE_CONCERN in may and not is_hidden_from_both:
        acts["custody"] = CustodyForm
    if may_extend(concern) and P.HANDLE_CONCERN in may:
        acts["extend"] = ExtendForm
    return acts


def may_extend(concern):
    is_owed = concern.status in OWED - {Status.RECEIVED}
    return is_owed and concern.due_on and not concern.extended_to


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
