"""A code ended by its owner, and a new one given out in person by two of the staff."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone, translation
from django.utils.translation import gettext

from centers.models import JournalEntry
from concerns import actions, codes
from concerns.models import Change, CodeRequest, Concern, NewsAddress
from concerns.workflow import Level, Status

from .factories import (
    LONG_AGO,
    POLICE,
    give,
    key_number,
    make_category,
    make_concern,
    make_hidden_category,
    numbers,
    sign_in,
    signed_in,
)
from .pages import without_tokens

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("cheap_codes"),
    pytest.mark.once,
]

CONCERN, END = "/follow/concern/", "/follow/concern/end/"
SURE = {"end-is_sure": "on"}
S = Status


@pytest.fixture
def concern(center):
    return make_concern(center, status=S.IN_PROGRESS)


def enter(client, code):
    return client.post("/follow/", {"c": code})


def opens(code):
    return enter(Client(), code).status_code == 302


# Ended by its owner


def test_she_ends_the_code_and_the_concern_goes_on(concern, aida):
    enter(aida, concern.code)

    response = aida.post(END, SURE)

    concern.refresh_from_db()
    assert response.status_code == 200
    assert concern.status == S.IN_PROGRESS
    assert aida.get(CONCERN).status_code == 302
    assert "followed" not in aida.session


def test_a_code_that_she_ended_answers_as_one_never_issued(concern, aida):
    enter(aida, concern.code)
    aida.post(END, SURE)

    ended = enter(Client(), concern.code)
    other = enter(Client(), codes.derive(key_number(next(numbers))))

    assert ended.status_code == other.status_code == 422
    assert without_tokens(ended) == without_tokens(other)


@pytest.mark.parametrize("name", ["photos/", "news/", "forget/"])
def test_what_comes_after_her_page_was_closed_is_said_to_be_lost(name, aida):
    response = aida.post(f"{CONCERN}{name}", {"answer-text": "Жарым кат"}, follow=True)

    assert response.context["is_unsent"]


def test_what_others_opened_with_the_code_is_closed_too(concern, aida):
    other = Client()
    enter(other, concern.code)
    enter(aida, concern.code)

    aida.post(END, SURE)

    assert other.get(CONCERN).status_code == 302


def test_nobody_ends_it_by_a_slip_of_the_finger(concern, aida):
    enter(aida, concern.code)

    response = aida.post(END)

    assert response.status_code == 422
    assert set(response.context["end_form"].errors) == {"is_sure"}
    assert opens(concern.code)


def test_that_she_ended_it_stands_in_history_and_journal(concern, aida, cholpon):
    actions.end_code(concern=concern)

    assert concern.changes.filter(kind="code", new="ended", side="reporter").exists()
    assert JournalEntry.objects.get(kind="code_ended").by_id is None
    page = signed_in(cholpon).get(concern.get_desk_url()).content.decode()
    assert "Кайрылуучу кодду жапты" in page


def test_a_second_press_reads_that_it_is_ended(concern, aida):
    enter(aida, concern.code)

    for _press in range(2):
        answer = aida.post(END, SURE)

    assert answer.status_code == 200
    assert "follow/ended.html" in [template.name for template in answer.templates]
    assert concern.changes.filter(kind="code", new="ended").count() == 1


def test_ending_it_twice_is_ending_it_once(concern):
    actions.end_code(concern=concern)

    with pytest.raises(actions.MoveNotAllowed):
        actions.end_code(concern=concern)


# A new one, by two


def path_of(concern, step=""):
    return f"/desk/concerns/{concern.reference}/code/{step}"


def ask(concern, by, **fields):
    concern.refresh_from_db()
    fields = {"recognised": "details", "came": "on", "version": concern.version} | (
        fields
    )
    return signed_in(by).post(path_of(concern), fields)


def confirm(concern, by, ago=0):
    return press(signed_in(by, ago), concern)


def press(browser, concern, **fields):
    concern.refresh_from_db()
    key = codes.issue_key(f"{concern.reference}:renewal")
    fields = {"version": concern.version, "key": key} | fields
    return browser.post(path_of(concern, "confirm/"), fields)


def shown_in(response):
    """Return the page to which a press leads."""
    assert response.status_code == 302
    return response.client.get(response["Location"])


def code_in(response):
    return shown_in(response).context["code"]


def test_two_give_out_a_new_code_and_the_old_one_is_dead(concern, cholpon, elmira):
    assert ask(concern, elmira).status_code == 302

    code = code_in(confirm(concern, cholpon))

    assert opens(code)
    assert not opens(concern.code)


@pytest.mark.parametrize(
    ("language", "words"), [("ky", "Сиздин кодуңуз"), ("ru", "Ваш код")]
)
def test_the_new_code_is_given_out_in_the_language_of_the_reporter(
    language, words, center, cholpon, elmira
):
    concern = make_concern(center, status=S.IN_PROGRESS, language=language)
    ask(concern, elmira)

    page = shown_in(confirm(concern, cholpon)).text

    slip = page.partition('aria-labelledby="code"')[2]
    assert slip.startswith(f' lang="{language}">')
    assert words in slip


def test_what_the_old_code_had_opened_is_closed(concern, cholpon, elmira, aida):
    enter(aida, concern.code)
    ask(concern, elmira)

    confirm(concern, cholpon)

    assert aida.get(CONCERN).status_code == 302


def test_the_one_who_asks_cannot_confirm(concern, cholpon):
    ask(concern, cholpon)

    response = confirm(concern, cholpon)

    assert response.status_code == 403
    assert opens(concern.code)


def test_nothing_is_confirmed_that_nobody_asked_for(concern, cholpon):
    assert confirm(concern, cholpon).status_code == 409


def test_after_a_day_it_must_be_asked_for_anew(concern, cholpon, elmira):
    ask(concern, elmira)
    CodeRequest.objects.update(expires_at=timezone.now() - timedelta(minutes=1))

    assert confirm(concern, cholpon).status_code == 409
    assert ask(concern, elmira).status_code == 302
    assert code_in(confirm(concern, cholpon))


def test_one_request_gives_one_code(concern, cholpon, elmira):
    ask(concern, elmira)
    code = code_in(confirm(concern, cholpon))

    assert confirm(concern, cholpon).status_code == 409
    assert opens(code)


@pytest.mark.parametrize("is_known", [True, False], ids=["after", "at once"])
def test_pressed_twice_the_new_code_is_shown_to_who_confirmed(
    is_known, concern, cholpon, elmira
):
    ask(concern, elmira)
    browser = signed_in(cholpon)
    form = browser.get(path_of(concern)).context["confirm_form"]
    fields = {name: form[name].value() for name in form.fields}
    lost = press(browser, concern, **fields)
    if not is_known:  # Read when the first press had not kept anything in it yet.
        session = browser.session
        del session["new_code"]
        session.save()

    second = press(browser, concern, **fields)

    assert (lost.status_code, second.status_code) == (302, 302)
    assert opens(code_in(second))
    assert concern.changes.filter(new="issued").count() == 1


def test_another_page_with_the_button_spoils_no_code_that_was_given(
    concern, cholpon, elmira
):
    ask(concern, elmira)
    browser = signed_in(cholpon)
    pages = [browser.get(path_of(concern)).context["confirm_form"] for _ in range(2)]
    for form in pages:
        answer = press(
            browser, concern, **{name: form[name].value() for name in form.fields}
        )

    assert opens(code_in(answer))


def test_where_the_line_is_lost_the_page_shows_the_new_code_again(
    concern, cholpon, elmira
):
    ask(concern, elmira)
    browser = signed_in(cholpon)
    press(browser, concern)

    page = browser.get(path_of(concern))

    assert opens(page.context["code"])
    assert "no-store" in page["Cache-Control"]
    for other in (signed_in(cholpon), signed_in(elmira)):
        assert "code" not in other.get(path_of(concern)).context


def new_code_is_late(concern):
    CodeRequest.objects.update(confirmed_at=timezone.now() - timedelta(minutes=16))


def new_code_is_ended(concern):
    actions.end_code(concern=concern)


def new_code_is_changed(concern):
    actions.take_own_code(
        concern=concern, key=codes.new_key(), key_id=codes.current_key_id()
    )


def next_code_is_asked_for(concern):
    concern.code_requests.create(
        by=concern.code_requests.get().by, recognised="details"
    )


@pytest.mark.parametrize(
    "change",
    [
        *(new_code_is_late, new_code_is_ended),
        *(new_code_is_changed, next_code_is_asked_for),
    ],
)
def test_the_new_code_is_shown_no_more_once_it_is(change, concern, cholpon, elmira):
    ask(concern, elmira)
    browser = signed_in(cholpon)
    press(browser, concern)

    change(concern)

    assert "code" not in browser.get(path_of(concern)).context


def test_who_left_the_desk_open_is_asked_who_he_is_before_it_is_shown_again(
    concern, cholpon, elmira
):
    ask(concern, elmira)
    browser = signed_in(cholpon)
    press(browser, concern)
    sign_in(browser, cholpon, LONG_AGO)

    assert "reauthenticate" in browser.get(path_of(concern))["Location"]


def test_a_new_code_is_kept_nowhere(concern, cholpon, elmira):
    ask(concern, elmira)
    browser = signed_in(cholpon)
    answer = press(browser, concern)
    digits = code_in(answer).replace(" ", "")

    rows = [*Concern.objects.values(), *JournalEntry.objects.values()]
    kept = str([*rows, *Change.objects.values(), *CodeRequest.objects.values()])
    assert digits not in kept + answer["Location"] + str(dict(browser.session))


@pytest.mark.parametrize("missing", ["recognised", "came"])
def test_it_is_asked_for_in_person_and_with_a_reason(missing, concern, elmira):
    response = ask(concern, elmira, **{missing: ""})

    assert response.status_code == 422
    assert set(response.context["form"].errors) == {missing}
    assert not CodeRequest.objects.exists()


def test_both_show_first_that_it_is_they(concern, cholpon, elmira):
    concern.refresh_from_db()
    fields = {"recognised": "details", "came": "on", "version": concern.version}
    asked = signed_in(elmira, LONG_AGO).post(path_of(concern), fields)
    assert "reauthenticate" in asked["Location"]
    assert not CodeRequest.objects.exists()

    ask(concern, elmira)
    confirmed = confirm(concern, cholpon, LONG_AGO)
    assert "reauthenticate" in confirmed["Location"]
    assert opens(concern.code)


def test_both_acts_stand_in_history_and_journal(concern, cholpon, elmira):
    ask(concern, elmira)
    confirm(concern, cholpon)

    history = concern.changes.filter(kind=Change.Kind.CODE)
    assert [(line.new, line.by) for line in history] == [
        ("asked", elmira),
        ("issued", cholpon),
    ]
    journal = JournalEntry.objects.filter(kind__startswith="code_")
    assert [(line.kind, line.by_id) for line in journal.order_by("number")] == [
        ("code_asked", elmira.pk),
        ("code_issued", cholpon.pk),
    ]


def test_the_second_is_told_that_she_had_ended_it_herself(concern, cholpon, elmira):
    actions.end_code(concern=concern)
    ask(concern, elmira)

    page = signed_in(cholpon).get(path_of(concern)).content.decode()

    assert "Кодду кайрылуучу өзү жапкан." in page
    assert opens(code_in(confirm(concern, cholpon)))


@pytest.mark.parametrize("renewed", ["issued", "changed"])
def test_that_the_portal_ended_it_is_not_said_to_be_her_doing(
    renewed, concern, cholpon
):
    # She had ended an earlier one herself.
    concern.changes.create(kind="code", new="ended", side="reporter")
    side = {"issued": "staff", "changed": "reporter"}[renewed]
    concern.changes.create(kind="code", new=renewed, side=side)
    Concern.objects.filter(pk=concern.pk).update(code_ended_at=timezone.now())

    page = signed_in(cholpon).get(path_of(concern)).content.decode()

    assert "Кодду кайрылуучу өзү жапкан." not in page
    with translation.override("ky"):
        assert gettext("The portal ended the code when its time was over.") in page


def test_what_she_took_back_gets_no_new_code(concern, cholpon, elmira):
    ask(concern, elmira)
    actions.withdraw(concern=concern)

    assert confirm(concern, cholpon).status_code == 302
    assert signed_in(cholpon).get(path_of(concern)).status_code == 302
    assert Concern.objects.get(pk=concern.pk).code_ended_at is not None


def test_who_may_not_read_it_confirms_nothing(concern, cholpon, elmira, bakyt, daniyar):
    give(concern, POLICE, bakyt)
    ask(concern, bakyt)

    assert confirm(concern, elmira).status_code == 404
    assert confirm(concern, daniyar).status_code == 404
    assert code_in(confirm(concern, cholpon))


def test_a_request_of_who_reads_it_no_more_is_worth_nothing(concern, cholpon, elmira):
    ask(concern, elmira)
    give(concern, POLICE)

    with pytest.raises(actions.MoveNotAllowed):
        actions.confirm_code(
            concern=concern,
            key=codes.new_key(),
            by=cholpon,
            version=Concern.objects.get(pk=concern.pk).version,
        )
    # It does not stand in the way of one who does.
    ask(concern, cholpon)
    assert concern.code_requests.open().filter(by=cholpon).exists()


def test_whom_she_has_just_invited_vouches_for_nobody(concern, cholpon, elmira):
    """She has seen the link: she could have accepted it herself."""
    ask(concern, cholpon)
    elmira.memberships.update(started_at=timezone.now() - timedelta(days=29))

    refused = confirm(concern, elmira)
    elmira.memberships.update(started_at=timezone.now() - timedelta(days=31))

    assert refused.status_code == 302
    assert code_in(confirm(concern, elmira))


@pytest.mark.parametrize("renewed", ["cholpon", "elmira"])
def test_who_has_just_had_a_new_start_vouches_for_nobody(
    renewed, concern, cholpon, elmira
):
    """The coordinator who gave it could use it herself, and be both."""
    people = {"cholpon": cholpon, "elmira": elmira}
    ask(concern, elmira)
    person = people[renewed]
    person.new_start_at = timezone.now() - timedelta(days=29)
    person.save()
    version = Concern.objects.get(pk=concern.pk).version

    with pytest.raises(ValidationError):
        actions.confirm_code(
            concern=concern, key=codes.new_key(), by=cholpon, version=version
        )
    assert confirm(concern, cholpon).status_code == 302

    person.new_start_at -= timedelta(days=2)
    person.save()
    assert code_in(confirm(concern, cholpon))


def test_a_complaint_gets_one_from_the_custodian_and_who_handles_it(
    center, jamila, nurlan, cholpon, bakyt
):
    concern = make_concern(center, make_hidden_category(POLICE), status=S.IN_PROGRESS)
    give(concern, "residents", nurlan, by=jamila)
    ask(concern, jamila)

    assert confirm(concern, cholpon).status_code == 404
    assert confirm(concern, bakyt).status_code == 404
    assert code_in(confirm(concern, nurlan))


def test_the_desk_says_that_a_second_is_waited_for(concern, cholpon, elmira):
    ask(concern, elmira)

    page = signed_in(cholpon).get(concern.get_desk_url()).content.decode()

    assert "аны экинчи адам ырасташы керек" in page


def test_whoever_was_slower_is_told_and_nothing_is_given_out(concern, cholpon, elmira):
    ask(concern, elmira)

    response = press(signed_in(cholpon), concern, version=0)

    assert response.status_code == 409
    assert opens(concern.code)


def test_the_form_that_filed_it_shows_no_code_any_more(center, cholpon, elmira, aida):
    category = make_category()
    path = f"/{center.slug}/concerns/new/{category.code}/"
    fields = {
        "text": "Сөз",
        "involved": "no",
        "key": codes.issue_key(center.slug),
    }
    sent = aida.post(path, fields)
    concern = Concern.objects.get()
    ask(concern, elmira)
    code = code_in(confirm(concern, cholpon))

    assert aida.get(sent["Location"]).status_code == 404
    assert Client().post(path, fields).status_code == 409
    assert Concern.objects.count() == 1
    assert opens(code)


def test_the_address_left_under_the_old_code_is_forgotten(concern, cholpon, elmira):
    actions.keep_address(concern=concern, email="other@example.org")
    ask(concern, elmira)

    confirm(concern, cholpon)

    assert not NewsAddress.objects.exists()


def test_she_reads_on_her_page_that_a_code_was_given_out(
    concern, cholpon, elmira, aida
):
    ask(concern, elmira)
    enter(aida, code_in(confirm(concern, cholpon)))

    page = aida.get(CONCERN).content.decode()

    assert "Жаңы код өз колго берилди." in page
    assert "Жаңы код суралды" not in page


def test_the_code_of_a_confidential_concern_asks_no_less(center, cholpon, farida):
    concern = make_concern(
        center, make_category(Level.CONFIDENTIAL), status=S.REGISTERED
    )
    ask(concern, farida)

    response = confirm(concern, cholpon)

    assert opens(code_in(response))
    assert "no-store" in response["Cache-Control"]
