"""Promise keeping over the API: figures by promise, target, grade, region, engineer or month (SLA-06, SLA-09)."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core.errors import Refused
from core.rest import ApiView
from sla import keeping
from sla.filters import month_bounds
from sla.models import Target, Timer
from sla.permissions import require_policy_reader

GROUPS = (*keeping.DIMENSIONS, "month")


class ShareSerializer(serializers.Serializer[Any]):
    """Kept and missed deadlines of a group."""

    key = serializers.CharField(allow_null=True)
    label = serializers.CharField()  # type: ignore[assignment]
    kept = serializers.IntegerField()
    missed = serializers.IntegerField()
    percent = serializers.FloatField(allow_null=True)


class WaitingSerializer(serializers.Serializer[Any]):
    """What waits for one party now; `party:` has it, `reason:` keeps the clock from running."""

    party = serializers.CharField()
    count = serializers.IntegerField()
    overdue = serializers.IntegerField()
    longest_since = serializers.DateTimeField(allow_null=True)


class KeepingSerializer(serializers.Serializer[Any]):
    """The figures of a month."""

    month = serializers.CharField()
    by = serializers.CharField()
    total = ShareSerializer()
    groups = ShareSerializer(many=True)
    waiting = WaitingSerializer(many=True)


class KeepingView(ApiView):
    """How promises were kept in a month, and what is waiting for whom."""

    @extend_schema(
        summary="How promises were kept",
        parameters=[
            OpenApiParameter("month", description="For example 2026-10; the current one when left out."),
            OpenApiParameter("by", enum=list(GROUPS)),
            OpenApiParameter("region"),
            OpenApiParameter("target"),
            OpenApiParameter("grade"),
        ],
        responses=KeepingSerializer,
    )
    def get(self, request: Request) -> Response:
        """Figures over the deadlines that the person may see."""
        require_policy_reader(request.user)
        now = timezone.now()
        asked = request.query_params
        month = asked.get("month") or f"{timezone.localtime(now):%Y-%m}"
        bounds, group = month_bounds(month), asked.get("by") or "promise"
        if bounds is None:
            raise Refused({"month": _("Give a month such as 2026-10.")})
        if group not in GROUPS:
            raise Refused({"by": ", ".join(GROUPS)})
        if asked.get("grade") and asked["grade"] not in ("1", "2", "3", "4"):
            raise Refused({"grade": _("Grades are 1 to 4.")})
        if asked.get("target") and asked["target"] not in Target.values:
            raise Refused({"target": ", ".join(Target.values)})
        visible = Timer.objects.visible_to(request.user)
        for name in ("region", "target", "grade"):
            if asked.get(name):
                visible = visible.filter(**{name: asked[name]})
        rows = visible.filter(due_at__gte=bounds[0], due_at__lt=bounds[1])
        groups = keeping.by_month(rows, now) if group == "month" else keeping.by(rows, group, now)
        return Response(
            {
                "month": month,
                "by": group,
                "total": _share(keeping.total(rows, now)),
                "groups": [_share(one) for one in groups],
                "waiting": [_waiting(one) for one in keeping.waiting_now(visible, now)],
            }
        )


def _share(one: keeping.Share) -> dict[str, Any]:
    key = None if one.key is None else str(one.key)
    return {"key": key, "label": one.label, "kept": one.kept, "missed": one.missed, "percent": one.percent}


def _waiting(one: keeping.Waiting) -> dict[str, Any]:
    return {"party": one.party, "count": one.count, "overdue": one.late, "longest_since": one.since}
