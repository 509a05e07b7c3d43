from allauth.mfa.models import Authenticator
from django.core.management.base import BaseCommand
from django.db import transaction

from centers.second_factor import relocked


class Command(BaseCommand):
    help = (
        "Lock every second factor with the first SECRET_KEY, so that those in"
        " SECRET_KEY_FALLBACKS may go; repeatable."
    )

    @transaction.atomic
    def handle(self, *args, **options):
        factors = Authenticator.objects.select_for_update()
        for factor in factors:
            factor.data = relocked(factor.data)
            factor.save(update_fields=["data"])
        self.stdout.write(f"{len(factors)} second factors, locked with the first key")
