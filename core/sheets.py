"""Sheets: reading XLSX, XLS and CSV as people keep them, writing XLSX and CSV, the answer of an export."""

import csv
import io
import zipfile
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from operator import attrgetter
from typing import Any

import openpyxl
import xlsxwriter
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from python_calamine import CalamineError, CalamineWorkbook
from xlsxwriter.utility import xl_col_to_name

from core import cells
from core.errors import Refused

MAX_BYTES = 20 * 1024 * 1024
MAX_UNPACKED = 400 * 1024 * 1024
MAX_FILES = 2000
MAX_ROWS = 50_000
MAX_COLUMNS = 200
MAX_MARKED = 10_000
_LOOK_FOR_HEADINGS = 20
_XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Line:
    """One row of data with its number in the file, counted from 1."""

    number: int
    cells: list[Any]


@dataclass(frozen=True)
class Sheet:
    """The headings and the rows below them; blank rows are left out."""

    headings: list[str]
    rows: list[Line]
    heading_line: int


@dataclass(frozen=True)
class Column:
    """A column to write: heading, how to get the value (attribute path or function), and its kind.

    Kinds: text, code (never becomes a number), number, money, day, moment.
    """

    heading: Any
    value: str | Callable[[Any], Any]
    kind: str = "text"

    def of(self, row: Any) -> Any:
        """The plain value for a row."""
        try:
            value = self.value(row) if callable(self.value) else attrgetter(self.value)(row)
        except AttributeError:
            value = None
        if isinstance(value, datetime):
            return timezone.localtime(value).replace(tzinfo=None) if timezone.is_aware(value) else value
        if value is None or isinstance(value, date | int | float | Decimal):
            return value
        return str(value)


# --- Reading -----------------------------------------------------------------------------------------------------


def read(upload: Any, known: Collection[str] = (), field: str = "file") -> Sheet:
    """Read the first sheet that holds anything. `known` are headings to look for when they are not in line 1.

    Raises Refused on `field` for files that are too large, broken, empty or no sheet at all.
    """
    if upload is None:
        raise Refused({field: _("No file was sent.")})
    content = upload if isinstance(upload, bytes) else _read(upload, field)
    try:
        table = _table(content)
    except (CalamineError, zipfile.BadZipFile, csv.Error, ValueError, OSError, KeyError) as error:
        raise Refused({field: _("The file cannot be read: %(why)s") % {"why": str(error)[:200]}}) from error
    lines = [Line(i, row) for i, row in enumerate(table, 1) if any(cells.text(cell) for cell in row)]
    if len(lines) < 2:
        raise Refused({field: _("The file holds no rows below its headings.")})
    head = _headings_among(lines[:_LOOK_FOR_HEADINGS], known)
    headings = _unique([cells.text(cell).replace("\n", "") for cell in lines[head].cells])
    width = max((i for i, heading in enumerate(headings, 1) if heading), default=0)
    rows = [
        Line(line.number, (line.cells + [None] * width)[:width])
        for line in lines[head + 1 :]
        if any(cells.text(cell) for cell in line.cells[:width])
    ]
    if not rows:
        raise Refused({field: _("The file holds no rows below its headings.")})
    return Sheet(headings[:width], rows, lines[head].number)


def _read(upload: Any, field: str) -> bytes:
    if upload.size > MAX_BYTES:
        raise Refused({field: _("The file is larger than %(limit)d MB.") % {"limit": MAX_BYTES // 1024**2}})
    content = bytes(upload.read())
    if not content:
        raise Refused({field: _("The file is empty.")})
    return content


def _table(content: bytes) -> list[list[Any]]:
    if content.startswith(b"PK"):
        _check_archive(content)
        return _workbook(content)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        return _workbook(content)
    return _text_table(content)


def _check_archive(content: bytes) -> None:
    """Refuse archives that unpack to something huge; what the directory says is checked by unpacking."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = archive.infolist()
        if len(parts) > MAX_FILES or sum(part.file_size for part in parts) > MAX_UNPACKED:
            raise ValueError(_("it unpacks to more than is allowed"))
        if not any(part.filename.startswith("xl/") for part in parts):
            raise ValueError(_("it is no workbook"))
        for part in parts:
            with archive.open(part) as stream:
                while stream.read(1 << 20):
                    pass


def _workbook(content: bytes) -> list[list[Any]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    for index in range(len(book.sheet_names)):
        sheet = book.get_sheet_by_index(index)
        _check_size(sheet.total_height, sheet.total_width)
        table = [list(row) for row in sheet.to_python(skip_empty_area=False)]
        if sum(1 for row in table if any(cell != "" for cell in row)) >= 2:
            _fill_merged(table, sheet.merged_cell_ranges or [])
            return table
    return []


def _check_size(height: int, width: int) -> None:
    if height > MAX_ROWS or width > MAX_COLUMNS:
        limits = {"rows": MAX_ROWS, "columns": MAX_COLUMNS}
        raise ValueError(_("more than %(rows)d rows or %(columns)d columns") % limits)


def _fill_merged(table: list[list[Any]], ranges: Iterable[Any]) -> None:
    """Give every cell of a merged range below another the value that is seen in it."""
    for (top, left), (bottom, right) in ranges:
        if top >= len(table) or left >= len(table[top]):
            continue
        for row in table[top : bottom + 1]:
            for column in range(left, min(right + 1, len(row))):
                if row[column] == "" and column == left:
                    row[column] = table[top][left]


def _text_table(content: bytes) -> list[list[Any]]:
    text = _decoded(content)
    if "\x00" in text:
        raise ValueError(_("it is neither a workbook nor a text with separators"))
    first = next((line for line in text.splitlines() if line.strip()), "")
    separator = max(",;\t|", key=first.count)
    table: list[list[Any]] = []
    for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
        table.append(list(row))
        _check_size(len(table), len(row))
    return table


def _decoded(content: bytes) -> str:
    """Text of a CSV file: UTF-8 with or without mark, UTF-16 with mark, else GB 18030."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ValueError(_("its characters are neither UTF-8 nor GB 18030"))


def _headings_among(lines: Sequence[Line], known: Collection[str]) -> int:
    """Index of the heading line: the one with most known headings, else the first wide one without values."""
    plain = {simple(name) for name in known}
    scores = [len({simple(cells.text(cell)) for cell in line.cells} & plain - {""}) for line in lines]
    if max(scores) >= 1 and (max(scores) > 1 or scores[0] == 1):
        return scores.index(max(scores))
    widths = [sum(1 for cell in line.cells if cells.text(cell)) for line in lines]
    for index, line in enumerate(lines):
        filled = [cell for cell in line.cells if cells.text(cell)]
        if widths[index] * 2 > max(widths) and not any(cells.looks_like_value(cell) for cell in filled):
            return index
    return 0


def simple(heading: str) -> str:
    """A heading without case, blanks, marks and brackets, for comparison."""
    bare = cells.code(heading).split("(")[0].lower()
    return "".join(sign for sign in bare if sign.isalnum())


def _unique(headings: list[str]) -> list[str]:
    """Repeated headings get a number."""
    seen: dict[str, int] = {}
    named = []
    for heading in headings:
        seen[heading] = seen.get(heading, 0) + 1
        named.append(f"{heading} ({seen[heading]})" if heading and seen[heading] > 1 else heading)
    return named


# --- Writing -----------------------------------------------------------------------------------------------------


def answer(request: HttpRequest, name: str, columns: Sequence[Column], rows: Iterable[Any]) -> HttpResponse:
    """A list as a download: XLSX, or CSV with `?export=csv`. `name` has no ending."""
    if request.GET.get("export") == "csv":
        stream = StreamingHttpResponse(csv_lines(columns, rows), content_type="text/csv; charset=utf-8")
        stream["Content-Disposition"] = content_disposition_header(True, f"{name}.csv")
        return stream  # type: ignore[return-value]
    return download(xlsx(columns, rows, name), f"{name}.xlsx")


def download(content: bytes, name: str) -> HttpResponse:
    """A workbook as a download."""
    response = HttpResponse(content, content_type=_XLSX_TYPE)
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response


def csv_lines(columns: Sequence[Column], rows: Iterable[Any]) -> Iterator[str]:
    """Lines of a CSV file that spreadsheets open as UTF-8; text that would be a formula is disarmed."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)

    def line(values: Iterable[Any]) -> str:
        writer.writerow(values)
        written = buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
        return written

    yield "\ufeff" + line([str(column.heading) for column in columns])
    for row in rows:
        yield line([guarded(column.of(row)) for column in columns])


def guarded(value: Any) -> Any:
    """A value for CSV: a text beginning like a formula gets an apostrophe before it."""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")):
        return f"'{value}"
    return "" if value is None else value


def xlsx(columns: Sequence[Column], rows: Iterable[Any], title: str = "") -> bytes:
    """A workbook with one sheet: fixed bold headings, filter, days and codes typed as such."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet(_sheet_name(title))
        formats = _formats(book)
        widths = [len(str(column.heading)) * 2 for column in columns]
        for index, column in enumerate(columns):
            sheet.write_string(0, index, str(column.heading), formats["head"])
        count = 0
        for count, row in enumerate(rows, 1):
            for index, column in enumerate(columns):
                _write(sheet, count, index, column.of(row), formats[column.kind], column.kind, widths)
        for index, width in enumerate(widths):
            sheet.set_column(index, index, min(max(width + 2, 8), 60))
        sheet.freeze_panes(1, 0)
        if columns:
            sheet.autofilter(0, 0, count, len(columns) - 1)
    return out.getvalue()


def _formats(book: Any) -> dict[str, Any]:
    return {
        "head": book.add_format({"bold": True, "bg_color": "#E9EEF5", "bottom": 1}),
        "text": book.add_format(),
        "code": book.add_format({"num_format": "@"}),
        "number": book.add_format({"num_format": "#,##0.##"}),
        "money": book.add_format({"num_format": "#,##0.00"}),
        "day": book.add_format({"num_format": "yyyy-mm-dd"}),
        "moment": book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
    }


def _write(sheet: Any, row: int, index: int, value: Any, style: Any, kind: str, widths: list[int]) -> None:
    if value is None or value == "":
        return
    if isinstance(value, date) and kind in ("day", "moment"):
        sheet.write_datetime(row, index, value, style)
        widths[index] = max(widths[index], 16 if kind == "moment" else 10)
    elif isinstance(value, int | float | Decimal) and not isinstance(value, bool) and kind not in ("text", "code"):
        sheet.write_number(row, index, value, style)
    else:
        text = str(value)
        sheet.write_string(row, index, text[:32_000], style)
        widths[index] = max(widths[index], sum(2 if ord(sign) > 255 else 1 for sign in text[:60]))


def _sheet_name(title: str) -> str:
    return "".join(sign for sign in title if sign not in "[]:*?/\\'")[:31] or "Sheet1"


def template(columns: Sequence[Column], sample: Mapping[str, Any], lists: Mapping[str, Sequence[str]]) -> bytes:
    """An empty sheet to fill in: headings, one sample row, drop-downs, codes as text. Keyed by the column's value."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet, formats = book.add_worksheet(), _formats(book)
        hints = book.add_worksheet(_sheet_name(_("Choices")))
        for index, column in enumerate(columns):
            key = str(column.value)
            style = formats["code" if column.kind == "text" else column.kind]
            sheet.set_column(index, index, max(12, len(str(column.heading)) * 2 + 2), style)
            sheet.write_string(0, index, str(column.heading), formats["head"])
            _write(sheet, 1, index, sample.get(key), style, column.kind, [0] * len(columns))
            if choices := lists.get(key):
                hints.write_column(0, index, list(choices))
                letter = xl_col_to_name(index)
                source = f"='{hints.get_name()}'!${letter}$1:${letter}${len(choices)}"
                rule = {"validate": "list", "source": source, "error_type": "warning"}
                sheet.data_validation(1, index, MAX_ROWS, index, rule)
        sheet.freeze_panes(1, 0)
    return out.getvalue()


# --- Giving back what was wrong ----------------------------------------------------------------------------------


def marked(content: bytes, sheet: Sheet, faults: Mapping[int, str], heading: str) -> bytes:
    """The same workbook with a red column that says what is wrong in each row; from CSV or a large file a new one."""
    if not content.startswith(b"PK") or len(sheet.rows) > MAX_MARKED:
        return bad_rows(sheet, faults, heading, everything=True)
    book = openpyxl.load_workbook(io.BytesIO(content))
    page = next((page for page in book.worksheets if _holds(page, sheet)), None)
    if page is None:
        return bad_rows(sheet, faults, heading, everything=True)
    column = len(sheet.headings) + 1
    red, white = PatternFill("solid", fgColor="C00000"), Font(color="FFFFFF", bold=True)
    if sheet.headings[-1] == heading:
        column -= 1
        page.delete_cols(column)
    page.insert_cols(column)
    for line, text in {sheet.heading_line: heading, **faults}.items():
        cell = page.cell(line, column, text)
        cell.fill, cell.font, cell.alignment = red, white, Alignment(wrap_text=True, vertical="top")
    page.column_dimensions[get_column_letter(column)].width = 60
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _holds(page: Any, sheet: Sheet) -> bool:
    row = [page.cell(sheet.heading_line, index + 1).value for index in range(len(sheet.headings))]
    return _unique([cells.text(cell).replace("\n", "") for cell in row]) == sheet.headings


def bad_rows(sheet: Sheet, faults: Mapping[int, str], heading: str, *, everything: bool = False) -> bytes:
    """A new workbook with the rows that were refused (or all), and the red column."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        page, formats = book.add_worksheet(), _formats(book)
        red = book.add_format({"bg_color": "#C00000", "font_color": "#FFFFFF", "bold": True, "text_wrap": True})
        names = [name for name in sheet.headings if name != heading]
        width = len(names)
        for index, name in enumerate(names):
            page.write_string(0, index, name, formats["head"])
        page.write_string(0, width, heading, red)
        kept = [line for line in sheet.rows if everything or line.number in faults]
        for row, line in enumerate(kept, 1):
            for index, value in enumerate(line.cells[:width]):
                kind = "day" if isinstance(value, date) else "number" if isinstance(value, float | int) else "code"
                _write(page, row, index, value, formats[kind], kind, [0] * width)
            if line.number in faults:
                page.write_string(row, width, faults[line.number], red)
        page.set_column(0, max(width - 1, 0), 18)
        page.set_column(width, width, 60)
        page.freeze_panes(1, 0)
    return out.getvalue()
