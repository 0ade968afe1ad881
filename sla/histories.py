"""Where the simulator gets its cases from: apps above offer their records' stories, or a sheet of events is read."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import Refused
from core.sheets import Sheet, simple
from sla.replay import GRADED, WAITS, Case, Event

Source = Callable[[datetime, datetime, int], tuple[int, Iterator[Case]]]

_sources: dict[str, Source] = {}

COLUMNS = {
    "case": ("case", "case id", "ticket", "number", "incident", "单号", "工单", "编号"),
    "event": ("event", "activity", "kind", "事件", "活动"),
    "at": ("at", "time", "timestamp", "complete timestamp", "时间"),
    "grade": ("grade", "priority", "等级"),
    "region": ("region", "大区"),
    "product_line": ("product_line", "product line", "product", "产品线"),
    "province": ("province", "省份"),
    "remote": ("remote", "偏远"),
    "reason": ("reason", "waiting_for", "原因"),
}
FLAG = {"1", "true", "yes", "是", "y"}


def register(kind: str, source: Source) -> None:
    """Offer the stories of a kind of record: `source(start, end, at_most)` gives how many there are, and cases."""
    _sources[kind] = source


def stored(kind: str, start: datetime, end: datetime, at_most: int) -> tuple[int, Iterator[Case]]:
    """Cases of a kind that began in a stretch of time, and how many there are in all."""
    source = _sources.get(kind)
    return source(start, end, at_most) if source else (0, iter(()))


def from_sheet(sheet: Sheet, names: Mapping[str, str]) -> list[Case]:
    """Cases from a sheet with a column for case, event and time; `names` maps its events to ours."""
    places = _places(sheet.headings)
    rows = [{name: row.cells[place] for name, place in places.items()} for row in sheet.rows]
    return from_rows(rows, names)


def from_rows(rows: Iterable[Mapping[str, Any]], names: Mapping[str, str]) -> list[Case]:
    """Cases from rows with `case`, `event`, `at` and facts; Refused names the first row that makes no sense."""
    stories: dict[str, list[Event]] = {}
    facts: dict[str, dict[str, Any]] = {}
    for number, row in enumerate(rows, 1):
        case, event = str(row.get("case") or "").strip(), str(row.get("event") or "").strip()
        if not case or not event:
            raise Refused({"events": _("Row %(row)d has no case or no event.") % {"row": number}})
        known = _facts(row)
        kind = names.get(event, event)
        changed = {"grade": known["grade"]} if kind == GRADED and known.get("grade") else {}
        waits = str(row.get("reason") or "customer") if kind == WAITS else ""
        stories.setdefault(case, []).append(Event(kind, _moment(row.get("at"), number), waits, changed))
        facts[case] = {**known, **facts.get(case, {})}
    return [Case(case, facts[case], sorted(events, key=lambda e: e.at)) for case, events in stories.items()]


def event_names(cases: Iterable[Case]) -> list[str]:
    """The events that occur, most frequent first."""
    found: dict[str, int] = {}
    for case in cases:
        for event in case.events:
            found[event.kind] = found.get(event.kind, 0) + 1
    return sorted(found, key=lambda name: -found[name])


def _places(headings: list[str]) -> dict[str, int]:
    plain = [simple(heading) for heading in headings]
    places = {}
    for name, words in COLUMNS.items():
        wanted = {simple(word) for word in words}
        place = next((i for i, heading in enumerate(plain) if heading in wanted), None)
        if place is not None:
            places[name] = place
    missing = [name for name in ("case", "event", "at") if name not in places]
    if missing:
        raise Refused({"file": _("These columns are missing: %(names)s.") % {"names": ", ".join(missing)}})
    return places


def _facts(row: Mapping[str, Any]) -> dict[str, Any]:
    facts: dict[str, Any] = {"kind": "ticket"}
    for name in ("region", "product_line", "province", "contract", "customer"):
        if row.get(name):
            facts[name] = str(row[name]).strip()
    grade = str(row.get("grade") or "").strip().removesuffix(".0")
    if grade[:1].isdecimal():
        facts["grade"] = int(grade[:1])
    facts["is_remote"] = str(row.get("remote") or "").strip().lower() in FLAG
    facts["is_home"] = bool(row.get("is_home"))
    return facts


def _moment(raw: Any, number: int) -> datetime:
    if isinstance(raw, datetime):
        found = raw
    else:
        try:
            found = datetime.fromisoformat(str(raw or "").strip().replace("/", "-"))
        except ValueError as error:
            raise Refused({"events": _("Row %(row)d has no readable time.") % {"row": number}}) from error
    return found if found.tzinfo else timezone.make_aware(found)
