"""What fills the tables: one centre, as it would be after years."""

from itertools import cycle

from django.db import connection, transaction
from django.utils import timezone

from centers.actions import give_role, make_account
from centers.models import Center, Partner, Place, Role
from concerns import actions, codes, workflow
from concerns.models import Category, Change, Concern, Involved
from concerns.search import fold
from concerns.workflow import Level, Status
from kaab.management.commands.open_center import open_center

SLUG = "bench"
KEY = "0" * 32
BATCH = 2000
# What a centre has in hand does not grow with the years: all before it is ended.
IN_HAND = 300
OPEN = [status for status in Status if status in workflow.OPEN]
ENDED = [Status.CLOSED, Status.CLOSED, Status.DECLINED, Status.WITHDRAWN]


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
    if connection.vendor == "postgresql":
        # As it does by itself, a minute later.
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


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
        ended_at=None if is_open else now,
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
