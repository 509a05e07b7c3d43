"""The first screen of the desk, its search, and what all its pages are made of."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from concerns.models import Change
from concerns.search import fold, sound
from concerns.workflow import Level, Status
from kaab import desk

from .factories import (
    COUNCIL,
    POLICE,
    give,
    make_approved,
    make_category,
    make_concern,
    make_hidden_category,
    make_identity,
    make_meeting,
    make_member,
    make_message,
    make_place,
    make_published_meeting,
    make_topic,
    signed_in,
)

pytestmark = pytest.mark.django_db
TODAY = reverse("desk:today")


def day(days):
    return timezone.localdate() + timedelta(days=days)


# The first screen


def test_what_waits_is_late_and_comes_this_week_is_counted(center, cholpon):
    make_concern(center, due_on=day(-3))
    make_concern(center, due_on=day(2))
    make_concern(center, due_on=day(30))
    make_concern(center, is_quarantined=True)

    figures = signed_in(cholpon).get(TODAY).context["figures"]

    assert figures == {"waiting": "3", "overdue": "1", "week": "1", "quarantine": "1"}


@pytest.mark.parametrize("state", ["waiting", "overdue", "week", "quarantine"])
def test_a_number_leads_to_as_many_concerns(state, center, cholpon, bakyt):
    for days in (-5, -1, 0, 7, 8):
        make_concern(center, due_on=day(days), status=Status.IN_PROGRESS)
    make_concern(center, is_quarantined=True)
    give(make_concern(center, due_on=day(1), status=Status.IN_PROGRESS), POLICE, bakyt)
    browser = signed_in(cholpon)

    counted = browser.get(TODAY).context["figures"][state]
    listed = browser.get(reverse("desk:concerns"), {"state": state})

    assert len(listed.context["concerns"]) == int(counted) > 0


def test_beyond_a_hundred_it_says_that_there_are_more(center, cholpon, monkeypatch):
    monkeypatch.setattr(desk, "COUNTED", 3)
    for _ in range(4):
        make_concern(center, due_on=day(1))

    assert signed_in(cholpon).get(TODAY).context["figures"]["waiting"] == "3+"


def test_an_officer_is_not_told_what_a_registrar_checks(center, bakyt):
    make_concern(center, is_quarantined=True)

    assert signed_in(bakyt).get(TODAY).context["figures"]["quarantine"] == "0"


def test_what_others_did_since_yesterday_stands_there(center, cholpon, elmira):
    concern = make_concern(center)
    Change.objects.create(concern=concern, new=Status.REGISTERED, by=elmira)
    own = Change.objects.create(concern=concern, new=Status.IN_PROGRESS, by=cholpon)
    message = make_message(concern)
    make_message(concern, created_at=timezone.now() - timedelta(days=3))

    news = signed_in(cholpon).get(TODAY).context["news"]

    assert message in news
    assert own not in news
    assert len(news) == 3


def test_that_somebody_was_warned_is_nobodys_news(center, cholpon, elmira):
    concern = make_concern(center)
    Change.objects.create(concern=concern, kind="summary", new="named", by=elmira)

    kinds = {line.kind for line in signed_in(cholpon).get(TODAY).context["news"]}

    assert "summary" not in kinds


def test_what_machines_sent_drowns_no_news_and_no_deadline(center, cholpon, elmira):
    message = make_message(make_concern(center, due_on=timezone.localdate()))
    for _ in range(3):
        flood = make_concern(center, is_quarantined=True)
        Change.objects.create(concern=flood, new=Status.RECEIVED)

    shown = signed_in(cholpon).get(TODAY).context

    assert shown["news"][0] == message
    assert {line.concern_id for line in shown["news"]} == {message.concern_id}
    assert shown["figures"]["week"] == "1"


def test_news_of_what_one_may_not_read_is_no_news(center, bakyt, nurlan, olga):
    make_message(make_concern(center, make_hidden_category(POLICE)))
    make_message(make_concern(center, make_category(Level.CONFIDENTIAL)))

    assert signed_in(bakyt).get(TODAY).context["news"] == []
    assert signed_in(nurlan).get(TODAY).context["news"] == []
    assert signed_in(olga).get(TODAY).context["news"] == []


# Searching


def search(user, words):
    return signed_in(user).get(reverse("desk:search"), {"q": words})


def test_a_word_of_the_resident_is_found_by_who_may_read_it(center, cholpon, daniyar):
    text = "Көчөдө ЧЫРАК күйбөйт"
    concern = make_concern(center, text=text, words_text=fold(text))

    found, nothing = search(cholpon, "кочодо чырак"), search(daniyar, "кочодо чырак")

    assert list(found.context["concerns"]) == [concern]
    assert not nothing.context["concerns"]


def test_a_filed_concern_is_found_by_its_words_and_its_landmark(center, cholpon):
    lighting = make_category(code="street_lighting")
    words = {"text": "Түн караңгы", "landmark": "Дүкөндүн жаны", "involved": "no"}
    form = signed_in(cholpon)
    path = reverse("concerns:new", args=[center.slug, lighting.code])
    key = form.get(path).context["form"].initial["key"]
    form.post(path, words | {"key": key})

    assert len(search(cholpon, "тун каранги").context["concerns"]) == 0
    assert len(search(cholpon, "тун карангы").context["concerns"]) == 1
    assert len(search(cholpon, "дукондун").context["concerns"]) == 1


@pytest.mark.parametrize("who", ["bakyt", "nurlan", "olga", "elmira"])
def test_a_word_hidden_from_somebody_is_not_found_by_him(who, center, request):
    text = "милиционер пара сурады"
    category = make_hidden_category(POLICE, COUNCIL)
    make_concern(center, category, text=text, words_text=fold(text))

    page = search(request.getfixturevalue(who), "милиционер")

    assert not page.context["concerns"]
    assert not page.context["summaries"]


def test_a_member_finds_summaries_but_not_the_words_behind_them(center, nurlan):
    text = "ЖАШЫРУУН СӨЗ"
    concern = make_approved(
        center,
        make_category(Level.RESTRICTED),
        title_ky="Мектептеги мушташ",
        text=text,
        words_text=fold(text),
    )

    assert list(search(nurlan, "мушташ").context["summaries"]) == [concern]
    assert not search(nurlan, "жашыруун").context["summaries"]


def test_a_member_finds_no_summary_that_is_not_for_him(center, other_center, nurlan):
    make_approved(other_center, title_ky="Мектептеги мушташ")
    raised = make_category(Level.CONFIDENTIAL)
    make_approved(center, raised, title_ky="Мектептеги мушташ")

    assert not search(nurlan, "мушташ").context["summaries"]


@pytest.mark.parametrize("typed", ["{}-{}", "{}{}", " {} {} "])
def test_a_number_is_found_however_it_is_typed(typed, center, cholpon):
    concern = make_concern(center)
    reference = concern.reference

    page = search(cholpon, typed.format(reference[:4], reference[4:]))

    assert list(page.context["concerns"]) == [concern]


def test_topics_and_members_are_found(center, cholpon, bakyt, daniyar):
    make_topic(make_published_meeting(center), topic_ky="Көпүрө оңдоо")

    assert len(search(cholpon, "копуро").context["items"]) == 1
    assert [m.user for m in search(cholpon, "сыдыков").context["members"]] == [bakyt]
    assert not search(daniyar, "копуро").context["items"]
    assert not search(daniyar, "сыдыков").context["members"]


@pytest.mark.parametrize("words", ["", " ", "\0", "%", "_", "ы" * 300, "\u202e'"])
def test_nothing_to_look_for_is_no_mistake(words, center, cholpon):
    make_concern(center)

    page = search(cholpon, words)

    assert page.status_code == 200
    assert not page.context.get("concerns")


def test_searching_asks_as_much_for_many_rows_as_for_one(
    center, cholpon, django_assert_max_num_queries
):
    for _ in range(10):
        make_concern(center, words_text="чырак")
        make_topic(make_published_meeting(center), topic_ky="Чырак")
        make_member(center, COUNCIL, full_name="Чырак")

    browser = signed_in(cholpon)
    browser.get(TODAY)
    with django_assert_max_num_queries(8):
        page = browser.get(reverse("desk:search"), {"q": "чырак"})

    assert len(page.context["concerns"]) == len(page.context["items"]) == 10


# How a name sounds


@pytest.mark.parametrize("typed", ["Ноокат", "ноокат", "Nookat", "NOOKAT", "noOkat "])
def test_a_place_is_found_in_both_alphabets(typed):
    assert sound(typed) == sound("Ноокат")


@pytest.mark.parametrize(
    ("latin", "cyrillic"),
    [
        ("Kyzyl-Kiya", "Кызыл-Кыя"),
        ("Budailyk", "Будайлык"),
        ("Mirmakhmudov", "Мирмахмудов"),
        ("Jalal-Abad", "Жалал-Абад"),
        ("Chapaev", "Чапаев"),
        ("Kara-Kulzha", "Кара-Кулжа"),
        ("Osh shaary", "Ош шаары"),
        ("Ozgon", "Өзгөн"),
    ],
)
def test_names_are_known_by_their_sound(latin, cyrillic):
    assert sound(latin) == sound(cyrillic)


# The styleguide


def test_the_styleguide_shows_every_state_and_is_staffs_alone(cholpon, aida):
    path = reverse("desk:styleguide")

    page = signed_in(cholpon).get(path).content.decode()

    assert all(f'class="status {status}"' in page for status in Status)
    assert aida.get(path).status_code == 302


def test_an_observer_finds_nobody_by_name(center, bakyt, olga, elmira):
    path = reverse("desk:search")

    found = signed_in(elmira).get(path, {"q": "сыдыков"}).context["members"]
    for_observer = signed_in(olga).get(path, {"q": "сыдыков"}).context["members"]

    assert [membership.user for membership in found] == [bakyt]
    assert for_observer == []


def test_an_observer_knows_the_members_whom_everyone_knows(center, bakyt, elmira, olga):
    elmira.memberships.update(consented_on=timezone.localdate())
    path = reverse("desk:members", args=[center.slug])

    shown = signed_in(olga).get(path).content.decode()

    assert elmira.full_name in shown
    assert bakyt.full_name not in shown


def test_a_coordinator_is_told_that_complaints_are_refused_until_there_is_a_custodian(
    center, cholpon, bakyt, request
):
    invite = reverse("desk:invite", args=[center.slug])

    assert signed_in(cholpon).get(TODAY).content.decode().count(invite) == 1
    assert invite not in signed_in(bakyt).get(TODAY).content.decode()
    request.getfixturevalue("jamila")
    assert invite not in signed_in(cholpon).get(TODAY).content.decode()


def test_a_meeting_waits_on_the_first_screen_until_it_is_recorded(center, elmira):
    past = timezone.now() - timedelta(days=2)
    meeting = make_published_meeting(center, starts_at=past)

    shown = signed_in(elmira).get(TODAY)

    assert list(shown.context["meetings"]) == [meeting]
    assert "Чечимдер жазыла элек" in shown.content.decode()


@pytest.mark.parametrize("typed", ["Буудайлык", "буудайлык", "СУВ"])
def test_it_finds_by_village_and_by_category(typed, center, elmira):
    place = make_place(name_ky="Буудайлык", name_ru="Буудайлык")
    center.villages.add(place)
    category = make_category(name_ky="Ичүүчү сув", name_ru="Питьевая вода")
    concern = make_concern(center, category, village=place)
    make_concern(center)

    found = signed_in(elmira).get(reverse("desk:search"), {"q": typed})

    assert found.context["concerns"] == [concern]


@pytest.mark.parametrize("sign", ["-", "–", "—", " ", "", "‑"])
def test_a_number_is_found_whatever_dash_is_typed(sign, center, elmira):
    concern = make_concern(center)
    typed = f"№ {concern.reference[:4]}{sign}{concern.reference[4:]}"

    found = signed_in(elmira).get(reverse("desk:search"), {"q": typed})

    assert found.context["concerns"] == [concern]


def test_the_first_screen_names_no_meeting_that_one_may_not_know_of(
    center, other_center, nurlan
):
    own = make_published_meeting(center)
    others = [make_published_meeting(other_center), make_meeting(center)]

    page = signed_in(nurlan).get(reverse("desk:today")).content.decode()

    assert own.reference in page
    assert [meeting for meeting in others if meeting.reference in page] == []


def test_a_second_person_is_told_that_his_word_is_asked_for(
    center, cholpon, elmira, bakyt, jamila
):
    concern = give(make_concern(center, status=Status.IN_PROGRESS), POLICE, bakyt)
    secret = give(
        make_concern(center, make_category(Level.CONFIDENTIAL)), COUNCIL, elmira
    )
    make_identity(secret)
    secret.identity_requests.create(by=elmira, reason="Чалуу үчүн")
    concern.code_requests.create(by=cholpon, recognised="details")

    def asked_of(person):
        asked = signed_in(person).get(TODAY).context["asked"]
        return {address for _, address, _ in asked}

    code = reverse("desk:code", args=[concern.reference])
    assert asked_of(bakyt) == {code}
    assert asked_of(cholpon) == {secret.get_desk_url()}
    assert asked_of(elmira) == asked_of(jamila) == set()
