from django.urls import path

from . import views

urlpatterns = [
    path("<slug:slug>/", views.members, name="members"),
    path("<slug:slug>/invite/", views.invite, name="invite"),
    path(
        "<slug:slug>/invitations/<slug:mark>/withdraw/",
        views.withdraw_invitation,
        name="withdraw_invitation",
    ),
    path("<slug:slug>/<slug:reference>/", views.member, name="member"),
    path("<slug:slug>/<slug:reference>/end/", views.end, name="end_membership"),
]
