from django.apps import AppConfig


class KaabConfig(AppConfig):
    name = "kaab"
