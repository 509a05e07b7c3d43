"""Fill an empty database with two centres by the same actions that people use.

The texts stand in the .toml files beside this one. What happened "days ago" is done now
and dated back: the histories are real, only their clock is not.
"""

import hashlib
import tomllib
from datetime import datetime, time, timedelta
from functools import partial
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from centers.actions import give_role, make_account
from centers.models import Center, Partner, Place, User
from centers.workdays import add_working_days
from concerns import actions as concern_actions
from concerns import codes
from concerns.models import Assignment, Category, Change, Concern, Message
from concerns.workflow import Status
from kaab.management.commands.load_reference import load_places, load_reference
from kaab.management.commands.open_center import open_center
from meetings import actions as meeting_actions
from meetings.models import Meeting

FOLDER = Path(__file__).parent
NOTICE_DAYS = 7
# Whose codes are printed, so that a visitor of the demo can be a resident too.
FOLLOWED = ("crossing", "canal")
IDENTITY = ("name", "phone", "address")
MOMENTS = ("registered_at", "resolved_at", "approved_at", "published_at")
CENTER_TEXTS = ["name", "story", "opening", "address", "hours"]


def read(name):
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def sign_ins():
    """Return the people of the demo who sign in."""
    return [person for person in read("people")["member"] if person["signs_in"]]


def everything():
    load_reference()
    partners = {}
    for name in ("center", "second"):
        plan = read(name)
        load_places(plan.get("place", []))
        partners |= load_center(plan)
    load_people(partners)
    Story(partners).play()


def both(plan, *fields):
    """Return the two languages of a plan's texts, as the models name them."""
    return {
        f"{field}_{language}": plan.get(f"{field}_{language}", "").strip()
        for field in fields
        for language in ("ky", "ru")
    }


# Centres and their people


def load_center(plan):
    """Open a centre and return its partners by (slug, key)."""
    center = open_center(
        slug=plan["slug"],
        aimak=Place.objects.get(code=plan["aimak"]),
        partners=[],
        is_demo=True,
        phone=plan["phone"],
        reply_working_days=plan["reply_working_days"],
        **both(plan, *CENTER_TEXTS),
    )
    center.villages.set(Place.objects.filter(code__in=plan["villages"]))
    return {
        (center.slug, row["key"]): Partner.objects.create(
            center=center,
            kind=row["kind"],
            order=row["order"],
            **both(row, "name", "description"),
        )
        for row in plan["partner"]
    }


def load_people(partners):
    for row in read("people")["member"]:
        partner = partners[row["center"], row["partner"]]
        give_role(
            center=partner.center,
            partner=partner,
            user=make_account(
                email=row["email"],
                full_name=row["full_name"],
                language=row["language"],
                password=None,
            ),
            role=row["role"],
            by=None,
            **both(row, "position"),
        )


# What happened


def key_of(name):
    """Return the form's key of a demo concern, so that its code can be shown again."""
    secret = f"{settings.SECRET_KEY}:demo:{name}"
    return hashlib.sha256(secret.encode()).hexdigest()[:32]


def code_of(name):
    """Return the code of a demo concern, as its reporter has it on paper."""
    return codes.grouped(codes.derive(key_of(name)))


class Story:
    """Everything that happened in both centres, played in the order of its days."""

    def __init__(self, partners):
        self.partners = partners
        self.people = {user.email: user for user in User.objects.all()}
        self.concerns = {}
        self.since = timezone.now()

    def play(self):
        events = []
        for plan in read("concerns")["concern"]:
            events += self.events_of_concern(plan)
        for plan in read("meetings")["meeting"]:
            events += self.events_of_meeting(plan)
        # Sorting is stable: what one plan puts on one day keeps its order.
        for days_ago, act in sorted(events, key=lambda event: -event[0]):
            act(self.since - timedelta(days=days_ago))

    def events_of_concern(self, plan):
        """Yield (days ago, what to do at that moment) for all that befell a concern."""
        name = plan["key"]
        yield plan["days_ago"], partial(self.file, plan)
        for event in plan.get("history", []):
            yield event["days_ago"], self.on(name, self.move, event)
            if event["to"] == Status.REGISTERED:
                if "summary_by" in plan:
                    days_ago = plan.get("summary_days_ago", event["days_ago"])
                    yield days_ago, self.on(name, self.summarise, plan)
                if "assigned" in plan:
                    assigned = plan["assigned"]
                    yield assigned["days_ago"], self.on(name, self.assign, assigned)
        for event in plan.get("message", []):
            yield event["days_ago"], self.on(name, self.write, event)

    def on(self, name, act, plan):
        """Return what does something to a concern, and dates it back."""

        def at(moment):
            concern = self.concerns[name]
            concern.refresh_from_db()
            act(concern, plan)
            self.date_back(concern, moment)

        return at

    def file(self, plan, moment):
        identity = {field: plan.get(field, "") for field in IDENTITY}
        concern, _code, _is_new = concern_actions.file(
            center=Center.objects.get(slug=plan.get("center", "mirmakhmudov")),
            category=Category.objects.get(code=plan["category"]),
            key=key_of(plan["key"]),
            words={
                "text": plan["text"].strip(),
                "village": Place.objects.filter(code=plan.get("village")).first(),
                "landmark": plan.get("landmark", ""),
                "happened_on": timezone.localdate(moment),
                "involved": plan["involves"],
                "may_publish": plan["may_publish"],
            },
            identity=identity if any(identity.values()) else None,
            # An Uzbek writes on the Kyrgyz pages: there is no third language yet.
            language="ru" if plan["language"] == "ru" else "ky",
        )
        due_on = add_working_days(
            timezone.localdate(moment), settings.REGISTER_WORKING_DAYS
        )
        Concern.objects.filter(pk=concern.pk).update(created_at=moment, due_on=due_on)
        self.concerns[plan["key"]] = concern
        self.date_back(concern, moment)

    def done(self, concern, email):
        return {
            "concern": concern,
            "by": self.people[email],
            "version": concern.version,
        }

    def move(self, concern, event):
        note, target = event.get("note", ""), event["to"]
        if event["by"] == "reporter":
            if target == Status.CLOSED:
                concern_actions.confirm(concern=concern)
            elif target == Status.WITHDRAWN:
                concern_actions.withdraw(concern=concern, reason=note)
            elif concern.status == Status.NEEDS_INFO:
                concern_actions.answer(concern=concern, text=note)
            else:
                concern_actions.reopen(concern=concern, reason=note)
            return
        done = self.done(concern, event["by"])
        if (concern.status, target) == (Status.RECEIVED, Status.REGISTERED):
            concern_actions.register(
                category=concern.category, level=concern.level, note=note, **done
            )
            return
        concern_actions.move(
            target=target,
            note=note,
            body=event.get(f"body_{concern.language}", ""),
            crime_number=event.get("number", ""),
            lead=self.concerns.get(event.get("of")),
            **done,
        )

    def summarise(self, concern, plan):
        texts = both(plan, "title", "summary", "outcome")
        do = concern_actions.approve_summary
        if "summary_days_ago" not in plan:
            do = concern_actions.save_summary
        do(**self.done(concern, plan["summary_by"]), **texts)

    def assign(self, concern, plan):
        concern_actions.assign(
            partner=self.partners[concern.center.slug, plan["partner"]],
            person=self.people[plan["person"]] if "person" in plan else None,
            **self.done(concern, plan["by"]),
        )

    def write(self, concern, event):
        if event["from"] == "reporter":
            concern_actions.answer(concern=concern, text=event["text"].strip())
        else:
            done = self.done(concern, event["from"])
            concern_actions.send_message(text=event["text"].strip(), **done)

    def date_back(self, concern, moment):
        """Give what has just been done the moment at which it happened."""
        for model in (Change, Message, Assignment):
            model.objects.filter(concern=concern, created_at__gte=self.since).update(
                created_at=moment
            )
        for field in MOMENTS:
            Concern.objects.filter(
                pk=concern.pk, **{f"{field}__gte": self.since}
            ).update(**{field: moment})

    def events_of_meeting(self, plan):
        held = plan["days"] < 0
        announced = -plan["days"] + NOTICE_DAYS if held else 1
        meetings = []
        yield announced, lambda moment: meetings.append(self.schedule(plan, moment))
        if held:
            yield -plan["days"], lambda moment: self.hold(plan, meetings[0])

    def schedule(self, plan, moment):
        by = self.people[plan["by"]]
        day = timezone.localdate(self.since) + timedelta(days=plan["days"])
        hour = time.fromisoformat(plan["time"])
        meeting = meeting_actions.schedule(
            center=Center.objects.get(slug=plan["center"]),
            by=by,
            kind=plan["kind"],
            starts_at=timezone.make_aware(datetime.combine(day, hour)),
            minutes=plan["minutes"],
            is_open=plan["is_open"],
            **both(plan, "venue"),
        )
        for item in plan["item"]:
            meeting.refresh_from_db()
            done = {"meeting": meeting, "by": by, "version": meeting.version}
            if "concern" in item:
                concern = self.concerns[item["concern"]]
                meeting_actions.add_concern(concern=concern, **done)
            else:
                meeting_actions.add_topic(**both(item, "topic"), **done)
        meeting.refresh_from_db()
        meeting_actions.publish(meeting=meeting, by=by, version=meeting.version)
        Meeting.objects.filter(pk=meeting.pk).update(
            created_at=moment, published_at=moment
        )
        return meeting

    def hold(self, plan, meeting):
        by = self.people[plan["by"]]
        meeting.refresh_from_db()
        meeting_actions.hold(meeting=meeting, by=by, version=meeting.version)
        for place, item in enumerate(plan["item"], start=1):
            meeting.refresh_from_db()
            meeting_actions.decide(
                meeting=meeting,
                place=place,
                by=by,
                version=meeting.version,
                text_ky=item["decision_ky"].strip(),
                text_ru=item["decision_ru"].strip(),
            )
            for row in item.get("action", []):
                meeting.refresh_from_db()
                meeting_actions.add_action(
                    meeting=meeting,
                    place=place,
                    partner=self.partners[plan["center"], row["partner"]],
                    due_on=timezone.localdate(self.since) + timedelta(row["due"]),
                    by=by,
                    version=meeting.version,
                    **both(row, "text"),
                )
