"""The keys of the desk: explained on a page, and switched off by one press."""

import re

import pytest
from django.conf import settings
from django.urls import reverse

from centers import keys
from concerns.forms.bulk import BulkForm
from concerns.forms.queue import QueueForm

from .factories import signed_in

# What desk.js does itself, and what the browser does.
BY_SCRIPT = {"?", "Esc", "J", "K", "X", "Enter"}


def offered():
    """Return the keys that stand in the templates and on the fields of forms."""
    pages = (settings.BASE_DIR / "templates").rglob("*.html")
    found = {
        key
        for page in pages
        for key in re.findall(r'(?:data-| )key="(.)"', page.read_text("utf-8"))
    }
    fields = [QueueForm.base_fields["q"], BulkForm.base_fields["to"]]
    return found | {field.widget.attrs["data-key"] for field in fields}


def test_every_key_is_explained_and_every_explained_key_is_there():
    explained = {*keys.EVERYWHERE, *keys.IN_LISTS, *keys.AT_A_CONCERN}

    assert offered() == explained - BY_SCRIPT


@pytest.mark.django_db
def test_who_switches_them_off_gets_no_script(bakyt):
    client = signed_in(bakyt)
    assert b"desk.js" in client.get("/desk/").content

    client.post(reverse("keys"), {"uses": ""})

    bakyt.refresh_from_db()
    assert not bakyt.uses_keys
    assert b"desk.js" not in client.get("/desk/").content
    client.post(reverse("keys"), {"uses": "1"})
    assert b"desk.js" in client.get("/desk/").content


@pytest.mark.django_db
def test_in_russian_the_keys_are_many(bakyt):
    page = signed_in(bakyt).get("/ru/account/keys/").content.decode()

    assert "Включены</span>" in page
    assert "Включён" not in page
