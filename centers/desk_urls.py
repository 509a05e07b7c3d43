from django.urls import path

from .views import desk

urlpatterns = [
    path("<slug:slug>/", desk.members, name="members"),
    path("<slug:slug>/invite/", desk.invite, name="invite"),
    path(
        "<slug:slug>/invitations/<slug:mark>/withdraw/",
        desk.withdraw_invitation,
        name="withdraw_invitation",
    ),
    path("<slug:slug>/<slug:reference>/", desk.member, name="member"),
    path("<slug:slug>/<slug:reference>/end/", desk.end, name="end_membership"),
    path(
        "<slug:slug>/<slug:reference>/password/",
        desk.give_link,
        {"is_new_start": False},
        name="give_link",
    ),
    path(
        "<slug:slug>/<slug:reference>/new-start/",
        desk.give_link,
        {"is_new_start": True},
        name="give_new_start",
    ),
]
