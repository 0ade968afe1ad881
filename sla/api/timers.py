"""Timers over the API: list, ledger, taking note, the reason of a missed deadline."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core.rest import IdempotentMixin
from sla import actions
from sla.api.payloads import DeadlineSerializer, timer_payload, with_account
from sla.filters import month_bounds
from sla.models import Target, Timer
from sla.permissions import require_acknowledger, require_explainer


class TimerFilter(django_filters.FilterSet):
    """Filters of the timer list."""

    state = django_filters.MultipleChoiceFilter(choices=Timer.State.choices)
    target = django_filters.MultipleChoiceFilter(choices=Target.choices)
    promise = django_filters.CharFilter(field_name="line__promise__code")
    grade = django_filters.NumberFilter()
    region = django_filters.CharFilter()
    engineer = django_filters.CharFilter(field_name="engineer__username")
    subject = django_filters.CharFilter()
    month = django_filters.CharFilter(method="in_month", help_text="Month of the deadline, for example 2026-10.")
    open = django_filters.BooleanFilter(method="is_open", help_text="Still to be met.")

    class Meta:
        model = Timer
        fields: list[str] = []

    def in_month(self, rows: QuerySet[Timer], _name: str, value: str) -> QuerySet[Timer]:
        """Deadlines of a local month."""
        bounds = month_bounds(value)
        if bounds is None:
            raise serializers.ValidationError({"month": [_("Give a month such as 2026-10.")]})
        return rows.filter(due_at__gte=bounds[0], due_at__lt=bounds[1])

    def is_open(self, rows: Any, _name: str, value: bool) -> Any:
        """Open ones, or settled ones."""
        return rows.open() if value else rows.exclude(pk__in=rows.open())


class ReasonSerializer(serializers.Serializer[Any]):
    """Why a deadline was missed and who is responsible."""

    reason = serializers.CharField(max_length=300)
    responsible = serializers.CharField(max_length=40, required=False, allow_blank=True, default="")


class NoteSerializer(serializers.Serializer[Any]):
    """A remark with the acknowledgement."""

    why = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")
    at = serializers.DateTimeField(required=False)


class TimerViewSet(IdempotentMixin, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Timer]):
    """Deadlines with the account of how they came about (SLA-06)."""

    queryset = Timer.objects.none()
    serializer_class = DeadlineSerializer
    filterset_class = TimerFilter
    keyset_ordering = ("-due_at", "-id")

    def get_queryset(self) -> QuerySet[Timer]:
        """What the person may see."""
        return with_account(Timer.objects.visible_to(self.request.user))  # type: ignore[no-any-return]

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Deadlines, latest first."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response([timer_payload(timer) for timer in page or []])

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One deadline."""
        return Response(timer_payload(self.get_object()))

    @extend_schema(summary="Take note of a deadline", request=NoteSerializer, responses=DeadlineSerializer)
    @action(detail=True, methods=["post"], filter_backends=[], pagination_class=None)
    def acknowledge(self, request: Request, pk: str) -> Response:
        """Ends the escalation, not the clock."""
        timer = self.get_object()
        require_acknowledger(request.user, timer)
        shape = NoteSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        timer = actions.acknowledge(timer, by=request.user, **shape.validated_data)
        return Response(timer_payload(timer))

    @extend_schema(
        summary="Give the reason of a missed deadline", request=ReasonSerializer, responses=DeadlineSerializer
    )
    @action(detail=True, methods=["post"], filter_backends=[], pagination_class=None)
    def reason(self, request: Request, pk: str) -> Response:
        """Why it was missed, and who is responsible."""
        timer = self.get_object()
        require_explainer(request.user, timer)
        shape = ReasonSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        timer = actions.give_reason(timer, by=request.user, **shape.validated_data)
        return Response(timer_payload(timer))
