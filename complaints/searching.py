"""What the search box finds among complaints."""

import re
from typing import Any

from complaints import permissions
from complaints.models import Complaint
from core.finder import Hit

NUMBER = re.compile(r"TS\d{4,8}(-\d*)?", re.IGNORECASE)


def complaints(query: str, user: Any, limit: int) -> list[Hit]:
    """By number or its beginning."""
    if not NUMBER.fullmatch(query.strip()) or not permissions.can_read(user):
        return []
    rows = Complaint.objects.visible_to(user).filter(number__startswith=query.strip().upper())
    return [
        Hit(row.get_absolute_url(), row.number, f"{row.customer} · {row.content[:40]}", str(row.status.label))
        for row in rows.select_related("customer").order_by("-number")[:limit]
    ]
