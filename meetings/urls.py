from django.urls import path

from .models import ActionPhoto
from .views import photos, plan, protocol, public

app_name = "meetings"

urlpatterns = [
    path("plan/", plan.plan, name="plan"),
    path("plan/<slug:reference>/", plan.action, name="action"),
    path(
        "plan/<slug:reference>/photos/<slug:name>/",
        photos.for_everyone,
        {"size": ActionPhoto.Size.LARGE},
        name="action_photo",
    ),
    path(
        "plan/<slug:reference>/photos/<slug:name>/small/",
        photos.for_everyone,
        {"size": ActionPhoto.Size.SMALL},
        name="small_action_photo",
    ),
    path("plan.xlsx", plan.sheet, name="plan_sheet"),
    path("meetings/", public.meeting_list, name="list"),
    path("meetings.ics", public.feed, name="feed"),
    path("meetings/<slug:reference>/", public.detail, name="detail"),
    path("meetings/<slug:reference>.ics", public.event, name="event"),
    path("meetings/<slug:reference>/protocol/", protocol.page, name="protocol"),
    path(
        "meetings/<slug:reference>/protocol/<int:number>/",
        protocol.version,
        name="protocol_version",
    ),
    path(
        "meetings/<slug:reference>/protocol.pdf",
        protocol.file,
        {"form": "pdf"},
        name="protocol_pdf",
    ),
    path(
        "meetings/<slug:reference>/protocol.docx",
        protocol.file,
        {"form": "docx"},
        name="protocol_docx",
    ),
]
