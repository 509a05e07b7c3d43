"""What the demo shows: a centre at work, of which every page has its real face."""

import re
from datetime import datetime
from io import StringIO
from itertools import pairwise

import pytest
from django.core.management import call_command
from django.db import transaction
from django.db.models import Q
from django.test import Client
from django.utils import timezone

from centers.models import Center, JournalEntry, JournalHead, Partner, User
from concerns import codes
from concerns.forms import SummaryForm
from concerns.forms.publication import TEXTS
from concerns.giveaways import giveaways, names_known
from concerns.models import Change, Concern, Identity
from concerns.models.concern import TEXT_LIMIT
from concerns.workflow import Level, Status
from kaab.demo import load
from kaab.demo.clock import Event, clock, dated, is_at_work
from meetings.models import ActionPhoto, Invited, Meeting, ProtocolVersion, Rules

from .factories import CHEAP

pytestmark = pytest.mark.django_db

CENTER = "mirmakhmudov"
OWN_WORDS = TEXTS
MOMENTS = [
    pytest.param(datetime(2026, 11, 25, 15), id="a Wednesday"),
    pytest.param(datetime(2026, 11, 29, 0, 1), id="a Sunday, at midnight"),
    pytest.param(datetime(2027, 1, 3, 12), id="in the New Year holidays"),
    pytest.param(datetime(2026, 5, 11, 8), id="after the holidays of May"),
]


@pytest.fixture(scope="module", autouse=True)
def _demo(django_db_setup, django_db_blocker):
    """The demo, played once and rolled back after all tests that look at it."""
    with (
        django_db_blocker.unblock(),
        pytest.MonkeyPatch.context() as patch,
        transaction.atomic(),
    ):
        patch.setattr(codes, "HASHER", CHEAP)
        load.everything()
        yield
        transaction.set_rollback(True)


def concerns():
    return Concern.objects.filter(center__slug=CENTER)


def meetings():
    return Meeting.objects.filter(center__slug=CENTER)


def person(name):
    return User.objects.get(email=f"{name}@example.org")


def own_words(concern):
    """Return what the centre itself says of a concern, in both languages."""
    return " ".join(filter(None, (getattr(concern, name) for name in OWN_WORDS)))


# How much there is of everything


def test_it_has_two_centres_with_concerns_of_every_status_and_level():
    assert Center.objects.filter(is_demo=True).count() == 2
    assert set(concerns().values_list("status", flat=True)) == set(Status)
    assert set(concerns().values_list("level", flat=True)) == set(Level)
    assert Concern.objects.exclude(center__slug=CENTER).count() >= 4


LEAST = {
    "concerns": (60, lambda: concerns()),
    "categories": (20, lambda: concerns().values("category").distinct()),
    "villages": (
        6,
        lambda: concerns().exclude(village=None).values("village").distinct(),
    ),
    "published": (25, lambda: concerns().public()),
    "solved, and told how": (
        10,
        lambda: (
            concerns()
            .public()
            .filter(status__in=[Status.RESOLVED, Status.CLOSED])
            .exclude(outcome_ky="")
            .exclude(outcome_ru="")
        ),
    ),
    "for the members": (
        8,
        lambda: concerns().filter(level=Level.RESTRICTED, approved_at__isnull=False),
    ),
    "overdue": (2, lambda: concerns().open().overdue()),
    "in custody": (3, lambda: concerns().filter(in_custody=True)),
    "closed by time": (2, lambda: Change.objects.filter(side=Change.Side.CLOCK)),
    "reopened": (1, lambda: Change.objects.filter(old="resolved", new="in_progress")),
    "as crimes": (5, lambda: concerns().exclude(crime_number="")),
    "named": (5, lambda: Identity.objects.all()),
    "to be checked": (1, lambda: concerns().filter(is_quarantined=True)),
    "meetings held": (20, lambda: meetings().filter(status=Meeting.Status.HELD)),
    "cancelled": (1, lambda: meetings().exclude(reason_ky="").exclude(reason_ru="")),
    "drafts": (1, lambda: meetings().filter(published_at=None)),
    "closed meetings": (1, lambda: meetings().filter(is_open=False)),
    "to come": (2, lambda: meetings().public().to_come()),
    "postponed": (1, lambda: meetings().filter(items__status="postponed")),
    "protocols approved": (20, lambda: ProtocolVersion.objects.approved()),
    "up for approval": (1, lambda: ProtocolVersion.objects.filter(frozen_at=None)),
    "guests": (3, lambda: Invited.objects.filter(user=None)),
    "answers to an invitation": (4, lambda: Invited.objects.exclude(answer="")),
    "rules": (1, lambda: Rules.objects.filter(quorum="partners", every=1)),
    "meetings elsewhere": (2, lambda: Meeting.objects.exclude(center__slug=CENTER)),
}


@pytest.mark.parametrize("what", LEAST)
def test_there_is_enough_of(what):
    least, rows = LEAST[what]

    assert rows().count() >= least


@pytest.mark.parametrize(
    ("name", "least"),
    [("coordinator", 6), ("council", 8), ("officer", 6), ("custodian", 2)],
)
def test_something_waits_for_everybody_in_the_morning(name, least):
    who = person(name)

    waiting = Concern.objects.visible_to(who).to_act_on(who)

    # All of it is on the first page of the day.
    assert least <= waiting.count() <= 20


@pytest.mark.parametrize(
    ("name", "path"),
    [
        (None, f"/{CENTER}/concerns/"),
        (None, f"/{CENTER}/meetings/"),
        ("coordinator", "/desk/concerns/"),
        ("coordinator", "/desk/concerns/summaries/"),
        ("coordinator", "/desk/meetings/"),
    ],
)
def test_every_list_has_a_second_page(name, path):
    client = Client()
    if name:
        client.force_login(person(name))

    page = client.get(path, {"page": 2})

    assert "?page=2" in client.get(path).content.decode()
    assert page.status_code == 200
    assert 'class="rows"' in page.content.decode() or "<tbody>" in page.content.decode()


# What is said


def test_nothing_confidential_is_summarised():
    said = Q(approved_at__isnull=False) | Q(published_at__isnull=False)

    secret = Concern.objects.filter(Q(level=Level.CONFIDENTIAL) | Q(in_custody=True))

    assert secret.count() > 10
    assert not secret.filter(said).exists()
    assert not any(own_words(concern) for concern in secret)


def test_what_is_approved_is_said_in_both_languages():
    approved = Concern.objects.filter(approved_at__isnull=False)
    texts = [[getattr(one, name) for name in OWN_WORDS] for one in approved]

    assert [text for text in texts if not all(text[:4])] == []
    assert [text for text in texts if bool(text[4]) != bool(text[5])] == []


@pytest.mark.parametrize("name", OWN_WORDS)
def test_what_the_centre_says_is_its_own_and_short_enough(name):
    limit = SummaryForm.base_fields[name].max_length
    texts = [
        (getattr(concern, name), concern.text) for concern in Concern.objects.all()
    ]
    said = [(own, text) for own, text in texts if own]

    assert [own for own, text in said if len(own) > limit or own in text] == []


def test_no_summary_names_who_filed_it():
    summaries = " ".join(map(own_words, Concern.objects.all())).lower()
    names = {
        part
        for identity in Identity.objects.all()
        for part in identity.name.lower().split()
    }

    assert names
    assert not any(re.search(rf"\b{name[:6]}", summaries) for name in names)
    assert not re.search(r"\d[\d ]{5,}", summaries)


def test_every_phone_is_obviously_invented():
    phones = Identity.objects.values_list("phone", flat=True)

    assert all(phone.startswith("+996 555 000 ") for phone in phones)


def test_people_write_at_every_length_and_in_three_languages():
    plans = load.plans("concern")
    lengths = [len(plan["text"].strip()) for plan in plans]
    words = [len(plan["text"].split()) for plan in plans]

    assert TEXT_LIMIT - 200 < max(lengths) <= TEXT_LIMIT
    assert min(words) == 5
    assert {plan["language"] for plan in plans} == {"ky", "ru", "uz"}


def test_only_public_categories_ask_for_a_summary():
    """As the form does: of the others none is ever published."""
    asked = Concern.objects.filter(may_publish=True)

    assert not asked.exclude(category__level=Level.PUBLIC).exists()


def test_it_thanks_those_who_supported_the_centre():
    supporters = str(Partner.objects.filter(kind="supporter").values("name_ru"))

    assert "INL" in supporters
    assert "Saferworld" in supporters
    assert "За международную толерантность" in supporters


# When it happened


def test_everyone_sees_the_work_as_it_was_before_and_is_after():
    shown = ActionPhoto.objects.public().values_list("taken", flat=True)

    assert [*shown] == ["before", "after"]


def test_what_is_journalled_proves_true_and_stands_in_the_order_of_time():
    out = StringIO()
    call_command("verify_journal", stdout=out)

    assert out.getvalue().count("\n") == JournalHead.objects.count() > 0
    lines = JournalEntry.objects.values_list("center_id", "number")
    in_time = lines.order_by("center_id", "created_at", "number")
    assert list(in_time) == list(lines.order_by("center_id", "number"))


def test_nothing_has_happened_that_has_not_yet():
    now = timezone.now()

    assert not Change.objects.filter(created_at__gt=now).exists()
    assert not Concern.objects.filter(published_at__gt=now).exists()


def test_every_history_is_in_order():
    changes = Change.objects.filter(kind="status").order_by(
        "concern", "created_at", "pk"
    )
    steps = pairwise(changes.values_list("concern", "old", "new"))

    assert [
        (one, other)
        for one, other in steps
        if one[0] == other[0] and one[2] != other[1]
    ] == []


@pytest.mark.parametrize("until", MOMENTS)
def test_what_shares_a_matter_keeps_its_order(until):
    until = timezone.make_aware(until)
    acts = ["filed", "registered", "asked", "answered", "held", "confirmed"]
    days = [3, 3, 2, 2, 0, 0]
    events = [
        Event(days_ago, ["lights"], act in ("registered", "asked", "held"), act)
        for days_ago, act in zip(days, acts, strict=True)
    ]

    told = dated(events, until)

    assert [act for _moment, act in told] == acts
    assert all(moment <= until for moment, _act in told)


def test_staff_work_in_their_hours():
    until = timezone.make_aware(datetime(2026, 11, 25, 18))
    events = [Event(day, [f"matter {day}"], True, None) for day in range(60)]

    assert all(is_at_work(moment) for moment, _act in dated(events, until))


def test_the_clock_is_right_again_afterwards():
    told = timezone.make_aware(datetime(2026, 1, 1))
    with clock() as hands:
        hands.told = told
        assert timezone.now() == told

    assert timezone.now() != told


def test_nothing_approved_may_give_anybody_away():
    found = [
        (
            concern.number,
            name,
            giveaways(
                getattr(concern, name),
                original=concern.text,
                known=names_known(concern.center),
            ),
        )
        for concern in Concern.objects.filter(approved_at__isnull=False)
        for name in TEXTS
        if getattr(concern, name)
    ]

    assert [one for one in found if one[2]] == []
