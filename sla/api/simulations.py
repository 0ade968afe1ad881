"""The simulator over the API: a promise or a draft replayed on stored history or on events that are sent along."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core.errors import Refused
from core.rest import ApiView
from sla import histories, simulator
from sla.actions import policy
from sla.api.policy import LineSerializer
from sla.models import Promise, PromiseLine
from sla.permissions import require_policy_reader
from sla.querysets import newest
from sla.simulation_forms import bounds


class DraftSerializer(serializers.Serializer[Any]):
    """A promise that is not stored."""

    selectors = serializers.JSONField(required=False)
    lines = LineSerializer(many=True)


class SimulationRequest(serializers.Serializer[Any]):
    """A promise by code or a draft; days of stored history (`from`, `to`), or events."""

    promise = serializers.CharField(required=False)
    draft = DraftSerializer(required=False)
    events = serializers.ListField(
        child=serializers.DictField(), required=False, help_text="Rows with case, event, at and facts."
    )
    names = serializers.DictField(
        child=serializers.CharField(), required=False, help_text="Names of their events to ours."
    )
    until = serializers.DateTimeField(required=False, help_text="What was not done by then counts as missed.")

    def get_fields(self) -> dict[str, Any]:
        """`from` is a word of the language, so the days are given by name."""
        days = {"from": serializers.DateField(required=False), "to": serializers.DateField(required=False)}
        return {**super().get_fields(), **days}


class GroupSerializer(serializers.Serializer[Any]):
    """A group of deadlines and how many of them would have been missed."""

    key = serializers.CharField(allow_null=True)
    count = serializers.IntegerField()
    broken = serializers.IntegerField()
    percent = serializers.FloatField()


class SimulatedLineSerializer(serializers.Serializer[Any]):
    """A line: how it would have fared, and the span that would have been kept in 90, 95 and 99 of 100 cases."""

    line = serializers.IntegerField()
    target = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    count = serializers.IntegerField()
    broken = serializers.IntegerField()
    percent = serializers.FloatField()
    unit = serializers.CharField(allow_null=True)
    tightest = serializers.DictField(child=serializers.IntegerField(), allow_null=True)


class WorstSerializer(serializers.Serializer[Any]):
    """A case that would have been missed by far."""

    case = serializers.CharField()
    line = serializers.IntegerField()
    started_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)
    late_minutes = serializers.FloatField(allow_null=True)


class SimulationAnswer(serializers.Serializer[Any]):
    """What the replay found."""

    cases = serializers.IntegerField()
    of = serializers.IntegerField()
    deadlines = serializers.IntegerField()
    broken = serializers.IntegerField()
    percent = serializers.FloatField(allow_null=True)
    cost = serializers.FloatField()
    lines = SimulatedLineSerializer(many=True)
    by_grade = GroupSerializer(many=True)
    by_region = GroupSerializer(many=True)
    by_month = GroupSerializer(many=True)
    worst = WorstSerializer(many=True)


class SimulationView(ApiView):
    """Try a promise on history (SLA-07); nothing is stored."""

    @extend_schema(summary="Try a promise on history", request=SimulationRequest, responses=SimulationAnswer)
    def post(self, request: Request) -> Response:
        """Replay and answer with the figures."""
        require_policy_reader(request.user)
        shape = SimulationRequest(data=request.data)
        shape.is_valid(raise_exception=True)
        data = shape.validated_data
        promise, lines = _promise(data)
        until = data.get("until")
        if data.get("events"):
            cases = histories.from_rows(data["events"], data.get("names") or {})
            last = max((event.at for case in cases for event in case.events), default=timezone.now())
            result = simulator.run(promise, lines, cases, len(cases), until or last)
        else:
            start, end = _days(data)
            of, found = histories.stored("ticket", start, end, simulator.AT_MOST)
            result = simulator.run(promise, lines, found, of, until or timezone.now())
        return Response(payload(result))


def payload(result: simulator.Result) -> dict[str, Any]:
    """A result as JSON."""
    return {
        "cases": result.cases,
        "of": result.of,
        "deadlines": result.runs,
        "broken": result.broken,
        "percent": result.percent,
        "cost": result.cost,
        "lines": [_line(one) for one in result.lines],
        "by_grade": [_group(one) for one in result.by_grade],
        "by_region": [_group(one) for one in result.by_region],
        "by_month": [_group(one) for one in result.by_month],
        "worst": [
            {
                "case": run.ref,
                "line": run.line,
                "started_at": run.start,
                "due_at": run.due,
                "ended_at": run.end,
                "late_minutes": run.late.total_seconds() / 60 if run.end else None,
            }
            for run in result.worst
        ],
    }


def _group(one: Any) -> dict[str, Any]:
    key = None if one.key is None else str(one.key)
    return {"key": key, "count": one.count, "broken": one.broken, "percent": one.percent}


def _line(one: simulator.LineResult) -> dict[str, Any]:
    tight = one.tightest
    return {
        "line": one.line.position,
        "target": one.line.target,
        "label": one.line.label,
        "count": one.count,
        "broken": one.broken,
        "percent": one.percent,
        "unit": tight.unit if tight else None,
        "tightest": {str(share): amount for share, amount in tight.spans.items()} if tight else None,
    }


def _promise(data: dict[str, Any]) -> tuple[Promise, list[PromiseLine]]:
    if data.get("draft"):
        draft = data["draft"]
        policy.check_selectors(draft.get("selectors") or {})
        lines = [policy.line_from(raw, place) for place, raw in enumerate(draft["lines"], 1)]
        draft_row = Promise(
            code="draft", name_zh="draft", valid_from=timezone.localdate(), selectors=draft.get("selectors") or {}
        )
        return draft_row, lines
    row = newest(Promise.objects.all()).filter(code=data.get("promise", "")).first()
    if row is None:
        raise Refused({"promise": _("Give the code of a promise, or a draft.")})
    return row, list(row.lines.all())


def _days(data: dict[str, Any]) -> tuple[datetime, datetime]:
    today = timezone.localdate()
    start, end = data.get("from") or today.replace(year=today.year - 1, day=1), data.get("to") or today
    if end < start:
        raise Refused({"to": _("The end lies before the start.")})
    return bounds(start, end)
