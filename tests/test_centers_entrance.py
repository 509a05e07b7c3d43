"""The way to the desk: journalled, and closed to the disabled and the absent."""

import pytest
from django.test import Client
from django.urls import reverse

from centers.models import User

from .factories import COUNCIL, PASSWORD, make_membership, make_user, signed_in
from .members import lines, members_page

pytestmark = [pytest.mark.django_db, pytest.mark.once]


# Signing in is provable


def sign_in(client, user, password=PASSWORD):
    return client.post(
        reverse("account_login"), {"login": user.email, "password": password}
    )


def test_a_sign_in_is_journalled_for_the_installation(cholpon, client):
    cholpon.authenticator_set.all().delete()

    sign_in(client, cholpon)

    line = lines("signed_in").get()
    assert (line.center_id, line.by_id) == (0, cholpon.pk)


def test_a_wrong_password_is_journalled_without_a_word_of_it(cholpon, client):
    sign_in(client, cholpon, "менин жашыруун сөзүм")

    line = lines("sign_in_failed").get()
    assert line.detail == {"user": cholpon.pk}


def test_a_stranger_at_the_door_leaves_no_line(db, client):
    client.post(
        reverse("account_login"), {"login": "nobody@example.org", "password": "x" * 12}
    )

    assert not lines("sign_in_failed").exists()


def test_a_stranger_who_guesses_shuts_nobody_else_out(cholpon):
    cholpon.authenticator_set.all().delete()
    stranger = Client(REMOTE_ADDR="203.0.113.7")
    for _ in range(8):
        sign_in(stranger, cholpon, "менин жашыруун сөзүм")

    response = sign_in(Client(REMOTE_ADDR="198.51.100.1"), cholpon)

    assert response.status_code == 302


# Whoever is disabled


def test_a_disabled_person_is_out_at_once(center, cholpon):
    browser = signed_in(cholpon)
    User.objects.filter(pk=cholpon.pk).update(is_active=False)

    response = browser.get(members_page(center))

    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))


def test_a_person_without_a_second_factor_is_sent_to_set_one_up(center):
    user = make_user()
    user.authenticator_set.all().delete()
    make_membership(center, COUNCIL, user=user)

    response = signed_in(user).get(members_page(center))

    assert response["Location"] == reverse("second_factor")


def test_the_people_of_the_demo_need_none(center):
    center.is_demo = True
    center.save()
    user = make_user()
    user.authenticator_set.all().delete()
    make_membership(center, COUNCIL, user=user)

    assert signed_in(user).get(members_page(center)).status_code == 200


def test_a_demo_role_does_not_free_from_it_in_a_real_centre(center, other_center):
    other_center.is_demo = True
    other_center.save()
    user = make_user()
    user.authenticator_set.all().delete()
    make_membership(center, COUNCIL, user=user)
    make_membership(other_center, COUNCIL, user=user)

    response = signed_in(user).get(members_page(center))

    assert response["Location"] == reverse("second_factor")


def age_session(client, **seconds):
    session = client.session
    for name, passed in seconds.items():
        session[name] = session[name] - passed
    session.save()


@pytest.mark.parametrize(
    "passed", [{"seen": 30 * 60 + 1}, {"since": 12 * 3600 + 1}], ids=["idle", "long"]
)
def test_the_desk_closes_when_it_is_left_and_after_a_day(passed, center, cholpon):
    browser = signed_in(cholpon)
    browser.get(members_page(center))

    age_session(browser, **passed)

    response = browser.get(members_page(center))
    assert response["Location"].startswith(reverse("account_login"))
    assert "_auth_user_id" not in browser.session
