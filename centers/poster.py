"""The centre's poster: its address for a phone's camera and for people who type.

Drawn once, on A4; A5 is the same, smaller. Black on white, with one family of letters
that stand in the file itself: a printer's own have no ң, ө and ү.
"""

from io import BytesIO
from pathlib import Path

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from qrcode import QRCode
from qrcode.constants import ERROR_CORRECT_Q
from reportlab.lib.pagesizes import A4, A5
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

SIZES = {"a4": A4, "a5": A5}
PLAIN, BOLD = "DejaVuSans", "DejaVuSans-Bold"
FONTS = Path(__file__).parent / "fonts"
for name in (PLAIN, BOLD):
    registerFont(TTFont(name, FONTS / f"{name}.ttf"))

WIDTH, HEIGHT = A4
MARGIN = 48
INNER = WIDTH - 2 * MARGIN
CODE = 270  # points: read from two metres
QUIET = 4  # white modules around the code, as its standard asks
MOST_NUMBERS = 4


def poster(center, size):
    """Return a centre's poster as a PDF file of a size: "a4" or "a5"."""
    file = BytesIO()
    width, height = SIZES[size]
    # Invariant: the same poster is the same file, whenever it is asked for.
    canvas = Canvas(
        file,
        pagesize=(width, height),
        invariant=True,
        lang="ky",
        # Its own choice would be a font that no file holds.
        initialFontName=PLAIN,
    )
    canvas.setTitle(f"{center.name_ky} / {center.name_ru}")
    canvas.scale(width / WIDTH, height / HEIGHT)
    Sheet(canvas, center).draw()
    canvas.showPage()
    canvas.save()
    return file.getvalue()


def address_of(center):
    """Return the address of a centre's Kyrgyz page, whole: what the code says."""
    with translation.override("ky"):
        return f"{settings.SITE_URL}{center.get_absolute_url()}"


def code_of(address):
    """Return the modules of the code as rows of True and False."""
    code = QRCode(error_correction=ERROR_CORRECT_Q, border=0)
    code.add_data(address)
    return code.get_matrix()


class Sheet:
    """A page that is filled from above."""

    def __init__(self, canvas, center):
        self.canvas, self.center = canvas, center
        self.y = HEIGHT - MARGIN

    def draw(self):
        center = self.center
        self.both(lambda language: getattr(center, f"name_{language}") or "", 28, 17)
        self.line()
        self.both(lambda _language: _("What worries you where you live? Tell us."), 23)
        self.both(
            lambda _language: _("No account is needed, nor your name."), 13, 13, PLAIN
        )
        self.space(6)
        self.code(address_of(center))
        shown = address_of(center).partition("://")[2].rstrip("/")
        self.text(shown, BOLD, 24, lines=1)
        self.space(4)
        self.both(
            lambda _language: _("Point the camera at the square, or type the address."),
            12,
            12,
            PLAIN,
        )
        self.line()
        self.both(
            lambda _language: _(
                "This portal is not an emergency service. If life or health is in"
                " danger, call at once:"
            ),
            12,
            12,
            PLAIN,
        )
        self.numbers()

    def both(self, say, size, second=None, font=BOLD):
        """Write the same in Kyrgyz, larger, and in Russian under it."""
        for language, points, face in (
            ("ky", size, font),
            ("ru", second or size * 0.68, PLAIN),
        ):
            with translation.override(language):
                self.text(say(language), face, points)
        self.space(5)

    def text(self, text, font, size, lines=2, left=MARGIN, width=INNER):
        """Write a text in the middle, smaller where it takes more lines than these."""
        while len(parts := simpleSplit(text, font, size, width)) > lines and size > 7:
            size -= 0.5
        # One long word is no line too many, and yet too wide.
        widths = (self.canvas.stringWidth(part, font, size) for part in parts)
        widest = max(widths, default=0)
        size *= min(1, width / widest) if widest else 1
        self.canvas.setFont(font, size)
        for part in parts:
            self.y -= size * 1.2
            self.canvas.drawCentredString(left + width / 2, self.y, part)

    def space(self, points):
        self.y -= points

    def line(self):
        self.space(7)
        self.canvas.setLineWidth(1.5)
        self.canvas.line(MARGIN, self.y, WIDTH - MARGIN, self.y)
        self.space(5)

    def code(self, address):
        rows = code_of(address)
        module = CODE / (len(rows) + 2 * QUIET)
        left = (WIDTH - CODE) / 2 + QUIET * module
        top = self.y - QUIET * module
        for row, modules in enumerate(rows):
            for column, is_black in enumerate(modules):
                if is_black:
                    self.canvas.rect(
                        left + column * module,
                        top - (row + 1) * module,
                        module,
                        module,
                        stroke=0,
                        fill=1,
                    )
        self.y -= CODE

    def numbers(self):
        common = [
            ("102", lambda: _("police")),
            ("103", lambda: _("ambulance")),
            ("101", lambda: _("fire service")),
            ("112", lambda: _("rescue service")),
        ]
        self.columns([(number, said_in_both(say)) for number, say in common], 30)
        own = self.center.numbers.all()[:MOST_NUMBERS]
        self.columns(
            [(one.number, [one.name_ky or "", one.name_ru or ""]) for one in own], 15
        )

    def columns(self, numbers, size):
        """Write numbers side by side, each with its words under it."""
        if not numbers:
            return
        top, lowest = self.y, self.y
        width = INNER / len(numbers)
        for place, (number, words) in enumerate(numbers):
            self.y = top
            left = MARGIN + place * width
            self.text(number, BOLD, size, 1, left + 3, width - 6)
            # In one language alone where both say the same.
            for text in dict.fromkeys(filter(None, words)):
                self.text(text, PLAIN, 9.5, 2, left + 3, width - 6)
            lowest = min(lowest, self.y)
        self.y = lowest
        self.space(5)


def said_in_both(say):
    words = []
    for language in ("ky", "ru"):
        with translation.override(language):
            words.append(say())
    return words
