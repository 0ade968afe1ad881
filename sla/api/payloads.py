"""Timers as JSON: what the ledger shows, in the form other apps' routes answer with."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import models
from django.utils import timezone
from rest_framework import serializers

from core.refs import ref
from sla import ledger, queries, reckoning, wording
from sla.facts import Facts
from sla.models import PauseReason, Target, Timer
from sla.working_time import Segment


class SegmentSerializer(serializers.Serializer[Any]):
    """A stretch of time that counts."""

    def get_fields(self) -> dict[str, Any]:
        """`from` is a word of the language, so the fields are given by name."""
        return {
            "from": serializers.DateTimeField(),
            "to": serializers.DateTimeField(),
            "minutes": serializers.FloatField(),
        }


class PauseSerializer(serializers.Serializer[Any]):
    """A stretch in which the clock stood still; `to` is null while it does."""

    def get_fields(self) -> dict[str, Any]:
        """`from` is a word of the language, so the fields are given by name."""
        return {
            "from": serializers.DateTimeField(),
            "to": serializers.DateTimeField(allow_null=True),
            "reason": serializers.ChoiceField(PauseReason.choices),
            "label": serializers.CharField(),
            "why": serializers.CharField(),
            "evidence": serializers.CharField(),
            "by": serializers.CharField(allow_null=True),
        }


class BreachSerializer(serializers.Serializer[Any]):
    """A missed deadline: which, why, and who let it pass."""

    at = serializers.DateTimeField()
    reason = serializers.CharField()
    responsible = serializers.CharField()
    late_minutes = serializers.FloatField(allow_null=True)


class DeadlineSerializer(serializers.Serializer[Any]):
    """One deadline with the account of how it came about (SLA-06)."""

    id = serializers.IntegerField()
    subject = serializers.CharField()
    target = serializers.ChoiceField(Target.choices)
    label = serializers.CharField()  # type: ignore[assignment]
    promise = serializers.CharField()
    promise_name = serializers.CharField()
    promise_version = serializers.IntegerField()
    line = serializers.IntegerField()
    why_this_promise = serializers.CharField()
    clock = serializers.CharField()
    cycle = serializers.IntegerField()
    grade = serializers.IntegerField(allow_null=True)
    region = serializers.CharField()
    started_at = serializers.DateTimeField()
    started_with = serializers.CharField()
    due_at = serializers.DateTimeField(allow_null=True)
    warn_at = serializers.DateTimeField(allow_null=True)
    state = serializers.ChoiceField(Timer.State.choices)
    ended_at = serializers.DateTimeField(allow_null=True)
    ended_with = serializers.CharField()
    span_minutes = serializers.FloatField()
    allowance_minutes = serializers.FloatField()
    used_minutes = serializers.FloatField()
    left_minutes = serializers.FloatField()
    segments = SegmentSerializer(many=True)
    pauses = PauseSerializer(many=True)
    breach = BreachSerializer(allow_null=True)
    acknowledged_at = serializers.DateTimeField(allow_null=True)
    acknowledged_by = serializers.CharField(allow_null=True)
    provisional_years = serializers.ListField(child=serializers.IntegerField())
    sentence = serializers.CharField()


def minutes(span: timedelta) -> int | float:
    """Minutes, whole where they are whole."""
    whole, rest = divmod(span, timedelta(minutes=1))
    return round(span / timedelta(minutes=1), 6) if rest else whole


def local(at: datetime | None, zone: str) -> str | None:
    """A moment with the offset of a zone."""
    return None if at is None else at.astimezone(ZoneInfo(zone)).isoformat()


def segments_payload(segments: Iterable[Segment], zone: str) -> list[dict[str, Any]]:
    """Stretches that count, in the clock's zone."""
    return [
        {"from": local(one.start, zone), "to": local(one.end, zone), "minutes": minutes(one.length)} for one in segments
    ]


def timers_payload(subjects: models.Model | str | Iterable[Any], at: datetime | None = None) -> list[dict[str, Any]]:
    """The timers of one subject or of several (a ticket and its orders), as JSON, in the order they began."""
    many: Any = subjects if isinstance(subjects, list | tuple | models.QuerySet) else [subjects]
    rows = Timer.objects.filter(subject__in=[ref(one) for one in many])
    return [timer_payload(timer, at) for timer in with_account(rows).order_by("started_at", "id")]


def with_account(rows: Any) -> Any:
    """Timers with all that their account needs, in two queries."""
    return rows.select_related("line__promise", "acknowledged_by").prefetch_related("pauses__paused_by")


def timer_payload(timer: Timer, at: datetime | None = None) -> dict[str, Any]:
    """One timer as JSON, as seen at a moment."""
    at = at or timezone.now()
    pauses = list(timer.pauses.all())
    account = reckoning.account(timer, pauses)
    zone, held = account.clock.zone, timer.state == Timer.State.HELD
    used = min(account.reckoning.span, ledger.counted(timer, pauses, timer.ended_at or at))
    return {
        "id": timer.pk,
        "subject": timer.subject,
        "target": timer.target,
        "label": timer.target_label,
        "promise": timer.line.promise.code,
        "promise_name": str(timer.line.promise),
        "promise_version": timer.line.promise.version,
        "line": timer.line.position,
        "why_this_promise": ledger.basis(timer),
        "clock": timer.line.clock,
        "cycle": timer.cycle,
        "grade": timer.grade,
        "region": timer.region,
        "started_at": local(timer.started_at, zone),
        "started_with": timer.start_kind,
        "due_at": None if held else local(timer.due_at, zone),
        "warn_at": None if held else local(timer.warn_at, zone),
        "state": timer.state,
        "ended_at": local(timer.ended_at, zone),
        "ended_with": timer.end_kind,
        "span_minutes": minutes(account.reckoning.span),
        "allowance_minutes": minutes(timedelta(seconds=timer.allowance_seconds)),
        "used_minutes": minutes(used),
        "left_minutes": minutes(account.reckoning.span - used),
        "segments": segments_payload(account.reckoning.segments, zone),
        "pauses": [_pause(row, zone) for row in pauses],
        "breach": _breach(timer, zone),
        "acknowledged_at": local(timer.acknowledged_at, zone),
        "acknowledged_by": timer.acknowledged_by.username if timer.acknowledged_by else None,
        "provisional_years": account.clock.provisional_years(timer.started_at, timer.due_at),
        "sentence": wording.aloud(timer.line, timer.due_at, at, Facts(grade=timer.grade)),
    }


def _pause(row: Any, zone: str) -> dict[str, Any]:
    return {
        "from": local(row.paused_at, zone),
        "to": local(row.resumed_at, zone),
        "reason": row.reason,
        "label": row.get_reason_display(),
        "why": row.why,
        "evidence": row.evidence,
        "by": row.paused_by.username if row.paused_by else None,
    }


def _breach(timer: Timer, zone: str) -> dict[str, Any] | None:
    if timer.broken_at is None:
        return None
    late = timer.ended_at - timer.broken_at if timer.ended_at else None
    return {
        "at": local(timer.broken_at, zone),
        "reason": timer.breach_reason,
        "responsible": timer.responsible,
        "late_minutes": None if late is None else minutes(late),
    }


def foreseen_payload(row: queries.Foreseen) -> dict[str, Any]:
    """A deadline as it would be, as JSON."""
    return {
        "target": row.target,
        "label": row.label,
        "promise": row.promise,
        "promise_name": row.promise_name,
        "why": row.why,
        "due_at": timezone.localtime(row.due_at).isoformat(),
        "span": row.span,
        "clock": row.clock,
        "starts_with": row.starts_with,
        "provisional_years": row.provisional_years,
        "sentence": row.sentence,
    }
