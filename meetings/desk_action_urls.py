from django.urls import path

from .views import doing

urlpatterns = [
    path("", doing.action_list, name="actions"),
    path("<slug:reference>/", doing.action, name="action"),
    path("<slug:reference>/<slug:name>/", doing.act, name="act_on"),
]
