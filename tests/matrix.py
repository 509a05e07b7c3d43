"""
Who gets in where: every address of the portal × method × person × object.

One row an address. An address without a row fails, and so does a row without an
address. Whoever may not know of an object gets the bytes of what does not exist.
"""

from copy import deepcopy
from dataclasses import dataclass, field

from django.db import transaction
from django.urls import reverse

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
    # Of what is confidential nothing is written for others.
    "desk:publish": concern("publish/", get=200, may=PUBLISH | {"confidential": []}),
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
    "desk:correct_signature": year_plan("sign/correct/"),
    "desk:strike_signature": year_plan("sign/strike/"),
    "desk:withdraw_plan": year_plan("withdraw/"),
    "desk:amend_plan": year_plan("amend/"),
    "desk:leave_plan": year_plan("leave/"),
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
    "desk:add_action": recorded("action/", "item", get=200),
    "desk:correct_action": recorded("action/{}/", "recorded action", get=200),
    "desk:strike_action": recorded("action/{}/strike/", "recorded action"),
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


# How it is asked


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


def path_of_account(name):
    return reverse(name, args=ACCOUNT_ARGS.get(name, ()))
