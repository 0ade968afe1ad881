"""What the search column of a customer and of a machine holds (CUS-08)."""

from collections.abc import Iterable

from core import search
from customers import phones
from customers.models import Contact, Customer, Equipment


def of_customer(customer: Customer, contacts: Iterable[Contact], contracts: Iterable[str]) -> list[str]:
    """Name and initials, number, place, people, phones with their endings, contracts."""
    contacts = list(contacts)
    numbers = [number for contact in contacts for number in contact.phone_digits]
    raw = [text for contact in contacts for text in (contact.phone, contact.backup_phone)]
    names = [customer.name, customer.short_name, *(contact.name for contact in contacts)]
    endings = {ending for number in [*numbers, customer.number] for ending in phones.tails(number)}
    found = search.pieces(customer.number, customer.city, customer.district, *contracts, *numbers, *raw, names=names)
    return sorted({*found, *endings})


def of_equipment(machine: Equipment, operator_phones: Iterable[str] = ()) -> list[str]:
    """Serial and plate with their endings, model, contract, customer, site, operators' phones."""
    numbers = phones.digits(*operator_phones)
    endings = {ending for number in [*numbers, machine.serial] for ending in phones.tails(number)}
    customer, model = machine.customer, machine.model
    found = search.pieces(
        machine.serial,
        machine.plate,
        machine.batch,
        model.code,
        model.name_zh,
        model.name_en,
        machine.contract.number if machine.contract else "",
        machine.site.name if machine.site else "",
        *numbers,
        names=[customer.name, customer.short_name],
    )
    return sorted({*found, *endings})
