from django.urls import path

from . import page_views

urlpatterns = [
    path("<slug:slug>/", page_views.edit, name="center_page"),
    path("<slug:slug>/publish/", page_views.publish, name="publish_page"),
    path("<slug:slug>/discard/", page_views.discard, name="discard_page"),
    path(
        "<slug:slug>/versions/<int:number>/restore/",
        page_views.restore,
        name="restore_page",
    ),
    path(
        "<slug:slug>/members/<slug:reference>/",
        page_views.show_member,
        name="show_member",
    ),
]
