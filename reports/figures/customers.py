"""What customers said: complaints of a month."""

from django.db.models import Count, Q

from complaints.models import Complaint
from reports.figures.values import Value, count, share
from reports.months import Month


def compute(month: Month) -> dict[str, Value]:
    """The figures of the section."""
    complaints = Complaint.objects.filter(received_at__gte=month.start, received_at__lt=month.end).aggregate(
        n=Count("id"), valid=Count("id", filter=Q(is_valid=True))
    )
    return {
        "followed_up": share(0, 0),
        "content": share(0, 0),
        "complaints": count(complaints["n"], complaints["valid"]),
    }
