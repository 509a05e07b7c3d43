"""The second factor: an app or a printed sheet, obligatory outside the demo."""

import re
from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from centers.models import Role
from centers.second_factor import SecondFactor, SecondFactorAdapter, codes_of, new_seed

from .factories import (
    COUNCIL,
    LONG_AGO,
    PASSWORD,
    again,
    make_app,
    make_member,
    make_sheet,
    make_user,
    partner_of,
    shown_by_app,
    signed_in,
)
from .members import lines
from .pages import inputs_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def gulnara(center):
    """A new member: no smartphone, and no second factor yet."""
    user = make_member(center, COUNCIL, email=None, phone="+996770080050")
    user.authenticator_set.all().delete()
    return user


def knows_password(user, password=PASSWORD):
    """Return a browser in which a person has just typed the password."""
    browser = Client()
    login = user.email or str(user.phone)
    browser.post(reverse("account_login"), {"login": login, "password": password})
    return browser


def types_code(browser, code):
    return browser.post(reverse("mfa_authenticate"), {"code": code})


def is_in(browser):
    return browser.get(reverse("desk:today")).status_code == 200


def codes_on(page):
    return re.findall(r"<code>(\d{4} \d{4})</code>", page.content.decode())


def tick(browser):
    return browser.post(reverse("sheet"), {"is_printed": "on"})


# The sheet alone


def test_the_first_sign_in_asks_which_second_factor_one_wants(gulnara):
    browser = knows_password(gulnara)

    response = browser.get(reverse("desk:today"), follow=True)

    assert response.redirect_chain == [(reverse("second_factor"), 302)]
    assert reverse("sheet") in response.content.decode()
    assert reverse("mfa_activate_totp") in response.content.decode()


def test_a_sheet_alone_is_a_second_factor(gulnara):
    browser = knows_password(gulnara)
    codes = codes_on(browser.get(reverse("sheet")))
    assert tick(browser)["Location"] == reverse("desk:today")
    assert is_in(browser)

    response = types_code(knows_password(gulnara), codes[0])

    assert len(set(codes)) == 20
    assert response["Location"] == reverse("desk:today")


def test_with_a_sheet_a_password_alone_opens_nothing(gulnara):
    make_sheet(gulnara)

    browser = knows_password(gulnara)

    assert not is_in(browser)
    assert browser.get(reverse("mfa_authenticate")).status_code == 200


def test_a_sheet_names_its_centre_and_its_person(gulnara, center):
    page = knows_password(gulnara).get(reverse("sheet")).content.decode()

    assert center.name in page
    assert gulnara.full_name in page


def test_a_code_opens_once(gulnara):
    codes = make_sheet(gulnara)

    first = types_code(knows_password(gulnara), codes[3])
    second = types_code(knows_password(gulnara), codes[3])

    assert (first.status_code, second.status_code) == (302, 200)


def test_every_code_of_a_sheet_opens(gulnara):
    codes = make_sheet(gulnara)

    opened = [types_code(knows_password(gulnara), code).status_code for code in codes]

    assert opened == [302] * 20
    assert SecondFactor(gulnara).codes_left == 0


@pytest.mark.parametrize("change", [str, lambda c: c.replace(" ", ""), "  {} ".format])
def test_a_code_is_read_with_and_without_its_space(change, gulnara):
    codes = make_sheet(gulnara)

    response = types_code(knows_password(gulnara), change(codes[0]))

    assert response.status_code == 302


def test_of_two_who_type_one_code_at_once_one_gets_in(gulnara, together):
    [codes] = together(lambda: make_sheet(gulnara))

    def type_it():
        sheet = Authenticator.objects.get(user=gulnara, type="recovery_codes")
        return sheet.wrap().validate_code(codes[0])

    assert sorted(together(type_it, threads=4)) == [False, False, False, True]


def test_another_persons_code_opens_nothing(gulnara, bakyt):
    make_sheet(gulnara)
    codes = make_sheet(bakyt)

    assert types_code(knows_password(gulnara), codes[0]).status_code == 200


def test_guessing_codes_ends_soon_and_from_anywhere(gulnara):
    codes = make_sheet(gulnara)
    for number in range(5):
        types_code(knows_password(gulnara), f"0000 000{number}")

    assert types_code(knows_password(gulnara), codes[0]).status_code == 200


# Shown until it is on paper, and not in force before


def test_a_sheet_is_in_force_only_when_it_is_ticked(gulnara):
    old = make_sheet(gulnara)
    browser = knows_password(gulnara)
    types_code(browser, old[0])
    new = codes_on(browser.get(reverse("sheet")))

    assert types_code(knows_password(gulnara), new[0]).status_code == 200
    assert types_code(knows_password(gulnara), old[1]).status_code == 302
    tick(browser)
    assert types_code(knows_password(gulnara), old[2]).status_code == 200
    assert types_code(knows_password(gulnara), new[0]).status_code == 302


def test_a_sheet_is_the_same_when_its_page_is_opened_again(gulnara):
    browser = knows_password(gulnara)

    pages = [codes_on(browser.get(reverse("sheet"))) for _ in range(2)]

    assert pages[0] == pages[1]


def test_without_the_tick_the_same_sheet_is_given_back(gulnara):
    browser = knows_password(gulnara)
    shown = codes_on(browser.get(reverse("sheet")))

    response = browser.post(reverse("sheet"), {"nothing": ""})

    assert response.status_code == 422
    assert codes_on(response) == shown
    assert not SecondFactor(gulnara).sheet


def test_a_sheet_in_force_is_never_shown_again(gulnara):
    browser = knows_password(gulnara)
    shown = codes_on(browser.get(reverse("sheet")))
    tick(browser)

    pages = [browser.get(reverse(name)) for name in ("sheet", "mfa_index")]

    assert not any(code in str(page.content) for page in pages for code in shown)


def test_ticking_twice_changes_nothing(gulnara):
    browser = knows_password(gulnara)
    codes = codes_on(browser.get(reverse("sheet")))

    tick(browser)
    tick(browser)

    assert types_code(knows_password(gulnara), codes[0]).status_code == 302


def test_a_new_sheet_needs_the_password_again(gulnara):
    make_sheet(gulnara)

    response = signed_in(gulnara, ago=LONG_AGO).get(reverse("sheet"))

    assert response["Location"].startswith(reverse("account_reauthenticate"))


def test_the_password_that_was_just_typed_need_not_be_typed_again(gulnara):
    assert knows_password(gulnara).get(reverse("sheet")).status_code == 200


def test_five_minutes_later_it_must(gulnara):
    browser = knows_password(gulnara)
    session = browser.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 301
    session.save()

    response = browser.get(reverse("sheet"))

    assert response["Location"].startswith(reverse("account_reauthenticate"))


def test_a_phone_is_enough_to_type_the_password_again(gulnara):
    make_sheet(gulnara)
    browser = signed_in(gulnara, ago=LONG_AGO)
    again_page = browser.get(reverse("sheet"))["Location"]

    wrong = browser.post(again_page, {"password": "башка сырсөз болду"})
    right = browser.post(again_page, {"password": PASSWORD, "next": reverse("sheet")})

    assert wrong.status_code == 200
    assert right["Location"] == reverse("sheet")
    assert browser.get(reverse("sheet")).status_code == 200


def test_no_copy_of_a_sheet_is_kept(gulnara):
    response = knows_password(gulnara).get(reverse("sheet"))

    assert "no-store" in response["Cache-Control"]


# Few are left


@pytest.mark.parametrize(("used", "is_told"), [(16, False), (17, True)])
def test_the_desk_says_when_three_codes_are_left(used, is_told, gulnara):
    codes = make_sheet(gulnara)
    Authenticator.objects.filter(user=gulnara).update(
        data={
            "seed": gulnara.authenticator_set.get().data["seed"],
            "used_mask": (1 << (used - 1)) - 1,
        }
    )
    browser = knows_password(gulnara)
    types_code(browser, codes[19])

    page = browser.get(reverse("desk:today")).content.decode()

    assert (reverse("sheet") in page) == is_told


def test_with_the_last_code_used_the_next_page_is_a_new_sheet(gulnara):
    codes = make_sheet(gulnara)
    for code in codes:
        browser = knows_password(gulnara)
        types_code(browser, code)

    response = browser.get(reverse("desk:today"), follow=True)

    assert [step for step, _ in response.redirect_chain] == [
        reverse("second_factor"),
        reverse("sheet"),
    ]


# The app


def set_up_app(browser):
    """Set up an app, and return its secret."""
    page = browser.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    code = shown_by_app(secret)
    return secret, browser.post(reverse("mfa_activate_totp"), {"code": code}), code


def test_of_an_app_that_is_set_up_a_letter_tells(
    gulnara, mailoutbox, django_capture_on_commit_callbacks
):
    gulnara.email = "gulnara@example.org"
    gulnara.save()

    with django_capture_on_commit_callbacks(execute=True):
        set_up_app(knows_password(gulnara))

    assert [letter.to for letter in mailoutbox] == [[gulnara.email]]


def test_an_app_is_followed_by_a_sheet(gulnara):
    browser = knows_password(gulnara)

    _secret, response, _code = set_up_app(browser)

    page = browser.get(response["Location"], follow=True)
    assert page.redirect_chain == [(reverse("sheet"), 302)]
    assert len(codes_on(page)) == 20


def test_an_app_without_a_sheet_does_not_open_the_desk(gulnara):
    browser = knows_password(gulnara)
    set_up_app(browser)
    assert not is_in(browser)

    browser.get(reverse("sheet"))
    tick(browser)

    assert is_in(browser)


def test_the_digits_that_set_the_app_up_do_not_sign_in(gulnara):
    _secret, _response, code = set_up_app(knows_password(gulnara))

    assert types_code(knows_password(gulnara), code).status_code == 200


def test_app_and_sheet_sign_in_both(gulnara):
    secret, codes = make_app(gulnara), make_sheet(gulnara)

    answers = [
        types_code(knows_password(gulnara), code).status_code
        for code in (shown_by_app(secret), codes[0])
    ]

    assert answers == [302, 302]


def test_digits_of_the_app_sign_in_once(gulnara):
    make_sheet(gulnara)
    digits = shown_by_app(make_app(gulnara))

    answers = [
        types_code(knows_password(gulnara), digits).status_code for _ in range(2)
    ]

    assert answers == [302, 200]


def test_without_its_app_a_sheet_goes_on_signing_in(gulnara):
    make_app(gulnara)
    codes = make_sheet(gulnara)
    browser = knows_password(gulnara)
    types_code(browser, codes[0])

    browser.post(reverse("mfa_deactivate_totp"))

    assert not SecondFactor(gulnara).app
    assert is_in(browser)
    assert types_code(knows_password(gulnara), codes[1]).status_code == 302


def test_a_sheet_is_never_taken_away_and_an_app_only_beside_one(gulnara):
    codes = make_sheet(gulnara)
    browser = knows_password(gulnara)
    types_code(browser, codes[0])

    response = browser.post(reverse("mfa_deactivate_totp"), follow=True)

    assert response.redirect_chain[-1][0] == reverse("mfa_index")
    assert SecondFactor(gulnara).sheet


def test_taking_the_app_away_needs_the_password_again(gulnara):
    make_app(gulnara)
    make_sheet(gulnara)

    response = signed_in(gulnara, ago=LONG_AGO).post(reverse("mfa_deactivate_totp"))

    assert response["Location"].startswith(reverse("account_reauthenticate"))
    assert SecondFactor(gulnara).app


# The demo


@pytest.fixture
def demo(center):
    center.is_demo = True
    center.save()


@pytest.mark.usefixtures("demo")
def test_in_the_demo_a_password_is_enough(gulnara):
    assert is_in(knows_password(gulnara))


@pytest.mark.usefixtures("demo")
def test_in_the_demo_it_can_be_tried_and_switched_off(gulnara):
    browser = knows_password(gulnara)
    set_up_app(browser)
    browser.get(reverse("sheet"))
    tick(browser)
    assert not is_in(knows_password(gulnara))

    browser.post(reverse("mfa_deactivate_totp"))

    assert is_in(knows_password(gulnara))


@pytest.mark.usefixtures("demo")
def test_who_waits_for_a_code_when_it_is_switched_off_signs_in_anew(gulnara):
    codes = make_sheet(gulnara)
    browser, waiting = knows_password(gulnara), knows_password(gulnara)
    types_code(browser, codes[0])

    browser.post(reverse("mfa_deactivate_totp"))

    assert waiting.get(reverse("account_login")).status_code == 200


def test_who_runs_the_installation_needs_one_too():
    user = make_user(is_superuser=True, is_staff=True)
    user.authenticator_set.all().delete()
    browser = knows_password(user)

    response = browser.get(reverse("admin:index"))

    assert response["Location"] == reverse("second_factor")
    assert len(codes_on(browser.get(reverse("sheet")))) == 20


# What is kept


def test_no_code_and_no_secret_stands_in_the_database(gulnara):
    secret, codes = make_app(gulnara), make_sheet(gulnara)

    kept = str(list(Authenticator.objects.values("data")))

    assert secret not in kept
    assert not any(code.replace(" ", "") in kept for code in codes)


def test_a_seed_that_waits_for_its_tick_is_locked_away_too(gulnara):
    browser = knows_password(gulnara)
    browser.get(reverse("sheet"))

    seed = browser.session["sheet"]

    assert SecondFactorAdapter().decrypt(seed) not in str(dict(browser.session))


def test_with_another_secret_key_a_seed_opens_nothing(settings):
    seed = new_seed()
    before = codes_of(seed)

    settings.SECRET_KEY = "another one"

    assert codes_of(seed) != before
    assert codes_of(seed) != codes_of(seed)


def test_a_key_that_was_replaced_still_opens_what_it_locked(settings):
    seed = new_seed()
    before = codes_of(seed)

    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another one"

    assert codes_of(seed) == before


def test_a_former_key_may_go_once_everything_is_locked_anew(settings, gulnara):
    secret, codes = make_app(gulnara), make_sheet(gulnara)
    former = settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another one", [former]

    call_command("relock", stdout=StringIO())

    settings.SECRET_KEY_FALLBACKS = []
    kept = {one.type: one.data for one in gulnara.authenticator_set.all()}
    assert SecondFactorAdapter().decrypt(kept["totp"]["secret"]) == secret
    assert codes_of(kept["recovery_codes"]["seed"]) == codes


def test_what_no_key_opens_is_left_as_it_is(settings, gulnara):
    make_sheet(gulnara)
    before = list(Authenticator.objects.values("data"))
    settings.SECRET_KEY = "another one"

    with pytest.raises(CommandError, match="не открыл ещё 1"):
        call_command("relock", stdout=StringIO())

    assert list(Authenticator.objects.values("data")) == before


def test_what_no_key_opens_keeps_nobody_elses_from_being_locked_anew(
    settings, gulnara, cholpon
):
    make_sheet(gulnara)
    settings.SECRET_KEY = "another one"
    codes = make_sheet(cholpon)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "a third", ["another one"]

    with pytest.raises(CommandError):
        call_command("relock", stdout=StringIO())

    settings.SECRET_KEY_FALLBACKS = []
    sheet = cholpon.authenticator_set.get(type="recovery_codes")
    assert codes_of(sheet.data["seed"]) == codes


def test_what_becomes_of_a_second_factor_is_journalled(
    gulnara, django_capture_on_commit_callbacks
):
    browser = knows_password(gulnara)
    with django_capture_on_commit_callbacks(execute=True):
        set_up_app(browser)
    browser.get(reverse("sheet"))
    tick(browser)
    browser.post(reverse("mfa_deactivate_totp"))

    assert [line.detail for line in lines("second_factor_set")] == [
        {"type": "totp"},
        {"type": "sheet"},
    ]
    assert lines("second_factor_removed").get().by_id == gulnara.pk


# From the invitation to the desk


def test_a_new_member_without_smartphone_and_e_mail_gets_to_the_desk(
    center, cholpon, mailoutbox
):
    fields = {
        "full_name": "Абдыраева Гүлнара",
        "email": "",
        "phone": "0770 080 050",
        "partner": partner_of(center, COUNCIL).pk,
        "role": Role.MEMBER,
        "language": "ky",
    }
    page = signed_in(cholpon).post(reverse("desk:invite", args=[center.slug]), fields)
    link = re.search(r"/account/invitation/[\w-]{43}/", page.content.decode())[0]
    browser = Client()
    browser.post(link, {"password1": PASSWORD, "password2": PASSWORD})
    browser.post(
        reverse("account_login"), {"login": "0770080050", "password": PASSWORD}
    )
    browser.get(reverse("sheet"))

    tick(browser)

    assert is_in(browser)
    assert mailoutbox == []


def test_the_field_for_a_code_brings_up_digits(gulnara):
    make_sheet(gulnara)

    page = knows_password(gulnara).get(reverse("mfa_authenticate"))

    assert "code" in inputs_of(page)
    assert 'inputmode="numeric"' in page.content.decode()


def test_in_the_app_an_account_is_named_by_what_signs_in(gulnara):
    label = SecondFactorAdapter().get_totp_label(again(gulnara))

    assert label == "+996770080050"
