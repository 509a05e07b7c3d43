"""The protocol as a file: read with readers that are not ours."""

import io
from datetime import timedelta
from zipfile import ZipFile

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext
from docx import Document
from docx.enum.table import WD_ROW_HEIGHT_RULE
from docx.shared import Mm
from lxml import etree
from pypdf import PdfReader

from meetings import actions
from meetings.models import SIDES
from meetings.protocol.content import draft
from meetings.protocol.paper import paper
from meetings.protocol.pdf import pdf
from meetings.protocol.word import word

from .factories import (
    make_action,
    make_decision,
    make_topic,
    signed_in,
)
from .minutes import approve, ended_meeting, put_up

pytestmark = [pytest.mark.django_db, pytest.mark.once]

AT = timezone.now() - timedelta(hours=1)
LANGUAGES = ["ky", "ru"]
LETTERS = "ңөүҢӨҮ № «» —"
# What would be an order to a program that took words for orders
SIGNS = [
    "#let x = 1",
    '#read("/etc/passwd")',
    "$x^2$",
    "<b>калың</b>",
    "*жылдыз*",
    "_сызык_",
    "\\begin",
    "`код`",
    "@шилтеме",
    "= Аталыш",
    "- тизме",
    "// эскертүү",
    "[кашаа] {тармал}",
    "&amp; <!-- -->",
    "]]>",
    "{{ 7|add:7 }}",
    "~ ' \" ---",
]
STRANGE = ["😀", "漢字", "\x01", "\x0b", "\u2028", "\ufffe", "e\u0301"]
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.fixture
def meeting(center, elmira, bakyt, nurlan):
    meeting = ended_meeting(center)
    item = make_topic(
        meeting,
        topic_ky=f"Көчө {LETTERS}",
        topic_ru=f"Улица {LETTERS}",
        heard_ky="Кыргызча гана айтылды",
        status="decided",
    )
    make_action(make_decision(item), person=elmira)
    for person in (elmira, bakyt, nurlan):
        meeting.attendances.create(membership=person.memberships.get(), came=True)
    return meeting


def sheet(meeting, language="ky", **options):
    return paper(meeting, draft(meeting), language, is_public=False, **options)


def read_pdf(content):
    return PdfReader(io.BytesIO(content))


def text_of_pdf(content):
    text = "\n".join(page.extract_text() for page in read_pdf(content).pages)
    # Where a long word may be broken, and where a line was.
    return " ".join(text.replace("\u200b", "").split())


def read_word(content):
    return Document(io.BytesIO(content))


def xml_of_word(content, name="word/document.xml"):
    with ZipFile(io.BytesIO(content)) as archive:
        return etree.fromstring(archive.read(name))


def text_of_word(content):
    root = xml_of_word(content)
    texts = []
    for paragraph in root.iter(f"{W}p"):
        texts.append("".join(text.text or "" for text in paragraph.iter(f"{W}t")))
    return " ".join(" ".join(texts).split())


FILES = {"pdf": (pdf, text_of_pdf), "docx": (word, text_of_word)}


@pytest.mark.parametrize("form", FILES)
@pytest.mark.parametrize("language", ["ky", "ru"])
def test_an_amended_one_says_why_in_its_own_language(form, language, meeting, elmira):
    version = put_up(meeting, elmira)
    reason = {"ky": "Сан ката жазылган", "ru": "Число записано неверно"}
    version.reason_ky, version.reason_ru = reason["ky"], reason["ru"]
    write, read = FILES[form]

    text = read(write(sheet(meeting, language, version=version), AT))

    said = {code: words in text for code, words in reason.items()}
    assert said == {"ky": language == "ky", "ru": language == "ru"}
    with override(language):
        assert str(_("Amended, because:")) in text


def text(form, *args, **options):
    write, read = FILES[form]
    return read(write(sheet(*args, **options), AT))


# PDF


def parts(node):
    """Yield the names of the parts of a tagged file, in the order of reading."""
    node = node.get_object()
    if "/S" in node:
        yield node["/S"].removeprefix("/")
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, list) else [kids]:
        kid = kid.get_object()
        if isinstance(kid, dict) and "/S" in kid:
            yield from parts(kid)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pdf_says_that_it_is_accessible_and_in_which_language(language, meeting):
    made = sheet(meeting, language)

    reader = read_pdf(pdf(made, AT))

    root = reader.trailer["/Root"]
    about = root["/Metadata"].get_object().get_data().decode()
    assert root["/Lang"] == language
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert "<pdfuaid:part>1</pdfuaid:part>" in about
    assert reader.metadata.title == made["title"]


def test_the_parts_of_the_pdf_are_tagged_in_the_order_of_reading(meeting):
    reader = read_pdf(pdf(sheet(meeting), AT))

    found = list(parts(reader.trailer["/Root"]["/StructTreeRoot"]))

    headings = [name for name in found if name in ("H1", "H2", "H3")]
    assert headings == ["H1", "H2", "H2", "H3", "H2"]
    assert {"Table", "TR", "TH", "TD", "L", "LI", "P"} <= set(found)


def test_words_of_the_other_language_are_marked_in_the_pdf(meeting):
    [page] = read_pdf(pdf(sheet(meeting, "ru"), AT)).pages

    # A mark around the words themselves, within a part in the other language
    assert page.get_contents().get_data().count(b"/Lang(ky)") == 1


def test_the_pdf_is_on_a4_and_its_pages_are_numbered(meeting):
    for _place in range(30):
        make_topic(meeting, heard_ky="Узун сөз. " * 60)

    pages = read_pdf(pdf(sheet(meeting), AT)).pages

    assert {(round(p.mediabox.width), round(p.mediabox.height)) for p in pages} == {
        (595, 842)
    }
    assert len(pages) > 3
    assert f"2 / {len(pages)}" in pages[1].extract_text()


def test_its_letters_stand_in_the_pdf_and_are_of_one_family(meeting):
    [page] = read_pdf(pdf(sheet(meeting), AT)).pages

    fonts = [font.get_object() for font in page["/Resources"]["/Font"].values()]
    assert all("DejaVuSans" in font["/BaseFont"] for font in fonts)
    inner = [font["/DescendantFonts"][0].get_object() for font in fonts]
    assert all("/FontFile2" in font["/FontDescriptor"] for font in inner)


# Word


@pytest.mark.parametrize(("language", "code"), [("ky", "ky-KG"), ("ru", "ru-RU")])
def test_the_word_file_has_headings_and_a_language(language, code, meeting):
    made = sheet(meeting, language)
    content = word(made, AT)

    document = read_word(content)

    headings = [
        paragraph.style.name
        for paragraph in document.paragraphs
        if paragraph.style.name.startswith("Heading")
    ]
    assert headings == ["Heading 1", *["Heading 2"] * 2, "Heading 3", "Heading 2"]
    runs = list(xml_of_word(content).iter(f"{W}r"))
    said = [run.find(f"{W}rPr/{W}lang").get(f"{W}val") for run in runs]
    assert len(said) == len(runs)
    assert set(said) == {"ky-KG", "ru-RU"} if language == "ru" else {"ky-KG"}
    styles = xml_of_word(content, "word/styles.xml")
    assert {one.get(f"{W}val") for one in styles.iter(f"{W}lang")} == {code}
    assert document.core_properties.title == made["title"]


def test_the_tables_of_the_word_file_have_a_head(meeting):
    content = word(sheet(meeting), AT)

    tables = list(xml_of_word(content).iter(f"{W}tbl"))
    heads = [table.find(f"{W}tr/{W}trPr/{W}tblHeader") for table in tables]
    assert len(tables) == 3
    assert None not in heads
    [present, *_] = read_word(content).tables
    assert "Бекова Элмира" in [cell.text for cell in present.columns[1].cells]


def test_the_word_file_is_on_a4_and_its_pages_are_numbered(meeting):
    content = word(sheet(meeting), AT)

    [section] = read_word(content).sections
    size = (round(section.page_width.mm), round(section.page_height.mm))
    assert size == (210, 297)
    with ZipFile(io.BytesIO(content)) as archive:
        footers = [name for name in archive.namelist() if "footer" in name]
        assert any(b"PAGE" in archive.read(name) for name in footers)


# Both


@pytest.mark.parametrize("form", FILES)
def test_every_letter_can_be_read_out_of_it(form, meeting):
    assert LETTERS in text(form, meeting)


@pytest.mark.parametrize("form", FILES)
@pytest.mark.parametrize("sign", SIGNS)
def test_no_sign_that_somebody_types_is_an_order(sign, form, meeting):
    meeting.items.update(topic_ky=sign, heard_ky=sign, discussed_ky=f"а\n\n{sign}")
    decision = meeting.items.get().decision
    decision.text_ky = sign
    decision.save()
    decision.actions.update(text_ky=sign)

    found = text(form, meeting)

    # In the agenda and over the item, what was heard, discussed, decided and promised
    assert found.count(" ".join(sign.split())) >= 5


@pytest.mark.parametrize("form", FILES)
@pytest.mark.parametrize("sign", STRANGE)
def test_no_sign_keeps_it_from_being_made(sign, form, meeting):
    meeting.items.update(heard_ky=f"Алды {sign} арты")

    found = text(form, meeting)

    assert "Алды" in found
    assert "арты" in found


@pytest.mark.parametrize("form", FILES)
def test_a_long_agenda_of_long_texts_is_whole(form, meeting):
    words = "сөз " * 1000
    for place in range(40):
        heard = f"Башы{place} {words} аягы{place}"
        item = make_topic(meeting, heard_ky=heard, status="decided")
        make_action(make_decision(item))

    found = text(form, meeting)

    for place in range(40):
        assert f"Башы{place} " in found
        assert f"аягы{place} " in found


@pytest.mark.parametrize("lines", range(14, 35, 4))
def test_what_is_signed_stands_on_one_page_under_its_heading(lines, meeting):
    meeting.items.update(heard_ky="\n".join(["сөз"] * lines))

    *_pages, last = read_pdf(pdf(sheet(meeting), AT)).pages

    last = last.extract_text()
    places = [last.index(_("Approval by the partners")), last.index(_("Signature"))]
    places += [last.index(f"{side}, ky", places[1]) for side in SIDES]
    assert places == sorted(places)


def test_there_is_room_to_sign_in_the_word_file(meeting):
    table = read_word(word(sheet(meeting), AT)).tables[-1]

    assert all(row.height > Mm(17) for row in table.rows[1:])
    assert {row.height_rule for row in table.rows[1:]} == {WD_ROW_HEIGHT_RULE.AT_LEAST}


def test_a_long_word_is_broken_and_no_wider_than_the_page(meeting):
    long_word = "ө" * 300
    meeting.items.update(heard_ky=long_word, topic_ky=long_word[:200])

    content = pdf(sheet(meeting), AT)

    assert long_word in text_of_pdf(content).replace(" ", "")
    lines = read_pdf(content).pages[0].extract_text().splitlines()
    assert max(line.count("ө") for line in lines) < 100


@pytest.mark.parametrize("form", FILES)
def test_the_same_protocol_is_the_same_file(form, meeting):
    write, _read = FILES[form]

    assert write(sheet(meeting), AT) == write(sheet(meeting), AT)


# As they are fetched


@pytest.fixture
def approved(meeting, elmira, bakyt, nurlan):
    version = put_up(meeting, elmira)
    return approve(version, council=elmira, police=bakyt, residents=nurlan)


@pytest.mark.parametrize("form", FILES)
@pytest.mark.parametrize("language", ["", "/ru"])
def test_everyone_fetches_it_without_names(language, form, meeting, approved):
    address = reverse(
        f"meetings:protocol_{form}", args=[meeting.center.slug, meeting.reference]
    )

    response = Client().get(language + address)

    found = FILES[form][1](response.content)
    assert response.status_code == 200
    assert f"-1.{form}" in response["Content-Disposition"]
    assert "№ 1" in found
    assert LETTERS in found
    for name in ("Бекова", "Сыдыков", "Эргешов"):
        assert name not in found
        assert name.encode() not in response.content


@pytest.mark.parametrize("form", FILES)
def test_the_members_fetch_it_with_names_and_a_place_to_sign(
    form, meeting, approved, nurlan
):
    address = reverse(
        f"desk:protocol_version_{form}", args=[meeting.reference, approved.version]
    )

    response = signed_in(nurlan).get(address)

    found = FILES[form][1](response.content)
    assert found.count("Сыдыков Бакыт") == 2
    assert Client().get(address).status_code == 302


@pytest.mark.parametrize("form", FILES)
def test_what_is_not_approved_says_so_on_paper(form, meeting, elmira, bakyt):
    version = put_up(meeting, elmira)
    up = text(form, meeting, version=version)
    actions.decline(meeting=meeting, version=1, by=bakyt, words="Ката")
    version.refresh_from_db()

    withdrawn = text(form, meeting, version=version)

    assert _("Up for approval") in up
    assert pgettext("protocol", "Withdrawn") in withdrawn
    assert _("Up for approval") not in withdrawn


@pytest.mark.parametrize("form", FILES)
def test_nobody_else_fetches_what_is_up_for_approval(form, meeting, elmira, olga):
    put_up(meeting, elmira)

    names = [meeting.center.slug, meeting.reference]
    public = Client().get(reverse(f"meetings:protocol_{form}", args=names))
    address = reverse(f"desk:protocol_version_{form}", args=[meeting.reference, 1])

    assert public.status_code == 404
    assert signed_in(olga).get(address).status_code == 404
    assert signed_in(elmira).get(address).status_code == 200
