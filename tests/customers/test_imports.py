"""Importing customers and machines from sheets (CUS-05)."""

import datetime as dt
import io
from types import SimpleNamespace

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import history, sheets
from core.errors import Forbidden, NotAllowed, Refused
from core.models import Entry
from customers import actions, importing, lookup
from customers.actions import imports
from customers.models import Contact, Contract, Customer, Equipment, ProductModel, SheetImport

from .conftest import NOON

pytestmark = pytest.mark.req("CUS-05")

CUSTOMERS = """客户名称,简称,省份,城市,地址,联系人,电话,备注
成都路桥工程公司,成都路桥,重庆,万州,北滨路 1 号,李工,13900139000,老客户
沈阳养护中心,,辽宁省,沈阳市,铁西区,王科,024-88880000转3,
成都路桥工程公司,,,,,赵会计,13700137000,
"""
MACHINES = """出厂编号,型号,产品线,客户名称,合同号,验收日期,运行小时
H-001,TRC-1200,,重庆机床厂,2026-1,2026年1月5日,120.5
H-002,NEW-9,测试热熔,重庆机床厂,2026-1,46027,
"""


def staged(content, kind, by, at=NOON, name="sheet.csv"):
    content = content.encode() if isinstance(content, str) else content
    upload = SimpleNamespace(name=name, size=len(content), read=lambda: content)
    return actions.stage_sheet(upload, kind=kind, by=by, at=at)


def imported(content, kind, by, at=NOON, **options):
    return actions.apply_sheet(staged(content, kind, by, at), by=by, at=at, **options)


@pytest.fixture
def places(chongqing, liaoning):
    return chongqing, liaoning


def test_customers_come_in_with_people_numbers_and_one_entry_each(places, dispatcher):
    done = imported(CUSTOMERS, "customers", dispatcher)
    assert done.counts == {"new": 2, "changed": 1, "unchanged": 0, "faulty": 0}
    first = Customer.objects.get(name="成都路桥工程公司")
    assert (first.number, first.city, first.notes) == ("KH00001", "万州", "老客户")
    assert [(c.name, c.is_main) for c in first.contacts.all()] == [("李工", True), ("赵会计", False)]
    second = Customer.objects.get(name="沈阳养护中心")
    assert second.contacts.get().phone_digits == ["862488880000"]
    for customer in (first, second):
        entry = history.about(customer).get()
        assert (entry.kind, entry.by, entry.at) == ("customer.imported", dispatcher, NOON)
    assert [hit.record for hit in lookup.find("cdlq", dispatcher).customers] == [first]
    assert [hit.record for hit in lookup.find("7000", dispatcher).customers] == [first]


@pytest.mark.parametrize("kind", ["customers", "machines"])
def test_the_same_sheet_twice_changes_nothing(kind, places, customer, model, line, dispatcher):
    content = CUSTOMERS if kind == "customers" else MACHINES.replace("测试热熔", line.name_zh)
    imported(content, kind, dispatcher)
    before = Entry.objects.count(), list(Customer.objects.values()), list(Equipment.objects.values())
    again = imported(content, kind, dispatcher, at=NOON + dt.timedelta(days=1))
    assert again.counts["new"] == again.counts["changed"] == again.counts["faulty"] == 0
    assert (Entry.objects.count(), list(Customer.objects.values()), list(Equipment.objects.values())) == before


def test_a_changed_row_changes_only_its_own_fields(places, dispatcher):
    imported(CUSTOMERS, "customers", dispatcher)
    seen = imports.preview(
        staged("客户名称,城市,电话,联系人\n沈阳养护中心,大连市,13600136000,新人\n", "customers", dispatcher)
    )
    assert seen.rows[0].changes[0][1:] == ("沈阳市", "大连市")
    imported("客户名称,城市,地址\n沈阳养护中心,大连市,\n", "customers", dispatcher)
    changed = Customer.objects.get(name="沈阳养护中心")
    assert (changed.city, changed.address, changed.version) == ("大连市", "铁西区", 2)
    entry = history.about(changed).first()
    assert (entry.kind, entry.data["fields"]) == ("customer.changed", ["city"])


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (",,重庆,,,,,", "缺少"),
        ("某公司,,火星,,,,,", "火星"),
        ("某公司,,,,,,,", "省"),
        ("某公司,,重庆,,,王,没有电话,", "电话"),
        (f"{'长' * 121},,重庆,,,,,", "120"),
    ],
)
def test_a_row_with_an_error_keeps_everything_out(row, fault, places, dispatcher):
    content = CUSTOMERS + row + "\n"
    with pytest.raises(NotAllowed) as refusal:
        imported(content, "customers", dispatcher)
    assert refusal.value.allowed == ["good_only"]
    assert not Customer.objects.exists()
    faults = imports.preview(SheetImport.objects.get()).faults
    assert list(faults) == [5]


def test_good_rows_come_in_on_request_and_bad_ones_go_back_in_red(places, dispatcher):
    content = CUSTOMERS + "某公司,,火星,,,,,\n"
    done = imported(content, "customers", dispatcher, good_only=True)
    assert done.counts == {"new": 2, "changed": 1, "unchanged": 0, "faulty": 1}
    assert Customer.objects.count() == 2
    page = openpyxl.load_workbook(done.returned.file.open("rb")).active
    rows = [[cell.value for cell in row] for row in page]
    assert len(rows) == 2
    assert rows[1][0] == "某公司"
    assert "火星" in rows[1][-1]
    assert page.cell(2, len(rows[0])).fill.fgColor.rgb == "FFC00000"


def test_a_bad_first_row_takes_the_rows_that_lean_on_it_along(places, dispatcher):
    content = "客户名称,省份,联系人,电话\n甲公司,重庆,王,没有\n甲公司,,李,13900139000\n乙公司,重庆,赵,13700137000\n"
    done = imported(content, "customers", dispatcher, good_only=True)
    assert list(Customer.objects.values_list("name", flat=True)) == ["乙公司"]
    assert done.counts["faulty"] == 2
    assert not Contact.objects.filter(name="李").exists()


def test_errors_are_marked_in_the_same_workbook(places, dispatcher):
    book = openpyxl.Workbook()
    book.active.append(["客户一览"])
    book.active.append(["客户名称", "省份"])
    book.active.append(["甲公司", "重庆"])
    book.active.append(["乙公司", "火星"])
    out = io.BytesIO()
    book.save(out)
    page = openpyxl.load_workbook(
        io.BytesIO(imports.marked_sheet(staged(out.getvalue(), "customers", dispatcher, name="a.xlsx")))
    ).active
    assert page["A1"].value == "客户一览"
    assert "火星" in page["C4"].value
    assert page["C3"].value is None


def test_machines_come_with_contract_model_and_meter(customer, model, line, dispatcher):
    done = imported(MACHINES.replace("测试热熔", line.name_zh), "machines", dispatcher)
    assert done.counts["new"] == 2
    first, second = Equipment.objects.order_by("serial")
    assert first.accepted_on == dt.date(2026, 1, 5)
    assert str(first.running_hours) == "120.5"
    assert second.accepted_on == dt.date(2026, 1, 5)
    assert second.model == ProductModel.objects.get(code="NEW-9")
    assert first.contract == second.contract == Contract.objects.get()
    assert history.about(first).filter(kind="equipment.imported").count() == 1
    assert history.about(first).filter(kind="meter.read").count() == 1
    assert {hit.record for hit in lookup.find("2026-1", dispatcher).machines} == {first, second}


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("H-1,TRC-1200,,没有的客户,,,", "没有的客户"),
        ("H-1,XX,,重庆机床厂,,,", "XX"),
        ("H-1,TRC-1200,,重庆机床厂,,明天,", "明天"),
        ("H-1,TRC-1200,,,,,", "客户"),
        (",TRC-1200,,重庆机床厂,,,", "编号"),
        ("H/1,TRC-1200,,重庆机床厂,,,", "/"),
        ("H-1,TRC-1200,,重庆机床厂,,,-5", "5"),
    ],
)
def test_what_is_wrong_with_a_machine_is_said(row, fault, customer, model, dispatcher):
    header = MACHINES.splitlines()[0]
    seen = imports.preview(staged(f"{header}\n{row}\n", "machines", dispatcher))
    assert list(seen.faults) == [2], seen.rows


def test_a_machine_twice_in_a_sheet_and_a_foreign_owner_are_errors(machine, customer, model, dispatcher, chongqing):
    actions.add_customer(by=dispatcher, name="别家", province=chongqing)
    header = "出厂编号,型号,客户名称\n"
    seen = imports.preview(
        staged(header + "H-1,TRC-1200,重庆机床厂\nH-1,TRC-1200,重庆机床厂\n", "machines", dispatcher)
    )
    assert list(seen.faults) == [3]
    seen = imports.preview(staged(header + f"{machine.serial},TRC-1200,别家\n", "machines", dispatcher))
    assert list(seen.faults) == [2]


def test_columns_are_guessed_and_remembered(places, dispatcher):
    sheet = "单位,所在省份,东西\n甲公司,重庆,x\n"
    first = staged(sheet, "customers", dispatcher)
    assert first.columns == {"name": "单位", "province": "所在省份"}
    with pytest.raises(Refused) as refusal:
        actions.name_columns(first, by=dispatcher, columns={"name": "没有", "notes": "东西"}, options={})
    assert list(refusal.value.fields) == ["name"]
    columns = {"name": "单位", "province": "所在省份", "notes": "东西"}
    actions.name_columns(first, by=dispatcher, columns=columns, options={})
    assert staged(sheet, "customers", dispatcher).columns == columns


def test_a_sheet_is_applied_once_and_by_the_right_roles(places, dispatcher, engineer, supervisor):
    for person in (engineer, supervisor):
        with pytest.raises(Forbidden):
            staged(CUSTOMERS, "customers", person)
    sheet = staged(CUSTOMERS, "customers", dispatcher)
    actions.apply_sheet(sheet, by=dispatcher, at=NOON)
    with pytest.raises(NotAllowed):
        actions.apply_sheet(sheet, by=dispatcher, at=NOON)


def test_sheets_that_were_never_applied_are_forgotten(places, dispatcher):
    old = staged(CUSTOMERS, "customers", dispatcher)
    staged(CUSTOMERS, "customers", dispatcher, at=NOON + dt.timedelta(days=8))
    assert not SheetImport.objects.filter(pk=old.pk).exists()


@pytest.mark.parametrize("kind", ["customers", "machines"])
def test_many_rows_cost_as_many_statements_as_few(kind, places, customer, model, dispatcher):
    def sheet(count, start):
        if kind == "customers":
            rows = [f"公司{start + i},重庆,人{i},1390013{i:04d}" for i in range(count)]
            return "客户名称,省份,联系人,电话\n" + "\n".join(rows)
        rows = [f"M-{start + i},TRC-1200,重庆机床厂,C-{start + i},{i}" for i in range(count)]
        return "出厂编号,型号,客户名称,合同号,运行小时\n" + "\n".join(rows)

    costs = []
    for count, start in ((2, 0), (60, 100)):
        run = staged(sheet(count, start), kind, dispatcher)
        with CaptureQueriesContext(connection) as queries:
            actions.apply_sheet(run, by=dispatcher, at=NOON)
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_the_template_reads_back_as_its_own_sheet(places):
    for kind in importing.importers():
        columns = [sheets.Column(entry.label, entry.name, entry.kind) for entry in kind.fields]
        sample = {entry.name: entry.sample for entry in kind.fields}
        sheet = sheets.read(sheets.template(columns, sample, {}), importing.known_headings(kind))
        assert importing.guess(kind, sheet.headings).keys() == {entry.name for entry in kind.fields}
