"""Photos for publication: what is covered, what is cleared, what everyone is given."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from centers import pictures
from centers.pages import FRESH_SECONDS, find_center

from .. import actions
from ..actions.public_photos import boxes_of
from ..forms import ChangeForm, CoverForm
from ..models import Concern, Photo, PublicPhoto
from .desk import find, make, note_reading
from .photos import answer, by_itself
from .publication import need_publisher

# Pixels: on a phone none is beside the screen, on a computer a plate can be read. A
# press tells where it was in pixels of what is shown: its size is never the browser's.
WIDTHS = {"small": 300, "large": 900}
CORNER = ("at.x", "at.y")


@require_safe
@by_itself
def for_everyone(request, slug, reference, name, size):
    """A cleared photo; whether everyone may see it is asked each time."""
    copy = get_object_or_404(
        PublicPhoto.objects.public(),
        photo__concern__center=find_center(request, slug),
        photo__concern__reference=reference,
        name=name,
    )
    response = answer(copy, size)
    patch_cache_control(response, public=True, max_age=FRESH_SECONDS)
    return response


def find_photo(request, reference, name):
    concern = find(request, reference)
    photos = concern.photos.select_related("cleared").prefetch_related("covers")
    photo = get_object_or_404(photos, name=name)
    photo.concern = concern
    need_publisher(request, concern)
    return photo


@require_safe
@by_itself
def sketch(request, reference, name):
    """The photo with its covers, and the corner that was chosen of the next."""
    photo = find_photo(request, reference, name)
    note_reading(request, photo.concern)
    width = width_in(request.GET)
    mark = point_in(request.GET, ("x", "y"))
    try:
        original = photo.read(Photo.Size.LARGE)
        content = pictures.sketched(original, boxes_of(photo), width=width, mark=mark)
    except (FileNotFoundError, pictures.NotAPicture):
        raise Http404 from None
    response = HttpResponse(content, content_type="image/jpeg")
    response["Content-Disposition"] = 'inline; filename="photo.jpg"'
    return response


def width_in(sent):
    return WIDTHS.get(sent.get("size"), WIDTHS["small"])


def point_in(sent, names):
    """Return a point that was sent as two numbers, or None."""
    numbers = [sent.get(name, "") for name in names]
    if all(number.isdecimal() and len(number) < 5 for number in numbers):
        return tuple(int(number) for number in numbers)
    return None


@require_http_methods(["GET", "HEAD", "POST"])
def clear(request, reference, name):
    """The page of one photo: cover parts of it, let everyone see it, take it back."""
    photo = find_photo(request, reference, name)
    if request.method != "POST":
        return photo_page(request, photo)
    do = request.POST.get("do", "")
    if point := point_in(request.POST, CORNER):
        return press(request, photo, point)
    if do == "cover":
        return cover(request, photo, request.POST)
    if do.startswith("uncover-"):
        number = do.removeprefix("uncover-")
        number = int(number) if number.isdecimal() and len(number) < 19 else 0
        form = make(
            ChangeForm, "photo", request.POST, concern=photo.concern, by=request.user
        )
        uncover = partial(actions.uncover, cover=number)
        return change(request, photo, form, uncover, _("Not covered any more."))
    acts = {
        "clear": (actions.clear, _("The photo is cleared for publication.")),
        "withhold": (actions.withhold, _("The photo is taken back.")),
    }
    if do not in acts:
        return photo_page(request, photo, status=422)
    form = make(
        ChangeForm, "photo", request.POST, concern=photo.concern, by=request.user
    )
    return change(request, photo, form, *acts[do])


def press(request, photo, point):
    """Take the first press as one corner, the second as the one across."""
    first = point_in(request.POST, ("from_x", "from_y"))
    if first is None:
        return photo_page(request, photo, first=point)
    width = width_in(request.POST)
    height = pictures.height_at(width, (photo.width, photo.height))
    (left, right), (top, bottom) = (
        sorted(pair) for pair in zip(first, point, strict=True)
    )
    # Outwards to whole percents: rather too much is covered than too little.
    sent = {
        "version": request.POST.get("version"),
        "left": percent(left, width),
        "top": percent(top, height),
        "right": percent(right + 1, width, up=True),
        "bottom": percent(bottom + 1, height, up=True),
    }
    return cover(request, photo, sent)


def percent(place, whole, up=False):
    exact = min(place, whole) * 100
    return min(-(-exact // whole) if up else exact // whole, 100 if up else 99)


def cover(request, photo, sent):
    form = make(CoverForm, "cover", sent, concern=photo.concern, by=request.user)
    return change(request, photo, form, actions.cover, _("It is covered."))


def change(request, photo, form, do, done):
    """Do what a form asks; come back to the photo, or show it with what is wrong."""
    show = {"cover_form": form} if isinstance(form, CoverForm) else {"photo_form": form}
    if not form.is_valid():
        return photo_page(request, photo, status=422, **show)
    try:
        do(photo=photo, by=request.user, **form.cleaned_data)
    except ValidationError as error:
        form.add_error(None, error)
        return photo_page(request, photo, status=422, **show)
    except (Concern.DoesNotExist, Photo.DoesNotExist):
        raise Http404 from None
    except actions.Stale:
        photo = find_photo(request, photo.concern.reference, photo.name)
        return photo_page(request, photo, status=409)
    messages.success(request, done)
    response = redirect("desk:clear_photo", photo.concern.reference, photo.name)
    if width_in(request.POST) == WIDTHS["large"]:
        response["Location"] += "?size=large"
    return response


def photo_page(
    request, photo, status=200, first=None, cover_form=None, photo_form=None
):
    note_reading(request, photo.concern)
    sent = request.POST if request.method == "POST" else request.GET
    size = "large" if sent.get("size") == "large" else "small"
    width = WIDTHS[size]
    return render(
        request,
        "desk/clear_photo.html",
        {
            "concern": photo.concern,
            "photo": photo,
            "covers": photo.covers.all(),
            "is_cleared": hasattr(photo, "cleared"),
            "is_stale": status == 409,
            "first": first,
            "size": size,
            "width": width,
            "height": pictures.height_at(width, (photo.width, photo.height)),
            "photo_form": photo_form,
            "form": cover_form
            or make(CoverForm, "cover", concern=photo.concern, by=request.user),
        },
        status=status,
    )
