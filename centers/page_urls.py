from django.urls import path

from .views import page, poster, terms

urlpatterns = [
    path("<slug:slug>/", page.edit, name="center_page"),
    path("<slug:slug>/terms/", terms.terms, name="terms"),
    path("<slug:slug>/publish/", page.publish, name="publish_page"),
    path("<slug:slug>/discard/", page.discard, name="discard_page"),
    path("<slug:slug>/poster/", poster.poster_page, name="poster"),
    path(
        "<slug:slug>/poster/a4.pdf",
        poster.poster_file,
        {"size": "a4"},
        name="poster_a4",
    ),
    path(
        "<slug:slug>/poster/a5.pdf",
        poster.poster_file,
        {"size": "a5"},
        name="poster_a5",
    ),
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
