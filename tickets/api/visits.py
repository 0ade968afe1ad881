"""Visits of the API: read only, written by the steps of their orders."""

import re
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core.rest import IdempotentMixin
from tickets import permissions
from tickets.actions import charges as actions
from tickets.api import fields
from tickets.api.filters import VisitFilter
from tickets.api.verbs import VerbMixin
from tickets.models import PartUse, ServiceReport, Visit, VisitPhoto


class PartUseSerializer(serializers.ModelSerializer):
    """A part put in."""

    class Meta:
        model = PartUse
        fields = ["name", "model", "quantity", "unit_price", "serial_in", "serial_out"]


class VisitPhotoSerializer(serializers.ModelSerializer):
    """A photo of the visit."""

    url = serializers.SerializerMethodField()

    class Meta:
        model = VisitPhoto
        fields = ["id", "caption", "url"]

    def get_url(self, photo: Any) -> str:
        """Address of the picture for those who may see it."""
        return fields.file_url(photo.file_id)


class ReportVersionSerializer(serializers.ModelSerializer):
    """A version of the service report with its checksum."""

    class Meta:
        model = ServiceReport
        fields = [
            "version",
            "content_sha256",
            "signed_by_name",
            "signed_at",
            "engineer_signed_at",
            "corrected_why",
            "created_at",
        ]


class VisitSerializer(serializers.ModelSerializer):
    """A visit with times, findings, parts, photos and report versions."""

    number = serializers.SerializerMethodField()
    order = fields.name("order.number")
    ticket = fields.name("order.ticket.number")
    engineer = fields.name("order.engineer.user.username")
    parts = PartUseSerializer(many=True, read_only=True)
    photos = VisitPhotoSerializer(many=True, read_only=True)
    reports = ReportVersionSerializer(many=True, read_only=True)

    class Meta:
        model = Visit
        fields = [
            "number",
            "order",
            "ticket",
            "engineer",
            "sequence",
            "departed_at",
            "arrived_at",
            "left_at",
            "reported_at",
            "report_entered_at",
            "outcome",
            "sure",
            "diagnosis",
            "cause",
            "cause_note",
            "work_done",
            "hazards",
            "hours",
            "running_hours",
            "labour_charge",
            "parts_charge",
            "travel_charge",
            "left_unsolved",
            "customer_agreed",
            "settled_at",
            "payment",
            "payment_note",
            "parts",
            "photos",
            "reports",
        ]

    def get_number(self, visit: Any) -> str:
        """Order number and which of its visits."""
        return f"{visit.order.number}-{visit.sequence}"


class SettleSerializer(serializers.Serializer):
    """How the charges were paid."""

    payment = serializers.ChoiceField(choices=Visit.Payment.choices)
    note = serializers.CharField(required=False, allow_blank=True, max_length=120)
    at = serializers.DateTimeField(required=False)


NUMBER = OpenApiParameter("number", OpenApiTypes.STR, OpenApiParameter.PATH, description="As PG20261119-0003-1.")


@extend_schema_view(
    list=extend_schema(summary="List visits"),
    retrieve=extend_schema(summary="Read a visit", parameters=[NUMBER]),
)
class VisitViewSet(VerbMixin, IdempotentMixin, viewsets.ReadOnlyModelViewSet):
    """Visits (DSP-13), and settling what they cost the customer."""

    queryset = Visit.objects.none()
    serializer_class = VisitSerializer
    filterset_class = VisitFilter
    lookup_url_kwarg = "number"

    def get_queryset(self) -> QuerySet[Visit]:
        """What the person may see."""
        rows = Visit.objects.visible_to(self.request.user).select_related("order__ticket", "order__engineer__user")
        return rows.defer("order__ticket__search").prefetch_related("parts", "photos", "reports")

    def get_object(self) -> Visit:
        """The visit by order number and sequence."""
        found = re.fullmatch(r"(.+)-(\d{1,4})", self.kwargs["number"])
        rows = self.get_queryset()
        visit = rows.filter(order__number=found[1], sequence=int(found[2])).first() if found else None
        if visit is None:
            raise Http404(_("Not found."))
        return visit

    @extend_schema(
        summary="Settle the charges of a visit",
        request=SettleSerializer,
        responses=VisitSerializer,
        parameters=[NUMBER],
    )
    @action(detail=True, methods=["post"], filter_backends=[], pagination_class=None)
    def settle(self, request: Request, number: str) -> Response:
        """Finance books what was paid, or waives it with the reason."""
        visit = self.get_object()
        self.demand_that(permissions.can_settle)
        given = self.given(SettleSerializer, request)
        actions.settle_charges(visit, given.pop("payment"), by=request.user, **given)
        return Response(VisitSerializer(self.get_object(), context=self.get_serializer_context()).data)
