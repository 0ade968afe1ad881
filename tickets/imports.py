"""The sheet of past repairs: each row becomes a closed ticket, unknown machines come with it (CUS-05)."""

import hashlib
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from core import cells, history, numbers, search
from customers import terms
from customers.importing import NEW, Field, Importer, Row
from customers.models import Customer, Equipment, ProductModel
from staff.models import ProductLine
from staff.organisation import region_for
from tickets.models import Ticket

REPORTED, CLOSED = time(8), time(17)
EARLIEST = date(1950, 1, 1)
TYPES = {
    "repair": ("pm01", "pm06", "repair", "corrective", "breakdown", "维修", "故障", "故障维修", "抢修", "修理"),
    "maintenance": ("pm02", "maintenance", "preventive", "planned", "保养", "维护", "定期保养", "计划检修"),
    "inspection": ("inspection", "巡检", "点检", "检查"),
    "other": ("other", "其他", "其它"),
}
_KINDS = {word: kind for kind, words in TYPES.items() for word in words}


def kind_of(text: str) -> str:
    """Kind of ticket for a type of order: PM01 and PM06 repair, PM02 maintenance, any further PMnn other work."""
    plain = text.lower()
    if not plain:
        return str(Ticket.Kind.REPAIR)
    if plain in _KINDS:
        return _KINDS[plain]
    if re.fullmatch(r"pm\d\d", plain):
        return str(Ticket.Kind.OTHER)
    raise ValueError(gettext("“%(text)s” is no type of order such as PM01 or 维修.") % {"text": text[:40]})


def _type(value: Any) -> str:
    text = cells.code(value)
    kind_of(text)
    return text.upper()


def _day(value: Any) -> date | None:
    day = cells.day(value)
    if day and not EARLIEST <= day <= timezone.localdate():
        raise ValueError(gettext("%(day)s is no day in the past.") % {"day": day})
    return day


def _cost(value: Any) -> Decimal | None:
    amount = cells.number(value)
    if amount is not None and abs(amount) >= 10**10:
        raise ValueError(gettext("“%(text)s” is not a cost.") % {"text": cells.text(value)[:40]})
    return None if amount is None else amount.quantize(Decimal("0.01"))


class RepairOptions(forms.Form):
    """Whose machines they are, and what model, where a machine of the sheet is not on file."""

    customer = forms.CharField(
        label=_("Customer of machines not on file"), required=False, help_text=_("Number or full name.")
    )
    product_line = forms.ModelChoiceField(
        ProductLine.objects.order_by("id"),
        label=_("Product line"),
        required=False,
        to_field_name="code",
        empty_label="—",
    )
    model = forms.CharField(
        label=_("Model"),
        max_length=30,
        required=False,
        help_text=_("Code of the model; an unknown one is added to the product line."),
    )

    def clean_customer(self) -> Customer | None:
        """The customer of that number or name."""
        text = self.cleaned_data["customer"].strip()
        if not text:
            return None
        found = Customer.objects.filter(number=text.upper()).first() or Customer.objects.filter(name=text).first()
        if found is None:
            raise forms.ValidationError(gettext("There is no customer of this number or name."))
        return found

    def clean(self) -> dict[str, Any]:
        """A model is on file, or its product line is named."""
        given = super().clean() or {}
        code = given.get("model", "").strip()
        known = ProductModel.objects.filter(code=code).first() if code else None
        if code and known is None and not given.get("product_line"):
            self.add_error("model", gettext("This model is not on file; choose its product line."))
        given["known_model"] = known
        return given


@dataclass(eq=False)
class Plan:
    """A past repair that is not on file yet."""

    machine: Equipment
    key: str
    kind: str


class RepairImporter(Importer):
    """Past repairs; the same row twice in a sheet is two repairs, the same sheet twice is nothing new."""

    kind = "repairs"
    label = _("Past repairs")
    hint = _("One row a repair: day, machine, what was done, type, cost. Each becomes a closed ticket.")
    fields = (
        Field(
            "day",
            _("Repair day"),
            _day,
            ("日期", "维修日期", "开始日期", "date", "BscStartDate", "basic start date"),
            required=True,
            sample=date(2025, 11, 20),
            kind="day",
        ),
        Field(
            "serial",
            _("Serial number"),
            cells.code,
            ("出厂编号", "设备编号", "设备", "机号", "asset", "machine", "equipment"),
            required=True,
            sample="TRC1200-2025-0117",
            kind="code",
        ),
        Field(
            "text",
            pgettext_lazy("paper", "Work done"),
            cells.text,
            ("维修内容", "故障描述", "内容", "描述", "OriginalShorttext", "short text", "description"),
            required=True,
            sample="更换燃烧器电磁阀",
        ),
        Field("type", _("Type of order"), _type, ("类型", "维修类型", "PMType", "order type"), sample="维修"),
        Field("cost", _("Cost"), _cost, ("费用", "金额", "维修费用", "cost"), sample=Decimal(680), kind="money"),
    )
    options = RepairOptions

    def check(self, rows: list[Row], options: Mapping[str, Any]) -> None:
        """See which repairs are not on file yet; reads with a constant number of statements."""
        serials = {row.given["serial"] for row in rows if "serial" in row.given}
        machines = {
            machine.serial: machine
            for machine in Equipment.objects.filter(serial__in=serials).select_related(
                "customer__province__region", "model"
            )
        }
        rows_on_file = Ticket.objects.filter(equipment__serial__in=serials, source_key__isnull=False)
        old = {str(key) for key in rows_on_file.values_list("source_key", flat=True)}
        seen: Counter[tuple[str, ...]] = Counter()
        for row in rows:
            row.title = f"{row.given.get('serial', '')} {row.given.get('text', '')}".strip()
            if not row.faults:
                _check(row, machines, options, seen, old)

    def apply(self, rows: list[Row], options: Mapping[str, Any], *, by: Any, at: datetime) -> None:
        """Write tickets and unknown machines with a constant number of statements."""
        new = [row for row in rows if row.does == NEW]
        machines = {row.plan.machine.serial: row.plan.machine for row in new}
        drafts = _write_machines(list(machines.values()), at)
        counts = Counter(f"{row.given['day']:%Y%m%d}" for row in new)
        following = numbers.take_many("LS", counts) if counts else {}
        known = {serial: _known(machine) for serial, machine in machines.items()}
        tickets = []
        for row in new:
            period = f"{row.given['day']:%Y%m%d}"
            number = f"LS{period}-{following[period]:04d}"
            following[period] += 1
            tickets.append(_ticket(row, number, known[row.given["serial"]], at, by))
        Ticket.objects.bulk_create(tickets, batch_size=1000)
        history.record_many([*drafts, *map(_draft, tickets)], by=by)


def _check(
    row: Row,
    machines: dict[str, Equipment],
    options: Mapping[str, Any],
    seen: Counter[tuple[str, ...]],
    old: set[str],
) -> None:
    given = row.given
    machine = machines.get(given["serial"]) or _unknown(row, options)
    if machine is None:
        return
    machines[given["serial"]] = machine
    same = (given["serial"], str(given["day"]), given["text"], given.get("type", ""), str(given.get("cost", "")))
    seen[same] += 1
    key = hashlib.sha256("\x1f".join([*same, str(seen[same])]).encode()).hexdigest()
    if key in old:
        return
    kind = kind_of(given.get("type", ""))
    row.plan = Plan(machine, key, kind)
    row.changes = [
        (_("Repair day"), "", given["day"]),
        (_("Type of order"), "", Ticket.Kind(kind).label),
        (_("Cost"), "", given.get("cost", "—")),
    ]
    if machine.pk is None:
        row.changes.append((_("New machine"), "", f"{machine.serial} · {machine.model.code} · {machine.customer}"))
    row.will(NEW)


def _unknown(row: Row, options: Mapping[str, Any]) -> Equipment | None:
    """A machine that is not on file, as the options say what it is; else a fault of the row."""
    serial, customer = row.given["serial"], options.get("customer")
    code = (options.get("model") or "").strip()
    if customer is None or not code:
        row.faults.append(
            gettext("Machine %(serial)s is not on file; name its customer and model above.") % {"serial": serial[:40]}
        )
    elif "/" in serial or len(serial) > 40:
        row.faults.append(gettext("“%(serial)s” cannot be a serial number.") % {"serial": serial[:60]})
    else:
        model = options.get("known_model") or ProductModel(
            code=code, name_zh=code, product_line=options.get("product_line")
        )
        return Equipment(serial=serial, customer=customer, model=model)
    return None


def _write_machines(machines: list[Equipment], at: datetime) -> list[history.Draft]:
    """Machines that are not on file, and their model; returns their entries."""
    new = [machine for machine in machines if machine.pk is None]
    drafts = []
    if new and new[0].model.pk is None:
        model = new[0].model
        model.save()
        drafts.append(history.Draft("model.added", model, at, data={"code": model.code}))
        for machine in new:
            machine.model = model
    for machine in new:
        machine.created_at = at
        machine.search = terms.of_equipment(machine)
    Equipment.objects.bulk_create(new)
    return drafts + [
        history.Draft(
            "equipment.imported",
            machine,
            at,
            about=[machine.customer],
            data={"serial": machine.serial, "model": machine.model.code},
        )
        for machine in new
    ]


@dataclass(frozen=True)
class _Known:
    """What all tickets of a machine share."""

    region: Any
    name: str
    phone: str
    pieces: frozenset[str]


def _known(machine: Equipment) -> _Known:
    customer = machine.customer
    contact = customer.contacts.first()
    name, phone = (contact.name, contact.phone) if contact else ("", "")
    pieces = search.pieces(phone, machine.serial, machine.model.code, names=[customer.name, name])
    return _Known(region_for(customer.province), name, phone, frozenset(pieces))


def _ticket(row: Row, number: str, known: _Known, at: datetime, by: Any) -> Ticket:
    machine, given = row.plan.machine, row.given
    zone = timezone.get_current_timezone()
    reported, closed = (datetime.combine(given["day"], hour, zone) for hour in (REPORTED, CLOSED))
    return Ticket(
        number=number,
        kind=row.plan.kind,
        state="closed",
        customer=machine.customer,
        equipment=machine,
        region=known.region,
        province=machine.customer.province,
        is_remote=machine.customer.is_remote,
        contact_name=known.name,
        contact_phone=known.phone,
        symptom=given["text"],
        reported_at=reported,
        entered_at=at,
        taken_by=by,
        solved_at=closed,
        closed_at=closed,
        cost=given.get("cost"),
        source_key=row.plan.key,
        search=sorted(known.pieces | set(search.pieces(number, given["text"]))),
    )


def _draft(ticket: Ticket) -> history.Draft:
    cost = "—" if ticket.cost is None else str(ticket.cost)
    return history.Draft(
        "ticket.imported",
        ticket,
        ticket.reported_at,
        about=[ticket.equipment, ticket.customer],
        data={"cost": cost, "text": ticket.symptom},
    )
