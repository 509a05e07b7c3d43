"""Photos: after the words, drawn anew, read by those who read the words."""

import io
import os
import shutil
import stat
import zlib
from collections import namedtuple

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from centers import pictures, storage
from concerns import actions
from concerns.models import Photo
from concerns.workflow import Level

from .factories import (
    POLICE,
    make_category,
    make_concern,
    make_hidden_category,
    make_message,
    signed_in,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cheap_codes")]

SECRET = "Canon 42.8N 74.5E Айда"


@pytest.fixture(autouse=True)
def media(tmp_path, settings):
    durable = {"BACKEND": "centers.storage.DurableStorage"}
    settings.STORAGES = settings.STORAGES | {"default": durable}
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


def picture(form="JPEG", size=(60, 40), color="navy", mode="RGB", **options):
    file = io.BytesIO()
    Image.new(mode, size, color).save(file, form, **options)
    return file.getvalue()


def with_secrets():
    """Return a JPEG whose camera wrote along where it was and who owns it."""
    exif = Image.Exif()
    exif[0x010F] = exif[0x9C9D] = SECRET
    exif[0x0112] = 6  # lying on its side
    return picture(exif=exif.tobytes(), comment=SECRET.encode()) + SECRET.encode()


def sent(content, name="photo.jpg"):
    return SimpleUploadedFile(name, content, "image/jpeg")


def drawn(content):
    return pictures.drawn(sent(content))


# What is kept of a picture


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_kept_as_jpeg_in_two_sizes(form):
    kept = drawn(picture(form, size=(3000, 2000)))

    large, small = (Image.open(io.BytesIO(file)) for file in kept[:2])
    assert (large.format, large.size) == ("JPEG", (2560, 1707))
    assert (small.format, small.size) == ("JPEG", (480, 320))


def test_nothing_that_a_camera_wrote_along_is_kept():
    kept = drawn(with_secrets())

    assert all(b"Canon" not in file for file in kept[:2])
    assert Image.open(io.BytesIO(kept.large)).info.keys() <= {
        *("jfif", "jfif_version", "jfif_unit", "jfif_density"),
        *("progressive", "progression"),
    }


def test_what_lay_on_its_side_stands_upright():
    assert (drawn(with_secrets()).width, drawn(with_secrets()).height) == (40, 60)


def test_what_was_transparent_is_white():
    kept = drawn(picture("PNG", mode="RGBA", color=(0, 0, 0, 0)))

    assert Image.open(io.BytesIO(kept.large)).getpixel((5, 5)) == (255, 255, 255)


def bomb():
    """Return a PNG of few bytes that says it has 900 megapixels."""
    head = b"IHDR" + (30_000).to_bytes(4, "big") * 2 + b"\x08\x00\x00\x00\x00"
    return (
        b"\x89PNG\r\n\x1a\n"
        + (13).to_bytes(4, "big")
        + head
        + zlib.crc32(head).to_bytes(4, "big")
    )


NO_PICTURES = {
    "nothing": b"",
    "words": "Бул сүрөт эмес".encode(),
    "a page": b"<html><script>alert(1)</script></html>",
    "a drawing": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "a GIF": picture("GIF"),
    "a half": picture(size=(900, 900))[:2000],
}


@pytest.mark.parametrize("content", NO_PICTURES.values(), ids=NO_PICTURES)
def test_what_no_decoder_reads_is_no_picture(content):
    with pytest.raises(pictures.NotAPicture):
        drawn(content)


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize(
    "content",
    [
        picture("PNG", size=(8000, 5001), mode="1", color=0),
        picture() + bytes(8_000_000),
    ],
    ids=["pixels", "bytes"],
)
def test_what_is_too_large_is_refused_before_it_is_decoded(content):
    with pytest.raises(pictures.TooLarge):
        drawn(content)


def test_a_bomb_is_no_picture():
    with pytest.raises((pictures.TooLarge, pictures.NotAPicture)):
        drawn(bomb())


def test_a_picture_with_a_page_behind_it_is_kept_without_the_page():
    assert b"<script>" not in drawn(picture() + b"<script>alert(1)</script>").large


# Sent after the words


@pytest.fixture
def followed(center):
    """A concern, and the browser in which its code opened it."""
    concern = make_concern(center, make_category(Level.PUBLIC))
    return concern, follows(concern)


def follows(concern):
    browser = Client()
    browser.post(reverse("follow:enter"), {"c": concern.code})
    return browser


def sends(browser, content=None, place=None):
    file = sent(picture() if content is None else content)
    return browser.post(place or reverse("follow:add_photo"), {"photo": file})


def test_a_photo_is_kept_with_the_words_that_filed_the_concern(followed, media):
    concern, browser = followed

    response = sends(browser)

    photo = concern.photos.get()
    assert response["Location"] == reverse("follow:concern") + "?photo#photos"
    assert (photo.message, photo.width, photo.height) == (None, 60, 40)
    assert len([path for path in media.rglob("*") if path.is_file()]) == 2


def test_a_photo_sent_after_a_message_belongs_to_it(followed):
    concern, browser = followed
    message = make_message(concern)

    sends(browser)

    assert concern.photos.get().message == message


def test_the_same_photo_sent_again_is_one(followed):
    concern, browser = followed

    sends(browser)
    sends(browser)

    assert concern.photos.count() == 1


@pytest.mark.parametrize(
    ("content", "status", "said"),
    [(None, 200, "Сүрөт сакталды"), (b"no picture", 422, "окула турган сүрөт эмес")],
    ids=["kept", "refused"],
)
def test_what_she_is_writing_comes_along_with_a_photo(content, status, said, followed):
    _concern, browser = followed
    photo = sent(picture() if content is None else content)
    typed = {"answer-text": "Алар кайра келишти", "news-email": "aida@example.org"}

    response = browser.post(reverse("follow:add_photo"), {"photo": photo} | typed)

    page = response.content.decode()
    assert response.status_code == status
    assert said in page
    assert "Алар кайра келишти</textarea>" in page
    assert 'value="aida@example.org"' in page


def test_the_name_of_a_photo_beside_a_message_is_nothing_that_was_typed(followed):
    _concern, browser = followed

    response = browser.post(
        reverse("follow:message"), {"answer-text": "Салам", "photo": "IMG_2041.jpg"}
    )

    assert response.status_code == 302


def test_her_photos_are_shown_to_her_small(followed):
    concern, browser = followed
    sends(browser, picture(size=(1000, 500)))

    page = browser.get(reverse("follow:concern")).content.decode()
    place = reverse("follow:small_photo", args=[concern.photos.get().name])
    answer = browser.get(place)

    assert f'href="{place.removesuffix("small/")}"' in page
    assert Image.open(io.BytesIO(answer.content)).size == (480, 240)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Алгач сүрөт тандаңыз"),
        (b"no picture", "окула турган сүрөт эмес"),
        (picture() + bytes(8_000_000), "өтө чоң"),
    ],
    ids=["empty", "unreadable", "too large"],
)
def test_what_cannot_be_kept_is_said_beside_the_field(content, said, followed):
    concern, browser = followed

    response = sends(browser, content)

    assert response.status_code == 422
    assert said in response.content.decode()
    assert not concern.photos.exists()


def test_without_a_photo_one_is_asked_for(followed):
    _concern, browser = followed

    response = browser.post(reverse("follow:add_photo"))

    assert response.status_code == 422


def test_six_come_with_one_message_and_more_with_the_next(followed):
    concern, browser = followed
    for number in range(6):
        sends(browser, picture(color=(number * 30, 0, 0)))

    refused = sends(browser, picture(color="red"))
    make_message(concern)
    taken = sends(browser, picture(color="red"))

    assert (refused.status_code, taken.status_code) == (422, 302)
    assert concern.photos.count() == 7


def test_a_concern_has_thirty_photos_at_most(followed):
    concern, browser = followed
    Photo.objects.bulk_create(
        Photo(concern=concern, digest=str(number), width=1, height=1)
        for number in range(30)
    )
    make_message(concern)

    assert sends(browser).status_code == 422


def test_photos_are_sent_from_the_receipt_too(client, center):
    category = make_category(Level.PUBLIC)
    place = reverse("concerns:new", args=[center.slug, category.code])
    key = client.get(place).context["form"]["key"].value()
    client.post(place, {"text": "Чырак күйбөйт.", "involved": "no", "key": key})

    response = sends(client, place=reverse("concerns:add_photo", args=[center.slug]))
    page = client.get(response["Location"]).content.decode()

    assert Photo.objects.count() == 1
    assert "1 сүрөт сакталды" in page
    assert client.session["receipt"]


def test_without_a_code_nothing_is_taken_or_shown(followed):
    concern, browser = followed
    sends(browser)
    place = reverse("follow:small_photo", args=[concern.photos.get().name])

    assert sends(Client())["Location"].startswith(reverse("follow:enter"))
    assert Client().get(place)["Location"].startswith(reverse("follow:enter"))


def test_a_code_opens_no_photo_of_another_concern(center, followed):
    concern, browser = followed
    sends(browser)
    other = follows(make_concern(center))

    place = reverse("follow:small_photo", args=[concern.photos.get().name])

    assert other.get(place).status_code == 404


# Whether everyone may see it


def test_that_it_may_be_shown_is_asked_where_the_summary_is_allowed(followed):
    concern, browser = followed
    page = reverse("follow:concern")

    asked = "may_show" in browser.get(page).context["photo_form"].fields
    type(concern).objects.filter(pk=concern.pk).update(may_publish=False)
    not_asked = "may_show" in browser.get(page).context["photo_form"].fields

    assert (asked, not_asked) == (True, False)


def test_it_may_be_shown_if_she_ticks_it_and_until_she_sends_it_without(followed):
    concern, browser = followed
    place = reverse("follow:add_photo")

    browser.post(place, {"photo": sent(picture()), "may_show": "on"})
    allowed = concern.photos.get().may_show
    sends(browser)

    assert allowed
    assert not concern.photos.get().may_show


def test_where_no_summary_is_allowed_a_tick_means_nothing(followed):
    concern, browser = followed
    type(concern).objects.filter(pk=concern.pk).update(may_publish=False)

    place = reverse("follow:add_photo")
    browser.post(place, {"photo": sent(picture()), "may_show": "on"})

    assert not concern.photos.get().may_show


# Read by those who read the words


@pytest.fixture
def photo(followed):
    concern, browser = followed
    sends(browser, picture(size=(1000, 500)))
    return concern.photos.get()


def place_of(photo, name="photo"):
    return reverse(f"desk:{name}", args=[photo.concern.reference, photo.name])


def test_staff_see_it_small_and_whole(photo, bakyt):
    browser = signed_in(bakyt)
    page = browser.get(photo.concern.get_desk_url()).content.decode()

    assert place_of(photo) in page
    assert place_of(photo, "small_photo") in page
    assert Image.open(io.BytesIO(browser.get(place_of(photo)).content)).width == 1000


def test_it_is_answered_so_that_it_can_only_be_looked_at(photo, bakyt):
    answer = signed_in(bakyt).get(place_of(photo))

    assert answer["Content-Type"] == "image/jpeg"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "no-store" in answer["Cache-Control"]
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy


def test_who_may_not_read_the_words_does_not_see_the_photo(center, bakyt, daniyar):
    concern = make_concern(center, make_hidden_category(POLICE))
    sends(follows(concern))

    assert signed_in(bakyt).get(place_of(concern.photos.get())).status_code == 404
    assert signed_in(daniyar).get(place_of(concern.photos.get())).status_code == 404


def test_a_photo_whose_file_was_lost_is_not_found(photo, bakyt):
    photo.erase()

    assert signed_in(bakyt).get(place_of(photo)).status_code == 404


# On the disk


def test_files_are_there_before_the_row_and_go_if_it_does_not_come(
    followed, media, monkeypatch
):
    concern, _browser = followed
    seen = []

    def fails(self, **options):
        seen.extend(media.rglob("*.jpg"))
        raise OSError("the power is gone")

    monkeypatch.setattr(Photo, "save", fails)

    with pytest.raises(OSError, match="power"):
        actions.add_photo(concern=concern, file=sent(picture()))

    assert len(seen) == 2
    assert not list(media.rglob("*.jpg"))


def test_every_file_and_folder_is_brought_to_the_disk(followed, media, monkeypatch):
    synced = []
    monkeypatch.setattr(storage, "sync", synced.append)

    photo = actions.add_photo(concern=followed[0], file=sent(picture()))

    large = media / photo.path("large")
    assert {large, large.parent, large.parent.parent} <= set(synced)


def test_files_are_their_owner_s_alone_and_of_no_hour(photo, media):
    [file, _small] = sorted(media.rglob("*.jpg"))

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.stat().st_mtime % 3600 == 0


def test_with_little_room_left_photos_are_refused_and_words_taken(
    followed, monkeypatch
):
    concern, browser = followed
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(
        shutil, "disk_usage", lambda path: usage(10**10, 10**10, 199_000_000)
    )

    refused = sends(browser)
    message = browser.post(reverse("follow:message"), {"answer-text": "Дагы эле жок."})

    assert "Сүрөткө азырынча орун жок" in refused.content.decode()
    assert message.status_code == 302
    assert concern.messages.exists()


def test_files_of_earlier_days_that_no_row_names_are_swept(photo, media):
    left = media / "photos" / "aa" / f"{'a' * 32}-large.jpg"
    left.parent.mkdir(parents=True, exist_ok=True)
    new = left.with_name(f"{'b' * 32}-large.jpg")
    new.touch()
    for path in [left, *media.rglob("*.jpg")]:
        path.touch()
        os.utime(path, (0, 0) if path != new else None)

    actions.sweep_photos()

    assert not left.exists()
    assert new.exists()
    assert photo.read("large")
    assert photo.read("small")


def test_without_any_photo_there_is_nothing_to_sweep():
    actions.sweep_photos()


def test_her_photo_stands_on_a_page_with_a_way_out(followed):
    concern, browser = followed
    sends(browser)
    name = concern.photos.get().name

    page = browser.get(reverse("follow:photo", args=[name]))

    small = reverse("follow:small_photo", args=[name])
    assert f'src="{small}"' in page.content.decode()
    assert reverse("home:leave") in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert browser.get(small)["Content-Type"] == "image/jpeg"
