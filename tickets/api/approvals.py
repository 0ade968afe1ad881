"""Signatures that wait for the person who asks: list them, give or decline one (DSP-01, DSP-06)."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core.models import Approval
from core.rest import IdempotentMixin, found_or_404
from tickets import signatures
from tickets.actions import orders as actions
from tickets.api import fields
from tickets.api.shapes import StepSerializer
from tickets.api.verbs import VerbMixin
from tickets.models import DispatchOrder


class ApprovalSerializer(serializers.ModelSerializer):
    """A signature: for which order, what is signed, who asked, what was decided."""

    order = serializers.SerializerMethodField(help_text="Number of the dispatch order.")
    asked_by = fields.name("asked_by.username")
    decided_by = fields.name("decided_by.username")

    class Meta:
        model = Approval
        fields = [
            "id", "order", "step", "role", "asked_by", "asked_at", "reason",
            "decision", "decided_by", "decided_at", "opinion",
        ]  # fmt: skip

    def get_order(self, approval: Any) -> str:
        """The number; orders are read once per list."""
        rows: Any = [approval] if self.parent is None else self.parent.instance
        if not hasattr(self, "_numbers"):
            keys = {signatures.order_key(row) for row in rows}
            self._numbers = dict(DispatchOrder.objects.filter(pk__in=keys).values_list("pk", "number"))
        return self._numbers[signatures.order_key(approval)]


class SignatureDecisionSerializer(StepSerializer):
    """Yes or no; the opinion is needed when declining."""

    approve = serializers.BooleanField()
    opinion = serializers.CharField(required=False, allow_blank=True, max_length=2000)


@extend_schema_view(
    list=extend_schema(summary="List the signatures that wait for me"),
    retrieve=extend_schema(summary="Read a signature"),
)
class ApprovalViewSet(
    VerbMixin, IdempotentMixin, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet
):
    """Signatures on dispatch orders that the person may see."""

    queryset = Approval.objects.none()
    serializer_class = ApprovalSerializer
    filter_backends = []
    keyset_ordering = ("-id",)

    def get_queryset(self) -> QuerySet[Approval]:
        """Open ones of the person's roles in the list; single ones also when they are decided."""
        if self.action == "list":
            return signatures.waiting(self.request.user)
        return signatures.on_orders(Approval.objects.all())

    def get_object(self) -> Approval:
        """A signature of an order that the person may see, else 404."""
        approval: Approval = found_or_404(self.get_queryset(), pk=self.kwargs["pk"])
        self._order(approval)
        return approval

    def _order(self, approval: Approval) -> DispatchOrder:
        orders = DispatchOrder.objects.visible_to(self.request.user)
        order: DispatchOrder = found_or_404(orders, pk=signatures.order_key(approval))
        return order

    @extend_schema(
        summary="Give or decline a signature", request=SignatureDecisionSerializer, responses=ApprovalSerializer
    )
    @action(detail=True, methods=["post"], url_path="decide")
    def decide(self, request: Request, pk: str) -> Response:
        """Nobody signs his own request; a decided one stays decided (409)."""
        approval = self.get_object()
        self.demand_that(lambda user: user.has_role(approval.role))
        given = self.given(SignatureDecisionSerializer, request)
        decided = actions.sign(self._order(approval), approval.step, approval=approval, by=request.user, **given)
        return Response(self.get_serializer(decided).data)
