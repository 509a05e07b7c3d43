from django.core.management import BaseCommand, CommandError
from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import override

from centers.journal import chains, first_fault, is_guarded
from centers.models import JournalEntry, JournalHead

# As many as a person copies by hand; to meet them anew takes 2⁶⁴ attempts.
SIGNS = 16


class Command(BaseCommand):
    help = (
        "Prove that no line of the journal was changed, and print of each chain its"
        " number (0 is the portal's own), its lines and the signs of the last. Note"
        " them outside this machine: who rewrites a chain cannot rewrite your note."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--noted",
            nargs="+",
            metavar="NOTE",
            help="compare a line that was noted: 0 12 62ec 11aa 9f00 1234",
        )

    @override("ru")
    def handle(self, *, noted, **options):
        faults = [str(fault) for fault in map(first_fault, chains()) if fault]
        if not is_guarded(connection):
            faults.append(_("The database does not guard the journal."))
        if faults:
            raise CommandError("\n".join(faults))

        if noted:
            compare(*noted)
            self.stdout.write(_("It is as it was noted."))
            return
        for head in JournalHead.objects.order_by("center_id"):
            self.stdout.write(f"{head.center_id} {head.number} {spaced(head.hash)}")


def spaced(signs):
    return " ".join(signs[at : at + 4] for at in range(0, SIGNS, 4))


def compare(chain, number="", *signs):
    """Raise CommandError if a line is not the one that somebody has noted."""
    note = "".join(signs).lower()
    if not (chain.isdecimal() and number.isdecimal() and len(note) >= SIGNS):
        raise CommandError(_("A note is a chain, a number of lines and 16 signs."))
    line = JournalEntry.objects.filter(center_id=chain, number=number).first()
    if line is None or not line.hash.startswith(note):
        raise CommandError(
            _(
                "Line %(number)s of chain %(chain)s is not the one that was noted. If"
                " the note has no slip, the journal was written anew: change nothing,"
                " keep a copy, and ask who had access to the machine."
            )
            % {"number": number, "chain": chain}
        )
