from django.urls import path

from .views import desk

urlpatterns = [
    path("", desk.meeting_list, name="meetings"),
    path("new/<slug:slug>/", desk.schedule, name="new_meeting"),
    path("<str:reference>/", desk.meeting, name="meeting"),
    path("<str:reference>/edit/", desk.edit, name="edit_meeting"),
    path("<str:reference>/publish/", desk.publish, name="publish_meeting"),
    path("<str:reference>/cancel/", desk.cancel, name="cancel_meeting"),
    path("<str:reference>/hold/", desk.hold, name="hold_meeting"),
    path("<str:reference>/concern/", desk.add_concern, name="add_concern"),
    path("<str:reference>/topic/", desk.add_topic, name="add_topic"),
    path("<str:reference>/arrange/", desk.arrange, name="arrange"),
    path("<str:reference>/decide/", desk.decide, name="decide"),
]
