"""The broker of files, for machines without Redis: kombu's, made safe for readers and writers that meet or are killed.

A message appears under its name only when it is whole, is taken by a rename that one worker wins, and is dropped
when it cannot be read: it was a wake-up, and the sweeps of the schedule do the work instead.
"""

import fcntl
import logging
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from queue import Empty
from time import time_ns
from typing import Any

from kombu.transport import filesystem
from kombu.utils.json import dumps, loads

log = logging.getLogger(__name__)


class Channel(filesystem.Channel):
    """Messages as files in one folder, bindings of queues in another."""

    def get_table(self, exchange: str) -> list[Any]:
        """The bindings of an exchange; none while they cannot be read."""
        with suppress(FileNotFoundError, ValueError):
            rows = loads(self._table(exchange).read_text())
            return [filesystem.exchange_queue_t(*row) for row in rows]
        return []

    def _table(self, exchange: str) -> Path:
        path: Path = self._exchange_file(exchange)  # type: ignore[attr-defined]
        return path

    def _queue_bind(self, exchange: str, routing_key: str | None, pattern: str | None, queue: str | None) -> None:
        wanted = filesystem.exchange_queue_t(routing_key or "", pattern or "", queue or "")
        with self._one_at_a_time():
            rows = self.get_table(exchange)
            if wanted not in rows:
                _write(self._table(exchange), [wanted, *rows])

    @contextmanager
    def _one_at_a_time(self) -> Iterator[None]:
        self.control_folder.mkdir(parents=True, exist_ok=True)
        with open(self.control_folder / ".lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _put(self, queue: str, payload: Any, **_options: Any) -> None:  # type: ignore[override]
        _write(Path(self.data_folder_out, f"{time_ns()}_{uuid.uuid4()}.{queue}.msg"), payload)

    def _get(self, queue: str, timeout: float | None = None) -> Any:
        for name in sorted(os.listdir(self.data_folder_in)):
            if name.partition(".")[2] != f"{queue}.msg":
                continue
            taken = Path(self.data_folder_in, f".{name}")
            try:
                Path(self.data_folder_in, name).rename(taken)
                content = taken.read_bytes()
                taken.unlink()
                return loads(content)
            except FileNotFoundError:
                continue  # another worker was quicker
            except ValueError:
                log.warning("dropped an unreadable message: %s", name)
        raise Empty


def _write(path: Path, content: Any) -> None:
    """Write a file that nobody sees before it is whole."""
    unfinished = path.with_name(f".{uuid.uuid4()}")
    unfinished.write_text(dumps(content))
    unfinished.rename(path)


class Transport(filesystem.Transport):
    """Kombu's transport over files with the channel above."""

    Channel = Channel
