"""Photos: taken after the words, shown to those who may read the words."""

from csp.constants import NONE
from csp.decorators import csp
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from centers import limits
from centers.pages import closing, find_center, posted_from, traceless_page

from .. import actions
from ..forms import PhotoForm
from ..models import Concern, Photo
from . import desk, filing, follow

# Each costs the server a look, whether it is kept or not.
PHOTOS = ("photo", 60, 60 * 60)

takes_photos = sensitive_post_parameters()
# In a picture that is opened by itself nothing can be run.
by_itself = csp({"default-src": [NONE], "sandbox": True})


@takes_photos
@traceless_page
@posted_from("follow:concern")
def add(request):
    concern = follow.followed(request)
    if concern is None:
        return follow.closed(is_unsent=True)
    form = PhotoForm(request.POST, request.FILES, concern=concern)
    if not is_kept(concern, form):
        forms = follow.typed(request.POST) | {"photo_form": form}
        return follow.page(request, concern, status=422, **forms)
    return follow.back(request, "?photo#photos", form, is_photo_kept=True)


@takes_photos
@traceless_page
@posted_from("concerns:receipt", find_center)
def add_to_receipt(request, slug):
    concern = filing.receipted(request, slug)
    if concern is None:
        return follow.closed()
    form = PhotoForm(request.POST, request.FILES, concern=concern)
    if not is_kept(concern, form):
        return filing.receipt_page(request, concern, form, status=422)
    return redirect("concerns:receipt", slug)


def is_kept(concern, form):
    """Keep the photo of a form; tell whether it is kept, or what is wrong beside it."""
    name, limit, seconds = PHOTOS
    if not limits.hit(name, concern.pk, limit=limit, seconds=seconds):
        form.add_error(
            "photo", _("Many photos have come: send the next one in an hour.")
        )
    elif form.is_valid():
        try:
            actions.add_photo(
                concern=concern,
                file=form.cleaned_data["photo"],
                may_show=form.cleaned_data.get("may_show", False),
            )
        except ValidationError as error:
            form.add_error(None, error)
    return form.is_valid()


@require_safe
@traceless_page
def own_page(request, name):
    """The page of a photo that the reporter sent: with a way back, and one out."""
    concern = follow.followed(request)
    if concern is None:
        return follow.closed()
    photo = get_object_or_404(concern.photos, name=name)
    response = render(request, "follow/photo.html", {"photo": photo})
    return closing(response, settings.FOLLOW_IDLE_SECONDS)


@require_safe
@by_itself
@traceless_page
def own(request, name):
    """A photo that the reporter sent, small: to see that it is the right one."""
    concern = follow.followed(request)
    if concern is None:
        return follow.closed()
    return answer(get_object_or_404(concern.photos, name=name), Photo.Size.SMALL)


@require_safe
@by_itself
@traceless_page
def for_staff(request, reference, name, size=Photo.Size.LARGE):
    concern = get_object_or_404(
        Concern.objects.visible_to(request.user), reference=reference
    )
    desk.note_reading(request, concern)
    return answer(get_object_or_404(concern.photos, name=name), size)


def answer(photo, size):
    try:
        content = photo.read(size)
    except FileNotFoundError:
        raise Http404 from None
    response = HttpResponse(content, content_type="image/jpeg")
    response["Content-Disposition"] = 'inline; filename="photo.jpg"'
    return response
