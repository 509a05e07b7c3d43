from django.urls import include, path

from . import desk, home

app_name = "desk"

urlpatterns = [
    path("", desk.today, name="today"),
    path("search/", desk.search, name="search"),
    path("styleguide/", desk.styleguide, name="styleguide"),
    path("concerns/", include("concerns.desk_urls")),
    path("centers/<slug:slug>/problems/", include("concerns.problem_urls")),
    path("meetings/", include("meetings.desk_urls")),
    path("actions/", include("meetings.desk_action_urls")),
    path("members/", include("centers.desk_urls")),
    path("center/", include("centers.page_urls")),
    path("center/<slug:slug>/questions/", include("concerns.question_urls")),
    path("center/<slug:slug>/rules/", include("meetings.rules_urls")),
    path("centers/<slug:slug>/plan/", include("meetings.plan_urls")),
    path("centers/<slug:slug>/templates/", include("concerns.template_urls")),
    path("center/<slug:slug>/preview/", home.preview, name="preview_page"),
    path(
        "center/<slug:slug>/versions/<int:number>/", home.version, name="page_version"
    ),
]
