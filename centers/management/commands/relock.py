from allauth.mfa.models import Authenticator
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from centers.second_factor import is_lost, relocked


class Command(BaseCommand):
    help = (
        "Lock every second factor with the first SECRET_KEY, so that those in"
        " SECRET_KEY_FALLBACKS may go; repeatable. Fails if no key opens some."
    )

    @override("ru")
    def handle(self, *args, **options):
        locked, lost = relock()
        self.stdout.write(
            _("Second steps locked with the first key: %(number)s.")
            % {"number": locked}
        )
        if lost:
            raise CommandError(
                _(
                    "No key opens %(number)s more; they were left as they are, and"
                    " their people are told that the code is wrong. Put the former"
                    " SECRET_KEY into SECRET_KEY_FALLBACKS and run this again; if it is"
                    " lost, give each a new start."
                )
                % {"number": lost}
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
