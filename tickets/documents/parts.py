"""What both papers are made of: names in both languages, the machine, the customer, the person who signs."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.urls import reverse

from core.models import Approval
from staff.models import Engineer, Named
from tickets.models import DispatchOrder, Ticket


def digest(content: Mapping[str, Any]) -> str:
    """SHA-256 over the content in one agreed spelling."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def both(named: Named | None) -> dict[str, str] | None:
    """A name in both languages."""
    return {"zh": named.name_zh, "en": named.name_en} if named is not None else None


def plain(value: date | datetime | Decimal | None) -> str | None:
    """Dates and decimals as text."""
    if value is None:
        return None
    return value.isoformat() if isinstance(value, date) else f"{value:f}"


def customer_part(ticket: Ticket) -> dict[str, Any]:
    """Customer, the person to ask for, and the place."""
    contact = ticket.customer.contacts.filter(name=ticket.contact_name).first()
    return {
        "customer": ticket.customer.name,
        "customer_number": ticket.customer.number,
        "contact_name": ticket.contact_name,
        "contact_position": contact.position if contact else "",
        "contact_phone": ticket.contact_phone,
        "backup_phone": ticket.backup_phone,
        "address": ticket.address or ticket.customer.full_address,
    }


def machine_part(ticket: Ticket) -> dict[str, Any]:
    """The machine, or nothing but empty fields when none is named."""
    machine = ticket.equipment
    return {
        "serial": machine.serial if machine else "",
        "model": both(machine.model) if machine else None,
        "model_code": machine.model.code if machine else "",
        "product_line": both(machine.model.product_line) if machine else None,
        "purchased_on": plain(ticket.purchased_on or (machine.purchased_on if machine else None)),
        "accepted_on": plain(machine.accepted_on) if machine else None,
    }


def engineer_part(engineer: Engineer) -> dict[str, Any]:
    """Who goes."""
    return {
        "name": str(engineer.user),
        "staff_number": engineer.staff_number,
        "tier": both(engineer.tier),
        "phone": engineer.user.phone,
    }


def signature_part(approval: Approval | None) -> dict[str, Any] | None:
    """A signature as given, or None while it is missing."""
    if approval is None or approval.decision not in ("approved", "declined"):
        return None
    return {
        "name": str(approval.decided_by),
        "at": plain(approval.decided_at),
        "approved": approval.decision == Approval.Decision.APPROVED,
        "opinion": approval.opinion,
    }


def order_address(order: DispatchOrder) -> str:
    """Address of the order's page, for the QR code."""
    return settings.SITE_URL.rstrip("/") + reverse("tickets:order", args=[order.number])
