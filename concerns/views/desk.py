"""The staff's side of a concern: what waits, one concern, and every act upon it."""

from collections.abc import Callable
from typing import NamedTuple

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Exists, OuterRef, Subquery
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_safe,
)

from centers.pages import posted_from
from centers.paging import cut, page_number
from centers.permissions import Permission, memberships_of, need_work, permissions
from centers.sessions import step_up

from .. import actions
from ..actions.handling import HANDLERS
from ..forms import (
    AssignForm,
    CategoryForm,
    ChangeForm,
    IdentityForm,
    LevelForm,
    MessageForm,
    MoveForm,
    QueueForm,
    RegisterForm,
    ReleaseForm,
    SummaryForm,
)
from ..models import Category, Concern, Photo
from ..workflow import ENDED, Status

P = Permission


class Apart(NamedTuple):
    permission: Permission
    form_class: type
    do: Callable
    title: str
    done: str


# Acts whose forms ask for lists of their own: each on a page of its own, so that
# looking at a concern asks for none of them.
APART = {
    "assign": Apart(
        P.ASSIGN_CONCERN,
        AssignForm,
        actions.assign,
        gettext_lazy("Give to"),
        gettext_lazy("It is handed over."),
    ),
    "category": Apart(
        P.REGISTER_CONCERN,
        CategoryForm,
        actions.categorise,
        gettext_lazy("Change the category"),
        gettext_lazy("The category is changed."),
    ),
}
# Numbers and choices are quickly made again; a sentence is not.
SHORT = 15


@require_safe
def queue(request):
    need_work(request.user)
    form = QueueForm(request.GET)
    number = page_number(request)
    concerns = form.apply(
        Concern.objects.visible_to(request.user).in_rows(), request.user
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
    need_work(request.user)
    number = page_number(request)
    concerns = (
        Concern.objects.summarised_to(request.user)
        .in_rows()
        .order_by("-approved_at", "-pk")
    )
    rows, following = cut(concerns, number, size=25)
    return render(
        request,
        "desk/summaries.html",
        {"concerns": rows, "page": number, "next": following},
    )


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


def act(request, reference, name, form_class, do, done, show=page):
    """Do what a form asks; come back to the concern, or show it with what is wrong."""
    concern = find(request, reference)
    form = make(form_class, name, request.POST, concern=concern, by=request.user)
    if not form.is_valid():
        # What was chosen may be wrong only because somebody was faster.
        if form.is_outdated:
            return overtaken(request, reference, name, form_class, show)
        return show(request, concern, status=422, **{f"{name}_form": form})
    try:
        do(concern=concern, by=request.user, **form.cleaned_data)
    except ValidationError as error:
        form.add_error(None, error)
        return show(request, concern, status=422, **{f"{name}_form": form})
    except Concern.DoesNotExist:
        raise Http404 from None
    except (actions.Stale, actions.MoveNotAllowed):
        return overtaken(request, reference, name, form_class, show)
    messages.success(request, done)
    return come_back(request, reference)


def overtaken(request, reference, name, form_class, show):
    """Show a concern's new state to who was too late, with every word he typed."""
    concern = find(request, reference)
    fields = make(form_class, name, concern=concern, by=request.user).fields
    typed = {field: request.POST.get(field, "") for field in fields}
    typed["version"] = concern.version
    form = make(form_class, name, initial=typed, concern=concern, by=request.user)
    form.is_kept = True
    if show is page and f"{name}_form" not in forms_for(request.user, concern):
        # Done already by whoever was faster: the words remain, the button does not.
        words = [text for text in typed.values() if len(str(text)) > SHORT]
        return show(request, concern, status=409, is_stale=True, words=words)
    return show(request, concern, status=409, is_stale=True, **{f"{name}_form": form})


def come_back(request, reference):
    concern = Concern.objects.visible_to(request.user).filter(reference=reference)
    return redirect("desk:concern", reference) if concern else redirect("desk:concerns")


@posted_from("desk:concern", find)
def register(request, reference):
    done = _("Registered.")
    return act(request, reference, "register", RegisterForm, actions.register, done)


@posted_from("desk:concern", find)
def move(request, reference):
    done = _("The status is changed.")
    return act(request, reference, "move", MoveForm, actions.move, done)


@posted_from("desk:concern", find)
def set_level(request, reference):
    done = _("Level changed.")
    return act(request, reference, "level", LevelForm, actions.set_level, done)


@posted_from("desk:concern", find)
def send_message(request, reference):
    done = _("Sent.")
    return act(request, reference, "message", MessageForm, actions.send_message, done)


@posted_from("desk:concern", find)
def release(request, reference):
    done = _("Given back.")
    return act(request, reference, "release", ReleaseForm, actions.release, done)


@require_http_methods(["GET", "HEAD", "POST"])
def apart(request, reference, name):
    """An act that has a page of its own."""
    concern = find(request, reference)
    if APART[name].permission not in permissions(request.user, concern.center):
        raise PermissionDenied
    if request.method == "POST":
        return act_apart(request, reference, name, APART[name].done)
    acts = acts_for(request.user, concern)
    if name not in acts:
        return redirect(concern.get_desk_url())
    form = make(acts[name], name, concern=concern, by=request.user)
    return apart_page(request, concern, name, form=form)


def act_apart(request, reference, name, done):
    def show(request, concern, status, is_stale=False, **forms):
        [form] = forms.values()
        return apart_page(request, concern, name, status, is_stale, form)

    it = APART[name]
    return act(request, reference, name, it.form_class, it.do, done, show)


def apart_page(request, concern, name, status=200, is_stale=False, form=None):
    note_reading(request, concern)
    return render(
        request,
        "desk/act.html",
        {
            "concern": concern,
            "title": APART[name].title,
            "action": reverse(f"desk:{name}", args=[concern.reference]),
            "form": form,
            "is_stale": is_stale,
        },
        status=status,
    )


@posted_from("desk:concern", find)
def take(request, reference):
    """Do by one button what else is chosen: one's own side, and oneself."""
    concern = find(request, reference)
    form = make(ChangeForm, "take", request.POST, concern=concern, by=request.user)
    partner = side_of(request.user, concern)
    try:
        actions.assign(
            concern=concern,
            partner=partner,
            person=request.user,
            by=request.user,
            version=form.cleaned_data["version"] if form.is_valid() else None,
        )
    except (actions.Stale, actions.MoveNotAllowed, PermissionDenied):
        messages.warning(request, _("Somebody was faster: see who handles it now."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("You handle it now."))
    return come_back(request, reference)


def side_of(user, concern):
    """Return the partner for which a person would handle a concern, or None."""
    return next(
        (
            m.partner
            for m in memberships_of(user)
            if m.center_id == concern.center_id and m.role in HANDLERS
        ),
        None,
    )


@posted_from("desk:concern", find)
def identity(request, reference):
    concern = find(request, reference)
    form = make(
        IdentityForm, "identity", request.POST, concern=concern, by=request.user
    )
    if not form.is_valid():
        return page(request, concern, status=422, identity_form=form)
    step_up(request)
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
    return act(request, reference, "summary", SummaryForm, *do, show=publish_page)


def unpublish(*, concern, by, version, **texts):
    return actions.unpublish(concern=concern, by=by, version=version)


def publish_page(request, concern, status=200, is_stale=False, summary_form=None):
    note_reading(request, concern)
    return render(
        request,
        "desk/publish.html",
        {
            "concern": concern,
            "is_stale": is_stale,
            "may": permissions(request.user, concern.center),
            "form": summary_form
            or make(SummaryForm, "summary", concern=concern, by=request.user),
        },
        status=status,
    )
