from django.urls import path

from .views import plan, protocol, public

app_name = "meetings"

urlpatterns = [
    path("plan/", plan.plan, name="plan"),
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
