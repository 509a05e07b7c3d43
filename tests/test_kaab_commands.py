"""What those who run the portal type: repeatable, and refusing what would hurt."""

import re
from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.core.serializers import serialize
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from centers.models import (
    Center,
    DaySalt,
    Invitation,
    JournalEntry,
    Limit,
    OutsideBody,
    Place,
    User,
)
from concerns.models import Category, CategoryGroup
from concerns.workflow import Level, Status

from .factories import make_center, make_concern, make_user

pytestmark = pytest.mark.django_db

REFERENCE = [Place, OutsideBody, CategoryGroup, Category]
AIMAK = "41706242856000"


def run(*command, **options):
    out = StringIO()
    call_command(*command, stdout=out, **options)
    return out.getvalue()


@pytest.fixture
def reference():
    run("load_reference")


def reference_tables():
    return [serialize("json", model.objects.order_by("pk")) for model in REFERENCE]


# load_reference


@pytest.mark.usefixtures("reference")
def test_loading_the_reference_twice_changes_nothing():
    before = reference_tables()

    run("load_reference")

    assert reference_tables() == before


def test_there_are_thirty_six_categories_in_plain_groups(reference):
    assert Category.objects.count() == 36
    assert not Category.objects.filter(group=None).exists()


@pytest.mark.parametrize("model", [Place, OutsideBody, CategoryGroup, Category])
def test_every_name_stands_in_both_languages(model, reference):
    names = model.objects.values_list("name_ky", "name_ru")

    assert names
    assert all(ky and ru for ky, ru in names)


def test_no_text_of_a_category_stands_in_one_language_only(reference):
    texts = ("hint", "lead", "partners", "emergency_text", "advice", "note")

    half = [
        (category.code, text)
        for category in Category.objects.all()
        for text in texts
        if bool(getattr(category, f"{text}_ky"))
        != bool(getattr(category, f"{text}_ru"))
    ]

    assert half == []


def test_no_text_of_a_category_asks_instead_of_saying(reference):
    assert "?" not in serialize("json", Category.objects.exclude(advice_ky=""))


def test_complaints_are_hidden_from_those_they_are_about(reference):
    police = Category.objects.get(code="police_conduct")
    council = Category.objects.get(code="official_conduct")

    assert (police.hidden_from_police, police.level) == (True, Level.CONFIDENTIAL)
    assert (council.hidden_from_council, council.level) == (True, Level.CONFIDENTIAL)


def test_whatever_is_not_in_the_list_is_restricted_at_first(reference):
    assert Category.objects.get(code="other").level == Level.RESTRICTED


def test_where_there_is_danger_the_first_number_to_call_is_given(reference):
    dangerous = Category.objects.exclude(emergency="none")

    assert dangerous
    assert all(category.call for category in dangerous)
    assert all(category.emergency_text_ky for category in dangerous)


def test_every_number_to_call_is_a_short_one_or_a_phone(reference):
    numbers = {n for category in Category.objects.all() for n in category.call}

    assert all(re.fullmatch(r"\d{3}|0\d{9}", number) for number in numbers)


def test_loading_leaves_alone_what_concerns_refer_to(reference):
    concern = make_concern(category=Category.objects.get(code="theft"))

    run("load_reference")

    concern.refresh_from_db()
    assert concern.category.code == "theft"


@pytest.fixture
def places(tmp_path):
    """A file of somebody's own places, of which the last line may be given."""
    head = "soate\tlevel\tparent\tname_ky\tname_ru"
    aimak = "41706242999000\taimak\t41706242000000\tКөк-Жар\tКок-Жар"

    def write(*lines):
        path = tmp_path / "places.tsv"
        path.write_text("\n".join([head, aimak, *lines]), encoding="utf-8")
        return path

    return write


def test_a_file_of_further_places_is_loaded(places):
    village = "41706242999010\tvillage\t41706242999000\tТалды\tТалды"

    run("load_reference", places=places(village))

    assert Place.objects.get(code="41706242999010").parent.name_ky == "Көк-Жар"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("41706242999010 village 41706242999000 Талды Талды", "табуляции"),
        ("41706242999010\tvillage\t41706242999000\tТалды", "табуляции"),
        ("41706242999\tvillage\t41706242999000\tТалды\tТалды", "14 цифр"),
        ("41706242999010\tайыл\t41706242999000\tТалды\tТалды", "уровень"),
        ("41706242999010\tvillage\t41706242998000\tТалды\tТалды", "раньше"),
        ("41706242999010\tvillage\t41706242999000\tТалды\t", "на обоих языках"),
    ],
)
def test_a_bad_line_of_a_file_of_places_is_named_and_nothing_loaded(
    line, words, places
):
    with pytest.raises(CommandError, match=f"строка 3: .*{words}"):
        run("load_reference", places=places(line))

    assert not Place.objects.filter(code="41706242999000").exists()


# open_center


def open_center(slug="mirmakhmudov", **options):
    options = {
        "aimak": AIMAK,
        "name_ky": "Мирмахмудов борбору",
        "name_ru": "Центр Мирмахмудов",
        "coordinator": "Асанова Чолпон",
        "email": "Cholpon@Example.org",
        "language": "ky",
    } | options
    return run("open_center", slug, **options)


@pytest.mark.usefixtures("reference")
def test_a_centre_opens_with_its_villages_and_partners():
    open_center()

    center = Center.objects.get()
    kinds = center.partners.values_list("kind", flat=True)
    assert center.villages.count() == Place.objects.filter(level="village").count() > 0
    assert list(kinds) == ["residents", "council", "police"]
    assert not center.is_demo


@pytest.mark.usefixtures("reference")
def test_the_opening_is_journalled():
    open_center()

    kinds = JournalEntry.objects.values_list("kind", flat=True)
    assert list(kinds) == ["center_opened", "member_invited"]


@pytest.mark.usefixtures("reference")
def test_the_printed_link_makes_the_first_coordinator(client):
    out = open_center()
    link = re.search(r"(/account/invitation/[\w-]+/)", out)[1]
    password = "төрт сөздөн турган сырсөз"

    client.post(link, {"password1": password, "password2": password})

    user = User.objects.get()
    assert user.email == "cholpon@example.org"
    assert user.memberships.get().role == "coordinator"
    assert user.check_password(password)


@pytest.mark.usefixtures("reference")
def test_the_first_coordinator_gets_her_letter(
    mailoutbox, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        open_center()

    assert mailoutbox[0].to == ["cholpon@example.org"]


@pytest.mark.usefixtures("reference")
def test_no_centre_stands_in_the_way_of_the_portals_own_addresses():
    with pytest.raises(CommandError):
        open_center("desk")

    assert not Center.objects.exists()


@pytest.mark.usefixtures("reference")
@pytest.mark.parametrize("slug", ["Мир", "a b", "../x", "a" * 41, ""])
def test_a_slug_that_is_no_address_is_refused(slug):
    with pytest.raises(CommandError):
        open_center(slug)

    assert not Center.objects.exists()


@pytest.mark.usefixtures("reference")
def test_two_centres_have_two_addresses():
    open_center()

    with pytest.raises(CommandError):
        open_center()


@pytest.mark.parametrize("aimak", [AIMAK, "0", "41706000000000"])
def test_a_centre_opens_in_an_aimak_that_is_known(aimak):
    with pytest.raises(CommandError):
        open_center(aimak=aimak)

    assert not Invitation.objects.exists()


@pytest.mark.usefixtures("reference")
def test_no_real_centre_opens_beside_the_demo():
    make_center(is_demo=True)

    with pytest.raises(CommandError):
        open_center()


# daily


def resolved(days_ago):
    return make_concern(
        status=Status.RESOLVED, resolved_at=timezone.now() - timedelta(days=days_ago)
    )


def test_the_day_closes_what_was_solved_thirty_days_ago():
    old, recent = resolved(30), resolved(29)

    run("daily")

    old.refresh_from_db()
    recent.refresh_from_db()
    assert (old.status, recent.status) == (Status.CLOSED, Status.RESOLVED)


def test_the_day_may_come_twice():
    concern = resolved(31)

    run("daily")
    run("daily")

    assert concern.changes.filter(new=Status.CLOSED).count() == 1


def test_two_days_at_once_close_it_once(together):
    [concern] = together(lambda: resolved(31))

    together(lambda: run("daily"), threads=3)

    [closings] = together(lambda: concern.changes.filter(new=Status.CLOSED).count())
    assert closings == 1


def test_the_day_forgets_counters_salts_and_sessions():
    yesterday = timezone.now() - timedelta(days=1)
    Limit.objects.create(key="filing:a", hits=1, expires_at=yesterday)
    DaySalt.objects.create(day=yesterday.date(), salt="s")
    Session.objects.create(session_key="a", session_data="", expire_date=yesterday)

    run("daily")

    assert not Limit.objects.exists()
    assert not DaySalt.objects.exists()
    assert not Session.objects.exists()


def test_a_code_opens_what_time_has_closed(cheap_codes):
    concern = resolved(31)
    run("daily")

    response = Client().post(reverse("follow:enter"), {"c": concern.code})

    assert response.status_code == 302


# demo


@pytest.fixture
def demo(settings, tmp_path, cheap_codes, monkeypatch):
    settings.VAR_DIR = tmp_path
    monkeypatch.setenv("DEMO_PASSWORD", "көрсөтүү үчүн сырсөз")
    return run("demo")


def test_the_demo_prints_how_to_get_in_and_cannot_come_twice(demo):
    people = ["coordinator", "council", "officer", "community", "custodian", "observer"]
    [code, *_more] = re.findall(r"\d{4} \d{4} \d{4} \d{4}", demo)

    assert all(f"{name}@example.org" in demo for name in [*people, "stranger"])
    assert "көрсөтүү үчүн сырсөз" in demo
    assert Client().post(reverse("follow:enter"), {"c": code}).status_code == 302
    with pytest.raises(CommandError):
        run("demo")


@pytest.mark.parametrize("make", [make_center, make_user])
def test_the_demo_refuses_a_database_with_real_rows(make):
    make()

    with pytest.raises(CommandError):
        run("demo")
