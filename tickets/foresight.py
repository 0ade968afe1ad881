"""What would be promised if the call at the desk became a ticket now, and the words to read to the caller."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from customers.models import Customer, Equipment
from sla.facts import Facts
from sla.queries import Foreseen
from staff.organisation import region_for
from tickets import verdicts
from tickets.models import FaultType

READ_ALOUD = ("contact", "arrive", "resolve")


def facts(customer: Customer, equipment: Equipment | None, grade: int | None, *, user: Any) -> Facts:
    """The facts by which promises are chosen, as the opened ticket would have them."""
    site = equipment.site if equipment else None
    place = site or customer
    return Facts(
        product_line=equipment.model.product_line.code if equipment else "",
        product_model=equipment.model.code if equipment else "",
        contract=equipment.contract.number if equipment and equipment.contract else "",
        customer=customer.number,
        region=region_for(place.province).code,
        province=place.province_id,
        is_home=place.province.is_home,
        is_remote=place.is_remote,
        grade=grade,
        people={"owner": user.pk},
        kind="ticket",
    )


def aloud(
    foreseen: Iterable[Foreseen], equipment: Equipment | None, fault_type: FaultType | None, at: datetime
) -> list[str]:
    """Sentences in the order they are said: registered, called, there, charged or not."""
    by_target: dict[str, Foreseen] = {}
    for promise in foreseen:
        by_target.setdefault(promise.target, promise)
    if not by_target:
        return []
    said = [_("I have registered it for you.")]
    said += [by_target[target].sentence for target in READ_ALOUD if target in by_target]
    if equipment is not None:
        verdict = verdicts.decide(equipment, fault_type, at)
        costs = {
            "free": _("This repair is free of charge."),
            "cost": _("You pay cost price; we agree it with you before anybody travels."),
            "charged": _("This repair is charged; we agree the price with you before anybody travels."),
        }
        if verdict.code in costs:
            said.append(costs[verdict.code])
    return said
