"""What a page may leave behind: nothing, or a copy in every cache for half a minute."""

from functools import wraps

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.cache import add_never_cache_headers, patch_cache_control
from django.views.decorators.cache import cache_page
from django.views.decorators.http import require_http_methods

from .models import Center
from .style import fitted


def find_center(request, slug):
    """Return the centre of an address and remember it for the page's frame."""
    request.center = get_object_or_404(Center, slug=slug)
    return request.center


# A copy here and one in a browser: what is unpublished is gone within a minute.
FRESH_SECONDS = 30


def public_page(view):
    """The same bytes for everyone; kept for a minute at most, so unpublishing works.

    Staff look at what they have just published, never at a copy of before.
    """
    kept = cache_page(FRESH_SECONDS, cache="pages")(fitted(view))

    @wraps(view)
    def wrapper(request, *args, **kwargs):
        request.is_public = True
        is_staff = settings.SESSION_COOKIE_NAME in request.COOKIES
        response = (view if is_staff else kept)(request, *args, **kwargs)
        patch_cache_control(response, public=True, max_age=FRESH_SECONDS)
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


def posted_from(name, find=None, takes=None):
    """Take what is posted to an address; lead whoever opens it to the page that posts.

    The switch of languages on a page with a mistake does that, and so does a reload.
    `name` is that page's, found by what this address names, or by `takes` alone of it;
    `find` raises Http404 where it is not for this visitor.
    """

    def decorator(view):
        @require_http_methods(["GET", "HEAD", "POST"])
        @wraps(view)
        def wrapper(request, *args, **kwargs):
            if request.method != "POST":
                extra = request.resolver_match.extra_kwargs
                named = {name: kwargs[name] for name in kwargs.keys() - extra.keys()}
                if find:
                    find(request, **named)
                kept = named if takes is None else takes
                return redirect(name, **{one: named[one] for one in kept})
            return view(request, *args, **kwargs)

        return wrapper

    return decorator


def need_own_origin(request):
    """Refuse what another site's page sent, where a form carries no token.

    A session from there would take the place of one's own: browsers say where a form
    was sent from.
    """
    own = f"{request.scheme}://{request.get_host()}"
    if request.headers.get("origin", own) != own:
        raise PermissionDenied


def has_left(request):
    """Tell whether somebody left quickly in this browser, which is still open.

    She does not want it all back on the screen when somebody presses Back.
    """
    return settings.LEFT_COOKIE_NAME in request.COOKIES


def closing(response, seconds):
    """Let a page give way to the one for typing a code, after so many seconds."""
    response["Refresh"] = f"{seconds}; url={reverse('follow:enter')}?closed"
    return response
