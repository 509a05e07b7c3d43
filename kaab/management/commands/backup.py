import signal
import sys
from pathlib import Path

from django.conf import settings
from django.core.management import BaseCommand

from kaab.backups import sealing
from kaab.backups.archive import make
from kaab.backups.rotation import rotate

NEW_KEY = """\
The identity is in {path}. It opens every backup, and without it none opens. Put it on a
USB stick and, printed, into the safe; then delete it here: it must not be on this
machine. Into {env} goes this line alone, whole, which opens nothing:

BACKUP_RECIPIENTS={recipient}
"""


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

    def handle(self, *, folder, new_key, **options):
        if new_key:
            recipient = sealing.new_key(new_key)
            env = settings.VAR_DIR / "env"
            said = NEW_KEY.format(path=new_key, env=env, recipient=recipient)
            self.stdout.write(said)
            return
        # Stopped by a timer or a shutdown it clears away what lies in clear.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
        path = make(folder or settings.VAR_DIR / "backups")
        number = rotate(path.parent)
        self.stdout.write(f"{path}: {path.stat().st_size} bytes; {number} are kept")
