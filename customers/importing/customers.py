"""The sheet of customers: one row a customer, further rows of the same customer add contacts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core import cells, history, numbers
from customers import phones, terms
from customers.actions import changing
from customers.importing import CHANGED, NEW, Field, Importer, Row, check_fields, choice, set_fields
from customers.importing.places import Provinces
from customers.models import Contact, Customer
from customers.stories import FIELDS
from staff.models import Province, User

_KINDS = {
    "公司": "company", "企业": "company", "经销商": "dealer", "代理商": "dealer", "政府": "authority",
    "事业单位": "authority", "养护单位": "authority", "租赁": "rental", "租赁公司": "rental", "个人": "person",
}  # fmt: skip
PLAIN = ("name", "short_name", "kind", "city", "district", "address", "is_remote", "notes")
PERSON = {
    "contact": "name",
    "position": "position",
    "phone": "phone",
    "backup_phone": "backup_phone",
    "email": "email",
}


@dataclass(eq=False)
class Plan:
    """What the rows of one customer add up to."""

    customer: Customer
    is_new: bool
    different: dict[str, list[Any]] = field(default_factory=dict)
    contacts: list[Contact] = field(default_factory=list)
    written: list[Contact] = field(default_factory=list)
    lines: list[Row] = field(default_factory=list)


def _provinces() -> list[str]:
    return [province.name_zh for province in Province.objects.all()]


class CustomerImporter(Importer):
    """Customers with their contacts; empty cells leave what is on file."""

    kind = "customers"
    label = _("Customers")
    hint = _("One row a customer, known by number or name. Further rows of the same customer add contacts.")
    fields = (
        Field("number", _("Customer number"), cells.code, ("客户编号", "编号"), kind="code"),
        Field(
            "name",
            _("Customer name"),
            cells.text,
            ("客户", "单位", "单位名称", "公司名称", "客户单位", "name", "company"),
            sample="江苏路畅交通设施有限公司",
        ),
        Field("short_name", _("Short name"), cells.text, ("简称",), sample="江苏路畅"),
        Field(
            "kind",
            _("Type"),
            choice(Customer.Kind.choices, _KINDS),
            ("客户类型", "性质"),
            sample="公司",
            choices=lambda: [str(label) for _code, label in Customer.Kind.choices],
        ),
        Field("province", _("Province"), cells.text, ("省份", "省"), sample="江苏", choices=_provinces),
        Field("city", _("City"), cells.text, ("城市", "市", "地市"), sample="南京市"),
        Field("district", _("District"), cells.text, ("区县", "区", "县"), sample="江宁区"),
        Field("address", _("Address"), cells.text, ("详细地址", "通讯地址"), sample="秣陵街道 18 号"),
        Field("is_remote", _("Remote place"), cells.flag, ("偏远", "是否偏远"), sample="否"),
        Field("contact", _("Contact"), cells.text, ("联系人", "联系人姓名", "contact person"), sample="王建国"),
        Field("position", _("Position"), cells.text, ("职务", "岗位"), sample="设备科长"),
        Field(
            "phone",
            _("Phone"),
            cells.code,
            ("电话", "手机", "联系电话", "手机号", "mobile", "telephone"),
            sample="13800138000",
            kind="code",
        ),
        Field("backup_phone", _("Backup phone"), cells.code, ("备用电话", "座机"), sample="025-84218888", kind="code"),
        Field("email", _("E-mail"), cells.code, ("邮箱", "电子邮箱", "email", "mail"), sample=""),
        Field("notes", _("Notes"), cells.text, ("备注",), sample=""),
        Field("owner", _("Owner in marketing"), cells.text, ("业务员", "营销负责人", "客户经理"), sample=""),
    )

    def check(self, rows: list[Row], options: Mapping[str, Any]) -> None:
        """Group the rows by customer and see what differs from the files."""
        provinces, known = Provinces(), _known(rows)
        owners = {name: user for user in User.objects.all() for name in (user.username, user.name)}
        plans: dict[int | str, Plan] = {}
        for row in rows:
            name, number = row.given.get("name", ""), row.given.get("number", "").upper()
            row.title = name or number
            if not name and not number:
                row.faults.append(gettext("Name or number of the customer is missing."))
            elif number and number not in known:
                row.faults.append(gettext("There is no customer file %(number)s.") % {"number": number})
            else:
                customer = known[number] if number else known.get(name)
                plan = plans.setdefault(customer.pk if customer else name, _plan(customer))
                _merge(row, plan, provinces, owners, known)

    def apply(self, rows: list[Row], options: Mapping[str, Any], *, by: Any, at: datetime) -> None:
        """Write files and contacts with a constant number of statements."""
        plans = list({id(row.plan): row.plan for row in rows if row.does in (NEW, CHANGED)}.values())
        new = [plan for plan in plans if plan.is_new]
        changed = [plan for plan in plans if not plan.is_new]
        first = numbers.take_many("KH", {"": len(new)})[""] if new else 0
        for number, plan in enumerate(new, first):
            plan.customer.number, plan.customer.created_at = f"KH{number:05d}", at
        _settle_main(plans)
        for plan in plans:
            contracts = [] if plan.is_new else [contract.number for contract in plan.customer.contracts.all()]
            plan.customer.search = terms.of_customer(plan.customer, plan.contacts, contracts)
            plan.customer.version += not plan.is_new
        Customer.objects.bulk_create([plan.customer for plan in new], batch_size=1000)
        names = [*PLAIN, "province", "owner", "search", "version"]
        Customer.objects.bulk_update([plan.customer for plan in changed], names, batch_size=500)
        _write_contacts(plans)
        renamed = [plan.customer for plan in changed if {"name", "short_name"} & plan.different.keys()]
        changing.reindex_machines(changing.machines_of(customer__in=renamed) if renamed else [])
        history.record_many([_draft(plan, at) for plan in plans], by=by)


def _known(rows: list[Row]) -> dict[str, Customer]:
    """Customers on file that the rows may mean, by name and by number."""
    names = {row.given.get("name", "") for row in rows}
    codes = {row.given.get("number", "").upper() for row in rows}
    found = (
        Customer.objects.filter(Q(name__in=names) | Q(number__in=codes))
        .select_related("province", "owner")
        .prefetch_related("contacts", "contracts")
    )
    known: dict[str, Customer] = {}
    for customer in found:
        known[customer.name] = known[customer.number] = customer
    return known


def _plan(customer: Customer | None) -> Plan:
    if customer is None:
        return Plan(Customer(), is_new=True)
    return Plan(customer, is_new=False, contacts=list(customer.contacts.all()))


def _merge(
    row: Row, plan: Plan, provinces: Provinces, owners: Mapping[str, User], known: Mapping[str, Customer]
) -> None:
    """Add a row to the plan of its customer."""
    given = {name: row.given[name] for name in PLAIN if name in row.given}
    given |= _related(row, plan, provinces, owners)
    row.plan = plan
    _check_against_lines(row, plan, given)
    namesake = known.get(given.get("name", ""))
    if namesake is not None and not plan.is_new and namesake.pk != plan.customer.pk:
        row.faults.append(gettext("Another customer, %(number)s, has this name.") % {"number": namesake.number})
    if row.faults:
        return
    first = not plan.lines
    different = set_fields(row, plan.customer, given, FIELDS)
    check_fields(row, plan.customer, FIELDS, {"number", "search", "province", "owner"})
    _merge_contact(row, plan)
    plan.lines.append(row)
    plan.different |= different
    if plan.is_new and first:
        row.will(NEW)
    elif row.changes:
        row.will(CHANGED)


def _related(row: Row, plan: Plan, provinces: Provinces, owners: Mapping[str, User]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    text = row.given.get("province", "")
    province = provinces.find(text) if text else provinces.at_start(row.given.get("address", ""))
    if text and province is None:
        row.faults.append(gettext("There is no province “%(text)s”.") % {"text": text[:40]})
    elif province is None and plan.customer.province_id is None:
        row.faults.append(gettext("The province is missing."))
    elif province is not None and (text or plan.customer.province_id is None):
        found["province"] = province
    if name := row.given.get("owner"):
        if name in owners:
            found["owner"] = owners[name]
        else:
            row.faults.append(gettext("Nobody here is called “%(name)s”.") % {"name": name[:40]})
    return found


def _check_against_lines(row: Row, plan: Plan, given: Mapping[str, Any]) -> None:
    """Rows of one customer may not contradict each other."""
    for name, value in given.items():
        for line in plan.lines:
            if name in line.given and name not in ("province", "owner") and line.given[name] != value:
                row.faults.append(
                    gettext("%(field)s differs from line %(line)d of the same customer.")
                    % {"field": FIELDS[name], "line": line.number}
                )


def _merge_contact(row: Row, plan: Plan) -> None:
    given = {PERSON[name]: row.given[name] for name in PERSON if name in row.given}
    digits = phones.digits(given.get("phone", ""), given.get("backup_phone", ""))
    for name in ("phone", "backup_phone"):
        if given.get(name) and not phones.digits(given[name]):
            row.faults.append(gettext("%(field)s: this is not a phone number.") % {"field": FIELDS[name]})
    if not given:
        return
    contact = _same_person(plan.contacts, given.get("name", ""), digits)
    if contact is None:
        given.setdefault("name", gettext("Contact") if digits else "")
        if not given["name"]:
            row.faults.append(gettext("The contact has no name."))
            return
        contact = Contact()
        plan.contacts.append(contact)
    elif set(digits) <= set(contact.phone_digits):
        given = {name: value for name, value in given.items() if name not in ("phone", "backup_phone")}
    if set_fields(row, contact, given, FIELDS | {"name": gettext("Contact")}):
        contact.phone_digits = phones.digits(contact.phone, contact.backup_phone)
        check_fields(row, contact, FIELDS | {"name": gettext("Contact")}, {"customer", "phone_digits"})
        plan.different["contacts"] = ["", ""]
        if contact not in plan.written:
            plan.written.append(contact)


def _same_person(contacts: list[Contact], name: str, digits: list[str]) -> Contact | None:
    """The contact of that name, else the nameless row's contact with one of the numbers."""
    if name:
        return next((contact for contact in contacts if contact.name == name), None)
    return next((contact for contact in contacts if set(digits) & set(contact.phone_digits)), None)


def _settle_main(plans: list[Plan]) -> None:
    for plan in plans:
        if plan.contacts and not any(contact.is_main for contact in plan.contacts):
            plan.contacts[0].is_main = True
            if plan.contacts[0] not in plan.written:
                plan.written.append(plan.contacts[0])


def _write_contacts(plans: list[Plan]) -> None:
    for plan in plans:
        for contact in plan.written:
            contact.customer = plan.customer
    written = [contact for plan in plans for contact in plan.written]
    old = [contact for contact in written if contact.pk is not None]
    Contact.objects.bulk_create([contact for contact in written if contact.pk is None], batch_size=1000)
    Contact.objects.bulk_update(old, [*PERSON.values(), "is_main", "phone_digits"], batch_size=500)


def _draft(plan: Plan, at: datetime) -> history.Draft:
    customer = plan.customer
    if plan.is_new:
        return history.Draft("customer.imported", customer, at, data={"number": customer.number})
    data = changing.data_of(plan.different, version=customer.version)
    return history.Draft("customer.changed", customer, at, data=data)
