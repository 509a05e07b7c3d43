from django.urls import path

from .models import Photo
from .views import (
    acts,
    desk,
    intake,
    photos,
    public_photos,
    publication,
    queue,
    register,
    renewal,
    similar,
)

urlpatterns = [
    path("", queue.queue, name="concerns"),
    path("assign/", queue.assign_many, name="assign_many"),
    path("filters/save/", queue.save_filter, name="save_filter"),
    path("filters/delete/", queue.drop_filter, name="drop_filter"),
    path("summaries/", queue.summaries, name="summaries"),
    path("new/<slug:slug>/", intake.take_in, name="intake"),
    path("new/<slug:slug>/receipt/", intake.receipt, name="intake_receipt"),
    path("new/<slug:slug>/form/", intake.paper_form, name="paper_form"),
    path("journal/<slug:slug>/", register.journal, name="journal"),
    path("journal/<slug:slug>/sheet/", register.sheet, name="journal_sheet"),
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
    path("<slug:reference>/identity/answer/", acts.answer_wish, name="answer_wish"),
    path(
        "<slug:reference>/identity/erase/",
        acts.apart,
        {"name": "erase_identity"},
        name="erase_identity",
    ),
    path("<slug:reference>/extend/", acts.apart, {"name": "extend"}, name="extend"),
    path("<slug:reference>/custody/", acts.apart, {"name": "custody"}, name="custody"),
    path("<slug:reference>/code/", renewal.ask, name="code"),
    path("<slug:reference>/code/confirm/", renewal.confirm, name="confirm_code"),
    path("<slug:reference>/release/", acts.release, name="release"),
    path("<slug:reference>/publish/", publication.publish, name="publish"),
    path(
        "<slug:reference>/publish/texts/<int:number>/",
        publication.version,
        name="public_text",
    ),
    path(
        "<slug:reference>/publish/photos/<slug:name>/",
        public_photos.clear,
        name="clear_photo",
    ),
    path(
        "<slug:reference>/publish/photos/<slug:name>/picture/",
        public_photos.sketch,
        name="covered_photo",
    ),
    path("<slug:reference>/photos/<slug:name>/", photos.for_staff, name="photo"),
    path(
        "<slug:reference>/photos/<slug:name>/small/",
        photos.for_staff,
        {"size": Photo.Size.SMALL},
        name="small_photo",
    ),
]
