"""Trying clocks and promises out: what would be due, what lies between two moments. Nothing is stored."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import serializers

from core.errors import Refused
from customers.models import Contract, Customer, Equipment
from sla import definitions, working_time
from sla.api.payloads import SegmentSerializer, local, minutes, segments_payload
from sla.facts import Facts
from sla.nonsense import refused
from sla.working_time import Clock, Nonsense, Pause, Reckoning, Span
from staff.models import ProductLine, Province, Region
from staff.organisation import region_for


class ClockPreviewRequest(serializers.Serializer[Any]):
    """A clock (its code, or zone with weekly ranges and days), a start, a span and pauses."""

    clock = serializers.JSONField(help_text='"office" or {zone, weekly: {mon: [["08:00", "12:00"]]}, days: {date: []}}')
    start = serializers.DateTimeField()
    span = serializers.JSONField(
        help_text='{"minutes": 90}, {"working_days": 3, "cutoff": "14:00"}, {"days": 3} or {"same_day": true}'
    )
    pauses = serializers.ListField(child=serializers.DictField(), required=False)
    region = serializers.CharField(required=False)


class ClockPreviewAnswer(serializers.Serializer[Any]):
    """The deadline and the stretches that count up to it."""

    due_at = serializers.DateTimeField(allow_null=True)
    minutes = serializers.FloatField()
    segments = SegmentSerializer(many=True)
    provisional_years = serializers.ListField(child=serializers.IntegerField())


class ClockBetweenRequest(serializers.Serializer[Any]):
    """A clock, two moments (`start` and `end`, or `from` and `to`) and pauses."""

    clock = serializers.JSONField()
    start = serializers.DateTimeField()
    end = serializers.DateTimeField()
    pauses = serializers.ListField(child=serializers.DictField(), required=False)
    region = serializers.CharField(required=False)


class ClockBetweenAnswer(serializers.Serializer[Any]):
    """Counted minutes between two moments."""

    minutes = serializers.FloatField()
    segments = SegmentSerializer(many=True)


class PromisePreviewRequest(serializers.Serializer[Any]):
    """A machine, or what is known instead of one."""

    equipment = serializers.CharField(required=False, help_text="Serial number.")
    product_line = serializers.CharField(required=False)
    product_model = serializers.CharField(required=False)
    customer = serializers.CharField(required=False)
    contract = serializers.CharField(required=False)
    province = serializers.CharField(required=False, help_text="Code, for example 410000.")
    remote = serializers.BooleanField(required=False)
    grade = serializers.IntegerField(required=False, min_value=1, max_value=4, allow_null=True)
    kind = serializers.CharField(required=False, default="ticket")
    at = serializers.DateTimeField(required=False)


class ForeseenSerializer(serializers.Serializer[Any]):
    """One target as it would be promised."""

    target = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    promise = serializers.CharField()
    promise_name = serializers.CharField()
    why = serializers.CharField()
    due_at = serializers.DateTimeField()
    span = serializers.CharField()
    clock = serializers.CharField()
    starts_with = serializers.ListField(child=serializers.CharField())
    provisional_years = serializers.ListField(child=serializers.IntegerField())
    sentence = serializers.CharField()


def clock_preview(data: Any) -> dict[str, Any]:
    """Answer of `clocks/preview/`; Refused by field for nonsense."""
    clock, found, years = clock_reckoning(data)
    return {
        "due_at": local(found.due, clock.zone),
        "minutes": minutes(found.counted),
        "segments": segments_payload(found.segments, clock.zone),
        "provisional_years": years,
    }


def clock_reckoning(data: Any) -> tuple[Clock, Reckoning, list[int]]:
    """The clock meant, how the span ends on it, and the years on the way that are provisional."""
    try:
        clock = clock_of(data)
        start = moment(data.get("start"), "start", clock.zone)
        found = clock.due(start, Span.parse(data.get("span")), pauses_of(data, clock.zone))
        return clock, found, clock.provisional_years(start, found.due or start)
    except Nonsense as error:
        raise refused(error) from error
    except OverflowError as error:
        raise refused(Nonsense("too_far", "span")) from error


def clock_between(data: Any) -> dict[str, Any]:
    """Answer of `clocks/between/`; Refused by field for nonsense."""
    try:
        clock = clock_of(data)
        start = moment(_either(data, "start", "from"), "start", clock.zone)
        end = moment(_either(data, "end", "to"), "end", clock.zone)
        if end < start:
            raise Nonsense("end_before_start", "end")
        found = clock.segments(start, end, pauses_of(data, clock.zone))
    except Nonsense as error:
        raise refused(error) from error
    except OverflowError as error:
        raise refused(Nonsense("too_far", "end")) from error
    total = sum((one.length for one in found), working_time.NOTHING)
    return {"minutes": minutes(total), "segments": segments_payload(found, clock.zone)}


def clock_of(data: Any) -> Clock:
    """The clock meant: a code, or zone, weekly ranges and days."""
    if not isinstance(data, Mapping):
        raise Nonsense("not_a_clock", "clock")
    raw = data.get("clock")
    if not isinstance(raw, str):
        return working_time.clock(raw)
    known = definitions.current()
    if raw not in known.clocks:
        raise Nonsense("unknown_clock", "clock", raw)
    region = data.get("region")
    return known.clock(raw, region if isinstance(region, str) else "")


def moment(raw: Any, place: str, zone: str) -> datetime:
    """A moment from ISO 8601; without an offset it is local to the clock."""
    try:
        found = datetime.fromisoformat(raw)
    except (TypeError, ValueError) as error:
        raise Nonsense("not_a_moment", place, raw) from error
    return found if found.tzinfo else found.replace(tzinfo=ZoneInfo(zone))


def pauses_of(data: Mapping[str, Any], zone: str) -> list[Pause]:
    """Pauses as pairs; one without an end still lasts."""
    raw = data.get("pauses") or []
    if not isinstance(raw, list):
        raise Nonsense("not_a_moment", "pauses", raw)
    found: list[Pause] = []
    for row in raw:
        if not isinstance(row, Mapping):
            raise Nonsense("not_a_moment", "pauses", row)
        start = moment(row.get("from"), "pauses", zone)
        end = moment(row["to"], "pauses", zone) if row.get("to") is not None else None
        if end is not None and end < start:
            raise Nonsense("end_before_start", "pauses")
        found.append((start, end))
    return found


def facts_of(data: Mapping[str, Any], user: Any) -> Facts:
    """What is known of a machine the person may see, changed by what is said beside it."""
    facts = _facts_of_machine(data["equipment"], user) if data.get("equipment") else Facts()
    changes: dict[str, Any] = {"kind": data.get("kind") or "ticket", "grade": data.get("grade")}
    for name, model, key in (
        ("product_line", ProductLine, "code"),
        ("contract", Contract, "number"),
        ("customer", Customer, "number"),
    ):
        if data.get(name):
            if not model._default_manager.filter(**{key: data[name]}).exists():
                raise Refused({name: _("There is none with this code.")})
            changes[name] = data[name]
    if data.get("product_model"):
        changes["product_model"] = data["product_model"]
    if data.get("province"):
        changes |= _place(data["province"])
    if data.get("remote") is not None:
        changes["is_remote"] = bool(data["remote"])
    return facts.with_(**changes)


def _facts_of_machine(serial: str, user: Any) -> Facts:
    rows = Equipment.objects.visible_to(user).select_related(
        "model__product_line", "contract", "customer__province__region", "site__province__region"
    )
    machine = rows.filter(serial=serial).first()
    if machine is None:
        raise Refused({"equipment": _("There is no machine with this serial number.")})
    place = machine.site or machine.customer
    return Facts(
        product_line=machine.model.product_line.code,
        product_model=machine.model.code,
        contract=machine.contract.number if machine.contract else "",
        customer=machine.customer.number,
        is_remote=place.is_remote,
        **_place_of(place.province),
    )


def _place(code: str) -> dict[str, Any]:
    province = Province.objects.select_related("region").filter(code=code).first()
    if province is None:
        raise Refused({"province": _("There is no province with this code.")})
    return _place_of(province)


def _place_of(province: Province) -> dict[str, Any]:
    region: Region = region_for(province)
    return {"province": province.code, "region": region.code, "is_home": province.is_home}


def at_of(data: Mapping[str, Any]) -> datetime:
    """The moment asked for, or now."""
    found: datetime | None = data.get("at")
    return found or timezone.now()


def _either(data: Mapping[str, Any], one: str, other: str) -> Any:
    return data.get(one) if data.get(one) is not None else data.get(other)
