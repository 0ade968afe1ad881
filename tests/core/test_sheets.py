"""Sheets as people keep them, and what we write."""

import csv
import datetime as dt
import io
import zipfile
from decimal import Decimal
from types import SimpleNamespace

import openpyxl
import pytest
import xlsxwriter
from django.test import RequestFactory

from core import cells, sheets
from core.errors import Refused

pytestmark = pytest.mark.req("CUS-05")


def workbook(rows, merged=(), first_empty=False):
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        if first_empty:
            book.add_worksheet()
        sheet = book.add_worksheet()
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for y, row in enumerate(rows):
            for x, value in enumerate(row):
                if isinstance(value, dt.date):
                    sheet.write_datetime(y, x, value, day)
                elif value is not None:
                    sheet.write(y, x, value)
        for where, value in merged:
            sheet.merge_range(where, value)
    return out.getvalue()


def values(sheet):
    return [(line.number, [cells.text(cell) for cell in line.cells]) for line in sheet.rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_csv_in_any_usual_encoding_and_separator(encoding, separator):
    text = f"客户名称{separator}电话\r\n重庆机床厂{separator}13800138000\r\n\r\n成都路桥{separator}028-1\r\n"
    sheet = sheets.read(text.encode(encoding))
    assert sheet.headings == ["客户名称", "电话"]
    assert values(sheet) == [(2, ["重庆机床厂", "13800138000"]), (4, ["成都路桥", "028-1"])]


def test_headings_below_a_title_blank_rows_and_a_first_empty_page():
    book = workbook(
        [["客户一览表 2026"], [], ["单位名称", "电话", "日期"], ["甲", "138", dt.date(2025, 11, 20)], [], ["乙"]],
        first_empty=True,
    )
    sheet = sheets.read(book, known=["单位名称", "电话"])
    assert (sheet.headings, sheet.heading_line) == (["单位名称", "电话", "日期"], 3)
    assert values(sheet) == [(4, ["甲", "138", "2025-11-20"]), (6, ["乙", "", ""])]
    assert sheets.read(book).heading_line == 3


def test_merged_cells_stand_in_every_row_they_cover():
    book = workbook([["客户", "编号"], [None, "A1"], [None, "A2"]], merged=[("A2:A3", "甲公司")])
    assert [line.cells[0] for line in sheets.read(book).rows] == ["甲公司", "甲公司"]


def test_repeated_headings_are_numbered_and_wide_rows_cut():
    sheet = sheets.read("电话,电话,\n1,2,3,4\n".encode())
    assert sheet.headings == ["电话", "电话 (2)"]
    assert sheet.rows[0].cells == ["1", "2"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK\x03\x04broken",
        b"\xd0\xcf\x11\xe0broken",
        b"a,b\n",
        b"\x00\x01\x02\x03",
        b"only one line",
        ("a\n" + "x\n" * (sheets.MAX_ROWS + 1)).encode(),
        (",".join("abc" for _i in range(sheets.MAX_COLUMNS + 1)) + "\n1\n").encode(),
    ],
)
def test_what_is_no_sheet_is_refused(content):
    with pytest.raises(Refused) as refusal:
        sheets.read(content)
    assert list(refusal.value.fields) == ["file"]


def test_an_archive_that_unpacks_to_something_huge_is_refused(monkeypatch):
    monkeypatch.setattr(sheets, "MAX_UNPACKED", 1000)
    with pytest.raises(Refused, match="解压"):
        sheets.read(workbook([["a", "b"], ["c", "d"]]))


def test_an_archive_that_lies_about_its_size_is_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * 5_000_000)
    data = bytearray(out.getvalue())
    size = (5_000_000).to_bytes(4, "little")
    while size in data:
        at = data.index(size)
        data[at : at + 4] = (10).to_bytes(4, "little")
    with pytest.raises(Refused):
        sheets.read(bytes(data))


def test_an_upload_that_is_too_large_is_not_even_read():
    upload = SimpleNamespace(size=sheets.MAX_BYTES + 1, read=None)
    with pytest.raises(Refused):
        sheets.read(upload)


@pytest.mark.parametrize(
    "typed",
    [
        "2025-11-20",
        "2025/11/20",
        "2025.11.20",
        "2025年11月20日",
        "２０２５-１１-２０",
        "20251120",
        "2025-11-20 08:30:00",
        "2025-11-20T00:00",
        "45981",
        45981,
        45981.5,
        dt.date(2025, 11, 20),
        dt.datetime(2025, 11, 20, 8, 30),
    ],
)
def test_a_day_is_understood_as_it_is_usually_written(typed):
    assert cells.day(typed) == dt.date(2025, 11, 20)


@pytest.mark.parametrize("typed", ["2025-13-01", "yesterday", "20/11/2025", "2025-02-30", "123", "2025年11月"])
def test_what_is_no_day_is_said_to_be_none(typed):
    with pytest.raises(ValueError, match=typed):
        cells.day(typed)


def test_numbers_flags_and_codes():
    assert cells.number("￥1,234.50元") == Decimal("1234.50")
    assert cells.number("－12.5") == Decimal("-12.5")
    assert cells.number(" ") is None
    assert [cells.flag(word) for word in ("是", "Y", "√", "否", "", "无", True)] == [True] * 3 + [False] * 3 + [True]
    assert cells.code(12345.0) == "12345"
    assert cells.code(" ＴＲＣ－１ ") == "TRC-1"
    for wrong in (1.23e17, "1.23E+17"):
        with pytest.raises(ValueError, match="四舍五入"):
            cells.code(wrong)
    with pytest.raises(ValueError, match="PM01"):
        cells.number("PM01")
    with pytest.raises(ValueError, match="maybe"):
        cells.flag("maybe")


COLUMNS = [
    sheets.Column("编号", "number", "code"),
    sheets.Column("名称", lambda row: row.name),
    sheets.Column("金额", "cost", "money"),
    sheets.Column("日期", "on", "day"),
    sheets.Column("时间", "at", "moment"),
    sheets.Column("无", "missing.thing"),
]
ROW = SimpleNamespace(
    number="00012345678901234567",
    name="=1+1",
    cost=Decimal("-5.5"),
    on=dt.date(2025, 11, 20),
    at=dt.datetime(2025, 11, 20, 0, 30, tzinfo=dt.UTC),
)


def test_a_written_workbook_keeps_codes_days_and_harmless_formulas():
    page = openpyxl.load_workbook(io.BytesIO(sheets.xlsx(COLUMNS, [ROW], "客户"))).active
    assert [cell.value for cell in page[1]] == ["编号", "名称", "金额", "日期", "时间", "无"]
    assert [cell.value for cell in page[2]] == [
        "00012345678901234567",
        "=1+1",
        -5.5,
        dt.datetime(2025, 11, 20),
        dt.datetime(2025, 11, 20, 8, 30),
        None,
    ]
    assert page["B2"].data_type == "s"
    assert page["A2"].number_format == "@"


def test_a_written_csv_disarms_formulas():
    text = "".join(sheets.csv_lines(COLUMNS, [ROW]))
    assert text.startswith("\ufeff编号,")
    row = list(csv.reader(io.StringIO(text)))[1]
    assert row == ["00012345678901234567", "'=1+1", "-5.5", "2025-11-20", "2025-11-20 08:30", ""]


@pytest.mark.parametrize(("query", "ending"), [("", "xlsx"), ("?export=xlsx", "xlsx"), ("?export=csv", "csv")])
def test_an_export_answers_with_a_chinese_file_name(query, ending):
    response = sheets.answer(RequestFactory().get(f"/{query}"), "客户", COLUMNS, [ROW])
    assert response["Content-Disposition"] == f"attachment; filename*=utf-8''%E5%AE%A2%E6%88%B7.{ending}"
    assert sheets.read(b"".join(response)).headings[:2] == ["编号", "名称"]


def test_faults_come_back_in_a_red_column_of_the_same_workbook():
    book = workbook([["客户"], [], ["名称", "电话"], ["甲", "1"], ["乙", "2"]])
    sheet = sheets.read(book, known=["名称", "电话"])
    page = openpyxl.load_workbook(io.BytesIO(sheets.marked(book, sheet, {5: "电话不对"}, "错误"))).active
    assert [cell.value for cell in page[3]] == ["名称", "电话", "错误"]
    assert [cell.value for cell in page[5]] == ["乙", "2", "电话不对"]
    assert page["C5"].fill.fgColor.rgb == "00C00000"
    assert page["C4"].value is None


def test_a_red_column_from_last_time_is_replaced():
    book = workbook([["名称", "错误"], ["甲", "old"], ["乙", "old"]])
    again = sheets.marked(book, sheets.read(book), {3: "new"}, "错误")
    assert values(sheets.read(again)) == [(2, ["甲", ""]), (3, ["乙", "new"])]


def test_faults_of_a_csv_come_back_as_a_workbook():
    content = "名称,电话\n甲,1\n乙,=2\n".encode("gb18030")
    sheet = sheets.read(content)
    assert values(sheets.read(sheets.marked(content, sheet, {3: "x"}, "错误"))) == [
        (2, ["甲", "1", ""]),
        (3, ["乙", "=2", "x"]),
    ]
    assert values(sheets.read(sheets.bad_rows(sheet, {3: "x"}, "错误"))) == [(2, ["乙", "=2", "x"])]


def test_a_template_has_a_sample_row_drop_downs_and_codes_as_text():
    columns = [sheets.Column("电话", "phone", "code"), sheets.Column("类型", "kind"), sheets.Column("日", "on", "day")]
    sample = {"phone": "013800138000", "kind": "公司", "on": dt.date(2025, 1, 2)}
    page = openpyxl.load_workbook(io.BytesIO(sheets.template(columns, sample, {"kind": ["公司", "个人"]}))).active
    assert [cell.value for cell in page[2]] == ["013800138000", "公司", dt.datetime(2025, 1, 2)]
    assert len(page.data_validations.dataValidation) == 1
