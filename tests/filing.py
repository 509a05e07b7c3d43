"""The form of a concern as a resident's phone sends it, and what comes back."""

import re
from time import time

from django.urls import reverse

from concerns import codes

from .factories import key_number, numbers

PERSON = {
    "name": "Токтосунова Айда",
    "phone": "0770 080 050",
    "address": "Арал айылы, Ленин көчөсү 7",
    "consent": "on",
}


def signed_key(age=60):
    """Return the hidden field of a form that was opened so many seconds ago."""
    key = key_number(next(numbers))
    return codes.signer("mirmakhmudov").sign(f"{key}.{int(time()) - age}")


def words(**fields):
    return {
        "text": "Мектептин жанында чырак күйбөйт.",
        "involved": "no",
        "key": signed_key(),
    } | fields


def send(client, center, category, /, *, language="", **fields):
    path = reverse("concerns:new", args=[center.slug, category.code])
    return client.post(language + path, words(**fields), follow=True)


def send_quietly(client, center, category, /, **fields):
    """Send the form of a category whose name may stand in no address."""
    path = reverse("concerns:form", args=[center.slug])
    return client.post(path, words(category=category.code, **fields), follow=True)


def code_in(response):
    return " ".join(re.findall(r"<span>(\d{4})</span>", response.content.decode()))


def errors_of(response):
    return set(response.context["form"].errors)
