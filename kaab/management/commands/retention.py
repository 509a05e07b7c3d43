from datetime import date, datetime, time

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from concerns.actions import erase_old


class Command(BaseCommand):
    help = (
        "Say what is kept long enough to be erased; erase it when asked to. The daily"
        " command erases by itself."
    )

    def add_arguments(self, parser):
        languages = [code for code, _name in settings.LANGUAGES]
        parser.add_argument("--language", choices=languages, default="ru")
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--erase", action="store_true", help="erase it now")
        what.add_argument(
            "--on",
            metavar="YYYY-MM-DD",
            type=date.fromisoformat,
            help="say what that day will bring",
        )

    def handle(self, *args, **options):
        now = timezone.now()
        if day := options["on"]:
            now = timezone.make_aware(datetime.combine(day, time.max))
        erased = erase_old(now, is_dry=not options["erase"])
        with translation.override(options["language"]):
            said = (
                _("Erased:")
                if options["erase"]
                else _("To be erased (nothing is yet):")
            )
            self.stdout.write(said)
            for name, number in [
                (_("who filed it"), erased.identities),
                (_("photos, of so many concerns"), erased.photos),
                (_("words, of so many concerns"), erased.words),
                (_("codes that open nothing any more"), erased.codes),
            ]:
                self.stdout.write(f"  {name}: {number}")
