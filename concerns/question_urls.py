from django.urls import path

from .views import questions

urlpatterns = [
    path("", questions.question_list, name="questions"),
    path("<slug:category>/", questions.edit, name="category_questions"),
    path("<slug:category>/common/", questions.ask_common, name="common_questions"),
]
