"""Clocks, promises and chains: a change is a new version, nonsense is refused, open timers follow a clock."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max, Model
from django.utils import timezone
from django.utils.translation import gettext as _

from core import history, nudges
from core.errors import Refused
from sla import definitions
from sla.actions.timers import refit_clock
from sla.matching import FLAGS, WEIGHTS
from sla.models import Chain, Clock, PauseReason, Promise, PromiseChoice, PromiseLine, Target, Version
from sla.nonsense import refused
from sla.permissions import require_policy_changer
from sla.working_time import Nonsense, Range, Span, zone_named

AT_ONCE = 1000
MOST_PENALTY = 10_000_000
_CODE = re.compile(r"[\w.-]{1,40}")
CHAIN_ROLES = ("engineer", "owner", "dispatcher", "supervisor", "head", "manager", "supervision")
LINE_FIELDS = (
    "target",
    "leg",
    "label_zh",
    "label_en",
    "selectors",
    "span",
    "clock",
    "start_kinds",
    "restart_kinds",
    "stop_kinds",
    "cancel_kinds",
    "pausable",
    "remote_minutes",
    "warn_share",
    "chain",
    "penalty",
    "party",
    "reopen",
    "reopen_kinds",
)


@transaction.atomic
def put_clock(
    *,
    code: str,
    name_zh: str,
    weekly: Mapping[str, Any],
    by: Any,
    name_en: str = "",
    zone: str = "Asia/Shanghai",
    days: Mapping[str, Any] | None = None,
    region_days: Mapping[str, Any] | None = None,
    follows_holidays: bool = False,
    published_years: Iterable[int] = (),
    valid_from: date | None = None,
    at: datetime | None = None,
    why: str = "",
) -> Clock:
    """A new clock or the next version of one; open timers are worked out anew (SLA-08)."""
    at = _check_right(by, at)
    clock = Clock(
        code=_code(code),
        name_zh=name_zh.strip(),
        name_en=name_en.strip(),
        zone=zone,
        weekly=_mapping(weekly, "weekly"),
        days=_mapping(days, "days"),
        region_days={name: _mapping(one, "region_days") for name, one in _mapping(region_days, "region_days").items()},
        follows_holidays=follows_holidays,
        published_years=sorted(set(published_years)),
        valid_from=valid_from or timezone.localdate(at),
        made_by=by,
        made_at=at,
        why=why,
    )
    check_clock(clock)
    _save_version(clock, "clock.changed", by=by, at=at, why=why)
    definitions.changed()
    if clock.version > 1 and refit_clock(clock.code, by=by, at=at, why=why, at_most=AT_ONCE) >= AT_ONCE:
        transaction.on_commit(lambda: nudges.send("sla.tasks.follow_clocks"))
    return clock


def publish_clock(code: str, year: int, days: Mapping[str, Any], *, by: Any, at: datetime | None = None) -> Clock:
    """Enter the official holidays and make-up days of a year: the clock's next version."""
    last = Clock.objects.filter(code=code).order_by("-version").first()
    if last is None:
        raise Refused({"code": _("There is no clock with the code %(value)s.") % {"value": code}})
    if any(not str(day).startswith(f"{year}-") for day in days):
        raise Refused({"days": _("All days must lie in the year %(year)d.") % {"year": year}})
    kept = {day: ranges for day, ranges in last.days.items() if not day.startswith(f"{year}-")}
    return put_clock(
        code=code,
        name_zh=last.name_zh,
        name_en=last.name_en,
        zone=last.zone,
        weekly=last.weekly,
        days={**kept, **days},
        region_days=last.region_days,
        follows_holidays=True,
        published_years=[*last.published_years, year],
        by=by,
        at=at,
        why=_("Official holidays of %(year)d") % {"year": year},
    )


@transaction.atomic
def put_promise(
    *,
    code: str,
    name_zh: str,
    lines: Iterable[Mapping[str, Any]],
    by: Any,
    name_en: str = "",
    valid_from: date | None = None,
    valid_to: date | None = None,
    is_draft: bool = False,
    by_choice: bool = False,
    selectors: Mapping[str, Any] | None = None,
    source: str = "",
    letter_zh: str = "",
    letter_en: str = "",
    at: datetime | None = None,
    why: str = "",
) -> Promise:
    """A new promise or the next version of one; timers that run keep the version they began with."""
    at = _check_right(by, at)
    promise = Promise(
        code=_code(code),
        name_zh=name_zh.strip(),
        name_en=name_en.strip(),
        valid_from=valid_from or timezone.localdate(at),
        valid_to=valid_to,
        is_draft=is_draft,
        by_choice=by_choice,
        selectors=_mapping(selectors, "selectors"),
        source=source,
        letter_zh=letter_zh,
        letter_en=letter_en,
        made_by=by,
        made_at=at,
        why=why,
    )
    if valid_to is not None and valid_to < promise.valid_from:
        raise Refused({"valid_to": _("The end lies before the start.")})
    if not promise.name_zh:
        raise Refused({"name_zh": _("Give the promise a name.")})
    check_selectors(promise.selectors)
    rows = [line_from(raw, place) for place, raw in enumerate(lines, 1)]
    if not rows:
        raise Refused({"lines": _("A promise needs at least one line.")})
    _save_version(promise, "promise.changed", by=by, at=at, why=why)
    for row in rows:
        row.promise = promise
    PromiseLine.objects.bulk_create(rows)
    definitions.changed()
    return promise


@transaction.atomic
def put_chain(
    *,
    code: str,
    name_zh: str,
    rungs: Iterable[Mapping[str, Any]],
    warn_who: Iterable[str],
    by: Any,
    name_en: str = "",
    hours: str = "",
    valid_from: date | None = None,
    at: datetime | None = None,
    why: str = "",
) -> Chain:
    """A new escalation chain or the next version of one (SLA-05)."""
    at = _check_right(by, at)
    chain = Chain(
        code=_code(code),
        name_zh=name_zh.strip(),
        name_en=name_en.strip(),
        rungs=[{"after": rung.get("after"), "who": list(rung.get("who", []))} for rung in rungs],
        warn_who=list(warn_who),
        hours=hours,
        valid_from=valid_from or timezone.localdate(at),
        made_by=by,
        made_at=at,
        why=why,
    )
    check_chain(chain)
    _save_version(chain, "chain.changed", by=by, at=at, why=why)
    definitions.changed()
    return chain


@transaction.atomic
def choose_promise(
    *,
    contract: str,
    promise: str,
    by: Any,
    since: date | None = None,
    until: date | None = None,
    at: datetime | None = None,
) -> PromiseChoice:
    """A contract chooses a promise (SLA-03); choosing it again changes the days."""
    at = _check_right(by, at)
    row = Promise.objects.filter(code=promise).order_by("-version").first()
    if row is None:
        raise Refused({"promise": _("There is no promise with the code %(code)s.") % {"code": promise}})
    since = since or timezone.localdate(at)
    if until is not None and until < since:
        raise Refused({"until": _("The end lies before the start.")})
    choice, _created = PromiseChoice.objects.update_or_create(
        contract=contract, promise=promise, defaults={"since": since, "until": until}
    )
    definitions.changed()
    data = {"contract": contract, "code": promise}
    history.record("promise.chosen", row, by=by, at=at, data=data)
    return choice


@transaction.atomic
def drop_choice(choice: PromiseChoice, *, by: Any, at: datetime | None = None, why: str = "") -> None:
    """A contract no longer has a promise; timers that run keep it."""
    at = _check_right(by, at)
    row = Promise.objects.filter(code=choice.promise).order_by("-version").first()
    data = {"contract": choice.contract, "code": choice.promise}
    choice.delete()
    definitions.changed()
    if row is not None:
        history.record("promise.dropped", row, by=by, at=at, why=why, data=data)


def check_clock(clock: Clock) -> None:
    """Refuse a clock that cannot work: bad times, overlapping ranges, no open hour in the coming year."""
    if not clock.name_zh:
        raise Refused({"name_zh": _("Give the clock a name.")})
    try:
        zone_named(clock.zone)
        for region in ("", *clock.region_days):
            working = definitions.working_clock([clock], region)
            layer = working.layers[0]
            for name, ranges in [*enumerate(layer.weekly), *layer.days.items()]:
                _no_overlap(name, ranges)
        working.next_opening(datetime.combine(clock.valid_from, datetime.min.time(), UTC))
    except Nonsense as error:
        raise refused(error, "weekly" if error.code == "no_open_time" else "") from error


def _no_overlap(name: Any, ranges: Iterable[Range]) -> None:
    last = -1
    for start, end in sorted(ranges):
        if start < last:
            raise Nonsense("overlap", "weekly" if isinstance(name, int) else "days", name)
        last = end if end > start else end + 1440


def check_chain(chain: Chain) -> None:
    """Refuse a chain without rungs, with unknown people, or whose rungs do not rise."""
    if not chain.name_zh:
        raise Refused({"name_zh": _("Give the chain a name.")})
    if chain.hours and not Clock.objects.filter(code=chain.hours).exists():
        raise Refused({"hours": _("There is no clock with the code %(value)s.") % {"value": chain.hours}})
    last = -1
    for rung in chain.rungs:
        after = rung["after"]
        if isinstance(after, bool) or not isinstance(after, int) or after <= last:
            raise Refused({"rungs": _("Each rung comes later than the one before, in whole minutes.")})
        if not rung["who"] or set(rung["who"]) - set(CHAIN_ROLES):
            raise Refused({"rungs": _("Say who is told: %(who)s.") % {"who": ", ".join(CHAIN_ROLES)}})
        last = after
    if not chain.rungs or set(chain.warn_who) - set(CHAIN_ROLES):
        raise Refused({"rungs": _("Say who is told: %(who)s.") % {"who": ", ".join(CHAIN_ROLES)}})


def check_selectors(selectors: Any) -> None:
    """Refuse selectors that nothing could ever match by their form."""
    if not isinstance(selectors, Mapping):
        raise Refused({"selectors": _("Give lists by the name of the fact.")})
    for name, value in selectors.items():
        if name not in WEIGHTS:
            raise Refused({"selectors": _("Unknown fact: %(name)s.") % {"name": name}})
        if name in FLAGS:
            if value is not None and not isinstance(value, bool):
                raise Refused({"selectors": _("%(name)s is true or false.") % {"name": name}})
        elif not isinstance(value, list | tuple):
            raise Refused({"selectors": _("%(name)s takes a list.") % {"name": name}})
        elif name == "grade" and any(isinstance(v, bool) or not isinstance(v, int) or not 1 <= v <= 4 for v in value):
            raise Refused({"selectors": _("Grades are 1 to 4.")})


def line_from(raw: Mapping[str, Any], place: int = 1) -> PromiseLine:
    """A checked promise line from plain values; raises Refused."""
    unknown = set(raw) - set(LINE_FIELDS)
    if unknown:
        raise Refused(
            {"lines": _("Line %(place)d: unknown %(names)s.") % {"place": place, "names": ", ".join(sorted(unknown))}}
        )
    line = PromiseLine(position=place, **raw)
    problem = _problem(line)
    if problem:
        raise Refused({"lines": _("Line %(place)d: %(problem)s") % {"place": place, "problem": problem}})
    check_selectors(line.selectors)
    return line


def _problem(line: PromiseLine) -> str:
    kinds = history.kinds()
    named = [
        *(line.start_kinds or []),
        *(line.stop_kinds or []),
        *line.restart_kinds,
        *line.reopen_kinds,
        *line.cancel_kinds,
    ]
    if line.target not in Target.values:
        return _("unknown target “%(target)s”.") % {"target": line.target}
    try:
        Span.parse(line.span)
    except Nonsense as error:
        return str(refused(error, "span").fields["span"][0])
    if not Clock.objects.filter(code=line.clock).exists():
        return _("There is no clock with the code %(value)s.") % {"value": line.clock}
    if not line.start_kinds or not line.stop_kinds:
        return _("say with which event it starts and with which it ends.")
    if set(line.start_kinds) & set(line.stop_kinds):
        return _("it cannot start and end with the same event.")
    if any(not isinstance(kind, str) or (kinds and kind not in kinds and "." not in kind) for kind in named):
        return _("unknown event.")
    if set(line.pausable) - set(PauseReason.values):
        return _("unknown reason to stop the clock.")
    if not 0 <= float(line.penalty) <= MOST_PENALTY:
        return _("the penalty is no usable sum.")
    if not 0 <= float(line.warn_share) <= 1:
        return _("the warning comes at a share between 0 and 1.")
    if line.chain and not Chain.objects.filter(code=line.chain).exists():
        return _("There is no chain with the code %(value)s.") % {"value": line.chain}
    return ""


def _check_right(by: Any, at: datetime | None) -> datetime:
    if by is not None:
        require_policy_changer(by)
    return at or timezone.now()


def _code(code: str) -> str:
    code = code.strip()
    if not _CODE.fullmatch(code):
        raise Refused({"code": _("Give a code of at most 40 letters, digits, dots, dashes and underscores.")})
    return code


def _mapping(value: Any, field: str) -> dict[str, Any]:
    """A copy of a mapping, or Refused on its field."""
    if value is not None and not isinstance(value, Mapping):
        raise Refused({field: _("Give values by name.")})
    return dict(value or {})


def _save_version(row: Version, kind: str, *, by: Any, at: datetime, why: str) -> None:
    """Save as the next version of its code; two at once get two versions, one after the other."""
    model: type[Model] = type(row)
    list(type(row)._default_manager.select_for_update().filter(code=row.code).values_list("pk", flat=True))
    last = model._default_manager.filter(code=row.code).aggregate(last=Max("version"))["last"] or 0
    row.version = last + 1
    row.save()
    history.record(kind, row, by=by, at=at, why=why, data={"code": row.code, "version": row.version})
