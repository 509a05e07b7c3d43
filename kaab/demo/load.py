"""Fill an empty database with two centres by the same actions that people use.

The texts stand in the .toml files beside this one; story.py plays them, and clock.py
says when it all happened.
"""

from datetime import timedelta

from django.utils import timezone

from centers.actions import give_role, make_account
from centers.models import Center, Partner, Place
from kaab.management.commands.load_reference import load_places, load_reference
from kaab.management.commands.open_center import open_center
from meetings.models import Rules

from .clock import clock, dated
from .story import Story
from .texts import both, code_of, plans, read

__all__ = ["FOLLOWED", "code_of", "everything", "plans", "read", "sign_ins"]

# Whose codes are printed, so that a visitor of the demo can be a resident too.
FOLLOWED = ("crossing", "canal")
# The centres opened so many days ago, with all their people.
OPENED = 400
CENTER_TEXTS = ["name", "story", "opening", "address", "hours"]


def sign_ins():
    """Return the people of the demo who sign in."""
    return [person for person in read("people")["member"] if person["signs_in"]]


def everything(until=None):
    """Play the demo up to a moment, which is now unless it is given."""
    until = until or timezone.now()
    load_reference()
    partners = {}
    with clock() as hands:
        hands.told = until - timedelta(days=OPENED)
        for name in ("center", "second"):
            plan = read(name)
            load_places(plan.get("place", []))
            partners |= load_center(plan)
        load_people(partners)
        Rules.objects.create(
            center=Center.objects.get(slug="mirmakhmudov"), **read("center")["rules"]
        )
        for hands.told, act in dated(Story(partners, until).events(), until):
            act()


def load_center(plan):
    """Open a centre and return its partners by (slug, key)."""
    center = open_center(
        slug=plan["slug"],
        aimak=Place.objects.get(code=plan["aimak"]),
        partners=[],
        is_demo=True,
        phone=plan["phone"],
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
            # Who agreed stands on the centre's page; its supporters' observers do not.
            consented_on=None if row["role"] == "observer" else timezone.localdate(),
            **both(row, "position"),
        )
