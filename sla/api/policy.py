"""Clocks, promises and chains over the API: reading, trying out, new versions."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core.rest import IdempotentMixin, found_or_404
from sla import actions, queries
from sla.actions.policy import CHAIN_ROLES
from sla.api import previews
from sla.api.payloads import foreseen_payload
from sla.models import Chain, Clock, Promise, PromiseChoice, PromiseLine
from sla.permissions import require_policy_changer, require_policy_reader
from sla.querysets import newest

VERSION = ("code", "version", "name_zh", "name_en", "valid_from", "made_at", "why")
FIXED = ("version", "made_at")


class RungSerializer(serializers.Serializer[Any]):
    """So many minutes past the deadline, these people are told."""

    after = serializers.IntegerField(min_value=0, max_value=1_000_000)
    who = serializers.ListField(child=serializers.ChoiceField(CHAIN_ROLES), allow_empty=False)


class ClockSerializer(serializers.ModelSerializer[Clock]):
    """A version of a clock; posting one with a known code makes the next version."""

    class Meta:
        model = Clock
        fields = (*VERSION, "zone", "weekly", "days", "region_days", "follows_holidays", "published_years")
        read_only_fields = FIXED
        validators: list[Any] = []
        extra_kwargs = {"valid_from": {"required": False}, "weekly": {"required": True}}


class ChainSerializer(serializers.ModelSerializer[Chain]):
    """A version of an escalation chain."""

    rungs = RungSerializer(many=True)
    warn_who = serializers.ListField(child=serializers.ChoiceField(CHAIN_ROLES), required=False, default=list)

    class Meta:
        model = Chain
        fields = (*VERSION, "warn_who", "rungs", "hours")
        read_only_fields = FIXED
        validators: list[Any] = []
        extra_kwargs = {"valid_from": {"required": False}}


class LineSerializer(serializers.ModelSerializer[PromiseLine]):
    """A line of a promise."""

    warn_share = serializers.FloatField(required=False, min_value=0, max_value=1)
    penalty = serializers.FloatField(required=False, min_value=0)

    class Meta:
        model = PromiseLine
        fields = (
            "position",
            "target",
            "leg",
            "label_zh",
            "label_en",
            "selectors",
            "span",
            "clock",
            "start_kinds",
            "restart_kinds",
            "stop_kinds",
            "cancel_kinds",
            "pausable",
            "remote_minutes",
            "warn_share",
            "chain",
            "penalty",
            "party",
            "reopen",
            "reopen_kinds",
        )
        read_only_fields = ("position",)


class PromiseSerializer(serializers.ModelSerializer[Promise]):
    """A version of a promise with its lines."""

    lines = LineSerializer(many=True)

    class Meta:
        model = Promise
        fields = (
            *VERSION,
            "valid_to",
            "is_draft",
            "by_choice",
            "selectors",
            "source",
            "letter_zh",
            "letter_en",
            "lines",
        )
        read_only_fields = FIXED
        validators: list[Any] = []
        extra_kwargs = {"valid_from": {"required": False}}


class ChoiceSerializer(serializers.ModelSerializer[PromiseChoice]):
    """A contract's choice of a promise."""

    class Meta:
        model = PromiseChoice
        fields = ("contract", "promise", "since", "until")
        read_only_fields = ("promise",)
        extra_kwargs = {"since": {"required": False}}


class VersionedViewSet(IdempotentMixin, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Any]):
    """The newest version of each code; `versions/` tells the older ones; a POST makes the next."""

    lookup_field = "code"
    lookup_value_converter = "str"
    keyset_ordering = ("code", "-id")
    filter_backends: list[Any] = []
    model: Any
    make: Any

    def get_queryset(self) -> QuerySet[Any]:
        """Newest versions; older ones for a code that is named."""
        require_policy_reader(self.request.user)
        return newest(self.model.objects.all())

    def create(self, request: Request) -> Response:
        """Make a new code, or the next version of one that exists."""
        require_policy_changer(request.user)
        shape = self.get_serializer(data=request.data)
        shape.is_valid(raise_exception=True)
        row = type(self).make(**shape.validated_data, by=request.user)
        return Response(self.get_serializer(row).data, status=status.HTTP_201_CREATED)

    @action(detail=True, pagination_class=None)
    def versions(self, request: Request, code: str) -> Response:
        """All versions of a code, newest first."""
        found_or_404(self.get_queryset(), code=code)
        rows = self.model.objects.filter(code=code).order_by("-version")
        return Response(self.get_serializer(rows, many=True).data)


class ClockViewSet(VersionedViewSet):
    """Working clocks (SLA-08)."""

    serializer_class = ClockSerializer
    queryset = Clock.objects.none()
    model = Clock
    make = staticmethod(actions.put_clock)

    @extend_schema(
        summary="When a span would end on a clock",
        request=previews.ClockPreviewRequest,
        responses=previews.ClockPreviewAnswer,
    )
    @action(detail=False, methods=["post"], pagination_class=None)
    def preview(self, request: Request) -> Response:
        """The deadline of a span and the stretches that count; nothing is stored."""
        return Response(previews.clock_preview(request.data))

    @extend_schema(
        summary="Counted minutes between two moments",
        request=previews.ClockBetweenRequest,
        responses=previews.ClockBetweenAnswer,
    )
    @action(detail=False, methods=["post"], pagination_class=None)
    def between(self, request: Request) -> Response:
        """How much of a stretch of time counts on a clock."""
        return Response(previews.clock_between(request.data))


class PromiseViewSet(VersionedViewSet):
    """Promises (SLA-01)."""

    serializer_class = PromiseSerializer
    queryset = Promise.objects.none()
    model = Promise
    make = staticmethod(actions.put_promise)

    def get_queryset(self) -> QuerySet[Any]:
        """Newest versions with their lines."""
        return super().get_queryset().prefetch_related("lines")

    @extend_schema(
        summary="What would be promised",
        request=previews.PromisePreviewRequest,
        responses=previews.ForeseenSerializer(many=True),
    )
    @action(detail=False, methods=["post"], pagination_class=None)
    def preview(self, request: Request) -> Response:
        """Each target with its promise, the reason and the deadline if everything began at `at`."""
        shape = previews.PromisePreviewRequest(data=request.data)
        shape.is_valid(raise_exception=True)
        facts = previews.facts_of(shape.validated_data, request.user)
        rows = queries.preview(facts, previews.at_of(shape.validated_data))
        return Response([foreseen_payload(row) for row in rows])

    @extend_schema(summary="Contracts that chose it", responses=ChoiceSerializer(many=True))
    @action(detail=True, pagination_class=None)
    def choices(self, request: Request, code: str) -> Response:
        """Contracts that have chosen this promise."""
        found_or_404(self.get_queryset(), code=code)
        rows = PromiseChoice.objects.filter(promise=code).order_by("contract")
        return Response(ChoiceSerializer(rows, many=True).data)

    @extend_schema(summary="Let a contract choose it", request=ChoiceSerializer, responses={201: ChoiceSerializer})
    @action(detail=True, methods=["post"], pagination_class=None)
    def choose(self, request: Request, code: str) -> Response:
        """A contract chooses this promise from a day on."""
        require_policy_changer(request.user)
        found_or_404(self.get_queryset(), code=code)
        shape = ChoiceSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        choice = actions.choose_promise(promise=code, **shape.validated_data, by=request.user)
        return Response(ChoiceSerializer(choice).data, status=status.HTTP_201_CREATED)


class ChainViewSet(VersionedViewSet):
    """Escalation chains (SLA-05)."""

    serializer_class = ChainSerializer
    queryset = Chain.objects.none()
    model = Chain
    make = staticmethod(actions.put_chain)
