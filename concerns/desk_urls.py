from django.urls import path

from .models import Photo
from .views import acts, desk, photos, publication, queue, similar

urlpatterns = [
    path("", queue.queue, name="concerns"),
    path("assign/", queue.assign_many, name="assign_many"),
    path("filters/save/", queue.save_filter, name="save_filter"),
    path("filters/delete/", queue.drop_filter, name="drop_filter"),
    path("summaries/", queue.summaries, name="summaries"),
    path("<slug:reference>/", desk.concern, name="concern"),
    path("<slug:reference>/register/", acts.register, name="register"),
    path("<slug:reference>/move/", acts.move, name="move"),
    path("<slug:reference>/assign/", acts.apart, {"name": "assign"}, name="assign"),
    path("<slug:reference>/similar/", similar.similar, name="similar"),
    path("<slug:reference>/note/", acts.apart, {"name": "note"}, name="note"),
    path("<slug:reference>/take/", acts.take, name="take"),
    path(
        "<slug:reference>/category/", acts.apart, {"name": "category"}, name="category"
    ),
    path("<slug:reference>/level/", acts.set_level, name="level"),
    path("<slug:reference>/message/", acts.send_message, name="message"),
    path("<slug:reference>/identity/", acts.identity, name="identity"),
    path("<slug:reference>/release/", acts.release, name="release"),
    path("<slug:reference>/publish/", publication.publish, name="publish"),
    path("<slug:reference>/photos/<slug:name>/", photos.for_staff, name="photo"),
    path(
        "<slug:reference>/photos/<slug:name>/small/",
        photos.for_staff,
        {"size": Photo.Size.SMALL},
        name="small_photo",
    ),
]
