"""Tickets of the API: lists, opening, and a POST for every verb."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import mixins, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core import uploads
from core.rest import IdempotentMixin
from sla.api import DeadlineSerializer, timers_payload
from tickets import candidates, duplicates, next_actions, permissions
from tickets.actions import orders as order_actions
from tickets.actions import tickets as actions
from tickets.api import shapes
from tickets.api.filters import TicketFilter
from tickets.api.order_shapes import OrderSerializer, order_rows
from tickets.api.verbs import VerbMixin
from tickets.models import Ticket
from tickets.states import TICKET

PARTS = (
    "customer",
    "equipment__model__product_line",
    "fault_type",
    "region",
    "owner",
    "taken_by",
    "repeat_of",
    "merged_into",
)
LISTED_PARTS = ("customer", "equipment__model", "fault_type", "region", "owner", "repeat_of")
ANSWER = shapes.TicketSerializer


def verb(path: str, shape: Any, summary: str, answers: Any = ANSWER, code: int = 200) -> Any:
    """A POST sub-route with its body and answer in the schema."""

    def decorate(function: Any) -> Any:
        described = extend_schema(summary=summary, request=shape, responses={code: answers})(function)
        return action(detail=True, methods=["post"], url_path=path, filter_backends=[], pagination_class=None)(
            described
        )

    return decorate


def look(path: str, answers: Any, summary: str, parameters: Any = None) -> Any:
    """A GET sub-route that answers with a plain list."""

    def decorate(function: Any) -> Any:
        described = extend_schema(summary=summary, responses=answers(many=True), parameters=parameters)(function)
        return action(detail=True, url_path=path, filter_backends=[], pagination_class=None)(described)

    return decorate


@extend_schema_view(
    list=extend_schema(summary="List tickets", responses=shapes.TicketRowSerializer(many=True)),
    retrieve=extend_schema(summary="Read a ticket"),
)
class TicketViewSet(
    VerbMixin, IdempotentMixin, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet
):
    """Fault tickets (TKT-03 to TKT-08)."""

    queryset = Ticket.objects.none()
    serializer_class = shapes.TicketSerializer
    filterset_class = TicketFilter
    lookup_field = "number"
    keyset_ordering = ("-reported_at", "-id")

    def get_queryset(self) -> QuerySet[Ticket]:
        """What the person may see."""
        rows = Ticket.objects.visible_to(self.request.user)
        if self.action == "list":
            return rows.select_related(*LISTED_PARTS).only(*shapes.LISTED_COLUMNS)
        return rows.defer("search").select_related(*PARTS, "equipment__contract", "province")

    def get_serializer_class(self) -> Any:
        """Lists are shorter."""
        return shapes.TicketRowSerializer if self.action == "list" else shapes.TicketSerializer

    def _answer(self, ticket: Ticket, code: int = status.HTTP_200_OK) -> Response:
        rows = Ticket.objects.defer("search").select_related(*PARTS, "equipment__contract", "province")
        fresh = rows.prefetch_related("orders__engineer__user", "tried_steps", "photos").get(pk=ticket.pk)
        return Response(shapes.TicketSerializer(fresh, context=self.get_serializer_context()).data, code)

    def _do(self, may: str | Callable[[Any], bool], act: Callable[..., Any], shape: Any) -> Response:
        """A verb of the state table (by its code) or under a permission, with the body of `shape`."""
        ticket = self.get_object()
        if isinstance(may, str):
            self.demand(TICKET, may)
        else:
            self.demand_that(may)
        return self._answer(act(ticket, by=self.request.user, **self.given(shape, self.request)))

    @extend_schema(
        summary="Open a ticket",
        request=shapes.NewTicketSerializer,
        responses={201: shapes.TicketSerializer},
    )
    def create(self, request: Request) -> Response:
        """Open a ticket: verdict and promises are in the answer."""
        self.demand_that(permissions.can_open_ticket)
        given = self.given(shapes.NewTicketSerializer, request)
        ticket = actions.open_ticket(by=request.user, at=given.pop("reported_at", None), **given)
        vars(ticket)["_prefetched_objects_cache"] = {"orders": [], "tried_steps": [], "photos": []}  # none yet
        context = {**self.get_serializer_context(), "just_opened": True}
        return Response(shapes.TicketSerializer(ticket, context=context).data, status.HTTP_201_CREATED)

    @verb("grade", shapes.TicketGradeSerializer, "Grade a ticket")
    def grade(self, request: Request, number: str) -> Response:
        """Set or change the grade (TKT-04)."""
        return self._do("grade", actions.grade_ticket, shapes.TicketGradeSerializer)

    @verb("solve-by-phone", shapes.SolvedByPhoneSerializer, "Solve a ticket by phone")
    def solve_by_phone(self, request: Request, number: str) -> Response:
        """Solved by phone; a call-back follows (TKT-05)."""
        return self._do("solve_by_phone", actions.solve_by_phone, shapes.SolvedByPhoneSerializer)

    @verb("dispatch", shapes.DispatchSerializer, "Dispatch an engineer", OrderSerializer, 201)
    def send(self, request: Request, number: str) -> Response:
        """Issue a dispatch order (DSP-01)."""
        ticket = self.get_object()
        self.demand(TICKET, "dispatch")
        given = self.given(shapes.DispatchSerializer, request)
        order = order_actions.dispatch(ticket, by=request.user, **given)
        fresh = order_rows().get(pk=order.pk)
        shape = OrderSerializer(fresh, context=self.get_serializer_context())
        return Response(shape.data, status.HTTP_201_CREATED)

    @verb("close", shapes.TicketStepSerializer, "Close a ticket")
    def close(self, request: Request, number: str) -> Response:
        """Close a ticket that the customer confirmed (TKT-06)."""
        return self._do("close", actions.close_ticket, shapes.TicketStepSerializer)

    @verb("confirm", shapes.TicketConfirmSerializer, "Record that the customer confirmed")
    def confirm(self, request: Request, number: str) -> Response:
        """The customer said that it works (TKT-06)."""
        return self._do(permissions.can_confirm, actions.confirm, shapes.TicketConfirmSerializer)

    @verb("reopen", shapes.StepWithReasonSerializer, "Reopen a ticket")
    def reopen(self, request: Request, number: str) -> Response:
        """Work goes on under the same number (TKT-08)."""
        return self._do("reopen", actions.reopen_ticket, shapes.StepWithReasonSerializer)

    @verb("cancel", shapes.StepWithReasonSerializer, "Cancel a ticket")
    def cancel(self, request: Request, number: str) -> Response:
        """Give a ticket up with a reason."""
        return self._do("cancel", actions.cancel_ticket, shapes.StepWithReasonSerializer)

    @verb("merge", shapes.TicketMergeSerializer, "Merge a ticket into another")
    def merge(self, request: Request, number: str) -> Response:
        """Two reports of one fault become one (TKT-08)."""
        return self._do("merge", actions.merge_ticket, shapes.TicketMergeSerializer)

    @verb("wait", shapes.TicketWaitSerializer, "Stop the clock")
    def wait(self, request: Request, number: str) -> Response:
        """Wait for something with a reason (SLA-04)."""
        ticket = self.get_object()
        self.demand(TICKET, "wait")
        given = self.given(shapes.TicketWaitSerializer, request)
        return self._answer(actions.wait(ticket, given.pop("waiting_for"), by=request.user, **given))

    @verb("resume", shapes.TicketStepSerializer, "Go on after waiting")
    def resume(self, request: Request, number: str) -> Response:
        """The clock goes on (SLA-04)."""
        return self._do("resume", actions.resume, shapes.TicketStepSerializer)

    @verb("path", shapes.TicketPathSerializer, "Choose the path")
    def path(self, request: Request, number: str) -> Response:
        """By phone, remotely, on site, return to factory, exchange (TKT-06)."""
        return self._do("choose_path", actions.choose_path, shapes.TicketPathSerializer)

    @verb("agree-charges", shapes.AgreementSerializer, "Agree the charges")
    def agree_charges(self, request: Request, number: str) -> Response:
        """The customer agreed to pay (SLA-02)."""
        return self._do(permissions.can_agree_charges, actions.agree_charges, shapes.AgreementSerializer)

    @verb("steps", shapes.TryStepSerializer, "Record a tried step", code=201)
    def steps(self, request: Request, number: str) -> Response:
        """A step that was tried by phone (TKT-05)."""
        ticket = self.get_object()
        self.demand_that(permissions.can_add_to_ticket)
        actions.try_step(ticket, by=request.user, **self.given(shapes.TryStepSerializer, request))
        return self._answer(ticket, status.HTTP_201_CREATED)

    @verb("notes", shapes.TicketNoteSerializer, "Add a note", code=201)
    def notes(self, request: Request, number: str) -> Response:
        """Words for the story."""
        ticket = self.get_object()
        self.demand_that(permissions.can_add_to_ticket)
        actions.add_note(ticket, by=request.user, **self.given(shapes.TicketNoteSerializer, request))
        return self._answer(ticket, status.HTTP_201_CREATED)

    @verb("photos", shapes.PhotoUploadSerializer, "Add a photo", code=201)
    def photos(self, request: Request, number: str) -> Response:
        """A picture that came with the report, as multipart form."""
        ticket = self.get_object()
        self.demand_that(permissions.can_add_to_ticket)
        given = self.given(shapes.PhotoUploadSerializer, request)
        file = uploads.store(given.pop("file"), by=request.user, taken_at=given.pop("taken_at", None))
        actions.add_photo(ticket, file, by=request.user, **given)
        return self._answer(ticket, status.HTTP_201_CREATED)

    @look(
        "candidates",
        shapes.CandidateSerializer,
        "Rank the engineers for a ticket",
        [OpenApiParameter("appointment_from", str, description="ISO time"), OpenApiParameter("appointment_to", str)],
    )
    def candidates(self, request: Request, number: str) -> Response:
        """Who could go, best first, with reasons (DSP-02)."""
        ticket = self.get_object()
        self.demand_that(permissions.can_see_candidates)
        when = self.asked(shapes.PlanSerializer, request)
        found = candidates.for_ticket(ticket, start=when.get("appointment_from"), end=when.get("appointment_to"))
        return Response(shapes.CandidateSerializer(found, many=True).data)

    @look("timers", DeadlineSerializer, "Read the promises of a ticket")
    def timers(self, request: Request, number: str) -> Response:
        """Every promise of the ticket and its orders with its account (SLA-06)."""
        ticket = self.get_object()
        return Response(timers_payload([ticket, *ticket.orders.order_by("id")]))

    @look("next-actions", shapes.NextActionSerializer, "Ask what to do next")
    def next_actions(self, request: Request, number: str) -> Response:
        """The next sensible actions (TKT-12)."""
        found = next_actions.for_ticket(self.get_object(), request.user)
        return Response(shapes.NextActionSerializer(found, many=True).data)

    @look("duplicates", shapes.DuplicateSerializer, "Find reports of the same fault")
    def duplicates(self, request: Request, number: str) -> Response:
        """Other open tickets that may be the same report (TKT-03)."""
        ticket = self.get_object()
        found = duplicates.possible(ticket.customer, ticket.equipment, ticket.symptom)
        others = [one for one in found if one.ticket.pk != ticket.pk]
        return Response(shapes.DuplicateSerializer(others, many=True).data)
