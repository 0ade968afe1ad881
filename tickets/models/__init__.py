"""Nouns of the main line: calls, tickets, fault types and cases, dispatch orders, visits, reports."""

from tickets.models.calls import Call
from tickets.models.faults import FaultCase, FaultType, GradeQuestion
from tickets.models.orders import DispatchOrder
from tickets.models.tickets import Ticket, TicketPhoto, TriedStep
from tickets.models.visits import PartUse, ServiceReport, Visit, VisitPhoto

__all__ = [
    "Call",
    "DispatchOrder",
    "FaultCase",
    "FaultType",
    "GradeQuestion",
    "PartUse",
    "ServiceReport",
    "Ticket",
    "TicketPhoto",
    "TriedStep",
    "Visit",
    "VisitPhoto",
]
