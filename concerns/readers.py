"""Who of a centre may read a concern now: `visible_to`, asked for all at once."""

from django.db.models import IntegerField, Value

from centers.models import Membership

from .models import Concern


def readers_of(concern):
    """Return the members of a concern's centre who may read its words, by name.

    The rule is asked as it is, once for each person and all in one query.
    """
    people = serving(concern.center_id)
    asked = [
        Concern.objects.visible_to(person)
        .filter(pk=concern.pk)
        .order_by()
        .annotate(reader=Value(person.pk, IntegerField()))
        .values_list("reader")
        for person in people.values()
    ]
    if not asked:
        return []
    found = {pk for (pk,) in asked[0].union(*asked[1:], all=True)}
    readers = (person for pk, person in people.items() if pk in found)
    return sorted(readers, key=lambda person: person.full_name)


def serving(center_id):
    """Return who serves a centre, by key, each with all that he serves."""
    here = Membership.objects.live().filter(center=center_id)
    service = (
        Membership.objects.live()
        .filter(user__in=here.values("user"), user__is_active=True)
        .select_related("center", "partner", "user")
    )
    people = {}
    for membership in service:
        person = people.setdefault(membership.user_id, membership.user)
        vars(person).setdefault("live_memberships", []).append(membership)
    return people
