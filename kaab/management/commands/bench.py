from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from centers.models import Center
from kaab.bench.fill import SLUG, fill
from kaab.bench.measure import code_time, measure

HEAD = (
    "| | queries | bytes | packed | median, ms | p99, ms | limit | its median, ms |"
    " share | wanted |\n"
    "|---|--:|--:|--:|--:|--:|---|--:|--:|---|"
)


class Command(BaseCommand):
    help = (
        "Fill a scratch database with concerns, and time the main pages and acts beside"
        " what bare Django could do at best."
    )

    def add_arguments(self, parser):
        parser.add_argument("--concerns", type=int, default=10_000)
        parser.add_argument("--rounds", type=int, default=100)

    def handle(self, *args, **options):
        if Center.objects.exclude(slug=SLUG).exists():
            raise CommandError("This database holds a centre: take a scratch one.")
        fill(options["concerns"])
        self.stdout.write(f"{options['concerns']} concerns, {connection.vendor}")
        self.stdout.write(HEAD)
        for one in measure(options["rounds"]):
            self.stdout.write(
                f"| {one.name} | {one.queries} | {one.size} | {one.wire} |"
                f" {one.median:.1f} | {one.p99:.1f} | {one.limit.__name__} |"
                f" {one.limit_median:.2f} | {one.share:.2f} | {one.target} |"
            )
        took = code_time(options["rounds"])
        self.stdout.write(f"A filing hashes a code for {took:.0f} ms of its time.")
