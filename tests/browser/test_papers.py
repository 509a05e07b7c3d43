"""What leaves the desk on paper: the register, the poster, the form, a new code."""

import io
import zipfile

import pytest
from pypdf import PdfReader

from .conftest import DESKTOP, sign_in
from .steps import files, follows, opens_concern, registers


@pytest.fixture
def coordinator(come, language):
    """Who has just signed in: what leaves the house asks for the password again."""
    person = come(language, java_script_enabled=False, **DESKTOP)
    sign_in(person, "coordinator@example.org")
    return person


def saves(person, press):
    """Press what gives a file; return the file."""
    with person.page.expect_download() as given:
        press()
    return given.value.path().read_bytes()


def test_she_keeps_the_register_for_excel(coordinator, come, language):
    receipt = files(come(language, java_script_enabled=False))
    registers(coordinator, receipt)
    coordinator.opens("/desk/concerns/journal/mirmakhmudov/")
    coordinator.reads(receipt.number)

    sheet = saves(coordinator, coordinator.button("Download for Excel").click)

    with zipfile.ZipFile(io.BytesIO(sheet)) as book:
        assert "xl/workbook.xml" in book.namelist()


def test_the_register_is_as_wide_as_the_screen_and_the_paper(
    coordinator, come, language
):
    receipt = files(come(language, java_script_enabled=False))
    registers(coordinator, receipt)
    coordinator.page.set_viewport_size({"width": 1280, "height": 900})
    coordinator.opens("/desk/concerns/journal/mirmakhmudov/")

    cells = coordinator.page.locator(".wide tr").last.locator("th, td")
    last = cells.last.bounding_box()
    printed = PdfReader(io.BytesIO(coordinator.page.pdf(prefer_css_page_size=True)))

    assert cells.count() == 12
    assert last["x"] + last["width"] <= 1280
    assert all(page.mediabox.width > page.mediabox.height for page in printed.pages)
    text = "".join(page.extract_text() for page in printed.pages)
    assert receipt.number in text


def test_she_prints_a_poster_and_an_empty_form(coordinator):
    coordinator.opens("/desk/center/mirmakhmudov/poster/")
    link = coordinator.page.locator("a[href$='a4.pdf']")
    poster = coordinator.context.request.get(
        coordinator.portal.url + link.get_attribute("href")
    )
    [page] = PdfReader(io.BytesIO(poster.body())).pages
    assert "mirmakhmudov" in page.extract_text()

    coordinator.opens("/desk/concerns/new/mirmakhmudov/form/")
    expected = coordinator.page.pdf() if coordinator.language == "ky" else None
    if expected:
        assert len(PdfReader(io.BytesIO(expected)).pages) == 1


def test_two_of_them_give_out_a_new_code(coordinator, come, language):
    aida = come(language, java_script_enabled=False)
    receipt = files(aida)
    registers(coordinator, receipt)
    coordinator.goes(coordinator.page.locator("a[href$='/code/']").first)
    coordinator.page.locator("[name=recognised][value=details]").check()
    coordinator.page.locator("[name=came]").check()
    coordinator.presses("Ask for a new code")

    council = come(language, java_script_enabled=False, **DESKTOP)
    sign_in(council, "council@example.org")
    opens_concern(council, receipt)
    council.goes(council.page.locator("a[href$='/code/']").first)
    council.presses("Confirm and show the new code")
    code = " ".join(council.page.locator(".code").inner_text().split())

    follows(aida, receipt.code)
    aida.sees_not("What happened so far")
    follows(aida, code)
    aida.sees("What happened so far")


def test_each_language_of_a_question_has_a_column_of_its_own(coordinator):
    coordinator.page.set_viewport_size({"width": 1280, "height": 900})
    coordinator.opens("/desk/center/mirmakhmudov/questions/public_order/")
    left = {
        language: {
            round(field.bounding_box()["x"])
            for field in coordinator.page.locator(f".item [lang={language}]").all()
        }
        for language in ("ky", "ru")
    }

    assert [len(places) for places in left.values()] == [1, 1]
    assert left["ky"] != left["ru"]


def test_a_box_grows_with_the_letter_in_it(coordinator, come, language):
    receipt = files(come(language, java_script_enabled=False))
    opens_concern(coordinator, receipt)
    has_box = coordinator.page.locator("textarea")
    act = coordinator.page.locator("details.act", has=has_box)
    act.first.evaluate("act => act.open = true")
    box = act.first.locator("textarea").first
    before = box.bounding_box()["height"]

    box.fill("Урматтуу кайрылуучу!\n" * 12)

    assert box.bounding_box()["height"] > before + 100
