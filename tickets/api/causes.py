"""Causes that take the cover away over the API: propose with evidence, sign or decline as a second person (WAR-04)."""

from typing import Any

from django.db.models import QuerySet
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core.refs import ref
from core.rest import IdempotentMixin, found_or_404
from tickets import causes, verdicts
from tickets.actions import causes as actions
from tickets.api import fields
from tickets.api.shapes import StepSerializer
from tickets.api.verbs import VerbMixin
from tickets.models import Ticket
from warranty import permissions
from warranty.models import Cause, Finding
from warranty.states import FINDING


class CauseFindingSerializer(serializers.ModelSerializer):
    """A cause with its evidence; `verdict_would` is what the verdict becomes once it is signed."""

    ticket = serializers.SerializerMethodField(help_text="Number of the ticket.")
    equipment = fields.name("equipment.serial")
    found_by = fields.name("found_by.username")
    verdict_would = serializers.SerializerMethodField()
    allowed = serializers.SerializerMethodField()

    class Meta:
        model = Finding
        fields = [
            "id", "ticket", "equipment", "cause", "evidence", "state", "found_by", "found_at", "verdict_would",
            "allowed",
        ]  # fmt: skip

    def get_ticket(self, finding: Any) -> str:
        """The number; tickets are read once per list."""
        return self._ticket(finding).number

    @extend_schema_field(fields.TicketVerdictSerializer(allow_null=True))
    def get_verdict_would(self, finding: Any) -> Any:
        """The verdict with this cause, of a single finding that still waits for its signature."""
        if isinstance(self.parent, serializers.ListSerializer):
            return None
        would = verdicts.would_become(self._ticket(finding), finding)
        return fields.TicketVerdictSerializer(would).data if would else None

    def get_allowed(self, finding: Any) -> list[str]:
        """Verbs that are possible now for the person who asks."""
        user = self.context["request"].user
        return [] if finding.found_by_id == user.pk else FINDING.possible(finding.state, user)

    def _ticket(self, finding: Any) -> Ticket:
        if not hasattr(self, "_tickets"):
            rows: Any = [finding] if self.parent is None else self.parent.instance
            self._tickets = causes.tickets_of(rows)
        return self._tickets[finding.source]


class NewCauseSerializer(StepSerializer):
    """The cause of a ticket's fault and what proves it."""

    ticket = serializers.CharField(help_text="Number of the ticket.")
    cause = serializers.ChoiceField(Cause.choices)
    evidence = serializers.CharField(max_length=2000)


class CauseDecisionSerializer(StepSerializer):
    """When; and why, which is needed when declining."""

    why = serializers.CharField(required=False, allow_blank=True, max_length=2000)


class CauseFilter(filters.FilterSet):
    """Which findings."""

    ticket = filters.CharFilter(method="of_ticket")

    class Meta:
        model = Finding
        fields = ["state", "cause", "equipment__serial"]

    def of_ticket(self, rows: Any, name: str, value: str) -> Any:
        """Of the ticket with this number."""
        return rows.filter(source__in=[ref(ticket) for ticket in Ticket.objects.filter(number=value)])


@extend_schema_view(
    list=extend_schema(summary="List causes found"),
    retrieve=extend_schema(summary="Read a cause found"),
)
class CauseFindingViewSet(
    VerbMixin, IdempotentMixin, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet
):
    """Causes found on repairs, of the machines that the person may see."""

    queryset = Finding.objects.none()
    serializer_class = CauseFindingSerializer
    filterset_class = CauseFilter
    keyset_ordering = ("-id",)

    def get_queryset(self) -> QuerySet[Finding]:
        """Those of the machines that the person may see."""
        rows: QuerySet[Finding] = Finding.objects.visible_to(self.request.user)
        return rows.filter(source__startswith=causes.SUBJECT).select_related("equipment", "found_by")

    def _ticket(self, **lookup: Any) -> Ticket:
        parts = ("equipment__model__product_line", "equipment__contract", "customer", "fault_type", "region")
        ticket: Ticket = found_or_404(Ticket.objects.visible_to(self.request.user).select_related(*parts), **lookup)
        return ticket

    @extend_schema(summary="Propose a cause", request=NewCauseSerializer, responses={201: CauseFindingSerializer})
    def create(self, request: Request) -> Response:
        """It counts once another person has signed it; until then the frozen verdict stands."""
        self.demand_that(permissions.can_find_cause)
        given = self.given(NewCauseSerializer, request)
        ticket = self._ticket(number=given.pop("ticket"))
        found = actions.find_cause(ticket, by=request.user, **given)
        return Response(self.get_serializer(found).data, status.HTTP_201_CREATED)

    @extend_schema(
        summary="Sign a cause as the second person", request=CauseDecisionSerializer, responses=CauseFindingSerializer
    )
    @action(detail=True, methods=["post"])
    def confirm(self, request: Request, pk: str) -> Response:
        """From now on the cause decides."""
        return self._sign(request, confirm=True)

    @extend_schema(summary="Decline a cause", request=CauseDecisionSerializer, responses=CauseFindingSerializer)
    @action(detail=True, methods=["post"])
    def decline(self, request: Request, pk: str) -> Response:
        """The cause decides nothing; another one may be proposed."""
        return self._sign(request, confirm=False)

    def _sign(self, request: Request, *, confirm: bool) -> Response:
        finding: Finding = self.get_object()
        ticket = self._ticket(pk=finding.source.removeprefix(causes.SUBJECT))
        self.demand_that(lambda user: FINDING.permitted("confirm", user))
        given = self.given(CauseDecisionSerializer, request)
        signed = actions.sign_cause(ticket, finding, confirm=confirm, by=request.user, **given)
        return Response(self.get_serializer(signed).data)
