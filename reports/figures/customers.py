"""What customers said: follow-ups and complaints of a month."""

from django.db.models import Count, Q

from complaints.models import Complaint
from followups.models import FollowUp
from reports.figures.values import Value, count, share
from reports.months import Month

CONTENT_FROM = 4


def compute(month: Month) -> dict[str, Value]:
    """The figures of the section, three queries."""
    due = (
        FollowUp.objects.filter(due_at__gte=month.start, due_at__lt=month.end)
        .exclude(state="cancelled")
        .aggregate(n=Count("id"), reached=Count("id", filter=Q(reached_at__isnull=False)))
    )
    said = FollowUp.objects.filter(done_at__gte=month.start, done_at__lt=month.end, overall__isnull=False).aggregate(
        n=Count("id"), content=Count("id", filter=Q(overall__gte=CONTENT_FROM))
    )
    complaints = Complaint.objects.filter(received_at__gte=month.start, received_at__lt=month.end).aggregate(
        n=Count("id"), valid=Count("id", filter=Q(is_valid=True))
    )
    return {
        "followed_up": share(due["reached"], due["n"]),
        "content": share(said["content"], said["n"]),
        "complaints": count(complaints["n"], complaints["valid"]),
    }
