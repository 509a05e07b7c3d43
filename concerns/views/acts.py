"""What the staff do with a concern: each act is a form, an action and a word of it."""

from django.contrib import messages
from django.core.exceptions import (
    ObjectDoesNotExist,
    PermissionDenied,
    ValidationError,
)
from django.forms import CharField
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from centers.pages import posted_from
from centers.permissions import memberships_of, permissions
from centers.sessions import step_up

from .. import actions
from ..actions.giving import HANDLERS
from ..actions.status import day_of_answer
from ..forms import (
    ChangeForm,
    IdentityForm,
    LevelForm,
    MessageForm,
    MoveForm,
    RegisterForm,
    ReleaseForm,
    WordedForm,
)
from ..models import Concern, TextTemplate
from .apart import APART
from .desk import acts_for, find, forms_for, make, note_reading, page

# Numbers and choices are quickly made again; a sentence is not.
SHORT = 15


def act(request, reference, name, form_class, do, done, show=page):
    """Do what a form asks; come back to the concern, or show it with what is wrong."""
    concern = find(request, reference)
    if "insert" in request.POST and issubclass(form_class, WordedForm):
        return insert(request, concern, name, form_class)
    form = make(form_class, name, request.POST, concern=concern, by=request.user)
    if not form.is_valid():
        # What was chosen may be wrong only because somebody was faster.
        if form.is_outdated:
            return overtaken(request, reference, name, form, show)
        return show(request, concern, status=422, **{f"{name}_form": form})
    if form.asks_again:
        step_up(request)
    try:
        do(concern=concern, by=request.user, **form.cleaned_data)
    except ValidationError as error:
        form.add_error(None, error)
        return show(request, concern, status=422, **{f"{name}_form": form})
    except Concern.DoesNotExist:
        raise Http404 from None
    except (actions.Stale, actions.MoveNotAllowed):
        return overtaken(request, reference, name, form, show)
    messages.success(request, getattr(form, "done", done))
    return come_back(request, reference)


def typed_in(request, form):
    """Return what stands in the fields of a form that was sent, unjudged."""
    return {
        name: field.widget.value_from_datadict(request.POST, {}, name)
        for name, field in form.fields.items()
    }


def insert(request, concern, name, form_class):
    """Put a ready text below what is typed so far; nothing is done yet."""
    typed = typed_in(request, make(form_class, name, concern=concern, by=request.user))
    text = (
        TextTemplate.objects.offered(concern)
        .filter(reference=(typed.get("template") or "").replace("\0", ""))
        .first()
    )
    if text is None:
        messages.warning(request, _("Choose a ready text first."))
    else:
        words = form_class.words
        if "target" in typed:
            typed["target"] = typed["target"] or text.use
        day = day_of_answer(concern, typed.get("target"))
        said = text.filled(concern, day, body=typed.get("body") or "")
        typed[words] = "\n\n".join(filter(None, [typed[words], said]))
    typed["template"] = ""
    form = make(form_class, name, initial=typed, concern=concern, by=request.user)
    # The page opens where he goes on writing.
    form.fields[form_class.words].widget.attrs["autofocus"] = True
    form.is_kept = True
    return page(request, concern, **{f"{name}_form": form})


def overtaken(request, reference, name, sent, show):
    """Show a concern's new state to who was too late, with every word he typed."""
    concern = find(request, reference)
    if sent.is_second_press(concern):
        messages.success(request, _("It is sent: once is enough."))
        return redirect("desk:concern", reference)
    form_class = type(sent)
    typed = typed_in(request, make(form_class, name, concern=concern, by=request.user))
    typed["version"] = concern.version
    form = make(form_class, name, initial=typed, concern=concern, by=request.user)
    form.is_kept = True
    words = left_over(request, form)
    if show is page and f"{name}_form" not in forms_for(request.user, concern):
        # Done already by whoever was faster: the words remain, the button does not.
        said = (text for text in typed.values() if isinstance(text, str))
        words = [text for text in said if len(text) > SHORT] + words
        return show(request, concern, status=409, is_stale=True, words=words)
    kept = {f"{name}_form": form} | ({"words": words} if words else {})
    return show(request, concern, status=409, is_stale=True, **kept)


def left_over(request, form):
    """Return what was typed into fields that the form has no more in the new state."""
    typed = (
        request.POST.get(name, "").strip()
        for name, field in form.base_fields.items()
        if name not in form.fields and isinstance(field, CharField)
    )
    return list(filter(None, typed))


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
    except (
        *(actions.Stale, actions.MoveNotAllowed),
        *(Concern.DoesNotExist, PermissionDenied),
    ):
        # By a press just before.
        if concern.assignments.live().filter(user=request.user).exists():
            messages.success(request, _("You handle it now."))
        else:
            words = _("Somebody was faster: see who handles it now.")
            messages.warning(request, words)
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
    # Allowed by another, the look has its reason already.
    if not form.is_valid() and not concern.is_look_granted:
        return page(request, concern, status=422, identity_form=form)
    step_up(request)
    reason = form.cleaned_data.get("reason", "")
    try:
        person = actions.look_at_identity(
            concern=concern, by=request.user, reason=reason
        )
    except actions.SecondPersonNeeded:
        return ask_for_identity(request, concern, form, reason)
    except Concern.DoesNotExist:
        raise Http404 from None
    except ValidationError as error:
        form.add_error(None, error)
        return page(request, concern, status=422, identity_form=form)
    return page(request, concern, identity=person)


def ask_for_identity(request, concern, form, reason):
    try:
        actions.ask_for_identity(concern=concern, by=request.user, reason=reason)
    except Concern.DoesNotExist:
        raise Http404 from None
    except ValidationError as error:
        form.add_error(None, error)
        return page(request, concern, status=422, identity_form=form)
    messages.success(request, _("You have asked. The answer will stand here."))
    return redirect("desk:concern", concern.reference)


@posted_from("desk:concern", find)
def answer_wish(request, reference):
    """Let a handler know who filed it, or not."""
    concern = find(request, reference)
    wish = request.POST.get("wish", "")
    answer = request.POST.get("answer")
    if answer not in ("allow", "refuse") or not (wish.isascii() and wish.isdecimal()):
        return page(request, concern, status=422)
    step_up(request)
    try:
        actions.answer_wish(
            concern=concern,
            wish=int(wish[:18]),
            is_granted=answer == "allow",
            by=request.user,
        )
    except ObjectDoesNotExist:
        messages.warning(request, _("This wish waits no more."))
    else:
        messages.success(request, _("Your answer is recorded."))
    return come_back(request, reference)
