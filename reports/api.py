"""API of the reports: ask for one, read its figures, fetch its papers."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from core.errors import Forbidden, NotAllowed
from core.rest import IdempotentMixin
from reports import actions, views
from reports.models import FrozenFigure, Report
from reports.months import Month
from reports.permissions import can_ask


class FigureSerializer(serializers.ModelSerializer[FrozenFigure]):
    """A frozen figure; `value` is `part` ÷ `whole` for shares."""

    class Meta:
        model = FrozenFigure
        fields = ("code", "value", "part", "whole", "previous", "year_before", "series")


class ReportSerializer(serializers.ModelSerializer[Report]):
    """A report in a list."""

    month = serializers.SerializerMethodField()
    asked_by = serializers.SlugRelatedField("username", read_only=True)  # type: ignore[var-annotated]

    class Meta:
        model = Report
        fields: tuple[str, ...] = (
            "number",
            "kind",
            "month",
            "issue",
            "state",
            "is_preliminary",
            "why",
            "asked_by",
            "asked_at",
            "frozen_at",
            "issued_at",
            "figures_sha256",
        )

    @extend_schema_field(OpenApiTypes.STR)
    def get_month(self, report: Report) -> str:
        """The month as 2026-10."""
        return str(Month.of(report.month))


class ReportDetailSerializer(ReportSerializer):
    """A report with its figures and tables."""

    figures = FigureSerializer(many=True, read_only=True)
    tables = serializers.SerializerMethodField()

    class Meta(ReportSerializer.Meta):
        fields = (*ReportSerializer.Meta.fields, "figures", "tables")

    @extend_schema_field(OpenApiTypes.OBJECT)
    def get_tables(self, report: Report) -> dict[str, Any]:
        """Frozen rows by table."""
        return {table.code: table.rows for table in report.tables.all()}


class AskSerializer(serializers.Serializer[Any]):
    """Which report is wanted."""

    kind = serializers.ChoiceField(choices=Report.Kind.choices, default=Report.Kind.MONTHLY)
    month = serializers.CharField(help_text="As 2026-10.")
    why = serializers.CharField(required=False, allow_blank=True, max_length=300)

    def validate_month(self, text: str) -> Month:
        """The month, or an error at the field."""
        try:
            return Month.parse(text)
        except ValueError as error:
            raise serializers.ValidationError(_("Write the month as 2026-10.")) from error


class AnyRenderer(BaseRenderer):
    """Lets a client ask for a paper with any Accept header."""

    media_type = "*/*"
    format = "any"
    charset = None
    render_style = "binary"

    def render(self, data: Any, accepted_media_type: Any = None, renderer_context: Any = None) -> bytes:
        """Errors of the paper endpoints, as JSON."""
        return JSONRenderer().render(data)


LANG = OpenApiParameter("lang", str, description="zh-hans or en; your own language without it.")
PAPER = {(200, "application/pdf"): OpenApiTypes.BINARY, 409: OpenApiResponse(description="Being made.")}
SHEET = {(200, views.documents.XLSX): OpenApiTypes.BINARY, 409: OpenApiResponse(description="Being made.")}


class ReportViewSet(IdempotentMixin, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Report]):
    """Monthly reports."""

    queryset = Report.objects.none()
    serializer_class = ReportSerializer
    lookup_field = "number"
    lookup_value_converter = "str"
    keyset_ordering = ("-month", "-issue", "-id")

    def get_queryset(self) -> Any:
        """Reports the person may read."""
        rows = Report.objects.visible_to(self.request.user).select_related("asked_by")
        return rows.prefetch_related("figures", "tables") if self.action == "retrieve" else rows

    def get_serializer_class(self) -> Any:
        """The long form for one report."""
        return ReportDetailSerializer if self.action == "retrieve" else ReportSerializer

    @extend_schema(request=AskSerializer, responses={201: ReportSerializer, 200: ReportSerializer})
    def create(self, request: Request) -> Response:
        """Ask for the report of a month: 201 when it is new, 200 when it exists; `why` issues it anew."""
        if not can_ask(request.user):
            raise Forbidden(_("Monthly reports are for managers."))
        wanted = AskSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        values = wanted.validated_data
        report, new = actions.ask_report(month=values["month"], by=request.user, why=values.get("why", ""))
        return Response(ReportSerializer(report).data, status.HTTP_201_CREATED if new else status.HTTP_200_OK)

    @extend_schema(parameters=[LANG], responses=PAPER)
    @action(detail=True, renderer_classes=[AnyRenderer])
    def pdf(self, request: Request, number: str) -> Any:
        """The issued PDF."""
        return self._paper("pdf")

    @extend_schema(parameters=[LANG], responses=SHEET)
    @action(detail=True, renderer_classes=[AnyRenderer])
    def xlsx(self, request: Request, number: str) -> Any:
        """The workbook with the same figures."""
        return self._paper("xlsx")

    def _paper(self, form: str) -> Any:
        found = self.get_object()
        language = self.request.query_params.get("lang") or self.request.user.language  # type: ignore[union-attr]
        stored = views.stored_paper(found, form, language)
        if stored is None:
            raise NotAllowed(_("The papers are being made; look again in a moment."), allowed=[])
        return views.paper_answer(stored)


routes = [("reports", ReportViewSet, "report")]
