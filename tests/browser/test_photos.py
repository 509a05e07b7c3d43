"""A photo after the words: sent on a slow line, seen by those who read the words."""

import pytest
from PIL import Image
from playwright.sync_api import expect

from .steps import files, registers

pytestmark = pytest.mark.scripted


@pytest.fixture
def photo(tmp_path):
    """A photo as a camera makes it, larger than a slow line would have it."""
    path = tmp_path / "IMG_2041.jpg"
    clouds = Image.effect_noise((120, 90), 80).convert("RGB")
    clouds.resize((3000, 2250)).save(path, quality=95)
    return path


def adds(resident, path):
    if not resident.page.locator("[name=photo]").is_visible():
        resident.unfolds("Add a photo")
    resident.page.locator("[name=photo]").set_input_files(path)
    # With script her own page stays where it is: it may hold half a message.
    resident.page.get_by_role("button", name=resident.say("Send the photo")).click()


def width_of_last(portal):
    rows = portal.ask("SELECT width FROM concerns_photo ORDER BY id DESC LIMIT 1")
    return rows[0][0]


def test_she_adds_photos_and_those_who_read_her_words_see_them(
    aida, coordinator, photo, tmp_path, script, portal
):
    other = tmp_path / "other.png"
    Image.new("RGB", (600, 800), "teal").save(other)

    receipt = files(aida)
    adds(aida, photo)
    aida.sees("%(number)s photo is kept with your report.", number=1)
    # With script the phone itself has made it smaller.
    assert (width_of_last(portal) < 2560) == script
    aida.presses("Open the page of my report")
    adds(aida, other)
    aida.sees("The photo is kept: those who read your words see it too.")

    registers(coordinator, receipt)
    pictures = coordinator.page.locator(".photos img")
    expect(pictures).to_have_count(2)
    assert pictures.evaluate_all("all => all.every(one => one.naturalWidth > 0)")


def test_a_message_half_written_stays_while_she_adds_a_photo(aida, photo, tmp_path):
    words = tmp_path / "words.jpg"
    words.write_text("Бул сүрөт эмес")
    files(aida)
    aida.presses("Open the page of my report")
    message = aida.page.locator("[name=answer-text]")
    message.fill("Алар кечээ кайра келишти")

    adds(aida, words)
    aida.sees("This is not a photo that can be read. Choose another one.")
    expect(message).to_have_value("Алар кечээ кайра келишти")
    adds(aida, photo)
    aida.sees("The photo is kept: those who read your words see it too.")
    expect(message).to_have_value("Алар кечээ кайра келишти")

    aida.presses("Send")
    aida.sees("It is sent: the centre reads it.")
    # That is what the script was told when it brought what is no photo.
    aida.mishaps.clear()


def test_what_is_no_photo_is_said_beside_the_field_and_nothing_is_lost(aida, tmp_path):
    words = tmp_path / "words.jpg"
    words.write_text("Бул сүрөт эмес")
    files(aida)

    adds(aida, words)

    aida.sees("This is not a photo that can be read. Choose another one.")
    expect(aida.page.locator(".code")).to_be_visible()
    # That is what the script was told, before the form itself was sent.
    aida.mishaps.clear()
