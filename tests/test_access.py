"""Each address answers as its row of the matrix says, and no address is without."""

import pytest
from django.test import Client
from django.urls import URLResolver, get_resolver, resolve, reverse

from centers.models.center import RESERVED
from concerns.workflow import Status

from .factories import PASSWORD, make_concern, signed_in
from .matrix import (
    ACCOUNTS,
    GUESTS,
    MATRIX,
    PEOPLE,
    STAFF,
    WITHOUT_TOKEN,
    ask,
    path_of_account,
)
from .matrix_world import things
from .pages import without_tokens

__all__ = ["things"]

pytestmark = [
    *(pytest.mark.django_db, pytest.mark.usefixtures("cheap_codes")),
    pytest.mark.sweep,
]


@pytest.fixture
def browsers(request):
    """A browser of each person."""
    browsers = {name: signed_in(request.getfixturevalue(STAFF[name])) for name in STAFF}
    resident = Client()
    concern = make_concern(status=Status.IN_PROGRESS)
    resident.post("/follow/", {"c": concern.code})
    return {"anonymous": Client(), "resident": resident, **browsers}


def wanted(row, method, person, thing):
    """Return the status that a row promises."""
    if row.is_desk and person in GUESTS:
        return 302 if method == "get" else 403
    if row.is_desk and person == "ended":
        return 403
    if person == "resident" and method in row.resident:
        return row.resident[method]
    if thing in row.others:
        return row.others[thing]
    if person not in row.knows.get(thing, ()):
        return 404
    if row.may is not None and person not in row.may.get(thing, ()):
        return 403
    return getattr(row, method)


def same(one, other):
    """Tell whether two answers are alike to the last byte, and in every header."""
    return without_tokens(one) == without_tokens(other) and all(
        one.get(name) == other.get(name)
        for name in {*one.headers, *other.headers} - {"Expires", "ETag"}
    )


REFUSED = (403, 404)


def asked_for(row, method, person, things, is_proof):
    """Return the things to ask for; of those answered alike the proofs alone ask all.

    Where only some are refused each of these is asked for, and what somebody may not
    know of beside what does not exist.
    """
    if is_proof:
        return things
    answers = {thing: wanted(row, method, person, thing) for thing in things}
    is_mixed = len({*answers.values()}) > 1
    first = {answer: thing for thing, answer in reversed(answers.items())}
    return {
        thing: things[thing]
        for thing, answer in answers.items()
        if thing == first[answer]
        or (answer in REFUSED and (is_mixed or thing == "missing"))
    }


def cells(kind):
    for name, row in MATRIX.items():
        if row.of == kind:
            for method in ("get", "post"):
                if getattr(row, method) is not None:
                    for person in PEOPLE:
                        yield name, row, method, person


@pytest.mark.parametrize("kind", sorted({row.of for row in MATRIX.values()}))
def test_everyone_gets_the_answer_of_the_matrix_and_no_other(
    kind, things, browsers, pytestconfig
):
    plugins = ("tests.prove.proofs", "tests.prove.doors")
    is_proof = any(map(pytestconfig.pluginmanager.hasplugin, plugins))
    wrong = []
    for name, row, method, person in cells(kind):
        asked = asked_for(row, method, person, things[kind], is_proof)
        answers = {
            thing: ask(browsers[person], method, reverse(name, args=args))
            for thing, args in asked.items()
        }
        for thing, answer in answers.items():
            status = wanted(row, method, person, thing)
            if answer.status_code != status:
                wrong.append((name, method, person, thing, answer.status_code, status))
            elif status == 404 and not same(answer, answers.get("missing", answer)):
                wrong.append((name, method, person, thing, "tells that it exists"))

    assert wrong == []


# Completeness


def addresses(resolver=None, namespace=""):
    """Yield the name of every address that the portal answers, but the admin's."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            if pattern.namespace != "admin":
                inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else ""
                yield from addresses(pattern, inner or namespace)
        else:
            yield f"{namespace}{pattern.name}"


def test_every_address_has_a_row_and_every_row_an_address():
    assert sorted(addresses()) == sorted([*MATRIX, *ACCOUNTS])


def test_every_address_is_as_it_was_printed(things):
    views = {
        name: resolve(row.path.format(*things[row.of]["own"])).view_name
        for name, row in MATRIX.items()
    }

    assert views == {name: name for name in MATRIX}


def test_no_centre_can_stand_in_the_way_of_an_address_of_the_portal():
    first_parts = {row.path.split("/")[1] for row in MATRIX.values()}
    first_parts |= {path_of_account(name).split("/")[1] for name in ACCOUNTS}
    first_parts |= {"admin", "static", "media"}

    assert first_parts - {"", "{}"} <= RESERVED


# Methods


OTHER_METHODS = ["put", "patch", "delete", "options", "trace"]
HEAD_AND_GET = ["head", "get"]


def own_path(name, things):
    return reverse(name, args=things[MATRIX[name].of]["own"])


def test_a_method_that_an_address_does_not_have_is_refused(things, cholpon):
    browser = signed_in(cholpon)
    wrong = []
    for name, row in MATRIX.items():
        missing = [method for method in ("get", "post") if getattr(row, method) is None]
        for method in [*OTHER_METHODS, *missing]:
            answer = ask(browser, method, own_path(name, things))
            if answer.status_code != 405:
                wrong.append((name, method, answer.status_code))

    assert wrong == []


def test_a_head_request_is_answered_like_a_get(things, cholpon):
    browser = signed_in(cholpon)
    wrong = []
    for name in [name for name, row in MATRIX.items() if row.get]:
        head, get = (ask(browser, way, own_path(name, things)) for way in HEAD_AND_GET)
        if head.status_code != get.status_code or head.content:
            wrong.append((name, head.status_code, get.status_code))

    assert wrong == []


# Other sites


POSTED = [name for name, row in MATRIX.items() if row.post]


def test_nothing_is_done_for_a_form_on_another_site(things, cholpon):
    browser = signed_in(cholpon, enforce_csrf_checks=True)
    names = [name for name in POSTED if name not in WITHOUT_TOKEN]

    answers = {
        name: ask(browser, "post", own_path(name, things)).status_code for name in names
    }

    assert answers == dict.fromkeys(names, 403)


@pytest.mark.parametrize("name", WITHOUT_TOKEN)
def test_what_needs_no_token_does_without(name, things, client):
    path = reverse(name, args=things[MATRIX[name].of]["own"])

    response = Client(enforce_csrf_checks=True).post(path)

    assert response.status_code == MATRIX[name].post


def test_sending_needs_the_token_where_choosing_does_not(center, things):
    confidential = things["category"]["confidential"][1]
    path = reverse("concerns:choose", args=[center.slug])
    strict = Client(enforce_csrf_checks=True)

    chosen = strict.post(path, {"category": confidential})
    sent = strict.post(chosen["Location"], {"category": confidential, "key": "0"})

    assert (chosen.status_code, sent.status_code) == (302, 403)


# The second factor


DESK = [name for name, row in MATRIX.items() if row.is_desk]


def test_without_a_second_factor_nothing_of_the_desk_opens(things, cholpon):
    cholpon.authenticator_set.all().delete()
    browser, wrong = signed_in(cholpon), []
    for name in DESK:
        method = "get" if MATRIX[name].get else "post"
        answer = ask(browser, method, own_path(name, things))
        leads = answer.get("Location", "").endswith(reverse("second_factor"))
        if answer.status_code != 302 or not leads:
            wrong.append((name, answer.status_code))

    assert wrong == []


def test_a_password_alone_opens_nothing(cholpon, client):
    response = client.post(
        reverse("account_login"), {"login": cholpon.email, "password": PASSWORD}
    )

    assert response["Location"] == reverse("mfa_authenticate")
    assert client.get(reverse("desk:today")).status_code == 302
