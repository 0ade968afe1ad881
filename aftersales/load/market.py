"""Customers and machines of the load: invented firms in real towns, some four machines each."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from django.db import transaction

from aftersales.demo.market import GIVEN, MODELS, PLACES, POSITIONS, STREETS, SURNAMES
from aftersales.load import copying
from core import numbers
from core.models import Entry
from customers import actions, phones, terms
from customers.models import Contact, Contract, Customer, Equipment, ProductModel
from staff.models import ProductLine, Province, User
from warranty.decision import MachineFacts, Term
from warranty.many import facts_of_many

MACHINES_PER_CUSTOMER = 4
BATCH = 1000
MORE_PLACES = [
    ("110000", "北京市", "丰台区"),
    ("120000", "天津市", "西青区"),
    ("310000", "上海市", "嘉定区"),
    ("370000", "济南市", "历城区"),
    ("370000", "临沂市", "兰山区"),
    ("430000", "长沙市", "望城区"),
    ("140000", "太原市", "小店区"),
    ("460000", "海口市", "秀英区"),
]
FIRST = "宏华远鑫安恒泰顺达捷通正大金龙永康中天东方盛世嘉和瑞丰隆昌"
SECOND = "路安达通远运顺畅途平线标程宇捷驰诚信建业兴邦"
TRADES = [
    "交通设施有限公司",
    "标线工程有限公司",
    "公路养护有限公司",
    "路桥工程有限公司",
    "交通安全设施有限公司",
    "市政工程队",
    "公路段",
    "标线租赁部",
]


@dataclass
class Machine:
    """A sold machine with what tickets need of its customer, and what its warranty rests on."""

    record: Equipment
    customer: Customer
    contacts: list[Contact]
    facts: MachineFacts
    terms: list[Term]


def build(count: int, random: Random, by: User, since: date, until: date) -> list[Machine]:
    """So many machines, all sold before `until`; written in batches."""
    models, places = _models(by, since), _places()
    taken = set(Customer.objects.values_list("name", flat=True))
    first = Equipment.objects.filter(serial__startswith="LT-").count() + 1
    machines: list[Machine] = []
    while len(machines) < count:
        wanted = min(BATCH, count - len(machines))
        customers = _customers(-(-wanted // MACHINES_PER_CUSTOMER), places, taken, random, by, since)
        sold = _equipment(wanted, first + len(machines), customers, models, random, by, since, until)
        known = facts_of_many([machine for machine, _people in sold])
        machines += [Machine(one, one.customer, people, *known[one.pk]) for one, people in sold]
    return machines


def _models(by: User, since: date) -> list[ProductModel]:
    lines = {line.code: line for line in ProductLine.objects.select_related("division")}
    for code, zh, en, line in MODELS:
        if not ProductModel.objects.filter(code=code).exists():
            actions.add_product_model(
                by=None, code=code, name_zh=zh, name_en=en, product_line=lines[line], at=morning(since)
            )
    codes = [code for code, *_names in MODELS]
    return list(ProductModel.objects.filter(code__in=codes).select_related("product_line__division").order_by("code"))


def _places() -> list[tuple[Province, str, str, bool]]:
    provinces = {province.pk: province for province in Province.objects.select_related("region")}
    rows = [(code, city, district, remote) for code, city, district, _name, _short, remote in PLACES]
    rows += [(code, city, district, False) for code, city, district in MORE_PLACES]
    return [(provinces[code], city, district, remote) for code, city, district, remote in rows]


def _customers(
    count: int, places: list[Any], taken: set[str], random: Random, by: User, since: date
) -> list[tuple[Customer, list[Contact]]]:
    at, found = morning(since), []
    with transaction.atomic():
        first = numbers.take_many("KH", {"": count})[""]
    for place, key in enumerate(copying.keys(Customer, count), first):
        province, city, district, remote = random.choice(places)
        name, short = _name(city, taken, random)
        customer = Customer(
            pk=key,
            number=f"KH{place:05d}",
            name=name,
            short_name=short,
            kind="authority" if name.endswith("公路段") else "rental" if "租赁" in name else "company",
            province=province,
            city=city,
            district=district,
            address=f"{random.choice(STREETS)} {random.randint(8, 999)} 号",
            is_remote=remote,
            created_at=at,
        )
        contacts = [_contact(customer, n, random) for n in range(random.choice([1, 2, 2, 3]))]
        customer.search = terms.of_customer(customer, contacts, ())
        found.append((customer, contacts))
    copying.write([customer for customer, _people in found])
    copying.write([person for _customer, people in found for person in people])
    for customer, _people in found:
        customer.search = []
    copying.write([_added("customer", one, [], {"number": one.number}, by, at) for one, _people in found])
    return found


def _name(city: str, taken: set[str], random: Random) -> tuple[str, str]:
    while True:
        word = random.choice(FIRST) + random.choice(SECOND)
        name = f"{city.removesuffix('市')}{word}{random.choice(TRADES)}"
        if name in taken:
            name = f"{city}{random.choice(FIRST)}{word}{random.choice(TRADES)}"
        if name not in taken:
            taken.add(name)
            return name, f"{city[:2]}{word}"


def _contact(customer: Customer, place: int, random: Random) -> Contact:
    mobile = (
        f"1{random.choice('35789')}{random.randint(0, 9)} {random.randint(1000, 9999)} {random.randint(1000, 9999)}"
    )
    land = f"0{random.randint(371, 379)}-6{random.randint(100, 999)} {random.randint(1000, 9999)}"
    return Contact(
        customer=customer,
        name=random.choice(SURNAMES) + random.choice(GIVEN),
        position=random.choice(POSITIONS),
        phone=mobile,
        backup_phone=land if place == 0 else "",
        is_main=place == 0,
        phone_digits=phones.digits(mobile, land if place == 0 else ""),
    )


def _equipment(
    count: int,
    number: int,
    customers: list[tuple[Customer, list[Contact]]],
    models: list[ProductModel],
    random: Random,
    by: User,
    since: date,
    until: date,
) -> list[tuple[Equipment, list[Contact]]]:
    contracts, found = [], []
    keys = zip(copying.keys(Equipment, count), copying.keys(Contract, count), strict=True)
    for place, (key, contract_key) in enumerate(keys):
        customer, people = customers[place % len(customers)]
        bought = until - timedelta(days=random.randint(60, (until - since).days + 700))
        text = f"{number + place:06d}"
        contract = Contract(pk=contract_key, number=f"LT{bought.year}-{text}", customer=customer, signed_on=bought)
        contracts.append(contract)
        machine = _machine(key, f"LT-{bought.year}-{text}", customer, contract, random.choice(models), bought, random)
        found.append((machine, people))
    copying.write(contracts)
    copying.write([machine for machine, _people in found])
    for machine, _people in found:
        machine.search = []
    copying.write(
        [
            _added("equipment", one, [f"customer:{one.customer_id}"], {"serial": one.serial}, by, one.created_at)
            for one, _people in found
        ]
    )
    return found


def _machine(
    key: int, serial: str, customer: Customer, contract: Contract, model: ProductModel, bought: date, random: Random
) -> Equipment:
    delivered = bought + timedelta(days=random.randint(5, 20))
    accepted = delivered + timedelta(days=random.randint(2, 14))
    machine = Equipment(
        pk=key,
        serial=serial,
        model=model,
        customer=customer,
        contract=contract,
        batch=f"{bought.year}{(bought.month - 1) // 3 + 1}",
        produced_on=bought - timedelta(days=random.randint(20, 90)),
        purchased_on=bought,
        delivered_on=delivered,
        accepted_on=accepted,
        first_used_on=accepted + timedelta(days=random.randint(0, 6)),
        created_at=morning(bought),
    )
    machine.search = terms.of_equipment(machine)
    return machine


def _added(kind: str, record: Any, about: list[str], data: dict[str, Any], by: User, at: datetime) -> Entry:
    subject = f"{kind}:{record.pk}"
    return Entry(kind=f"{kind}.added", subject=subject, about=[subject, *about], by=by, at=at, entered_at=at, data=data)


def morning(day: date) -> datetime:
    """Nine o'clock of a day."""
    return datetime.combine(day, datetime.min.time()).replace(hour=9).astimezone()
