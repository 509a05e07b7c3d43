from django.urls import path

from .views import public

app_name = "meetings"

urlpatterns = [
    path("meetings/", public.meeting_list, name="list"),
    path("meetings.ics", public.feed, name="feed"),
    path("meetings/<slug:reference>/", public.detail, name="detail"),
    path("meetings/<slug:reference>.ics", public.event, name="event"),
]
