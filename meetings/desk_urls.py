from django.urls import path

from .views import (
    calendar,
    desk,
    doing,
    inviting,
    proposals,
    protocol,
    recorded_actions,
    run,
)

urlpatterns = [
    path("", desk.meeting_list, name="meetings"),
    path("new/<slug:slug>/", desk.schedule, name="new_meeting"),
    path("propose/<slug:reference>/", proposals.propose, name="propose"),
    path("propose/<slug:reference>/back/", proposals.take_back, name="take_back"),
    path("calendar/", calendar.own, name="calendar"),
    path("<slug:reference>/", desk.meeting, name="meeting"),
    path("<slug:reference>/edit/", desk.edit, name="edit_meeting"),
    path("<slug:reference>/publish/", desk.publish, name="publish_meeting"),
    path("<slug:reference>/cancel/", desk.cancel, name="cancel_meeting"),
    path("<slug:reference>/discard/", desk.discard, name="discard_meeting"),
    path("<slug:reference>/begin/", desk.begin, name="begin_meeting"),
    path("<slug:reference>/invited/", inviting.invited, name="invited"),
    path("<slug:reference>/invited/remind/", inviting.remind, name="remind_invited"),
    path("<slug:reference>/invited/sheet/", inviting.sheet, name="sheet"),
    path(
        "<slug:reference>/invited/<slug:guest>/off/", inviting.take_off, name="take_off"
    ),
    path("<slug:reference>/concern/", desk.add_concern, name="add_concern"),
    path("<slug:reference>/topic/", desk.add_topic, name="add_topic"),
    path("<slug:reference>/waiting/", desk.add_waiting, name="add_waiting"),
    path("<slug:reference>/items/<int:place>/", desk.plan_item, name="plan_item"),
    path("<slug:reference>/arrange/", desk.arrange, name="arrange"),
    path("<slug:reference>/run/", run.run, name="run"),
    path("<slug:reference>/run/attendance/", run.attend, name="attend"),
    path("<slug:reference>/run/end/", run.end, name="end_meeting"),
    path("<slug:reference>/run/<int:place>/", run.item, name="run_item"),
    path("<slug:reference>/run/<int:place>/answers/", run.answer, name="run_answers"),
    path(
        "<slug:reference>/run/<int:place>/action/",
        recorded_actions.add,
        name="add_action",
    ),
    path(
        "<slug:reference>/run/<int:place>/action/<slug:action>/",
        recorded_actions.correct,
        name="correct_action",
    ),
    path(
        "<slug:reference>/run/<int:place>/action/<slug:action>/strike/",
        recorded_actions.strike,
        name="strike_action",
    ),
    path(
        "<slug:reference>/run/judge/<slug:action>/",
        doing.judge,
        name="judge",
    ),
    path("<slug:reference>/protocol/", protocol.desk, name="protocol"),
    path("<slug:reference>/protocol/up/", protocol.put_up, name="put_up_protocol"),
    path(
        "<slug:reference>/protocol/approve/", protocol.approve, name="approve_protocol"
    ),
    path(
        "<slug:reference>/protocol/decline/", protocol.decline, name="decline_protocol"
    ),
    path("<slug:reference>/protocol/amend/", protocol.amend, name="amend_protocol"),
    path(
        "<slug:reference>/protocol/<int:number>/",
        protocol.desk_version,
        name="protocol_version",
    ),
    path(
        "<slug:reference>/protocol/<int:number>/protocol.pdf",
        protocol.desk_file,
        {"form": "pdf"},
        name="protocol_version_pdf",
    ),
    path(
        "<slug:reference>/protocol/<int:number>/protocol.docx",
        protocol.desk_file,
        {"form": "docx"},
        name="protocol_version_docx",
    ),
]
