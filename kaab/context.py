from django.conf import settings
from django.utils.functional import SimpleLazyObject
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

from centers.models import Center


def site(request):
    """Give every template its frame: style, switch of languages, the demo's band."""
    return {
        "inline_style": style(),
        "site_name": settings.SITE_NAME,
        "languages": list(switch(request)),
        "is_demo": SimpleLazyObject(lambda: is_demo(request)),
        "center": getattr(request, "center", None),
    }


def style():
    # Our own file, whose hash stands in the Content-Security-Policy.
    return mark_safe(settings.INLINE_STYLE)  # noqa: S308


def switch(request):
    """Yield each language with this page's address in it; an error page's is home."""
    path = request.get_full_path()
    unprefixed = path[3:] if path.startswith("/ru/") else path
    is_error = getattr(request, "is_error", False)
    for code, name in settings.LANGUAGES:
        prefix = "" if code == settings.LANGUAGE_CODE else f"/{code}"
        yield {
            "code": code,
            "name": name,
            "url": f"{prefix}/" if is_error else prefix + unprefixed,
            "current": code == get_language(),
        }


def is_demo(request):
    center = getattr(request, "center", None)
    return center.is_demo if center else Center.objects.filter(is_demo=True).exists()
