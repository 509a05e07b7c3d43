"""
Who reads what: the doors of Concern against an oracle of DESIGN's rules 2 and 3.

The oracle is plain Python over plain facts and shares nothing with visible_to. Every
concern that can exist is held against every person who can.
"""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from centers.actions import change_role, end_membership
from centers.models import JournalEntry, Role
from concerns import actions
from concerns.models import Assignment, Change, Concern, Involved
from concerns.workflow import Level, Status

from .factories import (
    COUNCIL,
    POLICE,
    RESIDENTS,
    again,
    give,
    make_approved,
    make_category,
    make_concern,
    make_hidden_category,
    make_identity,
    make_member,
    make_membership,
    new_concern,
    partner_of,
    signed_in,
)
from .oracle import (
    HERE,
    PEOPLE,
    THERE,
    everything,
    is_public,
    make_people,
    reads_the_summary,
    reads_the_words,
)

pytestmark = pytest.mark.django_db

PUBLIC, RESTRICTED, CONFIDENTIAL = Level
MEMBER, COORDINATOR, INTAKE = Role.MEMBER, Role.COORDINATOR, Role.INTAKE
CUSTODIAN, OBSERVER = Role.CUSTODIAN, Role.OBSERVER


# The world of both


@pytest.fixture
def centers(center, other_center):
    return {HERE: center, THERE: other_center}


@pytest.fixture
def people(centers):
    return make_people(centers)


@pytest.fixture
def world(centers, people):
    """Make every concern that can be; return its facts by its key."""
    now, by = timezone.now(), people["council coordinator"]
    moments = {
        "none": {},
        "approved": {"approved_at": now, "approved_by": by},
        "published": {"approved_at": now, "approved_by": by, "published_at": now},
        "to be published": {
            "approved_at": now,
            "approved_by": by,
            "published_at": now + timedelta(days=1),
        },
    }
    partners = {
        (where, kind): partner_of(center, kind)
        for where, center in centers.items()
        for kind in (RESIDENTS, COUNCIL, POLICE)
    }
    category = make_category()
    world = list(everything())
    concerns = [
        new_concern(
            centers[facts.where],
            category,
            level=facts.level,
            hidden_from_police=facts.from_police,
            hidden_from_council=facts.from_council,
            in_custody=facts.in_custody,
            partner=partners.get((facts.where, facts.partner)),
            is_quarantined=facts.is_quarantined,
            **moments[facts.approval],
        )
        for facts in world
    ]
    Concern.objects.bulk_create(concerns, batch_size=200)
    Assignment.objects.bulk_create(
        [
            Assignment(
                concern=concern,
                user=people[facts.person],
                partner=partners.get((facts.where, facts.share)),
                by=by,
                ended_at=now if facts.is_over else None,
            )
            for concern, facts in zip(concerns, world, strict=True)
            if facts.person
        ],
        batch_size=200,
    )
    return {concern.pk: facts for concern, facts in zip(concerns, world, strict=True)}


def differences(world, people, door, oracle):
    """Return (person, seen or not seen, facts) wherever door and oracle disagree."""
    wrong = []
    for name, user in people.items():
        seen = set(door(user).values_list("pk", flat=True))
        wrong += [
            (name, "seen" if pk in seen else "not seen", facts)
            for pk, facts in world.items()
            if (pk in seen) != oracle(name, facts)
        ]
    return wrong


def test_everyone_reads_the_words_that_the_rules_give_and_no_others(world, people):
    wrong = differences(world, people, Concern.objects.visible_to, reads_the_words)

    assert wrong == []


def test_everyone_reads_the_summaries_that_the_rules_give_and_no_others(world, people):
    wrong = differences(world, people, Concern.objects.summarised_to, reads_the_summary)

    assert wrong == []


def test_the_public_reads_what_is_public_and_published_and_nothing_else(world):
    seen = set(Concern.objects.public().values_list("pk", flat=True))

    assert seen == {pk for pk, facts in world.items() if is_public(facts)}


def test_only_those_whom_the_rules_leave_nothing_read_nothing_at_all():
    readers = {
        name
        for name in PEOPLE
        for facts in everything()
        if reads_the_words(name, facts)
    }

    assert PEOPLE.keys() - readers == {
        "observer",
        "coordinator of before",
        "superuser",
        "disabled coordinator",
        "person without a role",
        "anonymous",
    }


# Levels


def sees(user, concern):
    return Concern.objects.visible_to(again(user)).filter(pk=concern.pk).exists()


def set_level(concern, level, by, reason=""):
    concern.refresh_from_db()
    return actions.set_level(
        concern=concern, level=level, by=by, version=concern.version, reason=reason
    )


@pytest.mark.parametrize("who", ["cholpon", "elmira", "bakyt", "farida"])
def test_whoever_handles_a_concern_raises_its_level(who, center, request):
    concern = make_concern(center)

    set_level(concern, CONFIDENTIAL, request.getfixturevalue(who))

    concern.refresh_from_db()
    assert concern.level == CONFIDENTIAL


def test_raising_the_level_takes_the_concern_from_those_it_is_not_for(
    center, elmira, bakyt
):
    concern = make_concern(center)

    set_level(concern, CONFIDENTIAL, elmira)

    assert not sees(bakyt, concern)
    assert not sees(elmira, concern)


def test_raising_the_level_takes_the_summary_off_the_public_pages(center, bakyt):
    concern = make_approved(center)

    set_level(concern, RESTRICTED, bakyt)

    assert not Concern.objects.public().exists()


def test_a_level_lowered_again_does_not_publish_by_itself(center, cholpon):
    concern = make_approved(center)
    set_level(concern, RESTRICTED, cholpon)

    set_level(concern, PUBLIC, cholpon, reason="Эч кимге коркунуч жок.")

    assert not Concern.objects.public().exists()


@pytest.mark.parametrize("who", ["elmira", "bakyt"])
def test_who_only_handles_a_concern_does_not_lower_its_level(who, center, request):
    concern = make_concern(center, level=RESTRICTED)

    with pytest.raises(PermissionDenied):
        set_level(concern, PUBLIC, request.getfixturevalue(who), reason="Ачык болсун.")


def test_an_intake_person_does_not_lower_a_level(center, farida):
    concern = make_concern(center, level=CONFIDENTIAL)

    with pytest.raises(PermissionDenied):
        set_level(concern, RESTRICTED, farida, reason="Ачык болсун.")


def test_lowering_a_level_needs_a_reason(center, cholpon):
    concern = make_concern(center, level=RESTRICTED)

    with pytest.raises(ValidationError) as refused:
        set_level(concern, PUBLIC, cholpon)

    assert set(refused.value.message_dict) == {"reason"}


def test_the_journal_knows_who_lowered_a_level_and_why(center, cholpon):
    concern = make_concern(center, level=RESTRICTED)

    set_level(concern, PUBLIC, cholpon, reason="Арыз ээси макул.")

    line = JournalEntry.objects.get(kind="level_lowered")
    assert (line.by_id, line.subject) == (cholpon.pk, concern.reference)
    assert line.detail["level"] == "public"
    assert Change.objects.get(pk=line.detail["change"]).note == "Арыз ээси макул."


def test_a_level_is_never_lowered_below_its_categorys(center, cholpon):
    concern = make_concern(center, make_category(RESTRICTED), level=CONFIDENTIAL)

    with pytest.raises(ValidationError) as refused:
        set_level(concern, PUBLIC, cholpon, reason="Ачык болсун.")

    assert set(refused.value.message_dict) == {"level"}


def test_in_custody_it_stays_confidential(center, jamila):
    concern = make_concern(center, level=CONFIDENTIAL, in_custody=True)

    with pytest.raises(ValidationError) as refused:
        set_level(concern, PUBLIC, jamila, reason="Ачык болсун.")

    assert set(refused.value.message_dict) == {"level"}


# "Other"


@pytest.fixture
def other():
    return make_category(RESTRICTED, code="other")


def register(concern, category, by, level=None):
    concern.refresh_from_db()
    return actions.register(
        concern=concern,
        category=category,
        level=level or category.level,
        by=by,
        version=concern.version,
    )


@pytest.mark.parametrize("level", Level)
def test_other_takes_the_level_of_the_category_chosen_at_registration(
    level, other, center, cholpon
):
    concern = make_concern(center, other)

    register(concern, make_category(level), cholpon)

    concern.refresh_from_db()
    assert concern.level == level


def test_other_that_was_made_confidential_by_hand_is_not_opened_by_a_category(
    other, center, cholpon, farida
):
    concern = make_concern(center, other)
    set_level(concern, CONFIDENTIAL, cholpon)

    register(concern, make_category(PUBLIC), farida)

    concern.refresh_from_db()
    assert concern.level == CONFIDENTIAL


def test_a_category_of_a_lower_level_does_not_lower_a_concern(center, elmira):
    concern = make_concern(center, make_category(RESTRICTED))

    register(concern, make_category(PUBLIC), elmira)

    concern.refresh_from_db()
    assert concern.level == RESTRICTED


# Custody


def test_a_category_that_hides_takes_the_concern_into_custody(
    center, elmira, bakyt, cholpon, jamila
):
    concern = make_concern(center)

    register(concern, make_hidden_category(POLICE), elmira)

    assert sees(jamila, concern)
    assert not sees(bakyt, concern)
    assert not sees(elmira, concern)
    assert not sees(cholpon, concern)


def test_going_into_custody_ends_every_assignment(center, cholpon, bakyt, jamila):
    concern = give(make_concern(center), POLICE, bakyt)

    actions.categorise(
        concern=concern, category=make_hidden_category(COUNCIL), by=cholpon, version=0
    )

    concern.refresh_from_db()
    assert concern.partner is None
    assert not concern.assignments.live().exists()
    assert not sees(bakyt, concern)


def test_in_custody_another_category_hides_from_its_side_too(center, jamila, elmira):
    concern = make_concern(center, make_hidden_category(POLICE))
    give(concern, COUNCIL, elmira, by=jamila)

    actions.categorise(
        concern=concern, category=make_hidden_category(COUNCIL), by=jamila, version=0
    )

    concern.refresh_from_db()
    assert concern.hidden_from_police
    assert concern.hidden_from_council
    assert not sees(elmira, concern)
    assert not concern.assignments.live().exists()


def test_in_custody_a_number_of_its_series_is_kept(center, jamila):
    concern = make_concern(center, make_hidden_category(POLICE))
    register(concern, concern.category, jamila)
    concern.refresh_from_db()

    actions.categorise(
        concern=concern,
        category=make_hidden_category(COUNCIL),
        by=jamila,
        version=concern.version,
    )

    concern.refresh_from_db()
    assert concern.journal_number == 1


def test_going_into_custody_takes_the_summary_off_the_public_pages(
    center, cholpon, jamila
):
    concern = make_approved(center)

    actions.categorise(
        concern=concern, category=make_hidden_category(POLICE), by=cholpon, version=0
    )

    assert not Concern.objects.public().exists()


def test_where_nobody_keeps_custody_nothing_is_put_there_to_be_lost(center, elmira):
    concern = make_concern(center)

    with pytest.raises(ValidationError) as refused:
        register(concern, make_hidden_category(POLICE), elmira)

    assert set(refused.value.message_dict) == {"category"}
    assert sees(elmira, concern)


def release(concern, by, reason="Кызматкер жөнүндө эмес экен."):
    return actions.release(
        concern=concern, by=by, version=concern.version, reason=reason
    )


def test_the_custodian_gives_back_what_hides_from_nobody(
    center, jamila, cholpon, bakyt
):
    concern = make_concern(
        center, level=CONFIDENTIAL, in_custody=True, hidden_from_police=True
    )

    release(concern, jamila)

    concern.refresh_from_db()
    assert sees(cholpon, concern)
    assert not sees(jamila, concern)
    assert concern.level == CONFIDENTIAL
    assert JournalEntry.objects.filter(kind="custody_released").exists()


def test_what_is_not_in_custody_is_not_given_back(center, jamila, cholpon):
    concern = make_concern(center, level=CONFIDENTIAL, status=Status.REGISTERED)
    give(concern, RESIDENTS, jamila, by=cholpon)

    with pytest.raises(actions.MoveNotAllowed):
        release(concern, jamila)

    assert not JournalEntry.objects.filter(kind="custody_released").exists()


def test_giving_back_needs_a_reason(center, jamila):
    concern = make_concern(center, level=CONFIDENTIAL, in_custody=True)

    with pytest.raises(ValidationError) as refused:
        release(concern, jamila, reason="")

    assert set(refused.value.message_dict) == {"reason"}


def test_what_its_category_hides_is_not_given_back(center, jamila):
    concern = make_concern(center, make_hidden_category(POLICE))

    with pytest.raises(ValidationError):
        release(concern, jamila)

    concern.refresh_from_db()
    assert concern.in_custody


def test_what_is_given_back_stays_hidden_from_the_side_that_the_reporter_named(
    center, jamila, cholpon, bakyt
):
    police_intake = make_member(center, POLICE, Role.INTAKE)
    concern = make_concern(
        center,
        level=CONFIDENTIAL,
        in_custody=True,
        hidden_from_police=True,
        involved=Involved.POLICE,
    )

    release(concern, jamila)

    assert sees(cholpon, concern)
    assert not sees(police_intake, concern)
    assert not sees(bakyt, concern)


def test_what_hides_from_a_side_is_not_made_less_than_confidential(center, cholpon):
    concern = make_concern(center, level=CONFIDENTIAL, hidden_from_police=True)

    with pytest.raises(ValidationError) as refused:
        actions.set_level(
            concern=concern, level=Level.PUBLIC, by=cholpon, version=0, reason="Себеп"
        )

    assert set(refused.value.message_dict) == {"level"}


@pytest.mark.parametrize("involved", [Involved.COUNCIL, Involved.BOTH])
def test_what_no_coordinator_could_read_stays_with_the_custodian(
    involved, center, jamila, cholpon
):
    concern = make_concern(
        center,
        level=CONFIDENTIAL,
        in_custody=True,
        hidden_from_council=True,
        involved=involved,
    )

    with pytest.raises(ValidationError):
        release(concern, jamila)

    concern.refresh_from_db()
    assert concern.in_custody


def test_a_coordinator_of_the_residents_takes_back_what_names_the_council(
    center, jamila, elmira
):
    coordinator = make_member(center, RESIDENTS, Role.COORDINATOR)
    concern = make_concern(
        center,
        level=CONFIDENTIAL,
        in_custody=True,
        hidden_from_council=True,
        involved=Involved.COUNCIL,
    )

    release(concern, jamila)

    assert sees(coordinator, concern)
    assert not sees(elmira, concern)


def test_who_would_rather_not_say_is_read_first_and_then_given_back_to_all(
    center, jamila, farida
):
    concern = make_concern(
        center,
        level=CONFIDENTIAL,
        in_custody=True,
        hidden_from_police=True,
        hidden_from_council=True,
        involved=Involved.UNSAID,
    )
    make_member(center, COUNCIL, Role.COORDINATOR)

    release(concern, jamila)

    assert sees(farida, concern)


def test_what_is_given_back_gets_a_number_of_the_coordinators(center, jamila, cholpon):
    common = make_concern(center)
    register(common, common.category, cholpon)
    hidden = make_concern(center, level=CONFIDENTIAL, in_custody=True)
    register(hidden, hidden.category, jamila)
    hidden.refresh_from_db()
    assert hidden.journal_number == 1

    release(hidden, jamila)

    hidden.refresh_from_db()
    assert hidden.journal_number == 2


def test_whom_the_custodian_asked_to_handle_it_does_not_give_it_back(
    center, jamila, elmira
):
    concern = make_concern(
        center, level=CONFIDENTIAL, in_custody=True, hidden_from_police=True
    )
    give(concern, COUNCIL, elmira, by=jamila)

    with pytest.raises(PermissionDenied):
        release(concern, elmira)


def test_custody_and_coordinator_count_their_numbers_apart(center, cholpon, jamila):
    hidden = make_concern(center, make_hidden_category(POLICE))
    common = make_concern(center)

    register(hidden, hidden.category, jamila)
    register(common, common.category, cholpon)

    assert list(Concern.objects.values_list("journal_number", flat=True)) == [1, 1]


@pytest.mark.parametrize("who", ["elmira", "bakyt", "farida"])
def test_the_number_in_the_journal_is_the_coordinators_alone(
    who, center, cholpon, request
):
    concern = make_concern(
        center, status=Status.REGISTERED, journal_number=77077, journal_year=2026
    )

    def page_of(user):
        return signed_in(user).get(concern.get_desk_url()).content.decode()

    assert "77077" in page_of(cholpon)
    assert "77077" not in page_of(request.getfixturevalue(who))


def test_what_goes_into_custody_at_registration_leaves_no_gap(center, elmira, jamila):
    first, hidden, second = (make_concern(center) for _ in range(3))

    register(first, first.category, elmira)
    register(hidden, make_hidden_category(POLICE), elmira)
    register(second, second.category, elmira)

    second.refresh_from_db()
    assert second.journal_number == 2


# Handing over


def assign(concern, kind, by, person=None):
    Concern.objects.filter(pk=concern.pk).update(status=Status.REGISTERED)
    return actions.assign(
        concern=concern,
        partner=partner_of(concern.center, kind),
        person=person,
        by=by,
        version=concern.version,
    )


def test_once_assigned_it_is_the_partners_and_the_coordinators(
    center, cholpon, elmira, bakyt, ruslan
):
    concern = make_concern(center)

    assign(concern, POLICE, elmira, bakyt)

    assert sees(bakyt, concern)
    assert sees(ruslan, concern)
    assert sees(cholpon, concern)
    assert not sees(elmira, concern)


def test_what_is_not_registered_yet_is_given_to_nobody(center, elmira):
    concern = make_concern(center)

    with pytest.raises(ValidationError):
        actions.assign(
            concern=concern, partner=partner_of(center, COUNCIL), by=elmira, version=0
        )


def test_what_has_ended_is_given_to_nobody(center, elmira):
    concern = make_concern(center, status=Status.WITHDRAWN)

    with pytest.raises(actions.MoveNotAllowed):
        actions.assign(
            concern=concern, partner=partner_of(center, COUNCIL), by=elmira, version=0
        )


def waiting_for(user):
    return list(Concern.objects.visible_to(user).to_act_on(user))


def test_what_a_leaver_had_in_hand_waits_for_his_side_again(
    center, cholpon, bakyt, ruslan
):
    concern = make_concern(center)
    assign(concern, POLICE, cholpon, bakyt)
    assert waiting_for(ruslan) == []

    end_membership(membership=bakyt.memberships.get(), by=cholpon)

    assert waiting_for(again(ruslan)) == [concern]
    assert waiting_for(again(cholpon)) == [concern]


def test_who_comes_back_finds_nothing_confidential_of_before(center, cholpon, bakyt):
    concern = make_concern(center, make_category(CONFIDENTIAL))
    assign(concern, POLICE, cholpon, bakyt)
    end_membership(membership=bakyt.memberships.get(), by=cholpon)

    make_membership(center, POLICE, user=bakyt, started_at=timezone.now())

    assert not sees(again(bakyt), concern)


def test_another_role_leaves_him_what_he_has_in_hand(center, cholpon, bakyt):
    concern = make_concern(center, make_category(CONFIDENTIAL))
    assign(concern, POLICE, cholpon, bakyt)

    change_role(membership=bakyt.memberships.get(), role=INTAKE, by=cholpon)

    assert sees(again(bakyt), concern)


def test_a_confidential_concern_is_given_to_a_person(center, farida):
    concern = make_concern(center, make_category(CONFIDENTIAL))

    with pytest.raises(ValidationError) as refused:
        assign(concern, POLICE, farida)

    assert set(refused.value.message_dict) == {"person"}


def test_a_confidential_concern_is_that_persons_alone(
    center, farida, cholpon, bakyt, ruslan
):
    concern = make_concern(center, make_category(CONFIDENTIAL))

    assign(concern, POLICE, farida, bakyt)

    assert sees(bakyt, concern)
    assert sees(cholpon, concern)
    assert not sees(ruslan, concern)
    assert not sees(farida, concern)


def test_what_is_hidden_from_a_side_is_not_given_to_it(center, jamila, bakyt):
    concern = make_concern(center, make_hidden_category(POLICE))

    with pytest.raises(ValidationError) as refused:
        assign(concern, POLICE, jamila, bakyt)

    assert set(refused.value.message_dict) == {"partner"}


def test_what_is_hidden_from_the_police_is_not_given_to_an_officer_of_elsewhere(
    center, jamila, temir
):
    concern = make_concern(center, make_hidden_category(POLICE))

    with pytest.raises(ValidationError) as refused:
        assign(concern, COUNCIL, jamila, temir)

    assert set(refused.value.message_dict) == {"person"}


@pytest.mark.parametrize("who", ["daniyar", "olga", "emil", "sultan", "elmira"])
def test_only_a_member_of_the_partner_handles_it_for_the_partner(
    who, center, cholpon, request
):
    concern = make_concern(center)

    with pytest.raises(ValidationError) as refused:
        assign(concern, POLICE, cholpon, request.getfixturevalue(who))

    assert set(refused.value.message_dict) == {"person"}


def test_an_officer_takes_what_nobody_handles(center, bakyt):
    concern = make_concern(center)

    assign(concern, POLICE, bakyt, bakyt)

    concern.refresh_from_db()
    assert concern.partner.kind == POLICE


def test_an_officer_gives_nothing_to_another(center, bakyt, ruslan):
    concern = make_concern(center)

    with pytest.raises(PermissionDenied):
        assign(concern, POLICE, bakyt, ruslan)


def test_an_officer_does_not_take_what_another_side_handles(center, cholpon, bakyt):
    concern = give(make_concern(center), POLICE)

    with pytest.raises(PermissionDenied):
        assign(concern, POLICE, bakyt, bakyt)


def test_a_membership_that_ends_takes_its_concerns_with_it(center, bakyt):
    concern = give(make_concern(center, make_category(CONFIDENTIAL)), POLICE, bakyt)

    bakyt.memberships.update(ended_at=timezone.now())
    make_membership(center, RESIDENTS, user=bakyt)

    assert not sees(bakyt, concern)


def test_who_joins_the_police_anywhere_is_blind_to_complaints_about_it(
    center, other_center, jamila
):
    concern = make_concern(center, make_hidden_category(POLICE))
    assert sees(jamila, concern)

    make_membership(other_center, POLICE, user=jamila)

    assert not sees(jamila, concern)


# Who filed it


def look(concern, by, reason="Чакыруу үчүн"):
    return actions.look_at_identity(concern=concern, by=by, reason=reason)


@pytest.fixture
def named(center):
    concern = make_concern(center)
    make_identity(concern)
    return concern


def test_the_coordinator_sees_who_filed_it_and_the_journal_sees_her(named, cholpon):
    person = look(named, cholpon)

    line = JournalEntry.objects.get(kind="identity_seen")
    assert person.name == "Айда Токтосунова"
    assert (line.by_id, line.subject) == (cholpon.pk, named.reference)
    assert Change.objects.get(pk=line.detail["change"]).note == "Чакыруу үчүн"


def test_a_look_at_a_concern_that_nobody_signed_finds_nobody(center, cholpon):
    with pytest.raises(ValidationError):
        look(make_concern(center), cholpon)


def test_the_journal_itself_names_nobody_and_keeps_no_words(named, cholpon):
    look(named, cholpon, reason="Айдага чалуу үчүн")
    set_level(named, RESTRICTED, cholpon, reason="Айданын аты бар")

    assert "Айда" not in str(list(JournalEntry.objects.values()))


def test_every_look_is_a_line_of_its_own(named, cholpon):
    look(named, cholpon)
    look(named, cholpon)

    assert JournalEntry.objects.filter(kind="identity_seen").count() == 2


def test_a_look_needs_a_reason(named, cholpon):
    with pytest.raises(ValidationError) as refused:
        look(named, cholpon, reason="")

    assert set(refused.value.message_dict) == {"reason"}
    assert not JournalEntry.objects.exists()


def test_the_assigned_handler_sees_who_filed_it(named, bakyt):
    give(named, POLICE, bakyt)

    assert look(named, bakyt).phone == "+996770080050"


@pytest.mark.parametrize("who", ["elmira", "bakyt"])
def test_who_may_read_the_words_but_does_not_handle_it_does_not_see_who_filed_it(
    who, named, request
):
    with pytest.raises((PermissionDenied, ValidationError)):
        look(named, request.getfixturevalue(who))

    assert not JournalEntry.objects.exists()


def test_a_colleague_of_the_assigned_handler_does_not_see_who_filed_it(
    named, bakyt, ruslan
):
    give(named, POLICE, bakyt)

    with pytest.raises((PermissionDenied, ValidationError)):
        look(named, ruslan)


def test_an_intake_person_does_not_see_who_filed_it(center, farida):
    concern = make_concern(center, make_category(CONFIDENTIAL))
    make_identity(concern)

    with pytest.raises(PermissionDenied):
        look(concern, farida)


@pytest.mark.parametrize(
    "who", ["nurlan", "olga", "jamila", "daniyar", "emil", "sultan"]
)
def test_for_those_who_do_not_read_the_words_nobody_filed_it(who, named, request):
    with pytest.raises(Concern.DoesNotExist):
        look(named, request.getfixturevalue(who))


def test_in_custody_the_custodian_sees_who_filed_it_and_the_coordinator_does_not(
    center, jamila, cholpon
):
    concern = make_concern(center, make_hidden_category(POLICE))
    make_identity(concern)

    assert look(concern, jamila)
    with pytest.raises(Concern.DoesNotExist):
        look(concern, cholpon)


# Reading is noted


def test_a_confidential_concern_notes_its_readers_once_a_day(center, cholpon):
    concern = make_concern(center, make_category(CONFIDENTIAL))

    actions.note_reading(concern=concern, by=cholpon)
    actions.note_reading(concern=concern, by=cholpon)

    line = JournalEntry.objects.get(kind="confidential_read")
    assert (line.by_id, line.subject) == (cholpon.pk, concern.reference)


# What the centre says of it


def approve(concern, by, **texts):
    words = {
        "title_ky": "Чырак күйбөйт",
        "title_ru": "Не горит фонарь",
        "summary_ky": "Көчө караңгы.",
        "summary_ru": "На улице темно.",
    }
    return actions.approve_summary(
        concern=concern, by=by, version=concern.version, **words | texts
    )


def test_an_approved_summary_of_a_public_concern_is_public(center, elmira):
    concern = make_concern(center)

    approve(concern, elmira)

    assert Concern.objects.public().get() == concern
    assert JournalEntry.objects.filter(kind="published").exists()
    assert concern.changes.filter(kind=Change.Kind.SUMMARY).exists()


def test_an_approved_summary_of_a_restricted_one_is_for_members(
    center, elmira, nurlan, olga
):
    concern = make_concern(center, make_category(RESTRICTED))

    approve(concern, elmira)

    assert not Concern.objects.public().exists()
    assert Concern.objects.summarised_to(nurlan).get() == concern
    assert not Concern.objects.summarised_to(olga).exists()


def test_a_confidential_concern_has_no_summary(center, cholpon):
    concern = make_concern(center, make_category(CONFIDENTIAL))

    with pytest.raises(ValidationError):
        approve(concern, cholpon)


def test_what_the_reporter_did_not_allow_is_not_published(center, elmira):
    concern = make_concern(center, may_publish=False)

    with pytest.raises(ValidationError):
        approve(concern, elmira)

    assert not Concern.objects.public().exists()


@pytest.mark.parametrize("field", ["title_ky", "title_ru", "summary_ky", "summary_ru"])
def test_both_languages_are_needed_before_it_is_shown(field, center, elmira):
    concern = make_concern(center)

    with pytest.raises(ValidationError) as refused:
        approve(concern, elmira, **{field: ""})

    assert set(refused.value.message_dict) == {field}


@pytest.mark.parametrize("who", ["bakyt", "ruslan"])
def test_the_police_publish_nothing(who, center, request):
    concern = make_concern(center)

    with pytest.raises(PermissionDenied):
        approve(concern, request.getfixturevalue(who))


def test_what_is_unpublished_is_gone_for_the_public_and_for_members(
    center, elmira, nurlan
):
    concern = make_approved(center)

    actions.unpublish(concern=concern, by=elmira, version=0)

    assert not Concern.objects.public().exists()
    assert not Concern.objects.summarised_to(nurlan).exists()


def test_a_withdrawn_concern_leaves_the_public_pages():
    concern = make_approved(status=Status.IN_PROGRESS)

    actions.withdraw(concern=concern)

    assert not Concern.objects.public().exists()


def test_a_withdrawn_concern_is_not_published_again(center, elmira):
    concern = make_approved(center, status=Status.IN_PROGRESS, may_publish=True)
    actions.withdraw(concern=concern)
    concern.refresh_from_db()

    with pytest.raises(ValidationError):
        approve(concern, elmira)

    assert not Concern.objects.public().exists()


def test_a_concern_of_another_centre_has_no_summary_here(center, daniyar):
    make_approved(center, make_category(RESTRICTED))
    make_member(center, COUNCIL)

    assert not Concern.objects.summarised_to(daniyar).exists()


def test_a_duplicate_names_its_lead_to_nobody_from_whom_the_lead_is_hidden(
    client, center, bakyt
):
    lead = make_concern(
        center, level=Level.CONFIDENTIAL, hidden_from_police=True, in_custody=True
    )
    repeat = make_concern(center, status=Status.DUPLICATE, lead=lead)
    client.force_login(bakyt)

    page = client.get(repeat.get_desk_url())

    assert page.status_code == 200
    assert lead.number not in page.content.decode()
