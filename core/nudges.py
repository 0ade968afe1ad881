"""Wake-up calls to the workers that never make a request wait for the broker.

A thread of its own publishes them; when the broker is away the calls are dropped, and the sweeps of the
schedule do the work instead.
"""

import logging
import queue
import threading

from celery import current_app

log = logging.getLogger(__name__)

_waiting: "queue.Queue[str]" = queue.Queue(maxsize=100)
_lock = threading.Lock()
_threads: list[threading.Thread] = []


def send(task: str) -> None:
    """Ask for a task by name, without arguments; returns at once."""
    if task in list(_waiting.queue):
        return
    try:
        _waiting.put_nowait(task)
    except queue.Full:
        return
    with _lock:
        if not _threads or not _threads[0].is_alive():
            _threads[:] = [threading.Thread(target=_publish, name="nudges", daemon=True)]
            _threads[0].start()


def _publish() -> None:
    while True:
        task = _waiting.get()
        try:
            current_app.send_task(task, ignore_result=True, retry=False, expires=600)
        except Exception:
            log.warning("broker not reached; %s waits for its sweep", task)
