from django.urls import path

from .models import Photo
from .views import filing, known, photos, public, public_photos

app_name = "concerns"

urlpatterns = [
    path("", public.concern_list, name="list"),
    path("new/", filing.choose, name="choose"),
    path("new/form/", filing.form, name="form"),
    path("new/receipt/", filing.receipt, name="receipt"),
    path("new/receipt/photo/", photos.add_to_receipt, name="add_photo"),
    path("new/<slug:category>/", filing.new, name="new"),
    path("<slug:reference>/", public.detail, name="detail"),
    path("<slug:reference>/support/", known.support, name="support"),
    path(
        "<slug:reference>/photos/<slug:name>/",
        public_photos.for_everyone,
        {"size": Photo.Size.LARGE},
        name="photo",
    ),
    path(
        "<slug:reference>/photos/<slug:name>/small/",
        public_photos.for_everyone,
        {"size": Photo.Size.SMALL},
        name="small_photo",
    ),
]
