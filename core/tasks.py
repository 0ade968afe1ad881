"""Wake-ups of the mechanisms: the heartbeat, the inboxes of the history, old idempotency keys."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from core import readers
from core.models import Heartbeat, IdempotencyKey

KEEP_KEYS = timedelta(days=30)


@shared_task
def heartbeat() -> None:
    """Show that a worker takes and finishes tasks."""
    Heartbeat.objects.update_or_create(name="worker", defaults={"seen_at": timezone.now()})


@shared_task
def read_inbox() -> int:
    """Let the readers of the history work off what is waiting; returns how many entries."""
    return readers.work()


@shared_task
def forget_old_keys() -> int:
    """Drop idempotency keys older than thirty days; returns how many."""
    return IdempotencyKey.objects.filter(created_at__lt=timezone.now() - KEEP_KEYS).delete()[0]
