"""The centre's own page: read by everyone, written by the coordinator.

What everyone reads stands in the centre's columns and in the rows beside it. What is
being written, and what once stood there, are versions: documents of plain words, which
publishing copies into those rows.
"""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from . import journal
from .collation import alphabetical
from .models import Center, DutyNumber, Membership, PageVersion, Partner, Place
from .permissions import Permission, ask_anew, need

LANGUAGES = ("ky", "ru")
SUPPORTER = Partner.Kind.SUPPORTER


def in_both(*names):
    return [f"{name}_{language}" for name in names for language in LANGUAGES]


TEXTS = [*in_both("name", "opening", "story", "address", "hours"), "phone"]
NUMBER = [*in_both("name"), "number"]
PARTNER = [*in_both("name", "description"), "share"]


class Stale(Exception):
    """Somebody changed the page meanwhile."""


@dataclass
class Page:
    """What a centre's page shows of the centre itself."""

    center: Center
    villages: list
    numbers: list
    partners: list

    @property
    def sides(self):
        return [partner for partner in self.partners if not partner.is_supporter]

    @property
    def supporters(self):
        return [partner for partner in self.partners if partner.is_supporter]


def page_of(center):
    """Return the page that everyone reads."""
    return with_people(
        Page(
            center=center,
            villages=list(center.villages.order_by(alphabetical())),
            numbers=list(center.numbers.all()),
            partners=list(center.partners.all()),
        )
    )


def page_from(center, content):
    """Return the page as a version would show it; nothing is saved."""
    shown = Center(pk=center.pk, slug=center.slug, aimak_id=center.aimak_id)
    shown.is_demo = center.is_demo
    for name in TEXTS:
        setattr(shown, name, content["texts"][name])
    return with_people(
        Page(
            center=shown,
            villages=list(villages_of(content).order_by(alphabetical())),
            numbers=[new_number(center, row) for row in content["numbers"]],
            partners=[
                Partner(
                    pk=row["id"],
                    kind=row["kind"],
                    **{name: row[name] for name in PARTNER},
                )
                for row in content["partners"]
            ],
        )
    )


def with_people(page):
    """Give each partner the members whom the page names."""
    people = {}
    shown = page.center.memberships.shown().select_related("user")
    for membership in shown.order_by("partner__order", "user__full_name"):
        people.setdefault(membership.partner_id, []).append(membership)
    for partner in page.partners:
        partner.people = people.get(partner.pk, [])
    return page


def content_of(center):
    """Return the page that everyone reads as a version's content."""
    return {
        "texts": {name: getattr(center, name) or "" for name in TEXTS},
        "villages": sorted(center.villages.values_list("code", flat=True)),
        "numbers": [
            {name: getattr(number, name) or "" for name in NUMBER}
            | {"checked_on": number.checked_on.isoformat()}
            for number in center.numbers.all()
        ],
        "partners": [
            {name: getattr(partner, name) for name in PARTNER}
            | {"id": partner.pk, "kind": partner.kind}
            for partner in center.partners.all()
        ],
    }


def villages_of(content):
    return Place.objects.filter(level=Place.Level.VILLAGE, code__in=content["villages"])


def new_number(center, row):
    return DutyNumber(
        center=center,
        checked_on=parse_date(row["checked_on"]),
        **{name: row[name] for name in NUMBER},
    )


# Writing


def lock(center, by, version):
    """Return the centre, held until the transaction ends, and its page's draft or None.

    `version` is the centre's page_version that the person saw.
    """
    # The centre's row is the gate: the first draft has no row to be locked yet.
    center = Center.objects.select_for_update(no_key=True).get(pk=center.pk)
    ask_anew(by)
    need(by, Permission.EDIT_CENTER, center)
    if center.page_version != version:
        raise Stale
    center.page_version += 1
    center.save(update_fields=["page_version"])
    return center, center.versions.draft()


@transaction.atomic
def save_draft(*, center, content, by, version):
    """Keep what was written; everyone goes on reading what is published."""
    center, draft = lock(center, by, version)
    if draft is None:
        last = center.versions.last()
        return PageVersion.objects.create(
            center=center, number=last.number + 1 if last else 1, content=content, by=by
        )
    draft.content, draft.by, draft.changed_at = content, by, timezone.now()
    draft.save(update_fields=["content", "by", "changed_at"])
    return draft


@transaction.atomic
def discard_draft(*, center, by, version):
    """Throw the draft away; what is published stays."""
    _center, draft = lock(center, by, version)
    if draft:
        draft.delete()


@transaction.atomic
def restore(*, center, number, by, version):
    """Make an earlier version the draft.

    Raises PageVersion.DoesNotExist, and ValidationError where there is a draft: one
    press replaces nobody's work.
    """
    earlier = center.versions.published().get(number=number)
    if center.versions.draft():
        raise ValidationError(
            _("There is a draft: publish it, or throw it away first.")
        )
    return save_draft(center=center, content=earlier.content, by=by, version=version)


@transaction.atomic
def publish(*, center, by, version):
    """Let everyone read the draft. Raises ValidationError where there is none, and
    where a supporter that was taken out still has members."""
    center, draft = lock(center, by, version)
    if draft is None:
        raise ValidationError(_("There is no draft to publish."))
    if not center.versions.published().exists():
        keep_first(draft)
    write(center, draft.content)
    draft.published_at = timezone.now()
    draft.save(update_fields=["published_at"])
    journal.record(
        center=center,
        kind=journal.Kind.PUBLISHED,
        by=by,
        detail={"what": "page", "number": draft.number},
    )
    return draft


def keep_first(draft):
    """Keep what stood on the page before its first draft as a version too."""
    first, draft.number = draft.number, draft.number + 1
    draft.save(update_fields=["number"])
    PageVersion.objects.create(
        center=draft.center,
        number=first,
        content=content_of(draft.center),
        published_at=timezone.now(),
    )


def write(center, content):
    for name in TEXTS:
        setattr(center, name, content["texts"][name])
    center.save(update_fields=TEXTS)
    center.villages.set(villages_of(content))
    center.numbers.all().delete()
    for order, row in enumerate(content["numbers"]):
        number = new_number(center, row)
        number.order = order
        number.save()
    write_partners(center, content["partners"])


def write_partners(center, rows):
    """Bring the partners to what was written; the three sides can only be described."""
    known = {partner.pk: partner for partner in center.partners.all()}
    for order, row in enumerate(rows, start=1):
        partner = known.pop(row["id"], None) or Partner(center=center, kind=SUPPORTER)
        partner.order = order
        for name in PARTNER:
            setattr(partner, name, row[name])
        partner.save()
    gone = [partner.pk for partner in known.values() if partner.is_supporter]
    try:
        Partner.objects.filter(pk__in=gone).delete()
    except ProtectedError:
        raise ValidationError(
            _("A supporter whose members serve here cannot be taken out.")
        ) from None


@transaction.atomic
def show_member(*, membership, by, seen, consented_on, **words):
    """Say how the centre's page shows a member: not at all without a consent.

    `consented_on` is the day of the consent, or None, and `seen` the one that the
    person saw; `words` are the position and the contact hours in both languages. It
    takes effect at once: a consent taken back must. Raises Stale where it was given or
    taken back meanwhile.
    """
    membership = (
        Membership.objects.live()
        .select_related("center")
        .select_for_update(of=["self"])
        .get(pk=membership.pk)
    )
    ask_anew(by)
    need(by, Permission.EDIT_CENTER, membership.center)
    if membership.consented_on != seen:
        raise Stale
    was_shown = membership.consented_on is not None
    membership.consented_on = consented_on
    for name, text in words.items():
        setattr(membership, name, text)
    membership.save(update_fields=["consented_on", *words])
    if was_shown != (consented_on is not None):
        journal.record(
            center=membership.center,
            kind=journal.Kind.UNPUBLISHED if was_shown else journal.Kind.PUBLISHED,
            by=by,
            subject=membership.reference,
            detail={"what": "member"},
        )
    return membership
