"""The admin keeps what an installation is made of, and names no concern."""

import pytest
from django.urls import reverse

from .factories import POLICE, make_concern, make_hidden_category, signed_in

pytestmark = pytest.mark.django_db


def test_nothing_is_deleted_there_whose_refusal_would_name_concerns(center, sultan):
    concern = make_concern(center, make_hidden_category(POLICE))
    category = concern.category
    browser = signed_in(sultan)

    page = browser.get(reverse("admin:concerns_category_delete", args=[category.pk]))
    listed = browser.post(
        reverse("admin:concerns_category_changelist"),
        {"action": "delete_selected", "_selected_action": [category.pk]},
        follow=True,
    )

    assert page.status_code == 403
    assert concern.number not in page.content.decode() + listed.content.decode()


def test_what_is_sent_there_without_a_session_is_told_to_sign_in(client):
    response = client.post(reverse("admin:index"), {"name": "x"})

    assert response.status_code == 403
    assert f"{reverse('account_login')}?next=/admin" in response.content.decode()
