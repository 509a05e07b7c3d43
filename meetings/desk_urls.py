from django.urls import path

from .views import desk, proposals

urlpatterns = [
    path("", desk.meeting_list, name="meetings"),
    path("new/<slug:slug>/", desk.schedule, name="new_meeting"),
    path("propose/<slug:reference>/", proposals.propose, name="propose"),
    path("propose/<slug:reference>/back/", proposals.take_back, name="take_back"),
    path("<slug:reference>/", desk.meeting, name="meeting"),
    path("<slug:reference>/edit/", desk.edit, name="edit_meeting"),
    path("<slug:reference>/publish/", desk.publish, name="publish_meeting"),
    path("<slug:reference>/cancel/", desk.cancel, name="cancel_meeting"),
    path("<slug:reference>/discard/", desk.discard, name="discard_meeting"),
    path("<slug:reference>/hold/", desk.hold, name="hold_meeting"),
    path("<slug:reference>/concern/", desk.add_concern, name="add_concern"),
    path("<slug:reference>/topic/", desk.add_topic, name="add_topic"),
    path("<slug:reference>/arrange/", desk.arrange, name="arrange"),
    path("<slug:reference>/decide/", desk.decide, name="decide"),
    path("<slug:reference>/postpone/", desk.postpone, name="postpone"),
    path("<slug:reference>/action/", desk.add_action, name="add_action"),
]
