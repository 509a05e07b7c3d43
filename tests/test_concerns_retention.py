"""What is personal is erased when its time is over; figures are kept."""

from datetime import datetime, timedelta
from io import StringIO

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from concerns import actions
from concerns.actions.retention import Erased, erase_old, months_before
from concerns.models import (
    Change,
    Concern,
    Identity,
    IdentityRequest,
    Message,
    NewsAddress,
    Photo,
)
from concerns.workflow import Level, Status
from kaab.demo.clock import clock

from .factories import (
    make_category,
    make_concern,
    make_identity,
    make_message,
    make_public_photo,
    make_user,
    signed_in,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cheap_codes")]

NOTHING = Erased()
WRITTEN = ["title", "summary", "outcome"]
LONG = timedelta(days=366 * 6)


@pytest.fixture(autouse=True)
def months(settings):
    settings.KEEP_IDENTITY_MONTHS = settings.KEEP_PHOTOS_MONTHS = 12
    settings.KEEP_CODE_MONTHS = 12
    settings.KEEP_WORDS_MONTHS = {"public": 60, "restricted": 36, "confidential": 24}


def ended(center, months, level=Level.PUBLIC, **fields):
    """Make a concern that was closed a day and so many months ago, with everything."""
    at = months_before(timezone.now(), months) - timedelta(days=1)
    fields = {"landmark": "Мектептин жаны", "words_text": "сөз"} | fields
    concern = make_concern(
        center,
        make_category(level),
        **{"status": Status.CLOSED, "ended_at": at} | fields,
    )
    make_identity(concern)
    make_public_photo(concern, by=make_user())
    NewsAddress.objects.create(concern=concern, email="ai@example.org")
    make_message(concern, text="Качан болот?")
    Change.objects.create(
        concern=concern, old=Status.IN_PROGRESS, new=Status.RESOLVED, note="Бүттү"
    )
    return concern


def test_after_a_year_nobody_knows_who_filed_it_and_the_photos_are_gone(center):
    concern = ended(center, 12)
    photo = concern.photos.get()

    erased = erase_old()

    assert erased == Erased(identities=1, photos=1, words=0, codes=1)
    assert not Identity.objects.exists()
    assert not Photo.objects.exists()
    concern.refresh_from_db()
    assert concern.text
    assert concern.code_ended_at
    assert not NewsAddress.objects.exists()
    assert photo.name


def test_the_history_says_what_was_erased_and_no_more(center, cholpon):
    concern = ended(center, 12)
    photos, words = (
        _("Photos erased: their time is over"),
        _("Words erased: their time is over"),
    )
    browser = signed_in(cholpon)

    erase_old()
    after_a_year = browser.get(concern.get_desk_url()).content.decode()
    erase_old(timezone.now() + LONG)
    at_last = browser.get(concern.get_desk_url()).content.decode()

    assert photos in after_a_year
    assert words not in after_a_year
    assert photos in at_last
    assert words in at_last


def test_the_files_of_the_photos_are_gone_with_them(
    center, django_capture_on_commit_callbacks
):
    photo = ended(center, 12).photos.get()
    copy = photo.cleared
    assert default_storage.exists(photo.path(Photo.Size.LARGE))
    assert default_storage.exists(copy.path(Photo.Size.SMALL))

    with django_capture_on_commit_callbacks(execute=True):
        erase_old()

    assert not default_storage.exists(photo.path(Photo.Size.LARGE))
    assert not default_storage.exists(photo.path(Photo.Size.SMALL))
    assert not default_storage.exists(copy.path(Photo.Size.SMALL))


def test_a_day_before_its_time_nothing_is_erased(center):
    ended(center, 12)

    assert erase_old(timezone.now() - timedelta(days=2)) == NOTHING


@pytest.mark.parametrize(
    ("level", "months"),
    [(Level.PUBLIC, 60), (Level.RESTRICTED, 36), (Level.CONFIDENTIAL, 24)],
)
def test_words_are_kept_as_long_as_their_level_asks(level, months, center):
    ended(center, months - 1, level)
    assert erase_old().words == 0

    Concern.objects.update(ended_at=months_before(timezone.now(), months + 1))
    assert erase_old().words == 1

    concern = Concern.objects.get()
    assert (concern.text, concern.landmark, concern.words_text) == ("", "", "")
    assert not Message.objects.exists()
    assert not Change.objects.exclude(note="").exists()


def test_the_figures_are_kept(center):
    concern = ended(center, 61, happened_on=timezone.localdate())
    figures = [
        *("category", "village", "status", "level", "created_at", "ended_at"),
        *("journal_year", "journal_number"),
    ]
    before = Concern.objects.values(*figures).get()

    erase_old()

    after = Concern.objects.values(*figures).get()
    assert after == before
    assert concern.changes.filter(kind=Change.Kind.STATUS).count() == 2


SECRET = "Асанова Айгүл"


def rows_with(word):
    """Return the tables in which a word stands anywhere."""
    with connection.cursor() as cursor:
        tables = [
            table
            for table in connection.introspection.table_names(cursor)
            if table.startswith("concerns_")
        ]
        found = []
        for table in tables:
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608
            if any(word in str(value) for row in cursor.fetchall() for value in row):
                found.append(table)
    return found


def test_nothing_that_names_her_is_left_in_any_table(center, cholpon):
    concern = ended(center, 37, Level.RESTRICTED, text=SECRET)
    texts = {f"{name}_{code}": SECRET for name in WRITTEN for code in ("ky", "ru")}
    actions.approve_summary(concern=concern, by=cholpon, version=0, **texts)
    IdentityRequest.objects.create(concern=concern, by=cholpon, reason=SECRET)
    Identity.objects.update(name=SECRET)
    free = dict.fromkeys(["note", "body", "crime_number", "crime_place"], SECRET)
    for kind in Change.Kind:
        Change.objects.create(concern=concern, kind=kind, **free)
    Concern.objects.update(crime_number=SECRET, crime_place=SECRET)

    erase_old()

    assert rows_with(SECRET) == []


def test_what_everyone_reads_stays_with_its_versions(center, cholpon):
    concern = ended(center, 61, may_publish=True)
    texts = {f"{name}_{code}": "Чырак" for name in WRITTEN for code in ("ky", "ru")}
    actions.approve_summary(concern=concern, by=cholpon, version=0, **texts)

    erase_old()

    shown = Concern.objects.public().get()
    assert (shown.title_ky, shown.outcome_ru) == ("Чырак", "Чырак")
    assert shown.public_texts.count() == 1


@pytest.mark.parametrize(
    "left",
    [
        {"status": Status.FORWARDED},
        {"status": Status.NEEDS_INFO},
        {"status": Status.RECEIVED, "is_quarantined": True},
    ],
)
def test_what_waits_outside_for_years_is_erased_too(left, center):
    concern = ended(center, 90)
    long_ago = concern.ended_at
    Concern.objects.update(ended_at=None, created_at=long_ago, **left)
    for model in (Change, Message, Photo):
        model.objects.update(created_at=long_ago)

    # Year by year, as its daily run would: what it erases is no sign of life.
    first = erase_old(long_ago + timedelta(days=400))
    second = erase_old(long_ago + timedelta(days=366 * 5 + 10))

    # It is open: the code stays, for she may come back to it.
    assert first == Erased(identities=1, photos=1, words=0, codes=0)
    assert second == Erased(identities=0, photos=0, words=1, codes=0)
    assert erase_old() == NOTHING


@pytest.fixture
def waiting(center):
    """A concern that waits outside for years, whose reporter left an address only."""
    concern = ended(center, 90)
    long_ago = concern.ended_at
    Concern.objects.update(status=Status.FORWARDED, ended_at=None, created_at=long_ago)
    for model in (Change, Message, Photo):
        model.objects.update(created_at=long_ago)
    Identity.objects.all().delete()
    return concern


def test_an_address_for_news_goes_with_who_filed_it(waiting):
    erase_old()

    assert not NewsAddress.objects.exists()
    # Nobody learns that there was one.
    assert not waiting.changes.filter(new="identity").exists()
    assert erase_old() == NOTHING


@pytest.mark.usefixtures("waiting")
def test_whoever_still_looks_keeps_her_address_for_news():
    Concern.objects.update(seen_by_reporter_at=timezone.now())

    assert erase_old().identities == 0
    assert NewsAddress.objects.exists()


def merged(center, **lead):
    """Make a concern that was merged, 61 months ago, with one that is as is said."""
    concern = ended(center, 61)
    lead = make_concern(center, concern.category, **lead)
    Concern.objects.filter(pk=concern.pk).update(status=Status.DUPLICATE, lead=lead)
    return concern


def test_what_was_merged_is_kept_while_its_lead_is_worked_on(center):
    merged(center, status=Status.IN_PROGRESS)

    assert erase_old() == NOTHING


def test_what_was_merged_has_the_time_of_its_lead(center):
    at = months_before(timezone.now(), 13)
    merged(center, status=Status.CLOSED, ended_at=at)

    # The lead's own code too.
    assert erase_old() == Erased(identities=1, photos=1, words=0, codes=2)


def test_what_was_merged_with_what_waits_outside_keeps_its_code(center):
    merged(center, status=Status.FORWARDED, created_at=timezone.now() - LONG)
    Change.objects.update(created_at=timezone.now() - LONG)

    # The lead's words too.
    assert erase_old() == Erased(identities=1, photos=1, words=2, codes=0)


def test_a_word_from_outside_begins_its_time_anew(center):
    concern = ended(center, 90)
    Concern.objects.update(
        status=Status.FORWARDED, ended_at=None, created_at=concern.ended_at
    )
    Change.objects.update(created_at=concern.ended_at)

    # Her message is of today.
    assert erase_old() == NOTHING


def test_a_note_on_what_was_erased_has_its_own_time(center, cholpon):
    concern = ended(center, 61)
    erase_old()
    concern.refresh_from_db()
    actions.add_note(concern=concern, text=SECRET, by=cholpon, version=concern.version)

    soon = erase_old(timezone.now() + timedelta(days=30))
    later = erase_old(timezone.now() + timedelta(days=366 * 5 + 10))

    assert (soon.words, later.words) == (0, 1)
    assert rows_with(SECRET) == []


def test_what_was_said_after_it_was_erased_is_erased_in_its_time(center, cholpon):
    concern = ended(center, 61)
    erase_old()
    for target, words in [
        (Status.IN_PROGRESS, "Кайра карайбыз"),
        (Status.DECLINED, SECRET),
    ]:
        concern.refresh_from_db()
        actions.move(
            concern=concern,
            target=target,
            by=cholpon,
            version=concern.version,
            note=words,
        )

    soon = erase_old(timezone.now() + timedelta(days=30))
    later = erase_old(timezone.now() + timedelta(days=366 * 5 + 10))

    assert (soon.words, later.words) == (0, 1)
    assert rows_with(SECRET) == []


def test_what_is_open_is_kept_however_old(center):
    concern = ended(center, 90)
    Concern.objects.update(status=Status.IN_PROGRESS, ended_at=None)

    assert erase_old() == NOTHING
    assert concern.photos.exists()


def test_what_was_taken_up_again_has_its_whole_time_again(center, cholpon):
    concern = ended(center, 13)

    actions.move(
        concern=concern,
        target=Status.IN_PROGRESS,
        by=cholpon,
        version=0,
        note="Дагы карайбыз",
    )

    assert erase_old() == NOTHING


def test_new_words_on_what_ended_long_ago_wait_until_they_are_opened(center, cholpon):
    concern = ended(center, 61)
    actions.answer(concern=concern, text="Кайра башталды")

    unopened = erase_old()
    signed_in(cholpon).get(concern.get_desk_url())

    assert unopened == NOTHING
    assert erase_old() == Erased(identities=1, photos=1, words=1, codes=1)


def test_words_that_nobody_opens_are_not_kept_for_ever(center):
    concern = ended(center, 12)
    actions.answer(concern=concern, text="Кайра башталды")

    soon = erase_old(timezone.now() + timedelta(days=360))
    later = erase_old(timezone.now() + timedelta(days=370))

    assert (soon, later) == (NOTHING, Erased(identities=1, photos=1, words=0, codes=1))


def test_who_writes_once_more_is_waited_for_from_then_on(center):
    concern = ended(center, 24)
    actions.answer(concern=concern, text="Кайра башталды")
    a_year_later = timezone.now() + timedelta(days=364)
    long_ago = timezone.now() - timedelta(days=364)
    Concern.objects.update(unread_since=long_ago)
    concern.messages.update(created_at=long_ago)
    actions.answer(concern=concern, text="Дагы болду")

    assert erase_old(timezone.now() + timedelta(days=3)) == NOTHING
    assert erase_old(a_year_later + timedelta(days=5)).identities == 1


@pytest.mark.parametrize("who", ["lead", "repeat"])
def test_new_words_hold_what_was_merged(who, center):
    repeat = merged(center, status=Status.CLOSED, ended_at=timezone.now() - LONG)
    repeat.refresh_from_db()
    concern = {"lead": repeat.lead, "repeat": repeat}[who]
    actions.answer(concern=concern, text="Кайра башталды")

    erase_old()

    assert Identity.objects.filter(concern=repeat).exists()
    assert repeat.photos.exists()


def test_a_second_run_finds_nothing_left(center):
    ended(center, 61)

    first, second = erase_old(), erase_old()

    assert first == Erased(identities=1, photos=1, words=1, codes=1)
    assert second == NOTHING


def test_a_dry_run_says_the_same_and_erases_nothing(center):
    ended(center, 61)

    dry = erase_old(is_dry=True)

    assert dry == Erased(identities=1, photos=1, words=1, codes=1)
    assert Identity.objects.exists()
    assert erase_old() == dry


def test_the_command_says_first_and_erases_when_asked(center):
    ended(center, 61)
    said, done = StringIO(), StringIO()

    call_command("retention", stdout=said)
    kept = Identity.objects.count()
    call_command("retention", erase=True, stdout=done)

    assert "кто сообщил: 1" in said.getvalue()
    assert (kept, Identity.objects.count()) == (1, 0)


def test_the_command_tells_what_a_day_to_come_will_bring(center):
    ended(center, 0)
    said = StringIO()
    day = timezone.localdate() + timedelta(days=400)

    call_command("retention", "--on", day.isoformat(), stdout=said)

    assert "кто сообщил: 1" in said.getvalue()
    assert Identity.objects.exists()


def test_as_the_years_go_by_the_daily_run_erases_one_after_the_other(center):
    """With a clock that is put on, as the portal itself would live through it."""
    concern = ended(center, 0, Level.CONFIDENTIAL)
    ended_at = concern.ended_at
    left = {}
    with clock() as hands:
        for year in range(4):
            hands.told = ended_at + timedelta(days=1 + 366 * year)
            call_command("daily", stdout=StringIO())
            row = Concern.objects.get(pk=concern.pk)
            left[year] = (hasattr(row, "identity"), bool(row.text))

    assert left == {
        0: (True, True),
        1: (False, True),
        2: (False, False),
        3: (False, False),
    }


def test_pages_say_that_the_words_are_gone(center, cholpon):
    concern = ended(center, 61)
    erase_old()

    page = signed_in(cholpon).get(concern.get_desk_url())

    assert page.status_code == 200
    assert "Сөздөр" in page.content.decode()


def test_a_code_that_ended_answers_like_a_wrong_one(center, client):
    concern = ended(center, 12)
    erase_old()

    answer = client.post(reverse("follow:enter"), {"c": concern.code})

    assert answer.status_code == 422


def test_an_address_left_only_now_outlives_the_night(center, aida):
    concern = make_concern(center, status=Status.FORWARDED)
    long_ago = timezone.now() - timedelta(days=400)
    seen_at = long_ago + timedelta(days=1)
    Concern.objects.update(created_at=long_ago, seen_by_reporter_at=seen_at)
    concern.changes.update(created_at=long_ago)
    aida.post("/follow/", {"c": concern.code})
    aida.get("/follow/concern/")

    aida.post("/follow/concern/news/", {"news-email": "aida@example.org"})
    erase_old()

    assert NewsAddress.objects.filter(concern=concern).exists()


@pytest.mark.parametrize("new", ["issued", "changed"])
def test_a_code_given_out_anew_is_kept_a_year_of_its_own(new, center):
    concern = ended(center, 13)
    line = concern.changes.create(kind="code", new=new)

    first = erase_old().codes
    line.created_at = timezone.now() - timedelta(days=367)
    line.save()

    assert (first, erase_old().codes) == (0, 1)


@pytest.mark.parametrize(
    ("now", "months", "then"),
    [
        ("2026-03-31", 1, "2026-02-28"),
        ("2028-03-31", 1, "2028-02-29"),
        ("2026-01-15", 12, "2025-01-15"),
        ("2026-12-31", 24, "2024-12-31"),
        ("2026-01-01", 1, "2025-12-01"),
    ],
)
def test_months_end_where_the_calendar_ends_them(now, months, then):
    moment = timezone.make_aware(datetime.fromisoformat(now))

    assert f"{months_before(moment, months):%Y-%m-%d}" == then
