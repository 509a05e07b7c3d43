from django.urls import path

from .views import page, terms

urlpatterns = [
    path("<slug:slug>/", page.edit, name="center_page"),
    path("<slug:slug>/terms/", terms.terms, name="terms"),
    path("<slug:slug>/publish/", page.publish, name="publish_page"),
    path("<slug:slug>/discard/", page.discard, name="discard_page"),
    path(
        "<slug:slug>/versions/<int:number>/restore/",
        page.restore,
        name="restore_page",
    ),
    path(
        "<slug:slug>/members/<slug:reference>/",
        page.show_member,
        name="show_member",
    ),
]
