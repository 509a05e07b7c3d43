"""What the public gets of a concern: looked at, covered, published, and taken back."""

import pytest
from PIL import Image, ImageStat
from playwright.sync_api import expect

from .checks import problems
from .conftest import CENTER
from .steps import files, opens_concern, registers

pytestmark = pytest.mark.scripted

PHONE = "0555 123 456"


@pytest.fixture
def photo(tmp_path):
    path = tmp_path / "photo.png"
    Image.new("RGB", (600, 300), "white").save(path)
    return path


def sends_photo(resident, path):
    resident.unfolds("Add a photo")
    resident.page.locator("[name=photo]").set_input_files(path)
    resident.chooses(
        "The centre may show this photo on the site, once faces and numbers in it"
        " are covered"
    )
    resident.presses("Send the photo")


def writes_texts(council, summary):
    council.writes("Title in Kyrgyz", "Дүкөндүн жанында чатак")
    council.writes("Title in Russian", "Ссоры у магазина")
    council.writes("Summary in Kyrgyz", summary)
    council.writes("Summary in Russian", "Кечинде тынч эмес, по вечерам неспокойно.")


def presses_at(council, x, y):
    """Press the picture at a point, in pixels of it."""
    picture = council.page.locator("input[type=image]")
    with council.page.expect_navigation():
        picture.click(position={"x": x, "y": y})


def test_a_text_is_published_with_a_covered_photo_and_taken_back(
    aida, council, photo, tmp_path
):
    receipt = files(aida, may_publish=True)
    sends_photo(aida, photo)
    registers(council, receipt)
    council.follows("Public text")

    writes_texts(council, f"Чатак болсо чалыңыз: {PHONE}")
    council.presses("Preview")
    council.sees("What neighbours will see")
    assert problems(council, on_phones=False) == []
    council.presses("Approve and publish")
    council.reads(
        council.say("Looks like a phone number: %(words)s") % {"words": PHONE}
    )
    assert problems(council, on_phones=False) == []
    council.writes("Summary in Kyrgyz", f"Кезметке {PHONE} чалса болот.")
    council.presses("Approve and publish")
    council.chooses("I have checked it: it gives nobody away.")
    council.presses("Approve and publish")
    council.sees("The text is approved.")

    council.follows("Public text")
    council.goes(council.page.locator("aside a[href*='/publish/photos/']"))
    assert problems(council, on_phones=False) == []
    presses_at(council, 30, 15)
    council.sees("Now press the opposite corner of what is to be covered.")
    presses_at(council, 150, 75)
    council.sees("It is covered.")
    council.presses("Clear for publication")
    council.sees("Everyone sees this photo as it stands here.")

    public = f"{CENTER}concerns/{receipt.reference}/"
    aida.opens(public)
    aida.reads("Дүкөндүн жанында чатак" if aida.language == "ky" else "Ссоры у магаз")
    links = aida.page.locator("main li a[href*='/photos/']")
    expect(links).to_have_count(2)
    address = links.last.get_attribute("href")
    body = aida.context.request.get(aida.portal.url + address).body()
    path = tmp_path / "public.jpg"
    path.write_bytes(body)
    shown = Image.open(path).convert("L")
    assert ImageStat.Stat(shown.crop((80, 40, 280, 130))).mean[0] < 5
    assert ImageStat.Stat(shown.crop((330, 10, 590, 290))).mean[0] > 250

    opens_concern(council, receipt)
    council.follows("Public text")
    council.goes(council.page.locator("aside ol a"))
    council.is_at("Approved text")
    assert problems(council, on_phones=False) == []
    council.follows("Back")
    council.presses("Take back")
    council.sees("The text is taken back.")
    assert aida.context.request.get(aida.portal.url + address).status == 404


def test_a_part_is_covered_with_the_keyboard_alone(aida, council, photo):
    receipt = files(aida, may_publish=True)
    sends_photo(aida, photo)
    registers(council, receipt)
    council.follows("Public text")
    council.goes(council.page.locator("aside a[href*='/publish/photos/']"))

    summary = council.page.locator("summary").filter(
        has_text=council.say("Cover a part by numbers")
    )
    summary.focus()
    council.page.keyboard.press("Enter")
    for number in ("5", "25", "10", "30"):
        council.page.keyboard.press("Tab")
        council.page.keyboard.type(number)
    with council.page.expect_navigation():
        council.page.keyboard.press("Enter")

    council.sees("It is covered.")
    expect(council.page.locator("main .rows")).to_contain_text("5–25")


def test_several_concerns_are_looked_at_together(aida, council):
    receipt = files(aida)
    registers(council, receipt)
    council.opens("/desk/concerns/")
    council.follows("Problems and causes")
    council.follows("New problem")
    council.writes("Title in Kyrgyz", "Дүкөндөр түнү менен ачык")
    council.writes("Title in Russian", "Магазины открыты всю ночь")
    council.page.locator(f"[name=concerns][value='{receipt.reference}']").check()
    council.presses("Save")

    council.page.locator("[name=side][value=police]").check()
    council.page.locator("[name=kind][value=cause]").check()
    council.writes("In Kyrgyz", "Кезмет аз")
    council.writes("In Russian", "Мало патрулей")
    council.presses("Add the line")
    council.reads("Кезмет аз" if council.language == "ky" else "Мало патрулей")
    assert problems(council, on_phones=False) == []

    council.goes(council.page.get_by_role("link", name=receipt.number))
    council.sees("Belongs to the problem")
