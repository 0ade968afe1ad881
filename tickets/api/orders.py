"""Dispatch orders of the API: lists, every step of the engineer, papers."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import mixins, renderers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core import pdf, uploads
from core.rest import IdempotentMixin
from tickets import documents, permissions
from tickets.actions import orders as actions
from tickets.api.filters import OrderFilter
from tickets.api.order_shapes import (
    ArriveSerializer,
    CallCustomerSerializer,
    LeaveSerializer,
    OrderRowSerializer,
    OrderSerializer,
    OrderSignSerializer,
    ReassignSerializer,
    ReportCorrectionSerializer,
    VisitReportSerializer,
    order_rows,
)
from tickets.api.shapes import PhotoUploadSerializer, StepSerializer, StepWithReasonSerializer
from tickets.api.verbs import VerbMixin
from tickets.models import DispatchOrder, ServiceReport
from tickets.states import ORDER


class PdfRenderer(renderers.BaseRenderer):
    """Lets a client ask for application/pdf."""

    media_type = "application/pdf"
    format = "pdf"

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> Any:
        """Refusals on the way to a paper are told in JSON."""
        return renderers.JSONRenderer().render(data, accepted_media_type, renderer_context)


LANGUAGE = [OpenApiParameter("lang", str, enum=["zh", "en"]), OpenApiParameter("version", int)]


def step(path: str, shape: Any, summary: str, code: int = 200) -> Any:
    """A POST sub-route that answers with the order."""

    def decorate(function: Any) -> Any:
        described = extend_schema(summary=summary, request=shape, responses={code: OrderSerializer})(function)
        return action(detail=True, methods=["post"], url_path=path, filter_backends=[], pagination_class=None)(
            described
        )

    return decorate


@extend_schema_view(
    list=extend_schema(summary="List dispatch orders", responses=OrderRowSerializer(many=True)),
    retrieve=extend_schema(summary="Read a dispatch order"),
)
class OrderViewSet(
    VerbMixin, IdempotentMixin, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet
):
    """Dispatch orders (DSP-01 to DSP-14); each step takes `at`, when it happened."""

    queryset = DispatchOrder.objects.none()
    serializer_class = OrderSerializer
    filterset_class = OrderFilter
    lookup_field = "number"
    keyset_ordering = ("-issued_at", "-id")

    def get_queryset(self) -> QuerySet[DispatchOrder]:
        """What the person may see."""
        mine = DispatchOrder.objects.visible_to(self.request.user)
        return order_rows().filter(pk__in=mine.values("pk")) if mine.query.where else order_rows()

    def get_serializer_class(self) -> Any:
        """Lists are shorter."""
        return OrderRowSerializer if self.action == "list" else OrderSerializer

    def _answer(self, order: DispatchOrder, code: int = status.HTTP_200_OK) -> Response:
        fresh = order_rows().get(pk=order.pk)
        return Response(OrderSerializer(fresh, context=self.get_serializer_context()).data, code)

    def _do(self, code: str, act: Callable[..., Any], shape: Any) -> Response:
        """A verb of the state table with the body of `shape`."""
        order = self.get_object()
        self.demand(ORDER, code)
        return self._answer(act(order, by=self.request.user, **self.given(shape, self.request)))

    @step("accept", StepSerializer, "Accept an order")
    def accept(self, request: Request, number: str) -> Response:
        """The engineer takes the order."""
        return self._do("accept", actions.accept, StepSerializer)

    @step("refuse", StepWithReasonSerializer, "Refuse an order")
    def refuse(self, request: Request, number: str) -> Response:
        """The engineer cannot take it and says why."""
        order = self.get_object()
        self.demand(ORDER, "refuse")
        given = self.given(StepWithReasonSerializer, request)
        given.pop("version", None)
        return self._answer(actions.refuse(order, by=request.user, **given))

    @step("contact", CallCustomerSerializer, "Record the call to the customer")
    def contact(self, request: Request, number: str) -> Response:
        """The engineer called the customer."""
        return self._do("contact", actions.contact, CallCustomerSerializer)

    @step("depart", StepSerializer, "Set off")
    def depart(self, request: Request, number: str) -> Response:
        """A visit begins."""
        return self._do("depart", actions.depart, StepSerializer)

    @step("arrive", ArriveSerializer, "Arrive")
    def arrive(self, request: Request, number: str) -> Response:
        """The engineer is on site."""
        return self._do("arrive", actions.arrive, ArriveSerializer)

    @step("ask-leave", StepWithReasonSerializer, "Ask for leave to go with the fault unsolved")
    def ask_leave(self, request: Request, number: str) -> Response:
        """Asks the region's supervisor (DSP-06)."""
        order = self.get_object()
        self.demand(ORDER, "leave")
        given = self.given(StepWithReasonSerializer, request)
        given.pop("version", None)
        actions.ask_to_leave(order, by=request.user, **given)
        return self._answer(order)

    @step("leave", LeaveSerializer, "Leave")
    def leave(self, request: Request, number: str) -> Response:
        """The engineer leaves the customer's."""
        return self._do("leave", actions.leave, LeaveSerializer)

    @step("report", VisitReportSerializer, "Report the visit")
    def report(self, request: Request, number: str) -> Response:
        """Diagnosis, work, parts, signature (DSP-07)."""
        return self._do("report", actions.report, VisitReportSerializer)

    @step("correct-report", ReportCorrectionSerializer, "Correct a report")
    def correct_report(self, request: Request, number: str) -> Response:
        """A new version; the signed one stays (DSP-14)."""
        order = self.get_object()
        self.demand_that(lambda user: permissions.can_correct(user, order))
        given = self.given(ReportCorrectionSerializer, request)
        actions.correct_report(order, by=request.user, **given)
        return self._answer(order)

    @step("reassign", ReassignSerializer, "Reassign an order")
    def reassign(self, request: Request, number: str) -> Response:
        """Another engineer takes over; the answer is the new order (DSP-12)."""
        return self._do("reassign", actions.reassign, ReassignSerializer)

    @step("cancel", StepWithReasonSerializer, "Cancel an order")
    def cancel(self, request: Request, number: str) -> Response:
        """The ticket goes back to the desk (DSP-12)."""
        return self._do("cancel", actions.cancel_order, StepWithReasonSerializer)

    @step("sign", OrderSignSerializer, "Give or decline a signature")
    def sign(self, request: Request, number: str) -> Response:
        """Service head, marketing, or leave to go unfinished (DSP-01, DSP-06)."""
        order = self.get_object()
        self.demand_that(permissions.can_sign)
        given = self.given(OrderSignSerializer, request)
        actions.sign(order, given.pop("step"), by=request.user, **given)
        return self._answer(order)

    @step("photos", PhotoUploadSerializer, "Add a photo", 201)
    def photos(self, request: Request, number: str) -> Response:
        """A photo taken on the order, as multipart form (DSP-07)."""
        order = self.get_object()
        self.demand_that(permissions.can_add_to_order)
        given = self.given(PhotoUploadSerializer, request)
        file = uploads.store(given.pop("file"), by=request.user, taken_at=given.pop("taken_at", None))
        actions.add_photo(order, file, by=request.user, **given)
        return self._answer(order, status.HTTP_201_CREATED)

    @extend_schema(
        summary="Print the service report",
        parameters=[*LANGUAGE, OpenApiParameter("visit", int)],
        responses={(200, "application/pdf"): OpenApiTypes.BINARY},
        filters=False,
    )
    def report_pdf(self, request: Request, number: str) -> Any:
        """The signed service report; `visit` and `version` choose an older one (DSP-14)."""
        rows = ServiceReport.objects.filter(visit__order=self.get_object()).select_related("visit__order", "by")
        for name, field in (("visit", "visit__sequence"), ("version", "version")):
            asked = request.query_params.get(name, "")
            if asked:
                rows = rows.filter(**{field: asked}) if asked.isdigit() else rows.none()
        report = rows.order_by("-visit__sequence", "-version").first()
        if report is None:
            raise Http404(_("There is no report yet."))
        return pdf.answer(documents.report_paper(report, pdf.language_of(request.query_params.get("lang"))))

    @extend_schema(
        summary="Print the dispatch order",
        parameters=LANGUAGE[:1],
        responses={(200, "application/pdf"): OpenApiTypes.BINARY},
        filters=False,
    )
    def order_pdf(self, request: Request, number: str) -> Any:
        """The dispatch order as paper (DSP-01)."""
        language = pdf.language_of(request.query_params.get("lang"))
        paper = documents.order_paper(self.get_object(), language, by=request.user, at=timezone.now())
        return pdf.answer(paper)


PAPERS: dict[str, Any] = {"renderer_classes": [PdfRenderer, renderers.JSONRenderer], "filter_backends": []}
report_pdf = OrderViewSet.as_view({"get": "report_pdf"}, **PAPERS)
order_pdf = OrderViewSet.as_view({"get": "order_pdf"}, **PAPERS)
