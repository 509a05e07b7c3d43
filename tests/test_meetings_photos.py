"""Photos of the work: the members' alone, until one by one they are cleared for all."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from centers.models import JournalEntry
from concerns.models import Concern
from concerns.workflow import Level
from meetings import actions
from meetings.models import ActionPhoto

from .factories import POLICE, a_picture, make_approved, make_concern, signed_in
from .following import follow, read
from .planning import ended_meeting, promise
from .test_concerns_photos import SECRET, media, with_secrets

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cheap_codes", "media")]

ALT = {"alt_ky": "Жаңы чырак", "alt_ru": "Новый фонарь"}
assert media


def sent(content):
    return SimpleUploadedFile("photo.jpg", content, "image/jpeg")


def add(action, by, content=None, taken="after"):
    content = content or a_picture()
    return actions.add_photo(action=action, by=by, photo=sent(content), taken=taken)


def cleared(photo, by):
    actions.clear_photo(photo=photo, by=by, **ALT)
    return photo


def address(photo, name="small_action_photo"):
    action = photo.action
    slug = action.partner.center.slug
    return reverse(f"meetings:{name}", args=[slug, action.reference, photo.name])


def files(place):
    return list(place.rglob("*.jpg"))


@pytest.fixture
def action(center):
    return promise(center, make_approved(center))


def test_whoever_acts_adds_one_of_which_no_secret_is_kept(
    action, elmira, nurlan, media
):
    path = reverse("desk:add_action_photo", args=[action.reference])
    form = {"photo": sent(with_secrets()), "taken": "before"}

    answer = signed_in(elmira).post(path, form)

    photo = ActionPhoto.objects.get()
    assert (answer.status_code, photo.taken, photo.by) == (302, "before", elmira)
    kept = [path.read_bytes() for path in files(media)]
    assert len(kept) == 2
    assert not [one for one in kept if SECRET.encode() in one]
    small = reverse("desk:small_action_picture", args=[action.reference, photo.name])
    shown = signed_in(nurlan).get(small)
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/jpeg")
    assert "sandbox" in shown["Content-Security-Policy"]
    assert signed_in(nurlan).post(path, form).status_code == 403


@pytest.mark.parametrize("sends", [{}, {"photo": sent(b"<svg>"), "taken": "after"}])
def test_what_is_wrong_is_said_beside_the_field(sends, action, elmira, media):
    path = reverse("desk:add_action_photo", args=[action.reference])

    answer = signed_in(elmira).post(path, sends)

    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.content.decode()
    assert files(media) == []


def test_six_are_kept_and_the_same_one_once(action, elmira, media):
    pictures = [a_picture(color=(number * 40, 0, 0)) for number in range(7)]
    for content in [*pictures[:6], pictures[0]]:
        add(action, elmira, content)

    with pytest.raises(ValidationError):
        add(action, elmira, pictures[6])

    assert action.photos.count() == 6
    assert len(files(media)) == 12


def test_nobody_else_sees_one_before_it_is_cleared(action, elmira, cholpon):
    photo = add(action, elmira)
    before = Client().get(address(photo)).status_code
    page = Client().get(action.get_absolute_url()).content.decode()

    cleared(photo, cholpon)

    assert (before, Client().get(address(photo)).status_code) == (404, 200)
    assert photo.name not in page
    page = Client().get(action.get_absolute_url()).content.decode()
    assert 'alt="Жаңы чырак"' in page
    assert address(photo) in page
    assert elmira.full_name not in page


def test_taken_back_it_is_gone_at_once(action, elmira, cholpon):
    photo = cleared(add(action, elmira), cholpon)
    answer = Client().get(address(photo))

    actions.withhold_photo(photo=photo, by=cholpon)

    assert "no-cache" in answer["Cache-Control"]
    assert Client().get(address(photo)).status_code == 404
    assert [*JournalEntry.objects.values_list("kind", flat=True)] == [
        *("published", "unpublished")
    ]


def test_it_is_gone_when_the_action_is_public_no_more(action, elmira, cholpon):
    photo = cleared(add(action, elmira), cholpon)

    Concern.objects.update(published_at=None)

    assert Client().get(address(photo)).status_code == 404
    assert Client().get(address(photo, "action_photo")).status_code == 404


@pytest.mark.parametrize(
    "make",
    [
        lambda center: promise(center, is_closed=True),
        lambda center: promise(center, make_concern(center)),
        lambda center: promise(center, meeting=ended_meeting(center, is_open=False)),
    ],
)
def test_of_what_is_not_public_none_is_cleared(make, center, elmira, cholpon):
    photo = add(make(center), elmira)

    with pytest.raises(ValidationError):
        cleared(photo, cholpon)


def test_it_is_cleared_by_who_publishes_and_with_words_in_both_languages(
    center, bakyt, cholpon
):
    police = center.partners.get(kind=POLICE)
    action = promise(center, make_approved(center), partner=police)
    photo = add(action, bakyt)
    path = reverse("desk:action_photo", args=[action.reference, photo.name])

    with pytest.raises(PermissionDenied):
        cleared(photo, bakyt)
    wordless = signed_in(cholpon).post(path, {"do": "show", "alt_ky": "Чырак"})
    shown = signed_in(cholpon).post(path, {"do": "show", **ALT})

    assert (wordless.status_code, shown.status_code) == (422, 302)
    assert ActionPhoto.objects.public().get().alt_ru == "Новый фонарь"


def test_deleted_it_leaves_no_file(
    action, elmira, media, django_capture_on_commit_callbacks
):
    photo = add(action, elmira)
    path = reverse("desk:action_photo", args=[action.reference, photo.name])

    with django_capture_on_commit_callbacks(execute=True):
        signed_in(elmira).post(path, {"do": "delete"})

    assert files(media) == []
    assert not ActionPhoto.objects.exists()
    assert [line.new for line in action.changes.all()] == ["added", "deleted"]


def test_what_everyone_sees_is_deleted_by_who_publishes(center, bakyt, cholpon):
    police = center.partners.get(kind=POLICE)
    action = promise(center, make_approved(center), partner=police)
    photo = cleared(add(action, bakyt), cholpon)
    path = reverse("desk:action_photo", args=[action.reference, photo.name])
    browser = signed_in(bakyt)

    page, answer = browser.get(path).text, browser.post(path, {"do": "delete"})

    assert 'value="delete"' not in page
    assert (answer.status_code, action.photos.count()) == (403, 1)


def test_who_mends_its_words_second_sees_the_firsts(action, elmira, cholpon):
    photo = cleared(add(action, elmira), cholpon)
    path = reverse("desk:action_photo", args=[action.reference, photo.name])
    browser = signed_in(cholpon)
    seen = browser.get(path).context["form"]["version"].value()
    mine = {"do": "show", "alt_ky": "Менин сөзүм", "alt_ru": "Моё", "version": seen}
    first = browser.post(path, mine | {"alt_ky": "Биринчи"})

    late = browser.post(path, mine)
    again = late.context["form"]["version"].value()

    photo.refresh_from_db()
    assert (first.status_code, late.status_code, photo.alt_ky) == (302, 409, "Биринчи")
    assert "Менин сөзүм" in late.text
    assert browser.post(path, mine | {"version": again}).status_code == 302


def test_what_became_confidential_is_looked_at_again_before_all_see_it(
    action, elmira, cholpon
):
    photo = cleared(add(action, elmira), cholpon)
    public = dict(Concern.objects.values_list("pk", "published_at"))
    Concern.objects.update(level=Level.CONFIDENTIAL, published_at=None)

    actions.sweep_action_photos()

    for pk, moment in public.items():
        Concern.objects.filter(pk=pk).update(level=Level.PUBLIC, published_at=moment)
    assert Client().get(action.get_absolute_url()).status_code == 200
    assert Client().get(address(photo)).status_code == 404


@pytest.mark.parametrize(("months", "is_kept"), [(11, True), (13, False)])
def test_what_nobody_cleared_is_kept_as_long_as_concerns_photos(
    months, is_kept, action, elmira, cholpon, media, django_capture_on_commit_callbacks
):
    shown = cleared(add(action, elmira), cholpon)
    add(action, elmira, a_picture(color="black"))
    moment = timezone.now() - timedelta(days=31 * months)
    for rows in (action.photos, action.changes):
        rows.update(created_at=moment)
    type(action).objects.update(due_on=moment.date() - timedelta(days=7))

    with django_capture_on_commit_callbacks(execute=True):
        actions.sweep_action_photos()

    assert shown in action.photos.all()
    assert (action.photos.count() == 2, len(files(media)) == 4) == (is_kept, is_kept)


def test_who_raised_it_sees_what_is_cleared_with_what_was_promised(
    center, action, elmira, cholpon, aida
):
    concern = action.decision.answers.get()
    shown = cleared(add(action, elmira), cholpon)
    kept = add(action, elmira, a_picture(color="black"))
    mine = make_concern(center, status="in_progress")
    action.decision.answers.add(mine)
    follow(aida, mine)

    page = read(aida)

    assert address(shown) in page
    assert kept.name not in page
    assert concern.reference not in page.replace(concern.get_absolute_url(), "")
