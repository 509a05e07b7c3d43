"""Time the main pages beside a bare Django page of the same size, in one run.

Everything happens in this process, without a server and a line: what is compared is the
work that a page costs. Absolute figures belong to one machine, the ratios travel.
"""

import gzip
import statistics
from dataclasses import dataclass, field
from functools import partial
from itertools import cycle
from time import perf_counter

from django.conf import settings
from django.db import connection, transaction
from django.http import HttpResponse
from django.template import Context, Engine
from django.test import Client
from django.test.client import ClientHandler
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from centers.actions import give_role, make_account
from centers.models import Center, Partner, Place, Role
from concerns import actions, codes, workflow
from concerns.models import Category, Change, Concern, Involved
from concerns.search import fold
from concerns.workflow import Level, Status
from kaab.management.commands.open_center import open_center

SLUG, HOST = "bench", "127.0.0.1"
KEY = "0" * 32
BATCH = 2000
# What a centre has in hand does not grow with the years: all before it is ended.
IN_HAND = 300
OPEN = [status for status in Status if status in workflow.OPEN]
ENDED = [Status.CLOSED, Status.CLOSED, Status.DECLINED, Status.WITHDRAWN]

# The bare page: one template, a loop, and nothing of ours.

LINE = "a line of sixty bytes, which is about what a page's row has."
BARE = Engine().from_string("{% for line in lines %}<p>{{ line }}</p>\n{% endfor %}")


def bare(request):
    size = int(request.GET["size"])
    lines = [LINE] * (size // (len(LINE) + 8))
    return HttpResponse(BARE.render(Context({"lines": lines})))


class BareHandler(ClientHandler):
    """Answers everything with the bare page, past middleware and addresses."""

    def load_middleware(self, is_async=False):
        self._middleware_chain = bare


# What is measured


@dataclass
class Page:
    name: str
    ask: partial
    queries: int = 0
    size: int = 0
    wire: int = 0
    times: list = field(default_factory=list)
    bare_times: list = field(default_factory=list)

    @property
    def median(self):
        return statistics.median(self.times) * 1000

    @property
    def p99(self):
        return statistics.quantiles(self.times, n=100)[98] * 1000

    @property
    def bare_median(self):
        return statistics.median(self.bare_times) * 1000


def pages():
    """Return the main pages, each with a browser that may open it."""
    guest, resident, follower, staff = (Client(SERVER_NAME=HOST) for _ in range(4))
    # Whoever has a session gets no copy: the page itself is timed.
    resident.cookies[settings.SESSION_COOKIE_NAME] = "none"
    follower.post("/follow/", {"c": codes.derive(KEY)})
    center = Center.objects.get(slug=SLUG)
    staff.force_login(center.memberships.get().user)
    published = Concern.objects.public().filter(center=center).last()
    asked = {
        "centre": (resident, f"/{SLUG}/"),
        "categories": (resident, f"/{SLUG}/concerns/new/"),
        "form": (resident, f"/{SLUG}/concerns/new/street_lighting/"),
        "published concerns": (resident, f"/{SLUG}/concerns/"),
        "the same, its copy": (guest, f"/{SLUG}/concerns/"),
        "the same, page 40": (resident, f"/{SLUG}/concerns/?page=40"),
        "one concern": (resident, published.get_absolute_url()),
        "followed by code": (follower, "/follow/concern/"),
        "meetings": (resident, f"/{SLUG}/meetings/"),
        "desk, today": (staff, "/desk/"),
        "desk, concerns": (staff, "/desk/concerns/"),
        "desk, one concern": (staff, published.get_desk_url()),
        "desk, search": (staff, "/desk/search/?q=чырак"),
    }
    return [
        Page(name, partial(browser.get, path))
        for name, (browser, path) in asked.items()
    ]


def measure(rounds):
    """Return the main pages, each asked `rounds` times between all the others."""
    measured = pages()
    bare_browser = Client(SERVER_NAME=HOST)
    bare_browser.handler = BareHandler(enforce_csrf_checks=False)
    for page in measured:
        page.ask()
        with CaptureQueriesContext(connection) as asked:
            response = page.ask()
        if response.status_code != 200:
            raise RuntimeError(f"{page.name}: {response.status_code}")
        page.queries = len(asked)
        page.size = len(response.content)
        page.wire = len(gzip.compress(response.content, 6))
    for _ in range(rounds):
        for page in measured:
            page.times.append(timed(page.ask))
            ask = partial(bare_browser.get, "/", {"size": page.size})
            page.bare_times.append(timed(ask))
    return measured


def timed(ask):
    began = perf_counter()
    ask()
    return perf_counter() - began


# What fills the tables


def fill(number):
    """Bring the bench's centre to so many concerns; what is there already stays."""
    center = Center.objects.filter(slug=SLUG).first() or open_bench()
    there = Concern.objects.filter(center=center).count()
    villages = cycle(center.villages.all())
    categories = cycle(Category.objects.filter(level=Level.PUBLIC))
    by = center.memberships.get().user
    for start in range(there, number, BATCH):
        rows = [
            new_concern(place, center, next(categories), next(villages), by)
            for place in range(start, min(start + BATCH, number))
        ]
        Concern.objects.bulk_create(rows)
        Change.objects.bulk_create(
            Change(concern=concern, new=status, created_at=concern.created_at)
            for concern in rows
            for status in (Status.RECEIVED, concern.status)
        )


@transaction.atomic
def open_bench():
    """Open the centre, with a coordinator, and file the concern that a code opens."""
    center = open_center(
        slug=SLUG,
        aimak=Place.objects.get(code="41706242856000"),
        name_ky="Ченөө борбору",
        name_ru="Центр для замеров",
        # Second factors are off in a demo alone: here nobody types one.
        is_demo=True,
    )
    user = make_account(
        email="bench@example.org", full_name="Ченөөчү", language="ky", password=None
    )
    council = center.partners.get(kind=Partner.Kind.COUNCIL)
    give_role(center=center, partner=council, user=user, role=Role.COORDINATOR, by=None)
    actions.file(
        center=center,
        category=Category.objects.get(code="street_lighting"),
        key=KEY,
        words={"text": "Чырак күйбөйт.", "involved": Involved.NO},
        language="ky",
    )
    return center


def new_concern(place, center, category, village, by):
    now = timezone.now() - timezone.timedelta(hours=place)
    is_open = place < IN_HAND
    statuses = OPEN if is_open else ENDED
    status = statuses[place % len(statuses)]
    is_published = place % 3 and status not in (Status.RECEIVED, Status.WITHDRAWN)
    title = f"Көчөдө чырак күйбөйт {place}"
    return Concern(
        center=center,
        category=category,
        village=village,
        reference=str(20_000_000 + place),
        level=Level.PUBLIC,
        status=status,
        text="Мектептин жанындагы көчөдө чырак үч жумадан бери күйбөйт. " * 3,
        words_text=fold(title),
        language="ky",
        involved=Involved.NO,
        may_publish=True,
        created_at=now,
        resolved_at=now,
        due_on=(now + timezone.timedelta(days=14)).date() if is_open else None,
        key_hash=codes.key_hash(f"bench {place}"),
        code_key_id=codes.current_key_id(),
        code_bucket=place % 2**20,
        # Nobody has its code: looking for one costs nothing more for it.
        code_hash="",
        title_ky=title,
        title_ru=f"На улице не горит фонарь {place}",
        summary_ky="Мектептин жанындагы чырак күйбөйт. " * 4,
        summary_ru="Фонарь возле школы не горит. " * 4,
        search_text=fold(title),
        approved_at=now if is_published else None,
        approved_by=by if is_published else None,
        published_at=now if is_published else None,
    )
