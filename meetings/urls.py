from django.urls import path

from .views import public

app_name = "meetings"

urlpatterns = [
    path("", public.meeting_list, name="list"),
    path("<slug:reference>/", public.detail, name="detail"),
]
