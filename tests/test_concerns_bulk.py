"""The queue: many given at once, filters kept under a name, and what is looked for."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from concerns.models import Change, Concern, SavedFilter
from concerns.workflow import Level, Status

from .factories import (
    COUNCIL,
    POLICE,
    give,
    make_category,
    make_concern,
    make_place,
    partner_of,
    signed_in,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cheap_codes")]

QUEUE = "/desk/concerns/"


@pytest.fixture
def police(center, bakyt):
    return partner_of(center, POLICE)


def make(center, **fields):
    return make_concern(center, **{"status": Status.REGISTERED} | fields)


def send(user, *concerns, to, follow=True, **fields):
    sent = {"row": [one.seen for one in concerns], "to": to} | fields
    return signed_in(user).post(reverse("desk:assign_many"), sent, follow=follow)


def said(answer):
    return [str(message) for message in answer.context["messages"]]


def partners(*concerns):
    return [Concern.objects.get(pk=one.pk).partner for one in concerns]


# Many at once


def test_all_that_are_ticked_are_given_to_a_side(center, cholpon, police):
    first, second, third = (make(center) for _ in range(3))

    send(cholpon, first, second, to=f"{police.pk}.")

    assert partners(first, second, third) == [police, police, None]
    assert Change.objects.filter(kind=Change.Kind.ASSIGNMENT).count() == 2


def test_they_are_given_to_a_person(center, cholpon, police, bakyt):
    first, second = make(center), make(center)

    send(cholpon, first, second, to=f"{police.pk}.{bakyt.pk}")

    assert [one.assignments.get().user for one in (first, second)] == [bakyt] * 2


def test_what_could_not_be_given_is_named_with_its_reason(center, cholpon, police):
    done = make(center)
    new = make(center, status=Status.RECEIVED)
    ended = make(center, status=Status.CLOSED)
    changed = make(center)
    Concern.objects.filter(pk=changed.pk).update(version=5)

    answer = send(cholpon, done, new, ended, changed, to=f"{police.pk}.")

    assert partners(done, new, ended, changed) == [police, None, None, None]
    reasons = said(answer)[1:]
    assert [text[:9] for text in reasons] == (
        [one.number for one in (new, ended, changed)]
    )


def test_a_confidential_one_is_given_to_nobody_but_a_person(
    center, cholpon, police, bakyt
):
    secret = make(center, category=make_category(Level.CONFIDENTIAL))

    answer = send(cholpon, secret, to=f"{police.pk}.")
    before = partners(secret)
    send(cholpon, secret, to=f"{police.pk}.{bakyt.pk}")

    assert before == [None]
    assert said(answer)[0].startswith(secret.number)
    assert partners(secret) == [police]


def test_what_he_may_not_read_is_answered_as_what_is_not_there(
    center, other_center, cholpon, police
):
    foreign = make(other_center)

    answer = send(cholpon, foreign, to=f"{police.pk}.")

    assert partners(foreign) == [None]
    assert foreign.number not in "".join(said(answer))


def test_a_second_press_gives_nothing_twice(center, cholpon, police):
    concern = make(center)

    for _ in range(2):
        send(cholpon, concern, to=f"{police.pk}.")

    assert Change.objects.filter(kind=Change.Kind.ASSIGNMENT).count() == 1


def test_without_a_tick_or_a_side_the_rest_is_kept(center, cholpon, police):
    concern = make(center)

    untold = send(cholpon, concern, to="")
    unticked = send(cholpon, to=f"{police.pk}.")

    assert (untold.status_code, unticked.status_code) == (422, 422)
    assert untold.context["ticked"] == {concern.seen}
    assert f'value="{concern.seen}" checked' in untold.content.decode()
    assert unticked.context["bulk_form"]["to"].value() == f"{police.pk}."


def test_a_side_of_another_centre_is_not_taken(center, other_center, cholpon, daniyar):
    concern = make(center)
    foreign = partner_of(other_center, COUNCIL)

    answer = send(cholpon, concern, to=f"{foreign.pk}.")

    assert answer.status_code == 422
    assert partners(concern) == [None]


@pytest.mark.parametrize("who", ["bakyt", "nurlan", "olga"])
def test_who_gives_nothing_is_offered_no_boxes(who, center, police, request):
    user = request.getfixturevalue(who)
    concern = make(center)

    answer = send(user, concern, to=f"{police.pk}.")
    page = signed_in(user).get(QUEUE).content.decode()

    assert answer.status_code == 403
    assert partners(concern) == [None]
    assert 'type="checkbox"' not in page


def test_one_comes_back_to_the_same_filter(center, cholpon, police):
    concern = make(center)

    answer = send(
        cholpon, concern, to=f"{police.pk}.", query="state=registered", follow=False
    )

    assert answer["Location"] == f"{QUEUE}?state=registered"


def test_a_way_back_leads_nowhere_else(center, cholpon, police):
    query = "state=registered&next=https://example.org&page=x"

    answer = send(cholpon, make(center), to=f"{police.pk}.", query=query, follow=False)

    assert answer["Location"] == f"{QUEUE}?state=registered"


# What is looked for


def found(user, **query):
    return set(signed_in(user).get(QUEUE, query).context["concerns"])


def test_the_queue_is_filtered_by_every_field(center, cholpon, bakyt):
    village = make_place()
    center.villages.add(village)
    now = timezone.now()
    kinds = {
        "category": make(center, category=make_category(code="lighting")),
        "village": make(center, village=village),
        "partner": give(make(center), POLICE),
        "level": make(center, category=make_category(Level.RESTRICTED)),
        "age": make(center, created_at=now - timedelta(days=40)),
    }
    asked = {
        "category": "lighting",
        "village": village.code,
        "partner": "police",
        "level": "restricted",
        "age": "30",
    }

    for field, concern in kinds.items():
        assert found(cholpon, **{field: asked[field]}) == {concern}
    assert found(cholpon, partner="nobody") == {*kinds.values()} - {kinds["partner"]}


def test_an_unknown_choice_finds_what_no_choice_finds(center, cholpon):
    concern = make(center)

    assert found(cholpon, category="nothing", age="x", level="y") == {concern}


def test_only_villages_of_ones_own_centres_are_offered(center, other_center, cholpon):
    form = signed_in(cholpon).get(QUEUE).context["form"]

    assert set(form.fields["village"].queryset) == set(center.villages.all())


def test_a_mistake_on_a_further_page_comes_back_to_it(center, cholpon, police):
    concerns = [make(center) for _ in range(26)]
    last = Concern.objects.visible_to(cholpon).by_deadline().last()

    answer = send(cholpon, last, to="", page="2", query="state=")
    beyond = send(cholpon, last, to="", page="41\0")

    assert answer.status_code == beyond.status_code == 422
    page = answer.content.decode()
    assert f'value="{last.seen}" checked' in page
    assert concerns[0].number not in page
    # From an address that shows nothing its links would lead nowhere.
    assert 'class="pager"' not in page


HOSTILE = ["\0", "9" * 30, "-1", "a.b", "\N{SNOWMAN}.1", "1" * 5000]


@pytest.mark.parametrize("text", HOSTILE)
def test_what_no_page_sends_does_no_harm(text, center, cholpon, police):
    concern = make(center)
    browser = signed_in(cholpon)
    paths = {
        "desk:assign_many": {"row": [text], "to": f"{police.pk}."},
        "desk:drop_filter": {"name": text},
        "desk:save_filter": {"name": text, "query": f"q={text}"},
    }
    acts = {
        "desk:similar": {"repeat": [text], "undo": text, "lead": text},
        "desk:move": {"insert": "", "template": text, "target": text, "lead": text},
        "desk:assign": {"version": 0, "person": [text], "partner": text},
        "desk:take": {"version": text},
    }

    answers = [browser.post(reverse(name), sent) for name, sent in paths.items()]
    answers += [
        browser.post(reverse(name, args=[concern.reference]), {key: sent})
        for name, fields in acts.items()
        for key, sent in fields.items()
    ]

    assert {answer.status_code for answer in answers} <= {200, 302, 409, 422}


def test_a_version_that_cannot_be_is_not_found(center, cholpon):
    path = reverse("desk:public_text", args=[make(center).reference, 10**30])

    assert signed_in(cholpon).get(path).status_code == 404


# Kept filters


def keep(user, name, query="state=overdue"):
    sent = {"name": name, "query": query}
    return signed_in(user).post(reverse("desk:save_filter"), sent, follow=True)


def test_a_filter_is_kept_shown_and_deleted(center, cholpon):
    answer = keep(cholpon, "Кечиккендер").content.decode()
    kept = SavedFilter.objects.get()
    signed_in(cholpon).post(reverse("desk:drop_filter"), {"name": "Кечиккендер"})

    assert (kept.user, kept.query) == (cholpon, "state=overdue")
    assert f'{QUEUE}?state=overdue"' in answer
    assert not SavedFilter.objects.exists()


def test_a_long_one_in_cyrillic_is_kept_whole(center, cholpon):
    query = urlencode({"q": "ө" * 100})

    keep(cholpon, "Узун", query)
    too_long = keep(cholpon, "Өтө узун", urlencode({"q": "ө" * 101}))

    assert SavedFilter.objects.get().query == query
    assert too_long.status_code == 422


def test_a_filter_is_its_persons_alone(center, cholpon, elmira):
    keep(cholpon, "Меники")

    page = signed_in(elmira).get(QUEUE).content.decode()
    signed_in(elmira).post(reverse("desk:drop_filter"), {"name": "Меники"})

    assert "Меники" not in page
    assert SavedFilter.objects.count() == 1


def test_only_what_a_filter_knows_is_kept(center, cholpon):
    keep(cholpon, "А", "state=overdue&next=//example.org&%00=1")

    assert SavedFilter.objects.get().query == "state=overdue"


@pytest.mark.parametrize(
    ("name", "query"), [("", "state=overdue"), ("А" * 41, "state=overdue"), ("А", "")]
)
def test_a_wrong_name_and_no_filter_are_refused_beside_the_field(
    name, query, center, cholpon
):
    answer = keep(cholpon, name, query)

    assert answer.status_code == 422
    assert set(answer.context["saved_form"].errors) == {"name"}
    assert answer.context["saved_form"]["name"].value() == name


def test_a_second_press_finds_the_filter_kept(center, cholpon):
    answers = [keep(cholpon, "А") for _ in range(2)]

    assert [answer.redirect_chain[-1][1] for answer in answers] == [302, 302]
    assert SavedFilter.objects.count() == 1


def test_a_second_press_at_the_same_moment_finds_it_kept_too(center, cholpon):
    def other_between(execute, sql, *args):
        # Between the last question of this press and its row the other one is done.
        answer = execute(sql, *args)
        if "COUNT" in sql and "savedfilter" in sql:
            SavedFilter.objects.create(user=cholpon, name="А", query="state=overdue")
        return answer

    with connection.execute_wrapper(other_between):
        answer = keep(cholpon, "А")

    assert answer.redirect_chain[-1][1] == 302
    assert SavedFilter.objects.count() == 1


def test_another_filter_of_the_same_name_is_refused(center, cholpon):
    keep(cholpon, "А")

    assert keep(cholpon, "А", "state=mine").status_code == 422
    assert SavedFilter.objects.get().query == "state=overdue"


def test_a_thirteenth_filter_is_refused(center, cholpon):
    for number in range(SavedFilter.MOST):
        keep(cholpon, f"№ {number}")

    assert keep(cholpon, "Дагы").status_code == 422
    assert SavedFilter.objects.count() == SavedFilter.MOST
