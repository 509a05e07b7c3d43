"""A meeting in many hands at once: planned, recorded, acted upon, approved."""

import re
from datetime import date, timedelta
from itertools import count as numbers

import pytest

from .races import (
    assert_one_of_twenty,
    at_once,
    both,
    code_on,
    lost,
    number,
    twenty,
    words,
)

pytestmark = pytest.mark.server
# A day for each meeting, so that none is held against another.
days = numbers(300)
MINE = (
    "SELECT m.reference FROM centers_membership m JOIN centers_user u"
    " ON u.id = m.user_id WHERE u.email = 'council@example.org'"
)
COUNCIL = (
    "SELECT p.id FROM centers_partner p JOIN centers_center c ON c.id = p.center_id"
    " WHERE c.slug = 'mirmakhmudov' AND p.kind = 'council'"
)


def plan(person):
    """Plan a meeting to come with two topics and publish it; return its address."""
    path, given = person.opens("/desk/meetings/new/mirmakhmudov/").form(
        "/mirmakhmudov/"
    )
    day = (date.today() + timedelta(days=next(days))).isoformat()
    # It may be a day off.
    sure = f"{day}T10:00+{given['minutes']}"
    venue = dict.fromkeys(["venue_ky", "venue_ru"], "Клуб")
    plan = given | venue | {"day": day, "hour": "10:00", "sure": sure}
    page = person.sends(path, plan).place
    for topic in ("Жарык", "Иттер"):
        path, given = person.opens(page).form("/topic/")
        person.sends(path, given | dict.fromkeys(["topic_ky", "topic_ru"], topic))
    person.sends(*person.opens(page).form("/publish/"))
    return page


def hold(person, portal, page, ago=1):
    """Let a meeting have come, so many days ago, and begin its record."""
    # Ten o'clock in the village.
    moment = f"{date.today() - timedelta(days=ago)} 04:00:00+00:00"
    update = "UPDATE meetings_meeting SET starts_at = %s WHERE reference = %s"
    portal.ask(update, moment, reference_of(page))
    person.sends(*person.opens(page).form("/begin/"))
    return page


def reference_of(page):
    return page.rstrip("/").rpartition("/")[2]


def send(person, page, ending, **fields):
    path, given = person.opens(page).form(ending)
    answer = person.sends(path, given | fields)
    assert answer.status == 302, answer.html
    return answer


def promise(person, page, portal, place=1):
    """Decide on an item who does what, and end the meeting; return the action."""
    item, text = f"{page}run/{place}/", dict.fromkeys(["text_ky", "text_ru"], "Тартуу")
    send(person, item, f"/run/{place}/", outcome="decided", **text)
    send(person, f"{item}action/", "/action/", **to_do(portal), **text)
    send(person, f"{page}run/", "/end/", sure="on")
    newest = "SELECT reference FROM meetings_action ORDER BY id DESC LIMIT 1"
    return f"/desk/actions/{number(portal, newest)}/"


def to_do(portal):
    due_on = (date.today() + timedelta(days=30)).isoformat()
    return {"partner": f"{number(portal, COUNCIL)}", "due_on": due_on}


@pytest.fixture
def coordinator(staff):
    return staff("coordinator")


@pytest.fixture
def meeting(coordinator):
    """The address of a meeting to come, on the desk."""
    return plan(coordinator)


@pytest.fixture
def held(coordinator, portal, meeting):
    """That of one of yesterday that is being recorded."""
    return hold(coordinator, portal, meeting)


@pytest.fixture
def action(coordinator, portal, held):
    """The address of an action on the desk, just decided."""
    return promise(coordinator, held, portal)


# One does it, the others are told


# Each: where its form stands, how its address ends, what one of twenty sends.
MEETING = {
    "topic": ("", "/topic/", lambda n: both("topic", n)),
    "edit": ("edit/", "/edit/", lambda n: both("venue", n)),
    "cancel": ("", "/cancel/", lambda n: both("reason", n)),
    "order": ("", "/arrange/", lambda n: {"do": "down"}),
    "minutes of an item": ("", "/items/1/", lambda n: {"minutes": f"{n + 101}"}),
}
RECORD = {
    "an item": (
        *("run/1/", "/run/1/"),
        lambda n: {
            "outcome": "decided",
            **both("heard", n),
            **both("discussed", n),
            **both("text", n),
        },
    ),
    "who came": ("run/", "/attendance/", lambda n: {"women_14-28": f"{n + 101}"}),
    "the hours": (
        *("run/", "/end/"),
        lambda n: {"ended": f"11:{n + 10}", "sure": "on"},
    ),
}


@pytest.mark.parametrize("act", MEETING)
def test_of_twenty_who_change_a_meeting_at_once_one_does(
    act, meeting, coordinator, proved
):
    page, ending, typed = MEETING[act]

    answers = twenty(coordinator, meeting + page, ending, typed)

    assert_one_of_twenty(answers, typed, ending if act != "cancel" else None)
    proved("R8", f"{act}: 1 of 20")


@pytest.mark.parametrize("act", RECORD)
def test_of_twenty_who_record_at_once_one_does(act, held, coordinator, proved):
    page, ending, typed = RECORD[act]

    answers = twenty(coordinator, held + page, ending, typed)

    assert_one_of_twenty(answers, typed, ending)
    proved("R8", f"{act} recorded: 1 of 20")


def test_of_twenty_who_put_a_concern_on_an_agenda_at_once_one_does(
    comes, meeting, coordinator, portal, proved
):
    reference = filed(comes(), coordinator, portal)

    answers = twenty(
        coordinator, meeting, "/concern/", lambda n: {"concern": reference}
    )

    statuses = [answer.status for answer in answers]
    assert statuses.count(302) == 1
    # Whoever asks a moment later is told that it stands there already.
    assert set(statuses) <= {302, 409, 422}
    places = (
        'SELECT count(*), count(DISTINCT i."order") FROM meetings_agendaitem i'
        " JOIN meetings_meeting m ON m.id = i.meeting_id WHERE m.reference = %s"
    )
    assert portal.ask(places, reference_of(meeting)) == [(3, 3)]
    proved("R8", "a concern on an agenda: 1 of 20")


def filed(aida, coordinator, portal):
    """File a concern and have it registered; return its reference."""
    aida.code = code_on(aida.opens(aida.sends(*aida.form_for_filing()).place).html)
    newest = "SELECT reference FROM concerns_concern ORDER BY id DESC LIMIT 1"
    reference = number(portal, newest)
    path = f"/desk/concerns/{reference}/"
    coordinator.sends(*coordinator.opens(path).form("/register/"))
    return reference


def later(n):
    return (date.today() + timedelta(days=40 + n)).isoformat()


# Each: how its form is called, what one of twenty sends.
ACTION = {
    "progress": lambda n: {"note": words(n)},
    "done": lambda n: {"note": words(n)},
    "not-done": lambda n: {"note": words(n)},
    "term": lambda n: {"note": words(n), "due_on": later(n)},
}


@pytest.mark.parametrize("act", ACTION)
def test_of_twenty_who_say_of_an_action_at_once_one_does(
    act, action, coordinator, portal, proved
):
    answers = twenty(coordinator, action, f"/{act}/", ACTION[act])

    assert sorted(answer.status for answer in answers) == [302] + [409] * 19
    assert lost(answers, lambda n: {"note": words(n)}) == []
    assert number(portal, LINES, reference_of(action)) == 1
    proved("R8", f"an action's {act}: 1 of 20")


LINES = (
    "SELECT count(*) FROM meetings_actionchange c JOIN meetings_action a"
    " ON a.id = c.action_id WHERE a.reference = %s"
)


def test_sent_twenty_times_a_person_is_named_once(action, coordinator, portal, proved):
    person = number(portal, MINE)

    answers = twenty(coordinator, action, "/person/", lambda n: {"person": person})

    assert {answer.status for answer in answers} == {302}
    assert number(portal, LINES, reference_of(action)) == 1
    proved("R7", "20 times an action's person: 1")


def test_of_twenty_who_judge_an_action_at_once_one_does(
    comes, coordinator, portal, proved
):
    aida, earlier = comes(), plan(coordinator)
    reference = filed(aida, coordinator, portal)
    send(coordinator, earlier, "/concern/", concern=reference)
    hold(coordinator, portal, earlier, ago=2)
    action = promise(coordinator, earlier, portal, place=3)
    send(coordinator, action, "/done/", note="Тартылды")
    now = hold(coordinator, portal, plan(coordinator))
    path, given = aida.opens("/follow/").form("/follow/")
    aida.sends(path, given | {"c": aida.code})
    judge = f"/judge/{reference_of(action)}/"
    heard = coordinator.opens(f"{now}run{judge}").form(judge)
    hers = aida.opens("/follow/concern/").form(f"/promise/{reference_of(action)}/")

    name = reference_of(action)

    # The meeting says yes ten times, she says ten times, in other words, no.
    def said(n):
        no = {f"{name}-done": "no", f"{name}-words": words(n)}
        return no if n % 2 else {"target": "confirmed"}

    sendings = [
        (person.twin(), path, given | said(n))
        for n in range(20)
        for person, (path, given) in [((aida, hers) if n % 2 else (coordinator, heard))]
    ]
    answers = at_once(sendings)

    # Whoever pressed twice is told that once is enough.
    assert {answer.status for answer in answers} == {302, 409}
    winners = {n % 2 for n, answer in enumerate(answers) if answer.status == 302}
    assert len(winners) == 1
    assert lost(answers, lambda n: {"words": words(n)} if n % 2 else {}) == []
    # That it is done was the first.
    assert number(portal, LINES, reference_of(action)) == 2
    proved("R8", "an action judged by a meeting and by her: 1 of 20")


# Protocols


def versions_of(portal, page):
    """Return how many versions a meeting's protocol has, and how many approvals."""
    counts = (
        "SELECT count(DISTINCT v.id), count(a.id) FROM meetings_protocolversion v"
        " JOIN meetings_protocol p ON p.id = v.protocol_id"
        " JOIN meetings_meeting m ON m.id = p.meeting_id"
        " LEFT JOIN meetings_approval a ON a.version_id = v.id WHERE m.reference = %s"
    )
    [row] = portal.ask(counts, reference_of(page))
    return row


@pytest.fixture
def recorded(coordinator, held):
    """The address of a meeting of yesterday that is over."""
    send(coordinator, f"{held}run/", "/end/", sure="on")
    return held


@pytest.fixture
def put_up(coordinator, recorded):
    """That of one whose protocol is up for approval."""
    send(coordinator, f"{recorded}protocol/", "/up/")
    return recorded


def nothing(n):
    return {}


def test_sent_twenty_times_a_protocol_is_put_up_once(
    recorded, coordinator, portal, proved
):
    answers = twenty(coordinator, f"{recorded}protocol/", "/up/", nothing)

    assert {answer.status for answer in answers} == {302}
    assert versions_of(portal, recorded) == (1, 0)
    proved("R7", "20 times a protocol: 1 version")


def test_of_twenty_who_put_up_two_protocols_at_once_each_has_its_number(
    recorded, coordinator, portal, proved
):
    other = hold(coordinator, portal, plan(coordinator))
    send(coordinator, f"{other}run/", "/end/", sure="on")
    forms = [
        coordinator.opens(f"{page}protocol/").form("/up/") for page in (recorded, other)
    ]

    answers = at_once([(coordinator.twin(), *form) for form in forms * 10])

    assert {answer.status for answer in answers} == {302}
    # Those of the same centre and year, whose numbers are one series.
    drawn = (
        "SELECT p.number FROM meetings_protocol p JOIN meetings_protocol own"
        " ON own.center_id = p.center_id AND own.year = p.year"
        " JOIN meetings_meeting m ON m.id = own.meeting_id"
        " WHERE m.reference = %s ORDER BY p.id"
    )
    found = [row for [row] in portal.ask(drawn, reference_of(recorded))]
    assert found == list(range(1, len(found) + 1))
    proved("R8", "2 protocols put up by 20: 2 numbers, no gap")


def test_sent_twenty_times_an_approval_is_one(put_up, staff, portal, proved):
    answers = twenty(staff("council"), f"{put_up}protocol/", "/approve/", nothing)

    assert {answer.status for answer in answers} == {302}
    assert versions_of(portal, put_up) == (1, 1)
    proved("R7", "20 times an approval: 1")


def test_of_twenty_who_approve_for_one_side_at_once_one_does(
    put_up, staff, portal, proved
):
    sides = [staff("council"), staff("coordinator")]
    forms = [one.opens(f"{put_up}protocol/").form("/approve/") for one in sides]

    answers = at_once(
        [(one.twin(), *form) for one, form in zip(sides * 10, forms * 10, strict=True)]
    )

    assert {answer.status for answer in answers} == {302, 422}
    assert versions_of(portal, put_up) == (1, 1)
    proved("R8", "approved by two of one side, ten times each: 1")


def test_of_twenty_who_withdraw_a_protocol_at_once_one_does(
    put_up, coordinator, proved
):
    def typed(n):
        return {"words": words(n)}

    answers = twenty(coordinator, f"{put_up}protocol/", "/decline/", typed)

    assert_one_of_twenty(answers, typed, None)
    proved("R8", "a protocol withdrawn: 1 of 20")


def test_of_twenty_who_amend_a_protocol_at_once_one_does(
    put_up, staff, coordinator, proved
):
    for name in ("council", "officer", "community"):
        send(staff(name), f"{put_up}protocol/", "/approve/")

    answers = twenty(
        coordinator, f"{put_up}protocol/", "/amend/", lambda n: both("reason", n)
    )

    assert_one_of_twenty(answers, lambda n: both("reason", n), None)
    proved("R8", "a protocol amended: 1 of 20")


# Who is invited, and who proposes


def test_sent_twenty_times_a_guest_is_invited_once(
    meeting, coordinator, portal, proved
):
    guest = {"name": "Нурлан Асанов", "phone": "+996770080050"}

    answers = twenty(coordinator, f"{meeting}invited/", "/invited/", lambda n: guest)

    assert {answer.status for answer in answers} == {302}
    assert len(guests_of(portal, meeting)) == 1
    proved("R7", "20 times a guest: 1")


def guests_of(portal, meeting):
    invited = (
        "SELECT i.answer, i.words, i.needs_transport FROM meetings_invited i"
        " JOIN meetings_meeting m ON m.id = i.meeting_id"
        " WHERE i.user_id IS NULL AND m.reference = %s"
    )
    return portal.ask(invited, reference_of(meeting))


def test_of_twenty_answers_of_a_guest_at_once_one_is_kept_whole(
    meeting, comes, coordinator, portal, proved
):
    send(
        coordinator, f"{meeting}invited/", "/invited/", name="А", phone="+996770080050"
    )
    page = coordinator.opens(f"{meeting}invited/").html
    own = "SELECT reference FROM meetings_invited ORDER BY id DESC LIMIT 1"
    links = re.findall(r"/invited/\d{8}:[\w-]+/", page)
    [link] = {link for link in links if f"/{number(portal, own)}:" in link}
    said = [("yes", True), ("maybe", False), ("no", False)]

    def typed(n):
        answer, needs = said[n % 3]
        return {"answer": answer, "words": words(n)} | (
            {"needs": "needs_transport"} if needs else {}
        )

    answers = twenty(comes(), link, link, typed)

    assert {answer.status for answer in answers} == {302}
    [(answer, kept, needs)] = guests_of(portal, meeting)
    assert (answer, kept, bool(needs)) in {
        (said[n % 3][0], words(n), said[n % 3][1]) for n in range(20)
    }
    proved("R8", "a guest's answer: 1 of 20, whole")


def test_sent_twenty_times_a_proposal_is_one(comes, staff, coordinator, portal, proved):
    reference = filed(comes(), coordinator, portal)

    answers = twenty(
        coordinator,
        f"/desk/meetings/propose/{reference}/",
        f"/propose/{reference}/",
        lambda n: {"words": words(n)},
    )

    assert {answer.status for answer in answers} == {302}
    proposals = (
        "SELECT count(*) FROM meetings_proposal p JOIN concerns_concern c"
        " ON c.id = p.concern_id WHERE c.reference = %s"
    )
    assert number(portal, proposals, reference) == 1
    proved("R7", "20 times a proposal: 1")
