"""
Who gets in where: every address of the portal × method × person × object.

One row an address. An address without a row fails, and so does a row without an
address. Whoever may not know of an object gets the bytes of what does not exist.
"""

from copy import deepcopy
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from django.contrib import admin
from django.db import transaction
from django.test import Client
from django.urls import URLResolver, get_resolver, resolve, reverse
from django.utils import timezone

from centers import actions as center_actions
from centers import page as page_of_center
from centers.models.center import RESERVED
from concerns.models import NewsAddress, Problem
from concerns.workflow import Level, Status
from meetings import actions as meeting_actions
from meetings.models import Invited

from .factories import (
    COUNCIL,
    PASSWORD,
    POLICE,
    RESIDENTS,
    a_picture,
    make_approved,
    make_category,
    make_concern,
    make_decision,
    make_hidden_category,
    make_meeting,
    make_member,
    make_photo,
    make_public_photo,
    make_public_text,
    make_published_meeting,
    make_text,
    make_topic,
    make_work_photo,
    signed_in,
)
from .members import invite
from .minutes import approve, ended_meeting, put_up
from .pages import without_tokens
from .planning import held_meeting, promise, running_meeting
from .plans import being_amended

pytestmark = [
    *(pytest.mark.django_db, pytest.mark.usefixtures("cheap_codes")),
    pytest.mark.sweep,
]

# People, each by the fixture that makes him

STAFF = {
    "coordinator": "cholpon",
    "council": "elmira",
    "police": "bakyt",
    "intake": "farida",
    "custodian": "jamila",
    "community": "nurlan",
    "observer": "olga",
    "both": "temir",  # of the council here, of the police elsewhere
    "stranger": "daniyar",  # coordinator elsewhere
    "ended": "emil",
    "superuser": "sultan",
}
GUESTS = ["anonymous", "resident"]  # the latter follows a concern by its code
PEOPLE = [*GUESTS, *STAFF]

# Who knows of which object; what is not named is known to nobody

EVERYONE = {"own": PEOPLE, "elsewhere": PEOPLE}
PUBLISHED = {"own": PEOPLE}
READ = {
    "own": ["coordinator", "council", "police", "intake", "both"],
    "approved": ["coordinator", "council", "police", "intake", "both"],
    "elsewhere": ["stranger", "both"],
    "confidential": ["coordinator", "intake"],
    "hidden": ["custodian"],  # from the police, and so in custody
}
READ_SUMMARY = READ | {"approved": [*READ["approved"], "custodian", "community"]}
MEET = {
    "own": [*READ["own"], "custodian", "community"],
    "closed": [*READ["own"], "custodian", "community"],
    "draft": ["coordinator", "council", "both"],
    "elsewhere": ["stranger", "both"],
}
# Of a meeting that is over: a protocol is approved, up for approval, or not yet
MINUTES = dict.fromkeys(("own", "closed", "up", "draft"), MEET["own"])
MINUTES |= {"elsewhere": MEET["elsewhere"]}
# Who has work: of it an observer is shown nothing
WORK = {"own": [*MEET["own"], "stranger"]}
SERVE = {
    "own": [*MEET["own"], "observer"],
    "elsewhere": ["stranger", "both"],
}

# Who of those who serve a centre are shown its work
WORK_HERE = {"own": MEET["own"], "elsewhere": ["stranger", "both"]}

# Who of them may do it; the others are refused with 403

PLAN = {
    "own": ["coordinator", "council", "both"],
    "closed": ["coordinator", "council", "both"],
    "draft": ["coordinator", "council", "both"],
    "elsewhere": ["stranger"],
}
# Who may know of what was promised at a meeting that has ended
PROMISED = {name: MEET[name] for name in ("own", "closed", "elsewhere")}
# Who does what the council promised, or keeps the record of it
DO = {
    "own": ["coordinator", "council", "intake", "both"],
    "closed": ["coordinator", "council", "intake", "both"],
    "elsewhere": ["stranger"],
}
WRITE = dict.fromkeys(("own", "closed", "up", "draft"), PLAN["own"])
WRITE |= {"elsewhere": PLAN["elsewhere"]}
# Who registers and hands over what he reads
REGISTER = {
    "own": ["coordinator", "council", "intake", "both"],
    "approved": ["coordinator", "council", "intake", "both"],
    "elsewhere": ["stranger"],
    "confidential": ["coordinator", "intake"],
    "hidden": ["custodian"],
}
LEAD = {
    "own": ["coordinator"],
    "approved": ["coordinator"],
    "elsewhere": ["stranger"],
    "confidential": ["coordinator"],
    "hidden": ["custodian"],
}
PUBLISH = PLAN | {"approved": PLAN["own"], "confidential": ["coordinator"]}
TAKE_IN = {"own": MEET["own"], "elsewhere": SERVE["elsewhere"]}
KEEP = {"own": ["coordinator", "custodian"], "elsewhere": ["stranger"]}
MANAGE = {"own": ["coordinator"], "elsewhere": ["stranger"]}
# Who hands over anywhere at all
GIVE = {"own": [*REGISTER["own"], "custodian", "stranger"]}


@dataclass(frozen=True)
class Row:
    """
    One address: its printed form, the kind of its object, and its answers.

    `get` and `post` are answered to those who know of the object and may do it; None
    where there is no such method. An empty form is given back with 422.
    """

    path: str
    of: str = ""
    get: int | None = None
    post: int | None = None
    knows: dict = field(default_factory=lambda: {"own": PEOPLE})
    may: dict | None = None
    is_desk: bool = False
    resident: dict = field(default_factory=dict)  # whom a code let in
    others: dict = field(default_factory=dict)  # of objects that answer otherwise


def desk(path, of="", **answers):
    return Row(f"/desk/{path}", of, is_desk=True, **answers)


def concern(path, **answers):
    answers = {"get": 302, "post": 422} | answers
    return desk(f"concerns/{{}}/{path}", "concern", knows=READ, **answers)


def meeting(path, of="meeting", **answers):
    answers = {"get": 302, "post": 422, "knows": MEET, "may": PLAN} | answers
    return desk(f"meetings/{{}}/{path}", of, **answers)


def protocol(path, of="protocol", **answers):
    """Return a row of what is written down of a meeting that is over."""
    answers = {"get": 302, "post": 422, "knows": MINUTES} | answers
    return desk(f"meetings/{{}}/protocol/{path}", of, **answers)


def minutes(path, of="minutes"):
    return Row(f"/{{}}/meetings/{{}}/{path}", of, get=200, knows=PUBLISHED)


def recorded(path="", of="running meeting", **answers):
    """An address of a meeting that goes on, or of an item of it that was decided."""
    answers = {"get": 302, "post": 422} | answers
    item = "" if of == "running meeting" else "{}/"
    path = f"meetings/{{}}/run/{item}{path}"
    return desk(path, of, knows=MEET, may=PLAN, **answers)


def page(path, of="center", **answers):
    answers = {"may": MANAGE} | answers
    return desk(f"center/{{}}/{path}", of, knows=SERVE, **answers)


def problems(path, of="problem", **answers):
    answers = {"may": WORK_HERE} | answers
    return desk(f"centers/{{}}/problems/{path}", of, knows=SERVE, **answers)


def year_plan(path, of="year's plan", **answers):
    """Return a row of a joint plan: written by the coordinator, read by the members."""
    answers = {"get": 302, "post": 422, "may": MANAGE} | answers
    return desk(f"centers/{{}}/plan/{{}}/{path}", of, knows=SERVE, **answers)


def texts(path, of="ready text", **answers):
    path = f"centers/{{}}/templates/{path}"
    return desk(path, of, knows=SERVE, may=MANAGE, **answers)


MATRIX = {
    # For machines, and for those who type the language
    "healthz": Row("/healthz", get=200),
    "readyz": Row("/readyz", get=200),
    "robots": Row("/robots.txt", get=200),
    "sitemap": Row("/sitemap.xml", get=200),
    "manifest": Row("/manifest.webmanifest", get=200),
    "ky": Row("/ky/", get=302),
    "kg": Row("/kg/", get=302),
    "ky_page": Row("/ky/{}", "rest", get=302),
    "kg_page": Row("/kg/{}", "rest", get=302),
    # For everyone
    "home:directory": Row("/", get=200),
    "home:about": Row("/about/", get=200),
    "home:help": Row("/help/", get=200),
    "home:guide": Row(
        "/help/{}/", "guide", get=200, knows=PUBLISHED, others={"resident": 302}
    ),
    "home:privacy": Row("/privacy/", get=200),
    "home:accessibility": Row("/accessibility/", get=200),
    "home:leave": Row("/leave/", post=303),
    "home:center": Row("/{}/", "center", get=200, knows=EVERYONE),
    "concerns:list": Row("/{}/concerns/", "center", get=200, knows=EVERYONE),
    "concerns:detail": Row("/{}/concerns/{}/", "published", get=200, knows=PUBLISHED),
    # Cleared, and its concern published; the original is not found by its name.
    "concerns:photo": Row(
        "/{}/concerns/{}/photos/{}/", "cleared photo", get=200, knows=PUBLISHED
    ),
    "concerns:small_photo": Row(
        "/{}/concerns/{}/photos/{}/small/", "cleared photo", get=200, knows=PUBLISHED
    ),
    "meetings:plan": Row("/{}/plan/", "center", get=200, knows=EVERYONE),
    "meetings:action": Row(
        "/{}/plan/{}/", "published action", get=200, knows=PUBLISHED
    ),
    "meetings:action_photo": Row(
        "/{}/plan/{}/photos/{}/", "cleared photo of work", get=200, knows=PUBLISHED
    ),
    "meetings:small_action_photo": Row(
        "/{}/plan/{}/photos/{}/small/",
        "cleared photo of work",
        get=200,
        knows=PUBLISHED,
    ),
    # Whoever has the address, and nobody without it
    "calendar": Row("/calendar/{}.ics", "calendar", get=200, knows=PUBLISHED),
    "meetings:plan_sheet": Row("/{}/plan.xlsx", "center", get=200, knows=EVERYONE),
    "meetings:list": Row("/{}/meetings/", "center", get=200, knows=EVERYONE),
    "meetings:feed": Row("/{}/meetings.ics", "center", get=200, knows=EVERYONE),
    "meetings:detail": Row("/{}/meetings/{}/", "notice", get=200, knows=PUBLISHED),
    "meetings:event": Row("/{}/meetings/{}.ics", "notice", get=200, knows=PUBLISHED),
    "invited:answer": Row(
        "/invited/{}/", "personal link", get=200, post=422, knows=EVERYONE
    ),
    "meetings:protocol": minutes("protocol/"),
    "meetings:protocol_version": minutes("protocol/{}/", "approved version"),
    "meetings:protocol_pdf": minutes("protocol.pdf"),
    "meetings:protocol_docx": minutes("protocol.docx"),
    # For residents. An unknown category is not found.
    "concerns:choose": Row(
        "/{}/concerns/new/", "center", get=200, post=404, knows=EVERYONE
    ),
    # What a choice or a filing left in the session; without one there is nothing.
    "concerns:form": Row(
        "/{}/concerns/new/form/", "center", get=302, post=404, knows=EVERYONE
    ),
    "concerns:receipt": Row(
        "/{}/concerns/new/receipt/", "center", get=302, knows=EVERYONE
    ),
    "concerns:add_photo": Row(
        "/{}/concerns/new/receipt/photo/",
        "center",
        get=302,
        post=302,
        knows=EVERYONE,
    ),
    "concerns:new": Row(
        "/{}/concerns/new/{}/",
        "category",
        get=200,
        post=422,
        knows=PUBLISHED,
        others={"confidential": 302},  # to where no address names it
    ),
    "concerns:support": Row(
        "/{}/concerns/{}/support/", "published", get=302, post=200, knows=PUBLISHED
    ),
    "follow:enter": Row("/follow/", get=200, post=422),
    "follow:concern": Row("/follow/concern/", get=302, resident={"get": 200}),
    "follow:message": Row(
        "/follow/concern/message/", get=302, post=302, resident={"post": 422}
    ),
    "follow:answer": Row(
        "/follow/concern/answer/", get=302, post=302, resident={"post": 422}
    ),
    "follow:news": Row(
        "/follow/concern/news/", get=302, post=302, resident={"post": 422}
    ),
    "follow:end": Row(
        "/follow/concern/end/", get=302, post=302, resident={"post": 422}
    ),
    # Whether there is such an address is not said.
    "follow:no_news": Row(
        "/follow/news/{}/",
        "letter",
        get=200,
        post=200,
        knows={"own": PEOPLE, "missing": PEOPLE},
    ),
    "follow:withdraw": Row(
        "/follow/concern/withdraw/", get=302, post=302, resident={"post": 422}
    ),
    "follow:own_code": Row(
        "/follow/concern/code/", get=302, post=302, resident={"get": 302, "post": 302}
    ),
    "follow:forget": Row(
        "/follow/concern/forget/", get=302, post=302, resident={"post": 302}
    ),
    "follow:add_photo": Row(
        "/follow/concern/photos/", get=302, post=302, resident={"post": 422}
    ),
    # Of what was promised to another she is told nothing.
    "promises:say": Row(
        "/follow/concern/promise/{}/",
        "promise",
        get=302,
        post=302,
        knows=EVERYONE | {"missing": PEOPLE},
        resident={"post": 404},
    ),
    # Of another's concern: each has her own alone.
    "follow:photo": Row(
        "/follow/concern/photos/{}/",
        "name of a photo",
        get=302,
        knows=EVERYONE | {"missing": PEOPLE},
        resident={"get": 404},
    ),
    "follow:small_photo": Row(
        "/follow/concern/photos/{}/small/",
        "name of a photo",
        get=302,
        knows=EVERYONE | {"missing": PEOPLE},
        resident={"get": 404},
    ),
    # The desk
    "desk:today": desk("", get=200),
    "desk:search": desk("search/", get=200),
    "desk:styleguide": desk("styleguide/", get=200),
    "desk:concerns": desk("concerns/", get=200, may=WORK),
    "desk:summaries": desk("concerns/summaries/", get=200, may=WORK),
    "desk:intake": desk(
        "concerns/new/{}/", "center", get=200, post=422, knows=SERVE, may=TAKE_IN
    ),
    # What this browser has just taken in; without it there is nothing.
    "desk:intake_receipt": desk(
        "concerns/new/{}/receipt/", "center", get=302, knows=SERVE, may=TAKE_IN
    ),
    "desk:paper_form": desk(
        "concerns/new/{}/form/", "center", get=200, knows=SERVE, may=TAKE_IN
    ),
    "desk:journal": desk(
        "concerns/journal/{}/", "center", get=200, knows=SERVE, may=KEEP
    ),
    "desk:journal_sheet": desk(
        "concerns/journal/{}/sheet/",
        "center",
        get=302,
        post=200,
        knows=SERVE,
        may=KEEP,
    ),
    "desk:assign_many": desk("concerns/assign/", get=302, post=422, may=GIVE),
    "desk:save_filter": desk("concerns/filters/save/", get=302, post=422, may=WORK),
    "desk:drop_filter": desk("concerns/filters/delete/", get=302, post=302, may=WORK),
    "desk:concern": desk("concerns/{}/", "concern", get=200, knows=READ_SUMMARY),
    "desk:register": concern("register/"),
    "desk:move": concern("move/"),
    "desk:assign": concern("assign/", get=200, may=REGISTER),
    "desk:note": concern("note/", get=200),
    "desk:similar": concern("similar/", get=200, may=REGISTER),
    "desk:take": concern("take/", post=302),
    "desk:category": concern("category/", get=200, may=REGISTER),
    "desk:level": concern("level/"),
    "desk:message": concern("message/"),
    "desk:identity": concern("identity/"),
    "desk:release": concern("release/"),
    "desk:answer_wish": concern("identity/answer/"),
    "desk:erase_identity": concern("identity/erase/", may=LEAD),
    "desk:extend": concern("extend/"),
    "desk:custody": concern("custody/", get=200),
    # Nobody has asked for one yet.
    "desk:code": concern("code/", get=200),
    "desk:confirm_code": concern("code/confirm/", post=409),
    "desk:photo": desk("concerns/{}/photos/{}/", "photo", get=200, knows=READ),
    "desk:small_photo": desk(
        "concerns/{}/photos/{}/small/", "photo", get=200, knows=READ
    ),
    "desk:publish": concern("publish/", get=200, may=PUBLISH),
    "desk:public_text": desk(
        "concerns/{}/publish/texts/{}/", "text", get=200, knows=READ, may=PUBLISH
    ),
    "desk:clear_photo": desk(
        "concerns/{}/publish/photos/{}/",
        "photo",
        get=200,
        post=422,
        knows=READ,
        may=PUBLISH,
    ),
    "desk:covered_photo": desk(
        "concerns/{}/publish/photos/{}/picture/",
        "photo",
        get=200,
        knows=READ,
        may=PUBLISH,
    ),
    "desk:problems": problems("", "center", get=200),
    "desk:new_problem": problems("new/", "center", get=200, post=422, may=PLAN),
    "desk:problem": problems("{}/", get=200, post=422),
    "desk:edit_problem": problems("{}/edit/", get=200, post=422, may=PLAN),
    "desk:remove_line": problems("{}/remove/", get=302, post=302),
    "desk:plans": desk(
        "centers/{}/plan/", "center", get=200, knows=SERVE, may=WORK_HERE
    ),
    "desk:begin_plan": desk(
        "centers/{}/plan/begin/", "center", get=302, post=422, knows=SERVE, may=MANAGE
    ),
    "desk:year_plan": year_plan("", get=200, post=None, may=WORK_HERE),
    "desk:new_goal": year_plan("goals/new/", get=200),
    "desk:goal": year_plan("goals/{}/", "goal", get=200),
    "desk:goal_result": year_plan("goals/{}/result/", "goal"),
    "desk:arrange_plan": year_plan("arrange/"),
    "desk:put_up_plan": year_plan("up/"),
    "desk:sign_plan": year_plan("sign/"),
    "desk:withdraw_plan": year_plan("withdraw/"),
    "desk:amend_plan": year_plan("amend/"),
    "desk:plan_paper": year_plan(
        "versions/{}/", "version of a plan", get=200, post=None, may=WORK_HERE
    ),
    "desk:meetings": desk("meetings/", get=200, may=WORK),
    "desk:new_meeting": desk(
        "meetings/new/{}/", "center", get=200, post=422, knows=SERVE, may=PLAN
    ),
    "desk:calendar": desk("meetings/calendar/", get=200, post=422, may=WORK),
    "desk:propose": desk(
        "meetings/propose/{}/", "concern", get=200, post=302, knows=READ_SUMMARY
    ),
    "desk:take_back": desk(
        "meetings/propose/{}/back/",
        "concern",
        get=302,
        post=302,
        knows=READ_SUMMARY,
    ),
    "desk:meeting": meeting("", get=200, post=None, may=MEET),
    "desk:edit_meeting": meeting("edit/", get=200),
    "desk:publish_meeting": meeting("publish/"),
    "desk:cancel_meeting": meeting("cancel/"),
    "desk:discard_meeting": meeting("discard/"),
    "desk:begin_meeting": meeting("begin/"),
    "desk:invited": meeting("invited/", get=200),
    "desk:remind_invited": meeting("invited/remind/", post=302),
    "desk:sheet": meeting("invited/sheet/", get=200, post=None),
    "desk:take_off": meeting("invited/{}/off/", of="guest", post=302),
    "desk:add_concern": meeting("concern/"),
    "desk:add_topic": meeting("topic/"),
    "desk:add_waiting": meeting("waiting/"),
    "desk:plan_item": desk(
        "meetings/{}/items/{}/",
        "agenda item",
        get=302,
        post=422,
        knows=MEET,
        may=PLAN,
    ),
    "desk:rules": page("rules/", get=200, post=422),
    "desk:arrange": meeting("arrange/"),
    "desk:actions": desk("actions/", get=200, may=WORK),
    "desk:action": desk("actions/{}/", "action", get=200, knows=PROMISED),
    "desk:add_action_photo": desk(
        "actions/{}/photos/",
        "action",
        get=302,
        post=422,
        knows=PROMISED,
        may=DO,
    ),
    "desk:action_photo": desk(
        "actions/{}/photos/{}/",
        "photo of work",
        get=200,
        post=422,
        knows=PROMISED,
        may=DO,
    ),
    "desk:action_picture": desk(
        "actions/{}/photos/{}/large/", "photo of work", get=200, knows=PROMISED
    ),
    "desk:small_action_picture": desk(
        "actions/{}/photos/{}/small/", "photo of work", get=200, knows=PROMISED
    ),
    "desk:act_on": desk(
        "actions/{}/{}/",
        "act on an action",
        get=302,
        post=422,
        knows=PROMISED,
        may=DO,
    ),
    "desk:judge": desk(
        "meetings/{}/run/judge/{}/",
        "what a meeting judges",
        get=200,
        post=422,
        knows=PROMISED,
        may=PLAN,
    ),
    "desk:protocol": protocol("", get=200, post=None),
    "desk:put_up_protocol": protocol("up/", may=WRITE),
    "desk:approve_protocol": protocol("approve/"),
    "desk:decline_protocol": protocol("decline/"),
    "desk:amend_protocol": protocol("amend/", may=WRITE),
    "desk:protocol_version": protocol("{}/", "version of it", get=200, post=None),
    "desk:protocol_version_pdf": protocol(
        "{}/protocol.pdf", "version of it", get=200, post=None
    ),
    "desk:protocol_version_docx": protocol(
        "{}/protocol.docx", "version of it", get=200, post=None
    ),
    "desk:run": recorded(get=200, post=None),
    "desk:attend": recorded("attendance/"),
    "desk:end_meeting": recorded("end/"),
    "desk:run_item": recorded(of="item", get=200),
    "desk:run_answers": recorded("answers/", "item", get=200),
    "desk:add_action": recorded("action/", "item"),
    "desk:members": desk("members/{}/", "center", get=200, knows=SERVE),
    "desk:invite": desk(
        "members/{}/invite/", "center", get=200, post=422, knows=SERVE, may=MANAGE
    ),
    "desk:member": desk(
        "members/{}/{}/", "member", get=200, post=422, knows=SERVE, may=MANAGE
    ),
    "desk:end_membership": desk(
        "members/{}/{}/end/", "member", get=302, post=302, knows=SERVE, may=MANAGE
    ),
    "desk:give_link": desk(
        "members/{}/{}/password/", "member", get=302, post=200, knows=SERVE, may=MANAGE
    ),
    "desk:give_new_start": desk(
        "members/{}/{}/new-start/", "member", get=302, post=200, knows=SERVE, may=MANAGE
    ),
    "desk:withdraw_invitation": desk(
        "members/{}/invitations/{}/withdraw/",
        "link",
        get=302,
        post=302,
        knows=SERVE,
        may=MANAGE,
    ),
    # The centre's page. Without a draft there is nothing to look at or publish.
    "desk:center_page": page("", get=200, post=422),
    "desk:terms": page("terms/", get=200, post=422),
    "desk:preview_page": page("preview/", get=302),
    "desk:publish_page": page("publish/", get=302, post=302),
    "desk:discard_page": page("discard/", get=302, post=302),
    "desk:page_version": page("versions/{}/", "version", get=200),
    "desk:restore_page": page("versions/{}/restore/", "version", get=302, post=302),
    "desk:questions": page("questions/", get=200),
    "desk:category_questions": page(
        "questions/{}/", "form of a centre", get=200, post=422
    ),
    "desk:common_questions": page(
        "questions/{}/common/", "form of a centre", get=302, post=302
    ),
    "desk:poster": page("poster/", get=200, may=None),
    "desk:poster_a4": page("poster/a4.pdf", get=200, may=None),
    "desk:poster_a5": page("poster/a5.pdf", get=200, may=None),
    "desk:show_member": page("members/{}/", "member", get=200, post=302),
    # The centre's ready texts
    "desk:templates": texts("", "center", get=200),
    "desk:add_template": texts("new/", "center", get=200, post=422),
    "desk:edit_template": texts("{}/", get=200, post=422),
    "desk:remove_template": texts("{}/remove/", get=302, post=302),
    # For whoever was invited
    "accept_invitation": Row(
        "/account/invitation/{}/", "invitation", get=200, post=422, knows=PUBLISHED
    ),
    # For whoever was given a way back
    "come_back": Row(
        "/account/return/{}/", "way back", get=200, post=422, knows=PUBLISHED
    ),
}

# A person's own pages: GET and POST of a guest, GET and POST of whoever is signed in

ACCOUNTS = {
    "account_login": (200, 200, 302, 302),
    "account_logout": (302, 302, 200, 302),
    "account_inactive": (200, 405, 200, 405),
    "account_reauthenticate": (302, 302, 200, 200),
    "account_change_password": (302, 302, 200, 200),
    "account_reset_password": (200, 200, 200, 200),
    "account_reset_password_done": (200, 405, 200, 405),
    "account_reset_password_from_key": (200, 200, 200, 200),
    "account_reset_password_from_key_done": (200, 405, 200, 405),
    "mfa_index": (302, 302, 200, 422),
    "mfa_authenticate": (302, 302, 302, 302),
    "mfa_reauthenticate": (302, 302, 200, 200),
    "mfa_activate_totp": (302, 302, 302, 302),
    "mfa_deactivate_totp": (302, 302, 200, 302),
    "second_factor": (302, 302, 302, 405),
    "sheet": (302, 302, 200, 422),
    "keys": (302, 302, 200, 302),
    "end_session": (302, 302, 405, 302),
}
ACCOUNT_ARGS = {"account_reset_password_from_key": ("abc", "set-password")}

# Posted without a token of the page, and why that hurts nobody.

WITHOUT_TOKEN = {
    "home:leave": "closes the session of whoever presses it, and writes nothing",
    "concerns:support": "counts one more, and only from our own pages",
    "follow:no_news": "ends letters for whoever has the token of one (RFC 8058)",
    "concerns:choose": "leads to a form, and files nothing; sending it needs the token",
}


# The world in which all this is asked


def published_page(center, by):
    """Publish a centre's page as it stands, and return the number of that version."""
    content = page_of_center.content_of(center)
    page_of_center.save_draft(center=center, content=content, by=by, version=0)
    return page_of_center.publish(center=center, by=by, version=1).number


def written_down(center):
    """Return meetings that are over, by what became of their protocol."""
    meetings = {
        "own": ended_meeting(center),
        "closed": ended_meeting(center, is_open=False),
        "up": ended_meeting(center),
        "draft": ended_meeting(center),
    }
    sides = (COUNCIL, POLICE, RESIDENTS)
    people = {side: make_member(center, side) for side in sides}
    for name in ("own", "closed", "up"):
        version = put_up(meetings[name], people[COUNCIL])
        if name != "up":
            approve(version, **people)
    return meetings


@pytest.fixture
def things(center, other_center, cholpon, daniyar):
    """What each kind of address may name, by what it is to this centre."""
    other = make_approved(other_center)
    concerns = {
        "own": make_concern(center, status=Status.REGISTERED),
        "approved": make_approved(center, make_category(Level.RESTRICTED)),
        "elsewhere": make_concern(other_center, status=Status.REGISTERED),
        "confidential": make_concern(
            center, make_category(Level.CONFIDENTIAL), status=Status.REGISTERED
        ),
        "hidden": make_concern(
            center, make_hidden_category(POLICE), status=Status.REGISTERED
        ),
    }
    meetings = {
        "own": make_published_meeting(center),
        "closed": make_published_meeting(center, is_open=False),
        "draft": make_meeting(center),
        "elsewhere": make_published_meeting(other_center),
    }
    guests = [
        (
            name,
            Invited.objects.create(meeting=meeting, name=name, email="g@example.org"),
        )
        for name, meeting in meetings.items()
    ]
    promised = {
        "own": promise(center),
        "closed": promise(center, is_closed=True),
        "going on": promise(center, meeting=running_meeting(center)),
        "confidential": promise(
            center, make_concern(center, make_category(Level.CONFIDENTIAL))
        ),
        "elsewhere": promise(other_center),
    }
    judging = held_meeting(center).reference, held_meeting(other_center).reference
    acts = {name: (action.reference,) for name, action in promised.items()}
    works = {
        name: make_work_photo(action, by=cholpon, is_cleared=True)
        for name, action in promised.items()
    }
    not_cleared = make_work_photo(promised["own"], by=cholpon)
    written, their = written_down(center), written_down(other_center)
    minutes = {
        **{name: written[name].reference for name in written},
        "elsewhere": their["own"].reference,
        "not over": meetings["own"].reference,
        "missing": "99999999",
    }
    for one in meetings.values():
        make_topic(one)
    running = {
        name: make_published_meeting(place, status="held", ended_at=None)
        for name, place in (("own", center), ("elsewhere", other_center))
    }
    for one in running.values():
        make_decision(make_topic(one, status="decided"))
    member, foreigner = (
        make_member(place, COUNCIL).memberships.get()
        for place in (center, other_center)
    )
    (invitation, token), (foreign_invitation, _token) = (
        invite(place, by) for place, by in ((center, cholpon), (other_center, daniyar))
    )
    _link, way_back = center_actions.give_link(
        membership=member, is_new_start=True, by=cholpon
    )
    letter = NewsAddress.objects.create(
        concern=concerns["own"], email="aida@example.org"
    )
    category = make_category()
    here = center.slug
    photos = {
        name: make_photo(concern, a_picture()).name
        for name, concern in concerns.items()
    }
    shown, put_off = (
        make_approved(center, published_at=at)
        for at in (timezone.now(), timezone.now() + timedelta(days=1))
    )
    copies = {
        "own": (here, shown.reference, make_public_photo(shown, by=cholpon).name),
        "elsewhere": (
            other_center.slug,
            other.reference,
            make_public_photo(other, by=daniyar).name,
        ),
        "put off": (
            here,
            put_off.reference,
            make_public_photo(put_off, by=cholpon).name,
        ),
    }
    for one in concerns.values():
        make_public_text(one, by=cholpon)
    open_problem, foreign_problem = (
        Problem.objects.create(center=place, title_ky="Көйгөй", by=by)
        for place, by in ((center, cholpon), (other_center, daniyar))
    )
    goals = {
        "own": being_amended(center, cholpon),
        "elsewhere": being_amended(other_center, daniyar),
    }
    in_plan = {
        name: (goal.plan.center.slug, goal.plan.year) for name, goal in goals.items()
    }
    missing_plan = here, 1999
    return {
        "": {"own": ()},
        "rest": {"own": ("help/",)},
        "guide": {
            "own": ("council",),
            "resident": ("resident",),  # to the help that is the residents'
            "missing": ("nobody",),
        },
        "center": {
            "own": (here,),
            "elsewhere": (other_center.slug,),
            "missing": ("nowhere",),
        },
        "category": {
            "own": (here, make_category().code),
            "confidential": (here, make_category(Level.CONFIDENTIAL).code),
            "missing": (here, "nothing"),
        },
        "concern": {
            **{name: (concern.reference,) for name, concern in concerns.items()},
            "missing": ("99999999",),
        },
        "photo": {
            **{name: (concerns[name].reference, photos[name]) for name in concerns},
            "crossed": (concerns["own"].reference, photos["hidden"]),
            "missing": (concerns["own"].reference, "0" * 32),
        },
        "cleared photo": {
            "own": copies["own"],
            "elsewhere, under its centre": (here, *copies["elsewhere"][1:]),
            "put off": copies["put off"],
            "crossed": (here, shown.reference, copies["elsewhere"][2]),
            "the original": (here, shown.reference, shown.photos.get().name),
            "missing": (here, shown.reference, "0" * 32),
        },
        "text": {
            **{name: (concern.reference, 1) for name, concern in concerns.items()},
            "missing": ("99999999", 1),
        },
        "problem": {
            "own": (here, open_problem.reference),
            "elsewhere": (other_center.slug, foreign_problem.reference),
            "crossed": (here, foreign_problem.reference),
            "missing": (here, "99999999"),
        },
        "year's plan": {**in_plan, "missing": missing_plan},
        "goal": {
            **{name: (*in_plan[name], goal.reference) for name, goal in goals.items()},
            "crossed": (*in_plan["own"], goals["elsewhere"].reference),
            "missing": (*missing_plan, "99999999"),
        },
        "version of a plan": {
            **{name: (*args, 1) for name, args in in_plan.items()},
            "not put up": (*in_plan["own"], 2),
            "missing": (*missing_plan, 1),
        },
        "name of a photo": {"own": (photos["own"],), "missing": ("0" * 32,)},
        "published": {
            "own": (here, make_approved(center).reference),
            "elsewhere": (here, other.reference),
            **{
                f"{name}, not published": (here, concern.reference)
                for name, concern in concerns.items()
            },
            "missing": (here, "99999999"),
        },
        "meeting": {
            **{name: (meeting.reference,) for name, meeting in meetings.items()},
            "missing": ("99999999",),
        },
        "guest": {
            **{name: (one.meeting.reference, one.reference) for name, one in guests},
            "missing": ("99999999", "99999999"),
        },
        "personal link": {
            "own": (dict(guests)["own"].link.rstrip("/").rpartition("/")[2],),
            "missing": ("99999999:x",),
        },
        "action": {**acts, "missing": ("99999999",)},
        "photo of work": {
            **{name: (*acts[name], one.name) for name, one in works.items()},
            "crossed": (*acts["own"], works["elsewhere"].name),
            "missing": ("99999999", "0" * 32),
        },
        "cleared photo of work": {
            "own": (here, *acts["own"], works["own"].name),
            "not cleared": (here, *acts["own"], not_cleared.name),
            **{
                name: (here, *acts[name], works[name].name)
                for name in ("closed", "going on", "confidential", "elsewhere")
            },
            "missing": (here, *acts["own"], "0" * 32),
        },
        "calendar": {
            "own": (meeting_actions.make_calendar(by=cholpon),),
            "missing": ("x" * 43,),
        },
        "published action": {
            **{name: (here, *args) for name, args in acts.items()},
            "missing": (here, "99999999"),
        },
        "act on an action": {
            **{name: (*args, "done") for name, args in acts.items()},
            "no such act": (*acts["own"], "confirm"),
            "missing": ("99999999", "done"),
        },
        "what a meeting judges": {
            "own": (judging[0], *acts["own"]),
            "closed": (judging[0], *acts["closed"]),
            "going on": (judging[0], *acts["going on"]),
            "elsewhere": (judging[1], *acts["elsewhere"]),
            "crossed": (judging[0], *acts["elsewhere"]),
            "missing": ("99999999", "99999999"),
        },
        "promise": {
            "own": acts["own"],
            "elsewhere": acts["elsewhere"],
            "missing": ("99999999",),
        },
        "agenda item": {
            **{name: (one.reference, 1) for name, one in meetings.items()},
            "missing": ("99999999", 1),
        },
        "running meeting": {
            **{name: (meeting.reference,) for name, meeting in running.items()},
            "missing": ("99999999",),
        },
        "item": {
            **{name: (meeting.reference, 1) for name, meeting in running.items()},
            "missing": ("99999999", 1),
        },
        "notice": {
            **{name: (here, meeting.reference) for name, meeting in meetings.items()},
            "missing": (here, "99999999"),
        },
        "protocol": {name: (reference,) for name, reference in minutes.items()},
        "version of it": {
            **{name: (minutes[name], 1) for name in MINUTES if name != "draft"},
            "not drafted": (minutes["draft"], 1),
            "missing": ("99999999", 1),
        },
        "minutes": {name: (here, reference) for name, reference in minutes.items()},
        "approved version": {
            name: (here, reference, 1) for name, reference in minutes.items()
        },
        "member": {
            "own": (here, member.reference),
            "elsewhere": (other_center.slug, foreigner.reference),
            "crossed": (here, foreigner.reference),
            "missing": (here, "99999999"),
        },
        "version": {
            "own": (here, published_page(center, cholpon)),
            "elsewhere": (other_center.slug, published_page(other_center, daniyar)),
            "missing": ("nowhere", 1),
        },
        "form of a centre": {
            "own": (here, category.code),
            "elsewhere": (other_center.slug, category.code),
            "missing": ("nowhere", category.code),
        },
        "letter": {"own": (letter.token,), "missing": ("x" * 32,)},
        "ready text": {
            "own": (here, make_text(center).reference),
            "elsewhere": (other_center.slug, make_text(other_center).reference),
            "missing": ("nowhere", "99999999"),
        },
        "invitation": {"own": (token,), "missing": ("x" * 43,)},
        "way back": {"own": (way_back,), "missing": ("x" * 43,)},
        "link": {
            "own": (here, invitation.mark),
            "elsewhere": (other_center.slug, foreign_invitation.mark),
            "crossed": (here, foreign_invitation.mark),
            "missing": (here, "0000000000000000"),
        },
    }


@pytest.fixture
def browsers(request):
    """A browser of each person."""
    browsers = {name: signed_in(request.getfixturevalue(STAFF[name])) for name in STAFF}
    resident = Client()
    concern = make_concern(status=Status.IN_PROGRESS)
    resident.post("/follow/", {"c": concern.code})
    return {"anonymous": Client(), "resident": resident, **browsers}


# A form in which nothing is filled in, as a browser sends it.
ANYTHING = {"nothing": ""}


def ask(browser, method, path):
    """Return an answer and leave everything as it was."""
    cookies = deepcopy(browser.cookies)
    with transaction.atomic():
        sent = [ANYTHING] if method == "post" else []
        response = getattr(browser, method)(path, *sent)
        transaction.set_rollback(True)
    browser.cookies = cookies
    return response


def wanted(row, method, person, thing):
    """Return the status that a row promises."""
    if row.is_desk and person in GUESTS:
        return 302 if method == "get" else 403
    if row.is_desk and person == "ended":
        return 403
    if person == "resident" and method in row.resident:
        return row.resident[method]
    if thing in row.others:
        return row.others[thing]
    if person not in row.knows.get(thing, ()):
        return 404
    if row.may is not None and person not in row.may.get(thing, ()):
        return 403
    return getattr(row, method)


def same(one, other):
    """Tell whether two answers are alike to the last byte, and in every header."""
    return without_tokens(one) == without_tokens(other) and all(
        one.get(name) == other.get(name)
        for name in {*one.headers, *other.headers} - {"Expires", "ETag"}
    )


REFUSED = [{status} for status in (302, 403, 404)]


def asked_for(row, method, person, things, is_proof):
    """Return the things to ask for; of those refused alike the proofs alone ask all."""
    answers = {wanted(row, method, person, thing) for thing in things}
    if is_proof or answers not in REFUSED:
        return things
    names = sorted(things.keys() - {"own", "missing"})[:1]
    return {name: things[name] for name in ("own", *names) if name in things}


def cells(kind):
    for name, row in MATRIX.items():
        if row.of == kind:
            for method in ("get", "post"):
                if getattr(row, method) is not None:
                    for person in PEOPLE:
                        yield name, row, method, person


@pytest.mark.parametrize("kind", sorted({row.of for row in MATRIX.values()}))
def test_everyone_gets_the_answer_of_the_matrix_and_no_other(
    kind, things, browsers, pytestconfig
):
    is_proof = pytestconfig.pluginmanager.hasplugin("tests.prove.proofs")
    wrong = []
    for name, row, method, person in cells(kind):
        missing = things[kind].get("missing")
        if missing:
            nothing = ask(browsers[person], method, reverse(name, args=missing))
        asked = asked_for(row, method, person, things[kind], is_proof)
        for thing, args in asked.items():
            answer = ask(browsers[person], method, reverse(name, args=args))
            status = wanted(row, method, person, thing)
            if answer.status_code != status:
                wrong.append((name, method, person, thing, answer.status_code, status))
            elif status == 404 and not same(answer, nothing):
                wrong.append((name, method, person, thing, "tells that it exists"))

    assert wrong == []


# Completeness


def addresses(resolver=None, namespace=""):
    """Yield the name of every address that the portal answers, but the admin's."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            if pattern.namespace != "admin":
                inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else ""
                yield from addresses(pattern, inner or namespace)
        else:
            yield f"{namespace}{pattern.name}"


def test_every_address_has_a_row_and_every_row_an_address():
    assert sorted(addresses()) == sorted([*MATRIX, *ACCOUNTS])


def test_every_address_is_as_it_was_printed(things):
    views = {
        name: resolve(row.path.format(*things[row.of]["own"])).view_name
        for name, row in MATRIX.items()
    }

    assert views == {name: name for name in MATRIX}


def test_no_centre_can_stand_in_the_way_of_an_address_of_the_portal():
    first_parts = {row.path.split("/")[1] for row in MATRIX.values()}
    first_parts |= {path_of_account(name).split("/")[1] for name in ACCOUNTS}
    first_parts |= {"admin", "static", "media"}

    assert first_parts - {"", "{}"} <= RESERVED


# Methods


OTHER_METHODS = ["put", "patch", "delete", "options", "trace"]
HEAD_AND_GET = ["head", "get"]


def own_path(name, things):
    return reverse(name, args=things[MATRIX[name].of]["own"])


def test_a_method_that_an_address_does_not_have_is_refused(things, cholpon):
    browser = signed_in(cholpon)
    wrong = []
    for name, row in MATRIX.items():
        missing = [method for method in ("get", "post") if getattr(row, method) is None]
        for method in [*OTHER_METHODS, *missing]:
            answer = ask(browser, method, own_path(name, things))
            if answer.status_code != 405:
                wrong.append((name, method, answer.status_code))

    assert wrong == []


def test_a_head_request_is_answered_like_a_get(things, cholpon):
    browser = signed_in(cholpon)
    wrong = []
    for name in [name for name, row in MATRIX.items() if row.get]:
        head, get = (ask(browser, way, own_path(name, things)) for way in HEAD_AND_GET)
        if head.status_code != get.status_code or head.content:
            wrong.append((name, head.status_code, get.status_code))

    assert wrong == []


# Other sites


POSTED = [name for name, row in MATRIX.items() if row.post]


def test_nothing_is_done_for_a_form_on_another_site(things, cholpon):
    browser = signed_in(cholpon, enforce_csrf_checks=True)
    names = [name for name in POSTED if name not in WITHOUT_TOKEN]

    answers = {
        name: ask(browser, "post", own_path(name, things)).status_code for name in names
    }

    assert answers == dict.fromkeys(names, 403)


@pytest.mark.parametrize("name", WITHOUT_TOKEN)
def test_what_needs_no_token_does_without(name, things, client):
    path = reverse(name, args=things[MATRIX[name].of]["own"])

    response = Client(enforce_csrf_checks=True).post(path)

    assert response.status_code == MATRIX[name].post


def test_sending_needs_the_token_where_choosing_does_not(center, things):
    confidential = things["category"]["confidential"][1]
    path = reverse("concerns:choose", args=[center.slug])
    strict = Client(enforce_csrf_checks=True)

    chosen = strict.post(path, {"category": confidential})
    sent = strict.post(chosen["Location"], {"category": confidential, "key": "0"})

    assert (chosen.status_code, sent.status_code) == (302, 403)


# The accounts' pages


def path_of_account(name):
    return reverse(name, args=ACCOUNT_ARGS.get(name, ()))


@pytest.mark.parametrize("name", ACCOUNTS)
def test_an_account_page_answers_as_the_table_says(name, cholpon):
    path = path_of_account(name)

    answers = tuple(
        ask(browser, method, path).status_code
        for browser in (Client(), signed_in(cholpon))
        for method in ("get", "post")
    )

    assert answers == ACCOUNTS[name]


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
@pytest.mark.parametrize("name", ACCOUNTS)
def test_an_account_page_does_nothing_by_another_method(name, method, cholpon):
    browser = signed_in(cholpon, enforce_csrf_checks=True)

    response = getattr(browser, method)(path_of_account(name))

    assert response.status_code in (302, 403, 405)


@pytest.mark.parametrize(
    "name", [name for name, answers in ACCOUNTS.items() if answers[3] == 200]
)
def test_no_account_is_changed_for_a_form_on_another_site(name, cholpon):
    browser = signed_in(cholpon, enforce_csrf_checks=True)

    assert browser.post(path_of_account(name)).status_code == 403


def test_nobody_is_signed_out_by_a_link(cholpon):
    browser = signed_in(cholpon)

    browser.get(reverse("account_logout"))

    assert browser.get(reverse("desk:today")).status_code == 200


# The second factor


DESK = [name for name, row in MATRIX.items() if row.is_desk]


def test_without_a_second_factor_nothing_of_the_desk_opens(things, cholpon):
    cholpon.authenticator_set.all().delete()
    browser, wrong = signed_in(cholpon), []
    for name in DESK:
        method = "get" if MATRIX[name].get else "post"
        answer = ask(browser, method, own_path(name, things))
        leads = answer.get("Location", "").endswith(reverse("second_factor"))
        if answer.status_code != 302 or not leads:
            wrong.append((name, answer.status_code))

    assert wrong == []


def test_a_password_alone_opens_nothing(cholpon, client):
    response = client.post(
        reverse("account_login"), {"login": cholpon.email, "password": PASSWORD}
    )

    assert response["Location"] == reverse("mfa_authenticate")
    assert client.get(reverse("desk:today")).status_code == 302


# The admin


def admin_paths():
    index = reverse("admin:index")
    lists = [
        reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        for model in admin.site._registry
    ]
    return [index, *lists, *(f"{path}add/" for path in lists)]


@pytest.mark.parametrize("who", [None, "cholpon", "jamila", "daniyar", "emil"])
def test_the_admin_is_for_superusers(who, request):
    browser = signed_in(request.getfixturevalue(who)) if who else Client()

    answers = {browser.get(path).status_code for path in admin_paths()}

    assert answers <= {302, 403}


def test_a_superuser_without_a_second_factor_is_sent_to_set_one_up(sultan):
    sultan.authenticator_set.all().delete()

    response = signed_in(sultan).get(reverse("admin:index"))

    assert response["Location"] == reverse("second_factor")


def test_a_superuser_gets_in(sultan):
    assert signed_in(sultan).get(reverse("admin:index")).status_code == 200


def test_the_admin_shows_what_an_installation_is_made_of_and_no_person():
    registered = {model._meta.label for model in admin.site._registry}

    assert registered == {
        "centers.Center",
        "centers.OutsideBody",
        "centers.Place",
        "centers.SpecialDay",
        "centers.Term",
        "concerns.Category",
        "concerns.CategoryGroup",
    }
