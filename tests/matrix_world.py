"""The world in which the matrix is asked: one of each thing that it names."""

from datetime import timedelta

import pytest
from django.utils import timezone

from centers import actions as center_actions
from centers import page as page_of_center
from concerns.models import NewsAddress, Problem
from concerns.workflow import Level, Status
from meetings import actions as meeting_actions
from meetings.models import Invited

from .factories import (
    COUNCIL,
    POLICE,
    RESIDENTS,
    a_picture,
    make_action,
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
)
from .matrix import MINUTES
from .members import invite
from .minutes import approve, ended_meeting, put_up
from .planning import held_meeting, promise, running_meeting
from .plans import being_amended


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
    recorded = {
        name: make_action(make_decision(make_topic(one, status="decided")))
        for name, one in running.items()
    }
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
        "recorded action": {
            **{
                name: (running[name].reference, 1, action.reference)
                for name, action in recorded.items()
            },
            "missing": ("99999999", 1, "99999999"),
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
