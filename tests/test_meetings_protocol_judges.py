"""The protocol as a file, judged by programs that are not ours."""

import io
import re
from datetime import timedelta

import pytest
from django.utils import timezone
from page import validate_pdf_bytes
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject

from concerns.workflow import Status
from meetings.protocol.paper import Line, paper
from meetings.protocol.pdf import pdf
from meetings.protocol.word import word

from .factories import (
    make_action,
    make_approved,
    make_decision,
    make_topic,
    put_on_agenda,
)
from .minutes import approve, ended_meeting, put_up
from .papers import fonts_of, printed, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]

AT = timezone.now() - timedelta(hours=1)
LANGUAGES = ["ky", "ru"]
AUDIENCES = pytest.mark.parametrize(
    "is_public", [True, False], ids=["everyone", "members"]
)


@pytest.fixture
def version(center, elmira, bakyt, nurlan):
    """An approved protocol of all that one may hold: each kind of item and of table."""
    meeting = ended_meeting(center)
    concern = make_approved(
        center, title_ky="Көчөнүн үңкүрү", title_ru="Яма", status=Status.REGISTERED
    )
    decided = put_on_agenda(meeting, concern)
    decided.heard_ky = "Өңүрдүн үнү\n\nЭкинчи ой"
    decided.discussed_ky, decided.discussed_ru = "Ой бөлүштү", "Обсудили"
    decided.status = "decided"
    decided.save()
    decision = make_decision(decided)
    decision.way = "vote"
    decision.votes_for, decision.votes_against, decision.votes_abstained = 9, 1, 0
    decision.save()
    make_action(decision, person=elmira)
    make_action(decision, text_ky="Үңкүрдү көмүү", text_ru="Засыпать яму")
    make_topic(meeting, status="postponed")
    make_topic(meeting, status="noted", heard_ru="По-русски")
    for person in (elmira, bakyt, nurlan):
        meeting.attendances.create(membership=person.memberships.get(), came=True)
    meeting.turnouts.create(sex="women", band="29-59", number=14)
    return approve(
        put_up(meeting, elmira), council=elmira, police=bakyt, residents=nurlan
    )


def sheet(version, language, is_public=False):
    meeting = version.protocol.meeting
    return paper(
        meeting, version.content, language, is_public=is_public, version=version
    )


def lines_of(thing):
    """Yield all that a paper says, in its order."""
    if isinstance(thing, Line):
        yield thing.text
    elif isinstance(thing, dict):
        yield from lines_of(list(thing.values()))
    elif isinstance(thing, list | tuple):
        for one in thing:
            yield from lines_of(one)


def run_together(text):
    """Return a text without its spaces, which say nothing where lines are broken."""
    return re.sub(r"\s", "", text)


# PDF/UA-1, by a checker that knows what its standard lets a machine decide


def broken_rules(content):
    report = validate_pdf_bytes(content, profile="ua1")
    assert report.rules.total > 100
    return {failure.rule_id for failure in report.failures}


@AUDIENCES
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_checker_of_accessible_files_finds_nothing(language, is_public, version):
    content = pdf(sheet(version, language, is_public), AT)

    assert broken_rules(content) == set()


def without_language(root, _objects):
    del root["/Lang"]


def without_parts(root, _objects):
    del root["/StructTreeRoot"]


def without_title(root, _objects):
    del root["/ViewerPreferences"]


def of_no_standard(root, _objects):
    about = root["/Metadata"].get_object()
    about.set_data(about.get_data().replace(b"<pdfuaid:part>1<", b"<pdfuaid:part>9<"))


def with_a_heading_left_out(_root, objects):
    for one in objects:
        if one.get("/S") == "/H3":
            one[NameObject("/S")] = NameObject("/H5")


def without_letters(_root, objects):
    for one in objects:
        one.pop("/FontFile2", None)


def without_their_meaning(_root, objects):
    for one in objects:
        one.pop("/ToUnicode", None)


@pytest.mark.parametrize(
    ("spoil", "rule"),
    [
        (without_language, "PDFUA1-TEXT-LANGUAGE-001"),
        (without_parts, "PDFUA1-STRUCT-TREE-ROOT-001"),
        (without_title, "PDFUA1-VIEWER-PREFERENCES-001"),
        (of_no_standard, "PDFUA1-ID-PART-001"),
        (with_a_heading_left_out, "PDFUA1-HEADING-NESTING-001"),
        (without_letters, "PDFUA1-FONT-EMBEDDING-001"),
        (without_their_meaning, "PDFUA1-FONT-UNICODE-MAPPING-001"),
    ],
)
def test_the_checker_would_find_it(spoil, rule, version):
    content = pdf(sheet(version, "ky"), AT)
    writer, spoilt = PdfWriter(clone_from=io.BytesIO(content)), io.BytesIO()
    objects = map(writer.get_object, range(1, len(writer._objects) + 1))

    spoil(writer.root_object, [o for o in objects if isinstance(o, DictionaryObject)])
    writer.write(spoilt)

    assert rule in broken_rules(spoilt.getvalue())


# By the tools of poppler


@pytest.mark.paper
@pytest.mark.parametrize("language", LANGUAGES)
def test_its_letters_are_in_the_file_and_say_what_they_are(language, version):
    fonts = fonts_of(pdf(sheet(version, language), AT))

    assert len(fonts) == 2
    assert all(font.is_embedded and font.is_readable for font in fonts)


@pytest.mark.paper
@AUDIENCES
@pytest.mark.parametrize("language", LANGUAGES)
def test_all_its_words_are_read_in_their_order(language, is_public, version):
    made = sheet(version, language, is_public)

    found = run_together(text_of(pdf(made, AT)))

    place = 0
    for line in lines_of(made["blocks"]):
        place = found.index(run_together(line), place)


# By LibreOffice, which opens the Word file as the council's office does


@pytest.mark.paper
@pytest.mark.proof
@pytest.mark.parametrize("language", LANGUAGES)
def test_an_office_program_prints_the_whole_of_the_word_file(
    language, version, tmp_path
):
    made = sheet(version, language)

    content = printed(word(made, AT), tmp_path)

    assert 1 <= len(PdfReader(io.BytesIO(content)).pages) <= 3
    found = run_together(text_of(content))
    missing = [
        line for line in lines_of(made["blocks"]) if run_together(line) not in found
    ]
    assert missing == []
