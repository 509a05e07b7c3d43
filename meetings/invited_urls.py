from django.urls import path

from .views import inviting

app_name = "invited"

urlpatterns = [path("<str:token>/", inviting.answer, name="answer")]
