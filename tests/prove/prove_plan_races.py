"""A year's plan in many hands at once: written, put up, signed, carried out."""

from datetime import date

import pytest

from .races import assert_one_of_twenty, both, number, twenty, words

pytestmark = pytest.mark.server
# Which the demo leaves without a plan.
YEAR = date.today().year + 1
PLANS = "/desk/centers/mirmakhmudov/plan/"
PLAN = f"{PLANS}{YEAR}/"
OFFICES = ["police", "council", "kenesh"]
COUNTS = (
    "SELECT count(DISTINCT g.id), count(DISTINCT v.id), count(DISTINCT s.id)"
    " FROM meetings_plan p LEFT JOIN meetings_goal g ON g.plan_id = p.id"
    " LEFT JOIN meetings_planversion v ON v.plan_id = p.id"
    " LEFT JOIN meetings_signature s ON s.version_id = v.id WHERE p.year = %s"
)


@pytest.fixture
def coordinator(staff, portal):
    """She, and no plan of the year."""
    plan = "SELECT id FROM meetings_plan WHERE year = %s"
    of_plan = f"plan_id IN ({plan})"
    version = f"SELECT id FROM meetings_planversion WHERE {of_plan}"  # noqa: S608
    for table, rows in {
        "signature": f"version_id IN ({version})",
        "planversion": of_plan,
        "goal": of_plan,
        "plan": f"id IN ({plan})",
    }.items():
        portal.ask(f"DELETE FROM meetings_{table} WHERE {rows}", YEAR)  # noqa: S608
    return staff("coordinator")


def goal(n):
    fields = ("problem", "cause", "text", "indicator")
    said = [both(name, n) for name in fields]
    return {name: text for one in said for name, text in one.items()} | {"target": "9"}


@pytest.fixture
def written(coordinator):
    """A plan with a goal that nobody has seen yet but who wrote it."""
    path, given = coordinator.opens(PLANS).form("/begin/")
    coordinator.sends(path, given | {"year": YEAR})
    path, given = coordinator.opens(f"{PLAN}goals/new/").form("/new/")
    assert coordinator.sends(path, given | goal(0)).status == 302


@pytest.fixture
def put_up(coordinator, written):
    coordinator.sends(*coordinator.opens(PLAN).form("/up/"))


@pytest.fixture
def signed(coordinator, put_up):
    for office in OFFICES:
        path, given = coordinator.opens(PLAN).form("/sign/")
        sent = given | signature(office, "Кадыров")
        assert coordinator.sends(path, sent).status == 302


def signature(office, name):
    return {"office": office, "name": name, "signed_on": date.today().isoformat()}


def counts(portal):
    """Return how many goals, versions and signatures the plan has."""
    [row] = portal.ask(COUNTS, YEAR)
    return row


def test_sent_twenty_times_a_plan_is_begun_and_put_up_once(coordinator, portal, proved):
    begun = twenty(coordinator, PLANS, "/begin/", lambda n: {"year": YEAR})
    twenty(coordinator, f"{PLAN}goals/new/", "/new/", lambda n: goal(0))
    up = twenty(coordinator, PLAN, "/up/", lambda n: {})

    assert {answer.status for answer in begun + up} == {302}
    assert counts(portal) == (1, 1, 0)
    proved("R7", "20 times a year's plan, its goal, its version: 1 of each")


def test_of_twenty_who_write_a_goal_at_once_one_does(
    written, coordinator, portal, proved
):
    answers = twenty(coordinator, f"{PLAN}goals/new/", "/new/", goal)

    # The first says what stands there already, so that one more goal may be hers.
    assert [answer.status for answer in answers].count(302) in (1, 2)
    assert {answer.status for answer in answers} == {302, 409}
    assert counts(portal)[0] == 2
    proved("R8", "a goal: 1 of 20")


@pytest.mark.parametrize("office", OFFICES[:1])
def test_of_twenty_who_record_an_office_at_once_one_does(
    office, put_up, coordinator, portal, proved
):
    answers = twenty(coordinator, PLAN, "/sign/", lambda n: signature(office, words(n)))

    refused = [answer for answer in answers if answer.status != 302]
    assert {answer.status for answer in refused} == {422}
    assert len(refused) == 19
    assert counts(portal) == (1, 1, 1)
    proved("R8", "an office's signature: 1 of 20")


def test_of_twenty_who_record_the_offices_at_once_each_is_one_and_it_is_in_force(
    put_up, coordinator, portal, proved
):
    twenty(
        *(coordinator, PLAN, "/sign/"),
        lambda n: signature(OFFICES[n % 3], "Кадыров"),
    )

    in_force = "SELECT count(*) FROM meetings_planversion WHERE signed_at IS NOT NULL"
    of_year = " AND plan_id IN (SELECT id FROM meetings_plan WHERE year = %s)"
    assert counts(portal) == (1, 1, 3)
    assert number(portal, in_force + of_year, YEAR) == 1
    proved("R8", "3 offices recorded by 20: 3 signatures, 1 version in force")


# Of a plan in force: how its address ends, what one of twenty sends.
IN_FORCE = {
    "correction": ("/sign/correct/", lambda n: {"name": words(n)}),
    "amendment": ("/amend/", lambda n: both("reason", n)),
}


@pytest.mark.parametrize("act", IN_FORCE)
def test_of_twenty_who_write_on_a_plan_in_force_one_does(
    act, signed, coordinator, proved
):
    ending, typed = IN_FORCE[act]

    answers = twenty(coordinator, PLAN, ending, typed)

    assert_one_of_twenty(answers, typed, ending)
    proved("R8", f"a plan's {act}: 1 of 20")


def test_of_twenty_who_write_down_a_result_at_once_one_does(coordinator, proved):
    # Of this year: the next has no result yet.
    def typed(n):
        return {"result": f"{n + 101}"}

    answers = twenty(coordinator, f"{PLANS}{YEAR - 1}/", "/result/", typed)

    assert_one_of_twenty(answers, typed, "/result/")
    proved("R8", "a goal's result: 1 of 20")
