"""Sends what is due. A row is claimed with SKIP LOCKED and marked in the same transaction that sent it.

1. Killed before the commit, the row still waits and is sent by the next sweep; the Message-ID stays the same,
   so a mail that had gone out already is recognised as the same one.
2. A failure is tried again after 30 s, doubling up to two hours; after ten tries the delivery is given up and
   an administrator may send it again.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone

from notices.models import Delivery

FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=2)
TRIES = 10

log = logging.getLogger("notices")


class Undeliverable(Exception):
    """Trying again cannot help."""


def send_due(at: datetime | None = None, limit: int = 200) -> int:
    """Send due deliveries, each in its own transaction; returns how many were tried."""
    tried = 0
    while tried < limit and _send_one(at or timezone.now()):
        tried += 1
    return tried


def _send_one(at: datetime) -> bool:
    with transaction.atomic():
        rows = Delivery.objects.select_for_update(skip_locked=True, of=("self",)).select_related("receiver")
        delivery = rows.due(at).first()
        if delivery is None:
            return False
        try:
            if not delivery.receiver.is_active:
                raise Undeliverable("the account has ended")
            CHANNELS[delivery.channel](delivery)
        except Exception as error:
            _failed(delivery, error, at)
        else:
            delivery.state, delivery.sent_at, delivery.last_error = Delivery.State.SENT, at, ""
            delivery.attempts += 1
        delivery.save(update_fields=["state", "sent_at", "last_error", "attempts", "not_before"])
    return True


def _failed(delivery: Delivery, error: Exception, at: datetime) -> None:
    delivery.attempts += 1
    delivery.last_error = repr(error)[:2000]
    if delivery.attempts >= TRIES or isinstance(error, Undeliverable):
        delivery.state = Delivery.State.DEAD
    else:
        delivery.not_before = at + min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (delivery.attempts - 1))


def _email(delivery: Delivery) -> None:
    if not delivery.receiver.email:
        raise Undeliverable("the account has no e-mail address")
    link = f"\n\n{settings.SITE_URL}{delivery.url}" if delivery.url.startswith("/") else ""
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    EmailMessage(
        subject=delivery.subject,
        body=f"{delivery.body}{link}\n",
        to=[delivery.receiver.email],
        headers={"Message-ID": f"<delivery-{delivery.pk}@{host}>", "Auto-Submitted": "auto-generated"},
    ).send()


def _log(delivery: Delivery) -> None:
    log.info("%s about %s for user:%s", delivery.kind, delivery.about, delivery.receiver_id)


CHANNELS: dict[str, Callable[[Delivery], None]] = {
    Delivery.Channel.INBOX: lambda delivery: None,
    Delivery.Channel.EMAIL: _email,
    Delivery.Channel.LOG: _log,
}
