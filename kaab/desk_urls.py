from django.urls import include, path

from . import desk

app_name = "desk"

urlpatterns = [
    path("", desk.today, name="today"),
    path("concerns/", include("concerns.desk_urls")),
    path("meetings/", include("meetings.desk_urls")),
    path("members/", include("centers.desk_urls")),
]
