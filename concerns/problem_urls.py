from django.urls import path

from .views import problems

urlpatterns = [
    path("", problems.problems, name="problems"),
    path("new/", problems.new, name="new_problem"),
    path("<slug:reference>/", problems.problem, name="problem"),
    path("<slug:reference>/edit/", problems.edit, name="edit_problem"),
    path("<slug:reference>/remove/", problems.remove_line, name="remove_line"),
]
