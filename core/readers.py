"""Readers of the history: upper apps that act on entries of lower ones, each entry once.

1. `history.record` writes an inbox row per reader in the transaction of the entry.
2. `work` claims rows with SKIP LOCKED, calls the reader and deletes the row in one transaction.
3. A reader that fails keeps its row, which is looked at again later (10 s, doubling to one hour).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from core import nudges
from core.models import Entry, Inbox

Handler = Callable[[Entry], None]


@dataclass(frozen=True)
class Reader:
    """A named handler and the kinds of entries it reads."""

    name: str
    kinds: frozenset[str]
    handle: Handler


_readers: dict[str, Reader] = {}


def register(name: str, kinds: Iterable[str], handle: Handler) -> None:
    """Declare a reader; called from an app's `ready`."""
    _readers[name] = Reader(name, frozenset(kinds), handle)


def of_kind(kind: str) -> list[str]:
    """Names of the readers of a kind."""
    return [reader.name for reader in _readers.values() if kind in reader.kinds]


def nudge() -> None:
    """Wake a worker for the inbox; losing this call costs one sweep period."""
    nudges.send("core.tasks.read_inbox")


def work(limit: int = 500) -> int:
    """Work off due inbox rows, each in its own transaction; returns how many were done."""
    done = 0
    while done < limit and _work_one():
        done += 1
    return done


def _work_one() -> bool:
    with transaction.atomic():
        row = (
            Inbox.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("entry")
            .filter(not_before__lte=timezone.now(), reader__in=list(_readers))
            .order_by("not_before", "id")
            .first()
        )
        if row is None:
            return False
        try:
            with transaction.atomic():
                _readers[row.reader].handle(row.entry)
        except Exception as error:
            row.attempts += 1
            row.last_error = repr(error)[:2000]
            row.not_before = timezone.now() + timedelta(seconds=min(3600, 10 * 2 ** min(row.attempts, 10)))
            row.save(update_fields=["attempts", "last_error", "not_before"])
        else:
            row.delete()
        return True


def catch_up(name: str) -> int:
    """Give a new reader the past: an inbox row for every old entry of its kinds; returns how many."""
    reader = _readers[name]
    entries = Entry.objects.filter(kind__in=reader.kinds).order_by("id").values_list("id", flat=True)
    rows = [Inbox(reader=name, entry_id=pk) for pk in entries.iterator()]
    return len(Inbox.objects.bulk_create(rows, batch_size=2000, ignore_conflicts=True))
