"""Columns of the lists that are taken away as sheets, and the links to them."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.sheets import Column
from tickets import verdicts


def links(request: HttpRequest) -> list[tuple[str, str]]:
    """The list as it stands, as XLSX and as CSV."""
    query = request.GET.copy()
    query.pop("cursor", None)
    found = []
    for kind in ("xlsx", "csv"):
        query["export"] = kind
        found.append((kind.upper(), f"?{query.urlencode()}"))
    return found


def ticket_columns() -> list[Column]:
    """Columns of the ticket list."""
    return [
        Column(_("Ticket"), "number", "code"),
        Column(_("Grade"), "grade", "number"),
        Column(_("State"), "status.label"),
        Column(_("Kind"), lambda row: row.get_kind_display()),
        Column(_("Path"), lambda row: row.get_path_display() if row.path else ""),
        Column(_("Customer number"), "customer.number", "code"),
        Column(_("Customer"), "customer.name"),
        Column(_("Machine"), "equipment.serial", "code"),
        Column(_("Model"), "equipment.model.code", "code"),
        Column(_("Region"), "region"),
        Column(_("Province"), "province"),
        Column(_("Contact"), "contact_name"),
        Column(_("Phone"), "contact_phone", "code"),
        Column(_("Symptom"), "symptom"),
        Column(_("Fault"), "fault_type"),
        Column(_("Warranty"), _verdict),
        Column(_("Channel"), lambda row: row.get_channel_display()),
        Column(_("Reported at"), "reported_at", "moment"),
        Column(_("Next deadline"), "next_due_at", "moment"),
        Column(pgettext("way", "Repaired"), "solved_at", "moment"),
        Column(pgettext("way", "Confirmed"), "confirmed_at", "moment"),
        Column(pgettext("way", "Closed"), "closed_at", "moment"),
        Column(_("Second repair of"), "repeat_of.number", "code"),
    ]


def _verdict(row: Any) -> str:
    decided = verdicts.frozen(row)
    return str(decided.word) if decided else ""


def order_columns() -> list[Column]:
    """Columns of the list of dispatch orders."""
    return [
        Column(_("Order"), "number", "code"),
        Column(_("State"), "status.label"),
        Column(_("Ticket"), "ticket.number", "code"),
        Column(_("Grade"), "ticket.grade", "number"),
        Column(_("Customer"), "ticket.customer.name"),
        Column(_("Machine"), "ticket.equipment.serial", "code"),
        Column(_("Region"), "ticket.region"),
        Column(_("Engineer"), "engineer"),
        Column(_("Issued by"), "issued_by"),
        Column(pgettext("way", "Issued"), "issued_at", "moment"),
        Column(_("Appointment"), "appointment_from", "moment"),
        Column(_("until"), "appointment_to", "moment"),
        Column(pgettext("way", "Accepted"), "accepted_at", "moment"),
        Column(pgettext("way", "Customer called"), "contacted_at", "moment"),
        Column(pgettext("way", "Set off"), "departed_at", "moment"),
        Column(pgettext("way", "On site"), "arrived_at", "moment"),
        Column(pgettext("way", "Left"), "left_at", "moment"),
        Column(_("Report made"), "reported_at", "moment"),
        Column(_("Reason of the end"), "ended_why"),
    ]


def call_columns() -> list[Column]:
    """Columns of the call register."""
    return [
        Column(_("Call"), "number", "code"),
        Column(_("When"), "at", "moment"),
        Column(_("Kind"), lambda row: row.get_kind_display()),
        Column(_("Direction"), lambda row: row.get_direction_display()),
        Column(_("Channel"), lambda row: row.get_channel_display()),
        Column(_("Customer"), "customer.name"),
        Column(_("Machine"), "equipment.serial", "code"),
        Column(_("Ticket"), "ticket.number", "code"),
        Column(_("Caller"), "caller_name"),
        Column(_("Unit"), "caller_unit"),
        Column(_("Phone"), "caller_phone", "code"),
        Column(_("What was said"), "said"),
        Column(_("What was answered"), "answered"),
        Column(_("Answer promised by"), "answer_due_at", "moment"),
        Column(_("Answered"), "answered_at", "moment"),
        Column(_("Content?"), lambda row: row.get_content_display()),
        Column(_("Taken by"), "taken_by"),
    ]


def charge_columns() -> list[Column]:
    """Columns of the charges."""
    return [
        Column(_("Order"), "order.number", "code"),
        Column(_("Visit"), "sequence", "number"),
        Column(_("Ticket"), "order.ticket.number", "code"),
        Column(_("Customer number"), "order.ticket.customer.number", "code"),
        Column(_("Customer"), "order.ticket.customer.name"),
        Column(_("Machine"), "order.ticket.equipment.serial", "code"),
        Column(_("Engineer"), "order.engineer"),
        Column(_("Report made"), "reported_at", "moment"),
        Column(_("Labour"), "labour_charge", "money"),
        Column(_("Parts"), "parts_charge", "money"),
        Column(_("Travel"), "travel_charge", "money"),
        Column(_("Sum"), "charges", "money"),
        Column(_("Settled"), "settled_at", "moment"),
        Column(_("How it was paid"), lambda row: row.get_payment_display()),
        Column(_("Receipt or reason"), "payment_note"),
    ]
