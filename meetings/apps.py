from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    name = "meetings"

    def ready(self):
        from centers.signals import password_put

        from .actions.calendar import end_with_password

        password_put.connect(end_with_password)
