"""Photos of the work on an action: the desk's, and those that everyone may see."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from centers import limits
from centers.pages import find_center, posted_from, traceless_page
from concerns.views.photos import answer, by_itself

from .. import actions
from ..forms.acting import ShowPhotoForm, WorkPhotoForm
from ..models import Action, ActionPhoto
from . import doing

# Each costs the server a look, whether it is kept or not.
PHOTOS = ("photo of an action", 60, 60 * 60)


def find_to_act(request, reference):
    action = doing.find(request, reference)
    if not actions.executes(request.user, action):
        raise PermissionDenied
    return action


@posted_from("desk:action", find_to_act)
def add(request, reference):
    action = find_to_act(request, reference)
    form = WorkPhotoForm(request.POST, request.FILES, auto_id="photo_%s")
    name, limit, seconds = PHOTOS
    if not limits.hit(name, request.user.pk, limit=limit, seconds=seconds):
        form.add_error(
            "photo", _("Many photos have come: send the next one in an hour.")
        )
    elif form.is_valid():
        try:
            actions.add_photo(action=action, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        except Action.DoesNotExist:
            raise Http404 from None
        else:
            messages.success(request, _("The photo is kept."))
            return redirect("desk:action", reference)
    return doing.page(request, action, 422, photo_form=form)


def find_photo(request, reference, name):
    return get_object_or_404(
        ActionPhoto.objects.visible_to(request.user).select_related(
            "action__partner__center", "by"
        ),
        action__reference=reference,
        name=name,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def photo(request, reference, name):
    """One photo: let everyone see it, take it back, delete it."""
    photo = find_photo(request, reference, name)
    if not actions.executes(request.user, photo.action):
        raise PermissionDenied
    if request.method != "POST":
        return photo_page(request, photo, ShowPhotoForm(instance=photo))
    do = request.POST.get("do")
    form = ShowPhotoForm(request.POST if do == "show" else None, instance=photo)
    try:
        if do == "show" and form.is_valid():
            actions.clear_photo(photo=photo, by=request.user, **form.cleaned_data)
            messages.success(request, _("Everyone sees this photo now."))
        elif do == "hide":
            actions.withhold_photo(photo=photo, by=request.user)
            messages.success(request, _("The photo is taken back."))
        elif do == "delete":
            actions.delete_photo(photo=photo, by=request.user)
            messages.success(request, _("The photo is deleted."))
            return redirect("desk:action", reference)
        else:
            return photo_page(request, photo, form, status=422)
    except ValidationError as error:
        form.add_error(None, error)
        return photo_page(request, photo, form, status=422)
    except actions.Stale:
        photo = find_photo(request, reference, name)
        form.renew(photo.version)
        return photo_page(request, photo, form, status=409)
    except (Action.DoesNotExist, ActionPhoto.DoesNotExist):
        raise Http404 from None
    return redirect("desk:action_photo", reference, name)


def photo_page(request, photo, form, status=200):
    request.center = photo.action.partner.center
    may_publish = actions.publishes(request.user, photo.action)
    return render(
        request,
        "desk/action_photo.html",
        {
            "photo": photo,
            "action": photo.action,
            "form": form,
            "may_publish": may_publish,
            "may_delete": may_publish or not photo.is_cleared,
            "is_wrong": status == 422,
            "is_stale": status == 409,
        },
        status=status,
    )


@require_safe
@by_itself
@traceless_page
def for_members(request, reference, name, size):
    return answer(find_photo(request, reference, name), size)


@require_safe
@by_itself
def for_everyone(request, slug, reference, name, size):
    """A cleared photo; whether everyone may see it is asked each time."""
    photo = get_object_or_404(
        ActionPhoto.objects.public(),
        action__partner__center=find_center(request, slug),
        action__reference=reference,
        name=name,
    )
    response = answer(photo, size)
    # Taken back, it is gone at once: a browser that has it asks before it shows it.
    patch_cache_control(response, public=True, no_cache=True)
    return response
