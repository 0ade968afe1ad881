"""The sweep: warns, breaks and escalates what is due, each once, whatever is killed or run twice (SLA-05).

1. A batch of timers whose time has come is claimed with SKIP LOCKED, so that any number of sweeps share the work.
2. Each is judged anew from its row; what happens to it, its history entry and its messages are one transaction
   with the row that says when to look again. A kill at any point undoes all of a batch or nothing.
3. A timer that fails is looked at again an hour later, so that one bad row never stops the rest.
"""

import logging
import time
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from core import history
from sla import definitions, telling
from sla.actions import judging
from sla.models import Timer

log = logging.getLogger(__name__)

BATCH = 50
AGAIN_AFTER_FAILURE = timedelta(hours=1)
FIELDS = ["state", "broken_at", "breach_reason", "responsible", "warned_at", "told", "next_at"]


def sweep(now: datetime | None = None, *, seconds: float = 50) -> tuple[int, bool]:
    """Work off what is due by now; returns how many steps were done and whether time ran out before the work."""
    stop = time.monotonic() + seconds
    done = 0
    while time.monotonic() < stop:
        steps = _batch(now or timezone.now())
        if not steps:
            return done, False
        done += steps
    return done, True


def _batch(now: datetime) -> int:
    try:
        with transaction.atomic():
            return _work(_claim(now, BATCH), now)
    except Exception:
        log.exception("a batch of timers failed; each is tried alone")
    return _one_by_one(now)


def _one_by_one(now: datetime) -> int:
    keys = list(Timer.objects.to_look_at(now).values_list("pk", flat=True)[:BATCH])
    for key in keys:
        try:
            with transaction.atomic():
                _work(_claim(now, 1, pk=key), now)
        except Exception:
            log.exception("timer %s failed and waits", key)
            Timer.objects.filter(pk=key).update(next_at=now + AGAIN_AFTER_FAILURE)
    return len(keys)


def _claim(now: datetime, count: int, **only: Any) -> list[Timer]:
    rows = Timer.objects.select_for_update(skip_locked=True, of=("self",)).to_look_at(now)
    return list(rows.filter(**only)[:count])


def _work(timers: list[Timer], now: datetime) -> int:
    if not timers:
        return 0
    known = definitions.current()
    for timer in timers:
        timer.line = known.line(timer.line_id)
    directory, drafts = telling.Directory(timers), list[history.Draft]()
    for timer in timers:
        _step(timer, now, directory, drafts)
        timer.next_at = judging.next_look(timer)
    history.record_many(drafts, by=None)
    Timer.objects.bulk_update(timers, FIELDS)
    return len(timers)


def _step(timer: Timer, now: datetime, directory: telling.Directory, drafts: list[history.Draft]) -> None:
    """One step of one timer: the warning, or the breach with its first message, or the next rung."""
    chain = definitions.at_hand().chain(timer.line.chain)
    if timer.state == judging.RUNNING and now <= timer.due_at:
        if timer.warned_at is None and timer.warn_at is not None and timer.warn_at < now:
            timer.warned_at = timer.warn_at
            judging.note("timer.warned", timer, by=None, at=timer.warn_at, into=drafts)
            if chain is not None and chain.warn_who:
                telling.tell("timer.warned", timer, chain.warn_who, directory, at=now, level=0)
        return
    if timer.state == judging.RUNNING:
        judging.breach(timer, by=None, into=drafts)
    if timer.state != judging.BROKEN or chain is None or timer.told >= len(chain.rungs):
        return
    due = judging.next_look(timer)
    if due is None or due > now:
        return
    level, who = timer.told + 1, list(chain.rungs[timer.told]["who"])
    if timer.told:
        judging.note("timer.escalated", timer, by=None, at=due, into=drafts, level=level, who=who)
    kind = "timer.escalated" if timer.told else "timer.broken"
    timer.told = level
    telling.tell(kind, timer, who, directory, at=now, level=level)
