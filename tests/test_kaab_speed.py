"""
How much a page asks of the database, and how much of the line.

The same number of questions for one row and for a hundred, and eight at most.
"""

import gzip
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from centers.models import Partner, User
from concerns.models import Category, Change, Concern, Group, Photo, Problem, Question
from concerns.workflow import Level, Status
from kaab.explained import GUIDES
from meetings.models import Action, Meeting

from .factories import (
    COUNCIL,
    POLICE,
    RESIDENTS,
    give,
    make_action,
    make_approved,
    make_category,
    make_center,
    make_concern,
    make_decision,
    make_member,
    make_membership,
    make_message,
    make_photo,
    make_place,
    make_proposal,
    make_public_photo,
    make_public_text,
    make_published_meeting,
    make_text,
    make_topic,
    make_user,
    make_work_photo,
    partner_of,
    put_on_agenda,
    signed_in,
)
from .planning import ended_meeting, promise

pytestmark = [
    *(pytest.mark.django_db, pytest.mark.usefixtures("cheap_codes")),
    pytest.mark.sweep,
]

LIMIT = 8
WHOLE_LIVES = ["action, by what became of it", "concern, by its meetings"]


def questions(browser, path):
    """Return how many queries a page asks, and fail if it is not one."""
    with CaptureQueriesContext(connection) as asked:
        response = browser.get(path)
    assert response.status_code == 200
    return len(asked)


# What fills a page with rows, by the page


def published_concerns(center, by, number):
    village = center.villages.get()
    for _ in range(number):
        make_approved(center, make_category(), by=by, village=village)


def solved_concerns(center, by, number):
    for _ in range(number):
        make_approved(center, by=by, status=Status.CLOSED, resolved_at=timezone.now())


def meetings(center, by, number):
    for day in range(number):
        at = timezone.now() + timedelta(days=day + 1)
        make_published_meeting(center, by=by, starts_at=at)
        make_published_meeting(
            center, by=by, starts_at=timezone.now() - (at - timezone.now())
        )


def villages(center, by, number):
    for _ in range(number):
        center.villages.add(make_place())


def centers(center, by, number):
    for _ in range(number):
        make_center()


def categories(center, by, number):
    for _ in range(number):
        make_category()


def questions_of_a_form(center, by, number):
    for _ in range(number):
        Question.objects.create(
            category=Category.objects.get(code="street_lighting"),
            kind=Question.Kind.LINE,
            text_ky="Кайсы чырак?",
            text_ru="Какой фонарь?",
        )


def known_already(center, by, number):
    lighting = Category.objects.get(code="street_lighting")
    village = center.villages.get()
    for _ in range(number):
        make_approved(center, lighting, by=by, village=village)


def newly_done(center, by, number):
    concern = Concern.objects.get(reference="11111111")
    for _ in range(number):
        concern.changes.create(new=Status.IN_PROGRESS, by=by)
        make_message(concern)


def shown_members(center, by, number):
    for _ in range(number):
        make_membership(center, COUNCIL, consented_on=timezone.localdate())


PUBLIC = {
    "directory": ("/", centers),
    "centre, by what it solved": ("/mirmakhmudov/", solved_concerns),
    "centre, by its villages": ("/mirmakhmudov/", villages),
    "concerns": ("/mirmakhmudov/concerns/", published_concerns),
    "concerns, searched": ("/mirmakhmudov/concerns/?q=аталышы", published_concerns),
    "categories": ("/mirmakhmudov/concerns/new/", categories),
    "form": ("/mirmakhmudov/concerns/new/street_lighting/?new", villages),
    "form, by its questions": (
        "/mirmakhmudov/concerns/new/street_lighting/?new",
        questions_of_a_form,
    ),
    "known already": ("/mirmakhmudov/concerns/new/street_lighting/", known_already),
    "centre, by its people": ("/mirmakhmudov/", shown_members),
    "meetings": ("/mirmakhmudov/meetings/", meetings),
    "calendar": ("/mirmakhmudov/meetings.ics", meetings),
}


@pytest.mark.parametrize("name", PUBLIC)
def test_a_public_page_asks_as_much_for_a_hundred_rows_as_for_one(name, center):
    path, fill = PUBLIC[name]
    by = make_user()
    make_category(code="street_lighting")
    fill(center, by, 2)
    few = questions(Client(), path)

    fill(center, by, 100)

    assert questions(Client(), path) == few <= LIMIT


def on_an_agenda(center, by, number):
    meeting = Meeting.objects.get(reference="22222222")
    for _ in range(number):
        item = put_on_agenda(meeting, make_approved(center, by=by))
        make_action(make_decision(item, by=by))
        make_topic(meeting)


def decided(center, by, number):
    meeting = Meeting.objects.get(reference="66666666")
    for _ in range(number):
        item = put_on_agenda(meeting, make_approved(center, by=by))
        make_action(make_decision(item, by=by))


def discussed(center, by, number):
    concern = Concern.objects.get(reference="11111111")
    for _ in range(number):
        item = put_on_agenda(make_published_meeting(center, by=by), concern)
        make_action(make_decision(item, by=by))


def worked_on(center, by, number):
    concern = Concern.objects.get(reference="11111111")
    for _ in range(number):
        make_message(concern)
        make_message(concern, by=by)
        concern.changes.create(new=Status.IN_PROGRESS, by=by, note="Сөз")
        concern.changes.create(
            kind=Change.Kind.CATEGORY, new=make_category().code, by=by
        )


def cleared_photos(center, by, number):
    concern = Concern.objects.get(reference="11111111")
    for _ in range(number):
        make_public_photo(concern, by=by)


def shown_work(center, by, number):
    worked_off(center, by, number)
    action = Action.objects.get(reference="99999999")
    judged = ended_meeting(center)
    for _ in range(number):
        make_work_photo(action, by=by, is_cleared=True)
        action.changes.create(
            kind="status", new="confirmed", side="meeting", meeting=judged, by=by
        )


DETAILS = {
    "action, by its chain": ("/mirmakhmudov/plan/99999999/", shown_work),
    "meeting, by its agenda": ("/mirmakhmudov/meetings/22222222/", on_an_agenda),
    "calendar, by an agenda": ("/mirmakhmudov/meetings.ics", on_an_agenda),
    "one meeting's file": ("/mirmakhmudov/meetings/22222222.ics", on_an_agenda),
    "concern, by its meetings": ("/mirmakhmudov/concerns/11111111/", discussed),
    "concern, by its history": ("/mirmakhmudov/concerns/11111111/", worked_on),
    "concern, by its photos": ("/mirmakhmudov/concerns/11111111/", cleared_photos),
}


@pytest.fixture
def two_pages(center):
    make_approved(center, reference="11111111")
    make_published_meeting(center, reference="22222222")
    make_published_meeting(
        center,
        reference="66666666",
        status=Meeting.Status.HELD,
        starts_at=timezone.now() - timedelta(days=1),
    )
    before = ended_meeting(
        center, reference="88888888", starts_at=timezone.now() - timedelta(days=9)
    )
    promise(center, meeting=before, reference="99999999")


@pytest.mark.usefixtures("two_pages")
@pytest.mark.parametrize("name", DETAILS)
def test_one_concern_and_one_meeting_ask_as_much_however_much_there_is(name, center):
    path, fill = DETAILS[name]
    by = make_user()
    fill(center, by, 1)
    few = questions(Client(), path)

    fill(center, by, 30)

    assert questions(Client(), path) == few <= LIMIT


@pytest.mark.usefixtures("two_pages")
def test_what_a_code_opens_asks_as_much_however_much_was_said(center):
    concern = Concern.objects.get(reference="11111111")
    browser = Client()
    code = make_concern(center, lead=concern, status=Status.DUPLICATE).code
    browser.post("/follow/", {"c": code})
    # The first look is noted.
    browser.get("/follow/concern/")
    few = questions(browser, "/follow/concern/")

    worked_on(center, make_user(), 30)
    discussed(center, make_user(), 30)
    # What became of the one that it was joined with is news, and that look is noted.
    browser.get("/follow/concern/")

    assert questions(browser, "/follow/concern/") == few <= LIMIT


# The desk


def waiting(center, by, number):
    for level in (Level.PUBLIC, Level.RESTRICTED, Level.CONFIDENTIAL):
        for _ in range(number):
            make_concern(
                center,
                make_category(level),
                status=Status.IN_PROGRESS,
                due_on=timezone.localdate(),
                village=center.villages.get(),
            )


def summaries(center, by, number):
    for _ in range(number):
        give(make_approved(center, make_category(Level.RESTRICTED), by=by), POLICE)


def members(center, by, number):
    for _ in range(number):
        make_member(center, COUNCIL)
        make_member(center, POLICE)


def promises(center, by, number):
    meeting = Meeting.objects.get(reference="88888888")
    colleague = make_member(center, COUNCIL)
    for kind in (COUNCIL, POLICE, RESIDENTS):
        for _ in range(number):
            decision = make_decision(make_topic(meeting), by=by)
            doer = {"partner": partner_of(center, kind), "person": colleague}
            make_action(decision, **doer)


def worked_off(center, by, number):
    action = Action.objects.get(reference="99999999")
    for _ in range(number):
        concern = make_approved(center, by=by)
        action.decision.answers.add(concern)
        action.co_executors.add(
            Partner.objects.create(center=center, kind=POLICE, name_ky="Бөлүм")
        )
        colleague = make_member(center, COUNCIL)
        action.changes.create(kind="progress", note="Сөз", by=colleague)
        action.changes.create(
            kind="status", new="open", note="Сөз", side="reporter", concern=concern
        )


def known(center, by, number):
    waiting(center, by, number)
    summaries(center, by, number)


def proposed(center, by, number):
    proposer = make_member(center, RESIDENTS)
    for _ in range(number):
        make_proposal(make_approved(center, by=by), proposer)


def sign_ins(center, by, number):
    for user in User.objects.all():
        for _ in range(number):
            signed_in(user).get("/account/")


def noted(center, by, number):
    concern = Concern.objects.get(reference="11111111")
    for _ in range(number):
        note = concern.changes.create(kind=Change.Kind.NOTE, note="Сөз", by=by)
        for user in User.objects.all():
            note.mentions.create(user=user)
        make_text(center, use="resolved")
        make_photo(concern)


def repeated(center, by, number):
    lead = Concern.objects.get(reference="11111111")
    for status in (Status.DUPLICATE, Status.REGISTERED):
        for _ in range(number):
            make_concern(center, lead.category, status=status, lead=lead)


def texts(center, by, number):
    for _ in range(number):
        make_text(center, category=make_category())
        make_text(category=make_category())


DESK = {
    "today": ("/desk/", waiting),
    "today, by its meetings": ("/desk/", meetings),
    "concerns": ("/desk/concerns/", waiting),
    "concerns, by who may be given them": ("/desk/concerns/", members),
    "concerns, filtered": ("/desk/concerns/?partner=nobody&age=7", waiting),
    "concerns given to me": ("/desk/concerns/?state=mine", waiting),
    "summaries": ("/desk/concerns/summaries/", summaries),
    "today, by what was promised": ("/desk/", promises),
    "actions": ("/desk/actions/", promises),
    "actions, mine that are overdue": (
        "/desk/actions/?whose=mine&state=overdue",
        promises,
    ),
    "action, by what became of it": ("/desk/actions/99999999/", shown_work),
    "meetings": ("/desk/meetings/", meetings),
    "members": ("/desk/members/mirmakhmudov/", members),
    "meeting, by its agenda": ("/desk/meetings/22222222/", on_an_agenda),
    "meeting held, by its agenda": ("/desk/meetings/66666666/", decided),
    "meeting, by what may be put on it": ("/desk/meetings/22222222/", known),
    "meeting, by what was proposed": ("/desk/meetings/22222222/", proposed),
    "proposing": ("/desk/meetings/propose/11111111/", discussed),
    "concern, by its history": ("/desk/concerns/11111111/", worked_on),
    "concern, by its meetings": ("/desk/concerns/11111111/", discussed),
    "concern, by who may handle it": ("/desk/concerns/11111111/", members),
    "concern, by its notes": ("/desk/concerns/11111111/", noted),
    "today, by where one is named": ("/desk/", noted),
    "note, by whom it may name": ("/desk/concerns/11111111/note/", members),
    "account, by where one is signed in": ("/account/", sign_ins),
}


@pytest.mark.usefixtures("two_pages")
@pytest.mark.parametrize("who", ["cholpon", "elmira", "bakyt"])
@pytest.mark.parametrize("name", DESK)
def test_a_page_of_the_desk_asks_as_much_for_many_rows_as_for_one(
    name, who, center, request
):
    path, fill = DESK[name]
    by = make_user()
    browser = signed_in(request.getfixturevalue(who))
    browser.get("/desk/")
    fill(center, by, 1)
    few = questions(browser, path)

    fill(center, by, 20)

    # A page that shows the whole life of something asks for its parts.
    most = LIMIT + (name in WHOLE_LIVES)
    assert questions(browser, path) == few <= most


def approved_often(center, by, number):
    concern = Concern.objects.get(reference="11111111")
    for _ in range(number):
        make_public_text(concern, by=by)
        make_public_photo(concern, by=by)


def covers(center, by, number):
    photo = Photo.objects.get(name="f" * 32)
    for place in range(number):
        photo.covers.create(left=place, top=0, right=place + 1, bottom=1)


def problems(center, by, number):
    for _ in range(number):
        Problem.objects.create(center=center, title_ky="Көйгөй", by=by)


def grouped(center, by, number):
    problem = Problem.objects.get(reference="77777777")
    for _ in range(number):
        concern = make_approved(center, by=by, village=center.villages.get())
        Group.objects.create(problem=problem, concern=concern)
        problem.lines.create(kind="cause", side=POLICE, text_ky="Себеби", by=by)
        make_approved(center, by=by, village=center.villages.get())


def asked_about(center, by, number):
    for _ in range(number):
        Question.objects.create(
            category=make_category(),
            kind=Question.Kind.LINE,
            text_ky="Кайсы?",
            text_ru="Какой?",
        )


REGISTRAR = {
    "judging": ("/desk/meetings/66666666/run/judge/99999999/", worked_off),
    "today, by what others did": ("/desk/", newly_done),
    "centre page": ("/desk/center/mirmakhmudov/", villages),
    "questions of the forms": ("/desk/center/mirmakhmudov/questions/", asked_about),
    "new code": ("/desk/concerns/11111111/code/", worked_on),
    "unread": ("/desk/concerns/?state=unread", waiting),
    "new concern": ("/desk/concerns/33333333/", categories),
    "confidential concern": ("/desk/concerns/44444444/", categories),
    "duplicate": ("/desk/concerns/55555555/", categories),
    "of the same matter": ("/desk/concerns/11111111/similar/", repeated),
    "ready texts": ("/desk/centers/mirmakhmudov/templates/", texts),
    "a ready text": ("/desk/centers/mirmakhmudov/templates/new/", categories),
    "handing over": ("/desk/concerns/11111111/assign/", members),
    "category": ("/desk/concerns/11111111/category/", categories),
    "public text": ("/desk/concerns/11111111/publish/", worked_on),
    "public text, by its versions": (
        "/desk/concerns/11111111/publish/",
        approved_often,
    ),
    "an approved text": (
        "/desk/concerns/11111111/publish/texts/1/",
        approved_often,
    ),
    "photo for publication": (
        f"/desk/concerns/11111111/publish/photos/{'f' * 32}/",
        covers,
    ),
    "problems": ("/desk/centers/mirmakhmudov/problems/", problems),
    "problem": ("/desk/centers/mirmakhmudov/problems/77777777/", grouped),
    "problem, changed": ("/desk/centers/mirmakhmudov/problems/77777777/edit/", grouped),
    "poster": ("/desk/center/mirmakhmudov/poster/", villages),
}


@pytest.fixture
def every_kind(center, two_pages):
    confidential = make_category(Level.CONFIDENTIAL)
    lead = Concern.objects.get(reference="11111111")
    make_concern(center, reference="33333333")
    make_concern(center, confidential, reference="44444444")
    make_photo(lead, name="f" * 32)
    make_public_text(lead, by=make_user())
    Problem.objects.create(
        center=center, reference="77777777", title_ky="Көйгөй", by=make_user()
    )
    make_concern(center, reference="55555555", status=Status.DUPLICATE, lead=lead)


@pytest.mark.usefixtures("every_kind")
@pytest.mark.parametrize("name", REGISTRAR)
def test_a_page_of_the_coordinator_asks_as_much_for_many_rows(name, center, cholpon):
    path, fill = REGISTRAR[name]
    by = make_user()
    browser = signed_in(cholpon)
    browser.get(path)
    fill(center, by, 1)
    few = questions(browser, path)

    fill(center, by, 20)

    assert questions(browser, path) == few <= LIMIT


# Nothing is counted that grows


@pytest.mark.usefixtures("two_pages")
@pytest.mark.parametrize("path", ["/mirmakhmudov/concerns/", "/mirmakhmudov/meetings/"])
def test_no_list_counts_its_rows(path, center):
    published_concerns(center, make_user(), 21)

    with CaptureQueriesContext(connection) as asked:
        page = Client().get(path)

    assert page.status_code == 200
    assert not [query for query in asked if "COUNT(" in query["sql"].upper()]


def test_a_list_ends_at_its_fortieth_page(center):
    published_concerns(center, make_user(), 21)

    first = Client().get("/mirmakhmudov/concerns/").content.decode()
    second = Client().get("/mirmakhmudov/concerns/?page=2").content.decode()

    assert "?page=2" in first
    assert "?page=3" not in second
    assert "?page=1" in second or 'rel="prev"' in second


# Over the line


def wire_size(browser, path):
    """Return the bytes of a page with everything in it, however they are packed."""
    response = browser.get(path, headers={"accept-encoding": "gzip"})
    assert response.status_code == 200
    packed = response.get("Content-Encoding") == "gzip"
    # GZipMiddleware adds up to 100 random bytes against guessing by length.
    body = gzip.decompress(response.content) if packed else response.content
    assert b'<link rel="stylesheet"' not in body
    return len(gzip.compress(body, 6)) + headers_size(response)


def headers_size(response):
    return sum(len(f"{name}: {value}\r\n") for name, value in response.items())


@pytest.fixture
def full_center(center):
    """A centre of the real categories, with as much on each page as it can show."""
    call_command("load_reference", verbosity=0)
    by = make_user()
    lighting = Category.objects.get(code="street_lighting")
    text = {
        "summary_ky": "Мектептин жанындагы чырак үч жумадан бери күйбөйт. " * 4,
        "summary_ru": "Фонарь возле школы не горит уже три недели. " * 4,
    }
    for _ in range(21):
        make_approved(
            center,
            lighting,
            by=by,
            status=Status.CLOSED,
            resolved_at=timezone.now(),
            title_ky="Мектептин жанында чырак күйбөйт",
            title_ru="Не горит фонарь возле школы",
            village=center.villages.get(),
            **text,
        )
    make_approved(center, lighting, by=by, reference="11111111", **text)
    make_published_meeting(center, by=by, reference="22222222")
    on_an_agenda(center, by, 5)
    worked_on(center, by, 10)
    promise(center, Concern.objects.get(reference="11111111"), reference="99999999")
    shown_work(center, by, 5)
    return center


SLIM = [
    "/",
    "/mirmakhmudov/",
    "/mirmakhmudov/concerns/new/",
    "/mirmakhmudov/concerns/new/street_lighting/",
    "/mirmakhmudov/concerns/new/street_lighting/?new",
    "/mirmakhmudov/concerns/new/livestock_theft/",
    "/follow/",
    "/mirmakhmudov/plan/99999999/",
]
OTHERS = [
    "/mirmakhmudov/concerns/",
    "/mirmakhmudov/concerns/11111111/",
    "/mirmakhmudov/meetings/",
    "/mirmakhmudov/meetings/22222222/",
    "/mirmakhmudov/meetings.ics",
    "/about/",
    "/help/",
    *(f"/help/{role}/" for role in GUIDES),
    "/privacy/",
    "/accessibility/",
]
in_both_languages = pytest.mark.parametrize("language", ["", "/ru"])


@in_both_languages
def test_what_a_resident_needs_first_fits_into_ten_thousand_bytes(
    language, full_center
):
    sizes = {path: wire_size(Client(), language + path) for path in SLIM}

    assert {path: size for path, size in sizes.items() if size > 10_000} == {}


@in_both_languages
def test_every_other_public_page_fits_into_fourteen_thousand(language, full_center):
    sizes = {path: wire_size(Client(), language + path) for path in OTHERS}

    assert {path: size for path, size in sizes.items() if size > 14_000} == {}


FORM = "/mirmakhmudov/concerns/new/form/"


def choosing(category):
    """Return a phone on which a category was chosen."""
    browser = Client()
    browser.post("/mirmakhmudov/concerns/new/", {"category": category.code})
    return browser


@in_both_languages
def test_every_form_there_is_fits_into_ten_thousand_bytes(
    language, full_center, jamila
):
    sizes = {
        category.code: wire_size(choosing(category), f"{language}{FORM}")
        for category in Category.objects.all()
    }

    assert {code: size for code, size in sizes.items() if size > 10_000} == {}


@in_both_languages
def test_what_a_code_opens_fits_into_ten_thousand_bytes(language, full_center):
    browser = Client()
    concern = make_concern(full_center, Category.objects.get(code="street_lighting"))
    for _ in range(5):
        make_message(concern, text="Мектептин жанындагы чырак үч жумадан бери күйбөйт.")
    browser.post("/follow/", {"c": concern.code})

    assert wire_size(browser, f"{language}/follow/concern/") <= 10_000


def test_a_page_is_sent_packed(full_center):
    response = Client().get("/mirmakhmudov/", headers={"accept-encoding": "gzip"})

    assert response["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in response["Vary"]
