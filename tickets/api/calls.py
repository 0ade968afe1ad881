"""Calls of the API."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core.rest import IdempotentMixin
from tickets import permissions
from tickets.actions import calls as actions
from tickets.api import fields
from tickets.api.filters import CallFilter
from tickets.api.verbs import VerbMixin
from tickets.models import Call

WRITTEN = [
    "kind",
    "direction",
    "channel",
    "customer",
    "equipment",
    "ticket",
    "caller_name",
    "caller_unit",
    "caller_phone",
    "address",
    "said",
    "answered",
    "answer_due_at",
    "content",
    "at",
]


class CallSerializer(serializers.ModelSerializer):
    """A recorded call."""

    customer = fields.name("customer.number")
    equipment = fields.name("equipment.serial")
    ticket = fields.name("ticket.number")
    taken_by = fields.name("taken_by.username")

    class Meta:
        model = Call
        fields = ["number", *WRITTEN, "answered_at", "entered_at", "taken_by"]


class NewCallSerializer(serializers.ModelSerializer):
    """What a new call takes."""

    customer = fields.customer(required=False, allow_null=True)
    equipment = fields.equipment(required=False, allow_null=True)
    ticket = fields.ticket(required=False, allow_null=True)
    at = serializers.DateTimeField(required=False)

    class Meta:
        model = Call
        fields = WRITTEN


class CallAnswerSerializer(serializers.Serializer):
    """The answer that was owed."""

    answered = serializers.CharField(max_length=4000)
    content = serializers.ChoiceField(choices=Call.Content.choices, required=False, allow_blank=True)
    at = serializers.DateTimeField(required=False)


class LinkSerializer(serializers.Serializer):
    """The ticket that the call belongs to."""

    ticket = fields.ticket()
    at = serializers.DateTimeField(required=False)


@extend_schema_view(list=extend_schema(summary="List calls"), retrieve=extend_schema(summary="Read a call"))
class CallViewSet(
    VerbMixin, IdempotentMixin, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet
):
    """Calls and messages (TKT-01)."""

    queryset = Call.objects.none()
    serializer_class = CallSerializer
    filterset_class = CallFilter
    lookup_field = "number"
    keyset_ordering = ("-at", "-id")

    def get_queryset(self) -> QuerySet[Call]:
        """What the person may see."""
        rows = Call.objects.visible_to(self.request.user)
        return rows.select_related("customer", "equipment", "ticket", "taken_by").defer("ticket__search")

    def _answer(self, call: Call, code: int) -> Response:
        return Response(CallSerializer(call, context=self.get_serializer_context()).data, code)

    @extend_schema(summary="Record a call", request=NewCallSerializer, responses={201: CallSerializer})
    def create(self, request: Request) -> Response:
        """Record a call or message."""
        self.demand_that(permissions.can_record_call)
        call = actions.record_call(by=request.user, **self.given(NewCallSerializer, request))
        return self._answer(call, status.HTTP_201_CREATED)

    @extend_schema(summary="Answer a call", request=CallAnswerSerializer, responses=CallSerializer)
    @action(detail=True, methods=["post"], filter_backends=[], pagination_class=None)
    def answer(self, request: Request, number: str) -> Any:
        """Give the answer that was owed."""
        call = self.get_object()
        self.demand_that(permissions.can_record_call)
        return self._answer(
            actions.answer_call(call, by=request.user, **self.given(CallAnswerSerializer, request)), status.HTTP_200_OK
        )

    @extend_schema(summary="Link a call to a ticket", request=LinkSerializer, responses=CallSerializer)
    @action(detail=True, methods=["post"], filter_backends=[], pagination_class=None)
    def link(self, request: Request, number: str) -> Any:
        """The call belongs to a ticket (TKT-08)."""
        call = self.get_object()
        self.demand_that(permissions.can_record_call)
        given = self.given(LinkSerializer, request)
        return self._answer(actions.link_call(call, given.pop("ticket"), by=request.user, **given), status.HTTP_200_OK)
