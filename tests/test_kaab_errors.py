"""When something is wrong: what happened, what to do, and every word still there."""

import logging
import re
from io import StringIO

import pytest
from django.db import InterfaceError, OperationalError, connection
from django.test import Client
from django.urls import reverse

from centers.models.person import new_token
from concerns import codes
from concerns.models import Concern
from concerns.workflow import Level, Status

from .factories import (
    POLICE,
    make_approved,
    make_category,
    make_concern,
    make_hidden_category,
    make_meeting,
    make_published_meeting,
    signed_in,
)
from .pages import inputs_of, without_tokens

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cheap_codes")]

TEXT = "Мектептин жанында чырак күйбөйт, балдар караңгыда басат.\n«Экинчи» сап & <b>."


@pytest.fixture
def form(center, lighting):
    """An open form: its address, and what stands in its fields."""
    path = reverse("concerns:new", args=[center.slug, lighting.code])
    key = Client().get(path).context["form"]["key"].value()
    return path, {"text": TEXT, "involved": "no", "key": key, "landmark": "Көпүрө"}


def phone(**extra):
    """Return a phone that meets errors as a page, and is asked for its tokens."""
    return Client(enforce_csrf_checks=True, raise_request_exception=False, **extra)


# Not found is not found


def both(client, one, other):
    return client.get(one), client.get(other)


def headers_of(response):
    return {name: value for name, value in response.items() if name != "Expires"}


def hidden_concern(center, other_center):
    return make_concern(center, make_hidden_category(POLICE)).get_desk_url()


def foreign_concern(center, other_center):
    return make_concern(other_center).get_desk_url()


def confidential_concern(center, other_center):
    return make_concern(center, make_category(Level.CONFIDENTIAL)).get_desk_url()


def foreign_meeting(center, other_center):
    return make_published_meeting(other_center).get_desk_url()


def draft_of_a_meeting(center, other_center):
    return make_meeting(center).get_desk_url()


def foreign_members(center, other_center):
    return reverse("desk:members", args=[other_center.slug])


def unpublished_concern(center, other_center):
    return make_concern(center).get_absolute_url()


def restricted_concern(center, other_center):
    return make_approved(center, make_category(Level.RESTRICTED)).get_absolute_url()


def concern_of_elsewhere(center, other_center):
    concern = make_approved(other_center)
    return reverse("concerns:detail", args=[center.slug, concern.reference])


@pytest.mark.parametrize("language", ["", "/ru"])
@pytest.mark.parametrize(
    "unseen",
    [
        hidden_concern,
        foreign_concern,
        confidential_concern,
        foreign_meeting,
        draft_of_a_meeting,
        foreign_members,
        unpublished_concern,
        restricted_concern,
        concern_of_elsewhere,
    ],
)
def test_what_an_officer_may_not_know_of_is_byte_for_byte_what_does_not_exist(
    unseen, language, center, other_center, bakyt
):
    path = language + unseen(center, other_center)
    # The same address with its last part changed: nothing stands there.
    missing = re.sub(r"[\w-]+/$", "99999999/", path)

    one, other = both(signed_in(bakyt), path, missing)

    assert one.status_code == other.status_code == 404
    assert without_tokens(one) == without_tokens(other)
    assert headers_of(one) == headers_of(other)


@pytest.mark.parametrize(
    "path",
    [
        "/mirmakhmudov/concerns/00000000/",
        "/mirmakhmudov/concerns/%00/",
        "/mirmakhmudov/meetings/%00/",
        "/mirmakhmudov/concerns/new/nothing/",
        "/nowhere/",
        "/nowhere/concerns/",
        "/nowhere/concerns/new/",
        "/mirmakhmudov/concerns/?page=0",
        "/mirmakhmudov/concerns/?page=41",
        "/mirmakhmudov/concerns/?page=-1",
        "/mirmakhmudov/concerns/?page=٣",
        "/mirmakhmudov/concerns/?page=%00",
        "/mirmakhmudov/concerns/?page=" + "9" * 5000,
        "/mirmakhmudov/meetings/?page=x",
        "/wp-login.php",
        "/.git/config",
        "/" + "a" * 2000 + "/",
    ],
)
def test_what_is_not_there_is_not_found(path, center):
    response = phone().get(path)

    assert response.status_code == 404
    assert '<html lang="ky">' in response.content.decode()


@pytest.mark.parametrize(
    "query",
    [
        "in=%00",
        "q=%00",
        "q=" + "к" * 3000,
        "in=%F0%9F%98%80",
        "q=%ff%fe",
        "page=%F0%9F%98%80",
    ],
)
@pytest.mark.parametrize("path", ["/", "/mirmakhmudov/", "/help/", "/follow/"])
@pytest.mark.usefixtures("other_center")
def test_no_question_in_an_address_breaks_a_page(path, query, center):
    assert phone().get(f"{path}?{query}").status_code == 200


@pytest.mark.parametrize("field", ["q", "category", "village", "status", "month"])
@pytest.mark.parametrize("value", ["%00", "x", "%27", "-1", "99999", "%ff", "к" * 300])
def test_a_wrong_filter_shows_a_page_all_the_same(field, value, center):
    path = reverse("concerns:list", args=[center.slug])

    assert phone().get(f"{path}?{field}={value}").status_code == 200


def test_not_found_is_said_in_the_language_of_the_address(center):
    page = phone().get("/ru/mirmakhmudov/concerns/00000000/").content.decode()

    assert '<html lang="ru">' in page
    assert "Страница не найдена" in page


def test_not_found_does_not_repeat_the_address(center):
    assert b"secret-words" not in phone().get("/secret-words/").content


# An expired form


def test_a_form_whose_token_is_gone_gives_every_word_back(form):
    path, fields = form

    response = phone().post(path, fields)

    kept = inputs_of(response)
    assert response.status_code == 403
    assert {name: kept[name] for name in fields} == fields
    assert "no-store" in response["Cache-Control"]


def test_it_says_so_in_both_languages(form):
    path, fields = form

    page = phone().post(path, fields).content.decode()

    assert re.search(r'<section lang="ky">\s*<h1>[А-Яа-яңөүҢӨҮ ]', page)
    assert re.search(r'<section lang="ru">\s*<h2>[А-Яа-я ]', page)


def test_one_press_more_sends_it(form):
    path, fields = form
    client = phone()
    again = inputs_of(client.post(path, fields))

    response = client.post(path, again)

    assert response.status_code == 302
    assert Concern.objects.get().text.replace("\r\n", "\n") == TEXT


def test_it_stays_in_its_language_when_it_is_sent_again(form):
    path, fields = form

    page = phone().post(f"/ru{path}", fields).content.decode()

    assert f'action="/ru{path}"' in page


@pytest.mark.parametrize(
    ("path", "secret"),
    [
        ("/follow/", {"c": "4821093755641208"}),
        ("/login/", {"login": "a@example.org", "password": "менин сырсөзүм"}),
        ("/account/password/", {"oldpassword": "менин эски, узун жана жашыруун сөзүм"}),
        ("/help/", {"new_password1": "менин жаңы, узун жана жашыруун сырсөзүм"}),
    ],
    ids=["code", "password", "old password", "new password"],
)
def test_no_secret_is_given_back(path, secret, center):
    response = phone().post(path, secret)

    assert response.status_code == 403
    assert list(secret.values())[-1] not in response.content.decode()


def test_what_another_site_made_up_is_not_one_press_from_being_sent(form):
    path, fields = form

    response = phone().post(path, fields, headers={"origin": "https://evil.example"})

    assert response.status_code == 403
    assert inputs_of(response) == {}
    assert TEXT not in response.content.decode()


def test_the_key_of_a_form_is_not_shown_among_the_words(form):
    path, fields = form

    page = phone().post(path, fields).content.decode()

    assert page.count(fields["key"]) == 1


def test_no_log_names_the_address_of_a_form_that_was_refused():
    # That of an invitation is all one needs to use it.
    log = logging.getLogger("django.security.csrf")

    assert not log.isEnabledFor(logging.WARNING)


# The database is gone


def fail(error):
    def gone(execute, sql, params, many, context):
        raise error

    return connection.execute_wrapper(gone)


dead = pytest.mark.parametrize(
    "error",
    [OperationalError("server closed"), InterfaceError("connection already closed")],
    ids=["operational", "interface"],
)


@dead
def test_while_the_database_is_gone_the_words_and_the_key_are_kept(error, form):
    path, fields = form
    client = phone()
    fields |= {
        "csrfmiddlewaretoken": inputs_of(client.get(path))["csrfmiddlewaretoken"]
    }

    with fail(error):
        response = client.post(path, fields)

    kept = inputs_of(response)
    del fields["csrfmiddlewaretoken"]
    assert response.status_code == 503
    assert {name: kept[name] for name in fields} == fields
    assert response["Retry-After"] == "60"
    assert "no-store" in response["Cache-Control"]


def test_when_it_is_back_the_same_page_sends_it_once(form):
    path, fields = form
    client = phone()
    fields |= {
        "csrfmiddlewaretoken": inputs_of(client.get(path))["csrfmiddlewaretoken"]
    }
    with fail(OperationalError("server closed")):
        kept = inputs_of(client.post(path, fields))

    first = client.post(path, kept)
    second = client.post(path, kept)

    assert (first.status_code, second.status_code) == (302, 302)
    assert Concern.objects.get().text.replace("\r\n", "\n") == TEXT


def test_it_fails_in_both_languages(form):
    path, _fields = form

    with fail(OperationalError("server closed")):
        page = phone().get(path).content.decode()

    assert re.search(r'<section lang="ky">\s*<h1>[А-Яа-яңөүҢӨҮ ]', page)
    assert re.search(r'<section lang="ru">\s*<h2>[А-Яа-я ]', page)


@pytest.mark.parametrize(
    "path",
    ["/", "/mirmakhmudov/", "/mirmakhmudov/concerns/", "/ru/mirmakhmudov/", "/readyz"],
)
@pytest.mark.usefixtures("other_center")
def test_every_page_says_that_it_is_busy_and_the_numbers_to_call(path, center):
    with fail(OperationalError("server closed")):
        response = phone().get(path)

    assert response.status_code == 503
    assert "Retry-After" in response
    assert 'href="tel:102"' in response.content.decode()


def test_the_desk_says_so_too(center, bakyt):
    browser = signed_in(bakyt, raise_request_exception=False)

    with fail(OperationalError("server closed")):
        response = browser.get(reverse("desk:today"))

    assert response.status_code == 503


def test_that_the_process_lives_needs_no_database(db):
    with fail(OperationalError("server closed")):
        assert Client().get("/healthz").status_code == 200


@dead
def test_the_way_out_stays_open_and_closes_what_was_open(error, center, settings):
    aida = phone()
    aida.cookies[settings.SESSION_COOKIE_NAME] = "a" * 32

    with fail(error):
        response = aida.post(reverse("home:leave"))

    assert response["Location"] == settings.LEAVE_URL
    assert response.cookies[settings.SESSION_COOKIE_NAME]["max-age"] == 0


def fail_to_write_sessions(execute, sql, params, many, context):
    if sql.startswith("UPDATE") and "django_session" in sql:
        raise OperationalError("database or disk is full")
    return execute(sql, params, many, context)


def test_a_session_that_cannot_be_kept_gives_the_words_back_too(form):
    path, fields = form
    client = phone()
    fields |= {
        "csrfmiddlewaretoken": inputs_of(client.get(path))["csrfmiddlewaretoken"]
    }

    with connection.execute_wrapper(fail_to_write_sessions):
        response = client.post(path, fields)

    assert response.status_code == 503
    assert inputs_of(response)["text"] == TEXT


def test_a_page_of_the_desk_is_then_no_fault_of_who_opens_it(center, bakyt):
    browser = signed_in(bakyt, raise_request_exception=False)

    with connection.execute_wrapper(fail_to_write_sessions):
        response = browser.get(reverse("desk:today"))

    assert response.status_code == 503


def test_no_word_of_what_failed_is_shown(form):
    path, _fields = form

    with fail(OperationalError("host 10.1.2.3 password=hunter2")):
        page = phone().get(path).content.decode()

    assert "10.1.2.3" not in page
    assert "hunter2" not in page


def test_too_many_hashes_at_once_is_busy_and_keeps_the_words(form, monkeypatch):
    path, fields = form
    client = phone()
    fields |= {
        "csrfmiddlewaretoken": inputs_of(client.get(path))["csrfmiddlewaretoken"]
    }
    monkeypatch.setattr(codes, "FILING_WAITS", 0)

    with codes.hashing(0), codes.hashing(0):
        response = client.post(path, fields)

    assert response.status_code == 503
    assert inputs_of(response)["text"] == TEXT


# Any other failure


def test_a_fault_of_ours_says_that_it_is_ours(form):
    path, _fields = form

    with fail(ValueError("secret detail")):
        response = phone().get(path)

    page = response.content.decode()
    assert response.status_code == 500
    assert "secret detail" not in page
    assert 'href="tel:102"' in page
    assert "no-store" in response["Cache-Control"]


def test_a_fault_of_ours_keeps_the_words_too(form):
    path, fields = form
    client = phone()
    fields |= {
        "csrfmiddlewaretoken": inputs_of(client.get(path))["csrfmiddlewaretoken"]
    }

    with fail(ValueError("secret detail")):
        response = client.post(path, fields)

    assert response.status_code == 500
    assert inputs_of(response)["text"] == TEXT


def test_the_log_of_a_fault_keeps_no_secret_of_an_address(monkeypatch):
    token, log = new_token(), StringIO()
    handlers = logging.getLogger("django.request").handlers
    [console] = [one for one in handlers if one.name == "console"]
    monkeypatch.setattr(console, "stream", log)

    with fail(ValueError("at fault")):
        phone().get(f"/calendar/{token}.ics")

    assert "/calendar/….ics" in log.getvalue()
    assert token not in log.getvalue()


# Requests that are none


@pytest.mark.parametrize("path", ["/", "/desk/", "/ru/desk/concerns/"])
def test_a_request_for_another_host_is_a_bad_one(path, center):
    response = phone().get(path, headers={"host": "evil.example"})

    assert response.status_code == 400
    assert b"evil.example" not in response.content


@pytest.mark.parametrize(
    "fields",
    [{"text": "x" * 1_100_000}, {f"f{n}": "x" for n in range(700)}],
    ids=["too big", "too many fields"],
)
def test_what_no_form_of_ours_would_send_is_a_bad_request(fields, form):
    path, _fields = form

    response = Client(raise_request_exception=False).post(path, fields)

    assert response.status_code == 400
    assert '<html lang="ky">' in response.content.decode()
    assert not Concern.objects.exists()


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=" + "b" * 500, b"--b"),
        ("multipart/form-data; boundary=b", b"--b\r\nContent-Disposition: form-data"),
        ("application/x-www-form-urlencoded; charset=utf-16", b"text=%00"),
        ("application/x-www-form-urlencoded; charset=nonsense", b"text=a"),
        ("application/json", b'{"text": "a"}'),
        ("text/plain", b"\xff\xfe\x00"),
    ],
)
def test_a_body_that_is_no_form_breaks_nothing(content_type, body, form):
    path, _fields = form

    response = phone().generic("POST", path, body, content_type=content_type)

    assert response.status_code in (400, 403, 415, 422)
    assert not Concern.objects.exists()


def test_a_form_that_came_in_pieces_says_so_on_a_page(form):
    path, _fields = form
    broken = {"data": b"x", "content_type": "multipart/form-data"}

    response = Client(raise_request_exception=False).post(f"/ru{path}", **broken)

    assert response.status_code == 422
    assert '<html lang="ru">' in response.content.decode()
    assert "Форма пришла не полностью" in response.content.decode()
    assert "no-store" in response["Cache-Control"]
    assert not Concern.objects.exists()


# A method that an address does not have


@pytest.mark.parametrize(
    ("path", "language", "words"),
    [("/leave/", "ky", "ачылбайт"), ("/ru/leave/", "ru", "не открывается")],
)
def test_an_address_for_sending_says_so_when_it_is_opened(path, language, words, db):
    response = phone().get(path)

    page = response.content.decode()
    assert response.status_code == 405
    assert response["Allow"] == "POST"
    assert response["Cache-Control"] == "no-store"
    assert f'<html lang="{language}">' in page
    assert words in page


def test_it_is_said_alike_where_there_is_no_such_concern(center, bakyt):
    hidden = make_concern(center, make_hidden_category(POLICE))
    paths = [
        reverse("desk:move", args=[reference])
        for reference in (hidden.reference, "99999999")
    ]

    one, other = both(signed_in(bakyt), *paths)

    assert one.status_code == other.status_code == 404
    assert without_tokens(one) == without_tokens(other)


def test_what_was_sent_to_a_page_that_takes_nothing_is_given_back(center):
    response = Client().post("/help/", {"text": TEXT, "c": "4821093755641208" * 3})

    assert response.status_code == 405
    assert "балдар караңгыда басат" in response.content.decode()
    assert "4821093755641208" not in response.content.decode()


def test_without_the_database_it_is_not_a_fault_of_ours(center):
    with fail(OperationalError("server closed")):
        response = phone().get("/leave/")

    assert response.status_code == 503


# Too many attempts


def test_who_asks_too_often_for_a_new_password_is_told_how_long_to_wait(db):
    for _ in range(25):
        response = Client().post("/ru/account/password/reset/", {"email": "a@b.kg"})

    assert response.status_code == 429
    assert response["Retry-After"] == "600"
    assert "no-store" in response["Cache-Control"]
    assert '<html lang="ru">' in response.content.decode()


# No error is kept or shared


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("get", "/nowhere/", 404),
        ("get", "/mirmakhmudov/concerns/11111111/", 404),
        ("get", "/mirmakhmudov/concerns/?page=0", 404),
        ("get", "/leave/", 405),
        ("post", "/help/", 405),
    ],
)
def test_a_page_of_an_error_is_kept_nowhere_and_leads_no_search_engine(
    method, path, status, center
):
    response = getattr(Client(), method)(path)

    page = response.content.decode()
    assert response.status_code == status
    assert response["Cache-Control"] == "no-store"
    assert not response.cookies
    assert "og:" not in page
    assert 'rel="alternate"' not in page


def test_what_one_sees_and_may_not_do_is_forbidden_on_a_page(center, bakyt):
    response = signed_in(bakyt).get(reverse("desk:invite", args=[center.slug]))

    assert response.status_code == 403
    assert '<html lang="ky">' in response.content.decode()


def test_words_that_one_may_not_send_are_given_back(center, bakyt):
    response = signed_in(bakyt).post(
        reverse("desk:invite", args=[center.slug]), {"position": TEXT}
    )

    assert response.status_code == 403
    assert "балдар караңгыда басат" in response.content.decode()


def test_a_resident_is_not_told_of_roles(center, lighting):
    response = Client().post(
        reverse("concerns:choose", args=[center.slug]),
        {"category": lighting.code},
        headers={"origin": "https://evil.example"},
    )

    page = response.content.decode()
    assert response.status_code == 403
    assert "координатор" not in page
    assert 'action="/leave/"' in page


def test_words_sent_to_a_concern_that_was_given_away_meanwhile_are_given_back(
    client, center, elmira, bakyt
):
    police = center.partners.get(kind=POLICE)
    concern = make_concern(center, status=Status.IN_PROGRESS, partner=police)
    words = "Айылга барып, эки тарап менен тең сүйлөштүм."
    client.force_login(elmira)

    response = client.post(
        reverse("desk:message", args=[concern.reference]),
        {"text": words, "version": concern.version},
    )

    assert response.status_code == 404
    assert words in response.content.decode()
