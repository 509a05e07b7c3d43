"""The way back of who cannot sign in: given by the coordinator, and to whom not."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from centers import actions
from centers.actions import LinkUsed
from centers.models import Membership, ReturnLink, Role, User
from centers.models.person import hash_token
from concerns.models import Concern
from concerns.workflow import Level

from .factories import (
    COUNCIL,
    PASSWORD,
    POLICE,
    RESIDENTS,
    again,
    make_category,
    make_concern,
    make_hidden_category,
    make_membership,
    make_sheet,
    make_user,
    signed_in,
)
from .factories import give as give_concern
from .members import lines

pytestmark = [pytest.mark.django_db, pytest.mark.once]

NEW_PASSWORD = "жаңы сырсөз болсун эми"
both_kinds = pytest.mark.parametrize("is_new_start", [False, True])


def membership_of(user):
    return user.memberships.live().get()


def give(user, by, *, is_new_start=False):
    """Give a member a link and return its token."""
    membership = membership_of(user)
    return actions.give_link(membership=membership, is_new_start=is_new_start, by=by)[1]


def page_of(token):
    return reverse("come_back", args=[token])


def set_password(token, password=NEW_PASSWORD):
    return Client().post(page_of(token), {"password1": password, "password2": password})


def sign_in(user, password=NEW_PASSWORD):
    browser = Client()
    login = {"login": user.email, "password": password}
    return browser, browser.post(reverse("account_login"), login)


# A link for a new password


def test_a_link_sets_a_new_password(bakyt, cholpon):
    token = give(bakyt, cholpon)

    response = set_password(token)

    assert response["Location"] == reverse("account_login")
    assert again(bakyt).check_password(NEW_PASSWORD)


def test_the_second_factor_stays_as_it_was(bakyt, cholpon):
    codes = make_sheet(bakyt)
    set_password(give(bakyt, cholpon))

    browser, response = sign_in(bakyt)

    assert response["Location"] == reverse("mfa_authenticate")
    assert browser.get(reverse("desk:today")).status_code == 302
    browser.post(reverse("mfa_authenticate"), {"code": codes[0]})
    assert browser.get(reverse("desk:today")).status_code == 200


@both_kinds
def test_every_session_ends_when_a_link_is_used_and_not_before(
    is_new_start, bakyt, cholpon
):
    browser = signed_in(bakyt)
    token = give(bakyt, cholpon, is_new_start=is_new_start)
    assert browser.get(reverse("desk:today")).status_code == 200

    set_password(token)

    response = browser.get(reverse("desk:today"))
    assert response["Location"].startswith(reverse("account_login"))


@both_kinds
def test_a_link_works_once(is_new_start, bakyt, cholpon):
    token = give(bakyt, cholpon, is_new_start=is_new_start)
    set_password(token)

    response = set_password(token, "башка бирөөнүн сырсөзү")

    assert response.status_code == 404
    assert again(bakyt).check_password(NEW_PASSWORD)


def test_two_who_press_at_once_set_one_password(bakyt, cholpon, together):
    [token] = together(lambda: give(bakyt, cholpon))

    def press():
        try:
            actions.come_back(token=token, password=NEW_PASSWORD)
        except LinkUsed:
            return "used"
        return "set"

    assert sorted(together(press, threads=4)) == ["set"] + ["used"] * 3


def test_a_link_works_for_seventy_two_hours(bakyt, cholpon):
    token = give(bakyt, cholpon)
    link = ReturnLink.objects.get()

    ReturnLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    term = link.expires_at - link.created_at
    assert abs(term - timedelta(hours=72)) < timedelta(seconds=1)
    assert set_password(token).status_code == 404


def test_a_newer_link_replaces_an_older_one(bakyt, cholpon):
    old, new = give(bakyt, cholpon), give(bakyt, cholpon)

    assert set_password(old).status_code == 404
    assert set_password(new).status_code == 302


def test_who_remembers_and_changes_the_password_leaves_the_link_worthless(
    bakyt, cholpon
):
    token = give(bakyt, cholpon, is_new_start=True)

    actions.change_password(user=bakyt, password=NEW_PASSWORD)

    assert set_password(token, "башка бирөөнүн сырсөзү").status_code == 404


def test_of_the_token_only_a_hash_is_kept(bakyt, cholpon):
    token = give(bakyt, cholpon)

    row = ReturnLink.objects.values().get()
    assert token not in str(row)
    assert row["token_hash"] == hash_token(token)


def test_a_token_never_given_answers_as_one_that_was_used(bakyt, cholpon):
    token = give(bakyt, cholpon)
    set_password(token)

    used, unknown = Client().get(page_of(token)), Client().get(page_of("x" * 43))

    assert used.status_code == unknown.status_code == 404
    assert used.content.replace(token.encode(), b"") == unknown.content.replace(
        b"x" * 43, b""
    )


@pytest.mark.parametrize("password", ["short", "123456789012", "bakyt@example.org"])
def test_a_bad_password_is_refused_and_the_link_still_works(password, bakyt, cholpon):
    bakyt.email = "bakyt@example.org"
    bakyt.save()
    token = give(bakyt, cholpon)

    assert set_password(token, password).status_code == 422
    assert set_password(token).status_code == 302


# A new start


def test_a_new_start_asks_for_a_new_second_factor(bakyt, cholpon):
    make_sheet(bakyt)
    set_password(give(bakyt, cholpon, is_new_start=True))

    browser, response = sign_in(bakyt)

    assert response["Location"] == reverse("desk:today")
    assert browser.get(reverse("desk:today"))["Location"] == reverse("second_factor")


def test_the_member_sees_who_gave_a_new_start(bakyt, cholpon):
    give(bakyt, cholpon, is_new_start=True)

    page = signed_in(bakyt).get(reverse("mfa_index")).content.decode()

    assert cholpon.full_name in page
    assert 'class="notice warning"' in page


def test_it_stands_on_the_members_page_of_the_desk_too(center, bakyt, cholpon):
    give(bakyt, cholpon, is_new_start=True)
    path = reverse("desk:member", args=[center.slug, membership_of(bakyt).reference])

    response = signed_in(cholpon).get(path)

    assert response.context["given"].by == cholpon


def test_after_a_month_it_is_shown_no_more(bakyt, cholpon):
    give(bakyt, cholpon)
    ReturnLink.objects.update(created_at=timezone.now() - timedelta(days=31))

    page = signed_in(bakyt).get(reverse("mfa_index"))

    assert page.context["given"] is None


@pytest.mark.parametrize(
    ("is_new_start", "kind"), [(False, "link"), (True, "new_start")]
)
def test_giving_and_using_are_journalled_with_both_people(
    is_new_start, kind, center, bakyt, cholpon
):
    reference = membership_of(bakyt).reference
    token = give(bakyt, cholpon, is_new_start=is_new_start)
    set_password(token)

    given, used = lines(f"{kind}_given").get(), lines(f"{kind}_used").get()

    assert (given.center_id, given.by_id, given.subject, given.detail) == (
        *(center.pk, cholpon.pk, reference),
        {"user": bakyt.pk},
    )
    assert (used.center_id, used.by_id, used.subject, used.detail) == (
        *(center.pk, bakyt.pk, reference),
        {"given_by": cholpon.pk},
    )


@pytest.mark.parametrize(
    ("is_new_start", "is_command", "is_noted"),
    [(True, False, True), (False, False, False), (True, True, False)],
)
def test_only_a_coordinators_new_start_shuts_what_is_hidden(
    is_new_start, is_command, is_noted, bakyt, cholpon
):
    if is_command:
        _link, token = actions.give_new_start(user=bakyt)
    else:
        token = give(bakyt, cholpon, is_new_start=is_new_start)

    set_password(token)

    assert (again(bakyt).new_start_at is not None) == is_noted


@pytest.mark.parametrize("who", ["elmira", "bakyt", "farida", "cholpon"])
def test_what_is_hidden_from_nobody_stays_in_sight(who, center, request):
    user = request.getfixturevalue(who)
    for level in (Level.PUBLIC, Level.RESTRICTED, Level.CONFIDENTIAL):
        make_concern(center, make_category(level))
    given = make_concern(center, make_category(Level.CONFIDENTIAL))
    give_concern(given, user.memberships.get().partner.kind, user)
    make_concern(center, make_hidden_category(POLICE))
    before = set(Concern.objects.visible_to(user))

    User.objects.filter(pk=user.pk).update(new_start_at=timezone.now())

    assert set(Concern.objects.visible_to(again(user))) == before


@pytest.mark.parametrize("role", [Role.CUSTODIAN, Role.COORDINATOR])
def test_no_other_role_opens_what_a_new_start_shut(role, center, nurlan):
    hidden = [
        make_concern(center, make_hidden_category(COUNCIL)),
        make_concern(center, make_hidden_category(COUNCIL), in_custody=False),
    ]
    User.objects.filter(pk=nurlan.pk).update(new_start_at=timezone.now())

    nurlan.memberships.update(role=role)

    assert not set(hidden) & set(Concern.objects.visible_to(again(nurlan)))


def test_who_came_back_by_a_coordinators_link_keeps_no_custody(center, nurlan, cholpon):
    User.objects.filter(pk=nurlan.pk).update(new_start_at=timezone.now())

    with pytest.raises(ValidationError):
        actions.change_role(
            membership=membership_of(nurlan), role=Role.CUSTODIAN, by=cholpon
        )


def test_a_link_before_there_is_a_second_factor_is_a_new_start(bakyt, cholpon):
    bakyt.authenticator_set.all().delete()

    set_password(give(bakyt, cholpon, is_new_start=False))

    assert again(bakyt).new_start_at


def test_by_whoever_runs_the_portal_an_account_is_its_persons_own_again(bakyt, cholpon):
    set_password(give(bakyt, cholpon, is_new_start=True))

    _link, token = actions.give_new_start(user=bakyt)
    set_password(token)

    assert again(bakyt).new_start_at is None


def test_an_intake_person_of_a_new_start_takes_in_nothing_hidden(center, farida):
    hidden = make_concern(
        center, make_hidden_category(POLICE), in_custody=False, status="in_progress"
    )
    assert hidden in Concern.objects.visible_to(farida)

    User.objects.filter(pk=farida.pk).update(new_start_at=timezone.now())

    assert hidden not in Concern.objects.visible_to(again(farida))


# Whoever has typed the password before, and has yet to type a code


def set_in(browser, path):
    fields = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    return browser.post(path, fields)


def opens(browser):
    """Tell whether a browser is at a form for name and password, not led elsewhere."""
    return browser.get(reverse("account_login")).status_code == 200


def test_who_stood_at_the_code_signs_in_by_a_new_start_in_that_browser(bakyt, cholpon):
    make_sheet(bakyt)
    browser, _response = sign_in(bakyt, PASSWORD)
    token = give(bakyt, cholpon, is_new_start=True)

    response = set_in(browser, page_of(token))

    assert opens(browser)
    login = {"login": bakyt.email, "password": NEW_PASSWORD}
    browser.post(response["Location"], login)
    page = browser.get(reverse("desk:today"))
    assert page["Location"] == reverse("second_factor")


def test_a_new_start_on_the_phone_frees_the_browser_that_stood_at_the_code(
    bakyt, cholpon
):
    make_sheet(bakyt)
    browser, _response = sign_in(bakyt, PASSWORD)

    set_password(give(bakyt, cholpon, is_new_start=True))

    response = browser.get(reverse("mfa_authenticate"))
    assert response["Location"] == reverse("account_login")
    assert opens(browser)


def by_link(user, request):
    cholpon = request.getfixturevalue("cholpon")
    assert set_password(give(user, cholpon)).status_code == 302


def by_account_page(user, request):
    fields = {"oldpassword": PASSWORD}
    fields |= {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    signed_in(user).post(reverse("account_change_password"), fields)


def by_letter(user, request):
    browser = Client()
    browser.post(reverse("account_reset_password"), {"email": user.email})
    [letter] = request.getfixturevalue("mailoutbox")
    link = re.search(r"/account/password/reset/\w+-[^/\s]+/", letter.body)[0]
    set_in(browser, browser.get(link)["Location"])


@pytest.mark.parametrize("change", [by_link, by_account_page, by_letter])
def test_a_sign_in_begun_with_the_former_password_comes_to_nothing(
    change, bakyt, request
):
    code = make_sheet(bakyt)[0]
    browser, response = sign_in(bakyt, PASSWORD)
    assert response["Location"] == reverse("mfa_authenticate")

    change(bakyt, request)

    assert again(bakyt).check_password(NEW_PASSWORD)
    response = browser.post(reverse("mfa_authenticate"), {"code": code})
    assert response["Location"] == reverse("account_login")
    assert browser.get(reverse("desk:today")).status_code == 302
    assert opens(browser)
    # Nor was a code spent on it.
    browser, _response = sign_in(bakyt)
    browser.post(reverse("mfa_authenticate"), {"code": code})
    assert browser.get(reverse("desk:today")).status_code == 200


def test_a_former_password_is_asked_for_again_even_where_no_code_was_sent(
    bakyt, cholpon
):
    make_sheet(bakyt)
    browser, _response = sign_in(bakyt, PASSWORD)

    set_password(give(bakyt, cholpon))

    assert opens(browser)
    login = {"login": bakyt.email, "password": NEW_PASSWORD}
    response = browser.post(reverse("account_login"), login)
    assert response["Location"] == reverse("mfa_authenticate")


def test_while_nothing_changes_the_sign_in_page_leads_on_to_the_code(bakyt):
    code = make_sheet(bakyt)[0]
    browser, _response = sign_in(bakyt, PASSWORD)

    response = browser.get(reverse("account_login"))

    assert response["Location"] == reverse("mfa_authenticate")
    assert browser.get(response["Location"]).status_code == 200
    browser.post(reverse("mfa_authenticate"), {"code": code})
    assert browser.get(reverse("desk:today")).status_code == 200


# To whom, and by whom


@both_kinds
@pytest.mark.parametrize("who", ["bakyt", "elmira", "farida", "nurlan", "olga"])
def test_the_coordinator_lets_a_member_of_her_centre_in_again(
    who, is_new_start, cholpon, request
):
    user = request.getfixturevalue(who)

    token = give(user, cholpon, is_new_start=is_new_start)

    assert set_password(token).status_code == 302


@both_kinds
@pytest.mark.parametrize("who", ["cholpon", "jamila"])
def test_neither_a_coordinator_nor_the_custodian_is_in_her_reach(
    who, is_new_start, cholpon, request
):
    with pytest.raises(ValidationError):
        give(request.getfixturevalue(who), cholpon, is_new_start=is_new_start)

    assert not ReturnLink.objects.exists()


@both_kinds
def test_nor_another_coordinator(is_new_start, center, cholpon):
    colleague = make_membership(center, RESIDENTS, Role.COORDINATOR).user

    with pytest.raises(ValidationError):
        give(colleague, cholpon, is_new_start=is_new_start)


@both_kinds
def test_nor_who_serves_in_another_centre_too(
    is_new_start, center, other_center, cholpon, elmira
):
    membership = membership_of(elmira)
    make_membership(other_center, POLICE, user=elmira)

    with pytest.raises(ValidationError):
        actions.give_link(membership=membership, is_new_start=is_new_start, by=cholpon)


@both_kinds
def test_nor_who_runs_the_installation(is_new_start, center, cholpon):
    user = make_user(is_superuser=True)
    make_membership(center, COUNCIL, user=user)

    with pytest.raises(ValidationError):
        give(user, cholpon, is_new_start=is_new_start)


@both_kinds
@pytest.mark.parametrize("who", ["elmira", "bakyt", "jamila", "daniyar", "sultan"])
def test_only_the_coordinator_gives_a_link(who, is_new_start, ruslan, request):
    with pytest.raises(PermissionDenied):
        give(ruslan, request.getfixturevalue(who), is_new_start=is_new_start)


def test_of_a_membership_that_has_ended_nothing_is_given(bakyt, cholpon):
    membership = membership_of(bakyt)
    actions.end_membership(membership=membership, by=cholpon)

    with pytest.raises(Membership.DoesNotExist):
        actions.give_link(membership=membership, is_new_start=False, by=cholpon)


def test_a_link_opens_nothing_once_the_membership_has_ended(bakyt, cholpon):
    token = give(bakyt, cholpon)
    actions.end_membership(membership=membership_of(bakyt), by=cholpon)

    assert set_password(token).status_code == 404


def test_a_link_of_a_dismissed_coordinator_opens_nothing(center, bakyt, cholpon):
    colleague = make_membership(center, RESIDENTS, Role.COORDINATOR).user
    token = give(bakyt, cholpon)
    actions.end_membership(membership=membership_of(cholpon), by=colleague)

    assert set_password(token).status_code == 404


def test_who_has_become_custodian_is_not_taken_over_by_an_earlier_link(
    center, nurlan, cholpon
):
    token = give(nurlan, cholpon, is_new_start=True)
    make_membership(center, RESIDENTS, Role.CUSTODIAN, user=nurlan)

    assert Client().get(page_of(token)).status_code == 404
    assert set_password(token).status_code == 404


def test_a_disabled_person_does_not_come_back(bakyt, cholpon):
    token = give(bakyt, cholpon)
    bakyt.is_active = False
    bakyt.save()

    assert set_password(token).status_code == 404


# The pages


def press(by, user, name):
    membership = membership_of(user)
    path = reverse(name, args=[membership.center.slug, membership.reference])
    return signed_in(by).post(path)


@pytest.mark.parametrize("name", ["desk:give_link", "desk:give_new_start"])
def test_the_coordinator_is_shown_the_link_once_in_its_readers_language(
    name, bakyt, cholpon
):
    bakyt.language = "ru"
    bakyt.save()

    page = press(cholpon, bakyt, name).content.decode()

    link = re.search(r"/ru/account/return/[\w-]{43}/", page)[0]
    assert Client().get(link).status_code == 200
    assert ReturnLink.objects.get().is_new_start == (name == "desk:give_new_start")


def test_her_button_says_why_not(jamila, cholpon):
    response = press(cholpon, jamila, "desk:give_new_start")

    page = signed_in(cholpon).get(response["Location"]).content.decode()
    assert reverse("desk:give_new_start", args=["mirmakhmudov", "1"])[-11:] not in page
    assert not ReturnLink.objects.exists()


@pytest.mark.parametrize("are_sent", [True, False])
def test_where_no_letter_goes_out_one_is_told_whom_to_ask(are_sent, settings):
    if not are_sent:
        settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"

    page = Client().get(reverse("account_reset_password")).content.decode()

    assert ('name="email"' in page) == are_sent


# Whoever runs the installation


def new_start(login):
    return call_command("new_start", login)


@pytest.mark.parametrize("who", ["cholpon", "jamila", "temir", "sultan"])
def test_the_command_gives_anybody_a_new_start(who, request, capsys):
    user = request.getfixturevalue(who)
    new_start(user.email)

    token = re.search(r"/account/return/([\w-]{43})/", capsys.readouterr().out)[1]
    set_password(token)

    assert again(user).check_password(NEW_PASSWORD)
    assert not user.authenticator_set.exists()


def test_the_command_knows_a_phone(capsys):
    make_user(email=None, phone="+996770080050")

    new_start("0770 080 050")

    assert "/account/return/" in capsys.readouterr().out


def test_the_command_is_journalled_for_the_installation(cholpon, capsys):
    new_start(cholpon.email)

    line = lines("new_start_given").get()
    assert (line.center_id, line.by_id, line.detail) == (0, None, {"user": cholpon.pk})


@pytest.mark.parametrize("login", ["nobody@example.org", "0770 080 050", ""])
def test_the_command_knows_nobody_else(login, db):
    with pytest.raises(CommandError):
        new_start(login)


def test_what_the_command_gave_ends_with_no_role(bakyt, cholpon, capsys):
    new_start(bakyt.email)
    token = re.search(r"/account/return/([\w-]{43})/", capsys.readouterr().out)[1]
    actions.end_membership(membership=membership_of(bakyt), by=cholpon)

    assert set_password(token, PASSWORD).status_code == 302
