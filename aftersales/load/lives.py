"""The life of one ticket, from the call to the follow-up, as a row of events; what lies after now has not happened."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from aftersales.demo.stories import DAY, HOUR, MINUTE, SEASON

TICKET, ORDER = "ticket", "order"
WAITS = {
    "customer": "客户要等路段封闭后才让修",
    "weather": "连续下雨，不能施工",
    "site": "工地停工",
}
HOURS = range(6, 23)
HOUR_WEIGHTS = [1, 3, 6, 6, 5, 3, 2, 3, 5, 5, 4, 3, 2, 2, 1, 1, 1]


@dataclass
class Event:
    """Something that happened to the ticket, or to the order of that place in the row of orders.

    `who` is desk, engineer or nothing (the system); `counts` is false where no clock listens.
    """

    at: datetime
    kind: str
    who: str = "desk"
    order: int | None = None
    why: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    counts: bool = True


def moments(count: int, since: date, now: datetime, random: Random) -> Iterator[datetime]:
    """Times of reports up to now, oldest first, busier in the season and by day."""
    days = [since + timedelta(days=n) for n in range((now.date() - since).days + 1)]
    weights = [SEASON[day.month] * (1 if day.weekday() < 6 else 0.4) for day in days]
    chosen = sorted(random.choices(range(len(days)), weights, k=count))
    start = 0
    while start < count:
        end = start
        while end < count and chosen[end] == chosen[start]:
            end += 1
        midnight = datetime.combine(days[chosen[start]], datetime.min.time()).astimezone()
        hours = random.choices(HOURS, HOUR_WEIGHTS, k=end - start)
        yield from sorted(min(midnight + h * HOUR + random.randrange(3600) * MINUTE / 60, now) for h in hours)
        start = end


def live(at: datetime, *, by_phone: bool, hours: float, charged: bool, random: Random) -> list[Event]:
    """All events after the opening, in order; `by_phone` says whether the fault can be solved so."""
    dice = random.random()
    if dice < 0.02:
        return [Event(at + DAY, "ticket.cancelled", why="客户自行处理")]
    if (by_phone and dice < 0.55) or dice < 0.1:
        return [Event(at + random.randint(6, 70) * MINUTE, "ticket.solved_by_phone")]
    events: list[Event] = []
    at += random.randint(3, 60) * MINUTE
    if charged:
        events.append(Event(at, "ticket.charges_agreed", data={"how": "电话谈定，客户同意报价"}))
        at += 2 * MINUTE
    if random.random() < 0.09:
        at = _wait(events, at, random)
    place = 0
    if random.random() < 0.02:
        events.append(Event(at, "order.issued", order=0))
        events.append(Event(at + 9 * MINUTE, "order.refused", "engineer", 0, why="在外地，赶不到"))
        at, place = at + 25 * MINUTE, 1
    _visit(events, at, place, hours, random)
    return events


def _wait(events: list[Event], at: datetime, random: Random) -> datetime:
    reason, why = random.choice(list(WAITS.items()))
    until = at + random.randint(12, 600) * HOUR
    events.append(Event(at, "ticket.waiting", why=why, data={"waiting_for": reason}))
    events.append(Event(until, "ticket.resumed"))
    return until


def _visit(events: list[Event], at: datetime, place: int, hours: float, random: Random) -> None:
    """Sent, accepted, called, gone there, worked, reported; one in twelve has to come a second time."""
    appointment = _working_hour(at + random.randint(4, 30) * HOUR)
    events.append(Event(at, "order.issued", order=place, data={"appointment": appointment}))
    at += random.randint(1, 6) * MINUTE
    events.append(Event(at, "order.accepted", "engineer", place))
    at += random.randint(16, 50) * MINUTE if random.random() < 0.07 else random.randint(1, 8) * MINUTE
    events.append(Event(at, "order.contacted", "engineer", place, data={"note": "约好上门时间"}))
    arrival = max(appointment + random.randint(-20, 25) * MINUTE, at + HOUR)
    if random.random() < 0.06:
        arrival += random.randint(9, 40) * HOUR
    twice = random.random() < 0.08
    ended = _on_site(events, max(at + 10 * MINUTE, arrival - random.randint(1, 5) * HOUR), arrival, place, 1, hours,
                     "waits_for_parts" if twice else "fixed", random)  # fmt: skip
    if twice:
        back = ended + random.randint(2, 25) * DAY
        _on_site(events, back - 3 * HOUR, back, place, 2, hours, "fixed", random)


def _on_site(
    events: list[Event],
    departed: datetime,
    arrived: datetime,
    place: int,
    visit: int,
    hours: float,
    outcome: str,
    random: Random,
) -> datetime:
    events.append(Event(departed, "order.departed", "engineer", place, data={"visit": visit}))
    events.append(Event(arrived, "order.arrived", "engineer", place))
    done = arrived + (hours + random.random()) * HOUR
    gone = "order.left" if outcome == "fixed" else "order.left_unsolved"
    sure = random.random() > 0.1
    reported = {"visit": visit, "outcome": outcome, "sure": sure}
    if random.random() < 0.6:
        left = done + 10 * MINUTE
        events.append(Event(done, "order.reported", "engineer", place, data=reported))
        _after_report(events, done, place, outcome, sure)
        events.append(Event(left, gone, "engineer", place, data={"visit": visit}, counts=False))
        return left
    late = random.random() < 0.1
    reported_at = done + (random.randint(14, 30) * HOUR if late else random.randint(20, 150) * MINUTE)
    events.append(Event(done, gone, "engineer", place, data={"visit": visit}))
    events.append(Event(reported_at, "order.reported", "engineer", place, data=reported))
    _after_report(events, reported_at, place, outcome, sure)
    return reported_at


def _after_report(events: list[Event], at: datetime, place: int, outcome: str, sure: bool) -> None:
    if outcome == "fixed":
        events.append(Event(at, "ticket.solved", "engineer", place, data={"sure": sure, "confirmed": sure}))
    else:
        events.append(
            Event(at, "ticket.waiting", "engineer", place, why="缺件，另约时间", data={"waiting_for": "parts"})
        )


def _working_hour(at: datetime) -> datetime:
    local = at.replace(minute=0 if at.minute < 30 else 30, second=0, microsecond=0)
    if local.hour < 8:
        return local.replace(hour=8)
    return local if local.hour < 18 else (local + DAY).replace(hour=8)
