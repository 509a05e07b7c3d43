"""The paper as a Word file: real headings, each text in its language, A4."""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_ROW_HEIGHT_RULE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from .paper import Line, locale_of

# Office programs everywhere here have it, with ң, ө and ү.
FONT = "Times New Roman"
# The style of what stands in tables
CELL = "Cell"
FIRST_DAY = (1980, 1, 1, 0, 0, 0)


def word(paper, made_at):
    """Return a paper as a file; the same paper is the same file."""
    return without_clock(Sheet(paper, made_at).document)


class Sheet:
    def __init__(self, paper, made_at):
        self.language = paper["lang"]
        self.document = Document()
        self.set_up(paper, made_at)
        self.say(self.document.add_paragraph(), paper["center"])
        self.heading(Line(paper["title"], self.language), 1)
        for block in paper["blocks"]:
            fields = {name: block[name] for name in block if name != "kind"}
            getattr(self, block["kind"])(**fields)

    def set_up(self, paper, made_at):
        about = self.document.core_properties
        about.title, about.author = paper["title"], paper["center"].text
        about.language = locale_of(self.language)
        about.comments = ""
        about.created = about.modified = made_at.replace(tzinfo=None)
        page = self.document.sections[0]
        page.page_width, page.page_height = Mm(210), Mm(297)
        page.left_margin = page.right_margin = page.top_margin = Mm(22)
        for style in self.document.styles:
            if fonts := style.element.findall(f"{qn('w:rPr')}/{qn('w:rFonts')}"):
                for names in fonts:
                    names.attrib.clear()
                    for script in ("ascii", "hAnsi", "cs", "eastAsia"):
                        names.set(qn(f"w:{script}"), FONT)
        for level in (1, 2, 3):
            self.document.styles[f"Heading {level}"].font.color.rgb = RGBColor(0, 0, 0)
        self.document.styles["Normal"].font.name = FONT
        self.document.styles["Normal"].font.size = Pt(12)
        in_table = self.document.styles.add_style(CELL, WD_STYLE_TYPE.PARAGRAPH)
        in_table.base_style = self.document.styles["Normal"]
        in_table.font.size, in_table.paragraph_format.space_after = Pt(10), Pt(0)
        for lang in self.document.styles.element.iter(qn("w:lang")):
            lang.set(qn("w:val"), locale_of(self.language))
        self.number(page.footer.paragraphs[0], paper["title"])

    def number(self, paragraph, title):
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        self.say(paragraph, Line(f"{title}, ", self.language))
        field = OxmlElement("w:fldSimple")
        field.set(qn("w:instr"), "PAGE")
        paragraph._p.append(field)

    def say(self, paragraph, line, is_bold=False):
        run = paragraph.add_run(line.text)
        # Without it, what is regular stands as its style has it.
        run.bold = is_bold or None
        lang = OxmlElement("w:lang")
        lang.set(qn("w:val"), locale_of(line.lang))
        run._r.get_or_add_rPr().append(lang)

    def label(self, paragraph, text):
        self.say(paragraph, Line(f"{text} ", self.language), is_bold=True)

    # The kinds of blocks

    def heading(self, line, level):
        self.say(self.document.add_heading(level=level), line)

    def facts(self, rows):
        for label, line in rows:
            paragraph = self.document.add_paragraph()
            self.label(paragraph, f"{label}:")
            self.say(paragraph, line)

    def part(self, label, lines):
        for place, line in enumerate(lines):
            paragraph = self.document.add_paragraph()
            if label and place == 0:
                self.label(paragraph, label)
            self.say(paragraph, line)

    def list(self, lines):
        for line in lines:
            self.say(self.document.add_paragraph(style="List Number"), line)

    def table(self, label, head, rows, is_signed):
        if label:
            paragraph = self.document.add_paragraph()
            paragraph.paragraph_format.keep_with_next = True
            self.label(paragraph, label)
        table = self.document.add_table(0, len(head), style="Table Grid")
        cells = self.row(table, is_signed)
        # Said anew on each page, and by a screen reader at each cell.
        cells._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
        for cell, text in zip(cells.cells, head, strict=True):
            self.say(cell.paragraphs[0], Line(text, self.language), is_bold=True)
        for row in rows:
            cells = self.row(table, is_signed)
            if is_signed:
                # By hand one signs in more room than one types.
                cells.height, cells.height_rule = Mm(18), WD_ROW_HEIGHT_RULE.AT_LEAST
            for cell, (_head, lines) in zip(cells.cells, row, strict=True):
                self.fill(cell, lines)
        self.document.add_paragraph()

    def row(self, table, is_signed):
        """Add a row that no page divides; those that are signed stay together."""
        row = table.add_row()
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        for cell in row.cells:
            cell.paragraphs[0].style = CELL
            cell.paragraphs[0].paragraph_format.keep_with_next = is_signed or None
        return row

    def fill(self, cell, lines):
        paragraph = cell.paragraphs[0]
        for place, (label, line) in enumerate(lines):
            if place:
                paragraph = cell.add_paragraph(style=CELL)
            if label:
                self.say(paragraph, Line(f"{label} ", self.language))
            self.say(paragraph, line)


def without_clock(document):
    """Return a document as bytes in which no moment of its making stands."""
    made, kept = BytesIO(), BytesIO()
    document.save(made)
    with ZipFile(made) as old, ZipFile(kept, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(ZipInfo(name, FIRST_DAY), old.read(name), ZIP_DEFLATED)
    return kept.getvalue()
