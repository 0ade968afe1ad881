"""The promise letter [服务承诺书]: printed from the same data that the deadlines follow (SLA-07)."""

from datetime import datetime
from typing import Any

from django.utils.translation import pgettext

from core import pdf
from core.models import Paper
from customers.models import Contract
from sla import wording
from sla.models import Promise, PromiseLine
from staff.models import in_language

KIND = "promise-letter"
TEMPLATE = "sla/papers/promise_letter.html"


def letter(promise: Promise, *, language: str, by: Any, at: datetime, contract: Contract | None = None) -> Paper:
    """The letter of a version, for a contract or in general; stored the first time, the same ever after."""
    number = f"{promise.code}-{contract.number}" if contract else promise.code
    return pdf.issue(
        KIND,
        number,
        promise.version,
        subject=promise,
        template=TEMPLATE,
        context=lambda: context(promise, contract, at),
        language=language,
        by=by,
        at=at,
    )


def context(promise: Promise, contract: Contract | None, at: datetime) -> dict[str, Any]:
    """What the letter says, in the active language."""
    return {
        "promise": promise,
        "contract": contract,
        "at": at,
        "lines": _lines(list(promise.lines.all())),
        "sentences": [text for text in in_language(promise.letter_zh, promise.letter_en).splitlines() if text.strip()],
    }


def _lines(lines: list[PromiseLine]) -> list[dict[str, Any]]:
    """The lines in words; one without conditions beside a narrower one of its target holds for all others."""
    told = []
    for line in lines:
        others = any((one.target, one.leg) == (line.target, line.leg) for one in lines if one is not line)
        told.append(_line(line, pgettext("paper", "all others") if others else pgettext("paper", "all")))
    return told


def _line(line: PromiseLine, everybody: str) -> dict[str, Any]:
    return {
        "label": line.label,
        "span": wording.span(line.span),
        "remote": wording.minutes(line.remote_minutes) if line.remote_minutes else "",
        "clock": wording.clock_name(line.clock),
        "start": wording.events(line.start_kinds[:1]),
        "stop": wording.events(line.stop_kinds[:1]),
        "whom": wording.whom({name: one for name, one in line.selectors.items() if name != "kind"}) or everybody,
        "pauses": wording.reasons(line.pausable),
        "penalty": line.penalty,
    }
