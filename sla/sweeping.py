"""The sweep: warns, breaks and escalates what is due, each once, whatever is killed or run twice (SLA-05).

1. A batch of timers whose time has come is claimed with SKIP LOCKED, so that any number of sweeps share the work.
2. Each is judged anew from its row; what happens to it, its history entry and its messages are one transaction
   with the row that says when to look again. A kill at any point undoes all of a batch or nothing.
3. A timer that fails is looked at again an hour later, so that one bad row never stops the rest.
"""

import logging
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from core import history
from notices import actions as notices
from sla import definitions, telling
from sla.actions import judging
from sla.models import Timer

log = logging.getLogger(__name__)

BATCH = 100
AGAIN_AFTER_FAILURE = timedelta(hours=1)
_KEEP = """
UPDATE sla_timer AS timer
SET state = new.state, broken_at = new.broken_at, breach_reason = new.breach_reason, responsible = new.responsible,
    warned_at = new.warned_at, told = new.told, next_at = new.next_at
FROM unnest(%s::bigint[], %s::text[], %s::timestamptz[], %s::text[], %s::text[], %s::timestamptz[], %s::int[],
            %s::timestamptz[])
    AS new(id, state, broken_at, breach_reason, responsible, warned_at, told, next_at)
WHERE timer.id = new.id
"""
_FIELDS = ("pk", "state", "broken_at", "breach_reason", "responsible", "warned_at", "told", "next_at")


@dataclass
class News:
    """What a batch has to enter into the history and to tell."""

    directory: telling.Directory
    drafts: list[history.Draft] = field(default_factory=list)
    letters: list[notices.Letter] = field(default_factory=list)


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
    news = News(telling.Directory(timers))
    for timer in timers:
        _step(timer, now, news)
        timer.state = str(timer.state)
        timer.next_at = judging.next_look(timer)
    history.record_many(news.drafts, by=None)
    notices.tell_many(news.letters)
    _keep(timers)
    return len(timers)


def _keep(timers: list[Timer]) -> None:
    """Save what a step may change, for a whole batch in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, [[getattr(timer, name) for timer in timers] for name in _FIELDS])


def _step(timer: Timer, now: datetime, news: News) -> None:
    """One step of one timer: the warning, or the breach with its first message, or the next rung."""
    chain = definitions.at_hand().chain(timer.line.chain)
    if timer.state == judging.RUNNING and now <= timer.due_at:
        if timer.warned_at is None and timer.warn_at is not None and timer.warn_at < now:
            timer.warned_at = timer.warn_at
            judging.note("timer.warned", timer, by=None, at=timer.warn_at, into=news.drafts)
            if chain is not None and chain.warn_who:
                news.letters += telling.letters("timer.warned", timer, chain.warn_who, news.directory, at=now, level=0)
        return
    if timer.state == judging.RUNNING:
        judging.breach(timer, by=None, into=news.drafts)
    if timer.state != judging.BROKEN or chain is None or timer.told >= len(chain.rungs):
        return
    due = judging.next_look(timer)
    if due is None or due > now:
        return
    level, who = timer.told + 1, list(chain.rungs[timer.told]["who"])
    if timer.told:
        judging.note("timer.escalated", timer, by=None, at=due, into=news.drafts, level=level, who=who)
    kind = "timer.escalated" if timer.told else "timer.broken"
    timer.told = level
    news.letters += telling.letters(kind, timer, who, news.directory, at=now, level=level)
