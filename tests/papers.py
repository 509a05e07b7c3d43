"""What poppler and LibreOffice read out of a file; both are the machine's own."""

import subprocess
from typing import NamedTuple


class Font(NamedTuple):
    name: str
    is_embedded: bool
    is_readable: bool  # each of its glyphs says which letter it is


def fonts_of(content):
    """Return the fonts of a PDF file, as `pdffonts` lists them."""
    # Under a head of two lines: name, type, encoding, emb, sub, uni, object and number.
    rows = [line.split() for line in ask("pdffonts", "-", content).splitlines()[2:]]
    return [Font(row[0], row[-5] == "yes", row[-3] == "yes") for row in rows]


def text_of(content):
    """Return the words of a PDF file in the order in which it draws them."""
    text = ask("pdftotext", "-enc", "UTF-8", "-raw", "-", "-", content)
    return " ".join(text.replace("\u200b", "").split())


def printed(content, folder):
    """Return a Word file as the PDF that LibreOffice prints it to."""
    (folder / "paper.docx").write_bytes(content)
    # A profile of its own: beside another that runs it would do nothing.
    command = ["soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}"]
    command += ["--headless", "--convert-to", "pdf", "--outdir", folder]
    subprocess.run(
        [*command, folder / "paper.docx"], check=True, capture_output=True, timeout=120
    )
    return (folder / "paper.pdf").read_bytes()


def ask(*command):
    *command, content = command
    run = subprocess.run(command, input=content, check=True, capture_output=True)
    return run.stdout.decode()
