from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate


class CentersConfig(AppConfig):
    name = "centers"

    def ready(self):
        from . import collation, journal

        connection_created.connect(collation.teach)
        post_migrate.connect(journal.guard, sender=self)
