"""What the frame of every page wants to know about messages."""

from typing import Any

from django.utils import timezone

from core.rail import capped
from notices.models import Delivery


def unread(user: Any) -> tuple[int, bool]:
    """How many messages wait in a person's inbox (at most a hundred are counted), for the menu."""
    return capped(Delivery.objects.inbox_of(user, timezone.now()).unread()), False
