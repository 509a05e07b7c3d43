from django.conf import settings
from django.utils.functional import SimpleLazyObject
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

from centers.models import Center
from centers.permissions import centers_of


def site(request):
    """Give every template its frame: style, switch of languages, the demo's band."""
    return {
        "inline_style": style(),
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
        "is_public": getattr(request, "is_public", False)
        and not getattr(request, "is_error", False),
        "languages": list(switch(request)),
        "is_demo": SimpleLazyObject(lambda: is_demo(request)),
        "center": getattr(request, "center", None),
    }


def style():
    # Our own file, whose hash stands in the Content-Security-Policy.
    return mark_safe(settings.INLINE_STYLE)  # noqa: S308  # nosec


def switch(request):
    """Yield each language with this page's address in it; an error page's is home."""
    path = request.get_full_path()
    unprefixed = path[3:] if path.startswith("/ru/") else path
    is_error = getattr(request, "is_error", False)
    addresses = in_every_language("/" if is_error else unprefixed)
    for code, name in settings.LANGUAGES:
        yield {
            "code": code,
            "name": name,
            "url": addresses[code],
            "current": code == get_language(),
        }


def in_every_language(path):
    """Return the address in each language, by its code, of an unprefixed one."""
    return {
        code: path if code == settings.LANGUAGE_CODE else f"/{code}{path}"
        for code, _name in settings.LANGUAGES
    }


def is_demo(request):
    if center := getattr(request, "center", None):
        return center.is_demo
    if served := centers_of(request.user) if is_desk(request) else []:
        return any(center.is_demo for center in served)
    return Center.objects.filter(is_demo=True).exists()


def is_desk(request):
    # Elsewhere nobody is asked who he is: the page is the same for everyone.
    # Nor is there anybody to ask where the request itself is refused.
    is_asked = hasattr(request, "user")
    return is_asked and request.path_info.removeprefix("/ru").startswith("/desk/")
