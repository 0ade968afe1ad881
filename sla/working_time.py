"""Arithmetic of working time: a frozen clock, when a span ends on it, how much of it lies between two moments.

Rules, in the order they are applied:

1. A clock is open at an instant when the wall time of its zone lies in a range of that local day, or in the tail
   of a range of the day before that ends at or before its start and so runs past midnight.
2. The ranges of a date are those of its own entry in `days`, else of its weekday. Later layers (versions of the
   clock) hold from their `since` on.
3. Time counts while the clock is open and no pause holds. A span ends at the instant its last second is counted,
   so a span that fills a day ends at closing time.
4. N working days end when the Nth working day after the day of the call closes; a call on a closed day, or later
   than the cut-off hour, counts as made on the next working day.
5. N days end with the Nth local day after; the same day ends with its own. They count around the clock.
6. A pause adds exactly the counted time it took away.

Instants are aware datetimes; everything is worked out in UTC. No Django in here.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sla.intervals import NOTHING, ONE_DAY, Interval, Pause, pieces, union, utc_day, without

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_MINUTES = 24 * 60
MOST_MINUTES = 2_000_000
MOST_DAYS = 3660
HORIZON_DAYS = 36_525
IDLE_DAYS = 366
MOST_REMEMBERED = 8000


Range = tuple[int, int]


class Nonsense(ValueError):
    """An unusable clock, span or pause; `code` says what is wrong, `field` where."""

    def __init__(self, code: str, field: str = "", value: object = "") -> None:
        super().__init__(f"{field}: {code} {value}".strip())
        self.code, self.field, self.value = code, field, value


@dataclass(frozen=True)
class Segment:
    """A stretch of time that counts."""

    start: datetime
    end: datetime

    @property
    def length(self) -> timedelta:
        """Elapsed time, also across a clock change."""
        return self.end - self.start


@dataclass(frozen=True)
class Reckoning:
    """How a deadline came about. `due` is None while an open pause keeps it from coming."""

    start: datetime
    due: datetime | None
    segments: tuple[Segment, ...]
    span: timedelta

    @property
    def counted(self) -> timedelta:
        """Length of all segments; equals `span` once the deadline is known."""
        return sum((segment.length for segment in self.segments), NOTHING)

    def used_at(self, at: datetime) -> timedelta:
        """Counted time up to a moment."""
        return sum((min(s.end, at) - s.start for s in self.segments if s.start < at), NOTHING)

    def moment_of(self, share: float) -> datetime | None:
        """When that share of the span has been counted; None when an open pause comes before."""
        wanted = self.span * share
        for segment in self.segments:
            if wanted <= segment.length:
                return segment.start + wanted
            wanted -= segment.length
        return None


@dataclass(frozen=True)
class Layer:
    """The ranges of a clock from a day on: one tuple per weekday, and the dates that differ."""

    weekly: tuple[tuple[Range, ...], ...]
    days: Mapping[date, tuple[Range, ...]] = field(default_factory=dict)
    since: date = date.min

    def ranges(self, day: date) -> tuple[Range, ...]:
        """Ranges that begin on a day, in minutes after its midnight."""
        own = self.days.get(day)
        return self.weekly[day.weekday()] if own is None else own


ALL_DAY: tuple[Range, ...] = ((0, DAY_MINUTES),)
ALWAYS = Layer(weekly=(ALL_DAY,) * 7)


@dataclass(frozen=True)
class Clock:
    """A working clock: zone, layers by ascending `since`, and the years whose holidays are known.

    `published` is None for clocks that no holiday concerns.
    """

    zone: str
    layers: tuple[Layer, ...]
    published: frozenset[int] | None = None
    _memo: dict[datetime, tuple[Interval, ...]] = field(default_factory=dict, init=False, compare=False, repr=False)

    def ranges(self, day: date) -> tuple[Range, ...]:
        """Ranges that begin on a local day, each with an end after its start (past 1440 when it runs over)."""
        found = self.layers[0]
        for layer in self.layers:
            if layer.since <= day:
                found = layer
        return tuple((a, b if b > a else b + DAY_MINUTES) for a, b in found.ranges(day))

    def is_open(self, at: datetime) -> bool:
        """Whether the clock runs at a moment."""
        day = utc_day(at)
        return any(a <= at < b for a, b in self._open_on(day))

    def next_opening(self, at: datetime) -> datetime:
        """The moment itself when open, else the next opening; Nonsense when there is none in a year."""
        return next(iter(self._open_from(at)))[0]

    def provisional_years(self, start: datetime, end: datetime) -> list[int]:
        """Years between two moments whose holidays are not published yet."""
        if self.published is None:
            return []
        zone = ZoneInfo(self.zone)
        years = range(start.astimezone(zone).year, end.astimezone(zone).year + 1)
        return [year for year in years if year not in self.published]

    def add(self, start: datetime, span: timedelta, pauses: Iterable[Pause] = ()) -> Reckoning:
        """The moment at which `span` of open, unpaused time has been counted from `start` (SLA-04)."""
        start, held = start.astimezone(UTC), union(pauses)
        left, segments = span, []
        for a, b in self._counted(start, held):
            if left <= b - a:
                segments.append(Segment(a, a + left))
                return Reckoning(start, a + left, _joined(segments), span)
            segments.append(Segment(a, b))
            left -= b - a
        return Reckoning(start, None, _joined(segments), span)

    def between(self, start: datetime, end: datetime, pauses: Iterable[Pause] = ()) -> timedelta:
        """Open, unpaused time between two moments; nothing when the end is not after the start."""
        return sum((segment.length for segment in self.segments(start, end, pauses)), NOTHING)

    def segments(self, start: datetime, end: datetime, pauses: Iterable[Pause] = ()) -> tuple[Segment, ...]:
        """The stretches that count between two moments."""
        start, end, found = start.astimezone(UTC), end.astimezone(UTC), []
        if end <= start:
            return ()
        for a, b in self._counted(start, union(pauses), until=end):
            if a >= end:
                break
            found.append(Segment(a, min(b, end)))
        return _joined(found)

    def due(
        self,
        start: datetime,
        span: "Span",
        pauses: Iterable[Pause] = (),
        allowance: timedelta = NOTHING,
    ) -> Reckoning:
        """The deadline of a promise: its span and an allowance in counted time, pauses left out (SLA-01)."""
        start = start.astimezone(UTC)
        if span.kind == "minutes":
            return self.add(start, timedelta(minutes=span.amount) + allowance, pauses)
        if span.kind == "working_days":
            close = self._close_of_working_day(start, span.amount, span.cutoff)
            return self.add(start, self.between(start, close) + allowance, pauses)
        around = Clock(self.zone, (ALWAYS,))
        day = start.astimezone(ZoneInfo(self.zone)).date() + timedelta(days=span.amount)
        return around.add(start, around._end_of_day(day) - start + allowance, pauses)

    def _close_of_working_day(self, start: datetime, count: int, cutoff: int | None) -> datetime:
        local = start.astimezone(ZoneInfo(self.zone))
        day = local.date()
        minute = timedelta(hours=local.hour, minutes=local.minute, seconds=local.second)
        late = cutoff is not None and minute + timedelta(microseconds=local.microsecond) > timedelta(minutes=cutoff)
        if late or self._closing(day) is None:
            day = self._next_working_day(day)
        for _step in range(count):
            day = self._next_working_day(day)
        closing = self._closing(day)
        assert closing is not None
        return closing

    def _next_working_day(self, day: date) -> date:
        for _step in range(IDLE_DAYS):
            day += ONE_DAY
            if self._closing(day) is not None:
                return day
        raise Nonsense("no_open_time", "clock")

    def _closing(self, day: date) -> datetime | None:
        """When the last range that began on a day ends; None on a closed day."""
        ends = [end for a, b in self.ranges(day) for _from, end in self._instants(day, a, b)]
        return max(ends, default=None)

    def _end_of_day(self, day: date) -> datetime:
        while True:
            ends = [end for _from, end in self._instants(day, 0, DAY_MINUTES)]
            if ends:
                return max(ends)
            day -= ONE_DAY

    def _instants(self, day: date, a: int, b: int) -> list[Interval]:
        """The instants at which the wall shows a local day's minutes from a to b."""
        midnight = datetime.combine(day, datetime.min.time(), UTC)
        first, last = midnight + timedelta(minutes=a), midnight + timedelta(minutes=b)
        found, at = [], midnight - ONE_DAY
        while at < last + ONE_DAY:
            for start, end, offset in pieces(self.zone, at):
                low, high = max(first - offset, start), min(last - offset, end)
                if low < high:
                    found.append((low, high))
            at += ONE_DAY
        return found

    def _counted(self, start: datetime, held: list[Pause], until: datetime | None = None) -> Iterator[Interval]:
        for a, b in self._open_from(start, until):
            yield from without(a, b, held)
            if held and held[-1][1] is None and b >= held[-1][0]:
                return

    def _open_from(self, start: datetime, until: datetime | None = None) -> Iterator[Interval]:
        """Open stretches from a moment on, at most a UTC day long, in order. Raises Nonsense rather than run on."""
        day, idle = utc_day(start), 0
        for _step in range(HORIZON_DAYS):
            if until is not None and day >= until:
                return
            stretches = self._open_on(day)
            idle = 0 if stretches else idle + 1
            if idle > IDLE_DAYS and until is None:
                raise Nonsense("no_open_time", "clock")
            for a, b in stretches:
                if b > start:
                    yield max(a, start), b
            try:
                day += ONE_DAY
            except OverflowError:
                break
        raise Nonsense("too_far", "span")

    def _open_on(self, day: datetime) -> tuple[Interval, ...]:
        known = self._memo.get(day)
        if known is None:
            if len(self._memo) > MOST_REMEMBERED:
                self._memo.clear()
            known = self._memo[day] = tuple(self._work_out(day))
        return known

    def _work_out(self, day: datetime) -> list[Interval]:
        found: list[Interval] = []
        for start, end, offset in pieces(self.zone, day):
            local = (start + offset).date()
            while datetime.combine(local, datetime.min.time(), UTC) - offset < end:
                midnight = datetime.combine(local, datetime.min.time(), UTC) - offset
                for a, b in self._minutes(local):
                    low = max(midnight + timedelta(minutes=a), start)
                    high = min(midnight + timedelta(minutes=b), end)
                    if low < high:
                        found.append((low, high))
                local += ONE_DAY
        return found

    def _minutes(self, day: date) -> list[Range]:
        """The open minutes of a local day itself: its own ranges up to midnight and the tails of the day before."""
        parts = [(a, min(b, DAY_MINUTES)) for a, b in self.ranges(day)]
        parts += [(0, b - DAY_MINUTES) for _a, b in self.ranges(day - ONE_DAY) if b > DAY_MINUTES]
        merged: list[Range] = []
        for a, b in sorted(parts):
            if merged and a <= merged[-1][1]:
                merged[-1] = (merged[-1][0], max(b, merged[-1][1]))
            else:
                merged.append((a, b))
        return merged


@dataclass(frozen=True)
class Span:
    """How long a promise gives: minutes, working days, days, or the same day (amount 0)."""

    kind: str
    amount: int
    cutoff: int | None = None

    @classmethod
    def parse(cls, raw: Any) -> "Span":
        """From `{minutes}`, `{working_days, cutoff}`, `{days}` or `{same_day: true}`; Nonsense otherwise."""
        if not isinstance(raw, Mapping):
            raise Nonsense("not_a_span", "span", raw)
        kinds = [kind for kind in ("minutes", "working_days", "days", "same_day") if raw.get(kind) is not None]
        extra = set(raw) - {*kinds, "cutoff"} - {key for key in raw if raw[key] is None}
        if len(kinds) != 1 or extra or ("cutoff" in raw and raw["cutoff"] and kinds != ["working_days"]):
            raise Nonsense("not_a_span", "span", raw)
        kind, value = kinds[0], raw[kinds[0]]
        if kind == "same_day":
            if value is not True:
                raise Nonsense("not_a_span", "span", raw)
            return cls("same_day", 0)
        most = MOST_MINUTES if kind == "minutes" else MOST_DAYS
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            raise Nonsense("not_a_number", "span", value)
        if value <= 0:
            raise Nonsense("span_zero", "span", value)
        if value > most:
            raise Nonsense("span_too_long", "span", value)
        cutoff = raw.get("cutoff")
        return cls(kind, value, minute_of(cutoff, "span") if cutoff else None)


def minute_of(text: Any, place: str) -> int:
    """Minutes after midnight of "08:00"; "24:00" is the end of the day. Raises Nonsense."""
    hours, colon, minutes = text.partition(":") if isinstance(text, str) else ("", "", "")
    if not (colon and len(minutes) == 2 and hours.isdecimal() and minutes.isdecimal() and len(hours) <= 2):
        raise Nonsense("not_a_time", place, text)
    value = int(hours) * 60 + int(minutes)
    if int(minutes) > 59 or value > DAY_MINUTES:
        raise Nonsense("not_a_time", place, text)
    return value


def _ranges(raw: Any, place: str) -> tuple[Range, ...]:
    if not isinstance(raw, list | tuple):
        raise Nonsense("not_ranges", place, raw)
    found = []
    for pair in raw:
        if not isinstance(pair, list | tuple) or len(pair) != 2:
            raise Nonsense("not_ranges", place, pair)
        start, end = minute_of(pair[0], place), minute_of(pair[1], place)
        if start == DAY_MINUTES:
            raise Nonsense("not_a_time", place, pair[0])
        found.append((start, end))
    return tuple(sorted(found))


def layer(weekly: Any, days: Any = None, since: date = date.min) -> Layer:
    """A layer from `{mon: [["08:00", "12:00"], …]}` and `{"2026-10-01": []}`; raises Nonsense."""
    if not isinstance(weekly, Mapping):
        raise Nonsense("not_a_week", "weekly", weekly)
    unknown = set(weekly) - set(WEEKDAYS)
    if unknown:
        raise Nonsense("unknown_weekday", "weekly", ", ".join(sorted(map(str, unknown))))
    if not isinstance(days or {}, Mapping):
        raise Nonsense("not_ranges", "days", days)
    dated = {}
    for text, raw in (days or {}).items():
        try:
            dated[date.fromisoformat(text)] = _ranges(raw, f"days {text}")
        except (TypeError, ValueError) as error:
            if isinstance(error, Nonsense):
                raise
            raise Nonsense("not_a_date", "days", text) from error
    week = tuple(_ranges(weekly.get(name) or [], f"weekly {name}") for name in WEEKDAYS)
    return Layer(week, dated, since)


def zone_named(name: Any) -> str:
    """The zone's name when it exists; Nonsense otherwise."""
    try:
        ZoneInfo(name)
    except Exception as error:
        raise Nonsense("unknown_zone", "zone", name) from error
    return str(name)


def clock(raw: Any) -> Clock:
    """A clock from `{zone, weekly, days}`; Nonsense when it is unusable or never open."""
    if not isinstance(raw, Mapping):
        raise Nonsense("not_a_clock", "clock", raw)
    found = Clock(zone_named(raw.get("zone") or "Asia/Shanghai"), (layer(raw.get("weekly") or {}, raw.get("days")),))
    if not any(found.layers[0].weekly) and not any(found.layers[0].days.values()):
        raise Nonsense("no_open_time", "clock")
    return found


def _joined(segments: list[Segment]) -> tuple[Segment, ...]:
    found: list[Segment] = []
    for segment in segments:
        if found and found[-1].end == segment.start:
            found[-1] = Segment(found[-1].start, segment.end)
        else:
            found.append(segment)
    return tuple(found)
