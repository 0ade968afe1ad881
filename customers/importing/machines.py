"""The sheet of machines: one row a machine, known by its serial number."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core import cells, history
from customers import meters, terms
from customers.actions import changing, equipment
from customers.importing import CHANGED, NEW, Field, Importer, Row, check_fields, choice, set_fields
from customers.models import Contract, Customer, Equipment, MeterReading, ProductModel, Site
from customers.stories import DOUBTS, FIELDS
from staff.models import ProductLine

PLAIN = (
    "plate",
    "batch",
    "quantity",
    "state",
    "produced_on",
    "purchased_on",
    "delivered_on",
    "accepted_on",
    "first_used_on",
    "notes",
)
_STATES = {
    "在用": "in_use",
    "使用中": "in_use",
    "维修中": "in_repair",
    "停用": "stored",
    "封存": "stored",
    "报废": "scrapped",
}


def _count(value: Any) -> int | None:
    number = cells.number(value)
    if number is None:
        return None
    if number != int(number) or number < 1:
        raise ValueError(gettext("“%(text)s” is not a whole number from 1.") % {"text": cells.text(value)[:40]})
    return int(number)


def _hours(value: Any) -> Decimal | None:
    number = cells.number(value)
    if number is not None and not 0 <= number < 10_000_000:
        raise ValueError(gettext("Hours lie between 0 and %(most)s.") % {"most": 9_999_999})
    return None if number is None else number.quantize(Decimal("0.1"))


@dataclass(eq=False)
class Plan:
    """What a row makes of a machine, with a contract, site or model that has to come first."""

    machine: Equipment
    is_new: bool
    different: dict[str, list[Any]] = field(default_factory=dict)
    reading: MeterReading | None = None


class MachineImporter(Importer):
    """Machines of customers on file; unknown contracts, sites and models of a known line come with them."""

    kind = "machines"
    label = _("Machines")
    hint = _("One row a machine, known by its serial number. The customer must be on file.")
    fields = (
        Field(
            "serial",
            _("Serial number"),
            cells.code,
            ("出厂编号", "设备编号", "机号", "序列号", "serial", "s/n", "sn"),
            required=True,
            sample="TRC1200-2025-0117",
            kind="code",
        ),
        Field("model", _("Model"), cells.code, ("型号", "规格型号", "产品型号"), sample="TRC-1200", kind="code"),
        Field(
            "product_line",
            _("Product line"),
            cells.text,
            ("产品线", "产品", "产品名称"),
            choices=lambda: [line.name_zh for line in ProductLine.objects.order_by("id")],
        ),
        Field(
            "customer",
            _("Customer name"),
            cells.text,
            ("客户", "单位名称", "客户单位", "使用单位", "customer"),
            sample="江苏路畅交通设施有限公司",
        ),
        Field("customer_number", _("Customer number"), cells.code, ("客户编号",), kind="code"),
        Field("contract", _("Contract"), cells.code, ("合同", "合同号", "合同编号", "contract number"), kind="code"),
        Field("site", _("Site"), cells.text, ("使用地点", "工地")),
        Field("plate", _("Number plate"), cells.code, ("车牌", "车牌号"), kind="code"),
        Field("batch", _("Batch"), cells.code, ("批次", "批号"), kind="code"),
        Field("quantity", _("Quantity"), _count, ("数量", "台数"), kind="number", sample=1),
        Field("state", _("State"), choice(Equipment.State.choices, _STATES), ("状态", "设备状态")),
        Field("produced_on", _("Produced on"), cells.day, ("生产日期", "出厂日期"), kind="day"),
        Field("purchased_on", _("Purchased on"), cells.day, ("购买日期", "购机日期", "销售日期"), kind="day"),
        Field("delivered_on", _("Delivered on"), cells.day, ("交付日期", "交货日期", "发货日期"), kind="day"),
        Field("accepted_on", _("Accepted on"), cells.day, ("验收日期",), kind="day"),
        Field("first_used_on", _("First used on"), cells.day, ("启用日期", "首次使用日期"), kind="day"),
        Field("running_hours", _("Running hours"), _hours, ("运行小时", "工作小时", "小时数"), kind="number"),
        Field("notes", _("Notes"), cells.text, ("备注",)),
    )

    def check(self, rows: list[Row], options: Mapping[str, Any]) -> None:
        """See what each row would change; reads with a constant number of statements."""
        files = _Files(rows)
        for row in rows:
            serial = row.given.get("serial", "")
            row.title = serial
            if not serial:
                continue
            if serial in files.lines:
                row.faults.append(
                    gettext("The machine stands in line %(line)d already.") % {"line": files.lines[serial]}
                )
                continue
            files.lines[serial] = row.number
            _check(row, files)

    def apply(self, rows: list[Row], options: Mapping[str, Any], *, by: Any, at: datetime) -> None:
        """Write machines, and what has to come first, with a constant number of statements."""
        plans: list[Plan] = [row.plan for row in rows if row.does in (NEW, CHANGED)]
        machines = [plan.machine for plan in plans]
        first = _write_first(machines, at)
        for plan in plans:
            machine = plan.machine
            operators = [] if plan.is_new else list(machine.operators.all())
            machine.search = terms.of_equipment(machine, [operator.phone for operator in operators])
            if plan.is_new:
                machine.created_at = at
            elif plan.different:
                machine.version += 1
        Equipment.objects.bulk_create([plan.machine for plan in plans if plan.is_new], batch_size=1000)
        names = [*PLAIN, "model", "customer", "contract", "site", "running_hours", "search", "version"]
        changed = [plan.machine for plan in plans if not plan.is_new]
        Equipment.objects.bulk_update(changed, names, batch_size=500)
        told = [_draft(plan, at) for plan in plans if plan.is_new or plan.different]
        history.record_many([*first, *told, *_write_readings(plans, by, at)], by=by)


class _Files:
    """What is on file of all that the rows name."""

    def __init__(self, rows: list[Row]) -> None:
        def named(name: str) -> set[str]:
            return {row.given[name] for row in rows if name in row.given}

        self.lines: dict[str, int] = {}
        found = Equipment.objects.filter(serial__in=named("serial")).select_related(
            "customer", "model__product_line", "contract", "site"
        )
        self.machines = {machine.serial: machine for machine in found.prefetch_related("operators")}
        customers = Customer.objects.filter(
            Q(name__in=named("customer")) | Q(number__in={code.upper() for code in named("customer_number")})
        )
        self.customers: dict[str, Customer] = {}
        for customer in customers:
            self.customers[customer.name] = self.customers[customer.number] = customer
        self.models: dict[str, ProductModel] = {}
        for model in ProductModel.objects.select_related("product_line"):
            for name in (model.name_zh, model.name_en, model.code):
                self.models.setdefault(name.lower(), model)
        self.models.pop("", None)
        self.product_lines = {
            name.lower(): line for line in ProductLine.objects.all() for name in (line.code, line.name_zh, line.name_en)
        }
        self.contracts = {
            row.number: row for row in Contract.objects.filter(number__in=named("contract")).select_related("customer")
        }
        sites = Site.objects.filter(name__in=named("site"))
        self.sites = {(site.customer_id, site.name): site for site in sites}
        self.last_readings = {
            row.equipment_id: row
            for row in MeterReading.objects.filter(
                equipment__in=[machine.pk for machine in self.machines.values()], is_plausible=True
            ).order_by("at", "hours")
        }


def _check(row: Row, files: _Files) -> None:
    machine = files.machines.get(row.given["serial"]) or Equipment(serial=row.given["serial"])
    is_new = machine.pk is None
    if "/" in machine.serial:
        row.faults.append(gettext("A serial number holds no slash; please write a dash."))
    customer = _customer(row, machine, files)
    model = _model(row, machine, files)
    if customer is None or model is None or row.faults:
        return
    given = {name: row.given[name] for name in PLAIN if name in row.given}
    given |= {"model": model, "customer": customer, **_places(row, customer, files)}
    plan = row.plan = Plan(machine, is_new)
    plan.different = set_fields(row, machine, given, FIELDS)
    exclude = {"search", "model", "customer", "contract", "site", "running_hours"}
    check_fields(row, machine, FIELDS, exclude)
    for name, text in equipment.check_dates(machine.produced_on, machine.delivered_on, machine.accepted_on).items():
        row.faults.append(f"{FIELDS[name]}: {text}")
    _check_hours(row, plan, files)
    row.will(NEW if is_new else CHANGED if row.changes else row.does)


def _customer(row: Row, machine: Equipment, files: _Files) -> Customer | None:
    name, number = row.given.get("customer", ""), row.given.get("customer_number", "").upper()
    if not name and not number:
        if machine.pk is None:
            row.faults.append(gettext("The customer is missing."))
            return None
        return machine.customer
    customer = files.customers.get(number or name) or files.customers.get(name.upper())
    if customer is None:
        row.faults.append(
            gettext("There is no customer “%(name)s”; import the customers first.") % {"name": (name or number)[:60]}
        )
    elif machine.pk and machine.customer_id != customer.pk:
        row.faults.append(
            gettext("The machine belongs to %(customer)s; change its owner on its own page.")
            % {"customer": machine.customer}
        )
        return None
    return customer


def _model(row: Row, machine: Equipment, files: _Files) -> ProductModel | None:
    text, line_text = row.given.get("model", ""), row.given.get("product_line", "")
    line = files.product_lines.get(line_text.lower()) if line_text else None
    if line_text and line is None:
        row.faults.append(gettext("There is no product line “%(name)s”.") % {"name": line_text[:40]})
        return None
    if not text:
        if machine.pk is None:
            row.faults.append(gettext("The model is missing."))
            return None
        return machine.model
    model = files.models.get(text.lower())
    if model is None and line is None:
        row.faults.append(
            gettext("There is no model “%(name)s”; with a product line beside it, it is added.") % {"name": text[:40]}
        )
    elif model is None:
        model = ProductModel(code=text[:30], name_zh=text[:80], product_line=line)
        check_fields(row, model, FIELDS, {"product_line"})
        files.models[text.lower()] = model
    elif line is not None and model.product_line_id != line.pk:
        row.faults.append(
            gettext("Model %(model)s belongs to %(line)s.") % {"model": model.code, "line": model.product_line}
        )
    return model


def _places(row: Row, customer: Customer, files: _Files) -> dict[str, Any]:
    """Contract and site; what is not on file yet comes with the machine."""
    found: dict[str, Any] = {}
    if number := row.given.get("contract"):
        contract = files.contracts.setdefault(number, Contract(number=number, customer=customer))
        if contract.customer_id != customer.pk:
            row.faults.append(
                gettext("Contract %(number)s belongs to %(customer)s.")
                % {"number": number, "customer": contract.customer}
            )
        check_fields(row, contract, FIELDS, {"customer"})
        found["contract"] = contract
    if name := row.given.get("site"):
        key = (customer.pk, name)
        new = Site(name=name, customer=customer, province_id=customer.province_id, city=customer.city)
        found["site"] = files.sites.setdefault(key, new)
        check_fields(row, found["site"], FIELDS, {"customer", "province"})
    return found


def _check_hours(row: Row, plan: Plan, files: _Files) -> None:
    hours = row.given.get("running_hours")
    machine = plan.machine
    if hours is None or hours == machine.running_hours:
        return
    now = timezone.now()
    last = files.last_readings.get(machine.pk) if machine.pk else None
    if last is not None:
        doubt = meters.doubt(meters.Point(now, hours), [meters.Point(last.at, last.hours)])
        if doubt:
            row.faults.append(f"{FIELDS['running_hours']}: {DOUBTS[doubt]}")
            return
    row.changes.append((FIELDS["running_hours"], machine.running_hours, hours))
    plan.reading = MeterReading(hours=hours, source=MeterReading.Source.IMPORT)
    machine.running_hours = hours


def _write_first(machines: list[Equipment], at: datetime) -> list[history.Draft]:
    """Models, contracts and sites that are not on file yet; returns their entries."""
    fresh: dict[str, list[Any]] = {"model": [], "contract": [], "site": []}
    for machine in machines:
        for name, rows in fresh.items():
            record = getattr(machine, name)
            if record is not None and record.pk is None and not any(record is row for row in rows):
                rows.append(record)
    ProductModel.objects.bulk_create(fresh["model"])
    Contract.objects.bulk_create(fresh["contract"], batch_size=1000)
    Site.objects.bulk_create(fresh["site"], batch_size=1000)
    owners = {row.customer_id: row.customer for row in fresh["contract"]}
    _reindex(list(owners.values()))
    draft = history.Draft
    return [
        *(draft("model.added", row, at, data={"code": row.code}) for row in fresh["model"]),
        *(draft("contract.added", row.customer, at, data={"number": row.number}) for row in fresh["contract"]),
        *(draft("customer.site_added", row.customer, at, data={"name": row.name}) for row in fresh["site"]),
    ]


def _reindex(customers: list[Customer]) -> None:
    """Customers are found by their new contracts."""
    rows = Customer.objects.filter(pk__in=[customer.pk for customer in customers])
    files = list(rows.prefetch_related("contacts", "contracts"))
    for customer in files:
        numbers = [contract.number for contract in customer.contracts.all()]
        customer.search = terms.of_customer(customer, customer.contacts.all(), numbers)
    Customer.objects.bulk_update(files, ["search"], batch_size=500)


def _write_readings(plans: list[Plan], by: Any, at: datetime) -> list[history.Draft]:
    readings = []
    for plan in plans:
        if plan.reading is not None:
            plan.reading.equipment, plan.reading.at, plan.reading.by = plan.machine, at, by
            readings.append(plan.reading)
    MeterReading.objects.bulk_create(readings, batch_size=1000)
    return [
        history.Draft(
            "meter.read",
            row.equipment,
            at,
            about=[row.equipment.customer],
            data={"hours": str(row.hours), "source": row.source},
        )
        for row in readings
    ]


def _draft(plan: Plan, at: datetime) -> history.Draft:
    machine = plan.machine
    about = [machine.customer]
    if plan.is_new:
        data = {"serial": machine.serial, "model": machine.model.code}
        return history.Draft("equipment.imported", machine, at, about, data=data)
    data = changing.data_of(plan.different, version=machine.version)
    return history.Draft("equipment.changed", machine, at, about, data=data)
