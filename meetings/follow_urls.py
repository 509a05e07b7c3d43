from django.urls import path

from .views import promises

app_name = "promises"

urlpatterns = [
    path("<slug:reference>/", promises.say, name="say"),
]
