from django.urls import path

from .views import desk

urlpatterns = [
    path("", desk.queue, name="concerns"),
    path("summaries/", desk.summaries, name="summaries"),
    path("<str:reference>/", desk.concern, name="concern"),
    path("<str:reference>/register/", desk.register, name="register"),
    path("<str:reference>/move/", desk.move, name="move"),
    path("<str:reference>/assign/", desk.assign, name="assign"),
    path("<str:reference>/take/", desk.take, name="take"),
    path("<str:reference>/category/", desk.categorise, name="category"),
    path("<str:reference>/level/", desk.set_level, name="level"),
    path("<str:reference>/message/", desk.send_message, name="message"),
    path("<str:reference>/identity/", desk.identity, name="identity"),
    path("<str:reference>/release/", desk.release, name="release"),
    path("<str:reference>/publish/", desk.publish, name="publish"),
]
