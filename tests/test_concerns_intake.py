"""What comes on paper, by phone, by word or in the box; the register of it all."""

from datetime import datetime, time, timedelta
from io import BytesIO

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone, translation

from centers.models import JournalEntry, User
from centers.workdays import add_working_days
from concerns import codes
from concerns.actions import file, keep_address, register
from concerns.actions.filing import ReceiptExpired, hide_more
from concerns.models import Concern, Involved, NewsAddress
from concerns.workflow import Level, Status

from .factories import (
    POLICE,
    again,
    make_category,
    make_concern,
    make_hidden_category,
    make_identity,
    make_member,
    signed_in,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cheap_codes")]


LETTER = "Көпүрөнүн тосмосу сынган."


def take_in(browser, center, category, **fields):
    fields = {
        "category": category.code,
        "key": new_key(center),
        "text": LETTER,
        "involved": "no",
        "channel": "paper",
        "received_on": timezone.localdate().isoformat(),
        "language": "ky",
        "with_code": "yes",
    } | fields
    return browser.post(reverse("desk:intake", args=[center.slug]), fields, follow=True)


def new_key(center):
    return codes.issue_key(f"{center.slug}:intake")


def code_on(page):
    text = page.content.decode()
    slip = text[text.index('<p class="code">') :]
    return "".join(sign for sign in slip[: slip.index("</p>")] if sign.isdecimal())


# Written down


def test_a_letter_is_written_down_with_its_day_and_how_it_came(center, elmira):
    day = timezone.localdate() - timedelta(days=3)

    take_in(signed_in(elmira), center, make_category(), received_on=f"{day:%d.%m.%Y}")

    concern = Concern.objects.get()
    assert timezone.localdate(concern.created_at) == day
    assert (concern.channel, concern.taken_in_by) == ("paper", elmira)
    assert concern.due_on == add_working_days(day, 1)


@pytest.mark.parametrize(("when", "days_ago"), [("today", 3), ("yesterday", 4)])
def test_a_letters_today_is_the_day_on_which_it_came(when, days_ago, center, elmira):
    today = timezone.localdate()
    came = (today - timedelta(days=3)).isoformat()

    take_in(signed_in(elmira), center, make_category(), received_on=came, when=when)

    assert Concern.objects.get().happened_on == today - timedelta(days=days_ago)


def test_nothing_happened_after_the_letter_that_tells_it(center, elmira):
    today = timezone.localdate()
    days = {"received_on": today - timedelta(days=3), "happened_on": today}

    page = take_in(signed_in(elmira), center, make_category(), when="date", **days)

    assert page.status_code == 422
    assert set(page.context["form"].errors) == {"happened_on"}
    assert not Concern.objects.exists()


def test_staff_are_told_of_the_persons_consent_and_not_of_their_own(center, elmira):
    page = take_in(signed_in(elmira), center, make_category(), name="Айда")

    text = page.content.decode()
    assert "Адамдын макулдугу жок борбор бул маалыматтарды сактай албайт." in text
    assert "Макулдугуңуз болбосо" not in text


def test_the_history_names_who_wrote_it_down(center, elmira):
    take_in(signed_in(elmira), center, make_category())

    change = Concern.objects.get().changes.get()
    assert (change.new, change.by, change.side) == (Status.RECEIVED, elmira, "staff")


def test_a_member_of_the_community_writes_a_neighbours_down(center, nurlan):
    page = take_in(signed_in(nurlan), center, make_category())

    assert page.status_code == 200
    assert not Concern.objects.visible_to(again(nurlan)).exists()
    assert "Көпүрөнүн тосмосу" not in page.content.decode()


def test_an_observer_writes_nothing_down(center, olga):
    page = take_in(signed_in(olga), center, make_category())

    assert page.status_code == 403
    assert not Concern.objects.exists()


def test_sent_twice_it_is_one(center, elmira):
    browser, category = signed_in(elmira), make_category()
    # The terms run from the letter's day; the receipt is as old as the writing down.
    day = (timezone.localdate() - timedelta(days=5)).isoformat()
    key = new_key(center)

    first = take_in(browser, center, category, key=key, received_on=day)
    second = take_in(browser, center, category, key=key, received_on=day)

    assert Concern.objects.count() == 1
    assert code_on(first) == code_on(second)


def test_what_is_corrected_before_it_is_sent_again_is_said_not_to_be_kept(
    center, elmira
):
    browser, category, key = signed_in(elmira), make_category(), new_key(center)
    take_in(browser, center, category, key=key)

    again = take_in(browser, center, category, key=key, text="Башкача")

    concern = Concern.objects.get()
    assert again.status_code == 409
    assert "Башкача" in again.content.decode()
    assert reverse("desk:intake_receipt", args=[center.slug]) in again.content.decode()
    # In the reporter's name the staff change nothing.
    assert concern.text == LETTER
    assert not concern.messages.exists()


def test_what_is_hidden_only_the_second_time_is_hidden(center, bakyt, jamila):
    browser, category, key = signed_in(bakyt), make_category(), new_key(center)
    take_in(browser, center, category, key=key)

    page = take_in(browser, center, category, key=key, involved="police")

    assert page.status_code == 200
    assert not Concern.objects.visible_to(again(bakyt)).exists()
    assert Concern.objects.visible_to(jamila).exists()


def test_what_was_registered_at_this_very_moment_keeps_a_number_when_it_is_hidden(
    center, cholpon, jamila
):
    concern = make_concern(center)
    read_before = Concern.objects.get()
    register(
        concern=concern,
        category=concern.category,
        level=concern.level,
        by=cholpon,
        version=concern.version,
    )

    hidden = hide_more(read_before, concern.category, "police", cholpon)

    concern.refresh_from_db()
    assert (concern.in_custody, concern.journal_number) == (True, 1)
    assert (hidden.status, hidden.journal_number) == (Status.REGISTERED, 1)


def test_hidden_only_the_second_time_its_code_is_not_shown_again(center, bakyt, jamila):
    """Its first receipt is lost; corrected, it complains about his side."""
    browser, category, key = signed_in(bakyt), make_category(), new_key(center)
    take_in(browser, center, category, key=key)

    page = take_in(browser, center, category, key=key, involved="police")

    assert '<p class="code">' not in page.content.decode()
    # He may have seen it: she is asked to change it all the same.
    assert Concern.objects.get().is_code_known


def test_another_of_the_staff_gets_nothing_by_the_same_key(center, elmira, cholpon):
    category, key = make_category(), new_key(center)
    take_in(signed_in(elmira), center, category, key=key)

    page = take_in(signed_in(cholpon), center, category, key=key)

    assert page.status_code == 409
    assert '<p class="code">' not in page.content.decode()


@pytest.mark.parametrize("with_code", ["yes", "no"])
def test_the_public_form_knows_nothing_of_its_key(with_code, center, elmira, client):
    category, key = make_category(), new_key(center)
    take_in(signed_in(elmira), center, category, key=key, with_code=with_code)
    fields = {"text": "Мен жаздым", "involved": "no", "key": key}

    page = client.post(
        reverse("concerns:new", args=[center.slug, category.code]), fields
    )

    assert page.status_code == 422
    # Nor does whoever writes down find by it what was filed there.
    concern = Concern.objects.get()
    with pytest.raises(ReceiptExpired):
        file(
            center=center,
            category=category,
            key=codes.read_key(key, f"{center.slug}:intake")[0],
            words={"text": "Мен жаздым", "involved": "no"},
            language="ky",
        )
    assert not concern.messages.exists()


def test_the_category_is_asked_first_and_its_form_comes_with_the_questions(
    center, elmira
):
    browser, category = signed_in(elmira), make_category()
    address = reverse("desk:intake", args=[center.slug])

    asked = browser.get(address).content.decode()
    form = browser.post(address, {"category": category.code})

    assert str(category) in asked
    assert 'name="received_on"' in form.content.decode()
    assert form.status_code == 200
    assert not Concern.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"text": ""},
        {"received_on": "31.02.2026"},
        {"received_on": "2099-01-01"},
        {"received_on": "2001-01-01"},
        {"channel": "web"},
        {"with_code": ""},
        {"name": "Айнура"},
        {"key": "x"},
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(wrong, center, elmira):
    fields = {"landmark": "Чоң көпүрө"} | wrong

    page = take_in(signed_in(elmira), center, make_category(), **fields)

    assert page.status_code == 422
    assert "Чоң көпүрө" in page.content.decode()
    assert not Concern.objects.exists()


def test_what_is_about_an_officer_leaves_the_officer_who_wrote_it_down(
    center, bakyt, jamila
):
    category = make_hidden_category(POLICE)

    page = take_in(signed_in(bakyt), center, category, involved=Involved.POLICE)

    concern = Concern.objects.get()
    # Nor may he read on by the code that he would have printed.
    assert '<p class="code">' not in page.content.decode()
    assert not concern.is_code_known
    assert not Concern.objects.visible_to(again(bakyt)).exists()
    assert Concern.objects.visible_to(again(jamila)).get() == concern
    assert concern.get_desk_url() not in page.content.decode()


def test_a_neighbour_who_writes_it_down_hands_over_the_code(center, nurlan, jamila):
    page = take_in(signed_in(nurlan), center, make_hidden_category(POLICE))

    assert len(code_on(page)) == 16


def test_the_custodian_is_told_that_somebody_printed_the_code(center, nurlan, jamila):
    take_in(signed_in(nurlan), center, make_hidden_category(POLICE))
    concern = Concern.objects.get()

    def read():
        page = signed_in(jamila).get(concern.get_desk_url())
        return "басып чыгарган" in page.content.decode()

    assert read()
    Concern.objects.update(is_code_known=False)
    assert not read()


def test_many_letters_of_a_box_are_no_flood(center, elmira):
    browser, category = signed_in(elmira), make_category()

    for number in range(8):
        take_in(browser, center, category, text=f"Кат {number}", with_code="no")

    assert not Concern.objects.filter(is_quarantined=True).exists()


# The code on the receipt


def test_the_printed_code_opens_the_report_and_the_journal_tells_of_it(
    center, elmira, client
):
    page = take_in(signed_in(elmira), center, make_category())

    answer = client.post(reverse("follow:enter"), {"c": code_on(page)})

    assert answer.headers["Location"] == reverse("follow:concern")
    assert [e.kind for e in JournalEntry.objects.all()] == ["code_printed"]


def test_for_a_letter_of_the_box_no_code_is_shown(center, elmira):
    page = take_in(
        signed_in(elmira), center, make_category(), channel="box", with_code="no"
    )

    assert '<p class="code">' not in page.content.decode()
    assert not JournalEntry.objects.exists()


def test_nobody_else_finds_the_receipt(center, elmira, cholpon):
    take_in(signed_in(elmira), center, make_category())

    address = reverse("desk:intake_receipt", args=[center.slug])
    assert signed_in(cholpon).get(address).status_code == 302


def test_the_receipt_is_of_what_was_written_down_last(center, elmira):
    browser, category = signed_in(elmira), make_category()
    first, second = (take_in(browser, center, category) for _ in range(2))

    assert second.context["concern"].pk > first.context["concern"].pk


def test_the_receipt_is_gone_after_a_quarter_of_an_hour(center, elmira, settings):
    browser = signed_in(elmira)
    take_in(browser, center, make_category())
    settings.FOLLOW_IDLE_SECONDS = -1

    page = browser.get(reverse("desk:intake_receipt", args=[center.slug]))

    assert page.headers["Location"] == reverse("desk:intake", args=[center.slug])


def take_own(browser, page):
    """Press the button of a page that offers another code."""
    fields = {"mark": page.context["mark"]}
    return browser.post(reverse("follow:own_code"), fields, follow=True)


def follow(browser, code):
    return browser.post(reverse("follow:enter"), {"c": code}, follow=True)


@pytest.mark.parametrize(
    ("language", "words"), [("ky", "Сиздин кодуңуз"), ("ru", "Ваш код")]
)
def test_the_receipt_is_in_the_language_of_the_person(language, words, center, elmira):
    page = take_in(signed_in(elmira), center, make_category(), language=language)

    receipt = page.content.decode().partition('aria-labelledby="code"')[2]
    assert receipt.startswith(f' lang="{language}">')
    assert words in receipt


def test_the_person_is_asked_to_take_a_code_that_only_she_knows(center, elmira, client):
    page = take_in(signed_in(elmira), center, make_category())
    printed = code_on(page)
    followed = follow(client, printed).content.decode()

    offered = client.get(reverse("follow:own_code"))
    shown_again = client.get(reverse("follow:own_code"))
    taken = take_own(client, offered)

    assert reverse("follow:own_code") in followed
    assert code_on(offered) == code_on(shown_again) != printed
    assert reverse("follow:own_code") not in taken.content.decode()
    assert follow(type(client)(), code_on(offered)).status_code == 200


def test_until_she_has_written_it_down_the_printed_code_works(center, elmira, client):
    printed = code_on(take_in(signed_in(elmira), center, make_category()))
    follow(client, printed)

    client.get(reverse("follow:own_code"))

    # Her line broke: she begins anew with what she has.
    other = type(client)()
    assert follow(other, printed).status_code == 200
    assert follow(client, printed).status_code == 200


def test_pressed_twice_she_keeps_the_code_she_wrote_down(center, elmira, client):
    follow(client, code_on(take_in(signed_in(elmira), center, make_category())))
    offered = client.get(reverse("follow:own_code"))

    take_own(client, offered)
    take_own(client, offered)

    assert Concern.objects.get().code_renewals == 1
    assert LETTER in follow(type(client)(), code_on(offered)).content.decode()


def test_a_code_of_another_page_is_not_put_in_force(center, elmira, client):
    """She wrote down what one tab shows; another has another code by now."""
    printed = code_on(take_in(signed_in(elmira), center, make_category()))
    follow(client, printed)
    written_down = client.get(reverse("follow:own_code"))
    follow(client, printed)

    shown = take_own(client, written_down)

    assert shown.status_code == 409
    assert code_on(shown) != code_on(written_down)
    assert Concern.objects.get().code_renewals == 0
    take_own(client, shown)
    assert LETTER in follow(type(client)(), code_on(shown)).content.decode()


def test_the_printed_code_opens_nothing_once_she_has_her_own(center, elmira, client):
    page = take_in(signed_in(elmira), center, make_category())
    printed = code_on(page)
    kept = type(client)()
    follow(kept, printed)
    follow(client, printed)
    keep_address(concern=Concern.objects.get(), email="stranger@example.com")

    take_own(client, client.get(reverse("follow:own_code")))

    assert client.post(reverse("follow:enter"), {"c": printed}).status_code == 422
    # Nor does the page that somebody had opened with it before.
    assert kept.get(reverse("follow:concern")).status_code == 302
    # Nor do letters go where somebody else may have wanted them.
    assert not NewsAddress.objects.exists()


def test_who_filed_by_herself_is_not_bothered_with_it(center, client):
    concern = make_concern(center)

    page = follow(client, concern.code).content.decode()
    asked = client.get(reverse("follow:own_code"))
    pressed = client.post(reverse("follow:own_code"))

    assert reverse("follow:own_code") not in page
    assert asked.status_code == pressed.status_code == 302
    assert Concern.objects.get().code_renewals == 0


# Her name


def test_she_erases_who_she_is_by_herself(center, client, cholpon):
    concern = make_concern(center)
    make_identity(concern)
    page = follow(client, concern.code).content.decode()

    client.post(reverse("follow:forget"))
    client.post(reverse("follow:forget"))

    after = client.get(reverse("follow:concern")).content.decode()
    concern = Concern.objects.get()
    assert reverse("follow:forget") in page
    assert reverse("follow:forget") not in after
    assert not hasattr(concern, "identity")
    assert concern.changes.filter(kind="erasure").count() == 1


# The form of paper


def test_the_empty_form_names_the_centre_and_the_numbers_to_call(center, elmira):
    page = signed_in(elmira).get(reverse("desk:paper_form", args=[center.slug]))

    text = page.content.decode()
    assert center.name in text
    assert "102" in text


# The register


def registered(center, number, **fields):
    return make_concern(
        center,
        fields.pop("category", None) or make_category(),
        status=Status.REGISTERED,
        journal_year=timezone.localdate().year,
        journal_number=number,
        registered_at=timezone.now(),
        **fields,
    )


def read_sheet(browser, center, **fields):
    answer = browser.post(reverse("desk:journal_sheet", args=[center.slug]), fields)
    book = openpyxl.load_workbook(BytesIO(answer.content))
    return list(book.active.iter_rows(values_only=True))


def test_the_register_stands_in_the_order_of_its_numbers(center, cholpon):
    registered(center, 2)
    registered(center, 1)
    make_concern(center)

    head, *rows = read_sheet(signed_in(cholpon), center)

    assert [row[0] for row in rows] == [1, 2]
    assert head[0] == "№"


def test_it_has_real_days_and_no_words_of_anybody(center, cholpon):
    concern = registered(center, 1, text="Кошунам эркин жүрөт")
    make_identity(concern)

    browser = signed_in(cholpon)
    _head, row = read_sheet(browser, center)
    page = browser.get(reverse("desk:journal", args=[center.slug])).content.decode()

    today = timezone.localdate()
    assert row[1] == datetime.combine(today, time())
    for text in ("Кошунам", "Айда", "+996770080050"):
        assert text not in f"{row}{page}"


def test_what_is_confidential_shows_no_category_on_paper(center, cholpon):
    category = make_category(Level.CONFIDENTIAL, name_ky="Үй-бүлөлүк зомбулук")
    registered(center, 1, category=category)

    browser = signed_in(cholpon)
    page = browser.get(reverse("desk:journal", args=[center.slug])).content.decode()

    assert "Үй-бүлөлүк" not in page
    assert "Үй-бүлөлүк" not in str(read_sheet(browser, center))


def test_after_a_new_start_the_custodians_register_shows_nothing_hidden(center, jamila):
    registered(center, 1, category=make_hidden_category(POLICE))
    assert len(read_sheet(signed_in(jamila), center)) == 2

    User.objects.filter(pk=jamila.pk).update(new_start_at=timezone.now())

    assert len(read_sheet(signed_in(jamila), center)) == 1


@pytest.mark.parametrize("name", ["=1+1", "+7", "-2", "@SUM(A1)", "\t=1"])
def test_a_formula_is_a_text_in_the_sheet(name, center, cholpon):
    registered(center, 1, category=make_category(name_ky=name))

    answer = signed_in(cholpon).post(reverse("desk:journal_sheet", args=[center.slug]))

    cell = openpyxl.load_workbook(BytesIO(answer.content)).active["E2"]
    assert (cell.data_type, cell.value.strip()) == ("s", name.strip())


def test_what_is_in_custody_stands_in_the_custodians_register_alone(
    center, cholpon, jamila
):
    registered(center, 1)
    registered(center, 1, category=make_hidden_category(POLICE))

    open_one = read_sheet(signed_in(cholpon), center)
    closed_one = read_sheet(signed_in(jamila), center)

    assert (len(open_one), len(closed_one)) == (2, 2)
    assert open_one[1][-1] != closed_one[1][-1]


def test_a_download_asks_who_it_is_once_more_and_is_journalled(center, cholpon):
    registered(center, 1)

    late = signed_in(cholpon, ago=600).post(
        reverse("desk:journal_sheet", args=[center.slug])
    )
    read_sheet(signed_in(cholpon), center)

    assert late.status_code == 302
    assert [e.kind for e in JournalEntry.objects.all()] == ["exported"]


def test_nobody_else_keeps_the_register(center, elmira, bakyt):
    for person in (elmira, bakyt, make_member(center, POLICE)):
        page = signed_in(person).get(reverse("desk:journal", args=[center.slug]))
        assert page.status_code == 403


def test_a_year_of_nothing_says_so(center, cholpon):
    address = reverse("desk:journal", args=[center.slug])

    page = signed_in(cholpon).get(address, {"year": "2019"}).content.decode()

    assert "Бул жылы эч нерсе катталган эмес" in page


def test_the_years_offered_are_those_with_entries_and_the_present_one(center, cholpon):
    present = timezone.localdate().year
    Concern.objects.filter(pk=registered(center, 1).pk).update(journal_year=present - 3)

    page = signed_in(cholpon).get(reverse("desk:journal", args=[center.slug]))

    years = [year for year, _name in page.context["form"].fields["year"].choices]
    assert years == [str(present), str(present - 3)]


@pytest.mark.parametrize(
    ("language", "open_one", "closed_one"),
    [
        ("ky", "Каттоо журналы", "Ишенимдүү өкүлдүн журналы"),
        ("ru", "Журнал регистрации", "Журнал доверенного предста"),
    ],
)
def test_the_sheet_is_named_as_the_register_is(
    language, open_one, closed_one, center, cholpon, jamila
):
    for person, named in ((cholpon, open_one), (jamila, closed_one)):
        with translation.override(language):
            address = reverse("desk:journal_sheet", args=[center.slug])
        answer = signed_in(person).post(address)
        [name] = openpyxl.load_workbook(BytesIO(answer.content)).sheetnames

        assert name.startswith(named)
        assert len(name) <= 31


def test_the_register_is_downloaded_from_above_its_rows(center, cholpon):
    registered(center, 1)

    page = signed_in(cholpon).get(reverse("desk:journal", args=[center.slug]))

    text = page.content.decode()
    assert text.index('name="year" value=') < text.index("<table")
