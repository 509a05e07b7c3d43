"""Members propose what should be discussed; those who plan see what is wished most."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from concerns.actions import set_level
from concerns.models import Concern
from concerns.workflow import ENDED, Level, Status
from meetings import actions
from meetings.models import AgendaItem, Meeting, Proposal

from .factories import (
    POLICE,
    give,
    make_approved,
    make_category,
    make_concern,
    make_hidden_category,
    make_meeting,
    make_proposal,
    make_published_meeting,
    put_on_agenda,
    signed_in,
)

pytestmark = pytest.mark.django_db


def path_of(concern):
    return reverse("desk:propose", args=[concern.reference])


def propose(user, concern, **fields):
    return signed_in(user).post(path_of(concern), {"words": ""} | fields)


def take_back(user, concern):
    path = reverse("desk:take_back", args=[concern.reference])
    return signed_in(user).post(path)


def page(user, path):
    return signed_in(user).get(path).content.decode()


def proposed(user, meeting):
    """Return the numbers that somebody who plans sees proposed, in their order."""
    context = signed_in(user).get(meeting.get_desk_url()).context
    return [concern.number for concern in context.get("proposed", [])]


@pytest.fixture
def concern(center):
    return make_approved(center, title_ky="Чырак күйбөйт")


@pytest.fixture
def meeting(center):
    return make_meeting(center)


@pytest.mark.parametrize(("ago", "number"), [(-1, 0), (1, 1)])
def test_what_stands_on_a_draft_whose_day_is_past_may_be_proposed(
    ago, number, center, concern, elmira
):
    starts_at = timezone.now() - timedelta(days=ago)
    put_on_agenda(make_meeting(center, starts_at=starts_at), concern)

    propose(elmira, concern)

    assert Proposal.objects.count() == number


# Who proposes what


@pytest.mark.parametrize(
    "who", ["nurlan", "bakyt", "jamila", "farida", "elmira", "cholpon", "temir"]
)
def test_whoever_reads_summaries_proposes(who, concern, request):
    person = request.getfixturevalue(who)

    propose(person, concern, words="Балдар караңгыда жүрөт")

    proposal = Proposal.objects.get()
    assert (proposal.by, proposal.concern) == (person, concern)
    assert proposal.words == "Балдар караңгыда жүрөт"


@pytest.mark.parametrize(
    ("who", "status"),
    [("olga", 404), ("daniyar", 404), ("emil", 403), ("sultan", 404)],
)
def test_nobody_else_proposes(who, status, concern, request):
    answer = propose(request.getfixturevalue(who), concern)

    assert answer.status_code == status
    assert not Proposal.objects.exists()


def test_a_member_proposes_a_restricted_one_of_which_he_reads_the_summary(
    center, nurlan
):
    restricted = make_approved(center, make_category(Level.RESTRICTED))

    propose(nurlan, restricted)

    assert Proposal.objects.get().concern == restricted


def test_nobody_proposes_what_he_may_not_know_of(center, nurlan):
    unknown = make_concern(center, status=Status.REGISTERED)

    assert propose(nurlan, unknown).status_code == 404
    with pytest.raises(Concern.DoesNotExist):
        actions.propose(concern=unknown, words="", by=nurlan)


@pytest.mark.parametrize("status", [Status.RECEIVED, *sorted(ENDED)])
def test_what_is_not_registered_or_has_ended_is_not_proposed(status, center, cholpon):
    lead = make_concern(center) if status == Status.DUPLICATE else None
    concern = make_approved(center, status=status, lead=lead)

    answer = propose(cholpon, concern, words="Көп адам коркот")

    assert answer.status_code == 422
    assert "Көп адам коркот" in answer.content.decode()
    assert not Proposal.objects.exists()
    assert "notice warning" in page(cholpon, path_of(concern))


def test_a_confidential_concern_is_not_proposed(center, cholpon):
    confidential = make_concern(
        center, make_category(Level.CONFIDENTIAL), status=Status.REGISTERED
    )

    propose(cholpon, confidential)

    assert not Proposal.objects.exists()
    assert "notice warning" in page(cholpon, path_of(confidential))


def test_one_in_custody_is_not_proposed_by_its_custodian(center, jamila):
    hidden = make_concern(
        center, make_hidden_category(POLICE), status=Status.REGISTERED
    )

    with pytest.raises(ValidationError):
        actions.propose(concern=hidden, words="", by=jamila)


def test_a_word_of_why_has_a_limit(concern, nurlan):
    answer = propose(nurlan, concern, words="а" * 301)

    assert answer.status_code == 422
    assert "а" * 301 in answer.content.decode()
    assert not Proposal.objects.exists()


def test_proposing_again_is_proposing_once_with_the_new_words(concern, nurlan):
    propose(nurlan, concern, words="биринчи")
    propose(nurlan, concern, words="экинчи")

    assert Proposal.objects.get().words == "экинчи"


def test_the_database_keeps_one_proposal_of_a_person(concern, nurlan):
    make_proposal(concern, nurlan)

    with pytest.raises(IntegrityError), transaction.atomic():
        make_proposal(concern, nurlan)


# Taking it back


def test_who_proposed_reads_that_he_did_and_takes_it_back(concern, nurlan):
    propose(nurlan, concern, words="Балдар караңгыда жүрөт")
    assert "Балдар караңгыда жүрөт" in page(nurlan, path_of(concern))

    take_back(nurlan, concern)

    assert not Proposal.objects.exists()
    assert "Балдар" not in page(nurlan, path_of(concern))


def test_nobody_takes_another_ones_back(concern, nurlan, bakyt):
    make_proposal(concern, nurlan)

    take_back(bakyt, concern)

    assert Proposal.objects.get().by == nurlan


def test_nobody_reads_who_else_proposed(concern, nurlan, bakyt):
    make_proposal(concern, bakyt, words="Кезекте кайгуулдайм")

    assert bakyt.full_name not in page(nurlan, path_of(concern))
    assert "кайгуулдайм" not in page(nurlan, path_of(concern))


# Where it is offered


def test_a_concern_and_its_summary_lead_there(concern, nurlan, elmira):
    assert path_of(concern) in page(nurlan, concern.get_desk_url())
    assert path_of(concern) in page(elmira, concern.get_desk_url())


@pytest.mark.parametrize("level", [Level.CONFIDENTIAL, Level.PUBLIC])
def test_what_cannot_be_proposed_does_not_lead_there(level, center, cholpon):
    concern = make_concern(center, make_category(level))

    assert path_of(concern) not in page(cholpon, concern.get_desk_url())


# What those who plan see


def test_those_who_plan_see_what_was_proposed_by_whom_and_why(
    concern, meeting, nurlan, elmira
):
    make_proposal(concern, nurlan, words="Балдар караңгыда жүрөт")

    shown = page(elmira, meeting.get_desk_url())

    assert proposed(elmira, meeting) == [concern.number]
    assert concern.title_ky in shown
    assert nurlan.full_name in shown
    assert "Балдар караңгыда жүрөт" in shown


def test_what_was_proposed_most_stands_first_then_what_waits_longest(
    center, meeting, nurlan, bakyt, elmira
):
    late, early, most = (make_approved(center) for _ in range(3))
    now = timezone.now()
    make_proposal(late, nurlan, created_at=now)
    make_proposal(early, nurlan, created_at=now - timedelta(days=2))
    for person in (nurlan, bakyt):
        make_proposal(most, person, created_at=now - timedelta(days=1))

    assert proposed(elmira, meeting) == [most.number, early.number, late.number]


def test_members_see_no_proposals_on_the_page_of_a_meeting(
    center, concern, nurlan, bakyt
):
    meeting = make_published_meeting(center)
    make_proposal(concern, nurlan, words="Балдар караңгыда жүрөт")

    assert "караңгыда" not in page(bakyt, meeting.get_desk_url())


def test_what_another_side_has_is_shown_to_who_may_know_of_it(
    center, meeting, bakyt, elmira, cholpon
):
    theirs = give(make_concern(center, status=Status.IN_PROGRESS), POLICE)
    make_proposal(theirs, bakyt, words="Жашыруун")

    assert proposed(cholpon, meeting) == [theirs.number]
    assert proposed(elmira, meeting) == []
    assert "Жашыруун" not in page(elmira, meeting.get_desk_url())


def test_another_centre_sees_nothing_of_it(other_center, concern, nurlan, daniyar):
    make_proposal(concern, nurlan)

    assert proposed(daniyar, make_meeting(other_center)) == []


def test_one_button_puts_it_on_the_agenda_and_off_the_list(
    concern, meeting, nurlan, elmira
):
    make_proposal(concern, nurlan)

    path = reverse("desk:add_concern", args=[meeting.reference])
    signed_in(elmira).post(path, {"version": 0, "concern": concern.reference})

    assert meeting.items.get().concern == concern
    assert proposed(elmira, meeting) == []


def test_it_leaves_the_list_when_it_stands_on_another_agenda(
    center, concern, meeting, nurlan, elmira
):
    make_proposal(concern, nurlan)

    put_on_agenda(make_meeting(center), concern)

    assert proposed(elmira, meeting) == []


@pytest.mark.parametrize("status", sorted(ENDED - {Status.DUPLICATE}))
def test_it_leaves_the_list_when_the_concern_ended(
    status, center, meeting, nurlan, elmira
):
    make_proposal(make_approved(center, status=status), nurlan)

    assert proposed(elmira, meeting) == []


def test_it_leaves_the_list_when_the_concern_became_confidential(
    concern, meeting, nurlan, cholpon
):
    make_proposal(concern, nurlan, words="Жашыруун")

    set_level(concern=concern, level=Level.CONFIDENTIAL, by=cholpon, version=0)

    assert proposed(cholpon, meeting) == []
    assert "Жашыруун" not in page(cholpon, meeting.get_desk_url())


def held(center, concern, *, status=AgendaItem.Status.OPEN, days=1):
    meeting = make_published_meeting(
        center,
        status=Meeting.Status.HELD,
        starts_at=timezone.now() - timedelta(days=days),
    )
    item = put_on_agenda(meeting, concern)
    AgendaItem.objects.filter(pk=item.pk).update(status=status)


@pytest.mark.parametrize(
    ("proposed_before", "item", "waits"),
    [
        (2, AgendaItem.Status.DECIDED, False),
        (2, AgendaItem.Status.OPEN, False),
        (2, AgendaItem.Status.POSTPONED, True),
        (0, AgendaItem.Status.DECIDED, True),  # proposed after it, anew
    ],
)
def test_a_meeting_that_discussed_it_has_answered(
    proposed_before, item, waits, center, concern, meeting, nurlan, elmira
):
    at = timezone.now() - timedelta(days=proposed_before)
    make_proposal(concern, nurlan, created_at=at)

    held(center, concern, status=item)

    assert bool(proposed(elmira, meeting)) is waits


def test_a_meeting_that_was_cancelled_answers_nothing(
    center, concern, meeting, nurlan, elmira
):
    make_proposal(concern, nurlan)
    put_on_agenda(make_published_meeting(center, status="cancelled"), concern)

    assert proposed(elmira, meeting) == [concern.number]


def test_what_was_answered_may_be_proposed_anew(
    center, concern, meeting, nurlan, elmira
):
    make_proposal(concern, nurlan, created_at=timezone.now() - timedelta(days=9))
    held(center, concern, status=AgendaItem.Status.DECIDED)

    propose(nurlan, concern, words="Дагы күйбөйт")

    assert proposed(elmira, meeting) == [concern.number]


def test_who_proposed_what_was_answered_is_offered_the_form_again(
    center, concern, nurlan
):
    long_ago = timezone.now() - timedelta(days=9)
    make_proposal(concern, nurlan, words="Балдар", created_at=long_ago)
    assert "Балдар" in page(nurlan, path_of(concern))

    held(center, concern, status=AgendaItem.Status.DECIDED)

    assert "Балдар" not in page(nurlan, path_of(concern))


# What must not show


def test_that_it_stands_on_an_agenda_is_said_to_who_may_see_that_meeting(
    center, concern, nurlan, elmira
):
    put_on_agenda(make_published_meeting(center), concern)

    propose(nurlan, concern)

    assert not Proposal.objects.exists()
    assert "Бул жыйындын күн тартибинде турат." in page(nurlan, path_of(concern))


def test_a_draft_shows_by_nothing_to_who_may_not_see_it(
    concern, meeting, nurlan, elmira
):
    make_proposal(concern, nurlan)
    before = page(nurlan, path_of(concern)), page(nurlan, concern.get_desk_url())

    put_on_agenda(meeting, concern)

    after = page(nurlan, path_of(concern)), page(nurlan, concern.get_desk_url())
    assert without_token(after) == without_token(before)
    assert "Бул жыйындын күн тартибинде турат." in page(elmira, path_of(concern))


def test_a_draft_that_one_may_not_see_refuses_no_proposal(concern, meeting, nurlan):
    put_on_agenda(meeting, concern)

    propose(nurlan, concern)

    assert Proposal.objects.get().by == nurlan


def without_token(pages):
    return [
        [line for line in page.splitlines() if "csrfmiddlewaretoken" not in line]
        for page in pages
    ]


def test_no_public_page_tells_who_proposed(center, concern, nurlan):
    make_proposal(concern, nurlan, words="Балдар караңгыда жүрөт")
    meeting = make_published_meeting(center)
    put_on_agenda(meeting, concern)

    for path in (concern.get_absolute_url(), meeting.get_absolute_url()):
        shown = Client().get(path).content.decode()
        assert nurlan.full_name not in shown
        assert "караңгыда" not in shown


@pytest.mark.parametrize("number", [1, 10])
def test_the_list_asks_as_much_for_ten_proposals_as_for_one(
    number, center, meeting, nurlan, bakyt, elmira, django_assert_num_queries
):
    for _ in range(number):
        concern = make_approved(center)
        make_proposal(concern, nurlan)
        make_proposal(concern, bakyt)
    browser = signed_in(elmira)
    browser.get(meeting.get_desk_url())

    # Session, person with service; the meeting, its items with what others left to it,
    # what can be put on it, what was proposed, the actions.
    with django_assert_num_queries(7):
        browser.get(meeting.get_desk_url())
