from django.core.management.base import BaseCommand, CommandError

from centers.models import Center
from kaab import bench

HEAD = (
    "| page | queries | bytes | packed | median, ms | p99, ms | bare, ms | ratio |\n"
    "|---|--:|--:|--:|--:|--:|--:|--:|"
)


class Command(BaseCommand):
    help = (
        "Fill a scratch database with concerns, and time the main pages beside a bare "
        "Django page of the same size."
    )

    def add_arguments(self, parser):
        parser.add_argument("--concerns", type=int, default=10_000)
        parser.add_argument("--rounds", type=int, default=100)

    def handle(self, *args, **options):
        if Center.objects.exclude(slug=bench.SLUG).exists():
            raise CommandError("This database holds a centre: take a scratch one.")
        bench.fill(options["concerns"])
        self.stdout.write(f"{options['concerns']} concerns")
        self.stdout.write(HEAD)
        for page in bench.measure(options["rounds"]):
            self.stdout.write(
                f"| {page.name} | {page.queries} | {page.size} | {page.wire} |"
                f" {page.median:.1f} | {page.p99:.1f} | {page.bare_median:.1f} |"
                f" {page.median / page.bare_median:.1f} |"
            )
