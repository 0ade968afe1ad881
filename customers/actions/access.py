"""What field staff may see because of their orders."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from customers.models import Customer, Equipment, FieldAccess


def grant_field_access(
    user: Any, customer: Customer, equipment: Equipment | None = None, at: datetime | None = None
) -> FieldAccess:
    """Let a field person see a customer and a machine; called by the dispatch, whose entry is the history."""
    access, _created = FieldAccess.objects.get_or_create(
        user=user, customer=customer, equipment=equipment, defaults={"since": at or timezone.now()}
    )
    return access
