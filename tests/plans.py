"""A year's plan in the hands of the coordinator who writes it."""

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from meetings import actions
from meetings.models import Plan, Signature

from .factories import again, numbers

TODAY = timezone.localdate()
YEAR = TODAY.year
WORDS = {
    "problem_ky": "Мал уурулугу",
    "problem_ru": "Кража скота",
    "cause_ky": "Жайыт кайтарылбайт",
    "cause_ru": "Пастбище не охраняют",
    "text_ky": "Уурулук азаят",
    "text_ru": "Краж станет меньше",
    "indicator_ky": "Жылдагы уурулуктар",
    "indicator_ru": "Кражи за год",
    "baseline": "38",
    "target": "20",
}


def now(thing):
    return type(thing).objects.get(pk=thing.pk)


def begin(center, by, year=YEAR):
    return actions.begin_plan(center=center, year=year, by=by)


def add_goal(plan, by, **words):
    words = WORDS | {"text_ky": f"Максат {next(numbers)}"} | words
    return actions.add_goal(plan=plan, by=by, version=now(plan).version, **words)


def put_up(plan, by):
    return actions.put_up_plan(plan=plan, by=by, version=now(plan).version)


def sign(version, by, office, name="Кадыров Азамат", signed_on=TODAY):
    return actions.sign_plan(
        plan=version.plan,
        version=version.version,
        office=office,
        name=name,
        signed_on=signed_on,
        by=again(by),
    )


def signed_version(plan, by):
    version = put_up(plan, by)
    for office in Signature.Office:
        sign(version, by, office)
    return now(version)


def signed_plan(center, by, year=YEAR, **words):
    """Make a plan of one goal that is in force, and return the goal."""
    plan = begin(center, by, year)
    goal = add_goal(plan, by, **words)
    signed_version(plan, by)
    goal.plan = Plan.objects.get(pk=plan.pk)
    return goal


def being_amended(center, by):
    """Make a plan that is in force and written on, and return its goal."""
    goal = signed_plan(center, by)
    goal.plan = actions.amend_plan(
        plan=goal.plan,
        version=now(goal.plan).version,
        reason_ky="Себеби",
        reason_ru="Причина",
        by=by,
    )
    return goal


def path(name, plan, *more):
    return reverse(f"desk:{name}", args=[plan.center.slug, plan.year, *more])


def read(center, language="", **chosen):
    address = reverse("meetings:plan", args=[center.slug])
    return Client().get(f"{language}{address}", chosen)


def told(center, **chosen):
    return read(center, **chosen).content.decode()
