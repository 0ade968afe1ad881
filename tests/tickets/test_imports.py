"""Past repairs from a sheet: the excavator work orders as they were typed (CUS-05)."""

import datetime as dt
from decimal import Decimal
from types import SimpleNamespace

import openpyxl
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core import history
from core.errors import NotAllowed
from core.models import Entry
from customers import actions
from customers.actions import imports
from customers.models import Customer, Equipment
from tickets.models import Ticket

pytestmark = pytest.mark.req("CUS-05")

HEAD = "BscStartDate,Asset,OriginalShorttext,PMType,Cost\n"
ROWS = """2004-07-01,A,BUCKET WON'T OPEN,PM01,183.05
2004-07-01,A,BUCKET WON'T OPEN,PM01,183.05
2003-11-18,B,RH120C-RH ENGINE CHANGEOUT,PM02,0
2002-03-03,B,Repair Material No:60177585 two-way.,PM13,
2002-03-31,B,L/H ENGINE WONT START,PM01,-339.81
"""
SLIPPED = "2003-12-31,B,won,t swing,PM01\n"


@pytest.fixture
def owner(cast):
    return actions.add_customer(
        by=cast.dispatcher,
        name="平朔露天矿",
        province=cast.province("140000"),
        contacts=[{"name": "马工", "phone": "13800138000"}],
    )


def staged(content, cast, owner):
    content = content.encode()
    upload = SimpleNamespace(name="orders.csv", size=len(content), read=lambda: content)
    run = actions.stage_sheet(upload, kind="repairs", by=cast.dispatcher)
    options = {"customer": owner.number, "product_line": "hot_melt", "model": "RH120"}
    return actions.name_columns(run, by=cast.dispatcher, columns=run.columns, options=options)


def test_each_row_becomes_a_closed_ticket_of_its_day(cast, owner):
    done = actions.apply_sheet(staged(HEAD + ROWS, cast, owner), by=cast.dispatcher)
    assert done.counts == {"new": 5, "changed": 0, "unchanged": 0, "faulty": 0}
    assert list(Equipment.objects.order_by("serial").values_list("serial", "model__code")) == [
        ("A", "RH120"),
        ("B", "RH120"),
    ]
    first = Ticket.objects.get(number="LS20040701-0001")
    local = timezone.localtime(first.reported_at)
    assert (local.date(), local.hour, first.state, first.kind) == (dt.date(2004, 7, 1), 8, "closed", "repair")
    assert timezone.localtime(first.closed_at).date() == dt.date(2004, 7, 1)
    assert (first.cost, first.contact_name, first.symptom) == (Decimal("183.05"), "马工", "BUCKET WON'T OPEN")
    assert first.province.code == "140000"
    kinds = dict(Ticket.objects.values_list("symptom", "kind"))
    assert kinds["RH120C-RH ENGINE CHANGEOUT"] == "maintenance"
    assert kinds["Repair Material No:60177585 two-way."] == "other"
    assert Ticket.objects.get(kind="other").cost is None
    assert Ticket.objects.get(symptom__startswith="L/H").cost == Decimal("-339.81")


def test_the_story_of_the_machine_holds_every_repair(cast, owner):
    actions.apply_sheet(staged(HEAD + ROWS, cast, owner), by=cast.dispatcher)
    machine = Equipment.objects.get(serial="B")
    assert [entry.kind for entry in history.about(machine)] == ["equipment.imported"] + ["ticket.imported"] * 3
    assert history.about(owner).filter(kind="ticket.imported").count() == 5
    entry = history.about(machine).filter(kind="ticket.imported").first()
    assert entry.data == {"cost": "0.00", "text": "RH120C-RH ENGINE CHANGEOUT"}


def test_the_same_sheet_twice_is_nothing_new_and_equal_rows_are_two_repairs(cast, owner):
    actions.apply_sheet(staged(HEAD + ROWS, cast, owner), by=cast.dispatcher)
    before = Entry.objects.count()
    again = actions.apply_sheet(staged(HEAD + ROWS, cast, owner), by=cast.dispatcher)
    assert again.counts == {"new": 0, "changed": 0, "unchanged": 5, "faulty": 0}
    assert (Ticket.objects.count(), Entry.objects.count()) == (5, before)
    more = actions.apply_sheet(
        staged(HEAD + ROWS + "2004-07-01,A,BUCKET WON'T OPEN,PM01,183.05\n", cast, owner), by=cast.dispatcher
    )
    assert more.counts["new"] == 1
    assert Ticket.objects.filter(number="LS20040701-0003").exists()


def test_a_slipped_row_is_reported_with_its_line_and_reason(cast, owner):
    run = staged(HEAD + ROWS + SLIPPED, cast, owner)
    faults = imports.preview(run).faults
    assert list(faults) == [7]
    assert "t swing" in faults[7]
    assert "PM01" in faults[7]
    with pytest.raises(NotAllowed):
        actions.apply_sheet(run, by=cast.dispatcher)
    assert not Ticket.objects.exists()
    assert not Equipment.objects.exists()
    done = actions.apply_sheet(run, by=cast.dispatcher, good_only=True)
    assert (done.counts["new"], done.counts["faulty"]) == (5, 1)
    page = openpyxl.load_workbook(done.returned.file.open("rb")).active
    assert [cell.value for cell in page[2]][:5] == ["2003-12-31", "B", "won", "t swing", "PM01"]


@pytest.mark.parametrize(
    "row",
    ["tomorrow,A,x,PM01,1", "2999-01-01,A,x,PM01,1", ",A,x,PM01,1", "2004-01-01,,x,PM01,1", "2004-01-01,A,,PM01,1",
     "2004-01-01,A,x,??,1", "2004-01-01,A,x,PM01,dear", "2004-01-01,A/B,x,PM01,1"],
)  # fmt: skip
def test_a_row_that_makes_no_sense_is_an_error(row, cast, owner):
    assert list(imports.preview(staged(HEAD + row + "\n", cast, owner)).faults) == [2]


def test_machines_not_on_file_need_an_owner_and_a_model(cast, owner):
    run = staged(HEAD + ROWS, cast, owner)
    run.options = {}
    run.save()
    assert len(imports.preview(run).faults) == 5


def test_many_rows_cost_as_many_statements_as_few(cast, owner):
    costs = []
    for count, machines in ((2, "P"), (80, "Q")):
        rows = "".join(f"20{i % 20:02d}-01-0{i % 9 + 1},{machines},job {i},PM01,{i}\n" for i in range(count))
        run = staged(HEAD + rows, cast, owner)
        with CaptureQueriesContext(connection) as queries:
            actions.apply_sheet(run, by=cast.dispatcher)
        costs.append(len(queries))
    assert costs[0] >= costs[1]


def test_the_command_imports_and_reports(cast, tmp_path, capsys):
    file = tmp_path / "orders.csv"
    file.write_text(HEAD + ROWS + SLIPPED)
    given = ["import_repairs", str(file), "--customer", "Pingshuo mine", "--product-line", "hot_melt"]
    with pytest.raises(CommandError):
        call_command(*given)
    assert "line 7:" in capsys.readouterr().err
    assert not Customer.objects.exists()
    call_command(*given, "--good-only", "--errors", str(tmp_path / "bad.xlsx"))
    assert "5 new" in capsys.readouterr().out
    assert Ticket.objects.count() == 5
    assert openpyxl.load_workbook(tmp_path / "bad.xlsx").active.max_row == 2
    call_command(*given, "--good-only")
    assert "0 new" in capsys.readouterr().out
