"""Who is invited, who answers by a personal link, and who is reminded."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from centers.actions import end_membership
from meetings import actions
from meetings.models import Invited, Meeting, ProtocolVersion
from meetings.protocol.content import draft

from .factories import make_meeting, make_published_meeting, make_topic, signed_in
from .minutes import put_up
from .planning import act, ended_meeting, held_meeting

pytestmark = pytest.mark.django_db

PAGES = ["invited", "sheet"]
PHONE = "+996770080050"
GUEST = {"name": "Имам Тажибай", "body": "Мечит", "language": "ky"}


@pytest.fixture
def published(center, elmira, bakyt, nurlan):
    """A published meeting to which three members are invited."""
    meeting = make_meeting(center)
    act(actions.publish, meeting, elmira)
    return meeting


@pytest.fixture
def guest(published, elmira):
    guest, _is_new = actions.invite_guest(
        meeting=published, by=elmira, **GUEST, email="imam@example.org"
    )
    return guest


def names(invited):
    return sorted(one.name for one in invited)


def post(user, view, /, *args, **fields):
    return signed_in(user).post(reverse(f"desk:{view}", args=args), fields)


def path_of(invited):
    return invited.link.removeprefix("http://127.0.0.1:8000")


# Members


def test_published_and_cancelled_twice_it_is_once(center, elmira):
    meeting, browser = make_meeting(center), signed_in(elmira)
    make_topic(meeting)
    reason = {"reason_ky": "Кар жаады", "reason_ru": "Снег"}

    def press(view, **fields):
        path = reverse(f"desk:{view}", args=[meeting.reference])
        answers = [browser.post(path, fields).status_code for _ in range(2)]
        meeting.refresh_from_db()
        return answers, meeting.version

    assert press("publish_meeting", version=0, sure="on") == ([302, 302], 1)
    assert press("cancel_meeting", version=1, **reason) == ([302, 302], 2)


def test_publishing_invites_every_member_once(published, elmira, bakyt, nurlan):
    act(actions.publish, published, elmira)

    people = [elmira, bakyt, nurlan]
    assert names(published.invited.all()) == sorted(one.full_name for one in people)


def test_whoever_calls_a_meeting_comes_to_it(published, elmira):
    assert published.invited.get(user=elmira).answer == "yes"


def test_observers_are_not_invited(center, elmira, olga):
    meeting = make_meeting(center)

    act(actions.publish, meeting, elmira)

    assert not meeting.invited.filter(user=olga).exists()


def test_of_another_day_everybody_is_asked_anew(published, elmira, bakyt):
    published.invited.update(answer="yes", answered_at=timezone.now())
    later = published.starts_at + timedelta(days=7)

    act(actions.replan, published, elmira, starts_at=later)

    assert published.invited.get(user=bakyt).answer == ""
    assert published.invited.get(user=elmira).answer == "yes"


def test_of_another_room_nobody_is_asked_anew(published, elmira, bakyt):
    published.invited.update(answer="yes", answered_at=timezone.now())

    act(actions.replan, published, elmira, venue_ky="Мектеп", venue_ru="Школа")

    assert published.invited.get(user=bakyt).answer == "yes"


# New members


@pytest.fixture
def late(published, cholpon):
    """One who became a member when the notice was published already."""
    return cholpon


def test_who_joins_later_is_invited_with_the_next_guest(
    published, late, elmira, mailoutbox, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        post(elmira, "invited", published.reference, **GUEST, phone=PHONE)

    [letter] = mailoutbox
    member = published.invited.get(user=late)
    assert (member.answer, bool(member.told_at)) == ("", True)
    assert letter.to == [late.email]
    assert letter.subject.startswith("Жыйын, ")
    assert member.link in letter.body


def test_who_joins_later_is_invited_with_the_next_reminder_and_not_reminded(
    published, late, elmira, bakyt, mailoutbox, django_capture_on_commit_callbacks
):
    published.invited.filter(user=bakyt).update(told_at=None)

    with django_capture_on_commit_callbacks(execute=True):
        for _time in range(2):
            post(elmira, "remind_invited", published.reference)

    notice, reminder = mailoutbox
    assert (notice.to, reminder.to) == ([late.email], [bakyt.email])
    assert notice.subject.startswith("Жыйын, ")
    assert not reminder.subject.startswith("Жыйын, ")


def test_who_is_not_invited_yet_stands_beside_the_list_and_on_the_sheet(
    published, late, elmira
):
    paths = [reverse(f"desk:{n}", args=[published.reference]) for n in PAGES]

    pages = [signed_in(elmira).get(path).content.decode() for path in paths]

    assert [page.count(late.full_name) for page in pages] == [1, 1]
    # To look at a page invites nobody.
    assert not published.invited.filter(user=late).exists()


def test_to_what_was_cancelled_nobody_is_invited_later(published, late, elmira):
    act(actions.cancel, published, elmira, reason_ky="Кар", reason_ru="Снег")
    Invited.objects.filter(user=late).delete()

    page = signed_in(elmira).get(reverse("desk:invited", args=[published.reference]))

    assert page.context["newcomers"] == []
    with pytest.raises(ValidationError):
        actions.remind_invited(meeting=published, by=elmira)


def test_nobody_is_reminded_of_a_draft(center, elmira, bakyt):
    meeting = make_meeting(center)

    with pytest.raises(ValidationError):
        actions.remind_invited(meeting=meeting, by=elmira)

    assert not meeting.invited.exists()


# Guests


def test_a_guest_is_invited_by_e_mail_with_a_link_of_his_own(
    published, elmira, mailoutbox, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        post(elmira, "invited", published.reference, **GUEST, email="imam@example.org")

    [letter] = mailoutbox
    guest = published.invited.get(user=None)
    assert letter.to == ["imam@example.org"]
    assert guest.link in letter.body
    assert "/desk/" not in letter.body


def test_a_guest_with_a_phone_alone_gets_the_link_from_the_secretary(published, elmira):
    post(elmira, "invited", published.reference, **GUEST, phone="0770 080 050")

    guest = published.invited.get(user=None)
    page = signed_in(elmira).get(reverse("desk:invited", args=[published.reference]))
    assert guest.link in page.content.decode()
    assert "+996 770 080 050" in page.content.decode()


def test_a_guest_sent_twice_is_one(published, guest, elmira):
    actions.invite_guest(
        meeting=published, by=elmira, **GUEST, email="imam@example.org"
    )

    assert published.invited.filter(user=None).count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        Invited.objects.create(meeting=published, **GUEST, email="imam@example.org")


def test_a_guest_can_be_reached_somehow(published, elmira):
    answer = post(elmira, "invited", published.reference, **GUEST)

    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"email"}
    assert answer.context["form"]["name"].value() == GUEST["name"]


def test_nobody_is_invited_to_a_draft_or_to_what_has_begun(center, elmira):
    for meeting in (make_meeting(center), held_meeting(center)):
        with pytest.raises(ValidationError):
            actions.invite_guest(
                meeting=meeting, by=elmira, **GUEST, email="imam@example.org"
            )


def test_who_only_takes_part_invites_nobody(published, bakyt):
    with pytest.raises(PermissionDenied):
        actions.invite_guest(
            meeting=published, by=bakyt, **GUEST, email="imam@example.org"
        )


def test_a_guest_taken_off_the_list_finds_nothing_by_his_link(published, guest, elmira):
    post(elmira, "take_off", published.reference, guest.reference)

    assert Client().get(path_of(guest)).status_code == 404
    assert not published.invited.filter(user=None).exists()


def test_a_guest_of_another_meeting_is_not_found_here(center, guest, elmira):
    other = make_published_meeting(center)

    answer = post(elmira, "take_off", other.reference, guest.reference)

    assert answer.status_code == 404
    assert Invited.objects.filter(pk=guest.pk).exists()


def test_a_member_is_not_taken_off_the_list(published, elmira, bakyt):
    member = published.invited.get(user=bakyt)

    answer = post(elmira, "take_off", published.reference, member.reference)

    assert answer.status_code == 404
    assert published.invited.filter(pk=member.pk).exists()


# The personal link


def test_without_an_account_he_says_that_he_comes_and_what_he_needs(guest):
    browser = Client()
    form = browser.get(path_of(guest))
    needs = ["needs_interpreter", "needs_transport"]

    answer = browser.post(path_of(guest), {"answer": "yes", "needs": needs})

    guest.refresh_from_db()
    assert form.status_code == 200
    assert answer.status_code == 302
    assert (guest.answer, guest.needs_interpreter, guest.needs_childcare) == (
        *("yes", True),
        False,
    )
    assert [str(need) for need in guest.needs] == ["котормочу", "унаа"]


def test_who_does_not_come_needs_nothing(guest):
    Client().post(path_of(guest), {"answer": "no", "needs": ["needs_transport"]})

    guest.refresh_from_db()
    assert (guest.answer, guest.needs_transport) == ("no", False)


def test_an_answer_is_changed_until_the_meeting_begins(published, guest):
    for said in ("yes", "maybe"):
        Client().post(path_of(guest), {"answer": said})
    guest.refresh_from_db()
    assert guest.answer == "maybe"
    Meeting.objects.update(starts_at=timezone.now() - timedelta(minutes=1))

    late = Client().post(path_of(guest), {"answer": "no"})

    guest.refresh_from_db()
    assert late.status_code == 422
    assert guest.answer == "maybe"


def test_to_a_meeting_that_was_cancelled_nobody_answers(published, guest, elmira):
    act(actions.cancel, published, elmira, reason_ky="Кар жаады", reason_ru="Снег")

    page = Client().get(path_of(guest))
    late = Client().post(path_of(guest), {"answer": "yes"})

    guest.refresh_from_db()
    assert "Кар жаады" in page.content.decode()
    assert "<button>" not in page.content.decode().partition("<main")[2]
    assert late.status_code == 422
    assert guest.answer == ""


def test_no_answer_is_said_beside_the_field_and_keeps_the_words(guest):
    answer = Client().post(path_of(guest), {"words": "Кечигем"})

    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"answer"}
    assert answer.context["form"]["words"].value() == "Кечигем"


@pytest.mark.parametrize("token", ["x", "12345678:x", "%00", "12345678"])
def test_what_is_no_link_finds_nothing(token, guest):
    assert Client().get(f"/invited/{token}/").status_code == 404


def test_a_link_of_one_guest_shows_no_other(published, guest, elmira):
    other, _is_new = actions.invite_guest(
        meeting=published,
        by=elmira,
        name="Мугалим Асель",
        language="ky",
        phone="+996770080050",
    )

    page = Client().get(path_of(guest)).content.decode()

    assert guest.name in page
    assert other.name not in page and elmira.full_name not in page


def test_of_a_closed_meeting_a_guest_learns_when_and_where_alone(center, elmira):
    meeting = make_published_meeting(center, is_open=False)
    topic = make_topic(meeting)
    guest, _is_new = actions.invite_guest(
        meeting=meeting, by=elmira, **GUEST, email="imam@example.org"
    )

    page = Client().get(path_of(guest)).content.decode()

    assert meeting.venue_ky in page
    assert topic.topic_ky not in page


def test_a_link_leaves_no_trace_on_a_shared_phone(guest):
    page = Client().get(path_of(guest))

    assert "no-store" in page["Cache-Control"]
    assert page["X-Robots-Tag"] == "noindex"


# Reminding


@pytest.fixture
def told_long_ago(published):
    published.invited.update(told_at=timezone.now() - timedelta(days=2))
    return published


def test_who_has_not_answered_is_reminded_once_a_day(
    told_long_ago, bakyt, nurlan, elmira, mailoutbox, django_capture_on_commit_callbacks
):
    told_long_ago.invited.filter(user=nurlan).update(answer="maybe")

    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(2):
            post(elmira, "remind_invited", told_long_ago.reference)

    assert [letter.to for letter in mailoutbox] == [[bakyt.email]]


def test_who_has_left_is_not_reminded(
    told_long_ago,
    bakyt,
    cholpon,
    elmira,
    mailoutbox,
    django_capture_on_commit_callbacks,
):
    end_membership(membership=bakyt.memberships.get(), by=cholpon)

    with django_capture_on_commit_callbacks(execute=True):
        post(elmira, "remind_invited", told_long_ago.reference)

    assert [bakyt.email] not in [letter.to for letter in mailoutbox]


# Where no letters are sent


def test_without_a_mail_server_the_link_is_handed_over_and_nothing_is_claimed(
    published, elmira, settings
):
    published.invited.filter(user__isnull=False).update(told_at=None)
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    browser, where = signed_in(elmira), [published.reference]

    fields = GUEST | {"email": "imam@example.org"}
    invited = browser.post(
        reverse("desk:invited", args=where), fields, follow=True
    ).content.decode()
    reminded = browser.post(
        reverse("desk:remind_invited", args=where), follow=True
    ).content.decode()

    guest = published.invited.get(user=None)
    assert guest.link in invited
    assert str(_("The invitation is on its way by e-mail.")) not in invited
    assert str(_("Noted. Call, or send the link by a message.")) in invited
    said = _("No letter goes out. Call, or send each the link by a message.")
    assert reminded.count(str(said)) == 2
    assert not published.invited.exclude(told_at=None).exists()


def test_with_one_the_link_is_in_the_letter_alone(published, guest, elmira):
    page = signed_in(elmira).get(reverse("desk:invited", args=[published.reference]))

    assert guest.link not in page.content.decode()


def test_where_no_letter_went_out_nobody_was_told(center, elmira, bakyt, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    meeting = make_meeting(center)

    act(actions.publish, meeting, elmira)

    assert set(meeting.invited.values_list("told_at", flat=True)) == {None}


def test_who_joined_later_has_a_link_to_hand_over(published, late, elmira, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"

    path = reverse("desk:remind_invited", args=[published.reference])
    page = signed_in(elmira).post(path, follow=True).content.decode()

    member = published.invited.get(user=late)
    assert member.link in page
    assert member.told_at is None


# The list, and the sheet to sign


def test_the_list_says_who_comes_who_not_and_who_is_silent(published, guest, elmira):
    actions.answer_invitation(invited=guest, answer="no", words="Сапардамын")

    page = signed_in(elmira).get(reverse("desk:invited", args=[published.reference]))

    counted = {str(name): number for name, number in page.context["answers"]}
    assert counted == {"Келет": 1, "Балким келет": 0, "Келбейт": 1}
    assert len(page.context["silent"]) == 2
    assert "Сапардамын" in page.content.decode()


def test_the_sheet_names_those_who_may_come_and_no_resident(published, guest, elmira):
    actions.answer_invitation(invited=guest, answer="no")

    page = signed_in(elmira).get(reverse("desk:sheet", args=[published.reference]))

    expected = page.content.decode()
    assert elmira.full_name in expected
    assert guest.name not in expected


@pytest.mark.parametrize("page", ["invited", "sheet"])
def test_a_members_organisation_stands_in_the_readers_language(page, published, elmira):
    path = reverse(f"desk:{page}", args=[published.reference])

    html = signed_in(elmira).get(f"/ru{path}").content.decode()

    assert "police, ru" in html
    assert "police, ky" not in html


def test_a_member_who_left_is_expected_no_more(published, bakyt, cholpon, elmira):
    own = published.invited.get(user=bakyt)
    paths = [reverse(f"desk:{n}", args=[published.reference]) for n in PAGES]
    before = [signed_in(elmira).get(path).content.decode() for path in paths]
    assert Client().get(path_of(own)).status_code == 200

    end_membership(membership=bakyt.memberships.get(), by=cholpon)

    after = [signed_in(elmira).get(path).content.decode() for path in paths]
    assert [bakyt.full_name in page for page in before] == [True, True]
    assert [bakyt.full_name in page for page in after] == [False, False]
    # His link says no more than that of whoever was never invited.
    assert Client().get(path_of(own)).status_code == 404
    assert Client().post(path_of(own), {"answer": "yes"}).status_code == 404


def test_what_he_had_answered_stays_in_the_list_of_a_meeting_that_was_held(
    published, bakyt, cholpon, elmira
):
    published.invited.filter(user=bakyt).update(answer="yes")
    Meeting.objects.update(starts_at=timezone.now() - timedelta(days=1))

    end_membership(membership=bakyt.memberships.get(), by=cholpon)

    page = signed_in(elmira).get(reverse("desk:invited", args=[published.reference]))
    assert bakyt.full_name in page.content.decode()


# Of a day that was not seen


def test_an_answer_of_another_day_is_asked_for_anew(published, guest, elmira):
    phone = Client()
    seen = phone.get(path_of(guest)).context["form"]["seen"].value()
    later = published.starts_at + timedelta(days=4)
    act(actions.replan, published, elmira, starts_at=later)
    typed = {"answer": "yes", "words": "Кечигип келем"}

    late = phone.post(path_of(guest), typed | {"seen": seen})

    guest.refresh_from_db()
    assert (late.status_code, guest.answer) == (409, "")
    form = late.context["form"]
    assert form["words"].value() == "Кечигип келем"
    assert form.non_field_errors()
    phone.post(path_of(guest), typed | {"seen": form["seen"].value()})
    guest.refresh_from_db()
    assert (guest.answer, guest.words) == ("yes", "Кечигип келем")


def test_who_was_taken_off_while_he_answered_is_not_there(published, guest, elmira):
    found = Invited.objects.select_related("meeting").get(pk=guest.pk)
    actions.take_off(meeting=published, invited=guest, by=elmira)

    with pytest.raises(Invited.DoesNotExist):
        actions.answer_invitation(invited=found, answer="yes")


def test_a_guest_entered_again_is_written_to_once_and_what_is_new_is_kept(
    published, guest, elmira
):
    fields = GUEST | {"language": "ru", "body": "Мечит", "email": "imam@example.org"}

    answer = signed_in(elmira).post(
        reverse("desk:invited", args=[published.reference]), fields, follow=True
    )

    guest.refresh_from_db()
    assert (guest.language, guest.body) == ("ru", "Мечит")
    [said] = answer.context["messages"]
    assert str(said) == _(
        "Already on the list: no second letter goes out to the same address."
    )


# Afterwards


@pytest.mark.parametrize(("days", "kept"), [(89, 1), (91, 0)])
def test_guests_are_forgotten_when_the_meeting_is_long_over(
    days, kept, published, guest, elmira
):
    member = published.invited.get(user=elmira)
    Invited.objects.update(words="Балам ооруп калды", needs_transport=True)
    Meeting.objects.update(starts_at=timezone.now() - timedelta(days=days))

    call_command("daily")

    member.refresh_from_db()
    assert published.invited.filter(user=None).count() == kept
    assert bool(member.words) == member.needs_transport == bool(kept)


@pytest.mark.parametrize(
    ("approved", "days", "kept"),
    [(False, 91, 1), (False, 366, 0), (True, 91, 0)],
)
def test_guests_are_known_until_the_protocol_is_approved(
    approved, days, kept, center, elmira
):
    meeting = ended_meeting(center)
    Invited.objects.create(meeting=meeting, name="Имам", phone=PHONE, came=True)
    version = put_up(meeting, elmira)
    if approved:
        ProtocolVersion.objects.update(frozen_at=timezone.now())
    Meeting.objects.update(starts_at=timezone.now() - timedelta(days=days))

    call_command("daily")

    meeting.refresh_from_db()
    assert meeting.invited.filter(user=None).count() == kept
    if approved:
        # How many came stays, in what is made of it later too.
        assert draft(meeting)["guests"] == version.content["guests"]
        assert len(version.content["guests"]) == 1


def test_after_the_meeting_no_guest_is_taken_off_the_list(published, guest, elmira):
    Meeting.objects.update(starts_at=timezone.now() - timedelta(days=1))
    path = reverse("desk:take_off", args=[published.reference, guest.reference])

    page = signed_in(elmira).post(path, follow=True).content.decode()

    assert published.invited.filter(pk=guest.pk).exists()
    assert str(_("Nobody is invited to it any more.")) in page
    assert str(_("Taken off the list.")) not in page


def test_what_a_guest_wrote_too_late_is_given_back(published, guest):
    Meeting.objects.update(starts_at=timezone.now() - timedelta(minutes=1))

    late = Client().post(path_of(guest), {"answer": "no", "words": "Кечигем, балам"})

    assert late.status_code == 422
    assert "Кечигем, балам" in late.content.decode()


def test_a_guest_typed_too_late_is_given_back(published, elmira):
    Meeting.objects.update(starts_at=timezone.now() - timedelta(minutes=1))
    path = reverse("desk:invited", args=[published.reference])
    typed = {"name": "Имам Расул", "language": "ky", "phone": PHONE}

    late = signed_in(elmira).post(path, typed)

    assert late.status_code == 422
    assert "Имам Расул" in late.content.decode()
