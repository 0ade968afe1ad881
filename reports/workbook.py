"""The XLSX twin of a monthly report: figures, every table whole, and how each figure is counted."""

import io
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from reports import labels
from reports.figures.catalogue import FIGURES, SECTIONS
from reports.models import Report
from reports.months import Month

NUMBER_FORMATS = {"share": "0.0%", "money": "#,##0.00", "hours": "0.0", "count": "0"}


def table_names() -> dict[str, Any]:
    """Sheet titles of the tables in print order."""
    return {
        "repairs": _("Repairs"),
        "initial_service": _("Initial service"),
        "calls": _("Calls"),
        "follow_ups": _("Follow-ups"),
        "repeat_faults": _("Repeat faults"),
        "breaches": _("Broken promises"),
        "keeping_by_region": _("Arrivals by region"),
        "by_grade": _("By grade"),
        "by_region": _("By region"),
        "by_path": _("By way"),
        "by_fault": _("By fault"),
        "by_model": _("By model"),
        "by_machine": _("By machine"),
        "by_word": _("By word"),
        "by_day": _("By day"),
    }


def column_names() -> dict[str, Any]:
    """Headings of the columns of all tables."""
    return {
        "number": _("Number"),
        "kind": _("Kind"),
        "customer": _("Customer"),
        "province": _("Province"),
        "model": _("Model"),
        "serial": _("Serial number"),
        "fault": _("Fault"),
        "work": _("Work done"),
        "grade": _("Grade"),
        "path": _("Way"),
        "engineer": _("Engineer"),
        "reported_at": _("Reported"),
        "contacted_at": _("Called"),
        "arrived_at": _("Arrived"),
        "solved_at": _("Repaired"),
        "imported": _("Imported"),
        "parts": _("Parts"),
        "verdict": _("Warranty"),
        "charge": _("Charged, yuan"),
        "cost": _("Cost, yuan"),
        "visits": _("Visits"),
        "state": _("State"),
        "repeat": _("Second repair"),
        "before": _("Ticket before"),
        "days": _("Days between"),
        "at": _("Time"),
        "channel": _("Channel"),
        "said": _("What was said"),
        "answered": _("Answer"),
        "answered_at": _("Answered"),
        "content": _("Content"),
        "ticket": _("Ticket"),
        "taken_by": _("Taken by"),
        "key": _("Value"),
        "count": _("Count"),
        "previous": _("Month before"),
        "day": _("Day"),
        "target": _("Promise"),
        "due_at": _("Due"),
        "ended_at": _("Done"),
        "minutes_late": _("Minutes late"),
        "why": _("Reason"),
        "region": _("Region"),
        "kept": _("Kept"),
        "whole": _("Of"),
        "often": _("Comes back"),
        "rule": _("Rule"),
        "tries": _("Attempts"),
        "result": _("Result"),
        "by": _("By"),
        "overall": _("Overall answer"),
        "delivered_on": _("Delivered"),
        "trainer": _("Trainer"),
        "from_on": _("From"),
        "to_on": _("To"),
        "trainees": _("Trainees"),
        "passed": _("Passed"),
        "late": _("Late"),
        "repeated": _("Repeated"),
        "satisfaction": _("Satisfaction"),
        "subject": _("Subject"),
    }


CODED = {
    "province": "province",
    "region": "region",
    "path": "path",
    "state": "state",
    "verdict": "verdict",
    "channel": "channel",
    "content": "content",
    "rule": "rule",
    "result": "result",
    "target": "target",
    "satisfaction": "satisfaction",
}
CODED_BY_TABLE = {
    ("repairs", "kind"): "kind",
    ("calls", "kind"): "call_kind",
    ("by_grade", "key"): "grade",
    ("by_region", "key"): "region",
    ("by_path", "key"): "path",
    ("by_fault", "key"): "fault",
    ("keeping_by_region", "key"): "region",
}
AMOUNTS = frozenset({"charge", "cost"})


def write(report: Report) -> bytes:
    """The workbook in the active language."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(
        buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        book.set_properties(
            {"title": report.number, "created": report.frozen_at and report.frozen_at.replace(tzinfo=None)}
        )
        head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        _figures(book, head, report)
        words = labels.all_labels()
        tables = {table.code: table.rows for table in report.tables.all()}
        for code, name in table_names().items():
            _table(book, head, code, str(name), tables.get(code, []), words)
        _definitions(book, head)
    return buffer.getvalue()


def _figures(book: Any, head: Any, report: Report) -> None:
    sheet = book.add_worksheet(_("Figures"))
    month = Month.of(report.month)
    columns = [_("Figure"), str(month), _("Counted"), _("Of"), str(month.plus(-1)), str(month.plus(-12))]
    past = [str(month.plus(n - 12)) for n in range(13)]
    sheet.write_row(0, 0, [*columns, *past], head)
    sheet.set_column(0, 0, 32)
    sheet.set_column(1, 18, 11)
    sheet.freeze_panes(1, 1)
    rows = {row.code: row for row in report.figures.all()}
    for number, figure in enumerate((f for f in FIGURES.values() if f.code in rows), 1):
        row = rows[figure.code]
        form = book.add_format({"num_format": NUMBER_FORMATS[figure.unit]})
        sheet.write_string(number, 0, f"{SECTIONS[figure.section]}: {figure.name}")
        sheet.write(number, 1, _number(row.value), form)
        sheet.write(number, 2, _number(row.part))
        sheet.write(number, 3, _number(row.whole))
        for place, value in enumerate([row.previous, row.year_before, *row.series], 4):
            sheet.write(number, place, _number(value), form)


def _number(value: Any) -> Any:
    return None if value is None else float(value)


def _table(book: Any, head: Any, code: str, name: str, rows: list[dict[str, Any]], words: Any) -> None:
    sheet = book.add_worksheet(name[:31])
    if not rows:
        sheet.write_string(0, 0, _("Nothing in this month."))
        return
    headings = column_names()
    keys = [key for key in headings if key in rows[0]]
    sheet.write_row(0, 0, [str(headings[key]) for key in keys], head)
    sheet.freeze_panes(1, 1)
    sheet.set_column(0, len(keys) - 1, 15)
    sheet.autofilter(0, 0, len(rows), len(keys) - 1)
    for number, row in enumerate(rows, 1):
        for place, key in enumerate(keys):
            _cell(sheet, number, place, _word(code, key, row[key], words), key)


def _word(code: str, key: str, value: Any, words: Any) -> Any:
    kind = CODED_BY_TABLE.get((code, key)) or CODED.get(key)
    if kind and (value in words[kind] or str(value) in words[kind]):
        return str(words[kind].get(value, words[kind].get(str(value))))
    if isinstance(value, bool):
        return _("yes") if value else ""
    return ", ".join(map(str, value)) if isinstance(value, list) else value


def _cell(sheet: Any, row: int, column: int, value: Any, key: str) -> None:
    if value is None:
        return
    if key in AMOUNTS:
        sheet.write_number(row, column, float(value))
    elif isinstance(value, (int, float)):
        sheet.write_number(row, column, value)
    else:
        sheet.write_string(
            row, column, str(value).replace("T", " ") if key.endswith("_at") or key == "at" else str(value)
        )


def _definitions(book: Any, head: Any) -> None:
    sheet = book.add_worksheet(_("How it is counted"))
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.write_row(0, 0, [_("Figure"), _("How it is counted"), _("What it leaves out")], head)
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, 2, 70)
    for number, figure in enumerate(FIGURES.values(), 1):
        sheet.write_row(number, 0, [str(figure.name), str(figure.how), str(figure.without)], wrap)
