from django.urls import path

from .models import Photo
from .views import desk, photos

urlpatterns = [
    path("", desk.queue, name="concerns"),
    path("summaries/", desk.summaries, name="summaries"),
    path("<slug:reference>/", desk.concern, name="concern"),
    path("<slug:reference>/register/", desk.register, name="register"),
    path("<slug:reference>/move/", desk.move, name="move"),
    path("<slug:reference>/assign/", desk.apart, {"name": "assign"}, name="assign"),
    path("<slug:reference>/take/", desk.take, name="take"),
    path(
        "<slug:reference>/category/", desk.apart, {"name": "category"}, name="category"
    ),
    path("<slug:reference>/level/", desk.set_level, name="level"),
    path("<slug:reference>/message/", desk.send_message, name="message"),
    path("<slug:reference>/identity/", desk.identity, name="identity"),
    path("<slug:reference>/release/", desk.release, name="release"),
    path("<slug:reference>/publish/", desk.publish, name="publish"),
    path("<slug:reference>/photos/<slug:name>/", photos.for_staff, name="photo"),
    path(
        "<slug:reference>/photos/<slug:name>/small/",
        photos.for_staff,
        {"size": Photo.Size.SMALL},
        name="small_photo",
    ),
]
