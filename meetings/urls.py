from django.urls import path

from .views import plan, public

app_name = "meetings"

urlpatterns = [
    path("plan/", plan.plan, name="plan"),
    path("plan.xlsx", plan.sheet, name="plan_sheet"),
    path("meetings/", public.meeting_list, name="list"),
    path("meetings.ics", public.feed, name="feed"),
    path("meetings/<slug:reference>/", public.detail, name="detail"),
    path("meetings/<slug:reference>.ics", public.event, name="event"),
]
