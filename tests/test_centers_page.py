"""The centre's page: drafted in both languages, looked at, published, brought back."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from centers import actions, page
from centers.models import JournalEntry, PageVersion, Partner, Role

from .factories import (
    COUNCIL,
    POLICE,
    SUPPORTER,
    make_center,
    make_member,
    make_membership,
    make_place,
    partner_of,
    signed_in,
)

pytestmark = pytest.mark.django_db


def draft(center, by, version=0, **changes):
    content = page.content_of(center)
    content["texts"] |= changes.pop("texts", {})
    return page.save_draft(
        center=center, content=content | changes, by=by, version=version
    )


def public_page(center, language=""):
    return Client().get(f"{language}/{center.slug}/").content.decode()


def number(**fields):
    return {
        "name_ky": "Нөөмөтчү",
        "name_ru": "Дежурный",
        "number": "03230 5-00-06",
        "checked_on": "2026-11-20",
    } | fields


# Draft and publication


def test_a_draft_changes_nothing_that_everyone_reads(center, cholpon):
    before = public_page(center)

    draft(center, cholpon, texts={"story_ky": "ЖАҢЫ БАЯН"})

    assert public_page(center) == before


def test_published_it_is_read_by_everyone_in_both_languages(center, cholpon):
    texts = {"story_ky": "ЖАҢЫ БАЯН", "story_ru": "НОВАЯ ИСТОРИЯ"}
    draft(center, cholpon, texts=texts, numbers=[number()])

    page.publish(center=center, by=cholpon, version=1)

    kyrgyz, russian = public_page(center), public_page(center, "/ru")
    assert "ЖАҢЫ БАЯН" in kyrgyz
    assert 'href="tel:0323050006"' in kyrgyz
    assert "2026-жылдын 20-ноябры" in kyrgyz
    assert "НОВАЯ ИСТОРИЯ" in russian
    assert "Дежурный" in russian


def test_a_publication_is_journalled(center, cholpon):
    draft(center, cholpon)

    page.publish(center=center, by=cholpon, version=1)

    line = JournalEntry.objects.get(kind="published")
    assert (line.by_id, line.detail["what"]) == (cholpon.pk, "page")


def test_what_stood_there_at_first_is_an_earlier_version_too(center, cholpon):
    center.story_ky = "БИРИНЧИ БАЯН"
    center.save()
    draft(center, cholpon, texts={"story_ky": "ЭКИНЧИ БАЯН"})
    page.publish(center=center, by=cholpon, version=1)

    newest, first = center.versions.published()
    page.restore(center=center, number=first.number, by=cholpon, version=2)
    page.publish(center=center, by=cholpon, version=3)

    assert newest.content["texts"]["story_ky"] == "ЭКИНЧИ БАЯН"
    assert "БИРИНЧИ БАЯН" in public_page(center)
    assert center.versions.published().count() == 3


def test_a_text_in_one_language_is_shown_in_the_other_and_says_so(center, cholpon):
    draft(center, cholpon, texts={"story_ky": "", "story_ru": "ТОЛЬКО ПО-РУССКИ"})

    page.publish(center=center, by=cholpon, version=1)

    shown = public_page(center)
    assert '<p lang="ru">ТОЛЬКО ПО-РУССКИ</p>' in shown
    assert "Орусча гана" in shown
    assert "Только на" not in public_page(center, "/ru")


@pytest.mark.parametrize("who", ["elmira", "bakyt", "nurlan", "jamila", "olga"])
def test_only_the_coordinator_writes_the_page(who, center, request):
    by = request.getfixturevalue(who)

    with pytest.raises(PermissionDenied):
        draft(center, by)

    assert not PageVersion.objects.exists()


def test_the_coordinator_of_another_centre_does_not_write_it(center, daniyar):
    with pytest.raises(PermissionDenied):
        draft(center, daniyar)

    path = reverse("desk:center_page", args=[center.slug])
    assert signed_in(daniyar).get(path).status_code == 404


def test_nobody_overwrites_what_another_has_written(center, cholpon):
    other = make_member(center, COUNCIL, Role.COORDINATOR)
    draft(center, other, texts={"story_ky": "БИРИНИН СӨЗҮ"})

    with pytest.raises(page.Stale):
        draft(center, cholpon, texts={"story_ky": "ЭКИНЧИСИНИН СӨЗҮ"})

    assert center.versions.draft().content["texts"]["story_ky"] == "БИРИНИН СӨЗҮ"


def test_nobody_overwrites_what_was_published_meanwhile(center, cholpon):
    other = make_member(center, COUNCIL, Role.COORDINATOR)
    draft(center, other, texts={"story_ky": "БИРИНИН СӨЗҮ"})
    page.publish(center=center, by=other, version=1)

    with pytest.raises(page.Stale):
        draft(center, cholpon, texts={"story_ky": "ЭСКИ СӨЗ"})


def test_nobody_publishes_a_draft_that_took_the_place_of_the_one_seen(center, cholpon):
    other = make_member(center, COUNCIL, Role.COORDINATOR)
    seen = draft(center, cholpon).center.page_version
    page.discard_draft(center=center, by=other, version=seen)
    draft(center, other, version=seen + 1, texts={"story_ky": "КӨРҮЛБӨГӨН"})

    with pytest.raises(page.Stale):
        page.publish(center=center, by=cholpon, version=seen)

    assert "КӨРҮЛБӨГӨН" not in public_page(center)


def test_there_is_nothing_to_publish_without_a_draft(center, cholpon):
    with pytest.raises(ValidationError):
        page.publish(center=center, by=cholpon, version=0)


def test_a_draft_is_thrown_away(center, cholpon):
    draft(center, cholpon)

    page.discard_draft(center=center, by=cholpon, version=1)

    assert not PageVersion.objects.exists()


def test_the_first_two_drafts_at_once_are_one(center, cholpon, together):
    [content] = together(lambda: page.content_of(center))

    def press():
        try:
            page.save_draft(center=center, content=content, by=cholpon, version=0)
        except page.Stale:
            return "told"
        return "saved"

    assert sorted(together(press, threads=2)) == ["saved", "told"]


# Villages, partners, supporters


def test_villages_are_those_that_were_ticked(center, cholpon):
    village = make_place(parent=center.aimak, name_ky="Жаңы айыл", name_ru="Новое")
    draft(center, cholpon, villages=[village.code])

    page.publish(center=center, by=cholpon, version=1)

    assert list(center.villages.all()) == [village]


def supporter(**fields):
    return {
        "id": None,
        "kind": "supporter",
        "name_ky": "Достор",
        "name_ru": "Друзья",
        "description_ky": "Жарык берди",
        "description_ru": "Дали свет",
        "share": 30,
    } | fields


def test_a_supporter_comes_with_what_it_gave_and_its_share(center, cholpon):
    partners = [*page.content_of(center)["partners"], supporter()]
    draft(center, cholpon, partners=partners)

    page.publish(center=center, by=cholpon, version=1)

    shown = public_page(center)
    assert "Достор" in shown
    assert "30 %" in shown
    assert center.partners.filter(kind=SUPPORTER).count() == 2


def test_the_three_sides_stay_whatever_is_sent(center, cholpon):
    draft(center, cholpon, partners=[])

    page.publish(center=center, by=cholpon, version=1)

    kinds = set(center.partners.values_list("kind", flat=True))
    assert kinds == {"residents", "council", "police"}


def test_a_supporter_whose_people_serve_here_is_not_taken_out(center, cholpon, olga):
    draft(center, cholpon, partners=[])

    with pytest.raises(ValidationError):
        page.publish(center=center, by=cholpon, version=1)

    assert partner_of(center, SUPPORTER)
    assert center.versions.draft()


def test_another_centres_partner_is_not_written_over(center, cholpon):
    theirs = partner_of(make_center(), SUPPORTER)
    draft(center, cholpon, partners=[supporter(id=theirs.pk)])

    page.publish(center=center, by=cholpon, version=1)

    theirs.refresh_from_db()
    assert theirs.name_ky != "Достор"
    assert Partner.objects.filter(center=center, name_ky="Достор").exists()


# People


def consenting(center, kind=COUNCIL, **fields):
    membership = make_membership(
        center,
        kind,
        consented_on=timezone.localdate(),
        position_ky="Башкы адис",
        position_ru="Главный специалист",
        **fields,
    )
    return membership


def test_only_who_agreed_is_named(center):
    shown, other = consenting(center), make_membership(center, POLICE)

    html = public_page(center)

    assert shown.user.full_name in html
    assert "Башкы адис" in html
    assert other.user.full_name not in html


def test_who_left_is_named_no_more(center, cholpon):
    membership = consenting(center)

    actions.end_membership(membership=membership, by=cholpon)

    assert membership.user.full_name not in public_page(center)


def test_a_consent_goes_along_into_another_role(center, cholpon):
    membership = consenting(center)

    new = actions.change_role(membership=membership, role=Role.INTAKE, by=cholpon)

    assert new.consented_on == membership.consented_on
    assert new.position_ru == "Главный специалист"


def test_the_coordinator_notes_a_consent_and_takes_it_back(center, cholpon, bakyt):
    membership = bakyt.memberships.get()
    path = reverse("desk:show_member", args=[center.slug, membership.reference])
    words = {"position_ky": "Инспектор", "position_ru": "Инспектор"}

    signed_in(cholpon).post(path, words | {"consents": "on"})
    named = public_page(center)
    signed_in(cholpon).post(path, words | {"seen": timezone.localdate()})

    assert bakyt.full_name in named
    assert bakyt.full_name not in public_page(center)
    kinds = JournalEntry.objects.order_by("number").values_list("kind", flat=True)
    assert list(kinds) == ["published", "unpublished"]


def test_an_older_form_does_not_bring_back_a_consent_that_was_taken_back(
    center, cholpon, bakyt
):
    membership = bakyt.memberships.get()
    membership.consented_on = timezone.localdate()
    membership.save()
    path = reverse("desk:show_member", args=[center.slug, membership.reference])
    seen = {"seen": membership.consented_on}
    signed_in(cholpon).post(path, seen)

    answer = signed_in(cholpon).post(
        path, seen | {"consents": "on", "hours_ky": "ЖУМА"}
    )

    assert answer.status_code == 409
    shown = answer.content.decode()
    assert "ЖУМА" in shown
    assert "checked" not in shown
    assert bakyt.full_name not in public_page(center)


WRITTEN = {
    "position_ky": "УЧАСТКАЛЫК",
    "position_ru": "УЧАСТКОВЫЙ",
    "hours_ky": "9:00-17:00",
    "hours_ru": "ПО ПЯТНИЦАМ",
}


def test_what_was_written_of_a_member_outlasts_his_role(center, cholpon, elmira):
    old = elmira.memberships.get()
    new = actions.change_role(membership=old, role=Role.INTAKE, by=cholpon)
    browser = signed_in(cholpon)
    path = reverse("desk:show_member", args=[center.slug, old.reference])

    answer = browser.post(path, WRITTEN | {"consents": "on"})

    assert answer.status_code == 409
    shown = answer.content.decode()
    assert all(f'value="{text}"' in shown for text in WRITTEN.values())
    assert "checked" not in shown
    # Sent again from there, it is kept.
    path = reverse("desk:show_member", args=[center.slug, new.reference])
    assert f'action="{path}"' in shown
    assert browser.post(path, WRITTEN).status_code == 302
    new.refresh_from_db()
    assert {name: getattr(new, name) for name in WRITTEN} == WRITTEN


def test_what_was_written_of_a_member_who_left_is_given_back(center, cholpon, elmira):
    old = elmira.memberships.get()
    actions.end_membership(membership=old, by=cholpon)
    path = reverse("desk:show_member", args=[center.slug, old.reference])

    answer = signed_in(cholpon).post(path, WRITTEN)

    assert answer.status_code == 409
    shown = answer.content.decode()
    assert all(text in shown for text in WRITTEN.values())
    assert "Башка бирөө озуп кетти" in shown


# Through the form


def fields_of(center, **changes):
    """Return what a browser sends of the page's forms as they stand."""
    content = page.content_of(center)
    sides = [row for row in content["partners"] if row["kind"] != "supporter"]
    supporters = [row for row in content["partners"] if row["kind"] == "supporter"]
    fields = content["texts"] | {"villages": content["villages"], "version": 0}
    for prefix, rows in (("numbers", []), ("sides", sides), ("supporters", supporters)):
        fields |= {
            f"{prefix}-TOTAL_FORMS": len(rows) + (prefix != "sides"),
            f"{prefix}-INITIAL_FORMS": len(rows),
        }
        for place, row in enumerate(rows):
            fields |= {f"{prefix}-{place}-{name}": row[name] or "" for name in row}
    return fields | changes


def send(by, center, **changes):
    path = reverse("desk:center_page", args=[center.slug])
    return signed_in(by).post(path, fields_of(center, **changes))


def test_she_writes_looks_and_publishes(center, cholpon):
    browser = signed_in(cholpon)
    path = reverse("desk:center_page", args=[center.slug])
    words = fields_of(
        center,
        story_ky="Баян",
        story_ru="История",
        preview="",
        **{f"numbers-0-{name}": text for name, text in number().items()},
    )

    to_preview = browser.post(path, words)
    preview = browser.get(to_preview["Location"])
    browser.post(reverse("desk:publish_page", args=[center.slug]), {"version": 1})

    assert "Баян" in preview.content.decode()
    assert "03230 5-00-06" in public_page(center)
    assert [row["kind"] for row in center.versions.last().content["partners"]] == [
        "residents",
        "council",
        "police",
        "supporter",
    ]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name_ky", ""),
        ("name_ru", "к" * 201),
        ("opening_ky", "\0"),
        ("numbers-0-number", "чал"),
        ("numbers-0-checked_on", f"{timezone.localdate() + timedelta(days=2)}"),
        ("supporters-0-share", "101"),
        ("sides-0-name_ru", ""),
        ("villages", "00000000000000"),
    ],
)
def test_a_mistake_keeps_everything_that_was_typed(field, value, center, cholpon):
    numbers = {f"numbers-0-{name}": text for name, text in number().items()}
    changes = {"story_ru": "МНОГО СЛОВ"} | numbers | {field: value}

    response = send(cholpon, center, **changes)

    assert response.status_code == 422
    assert "МНОГО СЛОВ" in response.content.decode()
    assert not PageVersion.objects.exists()


def test_who_was_overtaken_keeps_her_words(center, cholpon):
    draft(center, make_member(center, COUNCIL, Role.COORDINATOR))

    response = send(cholpon, center, story_ky="МЕНИН СӨЗҮМ")

    assert response.status_code == 409
    assert "МЕНИН СӨЗҮМ" in response.content.decode()
    assert response.context["forms"].page["version"].value() == 1


def test_a_row_taken_out_is_gone(center, cholpon):
    send(cholpon, center, **{"supporters-0-DELETE": "on"})

    kinds = [row["kind"] for row in center.versions.draft().content["partners"]]
    assert kinds == ["residents", "council", "police"]


def test_a_side_cannot_be_smuggled_in_as_another(center, cholpon):
    changes = {
        "supporters-1-id": "",
        "supporters-1-kind": "police",
        "supporters-1-name_ky": "Жалган",
        "supporters-1-name_ru": "Ложная",
    }

    send(cholpon, center, **changes)

    assert center.versions.draft().content["partners"][-1]["kind"] == "supporter"


def test_an_earlier_version_is_looked_at_and_made_the_draft(center, cholpon):
    draft(center, cholpon, texts={"story_ky": "ЭСКИ БАЯН"})
    page.publish(center=center, by=cholpon, version=1)
    browser = signed_in(cholpon)
    args = [center.slug, center.versions.last().number]

    shown = browser.get(reverse("desk:page_version", args=args))
    browser.post(reverse("desk:restore_page", args=args), {"version": 2})

    assert "ЭСКИ БАЯН" in shown.content.decode()
    assert center.versions.draft().content["texts"]["story_ky"] == "ЭСКИ БАЯН"


def test_without_a_draft_a_preview_leads_to_the_form(center, cholpon):
    response = signed_in(cholpon).get(reverse("desk:preview_page", args=[center.slug]))

    assert response["Location"] == reverse("desk:center_page", args=[center.slug])


def test_what_was_pasted_into_one_line_becomes_one(center, cholpon):
    send(cholpon, center, name_ky="Борбор\r\nАТЫ", address_ru="ул. Мира\t 1")

    texts = center.versions.draft().content["texts"]
    assert (texts["name_ky"], texts["address_ru"]) == ("Борбор АТЫ", "ул. Мира 1")


@pytest.mark.parametrize("number", ["-- --", "٠٧٧٠ ١١١", "0770 111 222, 0555 333", "1"])
def test_a_number_that_nobody_can_dial_is_not_taken(number, center, cholpon):
    numbers = {
        "numbers-0-name_ky": "Кезмет",
        "numbers-0-name_ru": "Дежурный",
        "numbers-0-number": number,
        "numbers-0-checked_on": "2026-11-01",
    }

    assert send(cholpon, center, **numbers).status_code == 422
    assert send(cholpon, center, phone=number).status_code == 422


def test_a_story_that_would_not_come_through_a_slow_line_is_not_taken(center, cholpon):
    answer = send(cholpon, center, story_ky="ө" * 8001)

    assert answer.status_code == 422
    assert "ө" * 8001 in answer.content.decode()


def test_nobody_makes_a_side_of_his_own(center, cholpon):
    before = center.partners.count()

    send(cholpon, center, **{"sides-0-id": 9999})

    content = center.versions.draft().content
    assert 9999 not in [row["id"] for row in content["partners"]]
    page.publish(center=center, by=cholpon, version=1)
    assert center.partners.count() == before


def test_an_earlier_version_replaces_no_draft(center, cholpon):
    draft(center, cholpon, texts={"story_ky": "ЭСКИ БАЯН"})
    page.publish(center=center, by=cholpon, version=1)
    draft(center, cholpon, version=2, texts={"story_ky": "КӨП ЭМГЕК"})

    with pytest.raises(ValidationError):
        page.restore(center=center, number=1, by=cholpon, version=3)

    assert center.versions.draft().content["texts"]["story_ky"] == "КӨП ЭМГЕК"


def test_shares_come_to_no_more_than_the_whole(center, cholpon):
    shares = {"sides-0-share": 80, "sides-1-share": 40}

    assert send(cholpon, center, **shares).status_code == 422
    assert send(cholpon, center, **shares | {"sides-1-share": 20}).status_code == 302


def test_a_number_that_was_not_called_for_a_year_is_called_again(center, cholpon):
    number = {
        "numbers-0-name_ky": "Кезмет",
        "numbers-0-name_ru": "Дежурный",
        "numbers-0-number": "102",
        "numbers-0-checked_on": "2019-01-01",
    }

    assert send(cholpon, center, **number).status_code == 422


def test_who_presses_publish_twice_is_not_frightened(center, cholpon):
    draft(center, cholpon)
    browser = signed_in(cholpon)
    path = reverse("desk:publish_page", args=[center.slug])

    first, second = (
        browser.post(path, {"version": 1}, follow=True).content.decode()
        for _ in range(2)
    )

    assert "Барак жарыяланды" in first
    assert "Барак жарыяланды" not in second
    assert "Жарыялай турган долбоор жок" in second


def press(browser, path, **fields):
    return browser.post(path, fields, follow=True).content.decode()


def test_who_throws_the_draft_away_twice_is_told_the_same(center, cholpon):
    number = draft(center, cholpon).number
    browser = signed_in(cholpon)
    path = reverse("desk:discard_page", args=[center.slug])
    form = browser.get(reverse("desk:center_page", args=[center.slug]))

    answers = [press(browser, path, version=1, number=number) for _ in range(2)]

    assert f'name="number" value="{number}"' in form.content.decode()
    assert all("Долбоор өчүрүлдү" in answer for answer in answers)
    assert not center.versions.exists()


def test_a_draft_that_was_published_meanwhile_was_not_thrown_away(center, cholpon):
    number = draft(center, cholpon).number
    page.publish(center=center, by=cholpon, version=1)
    path = reverse("desk:discard_page", args=[center.slug])

    answer = press(signed_in(cholpon), path, version=1, number=number)

    assert "Долбоор өчүрүлдү" not in answer
    assert "Жарыялай турган долбоор жок" in answer


def test_who_makes_a_version_the_draft_twice_is_told_the_same(center, cholpon):
    draft(center, cholpon, texts={"story_ky": "ЭСКИ БАЯН"})
    page.publish(center=center, by=cholpon, version=1)
    browser = signed_in(cholpon)
    args = [center.slug, center.versions.last().number]
    path = reverse("desk:restore_page", args=args)

    answers = [press(browser, path, version=2) for _ in range(2)]

    assert all("Мурдагы вариант эми долбоор" in answer for answer in answers)


def test_who_would_replace_another_draft_is_told_so(center, cholpon):
    draft(center, cholpon)
    page.publish(center=center, by=cholpon, version=1)
    draft(center, cholpon, version=2, texts={"story_ky": "КӨП ЭМГЕК"})
    args = [center.slug, center.versions.published().first().number]
    path = reverse("desk:restore_page", args=args)

    answer = press(signed_in(cholpon), path, version=3)

    assert "Мурдагы вариант эми долбоор" not in answer
    assert center.versions.draft().content["texts"]["story_ky"] == "КӨП ЭМГЕК"
