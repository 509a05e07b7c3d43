"""What was promised to whoever raised a concern, and whether she says it was done."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from concerns.workflow import Level, Status
from meetings import actions
from meetings.actions import Stale
from meetings.models import Action

from .factories import (
    COUNCIL,
    POLICE,
    make_action,
    make_approved,
    make_category,
    make_concern,
    make_decision,
    make_hidden_category,
    make_message,
    make_photo,
    partner_of,
    put_action_on_agenda,
    put_on_agenda,
)
from .following import CONCERN, follow, read
from .planning import ended_meeting, promise, public_page, running_meeting
from .test_meetings_doing import (
    CONFIRMED,
    DONE,
    NOT_DONE,
    OPEN,
    do,
    page_of,
    put,
    said,
    today,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cheap_codes")]

TEXT = "Чыракты алмаштыруу"


def address(action):
    return f"{CONCERN}promise/{action.reference}/"


def say(aida, action, sent, **left):
    fields = {f"{action.reference}-{name}": text for name, text in sent.items()}
    return aida.post(address(action), fields | left)


@pytest.fixture
def concern(center):
    return make_concern(center, status=Status.IN_PROGRESS)


@pytest.fixture
def action(center, concern):
    return promise(center, concern)


# What she reads


def test_she_reads_what_was_promised_by_whom_and_by_when(action, concern, aida):
    follow(aida, concern)

    page = read(aida)

    assert TEXT in page
    assert "council, ky" in page
    assert f'datetime="{today():%Y-%m-%d}"' in page


def test_she_reads_what_the_staff_say_and_not_who_says_it(
    action, concern, aida, elmira
):
    do(actions.note_progress, action, elmira, note="Чырак келди")
    do(actions.give_to, action, elmira, person=elmira)
    do(actions.put_off, action, elmira, due_on=today(3), note="Кар жаады")
    do(actions.step, action, elmira, target=DONE, note="Чырак күйөт")
    follow(aida, concern)

    page = read(aida)

    assert [words in page for words in ("Чырак келди", "Кар жаады", "Чырак күйөт")] == [
        True
    ] * 3
    assert elmira.full_name not in page


def test_she_reads_nothing_of_what_others_answered(center, concern, aida):
    other = make_concern(center, status=Status.IN_PROGRESS)
    action = put(promise(center), DONE)
    action.decision.answers.add(concern, other)
    actions.say_as_reporter(
        action=action, concern=other, is_done=False, words="Менин үйүмдүн алды караңгы"
    )
    follow(aida, concern)

    page = read(aida)

    assert TEXT in page
    assert "караңгы" not in page
    assert other.number not in page


def test_her_own_words_she_reads_again(action, concern, aida):
    put(action, DONE)
    actions.say_as_reporter(
        action=action, concern=concern, is_done=False, words="Дагы эле караңгы"
    )
    follow(aida, concern)

    assert "Дагы эле караңгы" in read(aida)


@pytest.mark.parametrize(
    "fields",
    [
        {"meeting": lambda center: ended_meeting(center, is_open=False)},
        {"meeting": running_meeting},
    ],
)
def test_of_a_closed_meeting_and_of_one_that_goes_on_she_is_told_nothing(
    fields, center, concern, aida
):
    promise(center, concern, meeting=fields["meeting"](center))
    follow(aida, concern)

    assert "promised" not in read(aida)


@pytest.mark.parametrize(
    ("fields", "is_read"),
    [
        ({}, False),
        ({"ended_at": timezone.now(), "is_open": False}, False),
        ({"ended_at": timezone.now()}, True),
    ],
)
def test_what_a_meeting_says_is_read_when_it_has_ended_and_is_open(
    fields, is_read, action, concern, aida, elmira
):
    put(action, DONE)
    meeting = running_meeting(concern.center, **fields)
    words = "Чырак дагы эле күйбөйт"
    actions.judge(
        **{"action": action, "meeting": meeting, "by": elmira, "version": 0},
        **{"target": OPEN, "note": words},
    )
    follow(aida, concern)

    page = read(aida)

    assert TEXT in page
    assert (words in page) is is_read


def test_of_a_closed_item_she_is_told_nothing(center, concern, aida):
    action = promise(center, is_closed=True)
    action.decision.answers.add(concern)
    follow(aida, concern)

    assert "promised" not in read(aida)
    assert say(aida, action, {"done": "yes"}).status_code == 404


@pytest.mark.parametrize(
    ("make", "is_told"),
    [
        (lambda center: make_approved(center), True),
        (lambda center: make_concern(center, status=Status.IN_PROGRESS), False),
        (lambda center: make_approved(center, make_category(Level.RESTRICTED)), False),
        (lambda center: make_concern(center, make_hidden_category(POLICE)), False),
    ],
)
def test_what_was_decided_on_anothers_concern_is_told_where_everyone_reads_it(
    make, is_told, center, concern, aida
):
    action = promise(center, make(center))
    action.decision.answers.add(concern)
    follow(aida, concern)

    assert (TEXT in read(aida)) == is_told


@pytest.mark.parametrize("is_hers", [True, False])
def test_what_goes_back_to_anothers_concern_is_told_to_nobody_else(
    is_hers, center, concern, aida
):
    other = make_concern(center, status="in_progress")
    earlier = promise(center, concern if is_hers else other)
    meeting = ended_meeting(center)
    again = make_decision(put_action_on_agenda(meeting, earlier))
    again.answers.add(concern)
    make_action(again, text_ky="Кайра карап чыгуу")
    follow(aida, concern)

    assert ("Кайра карап чыгуу" in read(aida)) == is_hers


def test_her_own_concern_is_told_of_when_it_became_confidential(
    action, concern, aida, cholpon
):
    type(concern).objects.filter(pk=concern.pk).update(level=Level.CONFIDENTIAL)
    follow(aida, concern)

    assert TEXT in read(aida)


def test_what_was_promised_on_a_topic_answers_her_too(center, concern, aida):
    action = promise(center)
    action.decision.answers.add(concern)
    follow(aida, concern)

    assert TEXT in read(aida)


def test_what_answers_others_alone_is_not_on_her_page(center, concern, aida):
    promise(center, make_concern(center, status=Status.IN_PROGRESS))
    follow(aida, concern)

    assert TEXT not in read(aida)


def test_her_page_asks_as_much_however_much_was_promised(center, concern, elmira, aida):
    def fill(number):
        for _ in range(number):
            action = promise(center, meeting=ended_meeting(center))
            action.decision.answers.add(concern)
            item = put_on_agenda(ended_meeting(center), concern)
            make_action(make_decision(item)).decision.answers.add(concern)
            do(actions.note_progress, action, elmira, note="Сөз")

    def asked():
        with CaptureQueriesContext(connection) as queries:
            read(aida)
        return len(queries)

    make_message(concern)
    make_photo(concern)
    follow(aida, concern)
    read(aida)
    fill(1)
    few = asked()

    fill(10)

    assert asked() == few <= 8


# What she answers


def test_she_is_asked_only_of_what_is_said_to_be_done(action, concern, aida):
    follow(aida, concern)
    pages = {status: read(aida) for status in Action.Status if put(action, status)}

    asked = {status for status, page in pages.items() if address(action) in page}

    assert asked == {DONE}


def test_her_yes_confirms_it(action, concern, aida):
    put(action, DONE)
    follow(aida, concern)

    answer = say(aida, action, {"done": "yes", "words": ""})

    assert answer.status_code == 302
    assert answer["Location"] == f"{CONCERN}?sent"
    assert said(action) == [("status", "done", "confirmed", "")]
    line = action.changes.get()
    assert (line.side, line.by, line.concern) == ("reporter", None, concern)


def test_her_no_takes_it_up_again_with_her_words(action, concern, aida):
    put(action, DONE)
    follow(aida, concern)

    say(aida, action, {"done": "no", "words": "Чырак күйбөйт"})

    assert said(action) == [("status", "done", "open", "Чырак күйбөйт")]


@pytest.mark.parametrize(
    "sent", [{}, {"done": "no"}, {"done": "no", "words": " "}, {"done": "maybe"}]
)
def test_what_is_missing_is_said_beside_the_field(sent, action, concern, aida):
    put(action, DONE)
    follow(aida, concern)

    answer = say(aida, action, sent)

    assert answer.status_code == 422
    assert f'name="{action.reference}-done"' in answer.content.decode()
    assert 'aria-invalid="true"' in answer.content.decode()
    assert not action.changes.exists()


@pytest.mark.parametrize("status", [Status.IN_PROGRESS, Status.RESOLVED])
def test_what_else_she_typed_comes_along(status, center, aida):
    concern = make_concern(center, status=status)
    first, other = (put(promise(center, concern), DONE) for _ in range(2))
    follow(aida, concern)
    left = {"answer-text": "Жарым кат", f"{other.reference}-words": "Дагы эмес"}

    page = say(aida, first, {"done": "yes"}, **left).content.decode()

    first.refresh_from_db()
    assert first.status == CONFIRMED
    assert "Жарым кат" in page and "Дагы эмес" in page


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("message", {"answer-text": "Рахмат"}),
        ("forget", {}),
        ("news", {"news-email": "aida@example.org"}),
        ("news", {"stop": ""}),
    ],
)
def test_what_she_says_of_a_promise_comes_along_with_whatever_she_sends(
    name, sent, center, aida
):
    concern = make_concern(center, status=Status.IN_PROGRESS)
    action = put(promise(center, concern), DONE)
    follow(aida, concern)
    said = {f"{action.reference}-done": "no", f"{action.reference}-words": "Дагы эмес"}
    path = reverse(f"follow:{name}")

    page = aida.post(path, sent | said)

    assert page.status_code == 200
    assert "Дагы эмес" in page.content.decode()
    assert aida.post(path, sent).status_code == 302


def test_where_it_is_solved_each_form_of_her_page_is_whole(center, aida):
    concern = make_concern(center, status=Status.RESOLVED)
    put(promise(center, concern), DONE)
    follow(aida, concern)

    depth, deepest = 0, 0
    for tag in re.findall(r"</?form\b", read(aida)):
        depth += 1 if tag == "<form" else -1
        deepest = max(deepest, depth)

    assert deepest == 1


def test_her_code_among_the_words_is_refused(action, concern, aida):
    put(action, DONE)
    follow(aida, concern)
    words = f"Коду {concern.code} эле"

    answer = say(aida, action, {"done": "no", "words": words})

    assert answer.status_code == 422
    assert not action.changes.exists()


@pytest.mark.parametrize("sent", [{"done": "yes"}, {"done": "no", "words": "Жок"}])
def test_pressed_twice_it_is_said_once(sent, action, concern, aida):
    put(action, DONE)
    follow(aida, concern)

    answers = [say(aida, action, sent) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert action.changes.count() == 1


def test_where_somebody_was_faster_her_words_wait_on_the_page(
    action, concern, aida, elmira
):
    put(action, DONE)
    follow(aida, concern)
    do(actions.step, action, elmira, target=OPEN, note="Кайра")

    answer = say(aida, action, {"done": "no", "words": "Чырак күйбөйт"})

    assert answer.status_code == 409
    assert "Чырак күйбөйт" in answer.content.decode()
    assert action.changes.count() == 1


def test_where_somebody_was_faster_what_else_she_typed_waits_too(center, aida):
    concern = make_concern(center, status=Status.RESOLVED)
    action = put(promise(center, concern), OPEN)
    follow(aida, concern)
    left = {"solved": "no", "reason": "Дагы эле караңгы", "safer": "no"}
    left |= {"answer-text": "Жарым кат", "news-email": "aida@example.org"}

    answer = say(aida, action, {"done": "no", "words": "Чырак күйбөйт"}, **left)

    assert answer.status_code == 409
    kept = answer.context
    assert kept["answer_form"]["text"].value() == "Жарым кат\n\nЧырак күйбөйт"
    assert kept["news_form"]["email"].value() == "aida@example.org"
    solved = {field.name: field.value() for field in kept["solved_form"]}
    assert solved == {"solved": "no", "reason": "Дагы эле караңгы", "safer": "no"}


def test_pressed_twice_it_is_said_once_whatever_is_noted_between(
    action, concern, elmira
):
    put(action, DONE)
    yes_of(concern, action)
    action.changes.create(kind="photo", new="shown", by=elmira)

    yes_of(concern, action)

    assert action.changes.count() == 2


def test_where_she_is_asked_no_more_what_is_wrong_takes_no_word_of_hers(
    action, concern, aida
):
    put(action, OPEN)
    follow(aida, concern)

    answer = say(aida, action, {"words": "Чырак күйбөйт"})

    assert answer.status_code == 409
    assert "Чырак күйбөйт" in answer.text


@pytest.mark.parametrize("status", [OPEN, CONFIRMED, NOT_DONE])
def test_of_what_is_not_said_to_be_done_she_says_nothing(status, action, concern):
    put(action, status)

    with pytest.raises(Stale):
        actions.say_as_reporter(action=action, concern=concern, is_done=True)


@pytest.fixture
def common(center, concern):
    """Of a topic, done, and promised to her and to another."""
    action = put(promise(center), DONE)
    action.decision.answers.add(concern, make_concern(center))
    return action


def yes_of(concern, action):
    actions.say_as_reporter(action=action, concern=concern, is_done=True)


def test_after_anothers_yes_her_no_takes_it_up_again(common, concern, aida):
    yes_of(common.decision.answers.exclude(pk=concern.pk).get(), common)
    follow(aida, concern)
    page = read(aida)

    say(aida, common, {"done": "no", "words": "Менде караңгы"})

    assert f'type="hidden" name="{common.reference}-done"' in page
    # That another raised it too may be known to the centre alone.
    assert "Башка тургун" not in page
    assert said(common)[-1] == ("status", "confirmed", "open", "Менде караңгы")


def test_after_her_own_yes_nothing_more_is_asked(common, concern, aida):
    yes_of(concern, common)
    follow(aida, concern)

    answer = say(aida, common, {"done": "no", "words": "Жок"})

    assert answer.status_code == 409
    assert address(common) not in read(aida)


def test_what_a_meeting_confirmed_stands(center, common, concern, elmira, aida):
    meeting = running_meeting(center)
    do(actions.judge, common, elmira, meeting=meeting, target=CONFIRMED)
    follow(aida, concern)

    answer = say(aida, common, {"done": "no", "words": "Жок"})

    assert answer.status_code == 409
    assert address(common) not in read(aida)


def test_a_no_without_words_is_refused_by_the_action_too(action, concern):
    put(action, DONE)

    with pytest.raises(ValidationError) as refused:
        actions.say_as_reporter(action=action, concern=concern, is_done=False)

    assert refused.value.message_dict.keys() == {"words"}


@pytest.mark.parametrize("sent", [{"done": "yes"}, {}])
def test_what_was_promised_to_another_does_not_exist_for_her(
    sent, center, concern, aida
):
    other = put(promise(center, make_concern(center)), DONE)
    follow(aida, concern)

    answer = say(aida, other, sent)
    missing = aida.post(f"{CONCERN}promise/99999999/", {"done": "yes"})

    assert answer.status_code == missing.status_code == 404
    assert not other.changes.exists()


def test_of_what_was_promised_to_another_the_action_hears_nothing_too(center, concern):
    theirs = put(promise(center, make_concern(center)), DONE)

    with pytest.raises(Action.DoesNotExist):
        actions.say_as_reporter(action=theirs, concern=concern, is_done=True)


def test_without_the_code_she_is_led_to_where_it_is_typed(action, aida):
    put(action, DONE)

    answer = say(aida, action, {"done": "yes"})

    assert answer.status_code == 302
    assert answer["Location"] == "/follow/?closed=unsent"
    assert not action.changes.exists()


def test_once_taken_back_nothing_is_said_any_more(action, concern, aida):
    put(action, DONE)
    follow(aida, concern)
    aida.post(f"{CONCERN}withdraw/", {"withdraw-is_sure": "on"})

    answer = say(aida, action, {"done": "yes"})

    assert answer["Location"] == "/follow/?closed=unsent"
    assert Action.objects.get(pk=action.pk).status == DONE


def test_her_answer_leaves_no_trace(action, concern, aida):
    put(action, DONE)
    follow(aida, concern)

    pages = [
        say(aida, action, {"done": "no"}),
        say(aida, action, {"done": "yes"}),
        aida.get(address(action)),
    ]

    assert [page.status_code for page in pages] == [422, 302, 302]
    assert ["no-store" in page["Cache-Control"] for page in pages] == [True] * 3
    assert 'action="/leave/"' in pages[0].content.decode()


def test_in_russian_she_is_asked_in_russian(action, concern, aida):
    put(action, DONE)
    follow(aida, concern)

    page = aida.get(f"/ru{CONCERN}").content.decode()

    assert "Заменить фонарь" in page
    assert f'action="/ru{address(action)}"' in page


# What the centre reads of it


def test_her_words_are_read_by_those_who_may_read_her_concern(center, elmira, nurlan):
    concern = make_approved(center)
    action = put(promise(center, concern), DONE)
    actions.say_as_reporter(
        action=action, concern=concern, is_done=False, words="Көчө караңгы бойдон"
    )

    words = [
        "Көчө караңгы бойдон" in page_of(person, action.get_desk_url())
        for person in (elmira, nurlan)
    ]

    assert words == [True, False]
    with translation.override("ky"):
        answered = translation.gettext("The reporter says: it was not done")
    assert answered in page_of(nurlan, action.get_desk_url())


def test_who_may_not_know_of_her_concern_reads_not_that_she_answered(
    center, elmira, jamila
):
    action = put(promise(center), DONE)
    hidden = make_concern(
        center, make_hidden_category(COUNCIL), status=Status.IN_PROGRESS
    )
    action.decision.answers.add(hidden)
    actions.say_as_reporter(
        action=action, concern=hidden, is_done=False, words="Дагы коркутат"
    )

    pages = [page_of(person, action.get_desk_url()) for person in (elmira, jamila)]

    assert ["айрылуучу" in page for page in pages] == [False, True]
    assert "Дагы коркутат" not in pages[0]


def test_her_answer_is_kept_no_longer_than_her_words(concern, action, elmira):
    put(action, DONE)
    actions.say_as_reporter(
        action=action, concern=concern, is_done=False, words="Дагы эле караңгы"
    )
    do(actions.note_progress, action, elmira, note="Чырак келди")
    assert actions.erase_answers() == 0

    type(concern).objects.filter(pk=concern.pk).update(words_erased_at=timezone.now())

    assert actions.erase_answers() == 1
    assert [line[2:] for line in said(action)] == [("open", ""), ("", "Чырак келди")]


# What everyone reads


def open_page(center, **fields):
    action = promise(center, make_approved(center), **fields)
    return action, action.decision.item.meeting


@pytest.mark.parametrize("status", Action.Status)
def test_everyone_reads_how_far_it_is(status, center):
    action, meeting = open_page(center)
    put(action, status)

    page = public_page(meeting).content.decode()

    assert f'<span class="status {status}">' in page


@pytest.mark.parametrize(
    ("days", "status", "is_said"),
    [(-1, OPEN, True), (0, OPEN, False), (-1, DONE, False), (-1, NOT_DONE, False)],
)
def test_everyone_reads_that_it_is_overdue(days, status, is_said, center):
    action, meeting = open_page(center, due_on=today(days))
    put(action, status)

    page = public_page(meeting).content.decode()

    assert ('class="status overdue"' in page) == is_said


def test_everyone_reads_which_partners_and_nobody_reads_which_person(center, elmira):
    action, meeting = open_page(center, person=elmira)
    action.co_executors.add(partner_of(center, POLICE))

    page = public_page(meeting).content.decode()

    assert "council, ky" in page
    assert "police, ky" in page
    assert elmira.full_name not in page


def test_everyone_reads_how_it_was_decided(center):
    action, meeting = open_page(center)
    type(action.decision).objects.filter(pk=action.decision.pk).update(
        way="vote", votes_for=21, votes_against=13, votes_abstained=17
    )

    page = public_page(meeting).content.decode()

    assert [number in page for number in ("21", "13", "17")] == [True] * 3


def test_what_was_said_of_it_is_not_published(center, elmira):
    action, meeting = open_page(center)
    do(actions.note_progress, action, elmira, note="Токтосунованын үйүнүн жанында")

    assert "Токтосунованын" not in public_page(meeting).content.decode()


@pytest.mark.parametrize(
    ("make", "is_public"),
    [
        (lambda center: promise(center), True),
        (lambda center: promise(center, make_approved(center)), True),
        (lambda center: promise(center, make_concern(center)), False),
        (
            lambda center: promise(
                center, make_approved(center, make_category(Level.RESTRICTED))
            ),
            False,
        ),
        (lambda center: promise(center, is_closed=True), False),
        (lambda center: promise(center, meeting=running_meeting(center)), False),
        (
            lambda center: promise(
                center, meeting=ended_meeting(center, is_open=False)
            ),
            False,
        ),
    ],
)
def test_the_public_door_leads_to_what_everyone_reads_alone(make, is_public, center):
    action = make(center)

    assert Action.objects.public().filter(pk=action.pk).exists() == is_public
