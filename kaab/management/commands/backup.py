import signal
import sys
from pathlib import Path

from django.conf import settings
from django.core.management import BaseCommand
from django.utils.translation import gettext as _
from django.utils.translation import override

from kaab.backups import sealing
from kaab.backups.archive import make
from kaab.backups.rotation import rotate


class Command(BaseCommand):
    help = (
        "Write one locked file with all that the portal keeps, while people work; the"
        " last 7 are kept, before them one a week and one a month. To be run every"
        " night."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "folder", nargs="?", type=Path, help="where to; default: VAR_DIR/backups"
        )
        parser.add_argument(
            "--new-key", type=Path, metavar="FILE", help="only make a key to lock with"
        )

    @override("ru")
    def handle(self, *, folder, new_key, **options):
        if new_key:
            recipient = sealing.new_key(new_key)
            env = settings.VAR_DIR / "env"
            self.stdout.write(
                _(
                    "The key is in %(path)s. It opens every backup, and without it none"
                    " opens. Put it on a USB stick and, printed, into the safe; then"
                    " delete it here: it must not be on this machine. Into %(env)s goes"
                    " this line alone, whole, which opens nothing:"
                )
                % {"path": new_key, "env": env}
            )
            self.stdout.write(f"\nBACKUP_RECIPIENTS={recipient}")
            return
        # Stopped by a timer or a shutdown it clears away what lies in clear.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
        path = make(folder or settings.VAR_DIR / "backups")
        number = rotate(path.parent)
        self.stdout.write(
            _("The backup is made: %(path)s (%(size)s bytes). Kept: %(number)s.")
            % {"path": path, "size": path.stat().st_size, "number": number}
        )
