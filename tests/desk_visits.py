"""Visits to the desk and to its accounts, where no link and no empty form leads."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.core import mail
from django.utils import timezone

from centers import page as center_page
from centers.actions import give_link, give_new_start, invite
from centers.models import Role, User
from centers.references import undashed
from concerns import codes
from concerns.models import Concern, Group, Problem
from kaab.demo import load
from meetings.models import Goal, Meeting

from .factories import (
    CHEAP,
    PASSWORD,
    a_picture,
    a_working_day,
    make_action,
    make_approved,
    make_decision,
    make_meeting,
    make_photo,
    make_public_photo,
    make_public_text,
    make_sheet,
    make_topic,
    make_work_photo,
    put_on_agenda,
)
from .minutes import approve, ended_meeting, put_up
from .phone import CENTER, SECRET, TEXT, Phone, center, coordinator_user, member
from .planning import promise, running_meeting
from .plans import WORDS, YEAR, begin

LATE = {"version": 0, "text_ky": "Башка"}


def visit_new_codes(language, patch):
    one = member(language, "coordinator@example.org")
    other = member(language, "council@example.org")
    readable = Concern.objects.visible_to(User.objects.get(email="council@example.org"))
    concern = readable.filter(status="in_progress", center=center()).first()
    concern.answers.create(order=1, question="Канча?", value="Үч")
    path = f"/desk/concerns/{concern.reference}/"
    yield "new code", one.opens(f"{path}code/")
    yield "new code, not recognised", one.sends(f"{path}code/")
    fields = {"recognised": "details", "came": "on", "version": concern.version}
    yield "new code, asked for", one.sends(f"{path}code/", **fields)
    yield "new code, to confirm", other.opens(f"{path}code/")
    yield "concern with a request", other.opens(path)
    yield "new code, too late", other.sends(f"{path}code/confirm/", version=0)
    concern.refresh_from_db()
    key = codes.issue_key(f"{concern.reference}:renewal")
    fields = {"version": concern.version, "key": key}
    yield "new code, given", other.sends(f"{path}code/confirm/", **fields)


def visit_questions(language, patch):
    phone = member(language, "coordinator@example.org")
    path = "/desk/center/mirmakhmudov/questions/"
    for category in ("livestock_theft", SECRET):
        yield f"questions of {category}", phone.opens(f"{path}{category}/")
    rows = {"form-TOTAL_FORMS": 3, "form-INITIAL_FORMS": 0, "version": 0}
    for number in range(3):
        rows |= {f"form-{number}-kind": "line", f"form-{number}-text_ky": "Суроо"}
    yield "questions, mistaken", phone.sends(f"{path}{SECRET}/", **rows)
    for number in range(3):
        rows |= {f"form-{number}-text_ru": "Вопрос"}
    yield "questions, too many", phone.sends(f"{path}{SECRET}/", **rows)
    yield "questions, saved", phone.sends(f"{path}stray_dogs/", **rows)
    yield "questions, too late", phone.sends(f"{path}stray_dogs/", **rows)
    yield "questions, listed", phone.opens(path)


def visit_intake(language, patch):
    council = member(language, "council@example.org")
    path = "/desk/concerns/new/mirmakhmudov/"
    yield "to take in", council.opens(path)
    yield "no category", council.sends(path)
    fields = {"category": "street_lighting"}
    yield "words on paper", council.sends(path, **fields)
    fields |= {"key": "x", "text": TEXT}
    yield "words on paper, mistaken", council.sends(path, **fields)
    fields |= {"key": codes.issue_key("mirmakhmudov:intake"), "involved": "no"}
    fields |= {"channel": "paper", "language": language, "with_code": "yes"}
    fields |= {"received_on": f"{timezone.localdate():%Y-%m-%d}"}
    receipt = council.sends(path, **fields)
    yield "receipt on paper", receipt
    yield "paper form", council.opens(f"{path}form/")
    phone = Phone(language)
    [code] = re.findall(r'<p class="code">(.*?)</p>', receipt.html)
    phone.sends("/follow/", c=re.sub(r"\D", "", code))
    yield "a code of her own", phone.opens("/follow/concern/code/")
    yield "another than she saw", phone.sends("/follow/concern/code/", mark="x")
    fields["text"] += " Дагы бир сөз."
    yield "changed since it was written down", council.sends(path, **fields)
    fields["key"] = codes.issue_key("mirmakhmudov:intake")
    yield "no code on paper", council.sends(path, **fields | {"with_code": "no"})


def visit_acts_of_staff(language, patch):
    coordinator = member(language, "coordinator@example.org")
    concern = Concern.objects.filter(
        status="in_progress", level="public", center=center()
    ).first()
    path = f"/desk/concerns/{concern.reference}/"
    yield (
        "somebody was faster",
        coordinator.sends(f"{path}move/", version=0, target="resolved", note="Бүттү."),
    )
    yield (
        "public text, somebody was faster",
        coordinator.sends(f"{path}publish/", version=0, do="save"),
    )
    named = Concern.objects.filter(identity__isnull=False, in_custody=False)
    for concern in named.visible_to(coordinator_user()):
        path = f"/desk/concerns/{concern.reference}/identity/"
        yield f"who filed {concern}", coordinator.sends(path, reason="Чалуу үчүн")
    meeting = Meeting.objects.filter(status="planned", center=center()).first()
    path = f"/desk/meetings/{meeting.reference}/"
    topic = {"version": 0, "topic_ky": "Тема", "topic_ru": "Тема"}
    yield "agenda, somebody was faster", coordinator.sends(f"{path}topic/", **topic)
    nowhere = {"version": meeting.version, "place": 99, "do": "up"}
    yield "no such place", coordinator.sends(f"{path}arrange/", **nowhere)
    yield "nothing so far", coordinator.opens("/desk/concerns/?q=ыыыы")
    yield "to be checked", coordinator.opens("/desk/concerns/?state=quarantine")
    invited = {
        "full_name": "Уланбек",
        "email": f"ulan.{language}@example.org",
        "partner": center().partners.first().pk,
        "role": Role.MEMBER,
        "language": language,
    }
    path = "/desk/members/mirmakhmudov/"
    yield "invited", coordinator.sends(f"{path}invite/", **invited)
    yield "members with an invitation", coordinator.opens(path)
    yield "search", coordinator.opens("/desk/search/?q=суу")
    yield "styleguide", coordinator.opens("/desk/styleguide/")
    place, by = center(), User.objects.get(email="coordinator@example.org")
    if place.versions.draft() is None:
        content = center_page.content_of(place)
        center_page.save_draft(center=place, content=content, by=by, version=0)
    yield "preview", coordinator.opens("/desk/center/mirmakhmudov/preview/")
    yield "centre page", coordinator.opens("/desk/center/mirmakhmudov/")
    officer = member(language, "officer@example.org")
    yield "not his to do", officer.opens(f"{path}invite/")
    user = User.objects.get(email="officer@example.org")
    others = Concern.objects.summarised_to(user).exclude(
        pk__in=Concern.objects.visible_to(user)
    )
    path = f"/desk/concerns/{others.first().reference}/"
    yield "what others handle", officer.opens(path)
    yield "signed out meanwhile", Phone(language).sends("/desk/concerns/", note=TEXT)
    gone = User.objects.create(email=f"gone.{language}@example.org", full_name="Эмил")
    yield "no longer a member", member(language, gone.email).opens("/desk/")


def visit_publication(language, patch):
    coordinator = member(language, "coordinator@example.org")
    by = coordinator_user()
    concern = make_approved(center(), by=by)
    path = f"/desk/concerns/{concern.reference}/publish/"
    words = {
        "title_ky": "Аталышы",
        "title_ru": "Название",
        "summary_ky": "Үй 12, 0555 123 456, Асан уулу Бакыт",
        "summary_ru": "Дом 12",
        "version": 0,
    }
    make_public_photo(concern, by=by, content=a_picture())
    photo = make_photo(concern, a_picture())
    yield "previewed", coordinator.sends(path, do="preview", **words)
    yield "what may give away", coordinator.sends(path, do="approve", **words)
    for title in ("Бир", "Эки"):
        make_public_text(concern, by=by, title_ky=title)
    yield "public text and its versions", coordinator.opens(path)
    yield "an approved text", coordinator.opens(f"{path}texts/2/")
    photo = f"{path}photos/{photo.name}/"
    yield "photo", coordinator.opens(photo)
    press = {"at.x": 9, "at.y": 9, "version": 0}
    yield "first corner", coordinator.sends(photo, **press)
    yield "second corner", coordinator.sends(photo, from_x=1, from_y=1, **press)
    yield "covered wrongly", coordinator.sends(photo, do="cover", version=1, left=200)
    yield "somebody was faster", coordinator.sends(photo, do="clear", version=0)
    yield "cleared", coordinator.sends(photo, do="clear", version=1)
    yield (
        "public, with photos",
        Phone(language).opens(f"/mirmakhmudov/concerns/{concern.reference}/"),
    )


def visit_problems(language, patch):
    coordinator = member(language, "coordinator@example.org")
    by = coordinator_user()
    concern = make_approved(center(), by=by)
    problem = Problem.objects.create(
        center=center(), title_ky="Көйгөй", title_ru="Проблема", by=by
    )
    Group.objects.create(problem=problem, concern=concern)
    problem.lines.create(
        kind="cause", side="police", text_ky="Себеби", text_ru="Причина", by=by
    )
    path = f"/desk/centers/mirmakhmudov/problems/{problem.reference}/"
    yield "problem", coordinator.opens(path)
    yield "line with mistakes", coordinator.sends(path)
    yield "problem changed", coordinator.opens(f"{path}edit/")
    yield "problem with mistakes", coordinator.sends(f"{path}edit/")
    yield (
        "concern of a problem",
        coordinator.opens(f"/desk/concerns/{concern.reference}/"),
    )


def visit_year_plans(language, patch):
    """A joint plan from its beginning to its amendment, of a year for each language."""
    phone = member(language, "coordinator@example.org")
    plans = "/desk/centers/mirmakhmudov/plan/"
    yield "plan, no year", phone.sends(f"{plans}begin/")
    year = YEAR + {"ky": 1, "ru": -1}[language]
    yield "plan begun", phone.sends(f"{plans}begin/", year=year)
    begin(center(), coordinator_user(), year)
    path = f"{plans}{year}/"
    problem = Problem.objects.filter(center=center()).first()
    yield "goal to write", phone.opens(f"{path}goals/new/?problem={problem.reference}")
    yield "goal, mistaken", phone.sends(f"{path}goals/new/", text_ky=TEXT, version=0)
    yield "goal", phone.sends(f"{path}goals/new/", **WORDS, version=0)
    yield "goal, too late", phone.sends(f"{path}goals/new/", **WORDS | LATE)
    goal = Goal.objects.get(plan__year=year)
    yield "goal to change", phone.opens(f"{path}goals/{goal.reference}/")
    late = phone.sends(f"{path}goals/{goal.reference}/", **WORDS | LATE)
    yield "goal changed too late", late
    shared = f"/desk/centers/mirmakhmudov/problems/{problem.reference}/"
    yield "problem of a goal", phone.opens(shared)
    reader = member(language, "officer@example.org")
    yield "plan, a draft", reader.opens(path)
    yield "plan, too late", phone.sends(f"{path}up/", version=0)
    yield "plan up", phone.sends(f"{path}up/", version=1)
    yield "plan, read while it is up", reader.opens(path)
    yield "signature, mistaken", phone.sends(f"{path}sign/", version=1, name=TEXT)
    day = f"{timezone.localdate():%Y-%m-%d}"
    signed = {"version": 1, "name": "Киши", "signed_on": day}
    for office in ("police", "council"):
        page = phone.sends(f"{path}sign/", **signed, office=office)
        yield f"signature, {office}", page
    corrected = {"office": "police", "name": TEXT, "version": 2, "signed_on": day}
    yield "signature corrected", phone.sends(f"{path}sign/correct/", **corrected)
    late = phone.sends(f"{path}sign/correct/", **corrected | {"name": "Киши"})
    yield "signature corrected too late", late
    struck = {"office": "council", "version": 3}
    yield "signature struck out", phone.sends(f"{path}sign/strike/", **struck)
    phone.sends(f"{path}sign/", **signed, office="council")
    yield "withdrawn without a word", phone.sends(f"{path}withdraw/", version=1)
    yield "sheet to sign", phone.opens(f"{path}versions/1/")
    yield "plan in force", phone.sends(f"{path}sign/", **signed, office="kenesh")
    yield "signature, too late", phone.sends(f"{path}sign/", **signed, office="x")
    public = f"{CENTER}plan/?year={year}"
    yield "plan, for everyone", Phone(language).opens(public)
    result = f"{path}goals/{goal.reference}/result/"
    yield "result, mistaken", phone.sends(result, result=TEXT)
    said = {"result": "7", "result_on": day, "version": 0}
    yield "result, too late", phone.sends(result, **said)
    goal.plan.refresh_from_db()
    said["version"] = goal.plan.version
    yield "result", phone.sends(result, **said)
    yield "amended without a reason", phone.sends(f"{path}amend/", version=1)
    goal.plan.refresh_from_db()
    said = {"version": goal.plan.version}
    reason = said | {"reason_ky": TEXT, "reason_ru": TEXT}
    yield "plan amended", phone.sends(f"{path}amend/", **reason)
    yield "amendment left, too late", phone.sends(f"{path}leave/", **said)
    said = {"version": said["version"] + 1}
    yield "amendment left", phone.sends(f"{path}leave/", **said)


def visit_meetings(language, patch):
    council = member(language, "council@example.org")
    plan = {
        "kind": "joint",
        "day": f"{a_working_day():%Y-%m-%d}",
        "hour": "10:00" if language == "ky" else "15:00",
        "minutes": "60",
        "venue_ky": "Клуб",
        "venue_ru": "Клуб",
        "is_open": "on",
    }
    path = "/desk/meetings/new/mirmakhmudov/"
    yield "meeting", council.sends(path, **plan)
    meeting = Meeting.objects.get(version=0, venue_ky="Клуб")
    yield "meeting at the same time", council.sends(path, **plan)
    path = f"/desk/meetings/{meeting.reference}/"
    topic = {"topic_ky": "Тема", "topic_ru": "Тема", "is_closed": "on"}
    yield "closed item", council.sends(f"{path}topic/", version=0, **topic)
    council.sends(f"{path}publish/", version=1)
    plan |= {"hour": "09:00", "venue_ky": "Мектеп", "venue_ru": "Школа"}
    yield "meeting moved", council.sends(f"{path}edit/", version=2, **plan)
    yield (
        "moved, for everyone",
        Phone(language).opens(f"{CENTER}meetings/{meeting.reference}/"),
    )
    yield from visit_record(language, council)
    yield from visit_invited(language, council, meeting)
    community = member(language, "community@example.org")
    concern = Concern.objects.public().filter(center=center()).open().first()
    propose = f"/desk/meetings/propose/{concern.reference}/"
    concern.agenda_items.filter(meeting__status="planned").delete()
    yield "to propose", community.opens(propose)
    yield "proposed at length", community.sends(propose, words="ы" * 301)
    yield "proposed", community.sends(propose, words=TEXT)
    yield "what was proposed", council.opens(path)
    meeting.refresh_from_db()
    version = meeting.version
    yield "nothing ticked", council.sends(f"{path}waiting/", version=version)
    things = [f"concern.{concern.reference}", "concern.99999999"]
    yield "ticked too late", council.sends(f"{path}waiting/", version=0, things=things)
    item = f"{path}items/1/"
    yield "minutes too many", council.sends(item, version=version, minutes=999)
    person = center().memberships.get(user__email="officer@example.org").reference
    planned = {"version": version, "minutes": 75, "presenter": person}
    yield "minutes and who presents", council.sends(item, **planned)
    done = {"version": version + 1, "concern": concern.reference}
    yield "put on the agenda", council.sends(f"{path}concern/", **done)
    yield "proposed and discussed", community.opens(propose)
    yield "proposal taken back", community.sends(f"{propose}back/")


def visit_actions(language, patch):
    council = member(language, "council@example.org")
    done, running = (
        promise(
            center(),
            due_on=timezone.localdate() - timedelta(days=days),
            person=User.objects.get(email="council@example.org"),
        )
        for days in (1, 0)
    )
    path = f"/desk/actions/{done.reference}/"
    words = {"note": TEXT, "finished_on": f"{timezone.localdate():%Y-%m-%d}"}
    yield "actions that are overdue", council.opens("/desk/actions/?state=overdue")
    yield "no such actions", council.opens("/desk/actions/?state=not_done&whose=mine")
    yield "action", council.opens(path)
    yield "action, nothing said", council.sends(f"{path}done/", version=0)
    yield "action, progress", council.sends(f"{path}progress/", version=0, note=TEXT)
    yield "action, too late", council.sends(f"{path}done/", version=0, **words)
    yield "action done", council.sends(f"{path}done/", version=1, **words)
    yield "action, too late for any", council.sends(f"{path}term/", version=0, **words)
    path = f"/desk/actions/{running.reference}/"
    later = f"{timezone.localdate() + timedelta(days=5):%Y-%m-%d}"
    put_off = {"version": 0, "note": TEXT, "due_on": later}
    yield "action put off", council.sends(f"{path}term/", **put_off)
    yield "action given on", council.sends(f"{path}person/", version=1)
    work = f"{path}photos/"
    yield "photo of the work, none chosen", council.sends(work)
    photo = make_work_photo(running, by=coordinator_user(), content=a_picture())
    yield "photo of the work", council.opens(f"{work}{photo.name}/")
    show = {"do": "show", "alt_ky": "Чырак"}
    yield "photo shown wordless", council.sends(f"{work}{photo.name}/", **show)
    show |= {"alt_ru": "Фонарь"}
    yield "photo shown", council.sends(f"{work}{photo.name}/", **show)
    yield "action with a photo", council.opens(path)
    public = running.get_absolute_url().removeprefix("/ru")
    yield "action, for everyone", Phone(language).opens(public)
    calendar = "/desk/meetings/calendar/"
    yield "own calendar", council.opens(calendar)
    council.sends(calendar, do="make")
    yield "own calendar, made", council.opens(calendar)
    yield "own calendar, to renew", council.opens(calendar)
    council.sends(calendar, do="end")
    community = member(language, "community@example.org")
    yield "action, to read", community.opens(path)
    yield "today, with what is late", council.opens("/desk/")
    meeting = running_meeting(center())
    path = f"/desk/meetings/{meeting.reference}/run/judge/{done.reference}/"
    yield "to judge", council.opens(path)
    yield "judged without a word", council.sends(path, version=2, target="open")
    yield "judged too late", council.sends(path, version=1, target="open", note=TEXT)
    # What it answers is asked of whoever raised it.
    code = load.code_of("pasture")
    done.decision.answers.add(Concern.objects.find(undashed(code)))
    phone = Phone(language)
    phone.sends("/follow/", c=code)
    path = f"/follow/concern/promise/{done.reference}/"
    yield "was it done?", phone.opens("/follow/concern/")
    yield "it was not, without a word", phone.sends(path, done="no")
    yield "it was not", phone.sends(path, done="no", words=TEXT)
    yield "it was, too late", phone.sends(path, done="yes")


def visit_protocols(language, patch):
    names = {"council": "council", "police": "officer", "residents": "community"}
    people = {
        side: User.objects.get(email=f"{name}@example.org")
        for side, name in names.items()
    }
    phone = member(language, "council@example.org")
    meeting = ended_meeting(center())
    item = make_topic(meeting, heard_ky="Сөз\n\nДагы сөз", status="decided")
    make_action(make_decision(item))
    make_topic(meeting)
    path = f"/desk/meetings/{meeting.reference}/protocol/"
    yield "protocol, a draft", phone.opens(path)
    yield "protocol, too late", phone.sends(f"{path}up/", mark="x")
    version = put_up(meeting, people["council"])
    yield "protocol, up", phone.opens(path)
    yield "protocol, no mistake named", phone.sends(f"{path}decline/", version=1)
    yield (
        "protocol, withdrawn",
        phone.sends(f"{path}decline/", version=1, words=TEXT),
    )
    yield "protocol, withdrawn before", phone.sends(f"{path}approve/", version=1)
    yield (
        "protocol, approved too late",
        phone.sends(f"{path}approve/", version=1, side="council"),
    )
    for number in (2, 3):
        version = put_up(meeting, people["council"])
        approve(version, **people)
        yield f"protocol, approved {number}", phone.opens(path)
        yield f"protocol, no reason {number}", phone.sends(f"{path}amend/")
        reason = {"reason_ky": "Сан ката", "reason_ru": "Неверное число"}
        yield (
            f"protocol, amended {number}",
            phone.sends(f"{path}amend/", version=number, **reason),
        )
    for number in (1, 2, 3):
        yield f"protocol, version {number}", phone.opens(f"{path}{number}/")
    path = f"{CENTER}meetings/{meeting.reference}/"
    yield "meeting with a protocol", Phone(language).opens(path)
    for number in ("", "2/"):
        yield (
            f"protocol for everyone {number}",
            Phone(language).opens(f"{path}protocol/{number}"),
        )


def visit_rules(language, patch):
    coordinator = member(language, "coordinator@example.org")
    path = "/desk/center/mirmakhmudov/rules/"
    yield "rules", coordinator.opens(path)
    rules = {"version": 0, "notice_days": 5, "quorum": "partners", "every": 1}
    rules |= {"week": 2, "weekday": 3, "hour": "14:00", "minutes": 90}
    yield "rules, mistaken", coordinator.sends(path, **rules)
    rules |= {"venue_ky": "Клуб", "venue_ru": "Клуб"}
    coordinator.sends(path, **rules)
    yield "rules, too late", coordinator.sends(path, **rules)
    council = member(language, "council@example.org")
    soon = make_meeting(center(), kind="report")
    path = f"/desk/meetings/{soon.reference}/"
    yield "first topic of a report", council.opens(path)
    yield "published late", council.sends(f"{path}publish/", version=0)
    path = f"/desk/meetings/new/mirmakhmudov/?like={soon.reference}"
    yield "the next one like it", council.opens(path)
    center().rules.delete()
    soon.delete()


def visit_accounts(language, patch):
    phone = Phone(language)
    user = coordinator_user()
    partner = center().partners.first()
    for email in ("new@example.org", user.email, ""):
        _invitation, token = invite(
            center=center(),
            partner=partner,
            role=Role.MEMBER,
            full_name="Уланбек",
            email=email,
            phone="" if email else "0770 080 050",
            language=language,
            by=None,
        )
        path = f"/account/invitation/{token}/"
        yield f"invitation of {email}", phone.opens(path)
        yield f"empty password of {email}", phone.sends(path)
    for guest in ("officer@example.org", user.email):
        yield f"invitation, signed in {guest}", member(language, guest).opens(path)
    yield "invitation, ended", phone.opens("/account/invitation/none/")
    yield "account, closed", phone.opens("/account/inactive/")
    wrong = {"login": user.email, "password": "wrong"}
    page = phone.sends("/login/", **wrong)
    yield "wrong password", page
    phone.sends("/account/password/reset/", email=user.email)
    yield "letter sent", phone.opens("/account/password/reset/sent/")
    path = urlsplit(re.findall(r"http\S+", mail.outbox[-1].body)[-1]).path
    yield "new password", phone.get(path, follow=True)
    yield "new password, spoilt link", phone.get(path[:-2] + "/", follow=True)
    yield "new password, set", phone.opens("/account/password/reset/done/")
    while page.status_code != 429:
        page = phone.sends("/account/password/reset/", email=user.email)
    yield "too many letters", page

    phone = member(language, user.email)
    yield "once more", phone.opens("/account/reauthenticate/")
    yield "once more, wrong", phone.sends("/account/reauthenticate/", password="wrong")
    phone.sends("/account/reauthenticate/", password=PASSWORD)
    yield "second factor, to choose", phone.opens("/account/2fa/")
    yield "app, to begin", phone.opens("/account/2fa/app/")
    yield "app, wrong", phone.sends("/account/2fa/app/", code="1")
    yield "sheet", phone.opens("/account/2fa/sheet/")
    yield "sheet, not ticked", phone.sends("/account/2fa/sheet/")
    yield "sheet, in force", phone.sends("/account/2fa/sheet/", is_printed="on")
    yield "sheet, another", phone.opens("/account/2fa/sheet/")
    yield "account with a sheet", phone.opens("/account/")
    yield "a sheet alone, to switch off", phone.opens("/account/2fa/off/")
    TOTP.activate(user, "JBSWY3DPEHPK3PXP")
    make_sheet(user)
    member(language, user.email).opens("/desk/")
    yield "account with everything", phone.opens("/account/")
    yield "account, no language", phone.sends("/account/", language="башка")
    for path in ("sheet/", "off/", "reauthenticate/"):
        yield f"second factor {path}", phone.opens(f"/account/2fa/{path}")
    yield "others ended", phone.sends("/account/sessions/end/")
    set_codes_left(phone, 3)
    yield "three codes left", phone.opens("/desk/")
    patch.setattr("centers.views.account.needs_second_factor", lambda user: True)
    yield "app, to take away", phone.opens("/account/2fa/off/")
    patch.undo()
    patch.setattr(codes, "HASHER", CHEAP)
    yield from visit_ways_back(language, patch)
    stranger = Phone(language)
    stranger.sends("/login/", login=user.email, password=PASSWORD)
    yield "second factor, asked", stranger.opens("/account/2fa/authenticate/")
    yield (
        "second factor, refused",
        stranger.sends("/account/2fa/authenticate/", code="1"),
    )
    user.authenticator_set.all().delete()
    yield "sign out", phone.opens("/logout/")


def set_codes_left(phone, number):
    session = phone.session
    session["codes_left"] = number
    session.save()


def visit_ways_back(language, patch):
    coordinator = coordinator_user()
    officer = User.objects.get(email="officer@example.org")
    membership = officer.memberships.get()
    path = f"/desk/members/mirmakhmudov/{membership.reference}/"
    phone = member(language, coordinator.email)
    for is_new_start, name in enumerate(["password/", "new-start/"]):
        yield f"given {name}", phone.sends(f"{path}{name}")
        yield f"member, given {name}", phone.opens(path)
        yield (
            f"account, given {name}",
            member(language, officer.email).opens("/account/"),
        )
        _link, token = give_link(
            membership=membership, is_new_start=bool(is_new_start), by=coordinator
        )
        page = f"/account/return/{token}/"
        yield f"way back {name}", phone.opens(page)
        yield f"way back {name}, no password", phone.sends(page)
        words = {"password1": PASSWORD, "password2": PASSWORD}
        yield f"way back {name}, used", Phone(language).sends(page, **words)
        yield f"member, back by {name}", phone.opens(path)
    yield "way back, ended", phone.opens("/account/return/none/")
    own = coordinator.memberships.get()
    path = f"/desk/members/mirmakhmudov/{own.reference}/"
    yield "member, out of reach", phone.opens(path)
    yield "link refused", phone.sends(f"{path}password/")
    give_new_start(user=officer)
    yield "way back by command", member(language, officer.email).opens("/account/")
    patch.setattr(settings, "EMAIL_BACKEND", "dummy.EmailBackend")
    yield "no letters", Phone(language).opens("/account/password/reset/")
    patch.undo()
    patch.setattr(codes, "HASHER", CHEAP)


def visit_record(language, council):
    """What is recorded at a meeting whose hour has come."""
    begins = timezone.now() - timedelta(hours=1)
    meeting = Meeting.objects.create(
        center=center(),
        starts_at=begins,
        venue_ky="Клуб",
        venue_ru="Клуб",
        published_at=begins,
        published_by=coordinator_user(),
    )
    make_topic(meeting)
    concern = Concern.objects.public().filter(center=center()).first()
    put_on_agenda(meeting, concern)
    path = f"/desk/meetings/{meeting.reference}/"
    yield "meeting to begin", council.opens(path)
    yield "meeting begun", council.sends(f"{path}begin/", version=0)
    run = f"{path}run/"
    wrong = {"version": 1, "men_60+": "-1"}
    yield "attendance, mistaken", council.sends(f"{run}attendance/", **wrong)
    for partner in center().partners.exclude(kind="supporter"):
        came = list(partner.memberships.live().values_list("pk", flat=True))
        wrong[f"came_{partner.pk}"] = came
    yield "attendance", council.sends(f"{run}attendance/", **wrong | {"men_60+": "7"})
    yield (
        "attendance, late",
        council.sends(f"{run}attendance/", **wrong | {"men_60+": ""}),
    )
    yield "item", council.opens(f"{run}2/")
    said = {"outcome": "decided", "way": "vote", "text_ky": TEXT, "heard_ky": TEXT}
    yield "item, mistaken", council.sends(f"{run}2/", version=0, **said)
    said |= {"votes_for": "5", "votes_against": "1", "votes_abstained": "0"}
    yield "item recorded", council.sends(f"{run}2/", version=0, **said)
    yield (
        "item, late",
        council.sends(f"{run}2/", version=0, **said | {"heard_ky": "Башка"}),
    )
    yield "action, mistaken", council.sends(f"{run}2/action/", version=1)
    does = {
        "version": 1,
        "text_ky": "Чырак коюу",
        "text_ru": "Поставить фонарь",
        "partner": center().partners.first().pk,
        "due_on": f"{timezone.localdate():%Y-%m-%d}",
    }
    yield "action", council.sends(f"{run}2/action/", **does)
    yield "answers", council.opens(f"{run}2/answers/")
    yield "answers, late", council.sends(f"{run}2/answers/", version=0)
    yield "item noted", council.sends(f"{run}1/", version=0, outcome="noted", next="1")
    officer = member(language, "officer@example.org")
    yield "meeting going on", officer.opens(path)
    meeting.refresh_from_db()
    hours = {"version": meeting.version, "began": "10:00", "ended": "09:00"}
    yield "end, mistaken", council.sends(f"{run}end/", **hours)
    ended = {"version": meeting.version, "began": "00:00", "ended": "00:00"}
    yield "meeting ended", council.sends(f"{run}end/", **ended)
    yield "record to correct", council.opens(run)
    yield (
        "held, for everyone",
        Phone(language).opens(f"{CENTER}meetings/{meeting.reference}/"),
    )


def visit_invited(language, council, meeting):
    """Who is invited to a published meeting, and a guest behind his link."""
    path = f"/desk/meetings/{meeting.reference}/invited/"
    yield "expected", council.opens(path)
    yield "guest, mistaken", council.sends(path, name="Имам")
    guest = {
        "name": {"ky": "Тажибай", "ru": "Рахим"}[language],
        "language": language,
        "phone": "0770080050",
    }
    yield "guest invited", council.sends(path, **guest)
    yield "reminded", council.sends(f"{path}remind/")
    yield "sheet to sign", council.opens(f"{path}sheet/")
    [invited] = meeting.invited.filter(user=None, language=language)
    link = invited.link.removeprefix(settings.SITE_URL)
    phone = Phone("ky")
    yield "personal link", phone.opens(link)
    yield "personal link, no answer", phone.sends(link)
    yes = {"answer": "yes", "needs": ["needs_childcare"], "words": TEXT}
    yield "personal link, answered", phone.sends(link, **yes)
    yield "expected, answered", council.opens(path)
    off = f"{path}{invited.reference}/off/"
    yield "guest taken off", council.sends(off)
    yield "personal link of nobody", phone.opens(link)
