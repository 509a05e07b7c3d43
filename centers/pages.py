"""What a page may leave behind: nothing, or a copy in every cache for a minute."""

from functools import wraps

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.cache import add_never_cache_headers, patch_cache_control

from .models import Center


def find_center(request, slug):
    """Return the centre of an address and remember it for the page's frame."""
    request.center = get_object_or_404(Center, slug=slug)
    return request.center


def public_page(view):
    """The same bytes for everyone; kept for a minute at most, so unpublishing works."""

    @wraps(view)
    def wrapper(request, *args, **kwargs):
        request.is_public = True
        response = view(request, *args, **kwargs)
        patch_cache_control(response, public=True, max_age=60)
        return response

    return wrapper


def traceless_page(view):
    """A page of which a shared phone keeps no copy, and no search engine a line."""

    @wraps(view)
    def wrapper(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        add_never_cache_headers(response)
        response["X-Robots-Tag"] = "noindex"
        return response

    return wrapper


def closing(response, seconds):
    """Let a page give way to the one for typing a code, after so many seconds."""
    response["Refresh"] = f"{seconds}; url={reverse('follow:enter')}"
    return response
