"""Visits to every page of the demo: each yields names and what was answered."""

import pytest
from django.db import OperationalError
from django.utils import timezone

from centers.models import Center
from centers.references import undashed
from concerns import codes
from concerns.models import Change, Concern
from concerns.views.follow import WRONG_CODES
from kaab import home
from kaab.demo import load
from kaab.explained import GUIDES

from .crawl import DESK, crawl
from .desk_visits import (
    visit_accounts,
    visit_actions,
    visit_acts_of_staff,
    visit_intake,
    visit_meetings,
    visit_new_codes,
    visit_problems,
    visit_protocols,
    visit_publication,
    visit_questions,
    visit_rules,
    visit_year_plans,
)
from .factories import CHEAP, a_picture, make_photo
from .phone import CENTER, SECRET, TEXT, Phone, center, member

STAFF = [person["email"] for person in load.sign_ins()]
# One for each status: behind their codes all others look like these.
CODES = {
    plan["history"][-1]["to"] if "history" in plan else "received": plan["key"]
    for plan in load.plans("concern")
}


# Where links and empty forms lead


def visit_residents_pages(language, patch):
    phone = Phone(language)
    yield from crawl(language, phone.get, phone.post, most=3)


def visit_guides(language, patch):
    phone = Phone(language)
    for role in GUIDES:
        yield f"help for {role}", phone.opens(f"/help/{role}/")


def visit_desks(language, patch):
    # In the other language a page has the same parts: who sees most of them is enough.
    for email in STAFF if language == "ky" else ["coordinator@example.org"]:
        phone = member(language, email)
        for path, page in crawl(
            language, phone.get, phone.post, start="/desk/", within=DESK, most=1
        ):
            yield f"{email} {path}", page


# Where they do not


def visit_reports(language, patch):
    for key in CODES.values():
        phone = Phone(language)
        phone.sends("/follow/", c=load.code_of(key))
        page = phone.opens("/follow/concern/")
        yield f"the page of {key}", page
        if page.status_code == 200:
            for act in ("message", "answer", "withdraw"):
                yield f"{act} of {key}", phone.sends(f"/follow/concern/{act}/")
            for act in ("news", "end"):
                yield f"{act} of {key}", phone.sends(f"/follow/concern/{act}/")
            yield f"news for {key}", wants_news(phone)
    yield from visit_own_photo(phone)
    phone.sends("/follow/", c=load.code_of("water"))
    yield (
        "taken back",
        phone.sends("/follow/concern/withdraw/", **{"withdraw-is_sure": "on"}),
    )
    phone.sends("/follow/", c=load.code_of("cows"))
    yield "code ended", phone.sends("/follow/concern/end/", **{"end-is_sure": "on"})
    yield "no more letters?", phone.opens("/follow/news/none/")
    yield "no more letters", phone.sends("/follow/news/none/")
    yield "closed for safety", phone.opens("/follow/?closed")
    yield "no such code", phone.sends("/follow/", c="0000 0000 0000 0000")
    for _ in range(WRONG_CODES[1]):
        page = phone.sends("/follow/", c="0000 0000 0000 0000")
    yield "too many codes", page


def visit_own_photo(phone):
    code = load.code_of("pasture")
    photo = make_photo(Concern.objects.find(undashed(code)), a_picture())
    phone.sends("/follow/", c=code)
    yield "her own photo", phone.opens(f"/follow/concern/photos/{photo.name}/")


def wants_news(phone):
    address = {"news-email": "aida@example.org"}
    return phone.sends("/follow/concern/news/", **address)


def visit_known(language, patch):
    phone = Phone(language)
    concern = Concern.objects.public().open().filter(center=center()).first()
    form = f"{CENTER}concerns/new/{concern.category.code}/"
    yield "known already", phone.opens(form)
    yield "none of these", phone.opens(f"{form}?new")
    path = concern.get_absolute_url().removeprefix("/ru")
    yield "worries her too", phone.sends(f"{path}support/")
    Concern.objects.filter(pk=concern.pk).update(supporters=7)
    yield "worries seven", phone.opens(path)
    yield "questions asked", phone.opens(f"{CENTER}concerns/new/livestock_theft/?new")


def visit_filing(language, patch):
    phone = Phone(language)
    path = f"{CENTER}concerns/new/"
    for category in (SECRET, "police_conduct", "official_conduct", "other"):
        yield f"form of {category}", phone.sends(path, category=category)
    key = codes.issue_key("mirmakhmudov")
    key_hash = codes.key_hash(codes.read_key(key, "mirmakhmudov")[0])
    words = {"category": SECRET, "text": TEXT, "involved": "no", "key": key}
    path += "form/"
    yield "receipt", phone.sends(path, **words)
    yield "receipt again", phone.sends(path, **words)
    named = {"name": "Айгүл", "phone": "0770080050", "address": "Арал", "consent": "on"}
    named |= words | {"key": codes.issue_key("mirmakhmudov")}
    yield "receipt of an appeal", phone.sends(path, **named)
    Change.objects.filter(concern__key_hash=key_hash).update(
        created_at=timezone.now() - timezone.timedelta(days=2)
    )
    yield "receipt too late", phone.sends(path, **words)
    yield "old form", phone.sends(path, **words | {"key": "old"})
    bad = {"phone": "102", "happened_on": "2999-01-01", "text": "ы" * 5000}
    yield "every mistake", phone.sends(path, **named | bad)
    empty = Center.objects.create(
        slug="empty", name_ky="Бош", name_ru="Пустой", aimak_id=center().aimak_id
    )
    for page in ("", "concerns/", "meetings/", "concerns/new/"):
        yield f"empty centre {page}", phone.opens(f"/empty/{page}")
    wanted = {"category": "police_conduct"}
    yield "no custodian", phone.sends("/empty/concerns/new/", **wanted)
    empty.delete()
    yield "nothing found", phone.opens(f"{CENTER}concerns/?q=ыыыы")
    patch.setattr(home, "LISTED", 1)
    for query in ("", "?q=арал", "?q=ыыыы", "?in=41706242000000"):
        yield f"directory {query}", phone.opens(f"/{query}")
    patch.undo()
    patch.setattr(codes, "HASHER", CHEAP)


def visit_bad_times(language, patch):
    phone = Phone(language, raise_request_exception=False)
    yield "not found", phone.opens("/nowhere/")
    too_much = {f"field{number}": "" for number in range(700)}
    yield "too much", phone.sends("/follow/", **too_much)
    yield "too much on the desk", phone.sends("/desk/", **too_much)
    broken = {"data": b"x", "content_type": "multipart/form-data"}
    yield "cut off", phone.post(f"{phone.prefix}/follow/", **broken)
    yield "not for sending", phone.sends("/help/", text=TEXT)
    yield "a button's address", phone.opens("/leave/")
    officer = member(language, "officer@example.org")
    yield "a button's address on the desk", officer.opens("/desk/concerns/1/move/")
    foreign = Phone(language, headers={"origin": "https://evil.example"})
    yield "from elsewhere", foreign.sends(f"{CENTER}concerns/new/", category=SECRET)
    strict = Phone(language, enforce_csrf_checks=True)
    path = f"{CENTER}concerns/new/street_lighting/"
    yield "expired", strict.sends(path, text=TEXT)
    yield "expired, nothing written", strict.sends("/login/")
    for error in (OperationalError, RuntimeError):
        with pytest.MonkeyPatch.context() as broken:

            def fails(*args, error=error):
                raise error

            broken.setattr("concerns.views.follow.CodeForm", fails)
            yield error.__name__, phone.opens("/follow/")
            yield f"{error.__name__}, sending", phone.sends("/follow/", c=TEXT)


VISITS = [
    visit_residents_pages,
    visit_guides,
    visit_desks,
    visit_intake,
    visit_reports,
    visit_filing,
    visit_acts_of_staff,
    visit_publication,
    visit_problems,
    visit_meetings,
    visit_actions,
    visit_protocols,
    visit_accounts,
    visit_bad_times,
    visit_known,
    visit_new_codes,
    visit_questions,
    visit_rules,
    visit_year_plans,
]
