"""What the engineer's tablet shows: orders as stops of a day, the five big steps, the chip that counts next."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from core.refs import ref
from core.templatetags.ui_time import moment_words, span_words
from sla import queries
from tickets import verdicts
from tickets.models import DispatchOrder

NEXT_STEP = {
    "issued": "accept",
    "accepted": "contact",
    "contacted": "depart",
    "departed": "arrive",
    "arrived": "report",
    "left": "report",
    "waiting": "depart",
}
STEPS = [
    ("accept", pgettext_lazy("step", "Accept"), "clipboard-check", "accepted_at"),
    ("contact", pgettext_lazy("step", "Call"), "phone", "contacted_at"),
    ("depart", pgettext_lazy("step", "Set off"), "car", "departed_at"),
    ("arrive", pgettext_lazy("step", "Arrive"), "map-pin", "arrived_at"),
    ("report", pgettext_lazy("step", "Finish"), "tool", "reported_at"),
]
ON_THE_ROAD = ("departed", "arrived", "left")
NOW_FIRST = {state: place for place, state in enumerate(("left", "arrived", "departed"))}
KINDS = {
    "maintenance": (pgettext_lazy("square", "M"), gettext_lazy("Maintenance")),
    "inspection": (pgettext_lazy("square", "I"), gettext_lazy("Inspection")),
    "other": (pgettext_lazy("square", "O"), gettext_lazy("Other work")),
}
FAR_AWAY = datetime.max.replace(tzinfo=timezone.get_fixed_timezone(0))


@dataclass
class Stop:
    """One order as a card."""

    order: DispatchOrder
    timers: list[Any] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.ticket = self.order.ticket
        self.machine = self.ticket.equipment
        self.verdict = verdicts.frozen(self.ticket)
        self.step = NEXT_STEP.get(self.order.state, "")
        self.is_now = self.order.state in ON_THE_ROAD
        self.square = KINDS.get(self.ticket.kind)

    @property
    def title(self) -> str:
        """First line of the fault."""
        return self.ticket.symptom.strip().splitlines()[0]

    @property
    def timer(self) -> Any | None:
        """The timer that breaks next; with none running the one that ended last."""
        running = [timer for timer in self.timers if timer.state in ("running", "held")]
        if running:
            return min(running, key=lambda timer: (timer.state == "held", timer.due_at))
        ended = [timer for timer in self.timers if timer.state in ("kept", "broken") and timer.ended_at]
        return max(ended, key=lambda timer: timer.ended_at, default=None)

    @property
    def due_at(self) -> datetime:
        """When something breaks; far away when nothing does."""
        timer = self.timer
        return timer.due_at if timer is not None and timer.state == "running" else FAR_AWAY

    @property
    def dial(self) -> str:
        """The contact's number as a phone dials it."""
        return "".join(sign for sign in self.ticket.contact_phone if sign.isdigit() or sign == "+")

    @property
    def navigation(self) -> str:
        """Opens the address in the map app."""
        place = "".join([self.ticket.province.name_zh, self.ticket.address]) if self.ticket.address else ""
        if self.ticket.address.startswith(self.ticket.province.name_zh[:2]):
            place = self.ticket.address
        query = urlencode({"keyword": place, "view": "map", "src": "aftersales", "callnative": 1})
        return f"https://uri.amap.com/search?{query}" if place else ""

    def day(self, today: date) -> date | None:
        """The day on which it stands: today for what is under way or overdue; without an appointment the day on
        which something breaks, if anything does."""
        if self.is_now:
            return today
        start = self.order.appointment_from or self.due_at
        return max(today, timezone.localtime(start).date()) if start < FAR_AWAY else None


def stops(orders: Iterable[DispatchOrder]) -> list[Stop]:
    """Cards with their timers, in a constant number of queries."""
    rows = list(orders)
    tickets = {order.ticket_id: order.ticket for order in rows}
    found = queries.timers_for([*rows, *tickets.values()], open_only=False)
    return [Stop(order, [*found.get(ref(order), []), *found.get(ref(order.ticket), [])]) for order in rows]


def by_day(found: Sequence[Stop], today: date) -> list[tuple[date | None, list[Stop]]]:
    """Stops by day, those without an appointment last; within a day what is under way, then what breaks next."""

    def key(stop: Stop) -> tuple[Any, ...]:
        day = stop.day(today)
        start = stop.order.appointment_from or FAR_AWAY
        return (day or date.max, NOW_FIRST.get(stop.order.state, 9), stop.due_at, start, stop.order.pk)

    ordered = sorted(found, key=key)
    return [(day, list(rows)) for day, rows in groupby(ordered, key=lambda stop: stop.day(today))]


def is_for_today(stop: Stop, today: date) -> bool:
    """On the first tab: today's work, what has no time yet, and what is still to be accepted."""
    day = stop.day(today)
    return day is None or day <= today or stop.order.state == "issued"


def big_steps(order: DispatchOrder, at: datetime) -> list[dict[str, Any]]:
    """The five steps with the time each was made; `state` is done, skipped, current or empty."""
    current = NEXT_STEP.get(order.state, "")
    codes = [code for code, *_rest in STEPS]
    place = codes.index(current) if current else len(codes) if order.state == "done" else 0
    found = []
    for index, (code, label, icon, attribute) in enumerate(STEPS):
        moment = getattr(order, attribute)
        if index < place:
            state = "done" if moment else "skipped"
        else:
            state = "current" if code == current else ""
        note = _note(order, code, moment, at) if state in ("done", "current") else ""
        found.append({"code": code, "label": label, "icon": icon, "state": state, "note": note})
    return found


def _note(order: DispatchOrder, code: str, moment: datetime | None, at: datetime) -> str:
    if code == "report" and order.state in ("arrived", "left") and order.arrived_at:
        return _("working for %(span)s") % {"span": span_words((order.left_at or at) - order.arrived_at)}
    if moment is None or (order.state == "waiting" and code in ("depart", "arrive", "report")):
        return ""
    words = moment_words(moment, at, today=True)
    if code == "contact":
        return _("%(moment)s, after %(span)s") % {"moment": words, "span": span_words(moment - order.issued_at)}
    if code == "arrive" and order.appointment_from:
        return _punctuality(words, moment, order.appointment_from, order.appointment_to)
    return words


def _punctuality(words: str, moment: datetime, start: datetime, end: datetime | None) -> str:
    late = moment - (end or start)
    if late > timedelta(0):
        return _("%(moment)s, %(span)s late") % {"moment": words, "span": span_words(late)}
    return _("%(moment)s, on time") % {"moment": words}
