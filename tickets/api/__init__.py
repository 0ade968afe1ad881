"""Calls, tickets, dispatch orders and visits over the API."""

from django.urls import path

from tickets.api.approvals import ApprovalViewSet
from tickets.api.calls import CallViewSet
from tickets.api.causes import CauseFindingViewSet
from tickets.api.orders import OrderViewSet, order_pdf, report_pdf
from tickets.api.tickets import TicketViewSet
from tickets.api.visits import VisitViewSet

routes = [
    ("calls", CallViewSet, "call"),
    ("tickets", TicketViewSet, "ticket"),
    ("dispatch-orders", OrderViewSet, "dispatch-order"),
    ("visits", VisitViewSet, "visit"),
    ("approvals", ApprovalViewSet, "approval"),
    ("cause-findings", CauseFindingViewSet, "cause-finding"),
]

extra_urls = [
    path("dispatch-orders/<str:number>/report.pdf", report_pdf, name="dispatch-order-report"),
    path("dispatch-orders/<str:number>/order.pdf", order_pdf, name="dispatch-order-paper"),
]
