"""The next sensible actions of a ticket for a person, and why one is not possible now (TKT-12)."""

from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from tickets import permissions, verdicts
from tickets.models import DispatchOrder, Ticket
from tickets.states import ORDER, TICKET


@dataclass(frozen=True)
class Action:
    """One offer: the verb, its address and way ("hx" loads its form), or the reason why not."""

    code: str
    label: Any
    url: str
    method: str = "hx"
    primary: bool = False
    blocked_reason: str = ""
    key: str = ""
    icon: str = ""
    fields: dict[str, str] = field(default_factory=dict)


def for_ticket(ticket: Ticket, user: Any, orders: list[DispatchOrder] | None = None) -> list[Action]:
    """What the person may do next, the most sensible first; at most one is primary. `orders` are the open ones."""
    if orders is None:
        orders = list(ticket.orders.open().select_related("engineer__user").order_by("id"))
    offers = _ORDERED[ticket.state](ticket, orders)
    found = [offer for offer in offers if _may(offer.code, user)]
    if not any(offer.primary for offer in found):
        return found
    first = next(place for place, offer in enumerate(found) if offer.primary)
    return [found[first], *found[:first], *found[first + 1 :]]


def _may(code: str, user: Any) -> bool:
    if code in TICKET.moves:
        return TICKET.permitted(code, user)
    if code in ("reassign", "cancel_order"):
        return ORDER.permitted(code.removesuffix("_order"), user)
    return {
        "confirm": permissions.can_confirm,
        "agree_charges": permissions.can_agree_charges,
        "record_call": permissions.can_record_call,
        "add_note": permissions.can_add_to_ticket,
        "add_photo": permissions.can_add_to_ticket,
        "try_step": permissions.can_add_to_ticket,
    }[code](user)


def _act(ticket: Ticket, code: str, label: Any, **more: Any) -> Action:
    url = reverse("tickets:ticket_action", args=[ticket.number, code.replace("_", "-")])
    return Action(code, label, url, **more)


def _act_on(order: DispatchOrder, code: str, label: Any, **more: Any) -> Action:
    verb = code.removesuffix("_order")
    return Action(code, label, reverse("tickets:order_action", args=[order.number, verb]), **more)


def _open(ticket: Ticket, orders: list[DispatchOrder]) -> list[Action]:
    graded = ticket.grade is not None
    return [
        _grade(ticket, primary=not graded),
        _act(ticket, "solve_by_phone", _("Solve by phone"), icon="phone-call", key="P"),
        _act(ticket, "dispatch", _("Dispatch"), primary=graded, icon="send", key="D"),
        _act(ticket, "try_step", _("Note a tried step"), icon="list-check"),
        *_charges(ticket),
        _act(ticket, "wait", _("Stop the clock"), icon="player-pause"),
        _act(ticket, "choose_path", _("Choose the path"), icon="route"),
        *_rest(ticket),
        _act(ticket, "merge", _("Merge"), icon="link"),
        _act(ticket, "cancel", _("Cancel the ticket"), icon="ban"),
    ]


def _grade(ticket: Ticket, **more: Any) -> Action:
    label = _("Change the grade") if ticket.grade else _("Grade")
    return _act(ticket, "grade", label, icon="flag", key="G", **more)


def _charges(ticket: Ticket) -> list[Action]:
    if ticket.charges_agreed_at:
        return []
    verdict = verdicts.holding(ticket)
    if verdict is None or verdict.code not in ("charged", "cost"):
        return []
    return [_act(ticket, "agree_charges", _("Agree the charges"), icon="coin")]


def _dispatched(ticket: Ticket, orders: list[DispatchOrder]) -> list[Action]:
    found = []
    for order in orders[:1]:
        where = order.status.label
        movable = order.state in ORDER.moves["reassign"].sources
        off = order.state in ORDER.moves["cancel"].sources
        on_site = _("%(engineer)s: %(state)s") % {"engineer": order.engineer, "state": where}
        found += [
            _act_on(
                order, "reassign", _("Reassign"), icon="arrows-exchange", blocked_reason="" if movable else on_site
            ),
            _act_on(order, "cancel_order", _("Cancel the order"), icon="x", blocked_reason="" if off else on_site),
        ]
    busy = _("An order is open. Cancel it first.") if orders else ""
    return [
        *found,
        _act(ticket, "dispatch", _("Send another engineer as well"), icon="user-plus", fields={"additional": "1"}),
        _grade(ticket),
        *_charges(ticket),
        _act(ticket, "wait", _("Stop the clock"), icon="player-pause"),
        *_rest(ticket),
        _act(ticket, "cancel", _("Cancel the ticket"), icon="ban", blocked_reason=busy),
    ]


def _working(ticket: Ticket, orders: list[DispatchOrder]) -> list[Action]:
    return [offer for offer in _dispatched(ticket, orders) if offer.code != "cancel"]


def _waiting(ticket: Ticket, orders: list[DispatchOrder]) -> list[Action]:
    return [
        _act(ticket, "resume", _("Go on"), primary=True, icon="player-play", key="R"),
        *[offer for offer in _dispatched(ticket, orders) if offer.code != "wait"],
    ]


def _solved(ticket: Ticket, orders: list[DispatchOrder]) -> list[Action]:
    confirmed = ticket.confirmed_at is not None
    missing = "" if confirmed else _("The customer has not confirmed yet; the follow-up call closes it as well.")
    return [
        *(
            []
            if confirmed
            else [_act(ticket, "confirm", _("Customer confirmed"), primary=True, icon="user-check", key="C")]
        ),
        _act(ticket, "close", _("Close"), primary=confirmed, icon="checks", blocked_reason=missing),
        _act(ticket, "reopen", _("Reopen"), icon="refresh"),
        *_rest(ticket),
    ]


def _closed(ticket: Ticket, orders: list[DispatchOrder]) -> list[Action]:
    return [_act(ticket, "reopen", _("Reopen"), icon="refresh"), *_rest(ticket)]


def _ended(ticket: Ticket, orders: list[DispatchOrder]) -> list[Action]:
    return _rest(ticket)


def _rest(ticket: Ticket) -> list[Action]:
    """What is always possible."""
    return [
        _act(ticket, "record_call", _("Record a call"), icon="phone-incoming"),
        _act(ticket, "add_note", _("Add a note"), icon="note", key="N"),
        _act(ticket, "add_photo", _("Add a photo"), icon="photo"),
    ]


_ORDERED = {
    "open": _open,
    "dispatched": _dispatched,
    "working": _working,
    "waiting": _waiting,
    "solved": _solved,
    "closed": _closed,
    "cancelled": _ended,
    "merged": _ended,
}
