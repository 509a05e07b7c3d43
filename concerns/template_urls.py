from django.urls import path

from .views import templates

urlpatterns = [
    path("", templates.template_list, name="templates"),
    path("new/", templates.add, name="add_template"),
    path("<slug:reference>/", templates.edit, name="edit_template"),
    path("<slug:reference>/remove/", templates.remove, name="remove_template"),
]
