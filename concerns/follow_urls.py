from django.urls import path

from .views import follow, leaving, photos

app_name = "follow"

urlpatterns = [
    path("", follow.enter, name="enter"),
    path("concern/", follow.concern, name="concern"),
    path("concern/message/", follow.message, name="message"),
    path("concern/answer/", follow.answer, name="answer"),
    path("concern/photos/", photos.add, name="add_photo"),
    path("concern/photos/<slug:name>/", photos.own_page, name="photo"),
    path("concern/photos/<slug:name>/small/", photos.own, name="small_photo"),
    path("concern/news/", leaving.news, name="news"),
    path("concern/code/", leaving.own_code, name="own_code"),
    path("concern/forget/", leaving.forget, name="forget"),
    path("concern/end/", leaving.end, name="end"),
    path("concern/withdraw/", follow.withdraw, name="withdraw"),
    path("news/<slug:token>/", leaving.no_news, name="no_news"),
]
