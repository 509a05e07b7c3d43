from allauth.mfa.models import Authenticator
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from centers.second_factor import is_lost, relocked


class Command(BaseCommand):
    help = (
        "Lock every second factor with the first SECRET_KEY, so that those in"
        " SECRET_KEY_FALLBACKS may go; repeatable. Fails if no key opens some."
    )

    def handle(self, *args, **options):
        locked, lost = relock()
        self.stdout.write(f"{locked} second factors, locked with the first key")
        if lost:
            raise CommandError(
                f"{lost} more are opened by no key, and were left as they are: their"
                " people are told that the code is wrong. Put the former SECRET_KEY"
                " into SECRET_KEY_FALLBACKS and run this again; if it is lost, give"
                " each a new start."
            )


@transaction.atomic
def relock():
    """Lock what can be opened with the first key; return how many, and how many not."""
    factors = list(Authenticator.objects.select_for_update())
    # What no key opens stays: a key that was lost may be found.
    known = [factor for factor in factors if not is_lost(factor)]
    for factor in known:
        factor.data = relocked(factor.data)
        factor.save(update_fields=["data"])
    return len(known), len(factors) - len(known)
