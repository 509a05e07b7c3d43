"""Photos that everyone may see: cleared one by one, parts of them painted over."""

import io
import os

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from centers import pictures, storage
from centers.models import JournalEntry
from concerns import actions
from concerns.models import Concern, PublicPhoto
from concerns.workflow import Level, Status

from .factories import (
    POLICE,
    give,
    make_approved,
    make_category,
    make_concern,
    make_hidden_category,
    make_photo,
    make_public_photo,
    signed_in,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cheap_codes")]

SIZES = ["photo", "small_photo"]


@pytest.fixture(autouse=True)
def media(tmp_path, settings):
    durable = {"BACKEND": "centers.storage.DurableStorage"}
    settings.STORAGES = settings.STORAGES | {"default": durable}
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


def picture(size=(1000, 500), color="white"):
    file = io.BytesIO()
    Image.new("RGB", size, color).save(file, "JPEG", quality=95)
    return file.getvalue()


@pytest.fixture
def concern(center):
    return make_approved(center)


@pytest.fixture
def photo(concern):
    return make_photo(concern, picture(), width=1000, height=500)


def now(thing):
    return type(thing).objects.get(pk=thing.pk)


def do(action, photo, by, **fields):
    version = now(photo.concern).version
    return action(photo=photo, by=by, version=version, **fields)


def cover(photo, by, box=(0, 0, 50, 50)):
    names = ("left", "top", "right", "bottom")
    return do(actions.cover, photo, by, **dict(zip(names, box, strict=True)))


def clear(photo, by):
    return do(actions.clear, photo, by)


def path_of(copy, name="photo"):
    concern = copy.photo.concern
    return reverse(
        f"concerns:{name}", args=[concern.center.slug, concern.reference, copy.name]
    )


def page_of(photo):
    return reverse("desk:clear_photo", args=[photo.concern.reference, photo.name])


def post(user, photo, **fields):
    fields = {key.replace("__", "."): value for key, value in fields.items()}
    return signed_in(user).post(
        page_of(photo), {"version": now(photo.concern).version} | fields
    )


def looked_at(content):
    return Image.open(io.BytesIO(content)).convert("L")


def files(media):
    return sorted(path.name for path in media.rglob("*.jpg"))


# What everyone is given


@pytest.mark.parametrize("name", SIZES)
def test_everyone_sees_a_cleared_photo_of_a_published_concern(name, photo, cholpon):
    copy = clear(photo, cholpon)

    response = Client().get(path_of(copy, name))

    assert response.status_code == 200
    assert response["Content-Type"] == "image/jpeg"


def test_what_is_covered_is_gone_from_both_files(photo, cholpon):
    cover(photo, cholpon, (0, 0, 50, 50))

    copy = clear(photo, cholpon)

    for size in copy.Size:
        shown = looked_at(copy.read(size))
        width, height = shown.size
        assert shown.crop((0, 0, width // 2 - 8, height // 2 - 8)).getextrema()[1] < 20
        assert shown.crop((width // 2 + 8, 0, width, height)).getextrema()[0] > 235


def test_the_reporters_own_photo_stays_as_it_was(photo, cholpon):
    cover(photo, cholpon)
    clear(photo, cholpon)

    assert photo.read("large") == picture()


def test_the_copy_has_another_name_than_the_photo(photo, cholpon):
    copy = clear(photo, cholpon)

    assert copy.name != photo.name
    assert (
        photo.name
        not in Client().get(photo.concern.get_absolute_url()).content.decode()
    )


def test_a_copy_may_be_kept_no_longer_than_a_public_page(photo, cholpon):
    response = Client().get(path_of(clear(photo, cholpon)))

    assert response["Cache-Control"] == "public, max-age=30"


def test_in_a_copy_that_is_opened_by_itself_nothing_can_be_run(photo, cholpon):
    response = Client().get(path_of(clear(photo, cholpon)))

    assert "sandbox" in response["Content-Security-Policy"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert not response.cookies


def test_the_public_page_links_to_it_and_says_how_large_it_is(photo, cholpon):
    copy = clear(photo, cholpon)

    html = Client().get(photo.concern.get_absolute_url()).content.decode()

    assert path_of(copy, "small_photo") in html
    assert "<img" not in html


def test_a_photo_that_is_not_cleared_is_on_no_page(photo):
    html = Client().get(photo.concern.get_absolute_url()).content.decode()

    assert "/photos/" not in html


# And when not


def unpublish(concern, by):
    actions.unpublish(concern=concern, by=by, version=concern.version)


def raise_level(concern, by):
    actions.set_level(
        concern=concern, level=Level.RESTRICTED, by=by, version=concern.version
    )


def into_custody(concern, by):
    actions.categorise(
        concern=concern,
        category=make_hidden_category(POLICE),
        by=by,
        version=concern.version,
    )


def withdraw(concern, by):
    actions.withdraw(concern=concern)


@pytest.mark.usefixtures("jamila")
@pytest.mark.parametrize("name", SIZES)
@pytest.mark.parametrize("end", [unpublish, raise_level, into_custody, withdraw])
def test_what_is_not_public_any_more_is_not_found_at_once(end, name, photo, cholpon):
    copy = clear(photo, cholpon)

    end(now(photo.concern), cholpon)

    assert Client().get(path_of(copy, name)).status_code == 404


@pytest.mark.parametrize("name", SIZES)
def test_a_concern_put_off_shows_no_photo_before_its_day(name, center, cholpon):
    concern = make_approved(center, published_at=None)
    copy = clear(make_photo(concern, picture()), cholpon)

    assert Client().get(path_of(copy, name)).status_code == 404


def test_taken_back_it_is_not_found_and_its_files_are_gone(
    photo, cholpon, media, django_capture_on_commit_callbacks
):
    before = files(media)
    copy = clear(photo, cholpon)
    path = path_of(copy)

    with django_capture_on_commit_callbacks(execute=True):
        do(actions.withhold, photo, cholpon)

    assert Client().get(path).status_code == 404
    assert files(media) == before


def test_a_copy_is_not_found_under_another_concern_or_centre(
    photo, cholpon, other_center
):
    copy = clear(photo, cholpon)
    other = make_approved(photo.concern.center)
    foreign = make_approved(other_center)

    answers = {
        Client()
        .get(reverse("concerns:photo", args=[c.center.slug, c.reference, copy.name]))
        .status_code
        for c in (other, foreign)
    }

    assert answers == {404}


def test_the_original_is_not_found_by_its_name(photo, cholpon):
    copy = clear(photo, cholpon)

    path = path_of(copy).replace(copy.name, photo.name)

    assert Client().get(path).status_code == 404


# Clearing


def test_a_photo_that_she_does_not_let_be_shown_is_not_cleared(concern, cholpon):
    photo = make_photo(concern, picture(), may_show=False)

    answer = post(cholpon, photo, do="clear")

    assert answer.status_code == 422
    assert not PublicPhoto.objects.exists()


def test_what_she_takes_back_everyone_sees_no_more(
    concern, cholpon, media, django_capture_on_commit_callbacks
):
    def sends(*, may_show):
        file = SimpleUploadedFile("photo.jpg", picture())
        return actions.add_photo(concern=concern, file=file, may_show=may_show)

    photo = sends(may_show=True)
    own = files(media)
    clear(photo, cholpon)

    with django_capture_on_commit_callbacks(execute=True):
        sends(may_show=False)

    assert not PublicPhoto.objects.exists()
    assert files(media) == own


@pytest.mark.parametrize("level", [Level.RESTRICTED, Level.CONFIDENTIAL])
def test_only_a_public_concern_shows_photos(level, center, cholpon):
    photo = make_photo(make_concern(center, make_category(level)), picture())

    with pytest.raises(ValidationError):
        clear(photo, cholpon)
    assert not PublicPhoto.objects.exists()


def test_without_the_reporters_consent_no_photo_is_cleared(center, cholpon, media):
    photo = make_photo(make_concern(center, may_publish=False), picture())
    before = files(media)

    with pytest.raises(ValidationError):
        clear(photo, cholpon)
    assert files(media) == before


def test_a_second_press_clears_nothing_twice(photo, cholpon, media):
    version = now(photo.concern).version
    post(cholpon, photo, do="clear")
    once = files(media)

    response = post(cholpon, photo, do="clear", version=version)

    assert response.status_code == 409
    assert (PublicPhoto.objects.count(), files(media)) == (1, once)


def test_who_saw_other_covers_does_not_clear_it(photo, cholpon, elmira):
    made = cover(photo, cholpon)
    version = now(photo.concern).version
    do(actions.uncover, photo, elmira, cover=made.pk)

    response = post(cholpon, photo, do="clear", version=version)

    assert response.status_code == 409
    assert not PublicPhoto.objects.exists()


def test_cleared_it_is_covered_no_more(photo, cholpon):
    clear(photo, cholpon)

    with pytest.raises(ValidationError):
        cover(photo, cholpon)


@pytest.mark.parametrize("action", [actions.clear, actions.withhold])
def test_a_handler_of_the_police_may_not(action, photo, bakyt):
    give(photo.concern, POLICE, bakyt)

    with pytest.raises(PermissionDenied):
        do(action, photo, bakyt)


def test_a_stranger_does_not_find_the_page(photo, daniyar):
    assert signed_in(daniyar).get(page_of(photo)).status_code == 404


def test_a_full_disk_keeps_its_room_for_words(photo, cholpon, monkeypatch):
    monkeypatch.setattr(storage, "is_full", lambda: True)

    response = post(cholpon, photo, do="clear")

    assert response.status_code == 422


def test_a_photo_whose_file_is_missing_is_said_to_be(photo, cholpon):
    photo.erase()

    response = post(cholpon, photo, do="clear")

    assert response.status_code == 422
    assert "файлы жок" in response.content.decode()


def test_the_journal_and_the_history_record_it(photo, cholpon):
    clear(photo, cholpon)
    do(actions.withhold, photo, cholpon)

    entries = JournalEntry.objects.filter(subject=photo.concern.reference)
    kinds = list(entries.order_by("number").values_list("kind", "detail__what"))
    assert kinds == [("published", "photo"), ("unpublished", "photo")]
    assert [change.new for change in photo.concern.changes.filter(kind="summary")] == [
        "photo_cleared",
        "photo_withheld",
    ]


def test_the_sweep_leaves_the_copies_alone(photo, cholpon, media):
    clear(photo, cholpon)
    default_storage.save("photos/ab/abc-large.jpg", ContentFile(b"stray"))
    before = files(media)
    for path in media.rglob("*.jpg"):
        os.utime(path, (0, 0))

    actions.sweep_photos()

    assert files(media) == [name for name in before if name != "abc-large.jpg"]


# Pressing corners


def test_two_presses_cover_what_is_between(photo, cholpon):
    first = post(cholpon, photo, at__x="30", at__y="15")
    assert first.status_code == 200
    assert first.context["first"] == (30, 15)
    assert not photo.covers.exists()

    # 300 pixels are 100 percent across, 150 are downwards.
    second = post(cholpon, photo, at__x="150", at__y="75", from_x="30", from_y="15")

    assert second.status_code == 302
    assert photo.covers.get().box == (10, 10, 51, 51)


def test_the_corners_are_taken_in_any_order(photo, cholpon):
    post(cholpon, photo, at__x="30", at__y="75", from_x="150", from_y="15")

    assert photo.covers.get().box == (10, 10, 51, 51)


def test_a_press_on_the_larger_picture_counts_its_pixels(photo, cholpon):
    corners = {"at__x": "899", "at__y": "449", "from_x": "450", "from_y": "225"}

    post(cholpon, photo, size="large", **corners)

    assert photo.covers.get().box == (50, 50, 100, 100)


def test_two_presses_on_one_point_cover_that_point(photo, cholpon):
    post(cholpon, photo, at__x="299", at__y="149", from_x="299", from_y="149")

    assert photo.covers.get().box == (99, 99, 100, 100)


def test_the_picture_for_choosing_has_the_size_that_is_counted(photo, cholpon):
    path = reverse("desk:covered_photo", args=[photo.concern.reference, photo.name])

    content = signed_in(cholpon).get(f"{path}?x=10&y=10").content

    assert Image.open(io.BytesIO(content)).size == (300, 150)


def test_the_first_corner_is_seen(photo, cholpon):
    path = reverse("desk:covered_photo", args=[photo.concern.reference, photo.name])

    content = signed_in(cholpon).get(f"{path}?x=100&y=100").content

    assert looked_at(content).getpixel((100, 100)) < 60


def test_a_part_is_covered_by_numbers_too(photo, cholpon):
    response = post(cholpon, photo, do="cover", left=5, top=10, right=20, bottom=30)

    assert response.status_code == 302
    assert photo.covers.get().box == (5, 10, 20, 30)


def test_edges_in_the_wrong_order_are_said_beside_the_field(photo, cholpon):
    response = post(cholpon, photo, do="cover", left=50, top=10, right=20, bottom=30)

    assert response.status_code == 422
    assert response.context["form"].errors.keys() == {"right"}
    assert 'value="50"' in response.content.decode()


def test_a_cover_is_taken_away(photo, cholpon):
    made = cover(photo, cholpon)

    post(cholpon, photo, do=f"uncover-{made.pk}")

    assert not photo.covers.exists()


def test_a_cover_of_another_photo_is_not_taken_away_by_this_one(photo, center, cholpon):
    other = make_photo(make_approved(center), picture())
    made = cover(other, cholpon)

    post(cholpon, photo, do=f"uncover-{made.pk}")

    assert other.covers.exists()


@pytest.mark.parametrize("sent", ["", "uncover-", "uncover-x", "uncover-²", "nothing"])
def test_what_no_button_sends_does_nothing(sent, photo, cholpon):
    assert post(cholpon, photo, do=sent).status_code in (302, 422)
    assert now(photo.concern).status == Status.IN_PROGRESS


def test_more_than_twenty_parts_are_too_many(photo, cholpon):
    for place in range(20):
        cover(photo, cholpon, (place, 0, place + 1, 1))

    with pytest.raises(ValidationError):
        cover(photo, cholpon)


# Painting


@pytest.mark.parametrize("size", [(1, 1), (3, 2000), (2560, 7)])
def test_a_picture_of_any_shape_is_painted_over(size):
    drawn = pictures.covered(picture(size), [(0, 0, 100, 100)])

    assert looked_at(drawn.large).getextrema()[1] < 20


def test_a_public_page_with_photos_asks_as_much_for_many_as_for_one(
    concern, cholpon, django_assert_max_num_queries
):
    for color in ("white", "red", "blue", "green"):
        clear(make_photo(concern, picture(color=color)), cholpon)

    with django_assert_max_num_queries(8):
        Client().get(concern.get_absolute_url())


def test_a_copy_that_may_be_shown_no_more_is_swept(
    center, cholpon, django_capture_on_commit_callbacks
):
    concern = make_approved(center)
    copy = make_public_photo(concern, by=cholpon)
    kept = make_public_photo(make_approved(center), by=cholpon)
    Concern.objects.filter(pk=concern.pk).update(may_publish=False)

    with django_capture_on_commit_callbacks(execute=True):
        actions.sweep_photos()

    assert list(PublicPhoto.objects.all()) == [kept]
    assert not default_storage.exists(copy.path(copy.Size.SMALL))
    assert default_storage.exists(kept.path(kept.Size.SMALL))
