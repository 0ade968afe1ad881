"""One box for customers and machines: any fragment of phone, name, initials, serial, plate, contract (CUS-08).

1. One statement collects candidates: exact numbers, endings of numbers, then whatever has all pieces.
2. One statement for the customers, two for the machines; they bring what the ranking and the screen need.
3. Candidates whose texts do not hold the fragment in one piece are dropped, unless initials were typed.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, IntegerField, OuterRef, QuerySet, Value
from django.db.models.functions import JSONObject

from core import search
from customers import phones
from customers.models import Contact, Contract, Customer, Equipment, Operator
from staff.roles import EVERYWHERE

EXACT, ENDING, START, WITHIN, INITIALS = range(5)
_FEW, _MANY = 30, 200
_LONG_PHONE = 7
_OWNERS = 3


@dataclass(frozen=True)
class Hit:
    """A customer or machine that was found, what it was found by, how well it fits (0 is best).

    `place` tells how telling the text is that matched: a serial number more than the name of the customer.
    """

    record: Any
    matched: str
    rank: int
    place: int = 0


@dataclass(frozen=True)
class Found:
    """Both lists, best first. Machines of the best customers stand behind those that were found themselves."""

    customers: list[Hit] = field(default_factory=list)
    machines: list[Hit] = field(default_factory=list)


def by_phone(number: str, user: Any = None) -> list[Contact]:
    """Contacts with exactly this number, else those whose number ends in it (four digits or more)."""
    rows = Contact.objects.select_related("customer__province")
    if user is not None:
        rows = rows.filter(customer__in=Customer.objects.visible_to(user))
    wanted = phones.digits(number)
    if wanted and (exact := list(rows.filter(phone_digits__overlap=wanted))):
        return sorted(exact, key=lambda contact: (contact.customer_id, contact.pk))
    tail = phones.tail_of(number)
    if not tail:
        return []
    near = rows.filter(customer__in=Customer.objects.filter(search__contains=[tail]).values("pk"))[:_MANY]
    bare = wanted[0].removeprefix("86") if wanted else tail[1:]
    ends = tail[1:] if len(bare) < _LONG_PHONE else bare[-max(_LONG_PHONE, min(len(bare), 8)) :]
    return [contact for contact in near if any(digits.endswith(ends) for digits in contact.phone_digits)]


def find(query: str, user: Any, limit: int = 8) -> Found:
    """Customers and machines that a fragment may mean, among those the user may see; four statements at most."""
    pieces = search.wanted(query)
    if not pieces:
        return Found()
    candidates = list(_candidates(query, pieces, user))
    customer_ids = [pk for kind, pk in candidates if kind == "customer"]
    machine_ids = [pk for kind, pk in candidates if kind == "machine"]
    customers = _ranked(query, _customers(customer_ids), _texts_of_customer) if customer_ids else []
    owners = [hit.record.pk for hit in customers[:_OWNERS]]
    machines = _machines(machine_ids, owners, user, limit) if machine_ids or owners else []
    own = [m for m in machines if m.pk in set(machine_ids)]
    hits = _ranked(query, own, _texts_of_machine)
    known = {hit.record.pk for hit in hits}
    hits += [
        Hit(machine, str(machine.customer), INITIALS + 1)
        for machine in machines
        if machine.customer_id in owners and machine.pk not in known
    ]
    return Found(customers[:limit], hits[:limit])


def _candidates(query: str, pieces: list[str], user: Any) -> Iterable[tuple[str, int]]:
    """Kind and key of what may be meant, each once."""
    customers = Customer.objects.visible_to(user)
    machines = Equipment.objects.visible_to(user)
    text = query.strip()
    tail = phones.tail_of(text)
    most = _MANY if any(sign.isdigit() for sign in text) else _FEW * 2  # digits share pieces by chance
    branches = [
        _keys(customers.filter(number=text.upper()), "customer", EXACT, _FEW),
        _keys(machines.filter(serial__in={text, text.upper()}), "machine", EXACT, _FEW),
    ]
    if tail:
        numbers = phones.digits(text)
        branches += [
            _callers(numbers, user),
            _keys(customers.filter(search__contains=[tail]), "customer", ENDING, _FEW),
            _keys(machines.filter(search__contains=[tail]), "machine", ENDING, _FEW),
        ]
    branches += [
        _keys(customers.filter(search__contains=pieces), "customer", WITHIN, most),
        _keys(machines.filter(search__contains=pieces), "machine", WITHIN, most),
    ]
    first, *rest = branches
    rows = first.union(*rest, all=True)
    return dict.fromkeys((kind, pk) for kind, pk, _rank in sorted(rows, key=lambda row: row[2]))


def _keys(rows: QuerySet[Any], kind: str, rank: int, most: int) -> QuerySet[Any]:
    return (
        rows.annotate(what=Value(kind, CharField()), rank=Value(rank, IntegerField()))
        .order_by("-pk")
        .values_list("what", "pk", "rank")[:most]
    )


def _callers(numbers: list[str], user: Any) -> QuerySet[Any]:
    """Customers with a contact of exactly this number; without an order, so that the index of the numbers is used."""
    rows = Contact.objects.filter(phone_digits__overlap=numbers)
    if not user.has_role(*EVERYWHERE):
        rows = rows.filter(customer__in=Customer.objects.visible_to(user))
    return (
        rows.annotate(what=Value("customer", CharField()), rank=Value(EXACT, IntegerField()))
        .order_by()
        .values_list("what", "customer_id", "rank")
    )


def _customers(keys: list[int]) -> QuerySet[Any]:
    people = Contact.objects.filter(customer=OuterRef("pk")).order_by("-is_main", "id")
    contracts = Contract.objects.filter(customer=OuterRef("pk")).values("number")
    person = JSONObject(name="name", phone="phone", backup_phone="backup_phone", digits="phone_digits")
    return (
        Customer.objects.filter(pk__in=keys)
        .select_related("province")
        .defer("search")
        .annotate(
            people=ArraySubquery(people.annotate(person=person).values("person")[:10]),
            contract_numbers=ArraySubquery(contracts[:50]),
        )
    )


def _machines(keys: list[int], owners: list[int], user: Any, limit: int) -> list[Equipment]:
    """The candidates themselves and the newest machines of the best customers.

    The keys are read first: within one statement the planner walks all machines.
    """
    phone_texts = Operator.objects.filter(equipment=OuterRef("pk")).exclude(phone="").values("phone")
    rows = (
        Equipment.objects.select_related("customer__province", "model__product_line", "contract", "site")
        .defer("search", "customer__search")
        .annotate(operator_phones=ArraySubquery(phone_texts[:20]))
    )
    if not owners:
        return list(rows.filter(pk__in=keys))
    visible = Equipment.objects.visible_to(user).filter(customer__in=owners)
    theirs = list(visible.order_by("-pk").values_list("pk", flat=True)[: limit * 2])
    return sorted(rows.filter(pk__in={*keys, *theirs}), key=lambda machine: -machine.pk)


def _texts_of_customer(customer: Any) -> list[str]:
    """Texts in the order in which a match counts."""
    people = customer.people
    return [
        *(person[name] for person in people for name in ("phone", "backup_phone")),
        *(digits for person in people for digits in person["digits"]),
        customer.number,
        customer.name,
        customer.short_name,
        *(person["name"] for person in people),
        *customer.contract_numbers,
        customer.city + customer.district,
    ]


def _texts_of_machine(machine: Any) -> list[str]:
    return [
        machine.serial,
        machine.plate,
        machine.contract.number if machine.contract else "",
        machine.batch,
        machine.model.code,
        machine.model.name_zh,
        machine.model.name_en,
        machine.customer.short_name,
        machine.customer.name,
        machine.site.name if machine.site else "",
        *phones.digits(*machine.operator_phones),
        *machine.operator_phones,
    ]


def _ranked(query: str, rows: Iterable[Any], texts_of: Any) -> list[Hit]:
    hits = [hit for row in rows if (hit := _hit(query, row, texts_of(row)))]
    return sorted(hits, key=lambda hit: (hit.rank, hit.place, len(hit.matched), -hit.record.pk))


def _hit(query: str, record: Any, texts: list[str]) -> Hit | None:
    """How well the texts of a record hold the query; None when they only share scattered pieces with it."""
    words = [word for word in (_squash(part) for part in query.split()) if word]
    whole = "".join(words)
    squashed = [(_squash(text), text) for text in texts if text]
    fits = [(_fit(whole, plain), place, text) for place, (plain, text) in enumerate(squashed)]
    rank, place, text = min(fits, default=(INITIALS + 1, 0, ""))
    if rank <= WITHIN:
        return Hit(record, text, rank, place)
    spread = [next((text for plain, text in squashed if word in plain), None) for word in words]
    if all(spread):
        return Hit(record, str(spread[0]), WITHIN)
    loose = [word for word, text in zip(words, spread, strict=True) if text is None]
    if all(word.isalpha() and word.isascii() for word in loose):
        return Hit(record, str(record), INITIALS)
    if whole.isdigit() and _phone_fits(whole, squashed):
        return Hit(record, next(text for plain, text in squashed if _phone_fits(whole, [(plain, text)])), EXACT)
    return None


def _fit(word: str, text: str) -> int:
    if word == text or (word.isdigit() and text == f"86{word}"):
        return EXACT
    if text.endswith(word):
        return ENDING
    if text.startswith(word):
        return START
    return WITHIN if word in text else INITIALS + 1


def _phone_fits(whole: str, squashed: list[tuple[str, str]]) -> bool:
    """Whether the query is a number of the record in another spelling, for example with a leading zero or 86."""
    wanted = set(phones.digits(whole))
    return any(plain in wanted for plain, _text in squashed)


def _squash(text: str) -> str:
    return "".join(sign for sign in search.normalise(text) if sign.isalnum())
