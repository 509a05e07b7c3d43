from django.urls import path

from .models import ActionPhoto
from .views import doing, photos

urlpatterns = [
    path("", doing.action_list, name="actions"),
    path("<slug:reference>/", doing.action, name="action"),
    path("<slug:reference>/photos/", photos.add, name="add_action_photo"),
    path("<slug:reference>/photos/<slug:name>/", photos.photo, name="action_photo"),
    path(
        "<slug:reference>/photos/<slug:name>/large/",
        photos.for_members,
        {"size": ActionPhoto.Size.LARGE},
        name="action_picture",
    ),
    path(
        "<slug:reference>/photos/<slug:name>/small/",
        photos.for_members,
        {"size": ActionPhoto.Size.SMALL},
        name="small_action_picture",
    ),
    path("<slug:reference>/<slug:name>/", doing.act, name="act_on"),
]
