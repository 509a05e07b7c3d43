"""Concerns of the same matter: found, merged under a lead, taken apart again."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from concerns import actions
from concerns.actions.status import answer_by, put_status
from concerns.models import Change, Concern
from concerns.similar import similar_to
from concerns.workflow import Level, Status

from .factories import (
    COUNCIL,
    POLICE,
    give,
    make_approved,
    make_category,
    make_concern,
    make_group,
    make_hidden_category,
    make_member,
    make_place,
    signed_in,
)
from .staff import register

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cheap_codes")]


@pytest.fixture
def category():
    return make_category(group=make_group())


@pytest.fixture
def lead(center, category):
    return make_concern(
        center, category, status=Status.IN_PROGRESS, words_text="чырак куйбойт мектеп"
    )


def another(lead, **fields):
    fields = {"status": Status.REGISTERED} | fields
    return make_concern(lead.center, fields.pop("category", lead.category), **fields)


def path_of(concern):
    return reverse("desk:similar", args=[concern.reference])


def press(user, concern, **fields):
    fields = {"version": concern.version} | fields
    return signed_in(user).post(path_of(concern), fields, follow=True)


def box(concern):
    concern.refresh_from_db()
    return f"{concern.reference}.{concern.version}"


def merge(repeat, lead, by):
    repeat.refresh_from_db()
    actions.move(
        concern=repeat,
        target=Status.DUPLICATE,
        lead=lead,
        by=by,
        version=repeat.version,
    )
    repeat.refresh_from_db()
    lead.refresh_from_db()


def statuses(*concerns):
    return [Concern.objects.get(pk=one.pk).status for one in concerns]


# Found


def test_what_is_of_another_group_centre_or_time_or_has_ended_is_not_similar(
    lead, center, other_center, cholpon
):
    near = another(lead)
    cousin = another(lead, category=make_category(group=lead.category.group))
    another(lead, category=make_category())
    another(lead, status=Status.CLOSED)
    another(lead, created_at=timezone.now() - timedelta(days=200))
    make_concern(other_center, lead.category, status=Status.REGISTERED)

    assert similar_to(lead, cholpon) == [near, cousin]


def test_the_same_village_stands_first_then_shared_words(lead, center, cholpon):
    village = center.villages.get()
    Concern.objects.filter(pk=lead.pk).update(village=village)
    lead.refresh_from_db()
    elsewhere = another(lead, village=make_place(), words_text=lead.words_text)
    words = another(lead, village=village, words_text="мектеп чыраксыз")
    other = another(lead, village=village, words_text="ит жолбун")

    assert similar_to(lead, cholpon) == [words, other, elsewhere]


def test_the_words_of_what_is_confidential_are_read_on_its_own_page_alone(
    lead, cholpon
):
    one, secret = another(lead), another(lead, level=Level.CONFIDENTIAL)
    Concern.objects.filter(pk=secret.pk).update(text="Мени уруп жатат")
    Concern.objects.filter(pk=one.pk).update(text="Чырак күйбөйт")

    page = signed_in(cholpon).get(path_of(lead)).content.decode()

    assert secret.number in page
    assert "Мени уруп жатат" not in page
    assert "Чырак күйбөйт" in page


def test_nothing_that_he_may_not_read_is_suggested(lead, center, farida, cholpon):
    hidden = make_concern(
        center,
        make_hidden_category(POLICE, group=lead.category.group),
        status=Status.REGISTERED,
    )

    page = signed_in(cholpon).get(path_of(lead)).content.decode()

    assert hidden.reference not in page
    assert similar_to(lead, cholpon) == []


@pytest.mark.parametrize("who", ["bakyt", "nurlan", "olga", "daniyar"])
def test_who_does_not_register_merges_nothing(who, lead, request):
    repeat = another(lead)

    answer = press(request.getfixturevalue(who), lead, repeat=box(repeat))

    assert answer.status_code in (403, 404)
    assert statuses(repeat) == [Status.REGISTERED]


# Merged


def test_several_are_merged_under_a_lead_by_one_press(lead, cholpon):
    first, second, third = (another(lead) for _ in range(3))

    press(cholpon, lead, repeat=[box(first), box(second)])

    assert statuses(first, second, third) == ["duplicate", "duplicate", "registered"]
    assert {one.lead for one in Concern.objects.filter(status="duplicate")} == {lead}


def test_one_is_merged_into_another_from_its_own_page(lead, cholpon):
    repeat = another(lead)

    press(cholpon, repeat, lead=lead.reference)

    repeat.refresh_from_db()
    assert (repeat.status, repeat.lead) == (Status.DUPLICATE, lead)


def test_what_somebody_changed_meanwhile_is_named_and_the_rest_is_merged(lead, cholpon):
    first, second = another(lead), another(lead)
    old = box(first)
    Concern.objects.filter(pk=first.pk).update(version=7)

    answer = press(cholpon, lead, repeat=[old, box(second)])

    assert statuses(first, second) == [Status.REGISTERED, Status.DUPLICATE]
    said = [str(message) for message in answer.context["messages"]]
    assert len(said) == 2
    assert said[1].startswith(first.number)


def test_a_second_press_merges_nothing_twice(lead, cholpon):
    repeat = another(lead)
    ticked = box(repeat)

    for _ in range(2):
        press(cholpon, lead, repeat=ticked)

    changes = Change.objects.filter(concern=repeat, new=Status.DUPLICATE)
    assert changes.count() == 1


def test_ticking_nothing_says_so_beside_the_list(lead, cholpon):
    another(lead)

    answer = press(cholpon, lead)

    assert answer.status_code == 422
    assert 'class="errors"' in answer.content.decode()


def test_a_lead_that_is_more_closed_is_neither_offered_nor_taken(lead, center, cholpon):
    closed = another(lead, level=Level.CONFIDENTIAL)
    offered = {one.pk: one for one in similar_to(with_repeats(lead), cholpon)}

    press(cholpon, lead, lead=closed.reference)

    assert not offered[closed.pk].may_lead
    assert offered[closed.pk].may_repeat
    assert statuses(lead) == [Status.IN_PROGRESS]


def test_nothing_is_merged_under_what_one_may_not_read(lead, elmira):
    repeat = another(lead)
    give(lead, POLICE)

    with pytest.raises(ValidationError):
        merge(repeat, lead, elmira)

    assert statuses(repeat) == [Status.REGISTERED]


def with_repeats(concern):
    concern.has_repeats = False
    return concern


def test_a_merge_is_undone_from_the_leads_page(lead, cholpon):
    repeat, other = another(lead), another(lead)
    merge(repeat, lead, cholpon)
    merge(other, lead, cholpon)

    page = signed_in(cholpon).get(path_of(lead))
    press(cholpon, lead, undo=box(repeat))

    assert set(page.context["repeats"]) == {repeat, other}
    assert statuses(repeat, other) == [Status.REGISTERED, Status.DUPLICATE]
    repeat.refresh_from_db()
    assert repeat.lead is None


def test_a_merge_is_undone_from_the_repeats_page_too(lead, cholpon):
    repeat = another(lead)
    merge(repeat, lead, cholpon)

    press(cholpon, repeat, undo=box(repeat))

    assert statuses(repeat) == [Status.REGISTERED]


# What the reporters of repeats hear


def follow(concern):
    phone = Client()
    phone.post("/follow/", {"c": concern.code})
    return phone.get("/follow/concern/").content.decode()


def test_she_sees_the_status_of_an_unpublished_lead_and_not_its_number(lead, cholpon):
    repeat = another(lead)
    merge(repeat, lead, cholpon)

    page = follow(repeat)

    assert 'class="status in_progress"' in page
    assert lead.number not in page
    assert lead.reference not in page


def test_of_a_published_lead_she_is_led_to_its_page(center, category, cholpon):
    lead = make_approved(center, category)
    repeat = another(lead)
    merge(repeat, lead, cholpon)

    assert lead.get_absolute_url() in follow(repeat)


@pytest.mark.parametrize(
    "closed",
    [
        {"level": Level.CONFIDENTIAL},
        {"level": Level.CONFIDENTIAL, "in_custody": True, "hidden_from_police": True},
    ],
)
def test_of_a_lead_that_became_more_closed_she_learns_nothing(closed, lead, cholpon):
    repeat = another(lead)
    merge(repeat, lead, cholpon)

    Concern.objects.filter(pk=lead.pk).update(**closed)

    assert 'class="status in_progress"' not in follow(repeat)


def joined_with_address(lead, by, number=1):
    """Merge so many under a lead, each with an address and looked at since."""
    repeats = [another(lead) for _ in range(number)]
    for repeat in repeats:
        merge(repeat, lead, by)
        actions.keep_address(concern=repeat, email=f"{repeat.reference}@example.org")
        actions.note_look(concern=repeat)
    return repeats


def solve(lead, by):
    actions.move(
        concern=lead, target=Status.RESOLVED, note="Бүттү", by=by, version=lead.version
    )


def test_of_a_move_of_the_lead_she_is_told_and_sees_the_status_without_a_word(
    lead, cholpon, mailoutbox, django_capture_on_commit_callbacks
):
    [repeat] = joined_with_address(lead, cholpon)

    with django_capture_on_commit_callbacks(execute=True):
        solve(lead, cholpon)

    page = follow(repeat)
    assert [letter.to for letter in mailoutbox] == [[f"{repeat.reference}@example.org"]]
    line = page.partition('class="now"')[2].partition("</li>")[0]
    assert 'class="status resolved"' in line
    assert ">жаңы</span>" in line
    assert "Бүттү" not in page
    assert lead.number not in page
    assert cholpon.full_name not in page


def test_once_she_has_looked_the_next_move_is_told_anew(
    lead, cholpon, mailoutbox, django_capture_on_commit_callbacks
):
    [repeat] = joined_with_address(lead, cholpon)
    with django_capture_on_commit_callbacks(execute=True):
        solve(lead, cholpon)
        follow(repeat)
        actions.reopen(concern=lead, reason="Чечилген жок")

    assert len(mailoutbox) == 2
    assert "Чечилген жок" not in follow(repeat)


def test_of_more_time_for_the_lead_she_is_told_the_day_and_not_why(
    lead, cholpon, mailoutbox, django_capture_on_commit_callbacks
):
    [repeat] = joined_with_address(lead, cholpon)
    lead.due_on = timezone.localdate() + timedelta(days=3)
    lead.save()
    until = lead.due_on + timedelta(days=7)

    with django_capture_on_commit_callbacks(execute=True):
        actions.extend(
            concern=lead, until=until, reason="Себеби", by=cholpon, version=lead.version
        )

    page = follow(repeat)
    assert len(mailoutbox) == 1
    assert f'<time datetime="{until.isoformat()}">' in page
    assert "Себеби" not in page


def test_what_the_lead_was_before_is_no_line_of_hers(lead, cholpon):
    solve(lead, cholpon)
    lead.refresh_from_db()
    actions.reopen(concern=lead, reason="Чечилген жок")
    lead.refresh_from_db()
    repeat = another(lead)

    merge(repeat, lead, cholpon)

    assert "status resolved" not in follow(repeat)


@pytest.mark.parametrize(
    "closed",
    [
        {"level": Level.CONFIDENTIAL},
        {"level": Level.CONFIDENTIAL, "in_custody": True},
        {"level": Level.CONFIDENTIAL, "hidden_from_police": True},
    ],
    ids=["stricter", "in custody", "hidden"],
)
def test_what_becomes_of_a_lead_that_became_more_closed_is_not_told(
    closed, lead, cholpon, mailoutbox, django_capture_on_commit_callbacks
):
    [repeat] = joined_with_address(lead, cholpon)
    page = follow(repeat)
    Concern.objects.filter(pk=lead.pk).update(**closed)
    without_lead = follow(repeat)

    lead.refresh_from_db()
    with django_capture_on_commit_callbacks(execute=True):
        put_status(lead, Status.RESOLVED, side=Change.Side.CLOCK)

    assert mailoutbox == []
    assert "status in_progress" in page
    assert lines_of(follow(repeat)) == lines_of(without_lead)


def lines_of(page):
    return page.partition('<ol class="timeline">')[2].partition("</ol>")[0]


@pytest.mark.parametrize("number", [1, 10])
def test_a_move_asks_as_much_for_many_who_follow_it(
    number, lead, cholpon, django_assert_max_num_queries
):
    joined_with_address(lead, cholpon, number)

    with django_assert_max_num_queries(12):
        solve(lead, cholpon)


def say(lead, by, **fields):
    lead.refresh_from_db()
    return signed_in(by).post(
        reverse("desk:message", args=[lead.reference]),
        {"version": lead.version, "text": "Чырак алмаштырылды."} | fields,
    )


def test_a_message_to_all_who_reported_it_is_copied_to_each(lead, cholpon):
    repeat, other = another(lead), another(lead)
    merge(repeat, lead, cholpon)

    say(lead, cholpon, to_all="on")

    assert "Чырак алмаштырылды." in follow(repeat)
    assert "Чырак алмаштырылды." in follow(lead)
    assert "Чырак алмаштырылды." not in follow(other)
    assert lead.number not in follow(repeat)
    assert lead.text not in follow(repeat)


def test_sent_again_to_all_who_reported_it_it_is_no_second_press(lead, cholpon):
    merge(another(lead), lead, cholpon)
    say(lead, cholpon)
    version = lead.version

    changed = say(lead, cholpon, to_all="on", version=version)
    say(lead, cholpon, to_all="on")
    same = say(lead, cholpon, to_all="on", version=lead.version - 1)

    assert changed.status_code == 409
    assert same.status_code == 302
    assert lead.messages.count() == 2


def test_a_merge_into_another_is_no_second_press(lead, cholpon):
    repeat, other = another(lead), another(lead)
    path = reverse("desk:move", args=[repeat.reference])
    browser, sent = signed_in(cholpon), {"target": "duplicate", "version": 0}
    browser.post(path, sent | {"lead": lead.number})

    same = browser.post(path, sent | {"lead": lead.number})
    changed = browser.post(path, sent | {"lead": other.number})

    assert (same.status_code, changed.status_code) == (302, 409)


def test_a_lead_that_is_taken_back_leaves_the_others_open(lead, cholpon):
    """Whoever makes her take it back does not silence the others with it."""
    repeat = another(lead)
    merge(repeat, lead, cholpon)

    actions.withdraw(concern=lead)

    assert statuses(lead, repeat) == [Status.WITHDRAWN, Status.REGISTERED]


def test_a_repeat_that_more_may_read_than_its_lead_stands_by_itself(
    lead, center, cholpon
):
    lead.level = Level.CONFIDENTIAL
    lead.save()
    repeat = another(lead, level=Level.CONFIDENTIAL)
    merge(repeat, lead, cholpon)

    actions.set_level(
        concern=repeat,
        level=Level.RESTRICTED,
        by=cholpon,
        version=repeat.version,
        reason="Купуя эмес",
    )

    assert statuses(repeat) == [Status.REGISTERED]


def test_what_stands_by_itself_once_its_lead_is_registered_gets_its_own_number(
    center, category, cholpon
):
    lead, repeat = (make_concern(center, category) for _ in range(2))
    merge(repeat, lead, cholpon)

    register(lead, category, cholpon, Level.RESTRICTED)

    numbers = Concern.objects.order_by("pk").values_list("status", "journal_number")
    assert list(numbers) == [(Status.REGISTERED, 1), (Status.REGISTERED, 2)]


def recategorise(concern, by, **fields):
    """Put a concern in a new category of its level."""
    concern.refresh_from_db()
    actions.categorise(
        concern=concern,
        category=make_category(concern.level, **fields),
        by=by,
        version=concern.version,
    )


def test_what_turns_out_to_be_a_crime_repeats_no_other_matter(lead, cholpon):
    repeat, other = another(lead), another(lead)
    for one in (repeat, other):
        merge(one, lead, cholpon)

    recategorise(repeat, cholpon, is_crime=True)

    assert statuses(repeat, other) == [Status.REGISTERED, Status.DUPLICATE]
    repeat.refresh_from_db()
    assert repeat.lead is None


def test_crimes_do_not_repeat_what_turns_out_to_be_none(center, cholpon):
    lead = make_concern(center, make_category(is_crime=True), status=Status.IN_PROGRESS)
    crime, other = another(lead), another(lead, category=make_category())
    for one in (crime, other):
        merge(one, lead, cholpon)

    recategorise(lead, cholpon)

    assert statuses(crime, other) == [Status.REGISTERED, Status.DUPLICATE]


@pytest.mark.parametrize("number", [1, 10])
def test_a_crime_that_becomes_another_keeps_all_that_repeat_it(
    number, center, cholpon, django_assert_max_num_queries
):
    lead = make_concern(center, make_category(is_crime=True), status=Status.IN_PROGRESS)
    repeats = [another(lead) for _ in range(number)]
    for repeat in repeats:
        merge(repeat, lead, cholpon)

    with django_assert_max_num_queries(14):
        recategorise(lead, cholpon, is_crime=True)

    assert set(statuses(*repeats)) == {Status.DUPLICATE}


def test_what_is_in_custody_leads_nobody(lead, center, jamila):
    kept = {"level": Level.CONFIDENTIAL, "in_custody": True}
    first, second = another(lead, **kept), another(lead, **kept)

    with pytest.raises(ValidationError):
        merge(second, first, jamila)


def test_each_reads_her_own_number_in_it(lead, cholpon):
    repeat = another(lead)
    merge(repeat, lead, cholpon)

    say(
        lead,
        cholpon,
        to_all="on",
        text=f"№ {lead.number}, {lead.reference}: чырак күйөт.",
    )

    assert f"№ {repeat.number}, {repeat.number}: чырак күйөт." in follow(repeat)
    assert lead.number not in follow(repeat)
    assert lead.reference not in follow(repeat)


def test_a_message_without_the_tick_stays_with_the_lead(lead, cholpon):
    repeat = another(lead)
    merge(repeat, lead, cholpon)

    say(lead, cholpon)

    assert not repeat.messages.exists()


def test_the_words_of_a_move_reach_all_too(lead, cholpon):
    repeat = another(lead)
    merge(repeat, lead, cholpon)

    signed_in(cholpon).post(
        reverse("desk:move", args=[lead.reference]),
        {
            "version": lead.version,
            "target": "resolved",
            "note": "Оңдодук.",
            "to_all": "on",
        },
    )

    assert [message.text for message in repeat.messages.all()] == ["Оңдодук."]


def test_the_words_of_a_merge_reach_all_that_it_takes_along(lead, cholpon):
    repeat, other = another(lead), another(lead, status=Status.IN_PROGRESS)
    merge(repeat, lead, cholpon)

    actions.move(
        concern=lead,
        target=Status.DUPLICATE,
        lead=other,
        note="Бул иш башкасы менен бирге каралат.",
        to_all=True,
        by=cholpon,
        version=lead.version,
    )

    repeat.refresh_from_db()
    assert repeat.lead == other
    assert repeat.messages.get().text == "Бул иш башкасы менен бирге каралат."


def test_the_tick_stands_only_where_there_is_somebody_to_tell(lead, cholpon, bakyt):
    def fields(user):
        context = signed_in(user).get(lead.get_desk_url()).context
        return [
            "to_all" in context[name].fields for name in ("move_form", "message_form")
        ]

    before = fields(cholpon)
    merge(another(lead), lead, cholpon)

    assert (before, fields(cholpon)) == ([False, False], [True, True])

    # Whose code is ended reads nothing.
    lead.repeats.update(code_ended_at=timezone.now())
    assert fields(cholpon) == [False, False]


def test_a_repeat_that_the_writer_may_not_read_is_neither_told_nor_betrayed(
    lead, center, cholpon, jamila, elmira
):
    repeat = another(lead)
    merge(repeat, lead, cholpon)
    Concern.objects.filter(pk=repeat.pk).update(
        level=Level.CONFIDENTIAL, in_custody=True, hidden_from_police=True
    )

    say(lead, cholpon, to_all="on")
    form = signed_in(cholpon).get(lead.get_desk_url()).context["message_form"]

    assert "to_all" not in form.fields
    assert not repeat.messages.exists()


def test_a_repeat_that_he_may_not_read_is_not_listed(lead, cholpon):
    read, hidden = (another(lead) for _ in range(2))
    for repeat in (read, hidden):
        merge(repeat, lead, cholpon)
    Concern.objects.filter(pk=hidden.pk).update(
        level=Level.CONFIDENTIAL, in_custody=True, hidden_from_police=True
    )

    page = signed_in(cholpon).get(path_of(lead))

    assert list(page.context["repeats"]) == [read]
    assert hidden.number not in page.content.decode()


def test_a_word_of_one_side_does_not_reach_what_another_side_has(lead, cholpon, bakyt):
    read, other = (another(lead) for _ in range(2))
    for repeat in (read, other):
        merge(repeat, lead, cholpon)
    for concern in (lead, read):
        give(concern, POLICE)
    give(other, COUNCIL)

    say(lead, bakyt, to_all="on")

    assert read.messages.get().by == bakyt
    assert not other.messages.exists()


def test_words_on_a_lead_that_became_more_closed_stay_with_it(lead, cholpon):
    repeat = another(lead)
    merge(repeat, lead, cholpon)
    Concern.objects.filter(pk=lead.pk).update(level=Level.CONFIDENTIAL)

    say(lead, cholpon, to_all="on")

    assert not repeat.messages.exists()


def test_a_member_of_another_side_tells_those_that_he_reads(lead, center, cholpon):
    officer = make_member(center, POLICE)
    repeat = another(lead)
    merge(repeat, lead, cholpon)

    say(lead, officer, to_all="on")

    assert repeat.messages.get().by == officer


def test_a_merge_that_is_undone_leaves_the_term_as_it_was(lead, cholpon):
    long_ago = timezone.now() - timedelta(days=40)
    repeat = another(lead, created_at=long_ago, due_on=None)
    repeat.due_on = answer_by(repeat)
    repeat.extended_to = repeat.due_on + timedelta(days=2)
    repeat.save()
    merge(repeat, lead, cholpon)

    press(cholpon, repeat, undo=box(repeat))

    was = repeat.extended_to
    repeat.refresh_from_db()
    assert was < timezone.localdate()
    assert repeat.due_on == repeat.extended_to == was
