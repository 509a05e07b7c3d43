from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from meetings.views import calendar

from . import explained, health, home, machines

handler400 = "kaab.errors.bad_request"
handler403 = "kaab.errors.forbidden"
handler404 = "kaab.errors.not_found"
handler429 = "kaab.errors.too_many"
handler500 = "kaab.errors.server_error"

home_patterns = [
    path("", home.directory, name="directory"),
    path("about/", explained.about, name="about"),
    path("help/", explained.help_page, name="help"),
    path("help/<slug:role>/", explained.guide, name="guide"),
    path("privacy/", explained.privacy, name="privacy"),
    path("accessibility/", explained.accessibility, name="accessibility"),
    path("leave/", home.leave, name="leave"),
    path("<slug:slug>/", home.center, name="center"),
]

urlpatterns = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("robots.txt", machines.robots, name="robots"),
    path("sitemap.xml", machines.sitemap, name="sitemap"),
    path("ky/", home.typed_language, name="ky"),
    path("ky/<path:rest>", home.typed_language, name="ky_page"),
    path("kg/", home.typed_language, name="kg"),
    path("kg/<path:rest>", home.typed_language, name="kg_page"),
    # In its member's language, whatever the address.
    path("calendar/<str:token>.ics", calendar.feed, name="calendar"),
    path("admin/", admin.site.urls),
    *i18n_patterns(
        path("manifest.webmanifest", machines.manifest, name="manifest"),
        path("", include("centers.account_urls")),
        path("follow/", include("concerns.follow_urls")),
        path("invited/", include("meetings.invited_urls")),
        path("follow/concern/promise/", include("meetings.follow_urls")),
        path("desk/", include("kaab.desk_urls")),
        path("", include((home_patterns, "home"))),
        path("<slug:slug>/concerns/", include("concerns.urls")),
        path("<slug:slug>/", include("meetings.urls")),
        prefix_default_language=False,
    ),
]
