"""Visits of the API: read only, written by the steps of their orders."""

import re
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers, viewsets

from tickets.api import fields
from tickets.api.filters import VisitFilter
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
            "parts",
            "photos",
            "reports",
        ]

    def get_number(self, visit: Any) -> str:
        """Order number and which of its visits."""
        return f"{visit.order.number}-{visit.sequence}"


NUMBER = OpenApiParameter("number", OpenApiTypes.STR, OpenApiParameter.PATH, description="As PG20261119-0003-1.")


@extend_schema_view(
    list=extend_schema(summary="List visits"),
    retrieve=extend_schema(summary="Read a visit", parameters=[NUMBER]),
)
class VisitViewSet(viewsets.ReadOnlyModelViewSet):
    """Visits (DSP-13)."""

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
