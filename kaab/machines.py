"""What browsers and search engines ask for by themselves."""

from django.conf import settings
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from centers.models import Center
from centers.pages import public_page
from concerns.models import Concern
from meetings.models import Meeting

from .context import in_every_language
from .explained import GUIDES

# Of no use to anyone who searches. The last one is every form for filing.
NOT_SEARCHED = [
    "/account/",
    "/admin/",
    "/desk/",
    "/follow/",
    "/leave/",
    "/login/",
    "/logout/",
    "/*/concerns/new/",
]
# A file may name fifty thousand addresses; every page has one in each language.
LIMIT = 50_000 // len(settings.LANGUAGES)
# The colours of static/style.css.
PAPER, PINE = "#f8f5ed", "#0d5246"


@require_safe
@public_page
def robots(request):
    lines = ["User-agent: *"]
    for path in NOT_SEARCHED:
        lines += [f"Disallow: {one}" for one in in_every_language(path).values()]
    lines += ["", f"Sitemap: {settings.SITE_URL}{reverse('sitemap')}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain")


@require_safe
@public_page
def sitemap(request):
    """Name every public page; if they are too many for one file, a file a centre.

    `?center=` asks for one centre's pages, and without a slug for the portal's own.
    """
    slug = request.GET.get("center")
    pages = [] if slug else own_pages()
    if slug is None:
        pages += pages_of(Center.objects.all())
    elif slug:
        # PostgreSQL fails at a NUL where it only has to find nothing.
        pages += pages_of(Center.objects.filter(slug=slug.replace("\0", "")))
    if not pages:
        raise Http404
    if slug is None and len(pages) > LIMIT:
        context = {"slugs": ["", *Center.objects.values_list("slug", flat=True)]}
        return render(
            request, "sitemap_index.xml", context, content_type="application/xml"
        )
    pages = [in_every_language(path) | {"x-default": path} for path in pages[:LIMIT]]
    return render(
        request, "sitemap.xml", {"pages": pages}, content_type="application/xml"
    )


def own_pages():
    names = ["directory", "about", "help", "privacy", "accessibility"]
    guides = [reverse("home:guide", args=[role]) for role in GUIDES]
    return [*(reverse(f"home:{name}") for name in names), *guides]


def pages_of(centers):
    """Return the addresses of some centres' pages: never more than a file and one."""
    slugs = list(centers.values_list("slug", flat=True)[: LIMIT + 1])
    lists = ["home:center", "concerns:list", "meetings:list"]
    pages = [reverse(name, args=[slug]) for slug in slugs for name in lists]
    for name, rows in (
        ("concerns:detail", Concern.objects.public()),
        ("meetings:detail", Meeting.objects.public()),
    ):
        found = rows.filter(center__in=centers).values_list("center__slug", "reference")
        pages += [reverse(name, args=args) for args in found[: LIMIT + 1]]
    return pages


@require_safe
@public_page
def manifest(request):
    """Tell a phone how the portal is called and looks among its apps."""
    icons = [
        {
            "src": static(f"icon-{size}.png"),
            "sizes": f"{size}x{size}",
            "type": "image/png",
            "purpose": "any maskable",
        }
        for size in (192, 512)
    ]
    about = {
        "id": "/",
        "name": str(settings.SITE_NAME),
        "short_name": _("LCPC"),
        "lang": get_language(),
        "start_url": reverse("home:directory"),
        "scope": "/",
        "display": "standalone",
        "background_color": PAPER,
        "theme_color": PINE,
        "icons": icons,
    }
    return JsonResponse(
        about,
        content_type="application/manifest+json",
        json_dumps_params={"ensure_ascii": False},
    )
