"""The staff's side of a concern: what waits, one concern, and every act upon it."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from centers.paging import cut, page_number
from centers.permissions import Permission, permissions

from .. import actions
from ..forms import (
    AssignForm,
    CategoryForm,
    IdentityForm,
    LevelForm,
    MessageForm,
    MoveForm,
    QueueForm,
    RegisterForm,
    ReleaseForm,
    SummaryForm,
)
from ..models import Category, Change, Concern
from ..workflow import ENDED, Status

P = Permission
# Numbers and choices are quickly made again; a sentence is not.
SHORT = 15


@require_safe
def queue(request):
    form = QueueForm(request.GET)
    number = page_number(request)
    concerns = form.apply(
        Concern.objects.visible_to(request.user).select_related(
            "center", "category", "village", "partner"
        ),
        request.user,
    )
    rows, following = cut(concerns, number, size=25)
    if form.number and len(rows) == 1:
        return redirect("desk:concern", rows[0].reference)
    return render(
        request,
        "desk/concerns.html",
        {"form": form, "concerns": rows, "page": number, "next": following},
    )


@require_safe
def summaries(request):
    number = page_number(request)
    concerns = (
        Concern.objects.summarised_to(request.user)
        .select_related("center", "category", "village")
        .order_by("-approved_at", "-pk")
    )
    rows, following = cut(concerns, number, size=25)
    return render(
        request,
        "desk/summaries.html",
        {"concerns": rows, "page": number, "next": following},
    )


def readable(by):
    return Concern.objects.visible_to(by).select_related(
        "center", "category", "village", "partner", "identity"
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
    request.center = concern.center
    if concern.is_confidential:
        actions.note_reading(concern=concern, by=request.user)
    return render(
        request,
        "desk/concern.html",
        {
            "concern": concern,
            "timeline": timeline(concern),
            "lead": lead_of(concern, request.user),
            "handlers": concern.handlers,
            "may": permissions(request.user, concern.center),
            "is_stale": is_stale,
            "last": concern.changes.select_related("by").last() if is_stale else None,
            "is_wrong": status == 422,
            "identity": identity,
        }
        | forms_for(request.user, concern)
        | forms,
        status=status,
    )


def lead_of(concern, by):
    """Return the concern that this one repeats, if this person may know of it."""
    if concern.lead_id is None:
        return None
    return Concern.objects.visible_to(by).filter(pk=concern.lead_id).first()


def timeline(concern):
    """Return what happened to a concern and what was said of it, newest first."""
    changes = list(concern.changes.select_related("by", "partner", "person"))
    codes = [c.new for c in changes if c.kind == Change.Kind.CATEGORY]
    categories = Category.objects.in_bulk(codes, field_name="code")
    for change in changes:
        change.category = categories.get(change.new)
    lines = [*changes, *concern.messages.select_related("by")]
    return sorted(lines, key=lambda line: line.created_at)[::-1]


def forms_for(by, concern):
    """Return the forms of what this person may do with this concern now, by name."""
    may = permissions(by, concern.center)
    form = partial(make, concern=concern, by=by)
    forms = {}
    if concern.status == Status.RECEIVED and P.REGISTER_CONCERN in may:
        forms["register_form"] = form(RegisterForm)
    if P.HANDLE_CONCERN in may:
        move = form(MoveForm)
        if move.moves:
            forms["move_form"] = move
        level = form(LevelForm)
        if len(level.fields["level"].choices) > 1 and not concern.in_custody:
            forms["level_form"] = level
        if P.REGISTER_CONCERN in may and concern.status != Status.RECEIVED:
            forms["category_form"] = form(CategoryForm)
        if concern.status not in ENDED:
            forms["message_form"] = form(MessageForm)
            if P.ASSIGN_CONCERN in may:
                forms["assign_form"] = form(AssignForm)
            elif concern.partner_id is None:
                forms["take_form"] = form(AssignForm)
    may_look = P.READ_IDENTITY in may and concern.is_handled_by(by)
    if may_look and hasattr(concern, "identity"):
        forms["identity_form"] = IdentityForm(auto_id="identity_%s")
    if concern.in_custody and P.KEEP_CUSTODY in may:
        forms["release_form"] = form(ReleaseForm)
    return forms


def make(form_class, *args, concern, by, **kwargs):
    name = form_class.__name__.removesuffix("Form").lower()
    return form_class(*args, concern=concern, by=by, auto_id=f"{name}_%s", **kwargs)


def act(request, reference, form_class, do, done, show=page):
    """Do what a form asks; come back to the concern, or show it with what is wrong."""
    concern = find(request, reference)
    name = f"{form_class.__name__.removesuffix('Form').lower()}_form"
    form = make(form_class, request.POST, concern=concern, by=request.user)
    if not form.is_valid():
        return show(request, concern, status=422, **{name: form})
    words = dict(form.cleaned_data)
    try:
        do(concern=concern, by=request.user, **words)
    except ValidationError as error:
        form.add_error(None, error)
        return show(request, concern, status=422, **{name: form})
    except Concern.DoesNotExist:
        raise Http404 from None
    except (actions.Stale, actions.MoveNotAllowed):
        # The new state, and every word that was typed.
        concern = find(request, reference)
        typed = {field: request.POST.get(field, "") for field in form.fields}
        typed["version"] = concern.version
        form = make(form_class, initial=typed, concern=concern, by=request.user)
        form.is_kept = True
        if show is page and name not in forms_for(request.user, concern):
            # Done already by whoever was faster: the words remain, the button does not.
            words = [text for text in typed.values() if len(str(text)) > SHORT]
            return show(request, concern, status=409, is_stale=True, words=words)
        return show(request, concern, status=409, is_stale=True, **{name: form})
    messages.success(request, done)
    return come_back(request, reference)


def come_back(request, reference):
    concern = Concern.objects.visible_to(request.user).filter(reference=reference)
    return redirect("desk:concern", reference) if concern else redirect("desk:concerns")


@require_POST
def register(request, reference):
    return act(request, reference, RegisterForm, actions.register, _("Registered."))


@require_POST
def move(request, reference):
    return act(request, reference, MoveForm, actions.move, _("The status is changed."))


@require_POST
def assign(request, reference):
    return act(request, reference, AssignForm, actions.assign, _("It is handed over."))


@require_POST
def take(request, reference):
    concern = find(request, reference)
    partner = make(AssignForm, concern=concern, by=request.user).own_partner
    post = request.POST.copy()
    post["partner"] = partner.pk if partner else ""
    post["person"] = request.user.pk
    request.POST = post
    return act(request, reference, AssignForm, actions.assign, _("You handle it now."))


@require_POST
def categorise(request, reference):
    done = _("The category is changed.")
    return act(request, reference, CategoryForm, actions.categorise, done)


@require_POST
def set_level(request, reference):
    return act(request, reference, LevelForm, actions.set_level, _("Level changed."))


@require_POST
def send_message(request, reference):
    return act(request, reference, MessageForm, actions.send_message, _("Sent."))


@require_POST
def release(request, reference):
    return act(request, reference, ReleaseForm, actions.release, _("Given back."))


@require_POST
def identity(request, reference):
    concern = find(request, reference)
    form = IdentityForm(request.POST, auto_id="identity_%s")
    if not form.is_valid():
        return page(request, concern, status=422, identity_form=form)
    try:
        person = actions.look_at_identity(
            concern=concern, by=request.user, reason=form.cleaned_data["reason"]
        )
    except ValidationError as error:
        form.add_error(None, error)
        return page(request, concern, status=422, identity_form=form)
    return page(request, concern, identity=person)


@require_http_methods(["GET", "HEAD", "POST"])
def publish(request, reference):
    concern = find(request, reference)
    if P.PUBLISH_CONCERN not in permissions(request.user, concern.center):
        raise PermissionDenied
    if request.method != "POST":
        return publish_page(request, concern)
    do = {
        "save": (actions.save_summary, _("The draft is saved.")),
        "approve": (actions.approve_summary, _("The text is approved.")),
        "unpublish": (unpublish, _("The text is taken back.")),
    }.get(request.POST.get("do"))
    if do is None:
        return publish_page(request, concern, status=422)
    return act(request, reference, SummaryForm, *do, show=publish_page)


def unpublish(*, concern, by, version, **texts):
    return actions.unpublish(concern=concern, by=by, version=version)


def publish_page(request, concern, status=200, is_stale=False, summary_form=None):
    if concern.is_confidential:
        actions.note_reading(concern=concern, by=request.user)
    return render(
        request,
        "desk/publish.html",
        {
            "concern": concern,
            "is_stale": is_stale,
            "may": permissions(request.user, concern.center),
            "form": summary_form or make(SummaryForm, concern=concern, by=request.user),
        },
        status=status,
    )
