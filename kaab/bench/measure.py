"""What is measured: the main pages and acts, each beside its limit."""

import gc
import gzip
import statistics
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from time import perf_counter

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from centers.models import Center
from centers.paging import LAST_PAGE, PAGE_SIZE
from concerns import codes
from concerns.models import Concern
from concerns.workflow import Status

from . import limits
from .fill import KEY, SLUG

HOST = "127.0.0.1"
FORM = f"/{SLUG}/concerns/new/street_lighting/"


@dataclass
class Measured:
    name: str
    ask: Callable
    limit: Callable = limits.template
    target: str = ""
    is_act: bool = False
    queries: int = 0
    size: int = 0
    wire: int = 0
    times: list = field(default_factory=list)
    limit_times: list = field(default_factory=list)

    @property
    def median(self):
        return statistics.median(self.times) * 1000

    @property
    def p99(self):
        return statistics.quantiles(self.times, n=100)[98] * 1000

    @property
    def limit_median(self):
        return statistics.median(self.limit_times) * 1000

    @property
    def share(self):
        """How many of ours are done per one of the limit's; more is better."""
        return self.limit_median / self.median


def everything():
    """Return what is measured, each with a browser that may do it."""
    guest, resident, follower, staff = (Client(SERVER_NAME=HOST) for _ in range(4))
    # Whoever has a session gets no copy: the page itself is timed.
    resident.cookies[settings.SESSION_COOKIE_NAME] = "none"
    follower.post("/follow/", {"c": codes.derive(KEY)})
    center = Center.objects.get(slug=SLUG)
    staff.force_login(center.memberships.get().user)
    everywhere = Concern.objects.public().filter(center=center)
    published = everywhere.last()
    deepest = min(LAST_PAGE, max(1, everywhere.count() // PAGE_SIZE))
    see, work = resident.get, staff.get
    listed = f"/{SLUG}/concerns/"
    return [
        Measured("centre", partial(see, f"/{SLUG}/")),
        Measured("categories", partial(see, f"/{SLUG}/concerns/new/")),
        Measured("form", partial(see, FORM), target="S1: 0.8"),
        Measured("published concerns", partial(see, listed), target="S2: 0.5"),
        Measured("the same, its copy", partial(guest.get, listed), target="S2c: 2"),
        Measured("the same, far back", partial(see, f"{listed}?page={deepest}")),
        Measured("one concern", partial(see, published.get_absolute_url())),
        Measured(
            "followed by code",
            partial(follower.get, "/follow/concern/"),
            limits.detail,
            "S3: 0.75",
        ),
        Measured("meetings", partial(see, f"/{SLUG}/meetings/")),
        Measured("filing", files(resident), limits.insert, "S4: 0.35", is_act=True),
        Measured("desk, today", partial(work, "/desk/")),
        Measured(
            "desk, concerns", partial(work, "/desk/concerns/"), limits.rows, "S5: 0.5"
        ),
        Measured("desk, what has ended", partial(work, "/desk/concerns/?state=ended")),
        Measured("desk, one concern", partial(work, published.get_desk_url())),
        Measured("desk, search", partial(work, "/desk/search/?q=чырак")),
        Measured("desk, a move", moves(staff), limits.insert, "S6: 0.25", is_act=True),
    ]


def files(browser):
    """Return what files a new concern each time it is called."""

    def file():
        key = codes.issue_key(SLUG)
        words = {"text": "Чырак күйбөйт.", "involved": "no", "key": key}
        return browser.post(FORM, words)

    return file


def moves(browser):
    """Return what moves one concern to and fro."""
    to_and_fro = {
        Status.IN_PROGRESS: Status.NEEDS_INFO,
        Status.NEEDS_INFO: Status.IN_PROGRESS,
    }
    concern = Concern.objects.filter(status__in=to_and_fro).first()

    def move():
        concern.refresh_from_db(fields=["status", "version"])
        words = {
            "version": concern.version,
            "target": to_and_fro[concern.status],
            "note": "Тактоо керек.",
        }
        return browser.post(f"{concern.get_desk_url()}move/", words)

    return move


def measure(rounds):
    """Return everything, each asked `rounds` times between all the others."""
    found = everything()
    for one in found:
        one.ask()
        with CaptureQueriesContext(connection) as asked:
            response = one.ask()
        if response.status_code != (302 if one.is_act else 200):
            raise RuntimeError(f"{one.name}: {response.status_code}")
        one.queries = len(asked)
        one.size = len(response.content)
        one.wire = len(gzip.compress(response.content, 6))
    gc.freeze()  # as the server does once it is loaded
    browsers = {limit: bare(limit) for limit in {one.limit for one in found}}
    of = {"reference": Concern.objects.last().reference}
    for _ in range(rounds):
        for one in found:
            one.times.append(timed(one.ask))
            least = partial(browsers[one.limit], "/", of | {"size": one.size})
            one.limit_times.append(timed(least))
    return found


def bare(limit):
    browser = Client(SERVER_NAME=HOST)
    browser.handler = limits.Handler(limit)
    return browser.get


def code_time(rounds):
    """Return the median time of hashing one code, in ms, which a filing contains."""
    return statistics.median(timed(hash_one) for _ in range(rounds)) * 1000


def hash_one():
    codes.check_nothing(codes.derive(KEY))


def timed(ask):
    began = perf_counter()
    ask()
    return perf_counter() - began
