"""What the serializers of this app share: related records by natural key, timers and verdicts in words."""

from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from customers.models import Customer, Equipment
from sla.models import Timer
from staff.models import Engineer
from tickets.models import Call, FaultCase, FaultType, Ticket
from tickets.verdicts import Verdict


class VisibleField(serializers.SlugRelatedField):
    """A record by natural key, among those the person who asks may see."""

    def get_queryset(self) -> Any:
        """Rows visible to the person who asks."""
        rows: Any = super().get_queryset()
        request = self.context.get("request")
        return rows.visible_to(request.user) if request is not None else rows.none()


def customer(**options: Any) -> VisibleField:
    """A customer by number."""
    return VisibleField(slug_field="number", queryset=Customer.objects.select_related("province__region"), **options)


def equipment(**options: Any) -> VisibleField:
    """A machine by serial number."""
    return VisibleField(
        slug_field="serial",
        queryset=Equipment.objects.select_related(
            "customer__province__region", "model__product_line", "site__province__region", "contract"
        ),
        **options,
    )


def ticket(**options: Any) -> VisibleField:
    """A ticket by number."""
    return VisibleField(slug_field="number", queryset=Ticket.objects.all(), **options)


def call(**options: Any) -> VisibleField:
    """A call by number."""
    return VisibleField(slug_field="number", queryset=Call.objects.all(), **options)


def engineer(**options: Any) -> serializers.SlugRelatedField:
    """An engineer by user name."""
    return serializers.SlugRelatedField(
        slug_field="user__username", queryset=Engineer.objects.select_related("user"), **options
    )


def fault_type(**options: Any) -> serializers.SlugRelatedField:
    """A fault type by code."""
    return serializers.SlugRelatedField(slug_field="code", queryset=FaultType.objects.filter(is_active=True), **options)


def case(**options: Any) -> serializers.PrimaryKeyRelatedField:
    """A fault case by id."""
    return serializers.PrimaryKeyRelatedField(queryset=FaultCase.objects.filter(is_active=True), **options)


def file_url(key: int) -> str:
    """Address of a stored file."""
    return reverse("core:file", args=[key])


def name(source: str, **options: Any) -> serializers.CharField:
    """The natural key of a related record, read only; null where there is none."""
    return serializers.CharField(source=source, read_only=True, default=None, allow_null=True, **options)


class TicketTimerSerializer(serializers.ModelSerializer):
    """A promise and its deadline."""

    label = serializers.CharField(source="target_label", read_only=True)  # type: ignore[assignment]
    held_reason = serializers.CharField(read_only=True)

    class Meta:
        model = Timer
        fields = ["target", "label", "state", "started_at", "due_at", "warn_at", "ended_at", "held_reason"]


class TicketVerdictSerializer(serializers.Serializer):
    """The warranty decision in words (WAR-07)."""

    code = serializers.ChoiceField(choices=["free", "cost", "charged", "unknown"])
    word = serializers.CharField()
    reason = serializers.CharField()
    term = serializers.CharField()
    labour = serializers.CharField()
    parts = serializers.CharField()
    travel = serializers.CharField()
    until = serializers.DateField(allow_null=True)


@extend_schema_field(TicketVerdictSerializer(allow_null=True))
class VerdictField(serializers.Field):
    """A frozen verdict, told in the reader's language."""

    def __init__(self, **options: Any) -> None:
        super().__init__(read_only=True, **options)

    def to_representation(self, value: Any) -> Any:
        """The verdict in words."""
        verdict = value if isinstance(value, Verdict) else Verdict.from_json(value)
        return TicketVerdictSerializer(verdict).data
