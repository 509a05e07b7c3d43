"""All that happened in both centres, each event by the action that people use."""

from datetime import datetime, time, timedelta
from functools import partial
from itertools import product

from django.utils import timezone

from centers.models import Center, Place, User
from concerns import actions as concern_actions
from concerns.models import Category, Concern, Problem
from concerns.workflow import Level, Status
from meetings import actions as meeting_actions
from meetings.models import Action, AgendaItem, Goal, Meeting, Plan, Turnout
from meetings.protocol.content import draft, mark_of

from .clock import Event
from .drawing import DRAWN
from .texts import both, key_of, plans, read

# The portal closes what is solved, day by day: long enough for the oldest concern.
DAYS = 120
NOTICE_DAYS = 7
IDENTITY = ("name", "phone", "address")
FRIDAY = 4
# What was said of an action when it was done, by the side that did it
DONE_BY = {
    "council": "Иш бүттү, айыл өкмөтү кабыл алды.",
    "police": "Милиция аткарды, жыйынтыгын тургундарга айтты.",
    "residents": "Тургундар чогулуп аткарышты.",
}
# Who approves a centre's protocols, each for one side
APPROVING = {
    "mirmakhmudov": {
        "council": "council@example.org",
        "police": "officer@example.org",
        "residents": "community@example.org",
    },
    "koguchkon-bulak": {
        "council": "stranger@example.org",
        "police": "second.officer@example.org",
        "residents": "second.custodian@example.org",
    },
}
# The newest protocol still waits for the third of them.
IN_APPROVAL = 14
# What some of those invited answered: the others have not yet.
ANSWERS = {
    "officer@example.org": "yes",
    "community@example.org": "yes",
    "women@example.org": "maybe",
    "juvenile@example.org": "no",
}
# How many residents came to a meeting: women, then men, from the youngest on.
CAME = [0, 7, 12, 5, 0, 6, 9, 8]


class Story:
    """The events of the demo up to a moment, and what plays each of them."""

    def __init__(self, partners, until):
        self.partners, self.until = partners, until
        self.people = {user.email: user for user in User.objects.all()}
        # The rows of what was filed and scheduled, by the names of their plans.
        self.concerns, self.meetings, self.problems = {}, {}, {}

    def events(self):
        for days_ago in range(DAYS):
            close = concern_actions.close_by_time
            yield Event(days_ago, ["the portal"], False, close, "03:00")
        for plan in plans("concern"):
            yield from self.events_of_concern(plan)
        for number, plan in enumerate(plans("meeting")):
            yield from self.events_of_meeting(f"meeting {number}", plan)
        for number, plan in enumerate(read("problems")["problem"]):
            yield from self.events_of_problem(f"problem {number}", plan)
        for plan in read("year_plans")["plan"]:
            yield from self.events_of_year(plan)

    # Concerns

    def events_of_concern(self, plan):
        name = plan["key"]
        file = partial(self.file, plan)
        yield Event(plan["days_ago"], [name], False, file, plan.get("at", ""))
        for row in plan.get("history", []):
            yield self.event(name, row, self.move)
            if row["to"] == Status.REGISTERED:
                if "summary_by" in plan:
                    days_ago = plan.get("summary_days_ago", row["days_ago"])
                    yield self.summary(name, plan, {"days_ago": days_ago})
                if "assigned" in plan:
                    yield self.event(name, plan["assigned"], self.assign)
            if "outcome_ky" in row:
                yield self.summary(name, plan, row)
        for row in plan.get("message", []):
            yield self.event(name, row, self.write)
        for row in plan.get("photo", []):
            yield self.event(name, row | {"by": "reporter"}, self.photograph)
            if "cleared_by" in row:
                yield self.event(name, row | {"by": row["cleared_by"]}, self.clear)

    def event(self, name, row, act):
        matters = [name, row["of"]] if "of" in row else [name]
        is_work = row["by"] != "reporter"
        do = partial(self.on, name, act, row)
        return Event(row["days_ago"], matters, is_work, do, row.get("at", ""))

    def summary(self, name, plan, row):
        own = {"by": plan["summary_by"], "at": ""}
        return self.event(name, plan | row | own, self.summarise)

    def on(self, name, act, row):
        concern = Concern.objects.get(pk=self.concerns[name].pk)
        if row["by"] != "reporter":
            # Who does something with it has opened it.
            concern_actions.note_opening(concern=concern, by=self.people[row["by"]])
        act(concern, row)

    def file(self, plan):
        identity = {field: plan.get(field, "") for field in IDENTITY}
        happened = plan.get("happened_days_ago")
        concern, _code, _is_new = concern_actions.file(
            center=Center.objects.get(slug=plan.get("center", "mirmakhmudov")),
            category=Category.objects.get(code=plan["category"]),
            key=key_of(plan["key"]),
            words={
                "text": plan["text"].strip(),
                "village": Place.objects.filter(code=plan.get("village")).first(),
                "landmark": plan.get("landmark", ""),
                "happened_on": None if happened is None else self.day(-happened),
                "involved": plan["involves"],
                "may_publish": plan["may_publish"],
            },
            identity=identity if any(identity.values()) else None,
            # An Uzbek writes on the Kyrgyz pages: there is no third language yet.
            language="ru" if plan["language"] == "ru" else "ky",
            is_suspect=plan.get("is_suspect", False),
        )
        self.concerns[plan["key"]] = concern

    def done(self, it, by):
        name = it._meta.model_name
        return {name: it, "by": self.people[by], "version": it.version}

    def move(self, concern, row):
        note, target = row.get("note", ""), row["to"]
        if row["by"] == "reporter":
            if target == Status.CLOSED:
                concern_actions.confirm(concern=concern)
            elif target == Status.WITHDRAWN:
                concern_actions.withdraw(concern=concern, reason=note)
            elif concern.status == Status.NEEDS_INFO:
                concern_actions.answer(concern=concern, text=note)
            else:
                concern_actions.reopen(concern=concern, reason=note)
            return
        done = self.done(concern, row["by"])
        if (concern.status, target) == (Status.RECEIVED, Status.REGISTERED):
            code = row.get("category", concern.category.code)
            concern_actions.register(
                category=Category.objects.get(code=code),
                level=row.get("level", Level.PUBLIC),
                note=note,
                **done,
            )
            return
        body, number = row.get(f"body_{concern.language}", ""), row.get("number", "")
        concern_actions.move(
            target=target,
            note=note,
            body=body,
            crime_number=number,
            crime_place=body if number else "",
            # Nobody's name is passed on who asked that it should not be.
            identity_passed=False,
            lead=self.concerns.get(row.get("of")),
            **done,
        )

    def summarise(self, concern, row):
        texts = both(row, "title", "summary", "outcome")
        is_draft = "summary_days_ago" not in row
        do = (
            concern_actions.save_summary
            if is_draft
            else concern_actions.approve_summary
        )
        do(**self.done(concern, row["by"]), **texts)

    def assign(self, concern, row):
        concern_actions.assign(
            partner=self.partners[concern.center.slug, row["partner"]],
            person=self.people[row["person"]] if "person" in row else None,
            **self.done(concern, row["by"]),
        )

    def write(self, concern, row):
        text = row["text"].strip()
        if row["by"] == "reporter":
            concern_actions.answer(concern=concern, text=text)
        else:
            concern_actions.send_message(text=text, **self.done(concern, row["by"]))

    def photograph(self, concern, row):
        concern_actions.add_photo(
            concern=concern, file=DRAWN[row["drawn"]](), may_show=row["may_show"]
        )

    def clear(self, concern, row):
        photo = concern.photos.last()
        concern_actions.clear(
            photo=photo, by=self.people[row["by"]], version=concern.version
        )

    # Problems

    def events_of_problem(self, name, plan):
        matters = [name, *plan["concerns"]]
        open_problem = partial(self.open_problem, name, plan)
        yield Event(plan["days_ago"], matters, True, open_problem)
        for row in plan["line"]:
            add_line = partial(self.add_line, name, row)
            yield Event(row["days_ago"], [name], True, add_line)

    def open_problem(self, name, plan):
        self.problems[name] = concern_actions.open_problem(
            center=Center.objects.get(slug="mirmakhmudov"),
            concerns=[self.concerns[key].reference for key in plan["concerns"]],
            by=self.people[plan["by"]],
            **both(plan, "title"),
        )

    def add_line(self, name, row):
        concern_actions.add_line(
            kind=row["kind"],
            side=row["side"],
            **both(row, "text"),
            **self.done(Problem.objects.get(pk=self.problems[name].pk), row["by"]),
        )

    # The year's plan

    def events_of_year(self, plan):
        def event(row, act, field="days_ago"):
            matters = [f"the plan of {plan['center']}"]
            return Event(row[field], matters, True, partial(act, plan, row))

        yield event(plan, self.write_plan)
        if "up_days_ago" in plan:
            yield event(plan, self.put_up_plan, "up_days_ago")
        for row in plan.get("signature", []):
            yield event(row, self.sign_plan)
        for row in plan["goal"]:
            if "result" in row:
                yield event(row, self.reach, "result_days_ago")

    def year_plan(self, plan):
        """Return what an action upon a plan asks for: it as it is now, and who."""
        year = timezone.localdate(self.until).year
        return self.done(
            Plan.objects.get(center__slug=plan["center"], year=year), plan["by"]
        )

    def write_plan(self, plan, row):
        meeting_actions.begin_plan(
            center=Center.objects.get(slug=plan["center"]),
            year=timezone.localdate(self.until).year,
            by=self.people[plan["by"]],
        )
        for goal in plan["goal"]:
            figures = {name: goal[name] for name in Goal.FIGURES}
            words = both(goal, *Goal.TEXTS) | figures
            meeting_actions.add_goal(**words, **self.year_plan(plan))

    def put_up_plan(self, plan, row):
        meeting_actions.put_up_plan(**self.year_plan(plan))

    def sign_plan(self, plan, row):
        meeting_actions.sign_plan(
            **self.year_plan(plan) | {"version": 1},
            office=row["office"],
            name=row["name"],
            signed_on=timezone.localdate(),
        )

    def reach(self, plan, row):
        meeting_actions.set_result(
            **self.year_plan(plan),
            goal=Goal.objects.get(text_ky=row["text_ky"]).reference,
            result=row["result"],
            result_on=timezone.localdate(),
        )

    # Meetings

    def day(self, days):
        """Return the day so many days from today."""
        return timezone.localdate(self.until) + timedelta(days=days)

    def working_day(self, days):
        """Return the day of a meeting, not a weekend but the Friday or the Monday."""
        day = self.day(days)
        past_friday = day.weekday() - FRIDAY
        if past_friday <= 0:
            return day
        return day + timedelta(days=-past_friday if days < 0 else 3 - past_friday)

    def events_of_meeting(self, name, plan):
        day = self.working_day(plan["days"])
        hour = time.fromisoformat(plan["time"])
        starts_at = timezone.make_aware(datetime.combine(day, hour))
        days_ago = (self.day(0) - day).days
        matters = [name, *(row["concern"] for row in plan["item"] if "concern" in row)]
        notice = plan.get("notice_days", NOTICE_DAYS)
        schedule = partial(self.schedule, name, plan, starts_at)
        yield Event(max(1, days_ago + notice), matters, True, schedule)
        if "cancelled_days_ago" in plan:
            cancel = partial(self.cancel, name, plan)
            yield Event(plan["cancelled_days_ago"], matters, True, cancel)
        elif days_ago > 0:
            for row in plan.get("guest", []):
                invite = partial(self.invite, name, plan, row)
                yield Event(days_ago + 1, [name], True, invite)
            ends_at = timezone.localtime(starts_at + timedelta(minutes=plan["minutes"]))
            hold = partial(self.hold, name, plan)
            yield Event(days_ago, matters, True, hold, f"{ends_at:%H:%M}")
            yield from self.events_of_actions(name, plan, days_ago, matters)
            yield from self.events_of_protocol(name, plan, days_ago)
        elif not plan.get("is_draft"):
            for row in plan.get("guest", []):
                invite = partial(self.invite, name, plan, row)
                yield Event(1, [name], True, invite)
            answer = partial(self.answer_invitations, name)
            yield Event(1, [name], False, answer)

    def events_of_protocol(self, name, plan, days_ago):
        put_up = partial(self.put_up, name, plan)
        yield Event(days_ago - 1, [name], True, put_up)
        approving = list(APPROVING[plan["center"]].items())
        if days_ago < IN_APPROVAL:
            approving.pop()
        for days, (side, email) in enumerate(approving, start=2):
            approve = partial(self.approve, name, side, email)
            yield Event(days_ago - days, [name], True, approve)

    def put_up(self, name, plan):
        planned = self.planned(name, plan)
        meeting_actions.put_up(
            meeting=planned["meeting"],
            by=planned["by"],
            mark=mark_of(draft(planned["meeting"])),
        )

    def approve(self, name, side, email):
        meeting_actions.approve(
            meeting=Meeting.objects.get(pk=self.meetings[name].pk),
            version=1,
            side=side,
            by=self.people[email],
        )

    def invite(self, name, plan, row):
        planned = self.planned(name, plan)
        guest, _is_new = meeting_actions.invite_guest(
            meeting=planned["meeting"],
            by=planned["by"],
            name=row["name"],
            language=row["language"],
            body=row["body"],
            phone=row["phone"],
        )
        if "answer" in row:
            needs = dict.fromkeys(row.get("needs", []), True)
            self.answer_invitation(guest, row["answer"], **needs)

    def answer_invitations(self, name):
        invited = Meeting.objects.get(pk=self.meetings[name].pk).invited
        for one in invited.filter(email__in=ANSWERS):
            self.answer_invitation(one, ANSWERS[one.email])

    def answer_invitation(self, invited, answer, **needs):
        meeting_actions.answer_invitation(invited=invited, answer=answer, **needs)

    def events_of_actions(self, name, plan, days_ago, matters):
        """Most of what was promised is done by its day, some late, one in five not."""
        rows = [row for item in plan["item"] for row in item.get("action", [])]
        for number, row in enumerate(rows, start=plan["minutes"]):
            done_ago = -row["due"] + (-5 if number % 4 == 3 else 1)
            if number % 5 and 0 < done_ago < days_ago:
                do = partial(self.carry_out, name, plan, row)
                yield Event(done_ago, matters, True, do)

    def carry_out(self, name, plan, row):
        meeting_actions.step(
            **self.done(self.action(name, row), plan["by"]),
            target=Action.Status.DONE,
            note=DONE_BY[row["partner"]],
        )
        for photo in row.get("photo", []):
            self.show_work(self.action(name, row), photo, self.people[plan["by"]])

    def show_work(self, action, row, by):
        photo = meeting_actions.add_photo(
            action=action, photo=DRAWN[row["drawn"]](), taken=row["taken"], by=by
        )
        meeting_actions.clear_photo(photo=photo, by=by, **both(row, "alt"))

    def action(self, name, row):
        return Action.objects.get(
            decision__item__meeting=self.meetings[name], text_ky=row["text_ky"]
        )

    def planned(self, name, plan):
        """Return what an action upon a meeting asks for: it as it is now, and who."""
        return self.done(Meeting.objects.get(pk=self.meetings[name].pk), plan["by"])

    def schedule(self, name, plan, starts_at):
        self.meetings[name] = meeting_actions.schedule(
            center=Center.objects.get(slug=plan["center"]),
            by=self.people[plan["by"]],
            kind=plan["kind"],
            starts_at=starts_at,
            minutes=plan["minutes"],
            is_open=plan["is_open"],
            **both(plan, "venue"),
        )
        for item in plan["item"]:
            done = self.planned(name, plan)
            if "concern" in item:
                concern = self.concerns[item["concern"]]
                meeting_actions.add_concern(concern=concern, **done)
            else:
                meeting_actions.add_topic(**both(item, "topic"), **done)
        if not plan.get("is_draft"):
            meeting_actions.publish(**self.planned(name, plan))

    def cancel(self, name, plan):
        meeting_actions.cancel(**both(plan, "reason"), **self.planned(name, plan))

    def hold(self, name, plan):
        meeting_actions.begin(**self.planned(name, plan))
        meeting_actions.attend(**self.who_came(name, plan))
        self.confirm_what_was_done(name, plan)
        for place, item in enumerate(plan["item"], start=1):
            self.record(name, plan, place, item)
        meeting_actions.end(**self.planned(name, plan))
        for row in (row for item in plan["item"] for row in item.get("action", [])):
            if "goal" in row:
                self.serve_goal(name, plan, row)

    def serve_goal(self, name, plan, row):
        goals = Goal.objects.filter(plan__center__slug=plan["center"])
        action = self.action(name, row)
        done = self.done(action, plan["by"])
        meeting_actions.serve_goal(goal=goals.get(order=row["goal"]), **done)

    def confirm_what_was_done(self, name, plan):
        """Have a meeting confirm what was done since the one before."""
        planned = self.planned(name, plan)
        for action in Action.objects.to_judge(planned["meeting"]):
            meeting_actions.judge(
                action=action,
                meeting=planned["meeting"],
                by=planned["by"],
                version=action.version,
                target=Action.Status.CONFIRMED,
            )

    def who_came(self, name, plan):
        """Return who came: most members, guests who said so, residents by number."""
        planned = self.planned(name, plan)
        members = meeting_actions.members(planned["meeting"].center)
        numbers = dict(zip(product(Turnout.Sex, Turnout.Band), CAME, strict=True))
        came = [member for number, member in enumerate(members) if number % 4 != 3]
        guests = planned["meeting"].invited.guests().filter(answer="yes")
        return planned | {"came": came, "numbers": numbers, "guests": guests}

    def record(self, name, plan, place, item):
        outcome = AgendaItem.Status.DECIDED
        texts = {}
        if item.get("is_postponed"):
            outcome = AgendaItem.Status.POSTPONED
        else:
            texts = {f"text_{end}": item[f"decision_{end}"] for end in ("ky", "ru")}
        meeting_actions.record(
            outcome=outcome, **texts, **self.recorded(name, plan, place)
        )
        for row in item.get("action", []):
            meeting_actions.add_action(
                partner=self.partners[plan["center"], row["partner"]],
                due_on=self.day(row["due"]),
                **both(row, "text"),
                **self.recorded(name, plan, place),
            )

    def recorded(self, name, plan, place):
        """Return what is asked for to record the item at a place, as it is now."""
        planned = self.planned(name, plan)
        item = planned["meeting"].items.get(order=place)
        return planned | {"place": place, "version": item.version}
