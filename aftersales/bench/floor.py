"""The floor: what a page costs that reads one index and fills one template, through the same server and middleware."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tickets.models import Ticket

ROWS = 40


def floor(request: HttpRequest) -> HttpResponse:
    """The newest tickets as a bare table: no account, no menu, no second query."""
    rows = Ticket.objects.order_by("-reported_at", "-id").values("number", "symptom", "reported_at", "state")[:ROWS]
    return render(request, "aftersales/floor.html", {"rows": rows})
