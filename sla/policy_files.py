"""Policy from TOML: clocks, chains, promises and choices; the shipped files and a maker's own use the same form."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import transaction

from core.errors import ActionError, Refused
from sla.actions import policy
from sla.models import Chain, Clock, Promise, PromiseLine, Version

HERE = Path(__file__).parent / "defaults"
SHIPPED = ("clocks.toml", "chains.toml", "promises.toml", "chosen_promises.toml")


@dataclass
class Loaded:
    """What a load did, as "clock office, version 2"."""

    made: list[str] = field(default_factory=list)
    same: int = 0


@transaction.atomic
def load(source: Path, *, by: Any = None, replace: bool = True) -> Loaded:
    """Load one file. Rows that say the same as the newest version change nothing; others become a new version.

    Without `replace` codes that exist are left alone: shipped data never overrules what was changed here.
    """
    raw = tomllib.loads(source.read_text(encoding="utf-8"))
    unknown = set(raw) - {"clock", "chain", "promise", "choice"}
    if unknown:
        raise Refused({"file": f"unknown tables: {', '.join(sorted(unknown))}"})
    done = Loaded()
    for row in raw.get("clock", []):
        _put(Clock, row | calendar(row), policy.put_clock, by, replace, done)
    for row in raw.get("chain", []):
        _put(Chain, row, policy.put_chain, by, replace, done)
    for row in raw.get("promise", []):
        values = {key: value for key, value in row.items() if key != "line"}
        _put(Promise, values | {"lines": row.get("line", [])}, policy.put_promise, by, replace, done)
    for row in raw.get("choice", []):
        policy.choose_promise(**row, by=by)
    return done


def load_shipped() -> None:
    """Load the shipped files; codes that exist stay as they are."""
    for name in SHIPPED:
        load(HERE / name, replace=False)


def calendar(row: Mapping[str, Any]) -> dict[str, Any]:
    """The days of a clock that names a calendar: its holidays closed, its make-up days as a Monday."""
    if "calendar" not in row:
        return {}
    years = tomllib.loads((HERE / f"holidays_{row['calendar']}.toml").read_text(encoding="utf-8"))["year"]
    days: dict[str, Any] = {}
    for year in years:
        days |= {f"{year['year']}-{day}": [] for day in year["off"]}
        days |= {f"{year['year']}-{day}": row["weekly"].get("mon", []) for day in year["work"]}
    return {
        "days": days | dict(row.get("days", {})),
        "follows_holidays": True,
        "published_years": [year["year"] for year in years],
    }


def _put(model: type[Version], row: dict[str, Any], put: Any, by: Any, replace: bool, done: Loaded) -> None:
    values = {key: value for key, value in row.items() if key != "calendar"}
    code = values.get("code", "")
    last = model._default_manager.filter(code=code).order_by("-version").first()
    if last is not None and (not replace or _says_the_same(last, values)):
        done.same += 1
        return
    try:
        made = put(**values, by=by)
    except TypeError as error:
        raise Refused({"file": f"{model.__name__.lower()} {code}: {error}"}) from error
    except ActionError as error:
        raise Refused({"file": f"{model.__name__.lower()} {code}: {error}"}) from error
    done.made.append(f"{model.__name__.lower()} {made.code}, version {made.version}")


def _says_the_same(last: Any, values: Mapping[str, Any]) -> bool:
    for name, value in values.items():
        if name == "lines":
            known = list(last.lines.all())
            if len(known) != len(value) or any(not _same_line(k, v) for k, v in zip(known, value, strict=True)):
                return False
        elif name != "why" and getattr(last, name, None) != value:
            return False
    return True


def _same_line(known: PromiseLine, value: Mapping[str, Any]) -> bool:
    wanted = policy.line_from(value, known.position)
    return all(
        str(getattr(known, name)) == str(getattr(wanted, name))
        if name not in ("warn_share", "penalty")
        else float(getattr(known, name)) == float(getattr(wanted, name))
        for name in policy.LINE_FIELDS
    )
