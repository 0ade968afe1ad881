"""What is measured over HTTP: each with its own questions, taken in turn, and the floors it may cost."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import quote

from django.utils import timezone

from aftersales.bench.http import Answer
from aftersales.bench.visitors import Visitors
from aftersales.load import words
from customers.models import Contact, Equipment
from tickets.models import Ticket

DIFFERENT = 40
Ask = Callable[[int], Answer]


@dataclass(frozen=True)
class Measure:
    """A question to the server; `ask(n)` asks the nth of its kind."""

    name: str
    target: float | None
    ask: Ask
    status: int = 200


def of(people: Visitors) -> list[Measure]:
    """All measures, the floor first."""
    desk = people.dispatcher
    tails = [digits[0][-4:] for digits in Contact.objects.values_list("phone_digits", flat=True)[:DIFFERENT]]
    tickets = _closed_tickets()
    rare, common = quote(words.RARE), quote(words.COMMON)
    since = (timezone.localdate() - timedelta(days=600)).isoformat()
    filters = f"state=closed&region=NW&grade=2&reported_from={since}&view=all"
    return [
        Measure("floor", None, lambda n: people.nobody.get("/floor/")),
        Measure("ticket list", 3, lambda n: desk.get("/tickets/")),
        Measure("ticket list, all", 3, lambda n: desk.get("/tickets/?view=all")),
        Measure("filtered list: state, region, grade, days", 3, lambda n: desk.get(f"/tickets/?{filters}")),
        Measure("ticket page", 3, _each(desk.get, [f"/tickets/{number}/" for number in tickets])),
        Measure("text search in the list: rare word", 6, lambda n: desk.get(f"/tickets/?q={rare}")),
        Measure("text search in the list: two common characters", 6, lambda n: desk.get(f"/tickets/?q={common}")),
        Measure("search box: rare word", 6, lambda n: desk.get(f"/search/?q={rare}")),
        Measure("search box: two common characters", 6, lambda n: desk.get(f"/search/?q={common}")),
        Measure("desk search: two common characters", 6, lambda n: desk.get(f"/desk/known/?q={quote('交通')}")),
        Measure("desk search: phone tail", 6, _each(desk.get, [f"/desk/known/?q={tail}" for tail in tails])),
        Measure("supervisor: ticket list, all", 3, lambda n: people.supervisor.get("/tickets/?view=all")),
        Measure("supervisor: two common characters", 6, lambda n: people.supervisor.get(f"/tickets/?q={common}")),
        Measure("engineer: ticket list, all", 3, lambda n: people.engineer.get("/tickets/?view=all")),
        Measure("engineer: two common characters", 6, lambda n: people.engineer.get(f"/tickets/?q={common}")),
        Measure("API ticket list", 3, lambda n: people.api.get("/api/v1/tickets/")),
        *_creations(people),
    ]


def _each(get: Callable[[str], Answer], paths: list[str]) -> Ask:
    return lambda n: get(paths[n % len(paths)])


def _closed_tickets() -> list[str]:
    """Tickets with one finished order, all over the years."""
    rows = Ticket.objects.filter(state="closed", orders__state="done", repeat_of=None, repeats=None).order_by("pk")
    numbers = list(rows.values_list("number", flat=True)[:100_000])
    return numbers[:: max(1, len(numbers) // DIFFERENT)][:DIFFERENT]


def _creations(people: Visitors) -> list[Measure]:
    machines = Equipment.objects.select_related("customer").filter(serial__startswith="LT-").order_by("-pk")[:500]
    known = [(machine.serial, machine.customer.number) for machine in machines]
    run = timezone.now().timestamp()

    def by_form(n: int) -> Answer:
        serial, customer = known[n % len(known)]
        return people.dispatcher.post(
            "/desk/",
            {
                "idempotency_key": f"bench-{run}-{n}",
                "kind": "repair",
                "channel": "phone",
                "customer": customer,
                "equipment": serial,
                "contact_name": "王建军",
                "contact_phone": f"139{n:08d}",
                "said": f"设备在工地停了，第 {n} 次测量。",
                "grade": "3",
            },
        )

    def by_api(n: int) -> Answer:
        serial, customer = known[-1 - n % len(known)]
        return people.api.post_json(
            "/api/v1/tickets/",
            json.dumps(
                {
                    "customer": customer,
                    "equipment": serial,
                    "contact_name": "王建军",
                    "contact_phone": f"138{n:08d}",
                    "symptom": f"设备在工地停了，第 {n} 次测量。",
                    "grade": 3,
                }
            ),
        )

    return [
        Measure("creation through the desk form", 3, by_form, 302),
        Measure("creation through the API", 3, by_api, 201),
    ]
