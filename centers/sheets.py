"""Tables for Excel."""

from datetime import datetime
from io import BytesIO

import xlsxwriter
from django.http import HttpResponse

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# No longer name of a sheet is taken by Excel.
LONGEST_NAME = 31


def sheet_page(name, title, columns, rows):
    """Answer with a sheet to download: the columns' names, and below them the rows."""
    response = HttpResponse(drawn(title, columns, rows), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def drawn(title, columns, rows):
    """Return a sheet in which every text is a text, whatever it begins with."""
    file = BytesIO()
    book = xlsxwriter.Workbook(
        file,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    page = book.add_worksheet(title[:LONGEST_NAME])
    bold, day = (
        book.add_format({"bold": True}),
        book.add_format({"num_format": "dd.mm.yyyy", "align": "left"}),
    )
    page.write_row(0, 0, [str(name) for name in columns], bold)
    page.freeze_panes(1, 0)
    page.set_landscape()
    page.repeat_rows(0)
    page.fit_to_pages(1, 0)
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            if hasattr(value, "isoformat"):
                moment = datetime(value.year, value.month, value.day)
                page.write_datetime(number, column, moment, day)
            elif isinstance(value, int):
                page.write_number(number, column, value)
            else:
                page.write_string(number, column, str(value or ""))
    page.autofit()
    book.close()
    return file.getvalue()
