"""Wake-ups of the messages."""

from celery import shared_task

from notices import sending


@shared_task
def send_due() -> int:
    """Send the messages that are due; returns how many were tried."""
    return sending.send_due()
